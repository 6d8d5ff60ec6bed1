package trader

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// Kind says what a trade does, and which side of it is exact.
type Kind uint8

const (
	// Sale gives an exact amount for as much as the pool pays.
	Sale Kind = iota + 1
	// Purchase gets an exact amount for as little as the pool asks.
	Purchase
	// Deposit gives coins to a pool and gets its shares.
	Deposit
	// Withdrawal gives an exact amount of shares back and gets coins.
	Withdrawal
)

// Quote is a trade as the chain would settle it now.
type Quote struct {
	// Kind says what it does.
	Kind Kind
	// Pools are the pool of the trade, or both pools of a route in their order, as they stood before it.
	Pools []types.Pool
	// Give and Get are the coins that the sender gives and gets. Two coins are in the order ALITA, Data Token.
	Give, Get []sdk.Coin
	// Through is the ALITA that a route takes from its first pool to the second; without a denom for other trades.
	Through sdk.Coin
	// Swapped is the part of a deposit or withdrawal of one coin that the pool swaps; without a denom for other trades.
	Swapped sdk.Coin
	// Fees are the fees of the swaps in it, in the order of Pools.
	Fees []Fee
	// ImpactPPM is how much worse than the price before it the trade is, without fees, in parts per million.
	ImpactPPM uint32

	ceilings []ceiling
	message  func(t Terms, most, least []sdk.Coin) sdk.Msg
}

// Fee is the fee of a swap, in the coin that is sold.
type Fee struct {
	// Denom is the coin.
	Denom string
	// RatePPM is the pool's fee, in parts per million of the input.
	RatePPM uint32
	// Split is who gets how much of it.
	Split types.FeeSplit
}

// Total is the whole fee.
func (f Fee) Total() sdk.Coin {
	return sdk.Coin{Denom: f.Denom, Amount: f.Split.Liquidity.Add(f.Split.Maker).Add(f.Split.Protocol).Add(f.Split.Rewards)}
}

func feeOf(p types.Pool, denom string, split types.FeeSplit) Fee {
	return Fee{Denom: denom, RatePPM: p.Fees.SwapFeePpm, Split: split}
}

// ceiling is an amount that is not exact on the side of the sender: it may grow by the tolerance, up to a cap.
type ceiling struct {
	quoted sdk.Coin
	cap    math.Int // nil for none
}

func (c ceiling) bound(t Tolerance) sdk.Coin {
	most := t.AtMost(c.quoted.Amount)
	if !c.cap.IsNil() {
		most = math.MinInt(most, c.cap)
	}
	return sdk.Coin{Denom: c.quoted.Denom, Amount: most}
}

// Limit lowers what a purchase may cost, with the tolerance, to a limit. It refuses a limit below the quote.
func (q Quote) Limit(most sdk.Coin) (Quote, error) {
	if q.Kind != Purchase {
		return Quote{}, errors.New("limit: expected a purchase, whose cost is not exact, got another trade")
	}
	asked := q.Give[0]
	if most.Denom != asked.Denom {
		return Quote{}, fmt.Errorf("expected a limit in the coin of %s, which is asked, got %s", q.Format(asked), q.Format(most))
	}
	if most.Amount.LT(asked.Amount) {
		return Quote{}, fmt.Errorf("expected at least %s, which is asked, got %s", q.Format(asked), q.Format(most))
	}
	q.ceilings = []ceiling{{asked, most.Amount}}
	return q, nil
}

// Prices returns the price of a sale or purchase with its fees, and the price before it: ALITA for one Data Token, or
// for a route Data Tokens of the first pool for one of the second. They are nil for other trades, and if a price has
// no value.
func (q Quote) Prices() (paid, before *big.Rat) {
	if q.Kind != Sale && q.Kind != Purchase {
		return nil, nil
	}
	given, got := q.Give[0], q.Get[0]
	if len(q.Pools) == 2 {
		// The pools' prices as they stand: (ALITA for the second) / (ALITA for the first).
		from, to := q.Pools[0].Reserves, q.Pools[1].Reserves
		return Ratio(given.Amount, got.Amount), Ratio(to.Alita.Mul(from.Data), to.Data.Mul(from.Alita))
	}
	if given.Denom != types.BaseDenom {
		given, got = got, given
	}
	reserves := q.Pools[0].Reserves
	return Ratio(given.Amount, got.Amount), Ratio(reserves.Alita, reserves.Data)
}

// Ratio returns num/den, or nil if den is not positive.
func Ratio(num, den math.Int) *big.Rat {
	if !den.IsPositive() {
		return nil
	}
	return new(big.Rat).SetFrac(num.BigInt(), den.BigInt())
}

// Format writes an amount of a coin of the trade in words: 1.5 SPEED.
func (q Quote) Format(c sdk.Coin) string {
	units := AlitaUnits()
	for _, p := range q.Pools {
		units = append(append(units, DataUnits(p)...), ShareUnits(p)...)
	}
	return units.Format(c)
}

// Terms are a sender's conditions of a trade.
type Terms struct {
	// Sender is the account that trades, in bech32.
	Sender string
	// Tolerance is how much worse than the quote the trade may be.
	Tolerance Tolerance
	// Deadline is the time of a block after which the trade is refused.
	Deadline time.Time
}

// Order is a trade that the chain settles within bounds or not at all.
type Order struct {
	Quote
	// Most is the most that is taken of each coin of Give; nil if Give is exact.
	Most []sdk.Coin
	// Least is the least that is paid of each coin of Get; nil if Get is exact.
	Least []sdk.Coin
	// Msg is the message to send.
	Msg sdk.Msg
}

// Order returns the order of a quote on these terms.
func (q Quote) Order(t Terms) Order {
	o := Order{Quote: q}
	for _, c := range q.ceilings {
		o.Most = append(o.Most, c.bound(t.Tolerance))
	}
	if q.Kind != Purchase {
		for _, c := range q.Get {
			o.Least = append(o.Least, sdk.Coin{Denom: c.Denom, Amount: t.Tolerance.AtLeast(c.Amount)})
		}
	}
	o.Msg = q.message(t, o.Most, o.Least)
	return o
}
