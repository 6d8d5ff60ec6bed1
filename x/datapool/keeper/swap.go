package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// Swap is a trade of one pool as it would happen now.
type Swap struct {
	amm.Trade

	// PoolID is the pool; AlitaIn tells which coin comes in.
	PoolID  uint64
	AlitaIn bool

	market types.Market
	params types.Params
}

// TokenIn is what the trader pays, the fee included.
func (s *Swap) TokenIn() sdk.Coin { return s.coin(s.AlitaIn, &s.In) }

// TokenOut is what the trader gets.
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

func (s *Swap) coin(alita bool, amount *amm.Int) sdk.Coin {
	denom := types.BaseDenom
	if !alita {
		denom = types.DataDenom(s.PoolID)
	}
	return sdk.Coin{Denom: denom, Amount: types.MathInt(amount)}
}

// QuoteSwapExactIn returns what selling tokenIn would do now. Messages and queries
// both come this way, so a quote is what the message does.
func (k *Keeper) QuoteSwapExactIn(ctx context.Context, poolID uint64, tokenIn sdk.Coin) (Swap, error) {
	var in amm.Int
	s, alita, err := k.openSwap(ctx, poolID, &in, "token_in", tokenIn)
	if err != nil {
		return s, err
	}
	s.AlitaIn = alita
	s.Trade, err = amm.SwapExactIn(s.market.Reserves.Of(alita), s.market.Reserves.Of(!alita), &in, s.rates())
	return s, types.FromAMM(err, "token_in")
}

// QuoteSwapExactOut returns what buying tokenOut would do now.
func (k *Keeper) QuoteSwapExactOut(ctx context.Context, poolID uint64, tokenOut sdk.Coin) (Swap, error) {
	var out amm.Int
	s, alita, err := k.openSwap(ctx, poolID, &out, "token_out", tokenOut)
	if err != nil {
		return s, err
	}
	s.AlitaIn = !alita
	s.Trade, err = amm.SwapExactOut(s.market.Reserves.Of(!alita), s.market.Reserves.Of(alita), &out, s.rates())
	return s, types.FromAMM(err, "token_out")
}

// openSwap checks the given side of a swap and reads what the swap needs.
func (k *Keeper) openSwap(
	ctx context.Context, poolID uint64, amount *amm.Int, field string, coin sdk.Coin,
) (s Swap, alita bool, err error) {
	s.PoolID = poolID
	if alita, err = types.CheckCoin(field, coin, poolID); err != nil {
		return s, alita, err
	}
	if err = types.PositiveAmount(amount, field, coin.Amount); err != nil {
		return s, alita, err
	}
	if s.market, err = k.market(ctx, poolID); err != nil {
		return s, alita, err
	}
	s.params, err = k.Params.Get(ctx)
	return s, alita, err
}

func (s *Swap) rates() amm.Fees { return s.market.Fees.Rates(s.params.ProtocolPpm) }

// SwapExactIn executes a message.
func (k *Keeper) SwapExactIn(ctx context.Context, msg *types.MsgSwapExactIn) (*types.MsgSwapExactInResponse, error) {
	var bound amm.Int
	sender, err := k.account("sender", msg.Sender)
	if err != nil {
		return nil, err
	}
	if err := types.Bound(&bound, "min_out", msg.MinOut); err != nil {
		return nil, err
	}
	if err := types.CheckDeadline(msg.Deadline, sdk.UnwrapSDKContext(ctx).BlockTime()); err != nil {
		return nil, err
	}
	s, err := k.QuoteSwapExactIn(ctx, msg.PoolId, msg.TokenIn)
	if err != nil {
		return nil, err
	}
	out := s.TokenOut()
	if s.Out.Lt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_out: expected at most the %s that the pool pays now, got %s", out, msg.MinOut)
	}
	fee := s.FeeSplit()
	if err := k.settleSwap(ctx, &s, sender, msg.Sender, s.TokenIn(), out, fee); err != nil {
		return nil, err
	}
	return &types.MsgSwapExactInResponse{TokenOut: out, Fee: fee}, nil
}

// SwapExactOut executes a message.
func (k *Keeper) SwapExactOut(ctx context.Context, msg *types.MsgSwapExactOut) (*types.MsgSwapExactOutResponse, error) {
	var bound amm.Int
	sender, err := k.account("sender", msg.Sender)
	if err != nil {
		return nil, err
	}
	if err := types.Bound(&bound, "max_in", msg.MaxIn); err != nil {
		return nil, err
	}
	if err := types.CheckDeadline(msg.Deadline, sdk.UnwrapSDKContext(ctx).BlockTime()); err != nil {
		return nil, err
	}
	s, err := k.QuoteSwapExactOut(ctx, msg.PoolId, msg.TokenOut)
	if err != nil {
		return nil, err
	}
	in := s.TokenIn()
	if s.In.Gt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "max_in: expected at least the %s that the pool asks now, got %s", in, msg.MaxIn)
	}
	fee := s.FeeSplit()
	if err := k.settleSwap(ctx, &s, sender, msg.Sender, in, s.TokenOut(), fee); err != nil {
		return nil, err
	}
	return &types.MsgSwapExactOutResponse{TokenIn: in, Fee: fee}, nil
}

// settleSwap moves the coins and writes the market. Nothing is written before the
// trader has paid. The keys that it touches are the market (and at times an
// observation) of the pool, and the balances of the pool's account and the trader.
func (k *Keeper) settleSwap(
	ctx context.Context, s *Swap, sender sdk.AccAddress, senderText string, in, out sdk.Coin, fee types.FeeSplit,
) error {
	escrow := types.PoolAddress(s.PoolID)
	if err := k.bankKeeper.SendCoins(ctx, sender, escrow, sdk.Coins{in}); err != nil {
		return err
	}
	if err := k.bankKeeper.SendCoins(ctx, escrow, sender, sdk.Coins{out}); err != nil {
		return err
	}
	m := &s.market
	if err := k.advance(sdk.UnwrapSDKContext(ctx), s.PoolID, m, &s.params); err != nil {
		return err
	}
	*m.Reserves.Of(s.AlitaIn), *m.Reserves.Of(!s.AlitaIn) = s.ReserveIn, s.ReserveOut
	for _, part := range [...]struct{ to, amount *amm.Int }{
		{m.MakerFees.Of(s.AlitaIn), &s.Fee.Maker},
		{m.ProtocolFees.Of(s.AlitaIn), &s.Fee.Protocol},
		{m.Rewards.Of(s.AlitaIn), &s.Fee.Rewards},
		{m.Volume.Of(s.AlitaIn), &s.In},
	} {
		if _, overflow := part.to.AddOverflow(part.to, part.amount); overflow {
			return errorsmod.Wrap(types.ErrTooLarge, "expected the sums of fees and volume to stay below 2^256")
		}
	}
	m.Swaps++
	if err := k.Markets.Set(ctx, s.PoolID, *m); err != nil {
		return err
	}
	sdk.UnwrapSDKContext(ctx).EventManager().EmitEvent(swapEvent(&types.EventSwap{
		PoolId:   s.PoolID,
		Sender:   senderText,
		TokenIn:  in,
		TokenOut: out,
		Fee:      fee,
		Reserves: m.Reserves.Amounts(),
	}))
	return nil
}
