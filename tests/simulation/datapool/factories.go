package simulation

import (
	"context"
	"fmt"
	"time"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/keeper"
	"github.com/alita-network/alita/x/datapool/types"
)

// maxTries bounds the search for an account or a pool that can do something.
const maxTries = 20

// MsgCreatePoolFactory creates pools of any kind that an account can pay.
func MsgCreatePoolFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgCreatePool] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgCreatePool) {
		params, err := k.Params.Get(ctx)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		// The fee, the least liquidity, and something for the transaction.
		least := sdk.NewCoin(types.BaseDenom, params.CreationFee.Amount.Add(params.MinLiquidityAlita).AddRaw(1_000_000))
		maker := data.AnyAccount(reporter, simsx.WithLiquidBalanceGTE(least))
		if reporter.IsSkipped() {
			return nil, nil
		}
		r := data.Rand()
		liquidity := sdk.NewCoin(types.BaseDenom, params.MinLiquidityAlita.AddRaw(r.Int63n(900_000)+1001))
		if !maker.LiquidBalance().BlockAmount(liquidity.Add(params.CreationFee)) {
			reporter.Skip("not enough ualita")
			return nil, nil
		}
		next, err := k.NextPoolID.Peek(ctx)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		budget := math.NewInt(1 + r.Int63n(1_000_000))
		makerPPM, rewardsPPM := uint32(r.Intn(types.PPM/2+1)), uint32(r.Intn(types.PPM/2+1))
		msg := &types.MsgCreatePool{
			Maker: maker.AddressBech32, Symbol: fmt.Sprintf("S%dX%03d", next, r.Intn(1000)),
			Name: "Collection " + r.StringN(20), Description: r.StringN(200),
			LiquidityAlita: liquidity, LiquidityData: math.NewInt(1001 + r.Int63n(1_000_000_000_000)),
			RewardBudget: budget, RewardPolicy: types.RewardPerRecord(math.NewInt(1 + r.Int63n(budget.Int64()))),
			BlockGuard:     r.Intn(2) == 0,
			MakerAllotment: math.NewInt(r.Int63n(1_000_000_000)),
			VestingSeconds: uint64(r.Intn(100_000)), LockSeconds: uint64(r.Intn(100_000)),
			Fees: types.FeePolicy{
				SwapFeePpm: uint32(r.Intn(int(params.MaxSwapFeePpm) + 1)), MakerPpm: makerPPM, RewardsPpm: rewardsPPM,
			},
			Requirements: types.Requirements{
				Text: r.StringN(100), MinRows: uint64(r.Intn(100)), OpenAdmission: r.Bool(),
				Columns: []types.RequiredColumn{{Name: "value", Type: types.ColumnType(r.Intn(len(types.ColumnType_name)))}},
			},
		}
		if msg.Requirements.OpenAdmission { // what nobody reviews earns nothing
			match := types.RewardPerRecord(math.ZeroInt())
			match.MatchPpm, match.PerDay, match.MaxPerDay = uint32(1+r.Intn(types.MaxMatchPPM/2)), budget, budget.MulRaw(2)
			msg.RewardPolicy = match
		}
		return []simsx.SimAccount{maker}, msg
	}
}

// MsgSwapExactInFactory sells a part of what an account has.
func MsgSwapExactInFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgSwapExactIn] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgSwapExactIn) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		trader, in, ok := anyCoin(data, reporter, anySide(data, id))
		if !ok {
			return nil, nil
		}
		q, err := k.QuoteSwapExactIn(ctx, id, in)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		return []simsx.SimAccount{trader}, &types.MsgSwapExactIn{
			Sender: trader.AddressBech32, PoolId: id, TokenIn: in, MinOut: q.TokenOut().Amount, Deadline: deadline(ctx),
		}
	}
}

// MsgSwapExactOutFactory buys what a part of an account's coins pays for.
func MsgSwapExactOutFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgSwapExactOut] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgSwapExactOut) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		trader, most, ok := anyCoin(data, reporter, anySide(data, id))
		if !ok {
			return nil, nil
		}
		// What the coins would bring can be bought for no more than them.
		q, err := k.QuoteSwapExactIn(ctx, id, most)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		return []simsx.SimAccount{trader}, &types.MsgSwapExactOut{
			Sender: trader.AddressBech32, PoolId: id, TokenOut: q.TokenOut(), MaxIn: most.Amount, Deadline: deadline(ctx),
		}
	}
}

// MsgAddLiquidityFactory gives parts of what an account has of both coins.
func MsgAddLiquidityFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgAddLiquidity] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgAddLiquidity) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		giver, tokens, ok := anyCoin(data, reporter, types.DataDenom(id))
		if !ok {
			return nil, nil
		}
		alita := giver.LiquidBalance().RandSubsetCoin(reporter, types.BaseDenom)
		if reporter.IsSkipped() {
			return nil, nil
		}
		c, _, err := k.QuoteAddLiquidity(ctx, id, alita.Amount, tokens.Amount)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		return []simsx.SimAccount{giver}, &types.MsgAddLiquidity{
			Sender: giver.AddressBech32, PoolId: id, MaxAlita: alita.Amount, MaxData: tokens.Amount,
			MinShares: types.MathInt(&c.Shares), Deadline: deadline(ctx),
		}
	}
}

// MsgRemoveLiquidityFactory redeems a part of an account's shares.
func MsgRemoveLiquidityFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgRemoveLiquidity] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgRemoveLiquidity) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		giver, shares, ok := anyCoin(data, reporter, types.ShareDenom(id))
		if !ok {
			return nil, nil
		}
		c, _, err := k.QuoteRemoveLiquidity(ctx, id, shares.Amount)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		return []simsx.SimAccount{giver}, &types.MsgRemoveLiquidity{
			Sender: giver.AddressBech32, PoolId: id, Shares: shares.Amount,
			MinAlita: types.MathInt(&c.X), MinData: types.MathInt(&c.Y), Deadline: deadline(ctx),
		}
	}
}

// MsgAddLiquiditySingleFactory gives a part of what an account has of one coin.
func MsgAddLiquiditySingleFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgAddLiquiditySingle] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgAddLiquiditySingle) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		giver, in, ok := anyCoin(data, reporter, anySide(data, id))
		if !ok {
			return nil, nil
		}
		q, err := k.QuoteAddLiquiditySingle(ctx, id, in)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		return []simsx.SimAccount{giver}, &types.MsgAddLiquiditySingle{
			Sender: giver.AddressBech32, PoolId: id, TokenIn: in, MinShares: q.Shares().Amount, Deadline: deadline(ctx),
		}
	}
}

// MsgRemoveLiquiditySingleFactory redeems a part of an account's shares for one coin.
func MsgRemoveLiquiditySingleFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgRemoveLiquiditySingle] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgRemoveLiquiditySingle) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		taker, shares, ok := anyCoin(data, reporter, types.ShareDenom(id))
		if !ok {
			return nil, nil
		}
		out := anySide(data, id)
		q, err := k.QuoteRemoveLiquiditySingle(ctx, id, shares.Amount, out)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		return []simsx.SimAccount{taker}, &types.MsgRemoveLiquiditySingle{
			Sender: taker.AddressBech32, PoolId: id, Shares: shares.Amount, DenomOut: out,
			MinOut: q.Paid().Amount, Deadline: deadline(ctx),
		}
	}
}

// MsgSwapRouteExactInFactory sells a part of an account's Data Tokens for others.
func MsgSwapRouteExactInFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgSwapRouteExactIn] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgSwapRouteExactIn) {
		trader, in, out, q, ok := anyRoute(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{trader}, &types.MsgSwapRouteExactIn{
			Sender: trader.AddressBech32, TokenIn: in, DenomOut: out, MinOut: q.Second.TokenOut().Amount, Deadline: deadline(ctx),
		}
	}
}

// MsgSwapRouteExactOutFactory buys what a part of an account's Data Tokens pays for.
func MsgSwapRouteExactOutFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgSwapRouteExactOut] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgSwapRouteExactOut) {
		trader, most, _, q, ok := anyRoute(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		// What the tokens would bring can be bought for no more than them.
		return []simsx.SimAccount{trader}, &types.MsgSwapRouteExactOut{
			Sender: trader.AddressBech32, DenomIn: most.Denom, TokenOut: q.Second.TokenOut(), MaxIn: most.Amount, Deadline: deadline(ctx),
		}
	}
}

// anyRoute returns an account, a part of its Data Tokens, another Data Token, and what
// the route from one to the other would bring.
func anyRoute(
	ctx context.Context, k *keeper.Keeper, data *simsx.ChainDataSource, reporter simsx.SimulationReporter,
) (trader simsx.SimAccount, in sdk.Coin, out string, q keeper.Route, ok bool) {
	from, ok := anyPool(ctx, k, data, reporter)
	if !ok {
		return trader, in, out, q, false
	}
	to, ok := anyPool(ctx, k, data, reporter)
	if !ok {
		return trader, in, out, q, false
	}
	if trader, in, ok = anyCoin(data, reporter, types.DataDenom(from)); !ok {
		return trader, in, out, q, false
	}
	out = types.DataDenom(to)
	q, err := k.QuoteSwapRouteExactIn(ctx, in, out)
	if err != nil {
		reporter.Skip(err.Error())
		return trader, in, out, q, false
	}
	return trader, in, out, q, true
}

// MsgFundRewardsFactory gives either coin to a reward budget.
func MsgFundRewardsFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgFundRewards] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgFundRewards) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		giver, gift, ok := anyCoin(data, reporter, anySide(data, id))
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{giver}, &types.MsgFundRewards{Sender: giver.AddressBech32, PoolId: id, Amount: gift}
	}
}

// MsgClaimMakerFactory claims for the maker of a pool that has earned something.
func MsgClaimMakerFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgClaimMaker] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgClaimMaker) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		p, err := k.Pool(ctx, id)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		now := sdk.UnwrapSDKContext(ctx).BlockTime()
		free := !now.Before(p.LockedShares.Until) && p.LockedShares.Amount.IsPositive()
		if p.MakerFees.Alita.IsZero() && p.MakerFees.Data.IsZero() && !free && !p.Vesting.Vested(now).GT(p.Vesting.Claimed) {
			reporter.Skip("nothing to claim")
			return nil, nil
		}
		maker := data.GetAccount(reporter, p.Maker)
		if reporter.IsSkipped() {
			return nil, nil
		}
		return []simsx.SimAccount{maker}, &types.MsgClaimMaker{Maker: p.Maker, PoolId: id}
	}
}

// MsgClaimProtocolFactory moves the protocol's fees, where there are some.
func MsgClaimProtocolFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgClaimProtocol] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgClaimProtocol) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		p, err := k.Pool(ctx, id)
		if err != nil || (p.ProtocolFees.Alita.IsZero() && p.ProtocolFees.Data.IsZero()) {
			reporter.Skip("nothing to claim")
			return nil, nil
		}
		sender := data.AnyAccount(reporter, simsx.WithSpendableBalance())
		return []simsx.SimAccount{sender}, &types.MsgClaimProtocol{Sender: sender.AddressBech32, PoolId: id}
	}
}

// MsgUpdateParamsFactory proposes other parameters.
func MsgUpdateParamsFactory() simsx.SimMsgFactoryFn[*types.MsgUpdateParams] {
	return func(_ context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgUpdateParams) {
		r := data.Rand()
		params := types.DefaultParams()
		params.MinLiquidityAlita = math.NewInt(1 + r.Int63n(10_000))
		params.ProtocolPpm = uint32(r.Intn(types.MaxProtocolPPM + 1))
		params.TwapWindow = uint64(types.MinTwapWindow + r.Intn(60))
		params.MaxPriceObservations = uint32(types.MinObservations + r.Intn(64))
		return nil, &types.MsgUpdateParams{Authority: data.ModuleAccountAddress(reporter, "gov"), Params: params}
	}
}

// anyPool returns one of the pools; false, and skipped, where there is none.
func anyPool(ctx context.Context, k *keeper.Keeper, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) (uint64, bool) {
	next, err := k.NextPoolID.Peek(ctx)
	if err != nil || next <= 1 {
		reporter.Skip("no pool yet")
		return 0, false
	}
	return 1 + uint64(data.Rand().Int63n(int64(next-1))), true
}

// anyCoin returns an account that has the coin and a random part of it.
func anyCoin(data *simsx.ChainDataSource, reporter simsx.SimulationReporter, denom string) (simsx.SimAccount, sdk.Coin, bool) {
	owner := data.AnyAccountN(maxTries, reporter, simsx.WithDenomBalance(denom), simsx.WithSpendableBalance())
	if reporter.IsSkipped() {
		return owner, sdk.Coin{}, false
	}
	c := owner.LiquidBalance().RandSubsetCoin(reporter, denom)
	return owner, c, !reporter.IsSkipped()
}

func anySide(data *simsx.ChainDataSource, id uint64) string {
	if data.Rand().Bool() {
		return types.BaseDenom
	}
	return types.DataDenom(id)
}

func deadline(ctx context.Context) time.Time {
	return sdk.UnwrapSDKContext(ctx).BlockTime().Add(time.Hour)
}
