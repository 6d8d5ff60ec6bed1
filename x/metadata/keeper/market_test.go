package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	datapoolkeeper "github.com/alita-network/alita/x/datapool/keeper"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

// A record is rewarded for its committed rows: 100 rows at 2 and the 10 of each record, but no more than the bound.
func TestRewardOfRows(t *testing.T) {
	for _, tc := range []struct{ bound, paid int64 }{{300, 210}, {210, 210}, {209, 209}, {10, 10}} {
		w := &world{Fixture: testutil.New(t)}
		w.pool = w.CreatePool(t, "LIGHT", func(m *datapooltypes.MsgCreatePool) {
			m.RewardPolicy = datapooltypes.RewardPerRecord(math.NewInt(10))
			m.RewardPolicy.PerRow, m.RewardPolicy.MaxPerRecord = math.NewInt(2), math.NewInt(tc.bound)
		})
		w.worker = w.RegisterWorker(t, "owner", "worker")
		got := w.Admit(t, w.Register(t, "owner", "record", w.pool, w.worker), "1.0.0")
		require.Equal(t, math.NewInt(tc.paid).String(), got.RewardData.String())
		require.EqualValues(t, tc.paid, w.dataBalance("owner"))
	}
}

// What the maker requires later is required of what is registered or admitted later, and takes nothing from active records.
func TestRequirementsChange(t *testing.T) {
	w := newWorld(t)
	pools := datapoolkeeper.NewMsgServer(w.Pools)
	pool, err := w.Pools.Pool(w.Ctx, w.pool)
	require.NoError(t, err)
	update := func(change func(r *datapooltypes.Requirements)) {
		r := pool.Requirements
		change(&r)
		_, err := pools.UpdatePool(w.Ctx, &datapooltypes.MsgUpdatePool{
			Maker: pool.Maker, PoolId: w.pool, Description: pool.Description, Requirements: r, RewardPolicy: pool.RewardPolicy,
		})
		require.NoError(t, err)
	}
	admit := &types.MsgAdmitVersion{Maker: w.Named("maker"), RecordId: w.pending, Version: "1.0.0"}
	update(func(r *datapooltypes.Requirements) { r.MinRows = 101 }) // the records have 100

	_, err = w.Keeper.Contributable(w.Ctx, w.active)
	require.NoError(t, err, "an active record stays active")
	before := w.Dump()
	_, err = w.Msg.AdmitVersion(w.Ctx, admit)
	require.ErrorIs(t, err, types.ErrRequirements, "a version that waits is judged by what is required now")
	_, err = w.Msg.RegisterRecord(w.Ctx, w.registerMsg)
	require.ErrorIs(t, err, types.ErrRequirements)
	_, err = w.Msg.AddVersion(w.Ctx, w.versionMsg)
	require.ErrorIs(t, err, types.ErrRequirements)
	require.Equal(t, before, w.Dump())
	_, err = w.Msg.RefuseVersion(w.Ctx, &types.MsgRefuseVersion{
		Maker: w.Named("maker"), RecordId: w.pending, Version: "1.0.0", Reason: "too few rows",
	})
	require.NoError(t, err, "what is not enough can still be refused")

	update(func(r *datapooltypes.Requirements) {
		r.Columns = append(r.Columns, datapooltypes.RequiredColumn{Name: "temperature"})
	})
	_, err = w.Msg.RegisterRecord(w.Ctx, w.registerMsg)
	require.ErrorContains(t, err, "temperature")

	open := pool.Requirements
	open.OpenAdmission = true
	_, err = pools.UpdatePool(w.Ctx, &datapooltypes.MsgUpdatePool{
		Maker: pool.Maker, PoolId: w.pool, Description: pool.Description, Requirements: open, RewardPolicy: pool.RewardPolicy,
	})
	require.ErrorIs(t, err, datapooltypes.ErrInvalidReward, "what nobody reviews earns nothing")
	require.NoError(t, w.Keeper.Invariants(w.Ctx))
}

// The new maker decides on records from the moment it takes the role, and the old one no longer.
func TestMakerChanges(t *testing.T) {
	w := newWorld(t)
	pools := datapoolkeeper.NewMsgServer(w.Pools)
	_, err := pools.ProposeMaker(w.Ctx, &datapooltypes.MsgProposeMaker{Maker: w.Named("maker"), PoolId: w.pool, NewMaker: w.Named("heir")})
	require.NoError(t, err)
	byHeir := &types.MsgAdmitVersion{Maker: w.Named("heir"), RecordId: w.pending, Version: "1.0.0"}
	_, err = w.Msg.AdmitVersion(w.Ctx, byHeir)
	require.ErrorIs(t, err, types.ErrNotMaker, "an offer is no role")
	_, err = pools.AcceptMaker(w.Ctx, &datapooltypes.MsgAcceptMaker{NewMaker: w.Named("heir"), PoolId: w.pool})
	require.NoError(t, err)
	_, err = w.Msg.AdmitVersion(w.Ctx, &types.MsgAdmitVersion{Maker: w.Named("maker"), RecordId: w.pending, Version: "1.0.0"})
	require.ErrorIs(t, err, types.ErrNotMaker)
	_, err = w.Msg.AdmitVersion(w.Ctx, byHeir)
	require.NoError(t, err)
}
