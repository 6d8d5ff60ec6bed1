package analysis_test

import (
	"fmt"

	"github.com/alita-network/alita/analysis"
)

func ExampleNewSession() {
	s, _ := analysis.NewSession(analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "x", Bits: 8}}})
	// Two owners, with the values 1 and 2, and 6.
	for !s.Done() {
		sum, _ := analysis.Add(nil, []int64{2, 3, 5})
		sum, _ = analysis.Add(sum, []int64{1, 6, 36})
		_ = s.Advance(sum, 2)
	}
	r, _ := s.Result()
	fmt.Println(r.Table.Header)
	fmt.Println(r.Table.Rows[0])
	// Output:
	// [column count sum mean sd variance se_mean]
	// [x 3 9 3 2.64575131106459 7 1.52752523165195]
}
