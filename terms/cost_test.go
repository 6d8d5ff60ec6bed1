package terms_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/terms"
)

func ExampleCostModel_Operations() {
	model := terms.CostModel{
		Base:     terms.Cost{Constant: 352},
		PerBatch: terms.Cost{Constant: 77, PerColumn: 245},
		PerRow:   terms.Cost{PerColumn: 43},
	}
	operations, _ := model.Operations(100, 1, 3)
	fmt.Println(operations)
	// Output: 4974
}

func TestOperations(t *testing.T) {
	// Checked by hand for 2 columns and 10 slots.
	model := terms.CostModel{
		Base:     terms.Cost{Constant: 1000, PerColumn: 100, PerSlot: 10}, // 1300
		PerBatch: terms.Cost{Constant: 50, PerColumn: 5, PerSlot: 1},      // 70
		PerRow:   terms.Cost{Constant: 3, PerColumn: 2},                   // 7
	}
	for rows, want := range map[uint64]uint64{
		0:    1300,
		1:    1300 + 70 + 7,
		1023: 1300 + 70 + 7*1023,
		1024: 1300 + 70 + 7*1024,
		1025: 1300 + 140 + 7*1025,
		2048: 1300 + 140 + 7*2048,
		2049: 1300 + 210 + 7*2049,
	} {
		got, err := model.Operations(rows, 2, 10)
		require.NoError(t, err)
		require.Equal(t, want, got, "%d rows", rows)
	}
}

func TestOperationsOverflow(t *testing.T) {
	const most = math.MaxUint64
	for name, tc := range map[string]struct {
		model           terms.CostModel
		rows            uint64
		columns, length uint32
	}{
		"column": {terms.CostModel{Base: terms.Cost{PerColumn: most}}, 0, 2, 1},
		"slot":   {terms.CostModel{Base: terms.Cost{PerSlot: most}}, 0, 1, 2},
		"base":   {terms.CostModel{Base: terms.Cost{Constant: most, PerSlot: 1}}, 0, 1, 1},
		"batch":  {terms.CostModel{PerBatch: terms.Cost{Constant: most}}, 1025, 1, 1},
		"row":    {terms.CostModel{PerRow: terms.Cost{Constant: 2}}, 1 << 63, 1, 1},
		"sum":    {terms.CostModel{Base: terms.Cost{Constant: 1}, PerRow: terms.Cost{Constant: 1}}, most, 1, 1},
		// The first product wraps around to 0.
		"wrapped": {terms.CostModel{PerRow: terms.Cost{PerSlot: 1 << 32}}, 1 << 32, 1, 7},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.model.Operations(tc.rows, tc.columns, tc.length)
			require.ErrorIs(t, err, terms.ErrOverflow)
		})
	}
}

// The largest values that fit.
func TestOperationsAtTheEdge(t *testing.T) {
	const most = math.MaxUint64
	for name, tc := range map[string]struct {
		model           terms.CostModel
		rows            uint64
		columns, length uint32
		want            uint64
	}{
		"rows": {terms.CostModel{PerRow: terms.Cost{Constant: 1}}, most, 1, 1, most},
		"base": {terms.CostModel{Base: terms.Cost{Constant: most - 7, PerColumn: 2, PerSlot: 1}}, 0, 2, 3, most},
		// A coefficient that does not fit counts nothing if there are no rows.
		"no rows":    {terms.CostModel{Base: terms.Cost{Constant: 5}, PerRow: terms.Cost{PerSlot: most}}, 0, 1, 2, 5},
		"no batches": {terms.CostModel{Base: terms.Cost{Constant: 5}, PerBatch: terms.Cost{Constant: most, PerColumn: 1}}, 0, 1, 2, 5},
	} {
		got, err := tc.model.Operations(tc.rows, tc.columns, tc.length)
		require.NoError(t, err, name)
		require.Equal(t, tc.want, got, name)
	}
}

// The model equals the formula over unbounded integers if the value fits 64
// bits, and fails otherwise.
func TestOperationsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coefficient := func(name string) terms.Cost {
			g := rapid.OneOf(rapid.Just(uint64(0)), rapid.Uint64Range(0, 1000), rapid.Uint64())
			return terms.Cost{Constant: g.Draw(t, name), PerColumn: g.Draw(t, name), PerSlot: g.Draw(t, name)}
		}
		m := terms.CostModel{Base: coefficient("base"), PerBatch: coefficient("batch"), PerRow: coefficient("row")}
		rows := rapid.OneOf(rapid.Just(uint64(0)), rapid.Uint64Range(0, 5000), rapid.Uint64()).Draw(t, "rows")
		columns, length := rapid.Uint32().Draw(t, "columns"), rapid.Uint32().Draw(t, "length")

		at := func(c terms.Cost) *big.Int {
			v := new(big.Int).Mul(big.NewInt(int64(columns)), new(big.Int).SetUint64(c.PerColumn))
			v.Add(v, new(big.Int).Mul(big.NewInt(int64(length)), new(big.Int).SetUint64(c.PerSlot)))
			return v.Add(v, new(big.Int).SetUint64(c.Constant))
		}
		r := new(big.Int).SetUint64(rows)
		batches := new(big.Int).Add(r, big.NewInt(1023))
		batches.Quo(batches, big.NewInt(1024))
		want := at(m.Base)
		want.Add(want, new(big.Int).Mul(batches, at(m.PerBatch)))
		want.Add(want, new(big.Int).Mul(r, at(m.PerRow)))

		got, err := m.Operations(rows, columns, length)
		if want.IsUint64() != (err == nil) {
			t.Fatalf("%s: got %d, %v", want, got, err)
		}
		if err == nil && got != want.Uint64() {
			t.Fatalf("got %d, expected %s", got, want)
		}
	})
}
