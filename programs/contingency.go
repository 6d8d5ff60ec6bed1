package programs

import (
	_ "embed"

	"github.com/alita-network/alita/terms"
)

//go:embed wasm/contingency.wasm
var contingencyCode []byte

// MaxTableBins is the largest number of bins of one column of a contingency table.
const MaxTableBins = 1022

// Contingency is the program that counts rows by the bins of two columns.
func Contingency() Program {
	return Program{
		Name:        "contingency",
		Description: "How many rows fall into each pair of bins of two columns, with those outside the bins and the missing cells.",
		Code:        contingencyCode,
		Hash:        "f937514d206ffe815d4bd887a62d74cf77608b9b965f4cb526361cbcf73a1d0b",
		Kind:        terms.VectorHistogram,
		Bits:        63,
		Shape:       ShapeRule{MinColumns: 2, MaxColumns: 2, MinLength: 9, MaxLength: 65536},
		Binned:      true,
		Cost: terms.CostModel{
			Base:     terms.Cost{Constant: 18030},
			PerBatch: terms.Cost{Constant: 13077},
			PerRow:   terms.Cost{Constant: 82},
		},
	}
}
