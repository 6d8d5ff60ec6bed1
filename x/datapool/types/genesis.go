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
	if err := gs.validateCharts(pools); err != nil {
		return err
	}
	return gs.validateStreams(pools)
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

// validateStreams checks that the weights add up, record by record and owner by owner,
// and that the owners have earned no more than is owed.
func (gs GenesisState) validateStreams(pools map[uint64]Pool) error {
	records, owners := make(map[uint64]uint64, len(pools)), make(map[uint64]uint64, len(pools))
	type key struct {
		pool uint64
		id   string
	}
	seen := make(map[key]bool, len(gs.Served)+len(gs.StreamAccounts))
	add := func(sums map[uint64]uint64, pool uint64, id string, weight uint64) error {
		if _, ok := pools[pool]; !ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "stream: expected a known pool, got %d", pool)
		}
		if sum := sums[pool] + weight; sum < weight || seen[key{pool, id}] || id == "" {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: stream: expected each record and owner once, and sums of weights below 2^64, got %q with %d more", pool, id, weight)
		}
		seen[key{pool, id}] = true
		sums[pool] += weight
		return nil
	}
	for _, s := range gs.Served {
		if s.Contributions == 0 {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: record %q: expected at least 1 contribution, got 0", s.PoolId, s.RecordId)
		}
		if err := add(records, s.PoolId, s.RecordId, s.Contributions); err != nil {
			return err
		}
	}
	claims := make(map[uint64]*Pair, len(pools))
	for _, a := range gs.StreamAccounts {
		if err := add(owners, a.PoolId, a.Owner, a.Account.Weight); err != nil {
			return err
		}
		share, ok := StreamShareFromProto(a.Account)
		if !ok {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: stream of %s: expected amounts from 0 to 2^256, got %s", a.PoolId, a.Owner, a.Account.String())
		}
		var s StreamState
		if stream := pools[a.PoolId].Stream; !s.set(stream) {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: stream: expected amounts from 0 to 2^256, got %s", a.PoolId, stream.String())
		}
		claim, err := s.Claimable(share)
		if err != nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: stream of %s: %s", a.PoolId, a.Owner, err)
		}
		if claims[a.PoolId] == nil {
			claims[a.PoolId] = &Pair{}
		}
		for _, alita := range [...]bool{true, false} {
			sum := claims[a.PoolId].Of(alita)
			if _, overflow := sum.AddOverflow(sum, claim.Of(alita)); overflow || sum.Gt(s.Owed.Of(alita)) {
				return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: stream: expected owners to have earned at most the %s that is owed, got %s",
					a.PoolId, s.Owed.Of(alita).Dec(), sum.Dec())
			}
		}
	}
	for _, p := range gs.Pools {
		if p.Stream.Weight != records[p.Id] || p.Stream.Weight != owners[p.Id] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: stream: expected weights of records and owners to add up to %d, got %d and %d",
				p.Id, p.Stream.Weight, records[p.Id], owners[p.Id])
		}
		if p.Stream.Weight > 0 && p.Stream.AccruedAt <= 0 {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: stream: expected the time up to which it has accrued, got %d", p.Id, p.Stream.AccruedAt)
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
		if last.Time > p.Price.Time {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: expected no observation after %d, got one at %d", p.Id, p.Price.Time, last.Time)
		}
	}
	return nil
}

func (o PriceObservation) earlier(next PriceObservation) bool {
	return o.Time < next.Time && o.AlitaPerData.LTE(next.AlitaPerData) && o.DataPerAlita.LTE(next.DataPerAlita) &&
		o.Clamped.LTE(next.Clamped)
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
		if p.PendingMaker != "" {
			if _, err := codec.StringToBytes(p.PendingMaker); err != nil {
				return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: pending_maker: %s", p.Id, err)
			}
		}
	}
	for _, a := range gs.StreamAccounts {
		owner, err := codec.StringToBytes(a.Owner)
		if err != nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: stream: %s", a.PoolId, err)
		}
		// The codec accepts an address in upper case too: one owner could be there twice.
		if want, err := codec.BytesToString(owner); err != nil || want != a.Owner {
			return errorsmod.Wrapf(ErrInvalidGenesis, "pool %d: stream: expected owner %s, got %s", a.PoolId, want, a.Owner)
		}
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
		{"price.clamped", p.Price.Clamped},
		{"price.clamped_price", p.Price.ClampedPrice},
		{"hour.high", p.Hour.High},
		{"hour.low", p.Hour.Low},
		{"opening.reserves.alita", p.Opening.Reserves.Alita},
		{"opening.reserves.data", p.Opening.Reserves.Data},
		{"stream.alita_per_weight", p.Stream.AlitaPerWeight},
		{"stream.data_per_weight", p.Stream.DataPerWeight},
		{"stream.owed.alita", p.Stream.Owed.Alita},
		{"stream.owed.data", p.Stream.Owed.Data},
	} {
		if f.value.IsNil() || f.value.IsNegative() {
			return errorsmod.Wrapf(ErrInvalidAmount, "%s: expected zero or more, got %s", f.name, f.value)
		}
	}
	return p.validateSums()
}

// validateSums checks the relations between the amounts of a pool.
func (p Pool) validateSums() error {
	bound := MaxAmount()
	for _, v := range []math.Int{
		p.Reserves.Alita, p.Reserves.Data, p.Shares, p.DataSupply, p.Vesting.Total, p.LockedShares.Amount,
		p.MakerFees.Data, p.ProtocolFees.Data, p.Rewards.Data, p.Stream.Owed.Data, p.Opening.Reserves.Alita, p.Opening.Reserves.Data,
	} {
		if v.GT(bound) {
			return errorsmod.Wrapf(ErrTooLarge, "reserves, shares and supply: expected at most 2^127, got %s", v)
		}
	}
	locked := p.LockedShares.Amount.AddRaw(amm.MinimumShares)
	unvested := p.Vesting.Total.Sub(p.Vesting.Claimed)
	held := p.Reserves.Data.Add(p.MakerFees.Data).Add(p.ProtocolFees.Data).Add(p.Rewards.Data).Add(p.Stream.Owed.Data).Add(unvested)
	switch {
	case !p.Reserves.Alita.IsPositive() || !p.Reserves.Data.IsPositive():
		return errorsmod.Wrapf(ErrInvalidAmount, "reserves: expected both above 0, got %s and %s", p.Reserves.Alita, p.Reserves.Data)
	case p.Shares.LT(locked):
		return errorsmod.Wrapf(ErrInvalidAmount, "shares: expected at least the locked %s, got %s", locked, p.Shares)
	case unvested.IsNegative():
		return errorsmod.Wrapf(ErrInvalidAmount, "vesting.claimed: expected at most %s, got %s", p.Vesting.Total, p.Vesting.Claimed)
	case p.Vesting.End.Before(p.Vesting.Start):
		return errorsmod.Wrapf(ErrInvalidDuration, "vesting.end: expected no time before the start %s, got %s",
			p.Vesting.Start.Format(time.RFC3339), p.Vesting.End.Format(time.RFC3339))
	case held.GT(p.DataSupply):
		return errorsmod.Wrapf(ErrInvalidSupply, "data in the pool: expected at most the supply of %s, got %s", p.DataSupply, held)
	case !p.Price.ClampedPrice.IsPositive():
		return errorsmod.Wrapf(ErrInvalidAmount, "price.clamped_price: expected at least 1, got %s", p.Price.ClampedPrice)
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
