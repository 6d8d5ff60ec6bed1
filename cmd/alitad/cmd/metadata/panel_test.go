package metadata_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/cmd/alitad/cmd/metadata"
)

func TestProposePanelExample(t *testing.T) {
	cmd := metadata.NewProposePanelCmd()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetArgs([]string{"--example"})
	require.NoError(t, cmd.Execute())
	require.Equal(t, publisher.ExamplePanelFile, out.String())
	require.Contains(t, cmd.Long, publisher.ExamplePanelFile)

	cmd = metadata.NewProposePanelCmd()
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	cmd.SetArgs(nil)
	require.ErrorContains(t, cmd.Execute(), "expected a FILE")
	cmd = metadata.NewSignPanelCmd()
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	cmd.SetArgs([]string{"panel", "00112233445566778899aabbccddeeff"})
	require.ErrorContains(t, cmd.Execute(), "expected an id of 64")
}
