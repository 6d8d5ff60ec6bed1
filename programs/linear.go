package programs

import (
	_ "embed"

	"github.com/alita-network/alita/terms"
)

//go:embed wasm/linear.wasm
var linearCode []byte

const (
	// MaxLinearBits bounds the columns: values are below 2^32.
	MaxLinearBits = 32
	// MaxLinearSlotBits bounds a slot. Every number takes two slots.
	MaxLinearSlotBits = 48
)

// Linear is the program that adds up the cross products of all columns and a column of ones.
func Linear() Program {
	return Program{
		Name:        "linear",
		Description: "Cross products of all columns and a column of ones; from them least squares, exactly. The first column is the response.",
		Code:        linearCode,
		Hash:        "598caeac9f9efcf8ee00bc95855191690e98e944e39903550d3b61b4d0ff8e84",
		Kind:        terms.VectorSum,
		Bits:        48,
		Shape: ShapeRule{
			MinColumns: 1, MaxColumns: 64, Pairs: PairRule{Constant: 4, PerColumn: 2, PerPair: 2}, MinLength: 8, MaxLength: 65*66 + 2,
		},
		Cost: terms.CostModel{
			Base:     terms.Cost{Constant: 18261, PerSlot: 31},
			PerBatch: terms.Cost{Constant: 256, PerColumn: 6443, PerSlot: 15},
			PerRow:   terms.Cost{PerColumn: 45, PerSlot: 14},
		},
	}
}
