package types

import (
	"fmt"
	"math"

	"cosmossdk.io/core/address"
	errorsmod "cosmossdk.io/errors"
)

// DefaultGenesis is the state of a new network.
func DefaultGenesis() *GenesisState { return &GenesisState{Params: DefaultParams()} }

// Validate checks all that a running chain would have kept true: every entry valid on its own, every reference
// met, every count right.
func (gs GenesisState) Validate(ac address.Codec) error {
	if err := gs.Params.Validate(); err != nil {
		return err
	}
	g := genesisChecker{
		codec: ac, params: gs.Params,
		records: make(map[string]Record, len(gs.Records)), versions: make(map[string][]Version, len(gs.Records)),
	}
	for _, step := range []func(GenesisState) error{g.readRecords, g.readVersions, g.checkRecords, g.checkLineage, g.checkWorkers, g.checkGrants, g.checkRewarded, g.checkPanels} {
		if err := step(gs); err != nil {
			return err
		}
	}
	return nil
}

// genesisChecker holds what the steps of a genesis check know. Its maps are for look-ups only.
type genesisChecker struct {
	codec    address.Codec
	params   Params
	records  map[string]Record
	versions map[string][]Version
}

func genesisErrorf(format string, args ...any) error {
	return errorsmod.Wrapf(ErrInvalidGenesis, format, args...)
}

// canonical checks an address and that it is written in its one canonical form.
func (g genesisChecker) canonical(what, text string) error {
	a, err := g.codec.StringToBytes(text)
	if err != nil {
		return genesisErrorf("%s: expected an address, got %q: %s", what, text, err)
	}
	if same, err := g.codec.BytesToString(a); err != nil || same != text {
		return genesisErrorf("%s: expected %q, got %q", what, same, text)
	}
	return nil
}

func (g genesisChecker) readRecords(gs GenesisState) error {
	for _, r := range gs.Records {
		if err := ValidateRecordID(r.Id); err != nil {
			return genesisErrorf("%s", err)
		}
		if _, twice := g.records[r.Id]; twice {
			return genesisErrorf("record %s: expected once, got twice", r.Id)
		}
		if err := g.canonical(fmt.Sprintf("owner of record %s", r.Id), r.Owner); err != nil {
			return err
		}
		if r.PoolId == 0 {
			return genesisErrorf("record %s: pool_id: expected at least 1, got 0", r.Id)
		}
		if r.NextGrantId == 0 {
			return genesisErrorf("record %s: next_grant_id: expected at least 1, got 0", r.Id)
		}
		if most := math.MaxUint64 - r.PrivacySpent; r.PrivacyReserved > most {
			return genesisErrorf("record %s: privacy_reserved: expected at most %d, got %d", r.Id, most, r.PrivacyReserved)
		}
		if err := ValidateReason(r.RetireReason, false); err != nil {
			return genesisErrorf("record %s: %s", r.Id, err)
		}
		if r.RetireReason != "" && r.Status != RECORD_STATUS_RETIRED {
			return genesisErrorf("record %s: retire_reason: expected none, since it is not retired, got %s", r.Id, quote(r.RetireReason))
		}
		g.records[r.Id] = r
	}
	return nil
}

func (g genesisChecker) readVersions(gs GenesisState) error {
	for _, v := range gs.Versions {
		if _, known := g.records[v.RecordId]; !known {
			return genesisErrorf("version %s: record_id: expected a record of this genesis, got %q", quote(v.Content.Version), v.RecordId)
		}
		before := g.versions[v.RecordId]
		if v.Number != uint32(len(before))+1 {
			return genesisErrorf("record %s: number of a version: expected %d, got %d", v.RecordId, len(before)+1, v.Number)
		}
		// The parameter may have been larger when the version was registered.
		if err := ValidateContent(v.Content, MaxDatasetBytesLimit); err != nil {
			return genesisErrorf("record %s version %d: %s", v.RecordId, v.Number, err)
		}
		if len(before) > 0 {
			if err := CheckNewer(v.Content.Version, before[len(before)-1].Content.Version); err != nil {
				return genesisErrorf("record %s: %s", v.RecordId, err)
			}
		}
		if _, known := VersionStatus_name[int32(v.Status)]; !known || v.Status == VERSION_STATUS_UNSPECIFIED {
			return genesisErrorf("record %s version %d: status: expected a known one, got %d", v.RecordId, v.Number, v.Status)
		}
		if err := ValidateReason(v.Reason, v.Status == VERSION_STATUS_REFUSED); err != nil {
			return genesisErrorf("record %s version %d: %s", v.RecordId, v.Number, err)
		}
		if v.Reason != "" && v.Status != VERSION_STATUS_REFUSED {
			return genesisErrorf("record %s version %d: reason: expected none, since it is not refused, got %s", v.RecordId, v.Number, quote(v.Reason))
		}
		g.versions[v.RecordId] = append(before, v)
	}
	return nil
}

func (g genesisChecker) checkRecords(gs GenesisState) error {
	for _, r := range gs.Records {
		versions := g.versions[r.Id]
		if r.Versions == 0 || int(r.Versions) != len(versions) {
			return genesisErrorf("record %s: versions: expected %d, the number of them in this genesis, and at least 1, got %d", r.Id, len(versions), r.Versions)
		}
		for _, v := range versions {
			if (v.Status == VERSION_STATUS_ADMITTED) != (v.Number == r.Admitted) ||
				v.Status == VERSION_STATUS_SUPERSEDED && v.Number > r.Admitted {
				return genesisErrorf("record %s version %d: status: expected one that fits the admitted version %d, got %s", r.Id, v.Number, r.Admitted, v.Status)
			}
		}
		if r.Admitted > r.Versions {
			return genesisErrorf("record %s: admitted: expected at most %d, got %d", r.Id, r.Versions, r.Admitted)
		}
		switch {
		case r.Status == RECORD_STATUS_RETIRED,
			r.Status == RECORD_STATUS_ACTIVE && r.Admitted > 0,
			r.Status == RECORD_STATUS_PENDING && r.Admitted == 0:
		default:
			return genesisErrorf("record %s: status: expected one that fits the admitted version %d, got %s", r.Id, r.Admitted, r.Status)
		}
		if r.Rewarded && r.Admitted == 0 {
			return genesisErrorf("record %s: rewarded: expected an admitted version, got none", r.Id)
		}
	}
	return nil
}

func (g genesisChecker) checkLineage(gs GenesisState) error {
	for _, v := range gs.Versions {
		for _, ref := range v.Content.Dataset.IsBasedOn {
			found := false
			for _, w := range g.versions[ref.RecordId] {
				if w.Content.Version == ref.Version {
					found = ref.RecordId != v.RecordId || w.Number < v.Number
					break
				}
			}
			if !found {
				return genesisErrorf("record %s version %d: is_based_on: expected a version that is there before it, got %s of record %s", v.RecordId, v.Number, ref.Version, ref.RecordId)
			}
		}
	}
	return nil
}

func (g genesisChecker) checkWorkers(gs GenesisState) error {
	seen := make(map[string]struct{}, len(gs.Workers))
	keys := make(map[string]struct{}, len(gs.Workers))
	counts := make(map[string]int, len(gs.Workers))
	for _, w := range gs.Workers {
		if err := g.canonical("worker", w.Address); err != nil {
			return err
		}
		if err := g.canonical("owner of worker "+w.Address, w.Owner); err != nil {
			return err
		}
		if _, twice := seen[w.Address]; twice {
			return genesisErrorf("worker %s: expected once, got twice", w.Address)
		}
		seen[w.Address] = struct{}{}
		if err := ValidateWorker(w.PublicKey, w.Name); err != nil {
			return genesisErrorf("worker %s: %s", w.Address, err)
		}
		key := w.Owner + "/" + string(w.PublicKey)
		if _, twice := keys[key]; twice {
			return genesisErrorf("worker %s: public_key: expected one of its own, got the key of another worker of its owner", w.Address)
		}
		keys[key] = struct{}{}
		if counts[w.Owner]++; counts[w.Owner] > MaxWorkersLimit {
			return genesisErrorf("workers of %s: expected at most %d, got at least %d", w.Owner, MaxWorkersLimit, counts[w.Owner])
		}
	}
	return nil
}

func (g genesisChecker) checkGrants(gs GenesisState) error {
	seen := make(map[string]struct{}, len(gs.Grants))
	counts := make(map[string]int, len(gs.Grants))
	for _, grant := range gs.Grants {
		name := fmt.Sprintf("grant %s/%d", grant.RecordId, grant.Id)
		r, known := g.records[grant.RecordId]
		if !known {
			return genesisErrorf("%s: record_id: expected a record of this genesis, got %q", name, grant.RecordId)
		}
		if _, twice := seen[name]; twice {
			return genesisErrorf("%s: expected once, got twice", name)
		}
		seen[name] = struct{}{}
		if grant.Id == 0 || grant.Id >= r.NextGrantId {
			return genesisErrorf("%s: id: expected 1 to %d, got %d", name, r.NextGrantId-1, grant.Id)
		}
		if err := grant.Terms.Validate(g.codec); err != nil {
			return genesisErrorf("%s: %s", name, err)
		}
		if grant.Terms.MinDataFee.IsNil() {
			return genesisErrorf("%s: min_data_fee: expected 0 or more, got none", name)
		}
		if grant.Terms.MinPricePerMop.IsNil() {
			return genesisErrorf("%s: min_price_per_mop: expected 0 or more, got none", name)
		}
		if grant.Terms.Grantee != "" {
			if err := g.canonical("grantee of "+name, grant.Terms.Grantee); err != nil {
				return err
			}
		}
		if grant.Terms.MaxUses > 0 && grant.Uses > grant.Terms.MaxUses {
			return genesisErrorf("%s: uses: expected at most %d, got %d", name, grant.Terms.MaxUses, grant.Uses)
		}
		if left := grant.Terms.MaxUses - grant.Uses; grant.Terms.MaxUses > 0 && grant.Reserved > left {
			return genesisErrorf("%s: reserved: expected at most %d, got %d", name, left, grant.Reserved)
		}
		if counts[grant.RecordId]++; counts[grant.RecordId] > MaxGrantsLimit {
			return genesisErrorf("grants of record %s: expected at most %d, got at least %d", grant.RecordId, MaxGrantsLimit, counts[grant.RecordId])
		}
	}
	return nil
}

func (g genesisChecker) checkRewarded(gs GenesisState) error {
	seen := make(map[string]struct{}, len(gs.Rewarded))
	for _, c := range gs.Rewarded {
		if c.PoolId == 0 || len(c.Sha256) != ChecksumSize {
			return genesisErrorf("rewarded content: expected a pool from 1 on and a checksum of %d bytes, got pool %d and %d bytes", ChecksumSize, c.PoolId, len(c.Sha256))
		}
		if err := g.canonical("owner of a rewarded content", c.Owner); err != nil {
			return err
		}
		name := fmt.Sprintf("rewarded content %d/%s/%x", c.PoolId, c.Owner, c.Sha256)
		if _, twice := seen[name]; twice {
			return genesisErrorf("%s: expected once, got twice", name)
		}
		seen[name] = struct{}{}
	}
	return nil
}
