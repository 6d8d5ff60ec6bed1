package terms

import (
	"fmt"
	"strings"
)

// Text says in plain words what a panel of so many members answers and what it hides, in lines that each begin with a word of eight letters and
// blanks. name is the name of a program with an id, or the id.
func (t PanelTerms) Text(members int, name func(id string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "hides    each of %d owners among %d: no combination of exact answers to a question is about fewer\n", members, t.Threshold)
	fmt.Fprintf(&b, "         holds if at most %d of them work together with the reader; it hides no single row\n", max(t.Threshold, 2)-2)
	for _, q := range t.Questions {
		fmt.Fprintf(&b, "answers  %s of %s, %d slots, input %x\n", name(q.ProgramID), strings.Join(q.Columns, ", "), q.Length, q.Input)
	}
	for _, id := range t.Programs {
		fmt.Fprintf(&b, "answers  %s with any columns and input: what a value singles out, the sum tells\n", name(id))
	}
	if len(t.Purposes) > 0 {
		fmt.Fprintf(&b, "for      %s\n", strings.Join(t.Purposes, ", "))
	}
	if !t.MinPricePerMop.IsNil() && t.MinPricePerMop.IsPositive() {
		fmt.Fprintf(&b, "price    at least %s ualita for %d operations\n", t.MinPricePerMop, PPM)
	}
	if t.OwnerUnit {
		b.WriteString("noise    sums with noise run over the whole panel only, too\n")
	}
	return b.String()
}
