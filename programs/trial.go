package programs

import (
	"fmt"

	"github.com/alita-network/alita/rows/fixedpoint"
)

// Trial is a shape with an input that the program accepts, for measuring its cost model on made-up rows.
type Trial struct {
	Columns, Length int
	Input           []byte
}

// Trials returns jobs of several shapes, small and large, that tell the coefficients of the cost model apart where the program's
// shapes allow it.
func (p Program) Trials() ([]Trial, error) {
	var all []Trial
	for _, shape := range p.trialShapes() {
		input, err := p.trialInput(shape[0], shape[1])
		if err != nil {
			return nil, fmt.Errorf("%s of %d columns: %w", p.Name, shape[0], err)
		}
		length := p.Shape.Length(shape[0])
		switch {
		case length > 0:
		case p.Name == "contingency":
			length = (shape[1] + 2) * (shape[1] + 5)
		case p.Shape.Groups != (GroupRule{}):
			length = p.Shape.Groups.length(shape[0], shape[1])
		default:
			length = shape[1] + 3
		}
		if err := p.Shape.Check(shape[0], length); err != nil {
			return nil, err
		}
		all = append(all, Trial{shape[0], length, input})
	}
	return all, nil
}

// trialShapes are pairs of a number of columns and of what else sets the length: bins, ranges or clusters.
func (p Program) trialShapes() [][2]int {
	switch p.Name {
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
func (p Program) trialInput(k, n int) (input []byte, err error) {
	columns := make([]fixedpoint.Column, k)
	for i := range columns {
		columns[i].Bits = 10
	}
	switch p.Name {
	case "moments":
		return EncodeMoments(columns)
	case "histogram":
		input, _, err = EncodeHistogram(columns[0], "100", "10", n)
	case "quantiles":
		ranges := make([]Interval, n)
		for i := range ranges {
			ranges[i] = Interval{uint64(40 * i), 1}
		}
		input, _, err = EncodeQuantiles(columns[0], ranges)
	case "contingency":
		input, _, err = EncodeContingency([2]fixedpoint.Column(columns), [2]Axis{{100, 20, n}, {0, 1, n + 3}})
	case "linear":
		input, _, err = EncodeLinear(columns, 30)
	case "logistic":
		columns[0].Bits = 1
		step := LogisticStep{FractionBits: 40, SlotBits: 61, Beta: make([]float64, k)}
		for i := range k - 1 {
			step.Predictors = append(step.Predictors, Predictor{uint64(i % 2), 1.0 / 1024})
			step.Beta[i] = float64(i) - 1
		}
		input, _, err = EncodeLogistic(columns, step)
	case "kmeans":
		c := Clustering{FractionBits: 20}
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
		input, _, err = EncodeKMeans(columns, c)
	default:
		return nil, fmt.Errorf("%w: %q", ErrUnknown, p.Name)
	}
	return input, err
}
