package analysis

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
)

// ErrNoPlot means that there is no plot of a program's result.
var ErrNoPlot = errors.New("no plot")

// Fact is a number that describes a result as a whole.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Result is the answer of a session, for people and as JSON.
type Result struct {
	Program string   `json:"program"`
	Columns []string `json:"columns"`
	// Converged reports whether more rounds would not change the answer.
	Converged bool `json:"converged"`
	// Contributions is the number of owners' vectors in the sum of the last round. The table is computed from that sum alone.
	Contributions int     `json:"contributions"`
	Rounds        []Round `json:"rounds"`
	Facts         []Fact  `json:"facts,omitempty"`
	Table         Table   `json:"table"`

	plot func() []byte
}

func (r *Result) fact(name, value string) { r.Facts = append(r.Facts, Fact{name, value}) }

// SVG draws the result; ErrNoPlot if there is nothing to draw.
func (r Result) SVG() ([]byte, error) {
	if r.plot == nil {
		return nil, fmt.Errorf("%w: of the program %s", ErrNoPlot, r.Program)
	}
	return r.plot(), nil
}

// WriteText writes the table, the facts and the rounds.
func (r Result) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(cells []string) { _, _ = fmt.Fprintln(t, strings.TrimRight(strings.Join(cells, "\t"), "\t")) }
	line(r.Table.Header)
	for _, row := range r.Table.Rows {
		line(row)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	t = tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(r.Facts) > 0 {
		_, _ = fmt.Fprintln(t)
	}
	for _, f := range r.Facts {
		line([]string{f.Name, f.Value})
	}
	if len(r.Rounds) > 1 || !r.Converged {
		_, _ = fmt.Fprintln(t)
		for i, round := range r.Rounds {
			line([]string{fmt.Sprintf("round %d", i+1), round.Text()})
		}
		if !r.Converged {
			line([]string{"not converged"})
		}
	}
	return t.Flush()
}

// Text writes a round in one line.
func (r Round) Text() string {
	parts := []string{fmt.Sprintf("%d contributions", r.Contributions)}
	if r.LossName != "" {
		parts = append(parts, r.LossName+" "+formatFloat(r.Loss))
	}
	if r.Note != "" {
		parts = append(parts, r.Note)
	}
	return strings.Join(parts, ", ")
}

// formatFloat writes a number to 12 significant digits. Numbers computed in floating point have no more exact ones.
func formatFloat(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', 12, 64)
}
