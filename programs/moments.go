package programs

import (
	_ "embed"

	"github.com/alita-network/alita/terms"
)

//go:embed wasm/moments.wasm
var momentsCode []byte

// Moments is the program that counts the cells of every column and adds up their values and squares.
func Moments() Program {
	return Program{
		Name:        "moments",
		Description: "Count, sum and sum of squares of every column; from them mean, variance and standard deviation, exactly.",
		Code:        momentsCode,
		Hash:        "8b993b71f8d6650e6bd18dc8580f01093059c76934f39862580c7bdce06954a6",
		Kind:        terms.VectorSum,
		Bits:        63,
		Shape:       ShapeRule{MinColumns: 1, MaxColumns: 2048, LengthPerColumn: 3},
		Cost: terms.CostModel{
			Base:     terms.Cost{Constant: 1312},
			PerBatch: terms.Cost{Constant: 269, PerColumn: 6437},
			PerRow:   terms.Cost{PerColumn: 43},
		},
	}
}
