package amm_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/datapool/amm"
)

func TestAddSingle(t *testing.T) {
	tests := []struct {
		name               string
		opening            []string
		x, y, total, dx    string
		fees               amm.Fees
		sold, got, shares  string
		xNew, yNew, supply string
		surcharge          string
		err                error
	}{
		// (1000+s)^2 = 1000*2025 has no whole root; 1000 * (sqrt(1.21)-1) = 100 has:
		// 100 of 210 buy 90, and 110 of 1100 or 90 of 910 are 100 or 98.9 of 1000 shares.
		// One more sold buys 91 of 909, a tenth of what is left; 109 of 1101 are 99 shares.
		{name: "no fee", x: "1000", y: "1000", total: "1000", dx: "210", sold: "101", got: "91", shares: "99", xNew: "1210", yNew: "1000", supply: "1099"},
		{name: "no fee, round", x: "1000000", y: "1000000", total: "1000000", dx: "210000", sold: "100000", got: "90909", shares: "99999", xNew: "1210000", yNew: "1000000", supply: "1099999"},
		// 44 % more of one coin are 20 % more shares.
		{name: "the square root", x: "1000000", y: "9000000", total: "3000000", dx: "440000", sold: "200000", got: "1500000", shares: "600000", xNew: "1440000", yNew: "9000000", supply: "3600000"},
		// The whole fee of 0.3 % of 100,164 leaves: 300 of the 210,000 are not in the reserve.
		{
			name: "the fee leaves", x: "1000000", y: "1000000", total: "1000000", dx: "210000", fees: amm.Fees{Swap: 3000, Maker: 1_000_000},
			sold: "100164", got: "90796", shares: "99863", xNew: "1209700", yNew: "1000000", supply: "1099863",
		},
		// At the opening a unit bought half: 137,070 buy 500,000*137,070/1,137,070 = 60,273.4, and
		// 72,930 of 1,137,070 or 60,273 of 939,727 are 64,138 shares. The curve gives twice as much.
		{
			name: "guarded", opening: []string{"1000000", "500000"}, x: "1000000", y: "1000000", total: "1000000", dx: "210000",
			sold: "137070", got: "60273", shares: "64138", xNew: "1210000", yNew: "1000000", supply: "1064138", surcharge: "60273",
		},
		{name: "guard that does not bind", opening: []string{"1000000", "2000000"}, x: "1000000", y: "1000000", total: "1000000", dx: "210000", sold: "100000", got: "90909", shares: "99999", xNew: "1210000", yNew: "1000000", supply: "1099999"},
		{name: "one unit", x: "1000", y: "1000", total: "1000", dx: "1", err: amm.ErrDust},
		{name: "buys nothing", x: "1000000", y: "10", total: "3162", dx: "5", err: amm.ErrDust},
		{name: "nothing", x: "1000", y: "1000", total: "1000", dx: "0", err: amm.ErrZero},
		{name: "empty", x: "0", y: "1000", total: "1000", dx: "9", err: amm.ErrEmpty},
		{name: "no shares", x: "1000", y: "1000", total: "999", dx: "9", err: amm.ErrEmpty},
		{name: "fees", x: "1000", y: "1000", total: "1000", dx: "9", fees: amm.Fees{Swap: 1_000_000}, err: amm.ErrFees},
		{name: "huge", x: "1000", y: "1000", total: "1000", dx: two127a, err: amm.ErrTooLarge},
		{name: "huge reserve", x: two255, y: "1000", total: "1000", dx: "9", err: amm.ErrTooLarge},
		{name: "over the bound", x: two127, y: two127, total: "1000000000", dx: two127, err: amm.ErrTooLarge},
		{name: "shares over the bound", x: "1000", y: "1000", total: two127, dx: "900000", err: amm.ErrTooLarge},
		{name: "no opening", opening: []string{"0", "1"}, x: "1000", y: "1000", total: "1000", dx: "9", err: amm.ErrEmpty},
		{name: "huge opening", opening: []string{"1", two127a}, x: "1000", y: "1000", total: "1000", dx: "9", err: amm.ErrTooLarge},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := amm.AddSingle(opening(t, tc.opening), num(t, tc.x), num(t, tc.y), num(t, tc.total), num(t, tc.dx), tc.fees)
			require.ErrorIs(t, err, tc.err)
			if tc.err != nil {
				return
			}
			if tc.surcharge == "" {
				tc.surcharge = "0"
			}
			require.Equal(t, []string{tc.sold, tc.got, tc.shares, tc.xNew, tc.yNew, tc.supply, tc.surcharge}, []string{
				got.Swap.In.Dec(), got.Swap.Out.Dec(), got.Liquidity.Shares.Dec(), got.Liquidity.ReserveX.Dec(),
				got.Liquidity.ReserveY.Dec(), got.Liquidity.TotalShares.Dec(), got.Swap.Surcharge.Dec(),
			})
		})
	}
}

func TestRemoveSingle(t *testing.T) {
	tests := []struct {
		name                string
		opening             []string
		x, y, total, shares string
		fees                amm.Fees
		paid, sold, bought  string
		xNew, yNew          string
		err                 error
	}{
		// A tenth: 100,000 each; 100,000 into 900,000 buys 90,000. Together 1-(0.9)^2 of the reserve.
		{name: "no fee", x: "1000000", y: "1000000", total: "1000000", shares: "100000", paid: "100000", sold: "100000", bought: "90000", xNew: "810000", yNew: "1000000"},
		// 900,000*99,700/(900,000+99,700) = 89,756.9
		{name: "0.3 %", x: "1000000", y: "1000000", total: "1000000", shares: "100000", fees: amm.Fees{Swap: 3000}, paid: "100000", sold: "100000", bought: "89756", xNew: "810244", yNew: "1000000"},
		// At the opening a unit of Y was worth half, so the reserves are worth 1,500,000 X and were
		// worth 1,000,000: two thirds of a tenth are paid. Then 450,000 stand against 900,000, and
		// 66,666 buy 450,000*66,666/966,666.
		{name: "guarded", opening: []string{"500000", "1000000"}, x: "1000000", y: "1000000", total: "1000000", shares: "100000", paid: "66666", sold: "66666", bought: "31034", xNew: "902300", yNew: "1000000"},
		{name: "all but the locked", x: "1000000", y: "1000000", total: "1000000", shares: "999000", paid: "999000", sold: "999000", bought: "999", xNew: "1", yNew: "1000000"},
		{name: "the locked", x: "1000000", y: "1000000", total: "1000000", shares: "999001", err: amm.ErrDrained},
		{name: "more than all", x: "1000000", y: "1000000", total: "1000000", shares: two255, err: amm.ErrDrained},
		{name: "dust", x: "1000000", y: "10", total: "3162", shares: "1", err: amm.ErrDust},
		{name: "nothing", x: "1000", y: "1000", total: "2000", shares: "0", err: amm.ErrZero},
		{name: "empty", x: "1000", y: "0", total: "2000", shares: "1", err: amm.ErrEmpty},
		{name: "fees", x: "1000", y: "1000", total: "2000", shares: "100", fees: amm.Fees{Swap: 1_000_000}, err: amm.ErrFees},
		{name: "no opening", opening: []string{"1", "0"}, x: "1000", y: "1000", total: "2000", shares: "100", err: amm.ErrEmpty},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := amm.RemoveSingle(opening(t, tc.opening), num(t, tc.x), num(t, tc.y), num(t, tc.total), num(t, tc.shares), tc.fees)
			require.ErrorIs(t, err, tc.err)
			if tc.err != nil {
				return
			}
			require.Equal(t, []string{tc.paid, tc.sold, tc.sold, tc.bought, tc.xNew, tc.yNew}, []string{
				got.Liquidity.X.Dec(), got.Liquidity.Y.Dec(), got.Swap.In.Dec(), got.Swap.Out.Dec(),
				got.Liquidity.ReserveX.Dec(), got.Liquidity.ReserveY.Dec(),
			})
		})
	}
}

// TestAddSingleFindsTheBestPart tries every part to sell.
func TestAddSingleFindsTheBestPart(t *testing.T) {
	// property reports whether anything was deposited, and whether in the best part.
	property := func(t *rapid.T) (deposited, best bool) {
		limit := rapid.SampledFrom([]uint64{10, 100, 1000, 20_000}).Draw(t, "limit")
		reserve := func(label string) *amm.Int { return uint256.NewInt(rapid.Uint64Range(1, limit).Draw(t, label)) }
		x, y := reserve("x"), reserve("y")
		total := uint256.NewInt(rapid.Uint64Range(1000, rapid.SampledFrom([]uint64{1010, 2000, 100_000}).Draw(t, "shares")).Draw(t, "total"))
		dx := rapid.Uint64Range(1, 400).Draw(t, "dx")
		fees := anyFees().Draw(t, "fees")
		var o *amm.Opening
		if rapid.Bool().Draw(t, "guard") {
			o = &amm.Opening{X: *reserve("X"), Y: *reserve("Y")}
		}
		var most amm.Int
		for s := uint64(1); s < dx; s++ {
			swap, err := amm.GuardedSwapExactIn(o, x, y, uint256.NewInt(s), fees)
			if err != nil {
				continue
			}
			c, err := amm.AddLiquidity(&swap.ReserveIn, &swap.ReserveOut, total, uint256.NewInt(dx-s), &swap.Out)
			if err == nil && c.Shares.Gt(&most) {
				most = c.Shares
			}
		}
		got, err := amm.AddSingle(o, x, y, total, uint256.NewInt(dx), fees)
		if err != nil {
			require.ErrorIs(t, err, amm.ErrDust)
			require.True(t, most.LtUint64(2), "expected %s shares", most.Dec())
			return false, false
		}
		require.False(t, got.Liquidity.Shares.Gt(&most))
		// (got+1)*x' >= best*(x'-3)
		after := got.Swap.ReserveIn.ToBig()
		bound := mul(most.ToBig(), sub(after, big.NewInt(3)))
		require.GreaterOrEqual(t, mul(add(got.Liquidity.Shares.ToBig(), big.NewInt(1)), after).Cmp(bound), 0,
			"got %s shares, the best part of %d gives %s", got.Liquidity.Shares.Dec(), dx, most.Dec())
		return true, got.Liquidity.Shares.Eq(&most)
	}
	rapid.Check(t, func(t *rapid.T) { property(t) })
	// How often the part is the best one is counted over fixed seeds.
	checked, equal := 0, 0
	seeded := rapid.Custom(func(t *rapid.T) [2]bool {
		deposited, best := property(t)
		return [2]bool{deposited, best}
	})
	for seed := range 200 {
		if found := seeded.Example(seed); found[0] {
			checked++
			if found[1] {
				equal++
			}
		}
	}
	require.GreaterOrEqual(t, equal*100, checked*99, "the best part was found in %d of %d", equal, checked)
}

// agedPool draws reserves of any size with a total of shares near sqrt(x*y), or above
// or below it by up to a millionfold, as fees and donations leave it.
func agedPool(t *rapid.T, bits int) (x, y, total *amm.Int) {
	x, y = anyInt(bits).Draw(t, "x"), anyInt(bits).Draw(t, "y")
	total = new(amm.Int).Sqrt(new(amm.Int).Mul(x, y))
	total.Rsh(total, uint(rapid.IntRange(0, 20).Draw(t, "older")))
	if total.LtUint64(1000) {
		total.SetUint64(1000)
	}
	return x, y, total
}

// anyOpening draws none, the reserves themselves, some that are a little off, or any.
func anyOpening(t *rapid.T, x, y *amm.Int) *amm.Opening {
	near := func(v *amm.Int, label string) amm.Int {
		var z amm.Int
		z.MulDivOverflow(v, uint256.NewInt(rapid.Uint64Range(900, 1100).Draw(t, label)), uint256.NewInt(1000))
		if z.IsZero() || amm.TooLarge(&z) {
			return *v
		}
		return z
	}
	switch rapid.IntRange(0, 3).Draw(t, "opening") {
	case 0:
		return nil
	case 1:
		return &amm.Opening{X: *x, Y: *y}
	case 2:
		return &amm.Opening{X: near(x, "X"), Y: near(y, "Y")}
	}
	return &amm.Opening{X: *anyInt(127).Draw(t, "X"), Y: *anyInt(127).Draw(t, "Y")}
}

// requireShareValue checks that a share is worth no less: x'*y'*S^2 >= x*y*S'^2.
func requireShareValue(t require.TestingT, x, y, total *amm.Int, after *amm.Change) {
	square := func(v *amm.Int) *big.Int { return mul(v.ToBig(), v.ToBig()) }
	was := mul(mul(x.ToBig(), y.ToBig()), square(&after.TotalShares))
	is := mul(mul(after.ReserveX.ToBig(), after.ReserveY.ToBig()), square(total))
	require.GreaterOrEqual(t, is.Cmp(was), 0)
	require.False(t, after.ReserveX.IsZero() || after.ReserveY.IsZero())
}

func TestSingleProperties(t *testing.T) {
	t.Run("a deposit is a swap and a deposit in proportion", rapid.MakeCheck(func(t *rapid.T) {
		x, y, total := agedPool(t, 128)
		dx, fees := anyInt(128).Draw(t, "dx"), anyFees().Draw(t, "fees")
		o := anyOpening(t, x, y)
		kept := copyOpening(o)
		got, err := amm.AddSingle(o, x, y, total, dx, fees)
		require.NotErrorIs(t, err, amm.ErrInvariant)
		require.Equal(t, kept, o, "the opening is the caller's")
		if err != nil {
			return
		}
		c := &got.Liquidity
		require.Equal(t, *dx, *new(amm.Int).Add(&got.Swap.In, &c.X))
		require.Equal(t, got.Swap.Out, c.Y)
		swap, err := amm.GuardedSwapExactIn(o, x, y, &got.Swap.In, fees)
		require.NoError(t, err)
		require.Equal(t, swap, got.Swap)
		twice, err := amm.AddLiquidity(&swap.ReserveIn, &swap.ReserveOut, total, &c.X, &c.Y)
		require.NoError(t, err)
		require.Equal(t, twice.Shares, c.Shares)
		// What the proportion leaves over is the pool's; all that was bought went back.
		require.False(t, c.ReserveX.Lt(&twice.ReserveX))
		require.Equal(t, *y, c.ReserveY)
		require.Equal(t, *new(amm.Int).Add(&swap.ReserveIn, &c.X), c.ReserveX)
		requireShareValue(t, x, y, total, c)
	}))
	t.Run("a withdrawal is a withdrawal in proportion and a swap", rapid.MakeCheck(func(t *rapid.T) {
		x, y, total := agedPool(t, 128)
		shares, fees := anyInt(128).Draw(t, "shares"), anyFees().Draw(t, "fees")
		o := anyOpening(t, x, y)
		kept := copyOpening(o)
		got, err := amm.RemoveSingle(o, x, y, total, shares, fees)
		require.NotErrorIs(t, err, amm.ErrInvariant)
		require.Equal(t, kept, o, "the opening is the caller's")
		if err != nil {
			return
		}
		c, err := amm.GuardedRemoveLiquidity(o, x, y, total, shares)
		require.NoError(t, err)
		require.Equal(t, []amm.Int{c.X, c.Y, c.Shares, c.TotalShares},
			[]amm.Int{got.Liquidity.X, got.Liquidity.Y, got.Liquidity.Shares, got.Liquidity.TotalShares})
		var turned *amm.Opening
		if o != nil {
			kept.Scale(total, &c.TotalShares)
			turned = &amm.Opening{X: kept.Y, Y: kept.X}
		}
		swap, err := amm.GuardedSwapExactIn(turned, &c.ReserveY, &c.ReserveX, &c.Y, fees)
		require.NoError(t, err)
		require.Equal(t, swap, got.Swap)
		require.Equal(t, []amm.Int{swap.ReserveOut, swap.ReserveIn}, []amm.Int{got.Liquidity.ReserveX, got.Liquidity.ReserveY})
		requireShareValue(t, x, y, total, &got.Liquidity)
	}))
	t.Run("in and out never gains", rapid.MakeCheck(func(t *rapid.T) {
		x, y, total := agedPool(t, 120)
		dx, fees := anyInt(120).Draw(t, "dx"), anyFees().Draw(t, "fees")
		in, err := amm.AddSingle(nil, x, y, total, dx, fees)
		if err != nil {
			return
		}
		c := &in.Liquidity
		out, err := amm.RemoveSingle(nil, &c.ReserveX, &c.ReserveY, &c.TotalShares, &c.Shares, fees)
		if err != nil {
			return
		}
		paid := new(amm.Int).Add(&out.Liquidity.X, &out.Swap.Out)
		require.False(t, paid.Gt(dx), "%s came back of %s", paid.Dec(), dx.Dec())
	}))
	t.Run("in and out to the other coin pays no more than the two swaps", rapid.MakeCheck(func(t *rapid.T) {
		x, y, total := agedPool(t, 120)
		dx, fees := anyInt(120).Draw(t, "dx"), anyFees().Draw(t, "fees")
		if rapid.Bool().Draw(t, "the fee leaves") {
			fees.Maker, fees.Protocol, fees.Rewards = amm.PPM, 0, 0
		}
		in, err := amm.AddSingle(nil, x, y, total, dx, fees)
		if err != nil {
			return
		}
		c := &in.Liquidity
		out, err := amm.RemoveSingle(nil, &c.ReserveY, &c.ReserveX, &c.TotalShares, &c.Shares, fees)
		if err != nil {
			return
		}
		paid := new(amm.Int).Add(&out.Liquidity.X, &out.Swap.Out)
		// The same two parts, sold one after the other.
		split := in.Swap.Out
		second, err := amm.SwapExactIn(&in.Swap.ReserveIn, &in.Swap.ReserveOut, &in.Liquidity.X, fees)
		if !errors.Is(err, amm.ErrDust) {
			require.NoError(t, err)
			split.Add(&split, &second.Out)
		}
		require.False(t, paid.Gt(&split), "%s by way of shares, %s by two swaps", paid.Dec(), split.Dec())
		// Without a fee that deepens the pool in between, one swap pays as much as two.
		if fees.Swap == 0 {
			whole, err := amm.SwapExactIn(x, y, dx, fees)
			require.NoError(t, err)
			require.False(t, paid.Gt(&whole.Out), "%s by way of shares, %s by a swap", paid.Dec(), whole.Out.Dec())
		}
	}))
}

func copyOpening(o *amm.Opening) *amm.Opening {
	if o == nil {
		return nil
	}
	c := *o
	return &c
}

func opening(t *testing.T, of []string) *amm.Opening {
	t.Helper()
	if of == nil {
		return nil
	}
	return &amm.Opening{X: *num(t, of[0]), Y: *num(t, of[1])}
}

func FuzzSingle(f *testing.F) {
	all := uint256.NewInt(0).SetAllOne().Bytes()
	bound := amm.MaxReserve()
	b := bound.Bytes()
	f.Add(b, b, b, b, b, b, uint32(999_999), uint32(0), uint32(0), uint32(1_000_000), true)
	f.Add(all, all, all, all, all, all, ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), true)
	f.Add([]byte{1}, b, b, b, []byte{1}, b, uint32(0), uint32(0), uint32(0), uint32(0), true)
	f.Add([]byte{100}, []byte{100}, []byte{4, 0}, []byte{50}, []byte{1}, []byte{200}, uint32(3000), uint32(200_000), uint32(0), uint32(0), true)
	f.Add([]byte{1, 0, 0}, []byte{1, 0, 0}, []byte{1, 0, 0}, []byte{64, 0}, []byte{}, []byte{}, uint32(3000), uint32(200_000), uint32(0), uint32(0), false)
	f.Fuzz(func(t *testing.T, x, y, total, amount, ox, oy []byte, swap, maker, protocol, rewards uint32, guard bool) {
		fees := amm.Fees{Swap: swap, Maker: maker, Protocol: protocol, Rewards: rewards}
		read := func(b []byte) *amm.Int { return new(amm.Int).SetBytes(b) }
		var o *amm.Opening
		if guard {
			o = &amm.Opening{X: *read(ox), Y: *read(oy)}
		}
		in, err := amm.AddSingle(o, read(x), read(y), read(total), read(amount), fees)
		require.NotErrorIs(t, err, amm.ErrInvariant)
		if err == nil {
			requireShareValue(t, read(x), read(y), read(total), &in.Liquidity)
		}
		out, err := amm.RemoveSingle(o, read(x), read(y), read(total), read(amount), fees)
		require.NotErrorIs(t, err, amm.ErrInvariant)
		if err == nil {
			requireShareValue(t, read(x), read(y), read(total), &out.Liquidity)
		}
		if o != nil {
			o.Scale(read(total), read(amount))
		}
	})
}
