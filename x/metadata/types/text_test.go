package types_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/terms/text/texttest"
	"github.com/alita-network/alita/x/metadata/types"
)

// TestNewerCharacters: a node that was built with a Go that knows more characters refuses them as all others do.
func TestNewerCharacters(t *testing.T) {
	for _, r := range texttest.Newer() {
		for name, change := range map[string]func(*types.Dataset){
			"name":       func(d *types.Dataset) { d.Names[0].Text += string(r) },
			"citation":   func(d *types.Dataset) { d.Citation += string(r) },
			"column":     func(d *types.Dataset) { d.Columns[0].Name += string(r) },
			"file":       func(d *types.Dataset) { d.Files[0].Name += string(r) },
			"identifier": func(d *types.Dataset) { d.Identifiers[0] += string(r) },
			"license":    func(d *types.Dataset) { d.License = "https://example.org/" + string(r) },
		} {
			d := fullDataset()
			change(&d)
			require.Error(t, types.ValidateDataset(d), "%s %U", name, r)
		}
		require.Error(t, types.ValidateReason("reason"+string(r), true), "%U", r)
	}
}
