package keeper

import (
	"context"

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
	// other. The reserves and the total are the ones after both steps.
	Liquidity amm.Change
	// Alita reports whether X is ALITA.
	Alita bool
}

// Shares are the shares that are minted or burned.
func (s *SingleSided) Shares() sdk.Coin { return shareCoin(s.PoolID, &s.Liquidity.Shares) }

// Paid returns the coin that a withdrawal pays.
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
// queries both use it.
func (k *Keeper) QuoteAddLiquiditySingle(ctx context.Context, poolID uint64, tokenIn sdk.Coin) (SingleSided, error) {
	var (
		s  SingleSided
		in amm.Int
	)
	swap, alita, err := k.prepareSwap(ctx, poolID, &in, "token_in", tokenIn)
	if err != nil {
		return s, err
	}
	s.Swap, s.Alita = swap, alita
	m := &s.market
	both, err := amm.AddSingle(opening(m, alita), m.Reserves.Of(alita), m.Reserves.Of(!alita), &m.Shares, &in, s.rates())
	s.Trade, s.AlitaIn, s.Liquidity = both.Swap, alita, both.Liquidity
	return s, types.FromAMM(err, "token_in", tokenIn)
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
	if err := k.loadMarket(ctx, poolID, &s.Swap); err != nil {
		return s, err
	}
	m := &s.market
	both, err := amm.RemoveSingle(opening(m, s.Alita), m.Reserves.Of(s.Alita), m.Reserves.Of(!s.Alita), &m.Shares, &burn, s.rates())
	s.Trade, s.AlitaIn, s.Liquidity = both.Swap, !s.Alita, both.Liquidity
	return s, types.FromAMM(err, "shares", shares)
}

// settleAddSingle moves the coin and the shares and writes the market: first the swap,
// then the deposit of the rest with what was bought.
func (k *Keeper) settleAddSingle(ctx context.Context, s *SingleSided, sender sdk.AccAddress, given sdk.Coin, fee types.FeeSplit) error {
	giver, err := k.deposit(ctx, s.PoolID, sender, s.Shares(), given)
	if err != nil {
		return err
	}
	c, m := sdk.UnwrapSDKContext(ctx), &s.market
	if err := k.advance(c, s.PoolID, m, &s.params); err != nil {
		return err
	}
	if err := applySwap(m, sender, s.AlitaIn, &s.Trade); err != nil {
		return err
	}
	emitSwap(c, &s.Swap, giver, s.TokenIn(), s.TokenOut(), fee)
	m.Reserves = s.pair(&s.Liquidity.ReserveX, &s.Liquidity.ReserveY)
	setShares(c, m, &s.Liquidity.TotalShares)
	if err := k.Markets.Set(ctx, s.PoolID, *m); err != nil {
		return err
	}
	return emitAdded(ctx, s.PoolID, giver, s.pair(&s.Liquidity.X, &s.Liquidity.Y), &s.Liquidity.Shares, m)
}

// settleRemoveSingle moves the shares and the coin and writes the market: first the
// withdrawal of both coins, then the swap of the one that is not wanted.
func (k *Keeper) settleRemoveSingle(ctx context.Context, s *SingleSided, sender sdk.AccAddress, paid sdk.Coin, fee types.FeeSplit) error {
	taker, err := k.withdraw(ctx, s.PoolID, sender, s.Shares(), paid)
	if err != nil {
		return err
	}
	c, m := sdk.UnwrapSDKContext(ctx), &s.market
	if err := k.advance(c, s.PoolID, m, &s.params); err != nil {
		return err
	}
	both := s.pair(&s.Liquidity.X, &s.Liquidity.Y)
	m.Reserves.Alita.Sub(&m.Reserves.Alita, &both.Alita)
	m.Reserves.Data.Sub(&m.Reserves.Data, &both.Data)
	setShares(c, m, &s.Liquidity.TotalShares)
	if err := emitRemoved(ctx, s.PoolID, taker, both, &s.Liquidity.Shares, m); err != nil {
		return err
	}
	if err := applySwap(m, sender, s.AlitaIn, &s.Trade); err != nil {
		return err
	}
	if err := k.Markets.Set(ctx, s.PoolID, *m); err != nil {
		return err
	}
	emitSwap(c, &s.Swap, taker, s.TokenIn(), s.TokenOut(), fee)
	return nil
}
