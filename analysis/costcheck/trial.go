package costcheck

import (
	"fmt"
	"strings"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// Trial is a shape with an input that the program accepts, for measuring its cost model on made-up rows.
type Trial struct {
	Columns, Length int
	Input           []byte
}

// columns reads the columns of the trial's input.
func (t Trial) columns() ([]fixedpoint.Column, error) {
	columns, _, err := fixedpoint.ParseHeader(t.Input)
	if err == nil && len(columns) != t.Columns {
		err = fmt.Errorf("columns of the input: expected %d, got %d", t.Columns, len(columns))
	}
	return columns, err
}

// Trials returns jobs of several shapes, small and large. They determine the coefficients of the cost model if the program's shapes
// allow it.
func Trials(p programs.Program) ([]Trial, error) {
	var all []Trial
	for _, shape := range trialShapes(p) {
		input, err := trialInput(p, shape[0], shape[1])
		if err != nil {
			return nil, fmt.Errorf("%s of %d columns: %w", p.Name, shape[0], err)
		}
		length, used := p.Shape.Length(shape[0]), 0
		if p.Row {
			used = 1 // slot 0
		}
		switch {
		case length > 0:
		case name(p) == "contingency":
			length = (shape[1]+2)*(shape[1]+5) + used
		case p.Shape.Groups != (programs.GroupRule{}):
			length = p.Shape.Groups.Length(shape[0], shape[1])
		default:
			length = shape[1] + 3 + used
		}
		if err := p.Shape.Check(shape[0], length); err != nil {
			return nil, err
		}
		all = append(all, Trial{shape[0], length, input})
	}
	return all, nil
}

// name is the name of the program that a row program is the row form of, or the program's own.
func name(p programs.Program) string {
	if p.Row {
		return strings.TrimSuffix(p.Name, "_row")
	}
	return p.Name
}

// trialShapes are pairs: the number of columns, and the number of bins, ranges or clusters, which sets the length.
func trialShapes(p programs.Program) [][2]int {
	switch name(p) {
	case "moments", "linear":
		return [][2]int{{1, 0}, {2, 0}, {3, 0}, {7, 0}, {20, 0}}
	case "logistic":
		return [][2]int{{2, 0}, {3, 0}, {4, 0}, {6, 0}, {20, 0}}
	case "contingency":
		return [][2]int{{2, 1}, {2, 3}, {2, 5}, {2, 40}}
	case "kmeans":
		return [][2]int{{1, 1}, {1, 5}, {2, 1}, {4, 3}, {9, 20}}
	}
	return [][2]int{{1, 1}, {1, 2}, {1, 3}, {1, 20}}
}

// trialInput makes an input. Columns have 10 bits, a response of 0 or 1 has 1.
func trialInput(p programs.Program, k, n int) (input []byte, err error) {
	columns := make([]fixedpoint.Column, k)
	for i := range columns {
		columns[i].Bits = 10
	}
	if p.Name == "moments_row" || p.Name == "linear_row" {
		centres := make([]analysis.Centre, k)
		for i := range centres {
			centres[i] = analysis.Centre{Value: 512, Square: 1 << 17}
		}
		return analysis.EncodeCentred(columns, centres)
	}
	switch name(p) {
	case "moments":
		return analysis.EncodeMoments(columns)
	case "histogram", "choice":
		input, _, err = analysis.EncodeHistogram(columns[0], "100", "10", n)
	case "quantiles":
		ranges := make([]analysis.Interval, n)
		for i := range ranges {
			ranges[i] = analysis.Interval{Lower: uint64(40 * i), Width: 1}
		}
		input, _, err = analysis.EncodeQuantiles(columns[0], ranges)
	case "contingency":
		input, _, err = analysis.EncodeContingency([2]fixedpoint.Column(columns), [2]analysis.Axis{{Lower: 100, Width: 20, Bins: n}, {Width: 1, Bins: n + 3}})
	case "linear":
		input, _, err = analysis.EncodeLinear(columns, 30)
	case "logistic":
		columns[0].Bits = 1
		step := analysis.LogisticStep{FractionBits: 40, SlotBits: 61, Beta: make([]float64, k)}
		for i := range k - 1 {
			step.Predictors = append(step.Predictors, analysis.Predictor{Shift: uint64(i % 2), Scale: 1.0 / 1024})
			step.Beta[i] = float64(i) - 1
		}
		input, _, err = analysis.EncodeLogistic(columns, step)
	case "kmeans":
		c := analysis.Clustering{FractionBits: 20}
		for range k {
			c.Scales = append(c.Scales, 1.0/1024)
		}
		for i := range n {
			place := make([]float64, k)
			for j := range place {
				place[j] = float64(i+j) / float64(n+k)
			}
			c.Centroids = append(c.Centroids, place)
		}
		input, _, err = analysis.EncodeKMeans(columns, c)
	default:
		return nil, fmt.Errorf("%w: %q", programs.ErrUnknown, p.Name)
	}
	return input, err
}
