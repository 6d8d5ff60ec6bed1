package types

import (
	"bytes"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/seal"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// secureStatus reports whether a status belongs to secure sums alone; directStatus, to direct delivery alone.
func secureStatus(s JobStatus) bool { return s >= JOB_STATUS_SEATING && s <= JOB_STATUS_WAITING }
func directStatus(s JobStatus) bool { return s == JOB_STATUS_DELIVERING }

// validateSecure checks what a job says of its seats and rounds.
func (j Job) validateSecure() error {
	if j.Status < JOB_STATUS_CONTRIBUTING || j.Status > JOB_STATUS_WAITING ||
		(j.IsSecure() && directStatus(j.Status)) || (!j.IsSecure() && secureStatus(j.Status)) {
		return errorsmod.Wrapf(ErrInvalidJob, "status %s with %s", j.Status, j.Spec.Delivery)
	}
	if !j.IsSecure() {
		if j.Round != 0 || j.Attempt != 0 || len(j.Seats) > 0 || len(j.Lost) > 0 || !j.Settled.IsZero() {
			return errorsmod.Wrap(ErrInvalidJob, "expected neither rounds nor seats in direct delivery")
		}
		return nil
	}
	if j.Round < 1 || j.Round > j.Spec.Secure.Rounds || j.Attempt < 1 {
		return errorsmod.Wrapf(ErrInvalidJob, "round %d, attempt %d: expected at most %d rounds, and both from 1", j.Round, j.Attempt, j.Spec.Secure.Rounds)
	}
	if len(j.Seats) > int(j.Spec.Secure.Seats) {
		return errorsmod.Wrapf(ErrInvalidJob, "%d seats: expected at most %d", len(j.Seats), j.Spec.Secure.Seats)
	}
	seen := map[string]bool{}
	for _, s := range j.Seats {
		if seen[s.Operator] || seen[s.Account] || s.Status < SEAT_STATUS_DRAWN || s.Status > SEAT_STATUS_OPENED {
			return errorsmod.Wrapf(ErrInvalidSeat, "%s: expected it and its account once and with a status, got %s", s.Operator, s.Status)
		}
		if err := validateAmount(s.Fee); err != nil {
			return errorsmod.Wrapf(ErrInvalidSeat, "%s: fee: %s", s.Operator, err)
		}
		if j.Open() && (len(s.Key) > 0) != (s.Status != SEAT_STATUS_DRAWN) {
			return errorsmod.Wrapf(ErrInvalidSeat, "%s: expected a key where it is seated", s.Operator)
		}
		if len(s.Key) > 0 {
			if _, err := seal.ParsePublicKey(s.Key); err != nil {
				return errorsmod.Wrapf(ErrInvalidSeat, "%s: key: %s", s.Operator, err)
			}
		}
		seen[s.Operator], seen[s.Account] = true, true
	}
	for _, l := range j.Lost {
		if err := l.Slashed.Validate(); err != nil {
			return errorsmod.Wrapf(ErrInvalidSeat, "%s: slashed: %s", l.Operator, err)
		}
	}
	return nil
}

// CheckCounts compares what a secure sum says of its present round with its contributions.
func (j Job) CheckCounts(contributions []Contribution) error {
	var (
		count, judged, valid uint32
		operations           = j.SettledOperations
		owners, validOwners  = map[string]bool{}, map[string]bool{}
		reserved, paid       = j.Settled, j.Settled
		fee                  = j.SeatsFee()
	)
	for _, c := range contributions {
		if !j.Current(c) {
			continue
		}
		count++
		owners[c.Owner] = true
		operations += c.Attestation.Operations
		reserved = reserved.Add(Funds{Alita: c.Fee.Alita.Add(c.SeatFee), Data: c.Fee.Data})
		if !c.SeatFee.Equal(fee) {
			return errorsmod.Wrapf(ErrInvalidJob, "record %s reserves %s for the seats: they ask %s", c.Attestation.RecordId, c.SeatFee, fee)
		}
		if c.Status == CONTRIBUTION_STATUS_PAID {
			paid = paid.Add(c.Fee)
		}
		if c.Prepared != 0 && c.Prepared == 1<<len(j.Seats)-1 {
			judged++
		}
		if c.Status == CONTRIBUTION_STATUS_VALID || c.Status == CONTRIBUTION_STATUS_PAID {
			valid++
			validOwners[c.Owner] = true
		}
	}
	if j.Contributions != count || j.Owners != uint32(len(owners)) {
		return errorsmod.Wrapf(ErrInvalidJob, "%d contributions of %d owners: the records have %d of %d", j.Contributions, j.Owners, count, len(owners))
	}
	if j.Judged != judged {
		return errorsmod.Wrapf(ErrInvalidJob, "judged %d: the contributions have %d", j.Judged, judged)
	}
	// Settlement turns valid contributions into paid or unpaid ones.
	over := j.Status == JOB_STATUS_WAITING || !j.Open()
	if settling := over || j.Status == JOB_STATUS_SETTLING; settling && (j.Valid < valid || j.Valid > judged) {
		return errorsmod.Wrapf(ErrInvalidJob, "%d valid contributions: expected the %d that are valid or paid, and at most the %d judged ones", j.Valid, valid, judged)
	} else if !settling && (j.Valid != valid || j.ValidOwners != uint32(len(validOwners))) {
		return errorsmod.Wrapf(ErrInvalidJob, "%d valid contributions of %d owners: the records have %d of %d", j.Valid, j.ValidOwners, valid, len(validOwners))
	}
	if over {
		return nil
	}
	if !j.Reserved.Equal(reserved) || !j.Paid.Equal(paid) {
		return errorsmod.Wrapf(ErrInvalidJob, "reserved %s, paid %s: the contributions and earlier rounds have %s and %s",
			j.Reserved.Text(), j.Paid.Text(), reserved.Text(), paid.Text())
	}
	if j.Operations != operations {
		return errorsmod.Wrapf(ErrInvalidJob, "operations %d: the contributions and earlier rounds have %d", j.Operations, operations)
	}
	return nil
}

// validateSecure checks seats, sums and remembered queries.
func (gs GenesisState) validateSecure() error {
	seats, accounts := map[string]Seat{}, map[string]bool{}
	for _, s := range gs.Seats {
		if _, found := seats[s.Operator]; found || s.Operator == "" || accounts[s.Account] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "seat %q: expected each operator and account once", s.Operator)
		}
		if s.Bond.Amount.IsNil() || s.Bond.Denom != datapooltypes.BaseDenom || validateAmount(s.Bond.Amount) != nil || validateAmount(s.Fee) != nil || s.LeavingHeight < 0 {
			return errorsmod.Wrapf(ErrInvalidGenesis, "seat %s: expected a bond in %s, a fee and a height from 0", s.Operator, datapooltypes.BaseDenom)
		}
		seats[s.Operator], accounts[s.Account] = s, true
	}
	times := map[string]bool{}
	for _, t := range gs.SeatTimes {
		if _, found := seats[t.Operator]; !found || times[t.Operator] || t.Height < 1 {
			return errorsmod.Wrapf(ErrInvalidGenesis, "seat_times: expected a height from 1 once for a seat, got %d for %q", t.Height, t.Operator)
		}
		times[t.Operator] = true
	}
	sits := map[string]uint32{}
	jobs := map[string]Job{}
	for _, j := range gs.Jobs {
		jobs[j.Id] = j
		if !j.Open() {
			continue
		}
		for _, s := range j.Seats {
			if _, found := seats[s.Operator]; !found {
				return errorsmod.Wrapf(ErrInvalidGenesis, "job %s: no seat %s", j.Id, s.Operator)
			}
			sits[s.Operator]++
		}
	}
	for _, s := range gs.Seats {
		if s.Jobs != sits[s.Operator] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "seat %s sits in %d jobs: expected %d", s.Operator, s.Jobs, sits[s.Operator])
		}
	}
	type roundKey struct {
		job   string
		round uint32
	}
	rounds := map[roundKey]bool{}
	for _, r := range gs.Rounds {
		j, found := jobs[r.JobId]
		if !found || !j.IsSecure() || (r.Sums == nil) == (len(r.Opened) == 0) || len(r.Opened) > len(j.Seats) {
			return errorsmod.Wrapf(ErrInvalidGenesis, "round of job %s: expected sums of a secure sum", r.JobId)
		}
		key := roundKey{job: r.JobId}
		if r.Sums != nil {
			key.round = r.Sums.Round
			if r.Sums.Round < 1 || r.Sums.Round > j.Round || len(r.Sums.Sums) != len(r.Sums.Operators) || len(r.Sums.Commitments) != len(r.Sums.Operators) {
				return errorsmod.Wrapf(ErrInvalidGenesis, "round %d of job %s: expected one sum and commitment for each seat", r.Sums.Round, r.JobId)
			}
		}
		if rounds[key] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "round %d of job %s is listed twice", key.round, r.JobId)
		}
		rounds[key] = true
	}
	for _, o := range gs.Owners {
		if j, found := jobs[o.JobId]; !found || !j.IsSecure() {
			return errorsmod.Wrapf(ErrInvalidGenesis, "owner %s: no secure sum %s", o.Owner, o.JobId)
		}
	}
	var last []byte
	for _, q := range gs.Queries {
		if bytes.Compare(q.Hash, last) <= 0 || q.Count == 0 || uint64(len(q.Sets)) != min(q.Count, RememberedSets) {
			return errorsmod.Wrapf(ErrInvalidGenesis, "query %x with %d sets of %d: expected it once, in order, with the last %d sets",
				q.Hash, len(q.Sets), q.Count, RememberedSets)
		}
		for _, set := range q.Sets {
			if _, err := ParseOwnerSet(set); err != nil {
				return errorsmod.Wrapf(ErrInvalidGenesis, "query %x: %s", q.Hash, err)
			}
		}
		last = q.Hash
	}
	return nil
}
