package programs

func histogram() Program {
	return Program{
		Name:        "histogram",
		Description: "How many values of one column fall into each of a number of bins of equal width.",
		Code:        histogramCode,
		Hash:        "d8b70d271bdc38b0f6dc80b0483718e022d80fcdc6070724682c2648c306ab80",
		Kind:        Histogram,
		Shape:       ShapeRule{MinColumns: 1, MaxColumns: 1, MinLength: 4, MaxLength: 65536},
		Cost: CostModel{
			Base:     Cost{Constant: 1410},
			PerBatch: Cost{Constant: 289},
			PerRow:   Cost{Constant: 53},
		},
	}
}
