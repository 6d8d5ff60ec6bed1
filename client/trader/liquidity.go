package trader

import (
	"context"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// Deposit quotes a deposit of both coins in the pool's proportion. The amount of one coin decides how much: no more
// than that is taken of it, and of the other coin what goes with it, with the tolerance.
func (m Market) Deposit(ctx context.Context, p types.Pool, given sdk.Coin) (Quote, error) {
	alita := ceiling{quoted: sdk.Coin{Denom: types.BaseDenom, Amount: given.Amount}}
	data := ceiling{quoted: sdk.Coin{Denom: p.DataDenom, Amount: given.Amount}}
	if given.Denom == types.BaseDenom {
		alita.cap = given.Amount
		data.quoted.Amount = matching(given.Amount, p.Reserves.Data, p.Reserves.Alita)
	} else {
		data.cap = given.Amount
		alita.quoted.Amount = matching(given.Amount, p.Reserves.Alita, p.Reserves.Data)
	}
	res, err := m.Pools.QuoteAddLiquidity(ctx, &types.QueryQuoteAddLiquidityRequest{
		PoolId: p.Id, MaxAlita: alita.quoted.Amount.String(), MaxData: data.quoted.Amount.String(),
	})
	if err != nil {
		return Quote{}, err
	}
	return Quote{
		Kind: Deposit, Pools: []types.Pool{p}, Give: bothCoins(p, res.Used), Get: []sdk.Coin{res.Shares},
		ceilings: []ceiling{alita, data},
		message: func(t Terms, most, least []sdk.Coin) sdk.Msg {
			return &types.MsgAddLiquidity{
				Sender: t.Sender, PoolId: p.Id, MaxAlita: most[0].Amount, MaxData: most[1].Amount,
				MinShares: least[0].Amount, Deadline: t.Deadline,
			}
		},
	}, nil
}

// matching returns ceil(amount * other / own) + 1, the amount of the other coin that goes with an amount of its own.
// The one more is there because shares are whole.
func matching(amount, other, own math.Int) math.Int {
	return amount.Mul(other).Add(own).SubRaw(1).Quo(own).AddRaw(1)
}

// Withdraw quotes the redemption of shares for both coins.
func (m Market) Withdraw(ctx context.Context, p types.Pool, shares math.Int) (Quote, error) {
	res, err := m.Pools.QuoteRemoveLiquidity(ctx, &types.QueryQuoteRemoveLiquidityRequest{PoolId: p.Id, Shares: shares.String()})
	if err != nil {
		return Quote{}, err
	}
	return Quote{
		Kind: Withdrawal, Pools: []types.Pool{p}, Give: sharesOf(p, shares), Get: bothCoins(p, res.Paid),
		message: func(t Terms, _, least []sdk.Coin) sdk.Msg {
			return &types.MsgRemoveLiquidity{
				Sender: t.Sender, PoolId: p.Id, Shares: shares, MinAlita: least[0].Amount, MinData: least[1].Amount, Deadline: t.Deadline,
			}
		},
	}, nil
}

// DepositSingle quotes a deposit of an exact amount of one coin alone. The pool swaps a part of it for the other coin,
// with the fee and the impact of a swap.
func (m Market) DepositSingle(ctx context.Context, p types.Pool, in sdk.Coin) (Quote, error) {
	res, err := m.Pools.QuoteAddLiquiditySingle(ctx, &types.QueryQuoteAddLiquiditySingleRequest{PoolId: p.Id, TokenIn: in.String()})
	if err != nil {
		return Quote{}, err
	}
	return Quote{
		Kind: Deposit, Pools: []types.Pool{p}, Give: []sdk.Coin{in}, Get: []sdk.Coin{res.Shares},
		Swapped: res.Swapped, Fees: []Fee{feeOf(p, res.Swapped.Denom, res.Fee)}, ImpactPPM: res.PriceImpactPpm,
		message: func(t Terms, _, least []sdk.Coin) sdk.Msg {
			return &types.MsgAddLiquiditySingle{Sender: t.Sender, PoolId: p.Id, TokenIn: in, MinShares: least[0].Amount, Deadline: t.Deadline}
		},
	}, nil
}

// WithdrawSingle quotes the redemption of shares for one coin alone. The pool swaps the other coin for it, with the
// fee and the impact of a swap.
func (m Market) WithdrawSingle(ctx context.Context, p types.Pool, shares math.Int, denom string) (Quote, error) {
	res, err := m.Pools.QuoteRemoveLiquiditySingle(ctx, &types.QueryQuoteRemoveLiquiditySingleRequest{
		PoolId: p.Id, Shares: shares.String(), DenomOut: denom,
	})
	if err != nil {
		return Quote{}, err
	}
	return Quote{
		Kind: Withdrawal, Pools: []types.Pool{p}, Give: sharesOf(p, shares), Get: []sdk.Coin{res.TokenOut},
		Swapped: res.Swapped, Fees: []Fee{feeOf(p, res.Swapped.Denom, res.Fee)}, ImpactPPM: res.PriceImpactPpm,
		message: func(t Terms, _, least []sdk.Coin) sdk.Msg {
			return &types.MsgRemoveLiquiditySingle{
				Sender: t.Sender, PoolId: p.Id, Shares: shares, DenomOut: denom, MinOut: least[0].Amount, Deadline: t.Deadline,
			}
		},
	}, nil
}

func sharesOf(p types.Pool, shares math.Int) []sdk.Coin {
	return []sdk.Coin{{Denom: p.ShareDenom, Amount: shares}}
}

func bothCoins(p types.Pool, a types.Amounts) []sdk.Coin {
	return []sdk.Coin{{Denom: types.BaseDenom, Amount: a.Alita}, {Denom: p.DataDenom, Amount: a.Data}}
}
