package keeper_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestCreatePool(t *testing.T) {
	f := testutil.New(t)
	maker, text := f.Funded(t, 1, 2_000_000_000)
	burnedBefore := f.Bank.GetSupply(f.Ctx, types.BaseDenom).Amount

	res, err := f.Msg.CreatePool(f.Ctx, testutil.CreatePoolMsg(text, "SPEED"))
	require.NoError(t, err)
	require.Equal(t, uint64(1), res.PoolId)
	require.Equal(t, "data/1", res.DataDenom)
	// isqrt(10^9 * 10^10) = 3162277660, 1000 of them are nobody's.
	require.Equal(t, "3162276660share/1", res.Shares.String())

	p, err := f.Keeper.Pool(f.Ctx, 1)
	require.NoError(t, err)
	require.Equal(t, "3162277660", p.Shares.String())
	require.Equal(t, "11500000000", p.DataSupply.String())
	require.Equal(t, testutil.Start.Add(1000*time.Second), p.Vesting.End)
	require.Equal(t, testutil.Start.Add(2000*time.Second), p.LockedShares.Until)
	require.NoError(t, p.Validate())

	escrow := types.PoolAddress(1)
	require.Equal(t, f.Text(escrow), p.Address)
	require.Equal(t, "1000000000", f.Balance(escrow, types.BaseDenom).String())
	require.Equal(t, "11500000000", f.Balance(escrow, "data/1").String())
	require.Equal(t, "3162277660", f.Balance(escrow, "share/1").String())
	require.Equal(t, "990000000", f.Balance(maker, types.BaseDenom).String(), "liquidity and the creation fee are paid")
	require.Equal(t, "10000000", burnedBefore.Sub(f.Bank.GetSupply(f.Ctx, types.BaseDenom).Amount).String())
	require.True(t, f.Balance(f.Accounts.GetModuleAddress(types.ModuleName), types.BaseDenom).IsZero())

	meta, ok := f.Bank.GetDenomMetaData(f.Ctx, "data/1")
	require.True(t, ok)
	require.NoError(t, meta.Validate())
	require.Equal(t, "SPEED", meta.Display)
	meta, ok = f.Bank.GetDenomMetaData(f.Ctx, "share/1")
	require.True(t, ok)
	require.NoError(t, meta.Validate())
	require.NotNil(t, f.Accounts.GetAccount(f.Ctx, escrow))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

func TestEscrowAccountTakenBefore(t *testing.T) {
	f := testutil.New(t)
	// Somebody sends coins to the address of the next pool and so makes its account.
	escrow := types.PoolAddress(1)
	f.Fund(t, escrow, sdk.NewInt64Coin(types.BaseDenom, 5))
	before := f.Accounts.GetAccount(f.Ctx, escrow)
	require.NotNil(t, before)

	f.CreatePool(t, 1, "SPEED", nil)
	after := f.Accounts.GetAccount(f.Ctx, escrow)
	require.IsType(t, &authtypes.BaseAccount{}, after)
	require.Equal(t, before.GetAccountNumber(), after.GetAccountNumber())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
	p, err := f.Keeper.Pool(f.Ctx, 1)
	require.NoError(t, err)
	require.Equal(t, "1000000000", p.Reserves.Alita.String(), "a gift is no reserve")
}

func TestSwapExactIn(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	trader, text := f.Funded(t, 2, 100_000_000)

	res, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "100000000ualita"))
	require.NoError(t, err)
	// 10^10*997000*10^8 / (10^9*10^6 + 997000*10^8) = 906610893.88
	require.Equal(t, "906610893data/1", res.TokenOut.String())
	// The fee of 300000: a tenth, of the rest a fifth and a tenth, and what is left.
	require.Equal(t, types.FeeSplit{
		Liquidity: math.NewInt(189_000), Maker: math.NewInt(54_000), Protocol: math.NewInt(30_000), Rewards: math.NewInt(27_000),
	}, res.Fee)
	require.Equal(t, "906610893", f.Balance(trader, "data/1").String())
	require.True(t, f.Balance(trader, types.BaseDenom).IsZero())

	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, "1099889000", p.Reserves.Alita.String()) // 10^9 + 10^8 - 111000
	require.Equal(t, "9093389107", p.Reserves.Data.String())
	require.Equal(t, "54000", p.MakerFees.Alita.String())
	require.Equal(t, "30000", p.ProtocolFees.Alita.String())
	require.Equal(t, "27000", p.Rewards.Alita.String())
	require.Equal(t, uint64(1), p.Swaps)
	require.Equal(t, "100000000", p.Volume.Alita.String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	// All of it back: less returns than went in.
	back, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "906610893data/1"))
	require.NoError(t, err)
	require.True(t, back.TokenOut.Amount.LT(math.NewInt(100_000_000)))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

func TestSwapExactOut(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	trader, text := f.Funded(t, 2, 200_000_000)
	msg := &types.MsgSwapExactOut{
		Sender: text, PoolId: id, TokenOut: coin("906610893data/1"), MaxIn: math.NewInt(100_000_000), Deadline: f.Deadline(),
	}
	res, err := f.Msg.SwapExactOut(f.Ctx, msg)
	require.NoError(t, err)
	// 10^9*10^6*906610893 / (997000*9093389107) = 99999999.894, rounded up.
	require.Equal(t, "100000000ualita", res.TokenIn.String())
	require.Equal(t, "906610893", f.Balance(trader, "data/1").String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

func TestLiquidity(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	giver, text := f.Funded(t, 2, 1_000_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "100000000ualita"))
	require.NoError(t, err)

	alita, data := f.Balance(giver, types.BaseDenom), f.Balance(giver, "data/1")
	add, err := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
		Sender: text, PoolId: id, MaxAlita: math.NewInt(200_000_000), MaxData: math.NewInt(800_000_000),
		MinShares: math.NewInt(270_000_000), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	// The Data Tokens are scarcer: floor(800000000*3162277660/9093389107) = 278204539.
	require.Equal(t, "278204539share/1", add.Shares.String())
	require.Equal(t, alita.Sub(add.Used.Alita), f.Balance(giver, types.BaseDenom))
	require.Equal(t, data.Sub(add.Used.Data), f.Balance(giver, "data/1"))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	remove, err := f.Msg.RemoveLiquidity(f.Ctx, &types.MsgRemoveLiquidity{
		Sender: text, PoolId: id, Shares: add.Shares.Amount, MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	require.True(t, remove.Paid.Alita.LTE(add.Used.Alita))
	require.True(t, remove.Paid.Data.LTE(add.Used.Data))
	require.True(t, add.Used.Alita.Sub(remove.Paid.Alita).LTE(math.OneInt()), "rounding costs a unit at most")
	require.True(t, f.Balance(giver, "share/1").IsZero())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

func TestClaimMaker(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	maker, makerText := testutil.Account(1), f.Text(testutil.Account(1))
	_, trader := f.Funded(t, 2, 100_000_000)
	claim := &types.MsgClaimMaker{Maker: makerText, PoolId: id}

	_, err := f.Msg.ClaimMaker(f.Ctx, claim)
	require.ErrorIs(t, err, types.ErrNothingToClaim)

	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "100000000ualita"))
	require.NoError(t, err)
	f.NextBlock(250)
	res, err := f.Msg.ClaimMaker(f.Ctx, claim)
	require.NoError(t, err)
	require.Equal(t, "54000", res.Fees.Alita.String())
	require.Equal(t, "125000000", res.Vested.String(), "a quarter of the time, a quarter of the allotment")
	require.Equal(t, "0", res.Shares.String())
	require.Equal(t, "54000", f.Balance(maker, types.BaseDenom).String())
	require.Equal(t, "125000000", f.Balance(maker, "data/1").String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	f.NextBlock(1749) // a second before the shares are free
	res, err = f.Msg.ClaimMaker(f.Ctx, claim)
	require.NoError(t, err)
	require.Equal(t, "375000000", res.Vested.String())
	require.Equal(t, "0", res.Shares.String())
	_, err = f.Msg.ClaimMaker(f.Ctx, claim)
	require.ErrorIs(t, err, types.ErrNothingToClaim)

	f.NextBlock(1)
	res, err = f.Msg.ClaimMaker(f.Ctx, claim)
	require.NoError(t, err)
	require.Equal(t, "3162276660", res.Shares.String())
	require.Equal(t, "3162276660", f.Balance(maker, "share/1").String())
	require.Equal(t, "1000", f.Balance(types.PoolAddress(id), "share/1").String(), "the first thousand stay for ever")
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	// The maker takes all its liquidity: the pool goes on.
	_, err = f.Msg.RemoveLiquidity(f.Ctx, &types.MsgRemoveLiquidity{
		Sender: makerText, PoolId: id, Shares: res.Shares, MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, makerText, id, "100data/1"))
	require.NoError(t, err)
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

func TestClaimProtocol(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, trader := f.Funded(t, 2, 100_000_000)
	claim := &types.MsgClaimProtocol{Sender: trader, PoolId: id}
	_, err := f.Msg.ClaimProtocol(f.Ctx, claim)
	require.ErrorIs(t, err, types.ErrNothingToClaim)

	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "100000000ualita"))
	require.NoError(t, err)
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "100000000data/1"))
	require.NoError(t, err)
	res, err := f.Msg.ClaimProtocol(f.Ctx, claim)
	require.NoError(t, err)
	require.Equal(t, types.Amounts{Alita: math.NewInt(30_000), Data: math.NewInt(30_000)}, res.Fees)
	pool, err := f.Distribution.FeePool.Get(f.Ctx)
	require.NoError(t, err)
	require.Equal(t, "30000.000000000000000000ualita", pool.CommunityPool.String())
	require.Equal(t, "30000", f.Balance(types.TreasuryAddress(), types.DataDenom(id)).String())
	require.Equal(t, "30000", f.Balance(f.Accounts.GetModuleAddress(distrtypes.ModuleName), types.BaseDenom).String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

func TestUpdateParams(t *testing.T) {
	f := testutil.New(t)
	params := types.DefaultParams()
	params.ProtocolPpm = 0
	_, err := f.Msg.UpdateParams(f.Ctx, &types.MsgUpdateParams{Authority: f.Authority, Params: params})
	require.NoError(t, err)
	got, err := f.Query.Params(f.Ctx, &types.QueryParamsRequest{})
	require.NoError(t, err)
	require.Equal(t, params, got.Params)

	_, err = f.Msg.UpdateParams(f.Ctx, &types.MsgUpdateParams{Authority: f.Text(testutil.Account(1)), Params: params})
	require.ErrorContains(t, err, "invalid authority")
	params.TwapWindow = 0
	_, err = f.Msg.UpdateParams(f.Ctx, &types.MsgUpdateParams{Authority: f.Authority, Params: params})
	require.ErrorIs(t, err, types.ErrInvalidParams)
}

// TestAttackPoolWithoutProtocolFee: no rate of a pool leaves the protocol's part out.
// Before, a pool that gave the maker all of the fee paid the protocol nothing.
func TestAttackPoolWithoutProtocolFee(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) {
		m.Fees = types.FeePolicy{SwapFeePpm: 10_000, MakerPpm: 800_000, RewardsPpm: 200_000}
	})
	_, trader := f.Funded(t, 2, 100_000_000)
	res, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "100000000ualita"))
	require.NoError(t, err)
	// A tenth of the fee of 10^6, then four fifths and a fifth of what is left.
	require.Equal(t, types.FeeSplit{
		Liquidity: math.ZeroInt(), Maker: math.NewInt(720_000), Protocol: math.NewInt(100_000), Rewards: math.NewInt(180_000),
	}, res.Fee)
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}
