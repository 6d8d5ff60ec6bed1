package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// poolsOf lists the pools of a maker by the query.
func poolsOf(t *testing.T, f *testutil.Fixture, maker string) []uint64 {
	t.Helper()
	res, err := f.Query.PoolsByMaker(f.Ctx, &types.QueryPoolsByMakerRequest{Maker: maker})
	require.NoError(t, err)
	var ids []uint64
	for _, p := range res.Pools {
		ids = append(ids, p.Id)
	}
	return ids
}

// TestMakerTransfer: the role goes in two steps, with fees, allotment and locked shares.
func TestMakerTransfer(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil) // 500 tokens over 1,000 s; shares locked for 2,000 s
	other := f.CreatePool(t, 1, "LIGHT", nil)
	old, heirAddr := f.Text(testutil.Account(1)), testutil.Account(5)
	heir := f.Text(heirAddr)
	_, trader := f.Funded(t, 2, 100_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "100000000ualita"))
	require.NoError(t, err)

	propose := func(to string) error {
		_, err := f.Msg.ProposeMaker(f.Ctx, &types.MsgProposeMaker{Maker: old, PoolId: id, NewMaker: to})
		return err
	}
	accept := func(who string) error {
		_, err := f.Msg.AcceptMaker(f.Ctx, &types.MsgAcceptMaker{NewMaker: who, PoolId: id})
		return err
	}
	require.ErrorIs(t, accept(heir), types.ErrNotProposed)
	require.NoError(t, propose(heir))
	require.Equal(t, []sdk.Msg{&types.EventMakerProposed{PoolId: id, Maker: old, NewMaker: heir}}, events(t, f, &types.EventMakerProposed{}))
	require.ErrorIs(t, accept(trader), types.ErrNotProposed)
	require.Equal(t, []uint64{id, other}, poolsOf(t, f, old), "an offer changes nothing")

	// The offer is taken back, and made again to another, and again.
	require.NoError(t, propose(""))
	require.ErrorIs(t, accept(heir), types.ErrNotProposed)
	require.NoError(t, propose(trader))
	require.NoError(t, propose(heir))
	require.ErrorIs(t, accept(trader), types.ErrNotProposed, "a later offer replaces an earlier one")

	// Until it is accepted the maker is the maker.
	f.NextBlock(100)
	res, err := f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: old, PoolId: id})
	require.NoError(t, err)
	require.Equal(t, amounts(54_000, 0), res.Fees)
	require.Equal(t, math.NewInt(50_000_000), res.Vested)
	_, err = f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{
		Sender: trader, PoolId: id, TokenOut: coin("1000000ualita"), MaxIn: two255, Deadline: f.Deadline(),
	})
	require.NoError(t, err)

	require.NoError(t, accept(heir))
	require.Equal(t, []sdk.Msg{&types.EventMakerChanged{PoolId: id, OldMaker: old, Maker: heir}}, events(t, f, &types.EventMakerChanged{}))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
	require.Equal(t, []uint64{other}, poolsOf(t, f, old))
	require.Equal(t, []uint64{id}, poolsOf(t, f, heir))
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, heir, p.Maker)
	require.Empty(t, p.PendingMaker)
	require.ErrorIs(t, accept(heir), types.ErrNotProposed, "an offer is accepted once")

	f.NextBlock(1900)
	_, err = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: old, PoolId: id})
	require.ErrorIs(t, err, types.ErrNotMaker)
	require.ErrorIs(t, propose(trader), types.ErrNotMaker)
	want := f.Keeper.MakerClaimable(f.Ctx, p)
	res, err = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: heir, PoolId: id})
	require.NoError(t, err)
	require.Equal(t, want.String(), res.String())
	require.True(t, res.Fees.Data.IsPositive())
	require.Equal(t, math.NewInt(450_000_000), res.Vested)
	require.Equal(t, p.LockedShares.Amount, f.Balance(heirAddr, types.ShareDenom(id)))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}
