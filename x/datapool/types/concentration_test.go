package types_test

import (
	"fmt"
	"math/big"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/types"
)

func TestConcentration(t *testing.T) {
	tests := []struct {
		name  string
		holds []int64 // of accounts a, b, c ...
		hhi   uint32
		held  string
		first []types.Holder
	}{
		{name: "nobody", held: "0"},
		{name: "who holds nothing is no holder", holds: []int64{0, 0}, held: "0"},
		{
			name: "one", holds: []int64{5_000_000}, hhi: 10_000, held: "5",
			first: []types.Holder{{Address: "a", Amount: "5", Percent: "100"}},
		},
		{ // 50^2 + 50^2
			name: "two equal, by address", holds: []int64{1, 1}, hhi: 5_000, held: "0.000002",
			first: []types.Holder{{Address: "a", Amount: "0.000001", Percent: "50"}, {Address: "b", Amount: "0.000001", Percent: "50"}},
		},
		{ // 3 * 33.33^2 = 3333.3
			name: "three equal", holds: []int64{7, 7, 7}, hhi: 3_333, held: "0.000021",
			first: []types.Holder{{Address: "a", Amount: "0.000007", Percent: "33.333333"}},
		},
		{ // 60^2 + 30^2 + 10^2 = 4600
			name: "uneven", holds: []int64{30, 60, 10}, hhi: 4_600, held: "0.0001",
			first: []types.Holder{
				{Address: "b", Amount: "0.00006", Percent: "60"},
				{Address: "a", Amount: "0.00003", Percent: "30"},
				{Address: "c", Amount: "0.00001", Percent: "10"},
			},
		},
		{ // 10000 * (199^2 + 1) / 200^2 = 9900.5: half is rounded up
			name: "half up", holds: []int64{199, 1}, hhi: 9_901, held: "0.0002",
			first: []types.Holder{{Address: "a", Amount: "0.000199", Percent: "99.5"}},
		},
		{ // 2/3 = 66.6666667 %
			name: "percent to the nearest", holds: []int64{2, 1}, hhi: 5_556, held: "0.000003",
			first: []types.Holder{{Address: "a", Amount: "0.000002", Percent: "66.666667"}, {Address: "b", Amount: "0.000001", Percent: "33.333333"}},
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			var tally types.Tally
			for i, v := range tc.holds {
				tally.Add(string(rune('a'+i)), math.NewInt(v))
			}
			c := tally.Concentration(types.Decimals, true)
			require.Equal(t, tc.hhi, c.Hhi)
			require.Equal(t, tc.held, c.Held)
			require.True(t, c.Complete)
			require.GreaterOrEqual(t, len(c.Largest), len(tc.first))
			require.Equal(t, tc.first, append([]types.Holder(nil), c.Largest[:len(tc.first)]...))
		})
	}
}

// TestConcentrationIsExact: the index equals the one of rational arithmetic, and the
// largest holders lead a sorted list, whatever the order of counting.
func TestConcentrationIsExact(t *testing.T) {
	type account struct {
		address string
		amount  math.Int
	}
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) math.Int {
			if rapid.Bool().Draw(t, "small") {
				return math.NewInt(rapid.Int64Range(0, 4).Draw(t, "amount")) // equal ones are likely
			}
			return math.NewIntFromBigInt(new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 16).Draw(t, "bytes")))
		}), 0, 30).Draw(t, "amounts")
		var tally types.Tally
		var holders []account
		held := new(big.Int)
		for i, v := range rapid.Permutation(amounts).Draw(t, "order") {
			a := account{fmt.Sprintf("%02d", (i*7)%100), v}
			tally.Add(a.address, a.amount)
			if v.IsPositive() {
				holders = append(holders, a)
				held.Add(held, v.BigInt())
			}
		}
		sort.Slice(holders, func(i, j int) bool {
			if holders[i].amount.Equal(holders[j].amount) {
				return holders[i].address < holders[j].address
			}
			return holders[i].amount.GT(holders[j].amount)
		})
		c := tally.Concentration(0, false)
		require.EqualValues(t, len(holders), c.Holders)
		require.Equal(t, held.String(), c.Held)
		require.Len(t, c.Largest, min(len(holders), types.MaxLargest))
		require.False(t, c.Complete)
		if len(holders) == 0 {
			require.Zero(t, c.Hhi)
			return
		}
		hhi := new(big.Rat)
		for i, h := range holders {
			part := new(big.Rat).SetFrac(h.amount.BigInt(), held)
			part.Mul(part, big.NewRat(100, 1)) // percent
			hhi.Add(hhi, new(big.Rat).Mul(part, part))
			if i < len(c.Largest) {
				require.Equal(t, h.address, c.Largest[i].Address)
				require.Equal(t, h.amount.String(), c.Largest[i].Amount)
				// FloatString rounds half away from zero.
				want := part.FloatString(6)
				require.Equal(t, strings.TrimRight(strings.TrimRight(want, "0"), "."), c.Largest[i].Percent)
			}
		}
		require.Equal(t, hhi.FloatString(0), fmt.Sprint(c.Hhi))
	})
}

func TestFormatPart(t *testing.T) {
	tests := []struct {
		part, whole int64
		want        string
	}{
		{0, 0, "0"},
		{0, 7, "0"},
		{7, 7, "100"},
		{1, 3, "33.333333"},
		{2, 3, "66.666667"},
		{1000, 3_162_277_660, "0.000032"},
		{1, 200_000_000, "0.000001"},
		{1, 200_000_001, "0"},
	}
	for _, tc := range tests {
		require.Equal(t, tc.want, types.FormatPart(math.NewInt(tc.part), math.NewInt(tc.whole)), tc)
	}
}
