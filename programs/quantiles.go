package programs

import (
	_ "embed"

	"github.com/alita-network/alita/terms"
)

//go:embed wasm/quantiles.wasm
var quantilesCode []byte

const (
	// QuantileBins is the number of bins of a range.
	QuantileBins = 42
	// QuantileSlots is the number of slots of a range: its bins, and the values below and above them.
	QuantileSlots = QuantileBins + 2
	// MaxQuantiles is the largest number of ranges.
	MaxQuantiles = 64
	// MaxQuantileWidth bounds the width of a bin, in fixed-point units: it is below it.
	MaxQuantileWidth = 1 << 56
)

// Quantiles is the program that counts the values of one column in ranges that each round makes finer.
func Quantiles() Program {
	return Program{
		Name:        "quantiles",
		Description: "Quantiles of one column, found by counting in ever finer bins around each of them, round by round.",
		Code:        quantilesCode,
		Hash:        "a14dbc3231ef0efd4d9d767b8ad7b9ed55c5d66bbd457019cb8caf57828357f8",
		Kind:        terms.VectorHistogram,
		Bits:        63,
		Shape: ShapeRule{
			MinColumns: 1, MaxColumns: 1, MinLength: 1 + QuantileSlots, MaxLength: 1 + MaxQuantiles*QuantileSlots,
			Groups: GroupRule{Constant: 1, Size: QuantileSlots},
		},
		Cost: terms.CostModel{
			Base:     terms.Cost{Constant: 18244, PerSlot: 1},
			PerBatch: terms.Cost{Constant: 6676, PerSlot: 1},
			PerRow:   terms.Cost{Constant: 24, PerSlot: 1},
		},
	}
}
