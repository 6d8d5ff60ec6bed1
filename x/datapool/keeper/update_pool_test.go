package keeper_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestUpdatePool: what the maker may change changes, and nothing else. A raise of rewards
// waits for seven days.
func TestUpdatePool(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.RewardPolicy = policyOf(10_000_000, 0, 0, 0) })
	before, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.EqualValues(t, 1, before.Revision)
	policy := policyOf(10_000_000, 1000, 20_000_000, 5)
	needs := types.Requirements{
		Text: "Two rows per reading.", MinRows: 2, Columns: []types.RequiredColumn{{Name: "run"}},
	}
	f.NextBlock(10)
	from := f.Ctx.BlockTime().Add(7 * 24 * time.Hour)
	waits := &types.PendingRewards{Policy: policy, From: from}
	res, err := f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{
		Maker: before.Maker, PoolId: id, Description: "Repeated in 1882.", Requirements: needs, RewardPolicy: policy,
	})
	require.NoError(t, err)
	require.EqualValues(t, 2, res.Revision)
	require.Equal(t, waits, res.PendingRewards)
	require.Equal(t, []sdk.Msg{&types.EventPoolUpdated{
		PoolId: id, Revision: 2, Description: "Repeated in 1882.", Requirements: needs, RewardPolicy: before.RewardPolicy, PendingRewards: waits,
	}}, events(t, f, &types.EventPoolUpdated{}))
	want := before
	want.Revision, want.Description, want.Requirements, want.PendingRewards = 2, "Repeated in 1882.", needs, waits
	after, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	want.Outlet.At = f.Ctx.BlockTime().Unix() // it has filled by the old policy until now
	require.Equal(t, want.String(), after.String())

	// Rewards only rise; all else may go either way.
	update := func(policy types.RewardPolicy) error {
		_, err := f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: before.Maker, PoolId: id, RewardPolicy: policy})
		return err
	}
	lower := policy
	lower.PerRecord = lower.PerRecord.SubRaw(1)
	require.ErrorIs(t, update(lower), types.ErrInvalidReward)

	// Asked for again the raise keeps its time; until then rows earn nothing.
	f.NextBlock(3 * 24 * 3600)
	require.NoError(t, update(policy))
	_, earned, err := f.Keeper.PayReward(f.Ctx, id, testutil.Account(7), 5000)
	require.NoError(t, err)
	require.Equal(t, "10000000", earned.String())
	f.NextBlock(4 * 24 * 3600)
	// A row earns 1,000 now: 10,000,000 + 5,000 * 1,000, and at most 20,000,000.
	for rows, reward := range map[uint64]int64{5000: 15_000_000, 10_000: 20_000_000, 1 << 60: 20_000_000} {
		_, earned, err := f.Keeper.PayReward(f.Ctx, id, testutil.Account(7), rows)
		require.NoError(t, err)
		require.Equal(t, math.NewInt(reward).String(), earned.String())
	}
	// From then on it is what was promised.
	lower = policy
	lower.PerRow = lower.PerRow.SubRaw(1)
	require.ErrorContains(t, update(lower), "per_row")
	lower = policy
	lower.MatchPpm = 0
	require.ErrorContains(t, update(lower), "match_ppm")
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestLoweredOutlet: what leaves in a day falls at once and rises after the delay; the
// ceiling only falls.
func TestLoweredOutlet(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.RewardPolicy = policyOf(10_000_000, 0, 0, 0) })
	maker := f.Text(testutil.Account(1))
	update := func(day, most int64) types.Pool {
		policy := policyOf(10_000_000, 0, 0, 0)
		policy.PerDay, policy.MaxPerDay = math.NewInt(day), math.NewInt(most)
		_, err := f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: maker, PoolId: id, RewardPolicy: policy})
		require.NoError(t, err)
		p, err := f.Keeper.Pool(f.Ctx, id)
		require.NoError(t, err)
		return p
	}
	p := update(5_000_000, 30_000_000)
	require.Equal(t, []string{"5000000", "30000000"}, []string{p.RewardPolicy.PerDay.String(), p.RewardPolicy.MaxPerDay.String()})
	require.Nil(t, p.PendingRewards)
	require.Equal(t, "5000000", p.Outlet.Data.String(), "the bucket holds a day's at most")
	// A higher flow and a lower ceiling in one message: the ceiling falls, the flow waits.
	p = update(6_000_000, 20_000_000)
	require.Equal(t, []string{"5000000", "20000000"}, []string{p.RewardPolicy.PerDay.String(), p.RewardPolicy.MaxPerDay.String()})
	require.Equal(t, "6000000", p.PendingRewards.Policy.PerDay.String())
	// Without it, it is taken back.
	require.Nil(t, update(5_000_000, 20_000_000).PendingRewards)
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}
