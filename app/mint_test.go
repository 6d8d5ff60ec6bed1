package app_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
	clocktypes "github.com/alita-network/alita/x/clock/types"
)

const (
	year  = 8766 * time.Hour
	lakhs = 100_000_000_000_000 // ualita; so that what a block's rounding takes is nothing
)

// minted makes a block some time after the last one and returns by what the supply grew.
func minted(c *apptest.Chain, after time.Duration) math.Int {
	before := c.App.BankKeeper.GetSupply(c.Ctx(), app.BaseDenom).Amount
	c.Advance(after - apptest.BlockTime)
	c.NextBlock()
	return c.App.BankKeeper.GetSupply(c.Ctx(), app.BaseDenom).Amount.Sub(before)
}

func inflation(t *testing.T, c *apptest.Chain) math.LegacyDec {
	t.Helper()
	res, err := minttypes.NewQueryClient(c.Conn()).Inflation(c.Ctx(), &minttypes.QueryInflationRequest{})
	require.NoError(t, err)
	return res.Inflation
}

// The supply grows by what the query of the inflation says, within 1 %, whatever the time between blocks is.
func TestInflationIsWhatTheQuerySays(t *testing.T) {
	for _, tc := range []struct {
		name        string
		least, most time.Duration // between blocks
	}{
		{"as on a network of one machine", 500 * time.Millisecond, 800 * time.Millisecond},
		{"blocks of a millisecond", time.Millisecond, time.Millisecond},
		{"slow blocks", 4 * time.Second, 5 * time.Second},
		{"any", 0, 5 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(5, 1))
			c := apptest.New(t, apptest.WithFunded(lakhs, "alice"))
			said := inflation(t, c)
			require.Equal(t, "0.08", said.String()[:4])
			supply := c.App.BankKeeper.GetSupply(c.Ctx(), app.BaseDenom).Amount
			sum, passed := math.ZeroInt(), time.Duration(0)
			for range 300 {
				gap := tc.least + time.Duration(r.Int64N(int64(tc.most-tc.least)+1))
				sum, passed = sum.Add(minted(c, gap)), passed+gap
			}
			want := said.MulInt(supply).MulInt64(int64(passed)).QuoInt64(int64(year))
			require.Less(t, want.Sub(sum.ToLegacyDec()).Abs().Quo(want).MustFloat64(), 0.01, "%s minted, %s said", sum, want)
		})
	}
}

// A halt of hours mints no more than a block of five seconds, and moves the rate no further.
func TestAttackHaltMintsNothing(t *testing.T) {
	c := apptest.New(t, apptest.WithFunded(lakhs, "alice"))
	slow := minted(c, clocktypes.MaxStep)
	require.True(t, slow.IsPositive())
	before := inflation(t, c)
	halted := minted(c, 12*time.Hour)
	moved := inflation(t, c).Sub(before)
	again := minted(c, clocktypes.MaxStep)
	require.LessOrEqual(t, halted.Sub(slow).Int64(), int64(1))
	require.LessOrEqual(t, again.Sub(halted).Int64(), int64(1))
	require.Equal(t, "0.000000009506", moved.String()[:14], "6 % a year * 5 s")

	// A proposer that moves a stamp gains nothing: the next block mints so much less.
	early := minted(c, time.Second).Add(minted(c, 3*time.Second))
	late := minted(c, 3*time.Second).Add(minted(c, time.Second))
	require.LessOrEqual(t, early.Sub(late).Abs().Int64(), int64(2))
}
