package programs

import (
	_ "embed"

	"github.com/alita-network/alita/terms"
)

//go:embed wasm/choice.wasm
var choiceCode []byte

// Choice is the program that finds the bin of an owner's one value: Histogram for records of one row each. Its vectors are one-hot, so
// an owner's contribution is several times smaller.
func Choice() Program {
	return Program{
		Name:        "choice",
		Description: "Into which of a number of bins of equal width the value of one column falls, for owners with one row each.",
		Code:        choiceCode,
		Hash:        "6c75e6596fccdf703fb87165ec6527f675dc91319b8dc402fb16eed9d27b3d95",
		Kind:        terms.VectorOneHot,
		Bits:        1,
		Shape:       ShapeRule{MinColumns: 1, MaxColumns: 1, MinLength: 4, MaxLength: 65536},
		Binned:      true,
		Cost:        terms.CostModel{Base: terms.Cost{Constant: 24171}}, // of the one row
	}
}
