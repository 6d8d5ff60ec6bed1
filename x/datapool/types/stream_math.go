package types

import (
	"github.com/holiman/uint256"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/datapool/amm"
)

// Rewards are shared out by weight in constant time: there is a running sum of rewards
// per unit of weight, and for each owner the sum at which its share last changed
// (Batog, Boca and Johnson, "Scalable Reward Distribution on the Ethereum
// Blockchain", 2018). Sums carry amm.PriceBits fractional bits.

// streamUnit is one base unit of a coin in the sums.
var streamUnit = new(amm.Int).Lsh(uint256.NewInt(1), amm.PriceBits)

// Accrue moves what has streamed since the last time from a budget to what is owed and
// returns it: perSecond Data Token units for each second, or the whole budget if
// that is less, and of the ALITA in the budget the same fraction, rounded down. Without
// weight nothing streams. The error is ErrTooLarge if a sum does not fit 256 bits, which
// takes more than 2^64 accruals of the largest budget.
func (s *StreamState) Accrue(budget *Pair, perSecond *amm.Int, now int64) (Pair, error) {
	var moved Pair
	if now <= s.AccruedAt {
		return moved, nil
	}
	seconds := uint64(now - s.AccruedAt)
	s.AccruedAt = now
	if s.Weight == 0 || perSecond.IsZero() || budget.Data.IsZero() {
		return moved, nil
	}
	if _, overflow := moved.Data.MulOverflow(perSecond, uint256.NewInt(seconds)); overflow || moved.Data.Gt(&budget.Data) {
		moved.Data = budget.Data
	}
	moved.Alita = amm.Portion(&budget.Alita, &moved.Data, &budget.Data)
	weight := uint256.NewInt(s.Weight)
	for _, alita := range [...]bool{true, false} {
		amount, sum, owed := moved.Of(alita), s.PerWeight.Of(alita), s.Owed.Of(alita)
		var each amm.Int
		_, a := each.MulDivOverflow(amount, streamUnit, weight)
		_, b := sum.AddOverflow(sum, &each)
		_, c := owed.AddOverflow(owed, amount)
		if a || b || c {
			return moved, errorsmod.Wrapf(ErrTooLarge, "streamed rewards: expected sums below 2^256, got %s more", amount.Dec())
		}
		left := budget.Of(alita)
		left.Sub(left, amount)
	}
	return moved, nil
}

// Settle credits a share with what it has earned since it last changed, in whole base
// units, and gives it another weight. The fraction of a unit that is left stays with
// the share: its sums are set back by as much, rounded against the owner. A share of
// which no weight is left loses the fraction. The error is ErrInvariant if the
// share is ahead of the stream, and ErrTooLarge if it earned more than 256 bits hold.
func (s *StreamState) Settle(share *StreamShare, weight uint64) error {
	had, has := uint256.NewInt(share.Weight), uint256.NewInt(weight)
	for _, alita := range [...]bool{true, false} {
		sum, last, owed := s.PerWeight.Of(alita), share.PerWeight.Of(alita), share.Owed.Of(alita)
		var earned, whole, back amm.Int
		if _, underflow := earned.SubOverflow(sum, last); underflow {
			return errorsmod.Wrapf(ErrInvariant, "streamed rewards: expected a share's sum of at most %s, got %s", sum.Dec(), last.Dec())
		}
		_, a := earned.MulOverflow(&earned, had)
		_, b := owed.AddOverflow(owed, whole.Rsh(&earned, amm.PriceBits))
		if a || b {
			return errorsmod.Wrapf(ErrTooLarge, "streamed rewards: expected a share below 2^256, got %s more", whole.Dec())
		}
		if weight > 0 {
			back.Div(earned.Mod(&earned, streamUnit), has)
		}
		if back.Gt(sum) {
			back = *sum
		}
		last.Sub(sum, &back)
	}
	share.Weight = weight
	return nil
}

// Claimable returns what a share could claim of the stream, the last accrual included.
func (s *StreamState) Claimable(share StreamShare) (Pair, error) {
	err := s.Settle(&share, share.Weight)
	return share.Owed, err
}
