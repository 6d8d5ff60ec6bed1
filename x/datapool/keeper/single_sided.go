package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// SingleSided is a deposit or a withdrawal of one coin as it would happen now: a
// swap and a change of liquidity in proportion, in whichever order.
type SingleSided struct {
	Swap
	// Liquidity is the change in proportion: X is the coin that is given or wanted, Y the
	// other. The reserves and the total are those after both steps.
	Liquidity amm.Change
	// Alita reports whether X is ALITA.
	Alita bool
}

// Shares are the shares that are minted or burned.
func (s *SingleSided) Shares() sdk.Coin { return shareCoin(s.PoolID, &s.Liquidity.Shares) }

// Paid is what a withdrawal pays.
func (s *SingleSided) Paid() sdk.Coin {
	var sum amm.Int // two parts of one reserve
	return s.coin(s.Alita, sum.Add(&s.Liquidity.X, &s.Out))
}

// pair returns the amounts of both coins.
func (s *SingleSided) pair(x, y *amm.Int) types.Pair {
	if s.Alita {
		return types.Pair{Alita: *x, Data: *y}
	}
	return types.Pair{Alita: *y, Data: *x}
}

// QuoteAddLiquiditySingle returns what giving tokenIn would do now. Messages and
// queries both come this way.
func (k *Keeper) QuoteAddLiquiditySingle(ctx context.Context, poolID uint64, tokenIn sdk.Coin) (SingleSided, error) {
	var (
		s  SingleSided
		in amm.Int
	)
	swap, alita, err := k.openSwap(ctx, poolID, &in, "token_in", tokenIn)
	if err != nil {
		return s, err
	}
	s.Swap, s.Alita = swap, alita
	m := &s.market
	both, err := amm.AddSingle(opening(m, alita), m.Reserves.Of(alita), m.Reserves.Of(!alita), &m.Shares, &in, s.rates())
	s.Trade, s.AlitaIn, s.Liquidity = both.Swap, alita, both.Liquidity
	return s, types.FromAMM(err, "token_in")
}

// QuoteRemoveLiquiditySingle returns what redeeming shares for the coin denomOut
// would do now.
func (k *Keeper) QuoteRemoveLiquiditySingle(
	ctx context.Context, poolID uint64, shares math.Int, denomOut string,
) (SingleSided, error) {
	var (
		s    SingleSided
		burn amm.Int
		err  error
	)
	if s.Alita, err = types.CheckCoin("denom_out", sdk.Coin{Denom: denomOut}, poolID); err != nil {
		return s, err
	}
	if err := types.PositiveAmount(&burn, "shares", shares); err != nil {
		return s, err
	}
	if s.params, err = k.Params.Get(ctx); err != nil {
		return s, err
	}
	if err := k.openMarket(ctx, poolID, &s.Swap); err != nil {
		return s, err
	}
	m := &s.market
	both, err := amm.RemoveSingle(opening(m, s.Alita), m.Reserves.Of(s.Alita), m.Reserves.Of(!s.Alita), &m.Shares, &burn, s.rates())
	s.Trade, s.AlitaIn, s.Liquidity = both.Swap, !s.Alita, both.Liquidity
	return s, types.FromAMM(err, "shares")
}

// AddLiquiditySingle executes a message.
func (k *Keeper) AddLiquiditySingle(
	ctx context.Context, msg *types.MsgAddLiquiditySingle,
) (*types.MsgAddLiquiditySingleResponse, error) {
	var bound amm.Int
	sender, err := k.open(ctx, msg.Sender, &bound, "min_shares", msg.MinShares, msg.Deadline)
	if err != nil {
		return nil, err
	}
	s, err := k.QuoteAddLiquiditySingle(ctx, msg.PoolId, msg.TokenIn)
	if err != nil {
		return nil, err
	}
	res := &types.MsgAddLiquiditySingleResponse{Shares: s.Shares(), Swapped: s.TokenIn(), Fee: s.FeeSplit()}
	if s.Liquidity.Shares.Lt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_shares: expected at most the %s that the pool gives now, got %s", res.Shares, msg.MinShares)
	}
	giver, err := k.deposit(ctx, s.PoolID, sender, res.Shares, msg.TokenIn)
	if err != nil {
		return nil, err
	}
	// First the swap, then the deposit of the rest with what was bought.
	c, m := sdk.UnwrapSDKContext(ctx), &s.market
	if err := k.advance(c, s.PoolID, m, &s.params); err != nil {
		return nil, err
	}
	if err := k.applySwap(m, s.AlitaIn, &s.Trade); err != nil {
		return nil, err
	}
	emitSwap(c, &s.Swap, giver, res.Swapped, s.TokenOut(), res.Fee)
	m.Reserves = s.pair(&s.Liquidity.ReserveX, &s.Liquidity.ReserveY)
	setShares(c, m, &s.Liquidity.TotalShares)
	if err := k.recordPrice(m); err != nil {
		return nil, err
	}
	if err := k.Markets.Set(ctx, s.PoolID, *m); err != nil {
		return nil, err
	}
	return res, emitAdded(ctx, s.PoolID, giver, s.pair(&s.Liquidity.X, &s.Liquidity.Y), &s.Liquidity.Shares, m)
}

// RemoveLiquiditySingle executes a message.
func (k *Keeper) RemoveLiquiditySingle(
	ctx context.Context, msg *types.MsgRemoveLiquiditySingle,
) (*types.MsgRemoveLiquiditySingleResponse, error) {
	var bound amm.Int
	sender, err := k.open(ctx, msg.Sender, &bound, "min_out", msg.MinOut, msg.Deadline)
	if err != nil {
		return nil, err
	}
	s, err := k.QuoteRemoveLiquiditySingle(ctx, msg.PoolId, msg.Shares, msg.DenomOut)
	if err != nil {
		return nil, err
	}
	res := &types.MsgRemoveLiquiditySingleResponse{TokenOut: s.Paid(), Swapped: s.TokenIn(), Fee: s.FeeSplit()}
	if types.MathInt(&bound).GT(res.TokenOut.Amount) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_out: expected at most the %s that the pool pays now, got %s", res.TokenOut, msg.MinOut)
	}
	taker, err := k.withdraw(ctx, s.PoolID, sender, s.Shares(), res.TokenOut)
	if err != nil {
		return nil, err
	}
	// First the withdrawal of both coins, then the swap of the one that is not wanted.
	c, m := sdk.UnwrapSDKContext(ctx), &s.market
	if err := k.advance(c, s.PoolID, m, &s.params); err != nil {
		return nil, err
	}
	paid := s.pair(&s.Liquidity.X, &s.Liquidity.Y)
	m.Reserves.Alita.Sub(&m.Reserves.Alita, &paid.Alita)
	m.Reserves.Data.Sub(&m.Reserves.Data, &paid.Data)
	setShares(c, m, &s.Liquidity.TotalShares)
	if err := emitRemoved(ctx, s.PoolID, taker, paid, &s.Liquidity.Shares, m); err != nil {
		return nil, err
	}
	if err := k.applySwap(m, s.AlitaIn, &s.Trade); err != nil {
		return nil, err
	}
	if err := k.Markets.Set(ctx, s.PoolID, *m); err != nil {
		return nil, err
	}
	emitSwap(c, &s.Swap, taker, res.Swapped, s.TokenOut(), res.Fee)
	return res, nil
}
