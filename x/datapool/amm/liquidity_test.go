package amm_test

import (
	"testing"

	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/datapool/amm"
)

func TestInitialShares(t *testing.T) {
	tests := []struct {
		name, x, y, shares string
		err                error
	}{
		{name: "square", x: "1000000", y: "1000000", shares: "1000000"},
		// Uniswap v2 core's test/UniswapV2Pair.spec.ts, mint: sqrt(1e18*4e18) = 2e18.
		{name: "uniswap mint", x: "1" + e18, y: "4" + e18, shares: "2" + e18},
		{name: "rounds down", x: "1001", y: "1001001", shares: "31654"}, // 31654.4^2 = 1002002001
		{name: "just enough", x: "1001", y: "1001", shares: "1001"},
		{name: "only the locked ones", x: "1000", y: "1000", err: amm.ErrDust},
		{name: "largest", x: two127, y: two127, shares: two127},
		{name: "empty", x: "0", y: "10", err: amm.ErrEmpty},
		{name: "too large", x: two127a, y: "10", err: amm.ErrTooLarge},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := amm.InitialShares(num(t, tc.x), num(t, tc.y))
			require.ErrorIs(t, err, tc.err)
			if tc.err == nil {
				require.Equal(t, tc.shares, got.Dec())
			}
		})
	}
}

func TestAddLiquidity(t *testing.T) {
	tests := []struct {
		name, x, y, total, maxX, maxY string
		shares, usedX, usedY          string
		err                           error
	}{
		{name: "in proportion", x: "1000", y: "2000", total: "1400", maxX: "100", maxY: "200", shares: "140", usedX: "100", usedY: "200"},
		// 100*1400/1000 = 140, 150*1400/2000 = 105: takes ceil(105*1000/1400) = 75, 150
		{name: "the scarcer side decides", x: "1000", y: "2000", total: "1400", maxX: "100", maxY: "150", shares: "105", usedX: "75", usedY: "150"},
		// 10*3000/7001 = 4.28: 4 shares cost ceil(4*7001/3000) = 10, ceil(4*1003/3000) = 2
		{name: "rounds for the pool", x: "7001", y: "1003", total: "3000", maxX: "10", maxY: "10", shares: "4", usedX: "10", usedY: "2"},
		{name: "dust", x: "1000000", y: "1000000", total: "1000", maxX: "999", maxY: "1000000", err: amm.ErrDust},
		{name: "nothing", x: "1000", y: "1000", total: "1000", maxX: "0", maxY: "5", err: amm.ErrZero},
		{name: "nothing on the other side", x: "1000", y: "1000", total: "1000", maxX: "5", maxY: "0", err: amm.ErrZero},
		{name: "huge", x: "1000", y: "1000", total: "1000", maxX: two255, maxY: two255, err: amm.ErrTooLarge},
		{name: "over the bound", x: two127, y: two127, total: two127, maxX: "1", maxY: "1", err: amm.ErrTooLarge},
		{name: "no pool", x: "1000", y: "1000", total: "999", maxX: "5", maxY: "5", err: amm.ErrEmpty},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := amm.AddLiquidity(num(t, tc.x), num(t, tc.y), num(t, tc.total), num(t, tc.maxX), num(t, tc.maxY))
			require.ErrorIs(t, err, tc.err)
			if tc.err == nil {
				require.Equal(t, []string{tc.shares, tc.usedX, tc.usedY}, []string{got.Shares.Dec(), got.X.Dec(), got.Y.Dec()})
			}
		})
	}
}

func TestRemoveLiquidity(t *testing.T) {
	tests := []struct {
		name, x, y, total, shares string
		paidX, paidY              string
		err                       error
	}{
		// 140*1000/2400 = 58.3, 140*2000/2400 = 116.6
		{name: "rounds for the pool", x: "1000", y: "2000", total: "2400", shares: "140", paidX: "58", paidY: "116"},
		// Uniswap v2 core's spec, burn: 3e18 of each and 3e18 shares; all but the minimum is paid out all but 1000.
		{name: "uniswap burn", x: "3" + e18, y: "3" + e18, total: "3" + e18, shares: "2999999999999999000", paidX: "2999999999999999000", paidY: "2999999999999999000"},
		{name: "into the locked shares", x: "5000", y: "5000", total: "5000", shares: "4001", err: amm.ErrDrained},
		{name: "more than there are", x: "5000", y: "5000", total: "5000", shares: two255, err: amm.ErrDrained},
		{name: "dust on one side", x: "5000000", y: "10", total: "5000", shares: "100", err: amm.ErrDust},
		{name: "nothing", x: "5000", y: "5000", total: "5000", shares: "0", err: amm.ErrZero},
		{name: "empty", x: "5000", y: "0", total: "5000", shares: "1", err: amm.ErrEmpty},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := amm.RemoveLiquidity(num(t, tc.x), num(t, tc.y), num(t, tc.total), num(t, tc.shares))
			require.ErrorIs(t, err, tc.err)
			if tc.err == nil {
				require.Equal(t, []string{tc.paidX, tc.paidY}, []string{got.X.Dec(), got.Y.Dec()})
			}
		})
	}
}

// anyPool draws a pool that can exist: shares between the minimum and sqrt(k).
func anyPool(t *rapid.T) (x, y, total *amm.Int) {
	x, y = anyInt(127).Draw(t, "x"), anyInt(127).Draw(t, "y")
	s, err := amm.InitialShares(x, y)
	if err != nil {
		t.Skip("no pool")
	}
	// Fees make reserves grow while shares stay.
	s.Rsh(&s, uint(rapid.IntRange(0, 20).Draw(t, "grown")))
	if s.LtUint64(amm.MinimumShares + 1) {
		s.SetUint64(amm.MinimumShares + 1)
	}
	return x, y, &s
}

func TestLiquidityProperties(t *testing.T) {
	t.Run("a share never loses value", rapid.MakeCheck(func(t *rapid.T) {
		x, y, total := anyPool(t)
		var got amm.Change
		var err error
		if rapid.Bool().Draw(t, "add") {
			got, err = amm.AddLiquidity(x, y, total, anyInt(256).Draw(t, "maxX"), anyInt(256).Draw(t, "maxY"))
		} else {
			got, err = amm.RemoveLiquidity(x, y, total, anyInt(256).Draw(t, "shares"))
		}
		if err != nil {
			require.NotErrorIs(t, err, amm.ErrInvariant)
			return
		}
		require.GreaterOrEqual(t, mul(got.ReserveX.ToBig(), total.ToBig()).Cmp(mul(x.ToBig(), got.TotalShares.ToBig())), 0)
		require.GreaterOrEqual(t, mul(got.ReserveY.ToBig(), total.ToBig()).Cmp(mul(y.ToBig(), got.TotalShares.ToBig())), 0)
		require.False(t, got.ReserveX.IsZero() || got.ReserveY.IsZero())
	}))
	t.Run("never takes more than offered, and is the largest such deposit", rapid.MakeCheck(func(t *rapid.T) {
		x, y, total := anyPool(t)
		maxX, maxY := anyInt(127).Draw(t, "maxX"), anyInt(127).Draw(t, "maxY")
		got, err := amm.AddLiquidity(x, y, total, maxX, maxY)
		if err != nil {
			return
		}
		require.False(t, got.X.Gt(maxX) || got.Y.Gt(maxY))
		more := add(got.Shares.ToBig(), uint256.NewInt(1).ToBig())
		fits := ceil(mul(more, x.ToBig()), total.ToBig()).Cmp(maxX.ToBig()) <= 0 &&
			ceil(mul(more, y.ToBig()), total.ToBig()).Cmp(maxY.ToBig()) <= 0
		require.False(t, fits, "one more share would fit")
	}))
	t.Run("join then exit never pays more than was put in", rapid.MakeCheck(func(t *rapid.T) {
		x, y, total := anyPool(t)
		in, err := amm.AddLiquidity(x, y, total, anyInt(127).Draw(t, "maxX"), anyInt(127).Draw(t, "maxY"))
		if err != nil {
			return
		}
		out, err := amm.RemoveLiquidity(&in.ReserveX, &in.ReserveY, &in.TotalShares, &in.Shares)
		if err != nil {
			return
		}
		require.False(t, out.X.Gt(&in.X) || out.Y.Gt(&in.Y))
	}))
	t.Run("many small exits never pay more than one", rapid.MakeCheck(func(t *rapid.T) {
		x, y, total := anyPool(t)
		part := anyInt(100).Draw(t, "part")
		n := uint64(rapid.IntRange(2, 20).Draw(t, "n"))
		whole, err := amm.RemoveLiquidity(x, y, total, new(amm.Int).Mul(part, uint256.NewInt(n)))
		if err != nil {
			return
		}
		var sumX, sumY amm.Int
		cx, cy, ct := *x, *y, *total
		for range n {
			c, err := amm.RemoveLiquidity(&cx, &cy, &ct, part)
			if err != nil {
				require.ErrorIs(t, err, amm.ErrDust)
				return
			}
			sumX.Add(&sumX, &c.X)
			sumY.Add(&sumY, &c.Y)
			cx, cy, ct = c.ReserveX, c.ReserveY, c.TotalShares
		}
		require.False(t, sumX.Gt(&whole.X) || sumY.Gt(&whole.Y))
	}))
	t.Run("add, swap and exit never beat the swap alone", rapid.MakeCheck(func(t *rapid.T) {
		x, y, total := anyPool(t)
		fees := anyFees().Draw(t, "fees")
		in, err := amm.AddLiquidity(x, y, total, anyInt(127).Draw(t, "maxX"), anyInt(127).Draw(t, "maxY"))
		if err != nil {
			return
		}
		there, err := amm.SwapExactIn(&in.ReserveX, &in.ReserveY, anyInt(127).Draw(t, "dx"), fees)
		if err != nil {
			return
		}
		back, err := amm.SwapExactIn(&there.ReserveOut, &there.ReserveIn, &there.Out, fees)
		if err != nil {
			return
		}
		out, err := amm.RemoveLiquidity(&back.ReserveOut, &back.ReserveIn, &in.TotalShares, &in.Shares)
		if err != nil {
			return
		}
		// Reserves of the others must not have shrunk: k per share squared did not fall.
		left := mul(out.ReserveX.ToBig(), out.ReserveY.ToBig())
		before := mul(x.ToBig(), y.ToBig())
		require.GreaterOrEqual(t, left.Cmp(before), 0, "the others lost")
	}))
}

func FuzzLiquidity(f *testing.F) {
	all := uint256.NewInt(0).SetAllOne().Bytes()
	f.Add([]byte{200}, []byte{100}, []byte{0x10, 0}, []byte{50}, []byte{60})
	f.Add(all, all, all, all, all)
	f.Add([]byte{}, []byte{1}, []byte{0x10, 0}, []byte{1}, []byte{1})
	f.Fuzz(func(t *testing.T, x, y, total, a, b []byte) {
		var rx, ry, s, va, vb amm.Int
		for _, p := range []struct {
			to   *amm.Int
			from []byte
		}{{&rx, x}, {&ry, y}, {&s, total}, {&va, a}, {&vb, b}} {
			p.to.SetBytes(p.from)
		}
		if in, err := amm.AddLiquidity(&rx, &ry, &s, &va, &vb); err == nil {
			require.False(t, in.X.Gt(&va) || in.Y.Gt(&vb) || in.Shares.IsZero())
			out, err := amm.RemoveLiquidity(&in.ReserveX, &in.ReserveY, &in.TotalShares, &in.Shares)
			if err == nil {
				require.False(t, out.X.Gt(&in.X) || out.Y.Gt(&in.Y))
			}
		} else {
			require.NotErrorIs(t, err, amm.ErrInvariant)
		}
		_, err := amm.RemoveLiquidity(&rx, &ry, &s, &va)
		require.NotErrorIs(t, err, amm.ErrInvariant)
		if got, err := amm.InitialShares(&rx, &ry); err == nil {
			square := mul(got.ToBig(), got.ToBig())
			require.LessOrEqual(t, square.Cmp(mul(rx.ToBig(), ry.ToBig())), 0)
		}
	})
}
