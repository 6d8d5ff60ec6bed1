package types

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/amm"
)

// RewardPerRecord returns a policy that pays each admitted record an amount and
// nothing else.
func RewardPerRecord(amount math.Int) RewardPolicy {
	return RewardPolicy{PerRecord: amount, PerRow: math.ZeroInt(), MaxPerRecord: math.ZeroInt(), PerSecond: math.ZeroInt()}
}

// amounts lists the rates with their names.
func (p RewardPolicy) amounts() [4]namedInt {
	return [...]namedInt{
		{"per_record", p.PerRecord}, {"per_row", p.PerRow}, {"max_per_record", p.MaxPerRecord}, {"per_second", p.PerSecond},
	}
}

type namedInt struct {
	name  string
	value math.Int
}

// Validate checks that each rate is from 0 to 2^127, and that a record's reward has a
// bound if it depends on the rows.
func (p RewardPolicy) Validate() error {
	for _, a := range p.amounts() {
		var v amm.Int
		if err := Amount(&v, "reward_policy."+a.name, a.value); err != nil {
			return err
		}
	}
	if p.PerRow.IsPositive() && p.MaxPerRecord.IsZero() {
		return errorsmod.Wrap(ErrInvalidReward, "reward_policy.max_per_record: expected at least 1 if rows are rewarded, since owners count their own rows, got 0")
	}
	if p.MaxPerRecord.IsPositive() && p.PerRecord.GT(p.MaxPerRecord) {
		return errorsmod.Wrapf(ErrInvalidReward, "reward_policy.per_record: expected at most max_per_record %s, got %s", p.MaxPerRecord, p.PerRecord)
	}
	return nil
}

// IsZero reports whether nobody can earn anything.
func (p RewardPolicy) IsZero() bool {
	return p.PerRecord.IsZero() && p.PerRow.IsZero() && p.PerSecond.IsZero()
}

// Of returns what a record of some rows earns at its admission: per_record + rows *
// per_row, at most max_per_record if there is one. The policy has to be valid.
func (p RewardPolicy) Of(rows uint64) math.Int {
	earned := p.PerRow.Mul(math.NewIntFromUint64(rows)).Add(p.PerRecord) // below 2^192
	if p.MaxPerRecord.IsPositive() && earned.GT(p.MaxPerRecord) {
		return p.MaxPerRecord
	}
	return earned
}

// CheckRaised returns ErrInvalidReward if a rate is lower than before: a promise to
// owners is only ever added to. A bound may be taken away but not lowered. It may be
// set if there was none: rows earned nothing then, and no bound is below what a record
// earns. Both policies have to be valid.
func (p RewardPolicy) CheckRaised(before RewardPolicy) error {
	was := before.amounts()
	for i, a := range p.amounts() {
		if a.name == "max_per_record" {
			if a.value.IsZero() || a.value.GTE(was[i].value) {
				continue
			}
		} else if a.value.GTE(was[i].value) {
			continue
		}
		return errorsmod.Wrapf(ErrInvalidReward, "reward_policy.%s: expected no less than the %s that owners were promised, got %s", a.name, was[i].value, a.value)
	}
	return nil
}
