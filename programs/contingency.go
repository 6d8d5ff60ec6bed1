package programs

import _ "embed"

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
		Kind:        KindHistogram,
		Sensitivity: 1, // a row counts in one slot
		Bits:        63,
		Shape:       ShapeRule{MinColumns: 2, MaxColumns: 2, MinLength: 9, MaxLength: 65536},
		Cost: CostModel{
			Base:     Cost{Constant: 1518},
			PerBatch: Cost{Constant: 501},
			PerRow:   Cost{Constant: 82},
		},
	}
}
