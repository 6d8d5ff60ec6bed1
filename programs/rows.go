package programs

import (
	_ "embed"

	"github.com/alita-network/alita/terms"
)

// The modules of the row programs.
var (
	//go:embed wasm/moments_row.wasm
	momentsRowCode []byte
	//go:embed wasm/histogram_row.wasm
	histogramRowCode []byte
	//go:embed wasm/quantiles_row.wasm
	quantilesRowCode []byte
	//go:embed wasm/contingency_row.wasm
	contingencyRowCode []byte
	//go:embed wasm/linear_row.wasm
	linearRowCode []byte
	//go:embed wasm/logistic_row.wasm
	logisticRowCode []byte
	//go:embed wasm/kmeans_row.wasm
	kmeansRowCode []byte
)

// Rows returns the row programs that ship here: each gives, summed over rows, what the program whose name it bears before "_row" gives, with slot 0
// in front of it. They are for sums with noise, in which the host bounds what a row can change; for exact sums the others are faster.
func Rows() []Program {
	return []Program{MomentsRow(), HistogramRow(), QuantilesRow(), ContingencyRow(), LinearRow(), LogisticRow(), KMeansRow()}
}

// MomentsRow is Moments as a row program, with a centre and an offset of the square for each column.
func MomentsRow() Program {
	return Program{
		Name:        "moments_row",
		Description: "Row by row: count, centred sum and centred sum of squares of every column.",
		Code:        momentsRowCode,
		Hash:        "1c34ffd87db59bd2e79882a9e522ae58e857dc361c22d3b8f32a9d131307f12a",
		Row:         true,
		Kind:        terms.VectorSum,
		Bits:        63,
		Shape:       ShapeRule{MinColumns: 1, MaxColumns: 2048, Pairs: PairRule{Constant: 1, PerColumn: 3}, MinLength: 4, MaxLength: 6145},
		Cost: terms.CostModel{
			Base:   terms.Cost{Constant: 41, PerColumn: 21},
			PerRow: terms.Cost{Constant: 73, PerColumn: 54, PerSlot: 32},
		},
	}
}

// HistogramRow is Histogram as a row program.
func HistogramRow() Program {
	return Program{
		Name:        "histogram_row",
		Description: "Row by row: how many values of one column fall into each of a number of bins of equal width.",
		Code:        histogramRowCode,
		Hash:        "0fe9f0de329916beeba609150238dcb415750c3dce434b0bb7ace72e6c8bb144",
		Row:         true,
		Kind:        terms.VectorSum,
		Bits:        63,
		Shape:       ShapeRule{MinColumns: 1, MaxColumns: 1, MinLength: 5, MaxLength: 65536},
		Binned:      true,
		Cost: terms.CostModel{
			Base:   terms.Cost{Constant: 40},
			PerRow: terms.Cost{Constant: 119, PerSlot: 32},
		},
	}
}

// QuantilesRow is Quantiles as a row program.
func QuantilesRow() Program {
	return Program{
		Name:        "quantiles_row",
		Description: "Row by row: quantiles of one column, found by counting in ever finer bins around each of them.",
		Code:        quantilesRowCode,
		Hash:        "5fd3ecf067b5cffe365c8b75c2e933db7c0fd298c4388eedc9ab1674dab1b325",
		Row:         true,
		Kind:        terms.VectorSum,
		Bits:        63,
		Shape: ShapeRule{
			MinColumns: 1, MaxColumns: 1, MinLength: 2 + QuantileSlots, MaxLength: 2 + MaxQuantiles*QuantileSlots,
			Groups: GroupRule{Constant: 2, Size: QuantileSlots},
		},
		Cost: terms.CostModel{
			Base:   terms.Cost{Constant: 25, PerSlot: 1},
			PerRow: terms.Cost{Constant: 91, PerSlot: 33},
		},
	}
}

// ContingencyRow is Contingency as a row program.
func ContingencyRow() Program {
	return Program{
		Name:        "contingency_row",
		Description: "Row by row: how many rows fall into each pair of bins of two columns, with those outside the bins and the missing cells.",
		Code:        contingencyRowCode,
		Hash:        "a1635430a018d3f48f9d694cbe532377772afac9ee069516231c0f2d22d921b4",
		Row:         true,
		Kind:        terms.VectorSum,
		Bits:        63,
		Shape:       ShapeRule{MinColumns: 2, MaxColumns: 2, MinLength: 10, MaxLength: 65536},
		Binned:      true,
		Cost: terms.CostModel{
			Base:   terms.Cost{Constant: 87},
			PerRow: terms.Cost{Constant: 150, PerSlot: 32},
		},
	}
}

// LinearRow is Linear as a row program, with a centre and an offset of the square for each column. Every number takes one slot.
func LinearRow() Program {
	return Program{
		Name:        "linear_row",
		Description: "Row by row: products of all centred columns and a column of ones. The first column is the response.",
		Code:        linearRowCode,
		Hash:        "976a6b3d48c8b8ed04e13d20a79e0919fd0843ccd062801075e3cda9c69457c9",
		Row:         true,
		Kind:        terms.VectorSum,
		Bits:        63,
		Shape: ShapeRule{
			MinColumns: 1, MaxColumns: 64, Pairs: PairRule{Constant: 3, PerColumn: 1, PerPair: 1}, MinLength: 5, MaxLength: 65*66/2 + 2,
		},
		Cost: terms.CostModel{
			Base:   terms.Cost{Constant: 47, PerColumn: 21},
			PerRow: terms.Cost{Constant: 215, PerColumn: 62, PerSlot: 49},
		},
	}
}

// LogisticRow is Logistic as a row program. The gradient's slots have no offset.
func LogisticRow() Program {
	return Program{
		Name:        "logistic_row",
		Description: "Row by row: one Newton step of a logistic regression. The first column is the response, 0 or 1.",
		Code:        logisticRowCode,
		Hash:        "bf4a7daaca120129acef1be111aa3a079c792a5cfe4cb6197ce620cc2ff59257",
		Row:         true,
		Kind:        terms.VectorSum,
		Bits:        63,
		Shape: ShapeRule{
			MinColumns: 2, MaxColumns: 64, Pairs: PairRule{Constant: 4, PerColumn: 1, PerPair: 1}, MinLength: 9, MaxLength: 64*65/2 + 68,
		},
		Cost: terms.CostModel{
			Base:   terms.Cost{Constant: 53, PerColumn: 42},
			PerRow: terms.Cost{Constant: 279, PerColumn: 210, PerSlot: 51},
		},
	}
}

// KMeansRow is KMeans as a row program.
func KMeansRow() Program {
	return Program{
		Name:        "kmeans_row",
		Description: "Row by row: one step of k-means; counts, sums and inertia.",
		Code:        kmeansRowCode,
		Hash:        "f2538e76d77931ec3b738701fd4548b2dcabef929b77a2be1544d09aeb602396",
		Row:         true,
		Kind:        terms.VectorSum,
		Bits:        63,
		Shape: ShapeRule{
			MinColumns: 1, MaxColumns: 64, MinLength: 5, MaxLength: 4096,
			Groups: GroupRule{Constant: 3, Size: 1, PerColumn: 1},
		},
		Cost: terms.CostModel{
			Base:   terms.Cost{Constant: 26, PerColumn: 21, PerSlot: 16},
			PerRow: terms.Cost{Constant: 191, PerColumn: 57, PerSlot: 57},
		},
	}
}
