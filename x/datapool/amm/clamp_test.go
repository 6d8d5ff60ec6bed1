package amm_test

import (
	"math/big"
	"testing"

	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/datapool/amm"
)

func TestClampedAdvance(t *testing.T) {
	const max256 = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
	tests := []struct {
		name               string
		sum, price, target string
		seconds            uint64
		ppm                uint32
		newSum, newPrice   string
		err                error
	}{
		{name: "no time", sum: "7", price: "100", target: "900", ppm: 10_000, newSum: "7", newPrice: "100"},
		{name: "at rest", sum: "7", price: "100", target: "100", seconds: 3, ppm: 10_000, newSum: "307", newPrice: "100"},
		// 1 % of 1000 is 10 a second: 1010 + 1020 + 1030
		{name: "on the way up", sum: "0", price: "1000", target: "9000", seconds: 3, ppm: 10_000, newSum: "3060", newPrice: "1030"},
		// 1010 + 1020 + 1025 + 1025
		{name: "arrives above", sum: "5", price: "1000", target: "1025", seconds: 4, ppm: 10_000, newSum: "4085", newPrice: "1025"},
		// 1010 + 1020, to the point
		{name: "arrives with the last second", sum: "0", price: "1000", target: "1020", seconds: 2, ppm: 10_000, newSum: "2030", newPrice: "1020"},
		// 990 + 980 + 970
		{name: "on the way down", sum: "0", price: "1000", target: "1", seconds: 3, ppm: 10_000, newSum: "2940", newPrice: "970"},
		// 990 + 980 + 975 + 975
		{name: "arrives below", sum: "0", price: "1000", target: "975", seconds: 4, ppm: 10_000, newSum: "3920", newPrice: "975"},
		// 1 % of 99 is less than one: it moves by one. 100 + 101
		{name: "slope of at least one", sum: "0", price: "99", target: "200", seconds: 2, ppm: 10_000, newSum: "201", newPrice: "101"},
		{name: "from zero", sum: "0", price: "0", target: "2", seconds: 3, ppm: 10_000, newSum: "5", newPrice: "2"},
		{name: "down to zero", sum: "0", price: "2", target: "0", seconds: 1_000_000_000_000, ppm: 0, newSum: "1", newPrice: "0"},
		{name: "sum beyond 256 bits", sum: max256, price: "1", target: "1", seconds: 1, ppm: 1, err: amm.ErrTooLarge},
		{name: "target beyond 256 bits", sum: "0", price: max256, target: max256, seconds: 2, ppm: 1, err: amm.ErrTooLarge},
		{name: "slope beyond 256 bits", sum: "0", price: max256, target: "0", seconds: 2, ppm: 2_000_000, err: amm.ErrTooLarge},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			sum, price, err := amm.ClampedAdvance(num(t, tc.sum), num(t, tc.price), num(t, tc.target), tc.seconds, tc.ppm)
			require.ErrorIs(t, err, tc.err)
			if tc.err != nil {
				require.True(t, sum.IsZero() && price.IsZero())
				return
			}
			require.Equal(t, []string{tc.newSum, tc.newPrice}, []string{sum.Dec(), price.Dec()})
		})
	}
}

// bigClamped is ClampedAdvance second by second.
func bigClamped(sum, price, target *big.Int, seconds uint64, clampPPM uint32) (newSum, newPrice *big.Int) {
	slope := quo(mul(price, big.NewInt(int64(clampPPM))), ppm)
	if slope.Sign() == 0 {
		slope = big.NewInt(1)
	}
	for i := uint64(1); i <= seconds; i++ {
		step := mul(slope, new(big.Int).SetUint64(i))
		newPrice = add(price, step)
		if target.Cmp(price) > 0 {
			if newPrice.Cmp(target) > 0 {
				newPrice = target
			}
		} else if newPrice = sub(price, step); newPrice.Cmp(target) < 0 {
			newPrice = target
		}
		sum = add(sum, newPrice)
	}
	return sum, newPrice
}

func TestClampedAdvanceProperties(t *testing.T) {
	t.Run("equals a loop over the seconds", rapid.MakeCheck(func(t *rapid.T) {
		sum, price := anyInt(200).Draw(t, "sum"), anyInt(191).Draw(t, "price")
		target := anyInt(191).Draw(t, "target")
		if rapid.Bool().Draw(t, "near") {
			target = new(amm.Int).Add(price, part(t, price))
		}
		seconds := rapid.Uint64Range(1, 3000).Draw(t, "seconds")
		clampPPM := rapid.SampledFrom([]uint32{0, 1, 100, 10_000, 500_000, 1_000_000, 3_000_000}).Draw(t, "clamp")
		gotSum, gotPrice, err := amm.ClampedAdvance(sum, price, target, seconds, clampPPM)
		require.NoError(t, err)
		wantSum, wantPrice := bigClamped(sum.ToBig(), price.ToBig(), target.ToBig(), seconds, clampPPM)
		require.Equal(t, wantSum.String(), gotSum.Dec())
		require.Equal(t, wantPrice.String(), gotPrice.Dec())
	}))
	// D is the way that it went: it takes the seconds on the way there and D/slope' back,
	// and slope' is the slope at the price reached.
	t.Run("an excursion adds little", rapid.MakeCheck(func(t *rapid.T) {
		price, away := anyInt(150).Draw(t, "price"), anyInt(180).Draw(t, "away")
		seconds := rapid.Uint64Range(1, 5000).Draw(t, "seconds")
		clampPPM := rapid.Uint32Range(100, 100_000).Draw(t, "clamp")
		rest := rapid.Uint64Range(1, 100_000).Draw(t, "rest")
		var zero amm.Int
		sum, moved, err := amm.ClampedAdvance(&zero, price, away, seconds, clampPPM)
		require.NoError(t, err)
		sum, _, err = amm.ClampedAdvance(&sum, &moved, price, rest, clampPPM)
		require.NoError(t, err)
		slope := func(of *amm.Int) *big.Int {
			if s := quo(mul(of.ToBig(), big.NewInt(int64(clampPPM))), ppm); s.Sign() > 0 {
				return s
			}
			return big.NewInt(1)
		}
		span := new(big.Int).SetUint64(seconds)
		still := mul(price.ToBig(), new(big.Int).SetUint64(seconds+rest))
		moves := sub(sum.ToBig(), still)
		way := sub(moved.ToBig(), price.ToBig())
		limit := mul(slope(price), mul(span, add(span, big.NewInt(1))))
		limit = add(limit, ceil(mul(way, way), slope(&moved)))
		require.LessOrEqual(t, mul(moves, big.NewInt(2)).CmpAbs(limit), 0, "moved the sum by %s", moves)
		// Upwards that is at most slope*seconds^2: the way back is the steeper.
		if way.Sign() > 0 {
			require.LessOrEqual(t, moves.Cmp(mul(slope(price), mul(span, span))), 0)
		}
	}))
}

func TestCombineImpact(t *testing.T) {
	tests := []struct{ a, b, want uint32 }{
		{0, 0, 0},
		{1, 0, 1},
		{0, 999_999, 999_999},
		{1_000_000, 0, 1_000_000},
		{500_000, 500_000, 750_000},
		{1, 1, 2}, // 1.999999
		{10_000, 20_000, 29_800},
		{333_333, 333_333, 555_556}, // 555555.1...
		{2_000_000, 5, 1_000_000},
		{^uint32(0), ^uint32(0), 1_000_000},
	}
	for _, tc := range tests {
		require.Equal(t, tc.want, amm.CombineImpact(tc.a, tc.b), "%d and %d", tc.a, tc.b)
		require.Equal(t, tc.want, amm.CombineImpact(tc.b, tc.a), "%d and %d", tc.b, tc.a)
	}
}

func FuzzClampedAdvance(f *testing.F) {
	all := uint256.NewInt(0).SetAllOne().Bytes()
	f.Add([]byte{1}, []byte{100}, []byte{200}, uint64(3), uint32(10_000))
	f.Add(all, all, all, ^uint64(0), ^uint32(0))
	f.Add([]byte{}, []byte{}, all, ^uint64(0), uint32(1))
	f.Add([]byte{}, all, []byte{}, ^uint64(0), uint32(0))
	f.Fuzz(func(t *testing.T, sum, price, target []byte, seconds uint64, clampPPM uint32) {
		var s, p, q amm.Int
		s.SetBytes(sum)
		p.SetBytes(price)
		q.SetBytes(target)
		newSum, newPrice, err := amm.ClampedAdvance(&s, &p, &q, seconds, clampPPM)
		if err != nil {
			require.ErrorIs(t, err, amm.ErrTooLarge)
			return
		}
		require.False(t, newSum.Lt(&s))
		if p.Lt(&q) {
			require.False(t, newPrice.Lt(&p) || newPrice.Gt(&q))
		} else {
			require.False(t, newPrice.Gt(&p) || newPrice.Lt(&q))
		}
		if seconds <= 1000 {
			wantSum, wantPrice := s.ToBig(), p.ToBig()
			if seconds > 0 {
				wantSum, wantPrice = bigClamped(wantSum, wantPrice, q.ToBig(), seconds, clampPPM)
			}
			require.Equal(t, wantSum.String(), newSum.Dec())
			require.Equal(t, wantPrice.String(), newPrice.Dec())
		}
	})
}
