package terms_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/terms"
)

func TestRangesValidate(t *testing.T) {
	used := terms.SlotRange{Count: 1, High: 1}
	noisy := terms.SlotRange{Count: 1, High: 1, Variance: 11}
	for _, tc := range []struct {
		name     string
		ranges   terms.Ranges
		length   uint32
		microRho uint64
		text     string // of the refusal
	}{
		{"rows alone", terms.Ranges{used}, 1, 0, ""},
		{"exact", terms.Ranges{used, {Count: 3, Low: -5, High: 7}}, 4, 0, ""},
		{"counts", terms.Ranges{{Count: 8, High: 1}}, 8, 0, ""},
		{"just enough", terms.Ranges{noisy}, 1, 45_455, ""},
		{"noised", terms.Ranges{noisy, {Count: 3, Low: -5, High: 7, Variance: 4}}, 4, 50_000, ""},
		{"widest", terms.Ranges{used, {Count: 1, Low: -terms.MaxRange, High: terms.MaxRange}}, 2, 0, ""},
		{"none", nil, 0, 0, "slots of all ranges: expected the length, 0 and at least 1, got 0"},
		{"short", terms.Ranges{used}, 2, 0, "expected the length, 2 and at least 1, got 1"},
		{"beyond 32 bits", terms.Ranges{used, {Count: math.MaxUint32, High: 1}}, 0, 0, "got 4294967296"},
		{"no slots", terms.Ranges{used, {High: 1}}, 1, 0, "range 1: count: expected at least 1, got 0"},
		{"low above 0", terms.Ranges{used, {Count: 1, Low: 1, High: 2}}, 2, 0, "range 1: low: expected -4611686018427387904 to 0, got 1"},
		{"low", terms.Ranges{used, {Count: 1, Low: -terms.MaxRange - 1}}, 2, 0, "low: expected"},
		{"high below 0", terms.Ranges{used, {Count: 1, Low: -2, High: -1}}, 2, 0, "high: expected 0 to 4611686018427387904, got -1"},
		{"high", terms.Ranges{used, {Count: 1, High: terms.MaxRange + 1}}, 2, 0, "high: expected"},
		{"slot 0 is wide", terms.Ranges{{Count: 1, High: 2}}, 1, 0, "slot 0: expected from 0 to 1"},
		{"slot 0 is negative", terms.Ranges{{Count: 1, Low: -1, High: 1}}, 1, 0, "slot 0: expected from 0 to 1"},
		{"noise without rho", terms.Ranges{noisy}, 1, 0, "range 0: variance: expected 0 without micro_rho, got 11"},
		{"rho without noise", terms.Ranges{used}, 1, 50_000, "range 0: variance: expected 4 to 4611686018427387904, got 0"},
		{"little noise", terms.Ranges{noisy, {Count: 1, Variance: 3}}, 2, 50_000, "range 1: variance: expected 4"},
		{"much noise", terms.Ranges{noisy, {Count: 1, Variance: 1<<62 + 1}}, 2, 50_000, "range 1: variance: expected 4"},
		{"no row fits", terms.Ranges{noisy}, 1, 45_454, "variance of slot 0: expected above"},
		{"rho", terms.Ranges{noisy}, 1, terms.MaxMicroRho + 1, "micro_rho: expected at most 1000000000000"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := tc.ranges.Validate(tc.length, tc.microRho)
			if tc.text == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, terms.ErrRanges)
			require.ErrorContains(t, err, tc.text)
		})
	}
}

// A row that adds 0 to 2^62 in each of two rows reaches 2^63, one bit too much; with noise of variance 4 the bound is 19 (terms.NoiseBits).
func TestRangesRoom(t *testing.T) {
	for _, tc := range []struct {
		r          terms.SlotRange
		rows       uint64
		bits       uint32 // that Bits finds; 0 if there are not enough
		text, note string
	}{
		{r: terms.SlotRange{Count: 1, High: 1}, rows: 0, bits: 1},
		{r: terms.SlotRange{Count: 1, High: 1}, rows: 1, bits: 1},
		{r: terms.SlotRange{Count: 1, High: 1}, rows: 2, bits: 2},
		{r: terms.SlotRange{Count: 1, Low: -3, High: 4}, rows: 73, bits: 9},  // 511
		{r: terms.SlotRange{Count: 1, Low: -3, High: 5}, rows: 64, bits: 10}, // 512
		{r: terms.SlotRange{Count: 1, High: 1 << 62}, rows: 1, bits: 63},
		{r: terms.SlotRange{Count: 1, High: 1 << 62}, rows: 2},
		{r: terms.SlotRange{Count: 1, Low: -1 << 62, High: 1 << 62}, rows: 1},
		{r: terms.SlotRange{Count: 1, High: 1}, rows: math.MaxInt64, bits: 63},
		{r: terms.SlotRange{Count: 1, High: 1}, rows: 1 << 63},
		{r: terms.SlotRange{Count: 1, High: 1 << 62}, rows: math.MaxUint64},
		{r: terms.SlotRange{Count: 1, High: 1, Variance: 4}, rows: 63, bits: 6}, // the noise has slots of its own
	} {
		ranges := terms.Ranges{{Count: 1, High: 0}, tc.r}
		got, err := ranges.Bits(tc.rows)
		if tc.bits == 0 {
			require.ErrorIs(t, err, terms.ErrRanges, "%+v, %d rows", tc.r, tc.rows)
			require.ErrorIs(t, ranges.CheckRows(tc.rows, terms.MaxBits), terms.ErrRanges)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, tc.bits, got, "%+v, %d rows", tc.r, tc.rows)
		require.NoError(t, ranges.CheckRows(tc.rows, got))
		if tc.bits > 1 {
			require.ErrorIs(t, ranges.CheckRows(tc.rows, got-1), terms.ErrRanges)
		}
	}
	require.ErrorContains(t, terms.Ranges{{Count: 1}}.CheckRows(1, 0), "bits: expected 1 to 63, got 0")
	require.ErrorContains(t, terms.Ranges{{Count: 1}}.CheckRows(1, 64), "bits: expected 1 to 63, got 64")
}

// Shifted sums of owners add up to what Unshift takes back.
func TestShift(t *testing.T) {
	ranges := terms.Ranges{{Count: 1, High: 1}, {Count: 2, Low: -10, High: 3}}
	a, b := []int64{2, -20, 6}, []int64{3, -30, 9}
	ranges.Shift(2, a)
	require.Equal(t, []int64{2, 0, 26}, a)
	ranges.Shift(3, b)
	require.Equal(t, []int64{3, 0, 39}, b)
	sum := []*big.Int{big.NewInt(5), big.NewInt(0), big.NewInt(65)}
	require.Equal(t, "[5 -50 15]", fmtBig(ranges.Unshift(5, sum)))
}

func fmtBig(all []*big.Int) string {
	text := "["
	for i, x := range all {
		if i > 0 {
			text += " "
		}
		text += x.String()
	}
	return text + "]"
}

// By hand: 2 * 0.1 * 2^32 = 858993459.2, and 3^2 / 7 * 2^32 = 5522100809.1.
func TestRowLength(t *testing.T) {
	require.EqualValues(t, 858993459, terms.RowBudget(100_000))
	require.EqualValues(t, 1<<33, terms.RowBudget(1_000_000))
	require.EqualValues(t, 0, terms.RowBudget(0))
	require.EqualValues(t, uint64(1_000_000)<<33, terms.RowBudget(terms.MaxMicroRho))
	for _, tc := range []struct {
		value    int64
		variance uint64
		length   uint64
		fits     bool
	}{
		{0, 4, 0, true},
		{1, 4, 1 << 30, true},
		{-1, 4, 1 << 30, true},
		{3, 7, 5_522_100_810, true},
		{1, 1 << 62, 1, true},
		{65535, 1, 65535 * 65535 << 32, true},
		{65536, 1, 0, false},
		{65536, 2, 1 << 63, true},
		{-1 << 62, 1 << 62, 0, false},
		{1 << 46, 1 << 62, 1 << 62, true},
		{1<<47 - 1, 1 << 62, math.MaxUint64 - 1<<18 + 2, true}, // (2^94 - 2^48 + 1) / 2^30, rounded up
		{1 << 47, 1 << 62, 0, false},
		{math.MinInt64, math.MaxUint64, 0, false},
	} {
		length, fits := terms.SlotLength(tc.value, tc.variance)
		require.Equal(t, tc.fits, fits, "%d, %d", tc.value, tc.variance)
		require.Equal(t, tc.length, length, "%d, %d", tc.value, tc.variance)
	}
}

// The length of a slot is the ceiling of the real one, for every value and variance.
func TestSlotLengthIsTheCeiling(t *testing.T) {
	value := rapid.Custom(func(t *rapid.T) int64 {
		return rapid.Int64().Draw(t, "value") >> rapid.IntRange(0, 63).Draw(t, "shift")
	})
	rapid.Check(t, func(t *rapid.T) {
		v := value.Draw(t, "value")
		variance := rapid.Uint64Min(1).Draw(t, "variance")>>rapid.IntRange(0, 63).Draw(t, "shift") | 1
		square := new(big.Int).Mul(big.NewInt(v), big.NewInt(v))
		of := new(big.Int).SetUint64(variance)
		want, rest := new(big.Int).QuoRem(square.Lsh(square, 32), of, new(big.Int))
		if rest.Sign() > 0 {
			want.Add(want, big.NewInt(1))
		}
		length, fits := terms.SlotLength(v, variance)
		require.Equal(t, want.IsUint64(), fits)
		if fits {
			require.Equal(t, want.Uint64(), length)
		}
	})
}

func TestParseSlotRange(t *testing.T) {
	for _, s := range []terms.SlotRange{{Count: 1, High: 1}, {Count: math.MaxUint32, Low: math.MinInt64, High: math.MaxInt64, Variance: math.MaxUint64}, {Count: 3, Low: -10, High: 10, Variance: 4}} {
		got, err := terms.ParseSlotRange(s.String())
		require.NoError(t, err)
		require.Equal(t, s, got)
	}
	for _, text := range []string{"", "1", "1:0", "1:0:1:2:3", "-1:0:1", "4294967296:0:1", "a:0:1", "1:b:1", "1:0:c", "1:0:1:d", "1:0:1:-4"} {
		_, err := terms.ParseSlotRange(text)
		require.ErrorIs(t, err, terms.ErrRanges, text)
		require.ErrorContains(t, err, "expected COUNT:LOW:HIGH")
	}
}
