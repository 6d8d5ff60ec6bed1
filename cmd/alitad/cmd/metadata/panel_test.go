package metadata_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/cmd/alitad/cmd/metadata"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/metadata/types"
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

// What is shown before a signature says what is answered, to whom, and what is not hidden.
func TestDescribePanel(t *testing.T) {
	fixed := types.PanelTerms{
		Class: types.PANEL_CLASS_FIXED, Threshold: 5, Purposes: []string{"research"}, MinPricePerMop: math.NewInt(7),
		Questions: []types.PanelQuestion{{ProgramId: programs.Moments().Hash, Columns: []string{"age", "dose"}, Length: 6, Input: []byte{1, 0}}},
	}
	require.Equal(t, `hides    each of 10 owners among 5: no combination of exact answers to a question is about fewer
         holds if at most 3 of them work together with the reader; it hides no single row
answers  moments of age, dose, 6 slots, input 0100
for      research
price    at least 7 ualita for 1000000 operations
`, metadata.DescribePanel(fixed, 10))
	named := types.PanelTerms{Class: types.PANEL_CLASS_NAMED, Threshold: 3, OwnerUnit: true, Programs: []string{"ab"}}
	require.Equal(t, `hides    each of 5 owners among 3: no combination of exact answers to a question is about fewer
         holds if at most 1 of them work together with the reader; it hides no single row
answers  ab with any columns and input: what a value singles out, the sum tells
noise    sums with noise run over the whole panel only, too
`, metadata.DescribePanel(named, 5))
}
