package programs

import (
	_ "embed"

	"github.com/alita-network/alita/terms"
)

//go:embed wasm/kmeans.wasm
var kmeansCode []byte

const (
	// MaxKMeansBits bounds the columns: values are below 2^32.
	MaxKMeansBits = 32
	// MaxCoordinate bounds the absolute value of a coordinate of a centroid.
	MaxCoordinate = 2
)

// KMeans is the program of one step of k-means.
func KMeans() Program {
	return Program{
		Name:        "kmeans",
		Description: "One step of k-means: every row goes to the nearest centroid; counts, sums and inertia.",
		Code:        kmeansCode,
		Hash:        "15fa0c28cbb5cdb64e6d9b542721b8894058689c2f7d580d346b50a41649a4ed",
		Kind:        terms.VectorSum,
		Bits:        63,
		Shape: ShapeRule{
			MinColumns: 1, MaxColumns: 64, MinLength: 4, MaxLength: 4096,
			Groups: GroupRule{Constant: 2, Size: 1, PerColumn: 1},
		},
		Cost: terms.CostModel{
			Base:     terms.Cost{Constant: 18003, PerColumn: 21, PerSlot: 16},
			PerBatch: terms.Cost{Constant: 294, PerColumn: 6442},
			PerRow:   terms.Cost{Constant: 26, PerColumn: 76, PerSlot: 26},
		},
	}
}
