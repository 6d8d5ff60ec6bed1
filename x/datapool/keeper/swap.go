package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// Swap is a trade of one pool as it would happen now.
type Swap struct {
	amm.Trade

	// PoolID is the pool; AlitaIn reports whether ALITA comes in.
	PoolID  uint64
	AlitaIn bool

	market types.Market
	params types.Params
}

// TokenIn returns the coin that the trader pays, the fee included.
func (s *Swap) TokenIn() sdk.Coin { return s.coin(s.AlitaIn, &s.In) }

// TokenOut returns the coin that the trader gets.
func (s *Swap) TokenOut() sdk.Coin { return s.coin(!s.AlitaIn, &s.Out) }

// FeeSplit is the fee by receiver, in the input coin.
func (s *Swap) FeeSplit() types.FeeSplit {
	return types.FeeSplit{
		Liquidity: types.MathInt(&s.Fee.Liquidity),
		Maker:     types.MathInt(&s.Fee.Maker),
		Protocol:  types.MathInt(&s.Fee.Protocol),
		Rewards:   types.MathInt(&s.Fee.Rewards),
	}
}

// KeptSurcharge returns the amount that the block guard keeps for the liquidity, in the output coin.
func (s *Swap) KeptSurcharge() math.Int { return types.MathInt(&s.Surcharge) }

func (s *Swap) coin(alita bool, amount *amm.Int) sdk.Coin { return poolCoin(s.PoolID, alita, amount) }

// poolCoin returns an amount of ALITA or of a pool's Data Token.
func poolCoin(poolID uint64, alita bool, amount *amm.Int) sdk.Coin {
	denom := types.BaseDenom
	if !alita {
		denom = types.DataDenom(poolID)
	}
	return sdk.Coin{Denom: denom, Amount: types.MathInt(amount)}
}

// QuoteSwapExactIn returns what selling tokenIn would do now. Messages and queries
// both use it, so a message does exactly what a quote says.
func (k *Keeper) QuoteSwapExactIn(ctx context.Context, poolID uint64, tokenIn sdk.Coin) (Swap, error) {
	var in amm.Int
	s, alita, err := k.prepareSwap(ctx, poolID, &in, "token_in", tokenIn)
	if err != nil {
		return s, err
	}
	return s, types.FromAMM(s.sell(alita, &in), "token_in", tokenIn)
}

// QuoteSwapExactOut returns what buying tokenOut would do now.
func (k *Keeper) QuoteSwapExactOut(ctx context.Context, poolID uint64, tokenOut sdk.Coin) (Swap, error) {
	var out amm.Int
	s, alita, err := k.prepareSwap(ctx, poolID, &out, "token_out", tokenOut)
	if err != nil {
		return s, err
	}
	return s, types.FromAMM(s.buy(alita, &out), "token_out", tokenOut)
}

// prepareSwap checks the given side of a swap and reads what the swap needs.
func (k *Keeper) prepareSwap(
	ctx context.Context, poolID uint64, amount *amm.Int, field string, coin sdk.Coin,
) (s Swap, alita bool, err error) {
	if alita, err = types.CheckCoin(field, coin, poolID); err != nil {
		return s, alita, err
	}
	if err = types.PositiveAmount(amount, field, coin.Amount); err != nil {
		return s, alita, err
	}
	if s.params, err = k.Params.Get(ctx); err != nil {
		return s, alita, err
	}
	return s, alita, k.loadMarket(ctx, poolID, &s)
}

// loadMarket reads the market of a pool for a trade. The error is ErrPaused if
// trade is stopped.
func (k *Keeper) loadMarket(ctx context.Context, poolID uint64, s *Swap) (err error) {
	s.PoolID = poolID
	if s.market, err = k.market(ctx, poolID); err != nil {
		return err
	}
	if err := checkRunning(poolID, &s.market); err != nil {
		return err
	}
	noteOpening(sdk.UnwrapSDKContext(ctx), &s.market)
	return nil
}

// checkRunning returns ErrPaused if governance has stopped a pool.
func checkRunning(poolID uint64, m *types.Market) error {
	if m.Paused {
		return errorsmod.Wrapf(types.ErrPaused,
			"pool %d: expected one that trades, got a stopped one; liquidity can be removed in both coins", poolID)
	}
	return nil
}

// sell computes the sale of an amount of ALITA or of Data Tokens.
func (s *Swap) sell(alita bool, in *amm.Int) (err error) {
	m := &s.market
	s.AlitaIn = alita
	s.Trade, err = amm.GuardedSwapExactIn(opening(m, alita), m.Reserves.Of(alita), m.Reserves.Of(!alita), in, s.rates())
	return err
}

// buy computes the purchase of an amount of ALITA or of Data Tokens.
func (s *Swap) buy(alita bool, out *amm.Int) (err error) {
	m := &s.market
	s.AlitaIn = !alita
	s.Trade, err = amm.GuardedSwapExactOut(opening(m, !alita), m.Reserves.Of(!alita), m.Reserves.Of(alita), out, s.rates())
	return err
}

func (s *Swap) rates() amm.Fees { return s.market.Fees.Rates(s.params.ProtocolPpm) }

// settleSwap moves the coins and writes the market. Nothing is written before the
// trader has paid. It touches the pool's market and price history, and the balances of
// the pool's account and the trader.
func (k *Keeper) settleSwap(
	ctx context.Context, s *Swap, sender sdk.AccAddress, in, out sdk.Coin, fee types.FeeSplit,
) error {
	trader, escrow, err := k.parties(ctx, s.PoolID, sender)
	if err != nil {
		return err
	}
	if err := k.ledger.Send(ctx, &trader, &escrow, in); err != nil {
		return err
	}
	if err := k.ledger.Send(ctx, &escrow, &trader, out); err != nil {
		return err
	}
	return k.writeSwap(ctx, s, sender, trader.String(), in, out, fee)
}

// writeSwap writes the market after a swap of an account, and its event, which names the account by text.
func (k *Keeper) writeSwap(ctx context.Context, s *Swap, trader sdk.AccAddress, text string, in, out sdk.Coin, fee types.FeeSplit) error {
	c := sdk.UnwrapSDKContext(ctx)
	m := &s.market
	if err := k.advance(c, s.PoolID, m, &s.params); err != nil {
		return err
	}
	if err := applySwap(m, trader, s.AlitaIn, &s.Trade); err != nil {
		return err
	}
	if err := k.Markets.Set(ctx, s.PoolID, *m); err != nil {
		return err
	}
	emitSwap(c, s, text, in, out, fee)
	return nil
}

// applySwap changes a market by a trade of an account. The sums of prices have to reach to now.
func applySwap(m *types.Market, trader sdk.AccAddress, alitaIn bool, t *amm.Trade) error {
	*m.Reserves.Of(alitaIn), *m.Reserves.Of(!alitaIn) = t.ReserveIn, t.ReserveOut
	alita, data := &t.In, &t.Out
	if !alitaIn {
		alita, data = data, alita
	}
	traded := types.Pair{Alita: m.Run.Counted(trader, alita, alitaIn)}
	traded.Data = amm.Portion(data, &traded.Alita, alita)
	for _, part := range [...]struct{ to, amount *amm.Int }{
		{m.MakerFees.Of(alitaIn), &t.Fee.Maker},
		{m.ProtocolFees.Of(alitaIn), &t.Fee.Protocol},
		{m.Rewards.Of(alitaIn), &t.Fee.Rewards},
		{&m.Volume.Alita, &traded.Alita},
		{&m.Volume.Data, &traded.Data},
	} {
		if _, overflow := part.to.AddOverflow(part.to, part.amount); overflow {
			return errorsmod.Wrapf(types.ErrTooLarge, "fees and volume: expected sums below 2^256, got %s more", part.amount.Dec())
		}
	}
	m.Swaps++
	return nil
}

// emitSwap emits the event of a swap whose market has been changed.
func emitSwap(ctx sdk.Context, s *Swap, sender string, in, out sdk.Coin, fee types.FeeSplit) {
	ctx.EventManager().EmitEvent(swapEvent(&types.EventSwap{
		PoolId:    s.PoolID,
		Sender:    sender,
		TokenIn:   in,
		TokenOut:  out,
		Fee:       fee,
		Reserves:  s.market.Reserves.Amounts(),
		Surcharge: s.Surcharge.Dec(),
	}))
}
