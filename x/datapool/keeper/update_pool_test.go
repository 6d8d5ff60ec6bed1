package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestUpdatePool: what the maker may change changes, and nothing else.
func TestUpdatePool(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	before, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.EqualValues(t, 1, before.Revision)
	policy := types.RewardPolicy{
		PerRecord: math.NewInt(10_000_000), PerRow: math.NewInt(1000), MaxPerRecord: math.NewInt(20_000_000), PerSecond: math.NewInt(5),
	}
	needs := types.Requirements{
		Text: "Two rows per reading.", MinRows: 2, OpenAdmission: true, Columns: []types.RequiredColumn{{Name: "run"}},
	}
	f.NextBlock(10)
	res, err := f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{
		Maker: before.Maker, PoolId: id, Description: "Repeated in 1882.", Requirements: needs, RewardPolicy: policy,
	})
	require.NoError(t, err)
	require.EqualValues(t, 2, res.Revision)
	require.Equal(t, []sdk.Msg{&types.EventPoolUpdated{
		PoolId: id, Revision: 2, Description: "Repeated in 1882.", Requirements: needs, RewardPolicy: policy,
	}}, events(t, f, &types.EventPoolUpdated{}))
	want := before
	want.Revision, want.Description, want.Requirements, want.RewardPolicy = 2, "Repeated in 1882.", needs, policy
	after, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, want.String(), after.String())

	// Rewards only rise; all else may go either way.
	for name, change := range map[string]func(*types.RewardPolicy){
		"per_record": func(p *types.RewardPolicy) { p.PerRecord = p.PerRecord.SubRaw(1) },
		"per_row":    func(p *types.RewardPolicy) { p.PerRow = p.PerRow.SubRaw(1) },
		"per_second": func(p *types.RewardPolicy) { p.PerSecond = math.ZeroInt() },
	} {
		lower := policy
		change(&lower)
		_, err = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: before.Maker, PoolId: id, RewardPolicy: lower})
		require.ErrorIs(t, err, types.ErrInvalidReward)
		require.ErrorContains(t, err, name)
	}
	res, err = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: before.Maker, PoolId: id, RewardPolicy: policy})
	require.NoError(t, err)
	require.EqualValues(t, 3, res.Revision)

	// A row earns 1,000 now: 10,000,000 + 5,000 * 1,000, and at most 20,000,000.
	for rows, reward := range map[uint64]int64{5000: 15_000_000, 10_000: 20_000_000, 1 << 60: 20_000_000} {
		paid, err := f.Keeper.PayReward(f.Ctx, id, testutil.Account(7), rows)
		require.NoError(t, err)
		require.Equal(t, amounts(0, reward), paid)
	}
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}
