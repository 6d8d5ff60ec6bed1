package programs

import (
	_ "embed"

	"github.com/alita-network/alita/terms"
)

//go:embed wasm/logistic.wasm
var logisticCode []byte

const (
	// MaxLogShift is the largest number that can be added to a value before its logarithm is taken, in fixed-point units.
	MaxLogShift = 1 << 40
	// MaxCoefficient bounds the absolute value of a coefficient and of a scale.
	MaxCoefficient = 1 << 40
)

// Logistic is the program of one Newton step of a logistic regression.
func Logistic() Program {
	return Program{
		Name:        "logistic",
		Description: "One Newton step of a logistic regression: gradient, information and log-likelihood. The first column is the response, 0 or 1.",
		Code:        logisticCode,
		Hash:        "96ead33a06989564564384ad8a8cd7ea0301fbefe2a8d47166dd176cd7229572",
		Kind:        terms.VectorSum,
		Bits:        62,
		Shape: ShapeRule{
			MinColumns: 2, MaxColumns: 64, Pairs: PairRule{Constant: 3, PerColumn: 1, PerPair: 1}, MinLength: 8, MaxLength: 64*65/2 + 67,
		},
		Cost: terms.CostModel{
			Base:     terms.Cost{Constant: 18295, PerColumn: 59, PerSlot: 14},
			PerBatch: terms.Cost{Constant: 199, PerColumn: 6449, PerSlot: 21},
			PerRow:   terms.Cost{Constant: 72, PerColumn: 211, PerSlot: 21},
		},
	}
}
