package types

import (
	"time"

	"cosmossdk.io/core/address"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/amm"
)

// DefaultGenesis returns the state of a new network: no pool.
func DefaultGenesis() *GenesisState {
	return &GenesisState{Params: DefaultParams(), NextPoolId: 1}
}

// Validate checks the state as a whole; the error is ErrInvalidGenesis or
// ErrInvalidParams. ValidateAddresses checks the addresses, which needs a codec.
func (gs GenesisState) Validate() error {
	if err := gs.Params.Validate(); err != nil {
		return err
	}
	if gs.NextPoolId == 0 {
		return errorsmod.Wrap(ErrInvalidGenesis, "next_pool_id: expected at least 1, got 0")
	}
	symbols := make(map[string]uint64, len(gs.Pools))
	pools := make(map[uint64]Pool, len(gs.Pools))
	for _, p := range gs.Pools {
		if err := p.Validate(); err != nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: %s", p.Id, err)
		}
		if p.Id >= gs.NextPoolId {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pools: expected ids below next_pool_id %d, got %d", gs.NextPoolId, p.Id)
		}
		if _, ok := pools[p.Id]; ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: expected once, got twice", p.Id)
		}
		if other, ok := symbols[SymbolKey(p.Symbol)]; ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: expected a symbol that looks like no other, got %s, and pool %d has %s",
				p.Id, p.Symbol, other, pools[other].Symbol)
		}
		pools[p.Id], symbols[SymbolKey(p.Symbol)] = p, p.Id
	}
	if err := gs.validateObservations(pools); err != nil {
		return err
	}
	if err := gs.validateHourSums(pools); err != nil {
		return err
	}
	if err := gs.validateCharts(pools); err != nil {
		return err
	}
	return gs.validateRewards(pools)
}

// validateCharts checks that each pool has a chart, and the candles that are kept one
// by one.
func (gs GenesisState) validateCharts(pools map[uint64]Pool) error {
	charts := make(map[uint64]bool, len(pools))
	for _, c := range gs.Charts {
		if _, ok := pools[c.PoolId]; !ok || charts[c.PoolId] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "chart: expected one of a known pool, got another of %d", c.PoolId)
		}
		if _, ok := ChartFromProto(c.Chart); !ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: chart: expected amounts from 0 to 2^256, got %s", c.PoolId, c.Chart.String())
		}
		charts[c.PoolId] = true
	}
	if len(charts) != len(pools) {
		return errorsmod.Wrapf(ErrInvalidGenesis, "charts: expected one for each of %d pools, got %d", len(pools), len(charts))
	}
	type slot struct {
		pool     uint64
		interval CandleInterval
		number   uint64
	}
	taken := make(map[slot]bool, len(gs.Candles))
	for _, c := range gs.Candles {
		if _, ok := pools[c.PoolId]; !ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "candle: expected a known pool, got %d", c.PoolId)
		}
		seconds, slots, ok := c.Interval.Ring()
		if !ok || c.Candle.Time < 0 || c.Candle.Time%seconds != 0 {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: candle: expected the beginning of an hour or a day, got %d", c.PoolId, c.Candle.Time)
		}
		if _, ok := BarFromProto(c.Candle); !ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: candle %d: expected amounts from 0 to 2^256, got %s", c.PoolId, c.Candle.Time, c.Candle.String())
		}
		at := slot{c.PoolId, c.Interval, uint64(c.Candle.Time/seconds) % slots}
		if taken[at] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: candle %d: expected a slot of its own, got one that is taken", c.PoolId, c.Candle.Time)
		}
		taken[at] = true
	}
	return nil
}

// validateRewards checks that each owner is there once, and that pools owe as much as
// their owners are owed.
func (gs GenesisState) validateRewards(pools map[uint64]Pool) error {
	type key struct {
		pool  uint64
		owner string
	}
	seen := make(map[key]bool, len(gs.RewardAccounts))
	owed := make(map[uint64]math.Int, len(pools))
	for _, p := range gs.Pools {
		owed[p.Id] = math.ZeroInt()
	}
	for _, a := range gs.RewardAccounts {
		if _, ok := pools[a.PoolId]; !ok || seen[key{a.PoolId, a.Owner}] || a.Owner == "" {
			return errorsmod.Wrapf(ErrInvalidGenesis, "rewards: expected each owner of a known pool once, got another %q of pool %d", a.Owner, a.PoolId)
		}
		seen[key{a.PoolId, a.Owner}] = true
		if _, ok := OwnerRewardsFromProto(a.Account); !ok || a.Account.Owed.GT(pools[a.PoolId].Outlet.Owed) {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: rewards of %s: expected amounts from 0 to 2^256 and no more owed than the pool owes, got %s", a.PoolId, a.Owner, a.Account.String())
		}
		// Each part is at most 2^127, so the sum of as many as fit in a genesis fits.
		owed[a.PoolId] = owed[a.PoolId].Add(a.Account.Owed)
	}
	for _, p := range gs.Pools {
		if !owed[p.Id].Equal(p.Outlet.Owed) {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: outlet.owed: expected the %s that its owners are owed, got %s", p.Id, owed[p.Id], p.Outlet.Owed)
		}
	}
	return nil
}

// validateObservations checks that each pool has exactly the observations first..last,
// in order of time, none beyond the accumulator.
func (gs GenesisState) validateObservations(pools map[uint64]Pool) error {
	next := make(map[uint64]uint64, len(pools))
	newest := make(map[uint64]PriceObservation, len(pools))
	for _, o := range gs.Observations {
		p, ok := pools[o.PoolId]
		if !ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "observation %d: expected a known pool, got %d", o.Number, o.PoolId)
		}
		want, seen := next[o.PoolId]
		if !seen {
			want = p.Price.First
		}
		if o.Number != want || o.Number > p.Price.Last {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: expected observation %d, got %d", o.PoolId, want, o.Number)
		}
		if _, ok := ObservationFromProto(o.Observation); !ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: observation %d: expected sums from 0 to 2^256, got %s", o.PoolId, o.Number, o.Observation.String())
		}
		if before, ok := newest[o.PoolId]; ok && !before.earlier(o.Observation) {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: observation %d: expected a later time and sums no lower than %s, got %s",
				o.PoolId, o.Number, before.String(), o.Observation.String())
		}
		next[o.PoolId], newest[o.PoolId] = o.Number+1, o.Observation
	}
	for _, p := range gs.Pools {
		last, ok := newest[p.Id]
		if !ok || next[p.Id] != p.Price.Last+1 {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: expected the observations %d to %d, got none from %d on",
				p.Id, p.Price.First, p.Price.Last, max(next[p.Id], p.Price.First))
		}
		if last.Time > p.Price.Active {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: expected no observation after %d, got one at %d", p.Id, p.Price.Active, last.Time)
		}
	}
	return nil
}

func (o PriceObservation) earlier(next PriceObservation) bool {
	return o.Time < next.Time && o.AlitaPerData.LTE(next.AlitaPerData) && o.DataPerAlita.LTE(next.DataPerAlita)
}

// validateHourSums checks that each pool has a sum of the hour of its last change, and that
// sums are of the beginnings of hours, or of the pool, not after that change, in slots of
// their own.
func (gs GenesisState) validateHourSums(pools map[uint64]Pool) error {
	type slot struct {
		pool   uint64
		number int64
	}
	taken, newest := make(map[slot]bool, len(gs.HourSums)), make(map[uint64]int64, len(pools))
	for _, s := range gs.HourSums {
		p, ok := pools[s.PoolId]
		if !ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "hour sum: expected a known pool, got %d", s.PoolId)
		}
		h, ok := HourSumFromProto(s.Sum)
		if !ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: hour sum %d: expected numbers from 0 to 2^256, got %s", s.PoolId, s.Sum.Time, s.Sum.String())
		}
		if h.Time < 0 || h.Time > p.Price.Active || h.Time%HourSeconds != 0 && !h.DataPerAlita.IsZero() {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: hour sum: expected a whole hour up to %d, or the pool's beginning, got %d", s.PoolId, p.Price.Active, h.Time)
		}
		if s.Sum.DataPerAlita.GT(p.Price.DataPerAlita) {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: hour sum %d: expected at most %s, got %s", s.PoolId, h.Time, p.Price.DataPerAlita, s.Sum.DataPerAlita)
		}
		at := slot{s.PoolId, h.Slot()}
		if taken[at] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: hour sum %d: expected a slot of its own, got one that is taken", s.PoolId, h.Time)
		}
		taken[at] = true
		newest[s.PoolId] = max(newest[s.PoolId], h.Time+1)
	}
	for _, p := range gs.Pools {
		if last := newest[p.Id] - 1; last < 0 || last/HourSeconds != p.Price.Active/HourSeconds {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: hour sums: expected one of the hour of %d, got %d as the newest", p.Id, p.Price.Active, last)
		}
	}
	return nil
}

// ValidateAddresses checks the addresses of the pools.
func (gs GenesisState) ValidateAddresses(codec address.Codec) error {
	for _, p := range gs.Pools {
		if _, err := codec.StringToBytes(p.Maker); err != nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: maker: %s", p.Id, err)
		}
		want, err := codec.BytesToString(PoolAddress(p.Id))
		if err != nil {
			return err
		}
		if p.Address != want {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: expected address %s, got %s", p.Id, want, p.Address)
		}
		others := p.FormerMakers
		if p.PendingMaker != "" {
			others = append([]string{p.PendingMaker}, others...)
		}
		for _, text := range others {
			if err := canonical(codec, text); err != nil {
				return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: pending_maker and former_makers: %s", p.Id, err)
			}
		}
	}
	for _, a := range gs.RewardAccounts {
		if err := canonical(codec, a.Owner); err != nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: rewards: owner: %s", a.PoolId, err)
		}
	}
	return nil
}

// canonical checks that a text is an address in the one form that the records have: the
// codec accepts an address in upper case too, and an account could be there twice.
func canonical(codec address.Codec, text string) error {
	bz, err := codec.StringToBytes(text)
	if err != nil {
		return err
	}
	if want, err := codec.BytesToString(bz); err != nil || want != text {
		return errorsmod.Wrapf(ErrInvalidAddress, "expected %s, got %s", want, text)
	}
	return nil
}

// Validate checks a pool by itself, as the genesis brings it.
func (p Pool) Validate() error {
	switch {
	case p.Id == 0:
		return errorsmod.Wrap(ErrInvalidGenesis, "id: expected at least 1, got 0")
	case p.DataDenom != DataDenom(p.Id):
		return errorsmod.Wrapf(ErrInvalidDenom, "data_denom: expected %s, got %q", DataDenom(p.Id), p.DataDenom)
	case p.ShareDenom != ShareDenom(p.Id):
		return errorsmod.Wrapf(ErrInvalidDenom, "share_denom: expected %s, got %q", ShareDenom(p.Id), p.ShareDenom)
	case p.Maker == "":
		return errorsmod.Wrap(ErrInvalidAddress, "maker: expected an address, got none")
	}
	for _, err := range []error{
		ValidateSymbol(p.Symbol),
		ValidateName(p.Name),
		ValidateDescription(p.Description),
		p.Requirements.Validate(),
		p.Fees.Validate(MaxSwapFeePPM),
		p.RewardPolicy.Validate(),
		p.RewardPolicy.CheckAdmission(p.Requirements),
		p.validatePending(),
	} {
		if err != nil {
			return err
		}
	}
	for _, f := range []namedInt{
		{"reserves.alita", p.Reserves.Alita},
		{"reserves.data", p.Reserves.Data},
		{"shares", p.Shares},
		{"data_supply", p.DataSupply},
		{"maker_fees.alita", p.MakerFees.Alita},
		{"maker_fees.data", p.MakerFees.Data},
		{"protocol_fees.alita", p.ProtocolFees.Alita},
		{"protocol_fees.data", p.ProtocolFees.Data},
		{"rewards.alita", p.Rewards.Alita},
		{"rewards.data", p.Rewards.Data},
		{"vesting.total", p.Vesting.Total},
		{"vesting.claimed", p.Vesting.Claimed},
		{"locked_shares.amount", p.LockedShares.Amount},
		{"volume.alita", p.Volume.Alita},
		{"volume.data", p.Volume.Data},
		{"price.alita_per_data", p.Price.AlitaPerData},
		{"price.data_per_alita", p.Price.DataPerAlita},
		{"run.above", p.Run.Above},
		{"run.below", p.Run.Below},
		{"hour.high", p.Hour.High},
		{"hour.low", p.Hour.Low},
		{"opening.reserves.alita", p.Opening.Reserves.Alita},
		{"opening.reserves.data", p.Opening.Reserves.Data},
		{"outlet.data", p.Outlet.Data},
		{"outlet.alita", p.Outlet.Alita},
		{"outlet.owed", p.Outlet.Owed},
		{"outlet.admissions", p.Outlet.Admissions},
		{"outlet.maker_fees", p.Outlet.MakerFees},
		{"first_shares", p.FirstShares},
	} {
		if f.value.IsNil() || f.value.IsNegative() {
			return errorsmod.Wrapf(ErrInvalidAmount, "%s: expected zero or more, got %s", f.name, f.value)
		}
	}
	return p.validateSums()
}

// validatePending checks a raise that waits, if there is one.
func (p Pool) validatePending() error {
	r := p.PendingRewards
	if r == nil {
		return nil
	}
	if r.From.Unix() <= 0 {
		return errorsmod.Wrapf(ErrInvalidGenesis, "pending_rewards.from: expected a time after 1970, got %s", r.From.Format(time.RFC3339))
	}
	for _, err := range []error{
		r.Policy.Validate(), r.Policy.CheckRaised(p.RewardPolicy), r.Policy.CheckAdmission(p.Requirements),
	} {
		if err != nil {
			return errorsmod.Wrap(err, "pending_rewards")
		}
	}
	return nil
}

// validateSums checks the relations between the amounts of a pool.
func (p Pool) validateSums() error {
	bound := MaxAmount()
	for _, v := range []math.Int{
		p.Reserves.Alita, p.Reserves.Data, p.Shares, p.DataSupply, p.Vesting.Total, p.LockedShares.Amount,
		p.MakerFees.Data, p.ProtocolFees.Data, p.Rewards.Data, p.FirstShares, p.Opening.Reserves.Alita, p.Opening.Reserves.Data,
	} {
		if v.GT(bound) {
			return errorsmod.Wrapf(ErrTooLarge, "reserves, shares and supply: expected at most 2^127, got %s", v)
		}
	}
	locked := p.LockedShares.Amount.AddRaw(amm.MinimumShares)
	unvested := p.Vesting.Total.Sub(p.Vesting.Claimed)
	held := p.Reserves.Data.Add(p.MakerFees.Data).Add(p.ProtocolFees.Data).Add(p.Rewards.Data).Add(unvested)
	switch {
	case !p.Reserves.Alita.IsPositive() || !p.Reserves.Data.IsPositive():
		return errorsmod.Wrapf(ErrInvalidAmount, "reserves: expected both above 0, got %s and %s", p.Reserves.Alita, p.Reserves.Data)
	case p.Shares.LT(locked):
		return errorsmod.Wrapf(ErrInvalidAmount, "shares: expected at least the locked %s, got %s", locked, p.Shares)
	case p.FirstShares.LT(locked):
		return errorsmod.Wrapf(ErrInvalidAmount, "first_shares: expected at least the locked %s, got %s", locked, p.FirstShares)
	case p.Outlet.Owed.GT(p.Rewards.Data):
		return errorsmod.Wrapf(ErrInvalidAmount, "outlet.owed: expected at most the budget of %s, got %s", p.Rewards.Data, p.Outlet.Owed)
	case p.Outlet.Alita.GT(p.Rewards.Alita.QuoRaw(alitaPerDay)):
		return errorsmod.Wrapf(ErrInvalidAmount, "outlet.alita: expected at most a hundredth of the budget of %s, got %s", p.Rewards.Alita, p.Outlet.Alita)
	case p.Outlet.Data.GT(p.RewardPolicy.MaxPerDay):
		return errorsmod.Wrapf(ErrInvalidAmount, "outlet.data: expected at most max_per_day %s, got %s", p.RewardPolicy.MaxPerDay, p.Outlet.Data)
	case p.Outlet.At <= 0:
		return errorsmod.Wrapf(ErrInvalidGenesis, "outlet.at: expected a time after 1970, got %d", p.Outlet.At)
	case len(p.FormerMakers) > MaxFormerMakers:
		return errorsmod.Wrapf(ErrInvalidGenesis, "former_makers: expected at most %d, got %d", MaxFormerMakers, len(p.FormerMakers))
	case unvested.IsNegative():
		return errorsmod.Wrapf(ErrInvalidAmount, "vesting.claimed: expected at most %s, got %s", p.Vesting.Total, p.Vesting.Claimed)
	case p.Vesting.End.Before(p.Vesting.Start):
		return errorsmod.Wrapf(ErrInvalidDuration, "vesting.end: expected no time before the start %s, got %s",
			p.Vesting.Start.Format(time.RFC3339), p.Vesting.End.Format(time.RFC3339))
	case held.GT(p.DataSupply):
		return errorsmod.Wrapf(ErrInvalidSupply, "data in the pool: expected at most the supply of %s, got %s", p.DataSupply, held)
	case p.Price.Active < 0:
		return errorsmod.Wrapf(ErrInvalidGenesis, "price.active: expected at least 0, got %d", p.Price.Active)
	case p.Hour.Low.GT(p.Hour.High):
		return errorsmod.Wrapf(ErrInvalidAmount, "hour: expected the lowest price of at most the highest %s, got %s", p.Hour.High, p.Hour.Low)
	case p.BlockGuard != (p.Opening.Reserves.Alita.IsPositive() && p.Opening.Reserves.Data.IsPositive()):
		return errorsmod.Wrapf(ErrInvalidAmount, "opening.reserves: expected some if block_guard is set, else none, got %s and %s with %t",
			p.Opening.Reserves.Alita, p.Opening.Reserves.Data, p.BlockGuard)
	case p.Revision == 0:
		return errorsmod.Wrap(ErrInvalidGenesis, "revision: expected at least 1, got 0")
	case p.Price.First == 0 || p.Price.Last < p.Price.First:
		return errorsmod.Wrapf(ErrInvalidGenesis, "price: expected observations from 1 on, got %d to %d", p.Price.First, p.Price.Last)
	}
	return nil
}
