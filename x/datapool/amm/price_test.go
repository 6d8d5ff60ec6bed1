package amm_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/datapool/amm"
)

func TestPrice(t *testing.T) {
	tests := []struct {
		name, num, den, price string
		err                   error
	}{
		{name: "one", num: "7", den: "7", price: "18446744073709551616"},
		{name: "a third", num: "1", den: "3", price: "6148914691236517205"}, // 2^64/3 rounded down
		{name: "largest", num: two127, den: "1", price: "3138550867693340381917894711603833208051177722232017256448"},
		{name: "empty", num: "1", den: "0", err: amm.ErrEmpty},
		{name: "too large", num: two127a, den: "1", err: amm.ErrTooLarge},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := amm.Price(num(t, tc.num), num(t, tc.den))
			require.ErrorIs(t, err, tc.err)
			if tc.err == nil {
				require.Equal(t, tc.price, got.Dec())
			}
		})
	}
}

func TestMeanOfAccumulatedPrices(t *testing.T) {
	// 10 s at 2 and 30 s at 4: the mean is (20+120)/40 = 3.5.
	var zero amm.Int
	sum, err := amm.Accumulate(&zero, num(t, "2"), num(t, "1"), 10)
	require.NoError(t, err)
	sum, err = amm.Accumulate(&sum, num(t, "4"), num(t, "1"), 30)
	require.NoError(t, err)
	mean, err := amm.Mean(&zero, &sum, 40)
	require.NoError(t, err)
	require.Equal(t, num(t, "64563604257983430656").Dec(), mean.Dec()) // 3.5 * 2^64

	_, err = amm.Mean(&zero, &sum, 0)
	require.ErrorIs(t, err, amm.ErrZero)
	_, err = amm.Mean(&sum, &zero, 1)
	require.ErrorIs(t, err, amm.ErrInvariant)
}

func TestAccumulateOverflows(t *testing.T) {
	full := new(amm.Int).SetAllOne()
	_, err := amm.Accumulate(full, num(t, "1"), num(t, "1"), 1)
	require.ErrorIs(t, err, amm.ErrTooLarge)
	_, err = amm.Accumulate(new(amm.Int), num(t, two127), num(t, "1"), ^uint64(0))
	require.NoError(t, err, "2^191 for 2^64 seconds fits")
}

func TestPortion(t *testing.T) {
	tests := []struct{ whole, part, of, want string }{
		{"100", "1", "3", "33"},
		{"100", "3", "3", "100"},
		{"100", "4", "3", "0"},
		{"100", "1", "0", "0"},
		{"0", "1", "3", "0"},
	}
	for _, tc := range tests {
		got := amm.Portion(num(t, tc.whole), num(t, tc.part), num(t, tc.of))
		require.Equal(t, tc.want, got.Dec())
	}
}

func TestMeanLiesBetweenThePrices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := anyInt(127).Draw(t, "x"), anyInt(127).Draw(t, "y")
		v, w := anyInt(127).Draw(t, "v"), anyInt(127).Draw(t, "w")
		s1 := rapid.Uint64Range(1, 1<<40).Draw(t, "s1")
		s2 := rapid.Uint64Range(1, 1<<40).Draw(t, "s2")
		p, err := amm.Price(x, y)
		require.NoError(t, err)
		q, err := amm.Price(v, w)
		require.NoError(t, err)
		sum, err := amm.Accumulate(new(amm.Int), x, y, s1)
		require.NoError(t, err)
		sum, err = amm.Accumulate(&sum, v, w, s2)
		require.NoError(t, err)
		mean, err := amm.Mean(new(amm.Int), &sum, s1+s2)
		require.NoError(t, err)
		low, high := &p, &q
		if low.Gt(high) {
			low, high = high, low
		}
		require.False(t, mean.Lt(low) || mean.Gt(high))
	})
}

func FuzzPrice(f *testing.F) {
	f.Add([]byte{1}, []byte{2}, []byte{3}, uint64(4))
	f.Add(new(amm.Int).SetAllOne().Bytes(), []byte{1}, []byte{1}, ^uint64(0))
	f.Fuzz(func(t *testing.T, sum, num, den []byte, seconds uint64) {
		var s, x, y amm.Int
		s.SetBytes(sum)
		x.SetBytes(num)
		y.SetBytes(den)
		got, err := amm.Accumulate(&s, &x, &y, seconds)
		if err == nil && seconds > 0 {
			mean, err := amm.Mean(&s, &got, seconds)
			require.NoError(t, err)
			price, err := amm.Price(&x, &y)
			require.NoError(t, err)
			require.Equal(t, price.Dec(), mean.Dec())
		}
	})
}
