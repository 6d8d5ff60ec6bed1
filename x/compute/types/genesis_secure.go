package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/seal"
)

// secureStatus reports whether only secure sums have a status.
func secureStatus(s JobStatus) bool { return s >= JOB_STATUS_SEATING && s <= JOB_STATUS_WAITING }

// directStatus reports whether only direct delivery has a status.
func directStatus(s JobStatus) bool { return s == JOB_STATUS_DELIVERING }

// validateSecure checks what a job says about its seats and rounds.
func (j Job) validateSecure() error {
	if j.Status < JOB_STATUS_CONTRIBUTING || j.Status > JOB_STATUS_WAITING ||
		(j.IsSecure() && directStatus(j.Status)) || (!j.IsSecure() && secureStatus(j.Status)) {
		return errorsmod.Wrapf(ErrInvalidJob, "status: expected a phase of %s, got %s", j.Spec.Delivery, j.Status)
	}
	if !j.IsSecure() {
		if j.Round != 0 || j.Attempt != 0 || len(j.Seats) > 0 || len(j.Lost) > 0 || !j.Settled.IsZero() || j.OpenedAttempts != 0 {
			return errorsmod.Wrapf(ErrInvalidJob, "rounds and seats: expected none in direct delivery, got round %d, attempt %d, %d seats, %d lost ones, %s settled and opened attempts %b",
				j.Round, j.Attempt, len(j.Seats), len(j.Lost), j.Settled.Text(), j.OpenedAttempts)
		}
		return nil
	}
	if j.Round < 1 || j.Round > j.Spec.Secure.Rounds || j.Attempt < 1 {
		return errorsmod.Wrapf(ErrInvalidJob, "round and attempt: expected 1 to %d and at least 1, got %d and %d", j.Spec.Secure.Rounds, j.Round, j.Attempt)
	}
	if j.OpenedAttempts>>j.Attempt != 0 {
		return errorsmod.Wrapf(ErrInvalidJob, "opened_attempts: expected bits of attempts up to %d, got %b", j.Attempt, j.OpenedAttempts)
	}
	if opening := j.Status == JOB_STATUS_AGGREGATING || j.Status == JOB_STATUS_READING; opening && j.OpenedAttempts&attemptBit(j.Attempt) == 0 {
		return errorsmod.Wrapf(ErrInvalidJob, "opened_attempts: expected the bit of attempt %d in a job that is %s, got %b", j.Attempt, j.Status, j.OpenedAttempts)
	}
	if len(j.Seats) > int(j.Spec.Secure.Seats) {
		return errorsmod.Wrapf(ErrInvalidJob, "seats: expected at most %d, got %d", j.Spec.Secure.Seats, len(j.Seats))
	}
	seen := map[string]bool{}
	for _, s := range j.Seats {
		if seen[s.Operator] || seen[s.Account] {
			return errorsmod.Wrapf(ErrInvalidSeat, "seats: expected each operator and account once, got %s with account %s after one of them", s.Operator, s.Account)
		}
		if s.Status < SEAT_STATUS_DRAWN || s.Status > SEAT_STATUS_OPENED {
			return errorsmod.Wrapf(ErrInvalidSeat, "seat %s: status: expected %s to %s, got %s", s.Operator, SEAT_STATUS_DRAWN, SEAT_STATUS_OPENED, s.Status)
		}
		if err := validateAmount(s.Fee); err != nil {
			return errorsmod.Wrapf(ErrInvalidSeat, "seat %s: fee: %s", s.Operator, err)
		}
		if j.Open() && (len(s.Key) > 0) != (s.Status != SEAT_STATUS_DRAWN) {
			return errorsmod.Wrapf(ErrInvalidSeat, "seat %s: key: expected %s of a seat that is %s, got %d bytes",
				s.Operator, oneOrNone(s.Status != SEAT_STATUS_DRAWN), s.Status, len(s.Key))
		}
		if s.Noise != nil && (!j.Open() || j.Exact()) {
			return errorsmod.Wrapf(ErrInvalidSeat, "seat %s: noise: expected none in an exact sum or a closed job, got one", s.Operator)
		}
		if len(s.Key) > 0 {
			if _, err := seal.ParsePublicKey(s.Key); err != nil {
				return errorsmod.Wrapf(ErrInvalidSeat, "seat %s: key: %s", s.Operator, err)
			}
		}
		seen[s.Operator], seen[s.Account] = true, true
	}
	for _, l := range j.Lost {
		if err := l.Slashed.Validate(); err != nil {
			return errorsmod.Wrapf(ErrInvalidSeat, "lost seat %s: slashed: %s", l.Operator, err)
		}
	}
	return nil
}

// CheckCounts compares the counts and amounts of a secure sum with its contributions.
func (j Job) CheckCounts(contributions []Contribution) error {
	var (
		count, judged, valid uint32
		validRows            uint64
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
			return errorsmod.Wrapf(ErrInvalidJob, "record %s: seat_fee: expected %s, which the seats ask together, got %s", c.Attestation.RecordId, fee, c.SeatFee)
		}
		if c.Status == CONTRIBUTION_STATUS_PAID {
			paid = paid.Add(c.Fee)
		}
		if c.Prepared != 0 && c.Prepared == 1<<len(j.Seats)-1 {
			judged++
		}
		if c.Status == CONTRIBUTION_STATUS_VALID || c.Status == CONTRIBUTION_STATUS_PAID {
			valid++
			validRows += c.Attestation.Rows
			validOwners[c.Owner] = true
		}
	}
	if j.Contributions != count || j.Owners != uint32(len(owners)) {
		return errorsmod.Wrapf(ErrInvalidJob, "contributions and owners: expected %d and %d, as the records have them, got %d and %d", count, len(owners), j.Contributions, j.Owners)
	}
	if j.Judged != judged {
		return errorsmod.Wrapf(ErrInvalidJob, "judged: expected %d, as the contributions have it, got %d", judged, j.Judged)
	}
	// Settlement turns valid contributions into paid or unpaid ones.
	over := j.Status == JOB_STATUS_WAITING || !j.Open()
	if settling := over || j.Status == JOB_STATUS_SETTLING; settling && (j.Valid < valid || j.Valid > judged) {
		return errorsmod.Wrapf(ErrInvalidJob, "valid: expected %d to %d, the valid and paid contributions to the judged ones, got %d", valid, judged, j.Valid)
	} else if !settling && (j.Valid != valid || j.ValidOwners != uint32(len(validOwners)) || j.ValidRows != validRows) {
		return errorsmod.Wrapf(ErrInvalidJob, "valid, valid_owners and valid_rows: expected %d, %d and %d, as the records have them, got %d, %d and %d",
			valid, len(validOwners), validRows, j.Valid, j.ValidOwners, j.ValidRows)
	}
	if over {
		return nil
	}
	if !j.Reserved.Equal(reserved) {
		return errorsmod.Wrapf(ErrInvalidJob, "reserved: expected %s, as the contributions and earlier rounds have it, got %s", reserved.Text(), j.Reserved.Text())
	}
	if !j.Paid.Equal(paid) {
		return errorsmod.Wrapf(ErrInvalidJob, "paid: expected %s, as the contributions and earlier rounds have it, got %s", paid.Text(), j.Paid.Text())
	}
	if j.Operations != operations {
		return errorsmod.Wrapf(ErrInvalidJob, "operations: expected %d, as the contributions and earlier rounds have it, got %d", operations, j.Operations)
	}
	return nil
}

// validateSecure checks seats, sums and remembered queries.
func (gs GenesisState) validateSecure() error {
	seats, accounts := map[string]Seat{}, map[string]bool{}
	for _, s := range gs.Seats {
		if _, found := seats[s.Operator]; found || s.Operator == "" || accounts[s.Account] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "seats: expected each operator and account once and no empty operator, got %q with account %q", s.Operator, s.Account)
		}
		if err := ValidateSeatTerms(s.Bond, s.Fee); err != nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "seat %s: %s", s.Operator, err)
		}
		if s.LeavingHeight < 0 {
			return errorsmod.Wrapf(ErrInvalidGenesis, "seat %s: leaving_height: expected at least 0, got %d", s.Operator, s.LeavingHeight)
		}
		if s.SilentHeight < 0 {
			return errorsmod.Wrapf(ErrInvalidGenesis, "seat %s: silent_height: expected at least 0, got %d", s.Operator, s.SilentHeight)
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
	if gs.LaneUntil > maxLaneUntil {
		return errorsmod.Wrapf(ErrInvalidGenesis, "lane_until: expected at most %d, got %d", uint64(maxLaneUntil), gs.LaneUntil)
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
				return errorsmod.Wrapf(ErrInvalidGenesis, "job %s: seats: expected registered ones, got %s", j.Id, s.Operator)
			}
			sits[s.Operator]++
		}
	}
	for _, s := range gs.Seats {
		if s.Jobs != sits[s.Operator] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "seat %s: jobs: expected %d, the open jobs in which it sits, got %d", s.Operator, sits[s.Operator], s.Jobs)
		}
	}
	type roundKey struct {
		job   string
		round uint32
	}
	rounds := map[roundKey]bool{}
	for _, r := range gs.Rounds {
		j, found := jobs[r.JobId]
		if !found || !j.IsSecure() {
			return errorsmod.Wrapf(ErrInvalidGenesis, "rounds: expected rounds of secure sums, got one of job %s", r.JobId)
		}
		if (r.Sums == nil) == (len(r.Opened) == 0) || len(r.Opened) > len(j.Seats) {
			return errorsmod.Wrapf(ErrInvalidGenesis, "round of job %s: expected either sums or 1 to %d opened ones, got sums: %s, opened: %d",
				r.JobId, len(j.Seats), oneOrNone(r.Sums != nil), len(r.Opened))
		}
		key := roundKey{job: r.JobId}
		if r.Sums != nil {
			key.round = r.Sums.Round
			if r.Sums.Round < 1 || r.Sums.Round > j.Round {
				return errorsmod.Wrapf(ErrInvalidGenesis, "round of job %s: expected 1 to %d, got %d", r.JobId, j.Round, r.Sums.Round)
			}
			if n := len(r.Sums.Operators); len(r.Sums.Sums) != n || len(r.Sums.Commitments) != n {
				return errorsmod.Wrapf(ErrInvalidGenesis, "round %d of job %s: expected a sum and a commitment for each of %d operators, got %d and %d",
					r.Sums.Round, r.JobId, n, len(r.Sums.Sums), len(r.Sums.Commitments))
			}
		}
		if rounds[key] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "rounds: expected each round of a job once, got round %d of job %s twice", key.round, r.JobId)
		}
		rounds[key] = true
	}
	for _, o := range gs.Owners {
		if j, found := jobs[o.JobId]; !found || !j.IsSecure() {
			return errorsmod.Wrapf(ErrInvalidGenesis, "owners: expected owners of secure sums, got %s of job %s", o.Owner, o.JobId)
		}
	}
	return nil
}
