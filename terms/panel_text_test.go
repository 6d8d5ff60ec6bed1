package terms_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
)

func TestPanelText(t *testing.T) {
	name := func(id string) string { return "the program " + id }
	fixed := terms.PanelTerms{
		Class: terms.PanelFixed, Threshold: 3, MinPricePerMop: math.NewInt(7), Purposes: []string{"health", "research"}, OwnerUnit: true,
		Questions: []terms.PanelQuestion{{ProgramID: "a", Columns: []string{"x", "y"}, Length: 6, Input: []byte{1, 255}}},
	}
	require.Equal(t, `hides    each of 5 owners among 3: no combination of exact answers to a question is about fewer
         holds if at most 1 of them work together with the reader; it hides no single row
answers  the program a of x, y, 6 slots, input 01ff
for      health, research
price    at least 7 ualita for 1000000 operations
noise    sums with noise run over the whole panel only, too
`, fixed.Text(5, name))
	named := terms.PanelTerms{Class: terms.PanelNamed, Threshold: 4, MinPricePerMop: math.ZeroInt(), Programs: []string{"b"}}
	require.Equal(t, `hides    each of 5 owners among 4: no combination of exact answers to a question is about fewer
         holds if at most 2 of them work together with the reader; it hides no single row
answers  the program b with any columns and input: what a value singles out, the sum tells
`, named.Text(5, name))
}
