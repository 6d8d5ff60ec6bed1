package types

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/amm"
)

// RewardPerRecord returns a policy that pays each admitted record an amount and
// nothing else, as fast as the outlet of any pool lets it out.
func RewardPerRecord(amount math.Int) RewardPolicy {
	p := RewardPolicy{PerRecord: amount, PerRow: math.ZeroInt(), MaxPerRecord: math.ZeroInt(), PerDay: math.ZeroInt(), MaxPerDay: math.ZeroInt()}
	if amount.IsPositive() {
		p.PerDay, p.MaxPerDay = MaxAmount(), MaxAmount()
	}
	return p
}

// amounts lists the amounts with their names.
func (p RewardPolicy) amounts() [5]namedInt {
	return [...]namedInt{
		{"per_record", p.PerRecord},
		{"per_row", p.PerRow},
		{"max_per_record", p.MaxPerRecord},
		{"per_day", p.PerDay},
		{"max_per_day", p.MaxPerDay},
	}
}

type namedInt struct {
	name  string
	value math.Int
}

// Validate checks that each amount is from 0 to 2^127, that a record's reward has a
// bound if it depends on the rows, that a match is at most the largest that governance
// may allow, and that what is earned can leave.
func (p RewardPolicy) Validate() error {
	for _, a := range p.amounts() {
		var v amm.Int
		if err := Amount(&v, "reward_policy."+a.name, a.value); err != nil {
			return err
		}
	}
	switch {
	case p.PerRow.IsPositive() && p.MaxPerRecord.IsZero():
		return errorsmod.Wrap(ErrInvalidReward, "reward_policy.max_per_record: expected at least 1 if rows are rewarded, since owners count their own rows, got 0")
	case p.MaxPerRecord.IsPositive() && p.PerRecord.GT(p.MaxPerRecord):
		return errorsmod.Wrapf(ErrInvalidReward, "reward_policy.per_record: expected at most max_per_record %s, got %s", p.MaxPerRecord, p.PerRecord)
	case p.PerDay.GT(p.MaxPerDay):
		return errorsmod.Wrapf(ErrInvalidReward, "reward_policy.per_day: expected at most max_per_day %s, got %s", p.MaxPerDay, p.PerDay)
	case !p.IsZero() && p.PerDay.IsZero():
		return errorsmod.Wrap(ErrInvalidReward, "reward_policy.per_day: expected at least 1 if anything is rewarded, got 0")
	}
	return p.ValidateMatch(MaxMatchPPM)
}

// ValidateMatch checks the match against the largest that is allowed.
func (p RewardPolicy) ValidateMatch(most uint32) error {
	if p.MatchPpm > most {
		return errorsmod.Wrapf(ErrInvalidReward, "reward_policy.match_ppm: expected at most %d, got %d", most, p.MatchPpm)
	}
	return nil
}

// IsZero reports whether nobody can earn anything.
func (p RewardPolicy) IsZero() bool { return !p.RewardsAdmission() && p.MatchPpm == 0 }

// RewardsAdmission reports whether a record earns something by its admission.
func (p RewardPolicy) RewardsAdmission() bool {
	return p.PerRecord.IsPositive() || p.PerRow.IsPositive()
}

// CheckAdmission returns ErrInvalidReward if records earn something that nobody reviews:
// whoever admits own records without review would empty the budget.
func (p RewardPolicy) CheckAdmission(r Requirements) error {
	if r.OpenAdmission && p.RewardsAdmission() {
		return errorsmod.Wrapf(ErrInvalidReward,
			"reward_policy: expected no reward for admitted records if admission is open, got %s for each record and %s for each row", p.PerRecord, p.PerRow)
	}
	return nil
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

// CheckRaised returns ErrInvalidReward if a reward is lower than before: a promise to
// owners is only ever added to. A bound may be taken away but not lowered. It may be
// set if there was none: rows earned nothing then, and no bound is below what a record
// earns. What leaves in a day may be lowered, and its ceiling may only be. Both policies
// have to be valid.
func (p RewardPolicy) CheckRaised(before RewardPolicy) error {
	was := before.amounts()
	for i, a := range p.amounts() {
		switch a.name {
		case "per_day":
			continue
		case "max_per_day":
			if a.value.GT(was[i].value) {
				return errorsmod.Wrapf(ErrInvalidReward, "reward_policy.max_per_day: expected at most the %s that buyers were promised, got %s", was[i].value, a.value)
			}
			continue
		case "max_per_record":
			if a.value.IsZero() {
				continue
			}
		}
		if a.value.LT(was[i].value) {
			return errorsmod.Wrapf(ErrInvalidReward, "reward_policy.%s: expected no less than the %s that owners were promised, got %s", a.name, was[i].value, a.value)
		}
	}
	if p.MatchPpm < before.MatchPpm {
		return errorsmod.Wrapf(ErrInvalidReward, "reward_policy.match_ppm: expected no less than the %d that owners were promised, got %d", before.MatchPpm, p.MatchPpm)
	}
	return nil
}

// Same reports whether two policies say the same.
func (p RewardPolicy) Same(other RewardPolicy) bool {
	theirs := other.amounts()
	for i, a := range p.amounts() {
		if !a.value.Equal(theirs[i].value) {
			return false
		}
	}
	return p.MatchPpm == other.MatchPpm
}

// Replace returns what holds at once if a policy is to be replaced by next: only what
// lowers the flow of the budget and its ceiling. The rest is a raise, which waits.
func (p RewardPolicy) Replace(next RewardPolicy) RewardPolicy {
	p.PerDay = math.MinInt(p.PerDay, next.PerDay)
	p.MaxPerDay = next.MaxPerDay
	return p
}

// PolicyAt returns the policy that holds at a Unix time: a raise that waits holds from
// its time on.
func (p Pool) PolicyAt(now int64) RewardPolicy {
	if r := p.PendingRewards; r != nil && r.From.Unix() <= now {
		return r.Policy
	}
	return p.RewardPolicy
}

// FillOutlet lets the outlet of a pool fill up to a Unix time, and returns the most Data Tokens
// that may leave in a day then. Until a raise holds, it fills as before.
func (p Pool) FillOutlet(o *OutletState, m *Market, outletPPM uint32, now int64) (amm.Int, error) {
	var first, perDay, flow amm.Int
	policies := []RewardPolicy{p.RewardPolicy}
	times := []int64{now}
	if r := p.PendingRewards; r != nil && r.From.Unix() <= now {
		policies, times = append(policies, r.Policy), []int64{r.From.Unix(), now}
	}
	for i, policy := range policies {
		if !SetInt(&first, p.FirstShares) || !SetInt(&perDay, policy.PerDay) {
			return flow, errorsmod.Wrapf(ErrInvalidState, "pool %d: first_shares and per_day: expected 0 to 2^256, got %s and %s", p.Id, p.FirstShares, policy.PerDay)
		}
		flow = Flow(&perDay, m, &first, outletPPM)
		switch last := i == len(policies)-1; {
		case last:
			o.Fill(times[i], &flow, &m.Rewards.Alita)
		case times[i] > o.At:
			o.Fill(times[i], &flow, &m.Rewards.Alita)
			o.At = times[i] // no second before the raise counts by it
		}
	}
	return flow, nil
}
