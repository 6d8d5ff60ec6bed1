package types_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/terms/text/texttest"
	"github.com/alita-network/alita/x/compute/types"
)

func program(name, description string) types.Program {
	return types.Program{
		Name: name, Description: description, Kind: types.VECTOR_KIND_SUM, Bits: 8,
		Shape: types.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 1}, Cost: types.CostModel{Base: types.Cost{Constant: 1}},
	}
}

func validateProgram(name, description string) error {
	p := program(name, description)
	return p.Validate(types.DefaultParams())
}

// TestNewerCharacters: a node that was built with a newer Go, which knows more characters, refuses them like all other nodes.
func TestNewerCharacters(t *testing.T) {
	for _, r := range texttest.Newer() {
		require.Error(t, validateProgram("Sum "+string(r), ""), "%U", r)
		require.Error(t, validateProgram("Sum", "Sum "+string(r)), "%U", r)
		a := types.Attestation{JobId: strings.Repeat("0", 32), RecordId: strings.Repeat("0", 32), Version: "1.0.0"}
		a.RowRoot, a.ResultCommitment = make([]byte, 32), make([]byte, 32)
		require.NoError(t, a.Validate())
		a.Version += string(r)
		require.Error(t, a.Validate(), "%U", r)
	}
}

func TestTexts(t *testing.T) {
	require.NoError(t, validateProgram("Körpermasse (g)", "First line.\n\tSecond line."))
	require.NoError(t, validateProgram("Sum", ""))
	for name, c := range map[string]struct{ name, description, err string }{
		"no name":              {"", "", "name: expected 1 to 64 characters, got 0"},
		"long name":            {strings.Repeat("é", 65), "", "name: expected 1 to 64 characters, got 65"},
		"newer than the rules": {"Sum \u1c89", "", "name: expected printed characters, got U+1C89 at byte 4 (not assigned in Unicode 15.0.0)"},
		"markup":               {"<b>Sum", "", "name: expected a name without < and >, got U+003C at byte 0"},
		"long description":     {"Sum", strings.Repeat("é", 2049), "description: expected at most 4096 bytes, got 4098"},
		"hidden description":   {"Sum", "a\u200bb", "description: expected printed characters, got U+200B at byte 1 (an invisible character)"},
	} {
		t.Run(name, func(t *testing.T) {
			err := validateProgram(c.name, c.description)
			require.ErrorIs(t, err, types.ErrInvalidProgram)
			require.ErrorContains(t, err, c.err)
		})
	}
}
