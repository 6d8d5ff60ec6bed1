package types_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/compute/types"
)

func TestOperations(t *testing.T) {
	// Checked by hand for 2 columns and 10 slots.
	model := types.CostModel{
		Base:     types.Cost{Constant: 1000, PerColumn: 100, PerSlot: 10}, // 1300
		PerBatch: types.Cost{Constant: 50, PerColumn: 5, PerSlot: 1},      // 70
		PerRow:   types.Cost{Constant: 3, PerColumn: 2},                   // 7
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
	for name, tc := range map[string]struct {
		model           types.CostModel
		rows            uint64
		columns, length uint32
	}{
		"column": {types.CostModel{Base: types.Cost{PerColumn: math.MaxUint64}}, 0, 2, 1},
		"slot":   {types.CostModel{Base: types.Cost{PerSlot: math.MaxUint64}}, 0, 1, 2},
		"base":   {types.CostModel{Base: types.Cost{Constant: math.MaxUint64, PerSlot: 1}}, 0, 1, 1},
		"batch":  {types.CostModel{PerBatch: types.Cost{Constant: math.MaxUint64}}, 1025, 1, 1},
		"row":    {types.CostModel{PerRow: types.Cost{Constant: 2}}, 1 << 63, 1, 1},
		"sum":    {types.CostModel{Base: types.Cost{Constant: 1}, PerRow: types.Cost{Constant: 1}}, math.MaxUint64, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.model.Operations(tc.rows, tc.columns, tc.length)
			require.ErrorIs(t, err, types.ErrOverflow)
		})
	}
	// The last value that fits.
	got, err := types.CostModel{PerRow: types.Cost{Constant: 1}}.Operations(math.MaxUint64, 1, 1)
	require.NoError(t, err)
	require.EqualValues(t, uint64(math.MaxUint64), got)
}

// The model equals the formula over unbounded integers wherever that fits 64
// bits, and refuses elsewhere.
func TestOperationsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coefficient := func(name string) types.Cost {
			g := rapid.OneOf(rapid.Uint64Range(0, 1000), rapid.Uint64())
			return types.Cost{Constant: g.Draw(t, name), PerColumn: g.Draw(t, name), PerSlot: g.Draw(t, name)}
		}
		m := types.CostModel{Base: coefficient("base"), PerBatch: coefficient("batch"), PerRow: coefficient("row")}
		rows := rapid.OneOf(rapid.Uint64Range(0, 5000), rapid.Uint64()).Draw(t, "rows")
		columns, length := rapid.Uint32().Draw(t, "columns"), rapid.Uint32().Draw(t, "length")

		at := func(c types.Cost) *big.Int {
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
		// A coefficient that overflows is refused even if it is multiplied with zero rows.
		fits := want.IsUint64() && at(m.PerBatch).IsUint64() && at(m.PerRow).IsUint64()
		if fits != (err == nil) {
			t.Fatalf("%s: got %d, %v", want, got, err)
		}
		if fits && got != want.Uint64() {
			t.Fatalf("got %d, expected %s", got, want)
		}
	})
}
