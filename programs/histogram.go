package programs

import (
	_ "embed"

	"github.com/alita-network/alita/terms"
)

//go:embed wasm/histogram.wasm
var histogramCode []byte

const (
	// MaxBins is the largest number of bins; a histogram has three slots more.
	MaxBins = 65536 - 3
	// MaxEdge bounds the lower edge and the width of a bin, in fixed-point units: both are below it.
	MaxEdge = 1 << 62
)

// Histogram is the program that counts the values of one column by bins of equal width.
func Histogram() Program {
	return Program{
		Name:        "histogram",
		Description: "How many values of one column fall into each of a number of bins of equal width.",
		Code:        histogramCode,
		Hash:        "d8b70d271bdc38b0f6dc80b0483718e022d80fcdc6070724682c2648c306ab80",
		Kind:        terms.VectorHistogram,
		Bits:        63,
		Shape:       ShapeRule{MinColumns: 1, MaxColumns: 1, MinLength: 4, MaxLength: 65536},
		Binned:      true,
		Cost: terms.CostModel{
			Base:     terms.Cost{Constant: 17730},
			PerBatch: terms.Cost{Constant: 6673},
			PerRow:   terms.Cost{Constant: 53},
		},
	}
}
