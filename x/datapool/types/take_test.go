package types_test

import (
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/types"
)

const day = 24 * 3600

// TestExpAbove: never below e^x, as the first 30 digits say, and above by less than 10^-10
// of it.
func TestExpAbove(t *testing.T) {
	for _, tc := range []struct {
		num, den int64
		digits   string // of e^(num/den) times 10^29
	}{
		{0, 1, "100000000000000000000000000000"},
		{1, 1000, "100100050016670834166805575399"},
		{1, 1, "271828182845904523536028747135"},
		{1825, 1000, "620279501910486514966701"},
	} {
		got := types.ExpAbove(big.NewInt(tc.num), big.NewInt(tc.den))
		want, ok := new(big.Int).SetString(tc.digits, 10)
		require.True(t, ok)
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(tc.digits)-1)), nil)
		scaled := new(big.Int).Mul(got, scale)
		require.GreaterOrEqual(t, scaled.Cmp(new(big.Int).Lsh(want, types.ExpBits)), 0, "e^(%d/%d)", tc.num, tc.den)
		excess := scaled.Sub(scaled, want.Lsh(want, types.ExpBits))
		excess.Mul(excess, big.NewInt(10_000_000_000))
		require.Negative(t, excess.Cmp(want), "e^(%d/%d)", tc.num, tc.den)
	}
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.Int64Range(1, 1<<40).Draw(t, "den")
		num := rapid.Int64Range(0, 800*den).Draw(t, "num") // a hundred years at 2 % a day are 730
		one := types.ExpAbove(big.NewInt(num), big.NewInt(den))
		more := types.ExpAbove(big.NewInt(num+1), big.NewInt(den))
		require.LessOrEqual(t, one.Cmp(more), 0)
	})
}

// promise is a pool of 1,000 ALITA and 10,000 SPEED with as much to reward, locked for
// four years; a tenth of the liquidity is an allotment that vests in two.
func promise(perDay, most int64) types.Circle {
	now := time.Unix(1_800_000_000, 0)
	return types.Circle{
		Now: now, Alita: math.NewInt(1_000_000_000), Data: math.NewInt(10_000_000_000), Shares: math.NewInt(3_162_277_660),
		Held: math.ZeroInt(), Free: math.ZeroInt(), Fees: types.NoAmounts(),
		Locked:    types.LockedShares{Amount: math.NewInt(3_162_276_660), Until: now.Add(1461 * day * time.Second)},
		Vesting:   types.Vesting{Total: math.NewInt(1_000_000_000), Claimed: math.ZeroInt(), Start: now, End: now.Add(730 * day * time.Second)},
		Budget:    types.Amounts{Alita: math.ZeroInt(), Data: math.NewInt(10_000_000_000)},
		Bucket:    types.Amounts{Alita: math.ZeroInt(), Data: math.NewInt(perDay)},
		PerDay:    math.NewInt(perDay),
		MaxPerDay: math.NewInt(most), RaiseFrom: now.Add(7 * day * time.Second), OutletPPM: 5000,
	}
}

// TestTake: what safety says, against the same formula over floats.
func TestTake(t *testing.T) {
	percents := func(c types.Circle, days ...uint32) []string {
		var out []string
		for _, d := range days {
			out = append(out, c.TakeIn(d).Percent)
		}
		return out
	}
	// 5 SPEED a day: 1000*(1 - 10000/(10000 + 5*(1+days) + 1000*days/730)).
	c := promise(5_000_000, 5_000_000)
	require.Equal(t, []string{"0.049976", "0.493444", "1.923245", "18.897"}, percents(c, 0, 7, 30, 365))
	require.EqualValues(t, 173, c.DaysToTenth())
	// 20 SPEED a day, which may be raised to 100 in seven days: the reserve bounds it at first.
	c = promise(20_000_000, 100_000_000)
	require.EqualValues(t, 19, c.DaysToTenth())
	require.Equal(t, "14.7", c.TakeIn(30).Percent[:4])
	// With the lock over, a withdrawal of all but the first thousand shares takes all.
	c.Locked.Until = c.Now
	require.Zero(t, c.DaysToTenth())
	require.Equal(t, "100", c.TakeIn(0).Percent)
	// A fifth of the shares: 1-0.8^2, and 5 SPEED that may be rewarded at once.
	c = promise(5_000_000, 5_000_000)
	c.Free = c.Shares.QuoRaw(5)
	require.Equal(t, "36.031985", c.TakeIn(0).Percent)
	// Tokens in hand, fees and ALITA for owners.
	c = promise(5_000_000, 5_000_000)
	c.Held, c.Fees = math.NewInt(1_000_000_000), types.Amounts{Alita: math.NewInt(7_000_000), Data: math.NewInt(1_000_000_000)}
	c.Budget.Alita, c.Bucket.Alita = math.NewInt(100_000_000), math.NewInt(1_000_000)
	// 7 + 1 + 1000*(1 - 10000/12005), of 1,107 ALITA; in a year all of the 100.
	require.Equal(t, "175.013745", c.TakeIn(0).Alita)
	require.Equal(t, math.NewInt(1_107_000_000), c.Whole())
	require.Equal(t, "15.809734", c.TakeIn(0).Percent)
	bare := promise(5_000_000, 5_000_000)
	require.True(t, c.Take(100*day).Sub(bare.Take(100*day)).GT(math.NewInt(107_000_000)))
	// The pool of TestAttackMakerEmptiesPool: 0.5, 1, 3.9, 14.4 and 84 %.
	c = promise(0, 0)
	c.Alita, c.Data, c.Vesting.Total = math.NewInt(5_998_500_000), math.NewInt(1_667_000_000), math.ZeroInt()
	c.Budget.Data, c.PerDay, c.MaxPerDay, c.Bucket.Data = math.NewInt(990_000_000_000), types.MaxAmount(), types.MaxAmount(), types.MaxAmount()
	for days, want := range map[uint32]string{0: "0.49", 1: "0.99", 7: "3.9", 30: "14.3", 365: "83.9"} {
		require.Equal(t, want, c.TakeIn(days).Percent[:len(want)], "%d days", days)
	}
}

// TestTakeRises: with time, and with everything that the circle has or may get.
func TestTakeRises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := func(label string) math.Int { return math.NewInt(rapid.Int64Range(0, 1<<40).Draw(t, label)) }
		c := promise(0, 0)
		c.Alita, c.Data = amount("alita").AddRaw(1), amount("data").AddRaw(1)
		c.Shares = amount("shares").AddRaw(3_162_277_660)
		c.Held, c.Free, c.Vesting.Total = amount("held"), math.NewInt(rapid.Int64Range(0, 1000).Draw(t, "free")), amount("allotment")
		c.Fees, c.Budget = types.Amounts{Alita: amount("fees"), Data: amount("fees in data")}, types.Amounts{Alita: amount("a"), Data: amount("d")}
		c.MaxPerDay = amount("most")
		c.PerDay = c.MaxPerDay.QuoRaw(rapid.Int64Range(1, 5).Draw(t, "part"))
		seconds := rapid.Uint64Range(0, types.MaxTakeDays*day).Draw(t, "seconds")
		take := c.Take(seconds)
		require.True(t, take.LTE(c.Whole()), "%s of %s", take, c.Whole())
		require.True(t, take.GTE(c.Fees.Alita))
		require.True(t, c.Take(seconds+rapid.Uint64Range(0, 100*day).Draw(t, "more")).GTE(take))
		more := c
		more.Held = c.Held.AddRaw(1_000_000)
		require.True(t, more.Take(seconds).GTE(take))
		tenth := c.Whole().AddRaw(9).QuoRaw(10)
		if n := uint64(c.DaysToTenth()); n > 0 {
			require.True(t, c.Take(n*day).LT(tenth))
			require.True(t, n == types.MaxTakeDays || c.Take((n+1)*day).GTE(tenth))
		}
	})
}
