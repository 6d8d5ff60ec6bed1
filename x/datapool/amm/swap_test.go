package amm_test

import (
	"math/big"
	"testing"

	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/datapool/amm"
)

const (
	e18     = "000000000000000000"
	two127  = "170141183460469231731687303715884105728"
	two127a = "170141183460469231731687303715884105729"
	two255  = "57896044618658097711785492504343953926634992332820282019728792003956564819968"
)

func TestSwapExactIn(t *testing.T) {
	none := amm.Fees{}
	third := amm.Fees{Swap: 3000}
	tests := []struct {
		name            string
		x, y, dx        string
		fees            amm.Fees
		out, xNew, yNew string
		impact          uint32
		err             error
	}{
		// 1000*100/1100 = 90.9
		{name: "no fee", x: "1000", y: "1000", dx: "100", fees: none, out: "90", xNew: "1100", yNew: "910", impact: 90_910},
		// priced 997/1000 of 1000: 10^6*997000/(10^6*10^6/10^3... = 1000000*997/(1000000+997) = 996.006
		{name: "0.3 %", x: "1000000", y: "1000000", dx: "1000", fees: third, out: "996", xNew: "1001000", yNew: "999004", impact: 997},
		// 1*1/(10^12+1) rounds to zero: other markets pay 1 here and let k fall.
		{name: "dust", x: "1000000000000", y: "1000000000000", dx: "1", fees: none, err: amm.ErrDust},
		{name: "dust behind the fee", x: "1", y: "1", dx: "1", fees: none, err: amm.ErrDust},
		{name: "tiny reserves", x: "1", y: "2", dx: "1", fees: none, out: "1", xNew: "2", yNew: "1", impact: 500_000},
		{name: "never all", x: "1", y: "1000", dx: "1000000", fees: none, out: "999", xNew: "1000001", yNew: "1", impact: 1_000_000},
		{
			name: "up to the bound", x: "1", y: two127, dx: "170141183460469231731687303715884105727", fees: none,
			out: "170141183460469231731687303715884105727", xNew: two127, yNew: "1", impact: 1_000_000,
		},
		{name: "over the bound", x: "2", y: two127, dx: "170141183460469231731687303715884105727", fees: none, err: amm.ErrTooLarge},
		{name: "huge input", x: "1000", y: "1000", dx: two255, fees: none, err: amm.ErrTooLarge},
		{name: "huge reserve", x: two127a, y: "1000", dx: "10", fees: none, err: amm.ErrTooLarge},
		{name: "huge other reserve", x: "1000", y: two255, dx: "10", fees: none, err: amm.ErrTooLarge},
		{name: "nothing", x: "1000", y: "1000", dx: "0", fees: none, err: amm.ErrZero},
		{name: "empty", x: "0", y: "1000", dx: "1", fees: none, err: amm.ErrEmpty},
		{name: "other empty", x: "1000", y: "0", dx: "1", fees: none, err: amm.ErrEmpty},
		{name: "fee of all", x: "1000", y: "1000", dx: "1", fees: amm.Fees{Swap: 1_000_000}, err: amm.ErrFees},
		{name: "parts above the fee", x: "1000", y: "1000", dx: "1", fees: amm.Fees{Maker: 500_000, Rewards: 500_001}, err: amm.ErrFees},
		{name: "protocol above the fee", x: "1000", y: "1000", dx: "1", fees: amm.Fees{Protocol: 1_000_001}, err: amm.ErrFees},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := amm.SwapExactIn(num(t, tc.x), num(t, tc.y), num(t, tc.dx), tc.fees)
			require.ErrorIs(t, err, tc.err)
			if tc.err != nil {
				return
			}
			require.Equal(t, tc.out, got.Out.Dec())
			require.Equal(t, tc.dx, got.In.Dec())
			if tc.xNew != "" {
				require.Equal(t, tc.xNew, got.ReserveIn.Dec())
				require.Equal(t, tc.yNew, got.ReserveOut.Dec())
				require.Equal(t, tc.impact, got.ImpactPPM)
			}
		})
	}
}

func TestSwapExactOut(t *testing.T) {
	tests := []struct {
		name     string
		x, y, dy string
		fee      uint32
		in       string
		err      error
	}{
		// 1000*90/910 = 98.9
		{name: "no fee", x: "1000", y: "1000", dy: "90", in: "99"},
		{name: "exact division is not raised", x: "1000", y: "1000", dy: "500", in: "1000"},
		// 10^6*10^6*996/(997000*999004) = 999.99
		{name: "0.3 %", x: "1000000", y: "1000000", dy: "996", fee: 3000, in: "1000"},
		{name: "all but one", x: "1000", y: "1000", dy: "999", in: "999000"},
		{name: "all", x: "1000", y: "1000", dy: "1000", err: amm.ErrDrained},
		{name: "more than all", x: "1000", y: "1000", dy: two255, err: amm.ErrDrained},
		{name: "nothing", x: "1000", y: "1000", dy: "0", err: amm.ErrZero},
		{name: "dearer than the bound", x: two127, y: "1000", dy: "999", err: amm.ErrTooLarge},
		{name: "dearer than 256 bits", x: two127, y: two127, dy: "170141183460469231731687303715884105727", fee: 999_999, err: amm.ErrTooLarge},
		{name: "empty", x: "1000", y: "0", dy: "1", err: amm.ErrEmpty},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := amm.SwapExactOut(num(t, tc.x), num(t, tc.y), num(t, tc.dy), amm.Fees{Swap: tc.fee})
			require.ErrorIs(t, err, tc.err)
			if tc.err == nil {
				require.Equal(t, tc.in, got.In.Dec())
				require.Equal(t, tc.dy, got.Out.Dec())
			}
		})
	}
}

func TestFeeSplit(t *testing.T) {
	tests := []struct {
		name                                string
		dx                                  string
		fees                                amm.Fees
		liquidity, maker, protocol, rewards string
	}{
		{
			name: "round", dx: "1000000", fees: amm.Fees{Swap: 3000, Maker: 200_000, Protocol: 100_000, Rewards: 100_000},
			liquidity: "1890", maker: "540", protocol: "300", rewards: "270",
		},
		// 333 * 0.003 = 0.999: no fee at all, what prices the trade is rounded up.
		{name: "below a unit", dx: "333", fees: amm.Fees{Swap: 3000, Maker: 1_000_000}, liquidity: "0", maker: "0", protocol: "0", rewards: "0"},
		// 1000 * 0.01 = 10; a third is 3, thirds of the other 7 are 2 each, and 3 are left.
		{
			name: "remainder", dx: "1000", fees: amm.Fees{Swap: 10_000, Maker: 333_333, Protocol: 333_333, Rewards: 333_334},
			liquidity: "3", maker: "2", protocol: "3", rewards: "2",
		},
		{
			name: "protocol first", dx: "1000", fees: amm.Fees{Swap: 10_000, Maker: 1_000_000, Protocol: 100_000},
			liquidity: "0", maker: "9", protocol: "1", rewards: "0",
		},
		{name: "all to the maker", dx: "1000", fees: amm.Fees{Swap: 10_000, Maker: 1_000_000}, liquidity: "0", maker: "10", protocol: "0", rewards: "0"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := amm.SwapExactIn(num(t, "1000000"), num(t, "1000000"), num(t, tc.dx), tc.fees)
			require.NoError(t, err)
			require.Equal(t, []string{tc.liquidity, tc.maker, tc.protocol, tc.rewards},
				[]string{got.Fee.Liquidity.Dec(), got.Fee.Maker.Dec(), got.Fee.Protocol.Dec(), got.Fee.Rewards.Dec()})
		})
	}
}

// checkTrade holds what every trade must keep: fee conservation, the oracle's
// fee, what leaves the reserves, and k.
func checkTrade(t *rapid.T, x, y *amm.Int, fees amm.Fees, got *amm.Trade) {
	total := got.Fee.Total()
	fee := quo(mul(got.In.ToBig(), big.NewInt(int64(fees.Swap))), ppm)
	require.Equal(t, fee.String(), total.Dec(), "the parts add up to the fee")
	left := sub(fee, got.Fee.Liquidity.ToBig())
	require.Equal(t, sub(add(x.ToBig(), got.In.ToBig()), left).String(), got.ReserveIn.Dec())
	require.Equal(t, sub(y.ToBig(), got.Out.ToBig()).String(), got.ReserveOut.Dec())
	before, after := mul(x.ToBig(), y.ToBig()), mul(got.ReserveIn.ToBig(), got.ReserveOut.ToBig())
	require.GreaterOrEqual(t, after.Cmp(before), 0, "k fell from %s to %s", before, after)
	require.False(t, got.ReserveOut.IsZero())
	require.LessOrEqual(t, got.ImpactPPM, uint32(amm.PPM))
}

func TestSwapProperties(t *testing.T) {
	t.Run("exact in equals the oracle and k never falls", rapid.MakeCheck(func(t *rapid.T) {
		x, y := anyInt(128).Draw(t, "x"), anyInt(128).Draw(t, "y")
		dx, fees := anyInt(256).Draw(t, "dx"), anyFees().Draw(t, "fees")
		got, err := amm.SwapExactIn(x, y, dx, fees)
		if err != nil {
			require.NotErrorIs(t, err, amm.ErrInvariant)
			return
		}
		require.Equal(t, bigExactIn(x.ToBig(), y.ToBig(), dx.ToBig(), fees.Swap).String(), got.Out.Dec())
		checkTrade(t, x, y, fees, &got)
	}))
	t.Run("exact out equals the oracle and is the smallest input", rapid.MakeCheck(func(t *rapid.T) {
		x, y := anyInt(127).Draw(t, "x"), anyInt(127).Draw(t, "y")
		dy, fees := anyInt(127).Draw(t, "dy"), anyFees().Draw(t, "fees")
		got, err := amm.SwapExactOut(x, y, dy, fees)
		if err != nil {
			require.NotErrorIs(t, err, amm.ErrInvariant)
			return
		}
		in := got.In.ToBig()
		require.Equal(t, bigExactOut(x.ToBig(), y.ToBig(), dy.ToBig(), fees.Swap).String(), in.String())
		require.GreaterOrEqual(t, bigExactIn(x.ToBig(), y.ToBig(), in, fees.Swap).Cmp(dy.ToBig()), 0)
		less := sub(in, big.NewInt(1))
		require.Negative(t, bigExactIn(x.ToBig(), y.ToBig(), less, fees.Swap).Cmp(dy.ToBig()), "a smaller input would do")
		checkTrade(t, x, y, fees, &got)
	}))
	t.Run("in, out, in never gains", rapid.MakeCheck(func(t *rapid.T) {
		x, y := anyInt(127).Draw(t, "x"), anyInt(127).Draw(t, "y")
		dx, fees := anyInt(127).Draw(t, "dx"), anyFees().Draw(t, "fees")
		there, err := amm.SwapExactIn(x, y, dx, fees)
		if err != nil {
			return
		}
		back, err := amm.SwapExactIn(&there.ReserveOut, &there.ReserveIn, &there.Out, fees)
		if err != nil {
			return
		}
		require.False(t, back.Out.Gt(dx), "%s came back of %s", back.Out.Dec(), dx.Dec())
	}))
	t.Run("two trades never pay more than one", rapid.MakeCheck(func(t *rapid.T) {
		x, y := anyInt(127).Draw(t, "x"), anyInt(127).Draw(t, "y")
		a, b := anyInt(120).Draw(t, "a"), anyInt(120).Draw(t, "b")
		// Without a fee: with one, the liquidity's part of the first trade deepens the pool for the second.
		whole, err := amm.SwapExactIn(x, y, new(amm.Int).Add(a, b), amm.Fees{})
		if err != nil {
			return
		}
		first, err := amm.SwapExactIn(x, y, a, amm.Fees{})
		if err != nil {
			return
		}
		second, err := amm.SwapExactIn(&first.ReserveIn, &first.ReserveOut, b, amm.Fees{})
		if err != nil {
			return
		}
		require.False(t, new(amm.Int).Add(&first.Out, &second.Out).Gt(&whole.Out))
	}))
	t.Run("selling more pays no less", rapid.MakeCheck(func(t *rapid.T) {
		x, y := anyInt(127).Draw(t, "x"), anyInt(127).Draw(t, "y")
		a, b, fees := anyInt(120).Draw(t, "a"), anyInt(120).Draw(t, "b"), anyFees().Draw(t, "fees")
		less, err := amm.SwapExactIn(x, y, a, fees)
		if err != nil {
			return
		}
		more, err := amm.SwapExactIn(x, y, new(amm.Int).Add(a, b), fees)
		if err != nil {
			return
		}
		require.False(t, more.Out.Lt(&less.Out))
		require.GreaterOrEqual(t, more.ImpactPPM, less.ImpactPPM)
	}))
}

func FuzzSwapExactIn(f *testing.F) {
	seedSwaps(f)
	f.Fuzz(func(t *testing.T, x, y, dx []byte, swap, maker, protocol, rewards uint32) {
		var rx, ry, in amm.Int
		rx.SetBytes(x)
		ry.SetBytes(y)
		in.SetBytes(dx)
		got, err := amm.SwapExactIn(&rx, &ry, &in, amm.Fees{Swap: swap, Maker: maker, Protocol: protocol, Rewards: rewards})
		checkFuzzed(t, &rx, &ry, &got, err)
		if err == nil {
			require.Equal(t, bigExactIn(rx.ToBig(), ry.ToBig(), in.ToBig(), swap).String(), got.Out.Dec())
		}
	})
}

func FuzzSwapExactOut(f *testing.F) {
	seedSwaps(f)
	f.Fuzz(func(t *testing.T, x, y, dy []byte, swap, maker, protocol, rewards uint32) {
		var rx, ry, out amm.Int
		rx.SetBytes(x)
		ry.SetBytes(y)
		out.SetBytes(dy)
		got, err := amm.SwapExactOut(&rx, &ry, &out, amm.Fees{Swap: swap, Maker: maker, Protocol: protocol, Rewards: rewards})
		checkFuzzed(t, &rx, &ry, &got, err)
		if err == nil {
			require.Equal(t, bigExactOut(rx.ToBig(), ry.ToBig(), out.ToBig(), swap).String(), got.In.Dec())
		}
	})
}

func seedSwaps(f *testing.F) {
	all := uint256.NewInt(0).SetAllOne().Bytes()
	bound := amm.MaxReserve()
	f.Add([]byte{100}, []byte{100}, []byte{10}, uint32(3000), uint32(200_000), uint32(100_000), uint32(100_000))
	f.Add([]byte{1}, []byte{2}, []byte{1}, uint32(0), uint32(0), uint32(0), uint32(0))
	f.Add(bound.Bytes(), bound.Bytes(), []byte{1}, uint32(999_999), uint32(1_000_000), uint32(0), uint32(0))
	f.Add(all, all, all, ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0))
	f.Add([]byte{}, []byte{1}, []byte{1}, uint32(0), uint32(0), uint32(0), uint32(0))
}

func checkFuzzed(t *testing.T, x, y *amm.Int, got *amm.Trade, err error) {
	t.Helper()
	require.NotErrorIs(t, err, amm.ErrInvariant)
	if err != nil {
		return
	}
	before, after := mul(x.ToBig(), y.ToBig()), mul(got.ReserveIn.ToBig(), got.ReserveOut.ToBig())
	require.GreaterOrEqual(t, after.Cmp(before), 0)
	require.False(t, got.Out.IsZero())
	require.False(t, got.In.IsZero())
}
