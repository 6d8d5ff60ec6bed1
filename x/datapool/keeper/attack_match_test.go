package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestAttackFarmedMatch: a farmer is payer and owner of everything, has a part of the
// stake, and sells at once what its contributions earn. Whatever it spends, in one
// contribution or in ten by ten owners, it loses by it, up to half of the stake. By the
// streams before, twenty contributions of one ualita took 94.9 % of what was streamed.
func TestAttackFarmedMatch(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) {
		m.RewardBudget = math.NewInt(10_000_000_000)
		m.RewardPolicy = policyOf(0, 0, 0, types.MaxMatchPPM)
		m.RewardPolicy.PerDay, m.RewardPolicy.MaxPerDay = types.MaxAmount(), types.MaxAmount()
	})
	f.NextBlock(day)
	start := f.Ctx
	// worth sells what n owners earn by a loss each, and returns what it brought.
	worth := func(owners int, lost int64) math.Int {
		f.Ctx, _ = start.CacheContext()
		farmer, text := testutil.Account(7), f.Text(testutil.Account(7))
		for i := range owners {
			owner := testutil.Account(100 + uint64(i))
			paid, err := f.Keeper.MatchContribution(f.Ctx, id, "record", owner, math.NewInt(lost))
			require.NoError(t, err)
			if paid.IsPositive() {
				require.NoError(t, f.Bank.SendCoins(f.Ctx, owner, farmer, sdk.Coins{{Denom: types.DataDenom(id), Amount: paid}}))
			}
		}
		tokens := f.Balance(farmer, types.DataDenom(id))
		if !tokens.IsPositive() {
			return math.ZeroInt()
		}
		res, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, tokens.String()+types.DataDenom(id)))
		if err != nil {
			return math.ZeroInt() // not even a unit
		}
		return res.TokenOut.Amount
	}
	for _, stake := range []int64{100_000, 333_333, 500_000} {
		best, at := math.NewInt(-1_000_000_000_000_000), ""
		for _, owners := range []int{1, 10} {
			for lost := int64(1); lost <= 1_000_000_000; lost = lost*3/2 + 1 {
				// In millionths of a ualita; gas is not counted.
				cost := math.NewInt(lost).MulRaw(int64(owners)).MulRaw(types.PPM - stake)
				profit := worth(owners, lost).MulRaw(types.PPM).Sub(cost)
				require.True(t, profit.IsNegative(), "%d owners, %d ualita lost each, stake %d ppm: profit %s", owners, lost, stake, profit)
				if profit.GT(best) {
					best, at = profit, fmt.Sprintf("%d owners, %d ualita each", owners, lost)
				}
			}
		}
		t.Logf("stake %.1f %%: the best farming earns %s millionths of a ualita (%s)", float64(stake)/10_000, best, at)
	}
}
