package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/prio3"
	"github.com/alita-network/alita/crypto/securesum"
)

// attempt is what a genesis state says of the present attempt of a secure sum.
type attempt struct {
	job           Job
	sum           securesum.Protocol
	contributions []GenesisContribution
	owners        map[string]OwnerMark
	opened        []OpenedSum
	hasSums       bool
}

// validateAttempts checks that every open secure sum can go on: what its phase reads is there, and of the right form. A
// message or a block that found less would fail again and again.
func (gs GenesisState) validateAttempts(programs map[string]Program) error {
	attempts := map[string]*attempt{}
	for _, j := range gs.Jobs {
		if !j.IsSecure() || !j.Open() {
			continue
		}
		sum, err := ProtocolOf("", j, programs[j.Spec.ProgramId])
		if err != nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "job %s: %s", j.Id, err)
		}
		attempts[j.Id] = &attempt{job: j, sum: sum, owners: map[string]OwnerMark{}}
	}
	for _, c := range gs.Contributions {
		if a := attempts[c.Contribution.Attestation.JobId]; a != nil && a.job.Current(c.Contribution) {
			a.contributions = append(a.contributions, c)
		}
	}
	for _, o := range gs.Owners {
		if a := attempts[o.JobId]; a != nil {
			if _, found := a.owners[o.Owner]; found {
				return errorsmod.Wrapf(ErrInvalidGenesis, "owner %s of job %s is listed twice", o.Owner, o.JobId)
			}
			a.owners[o.Owner] = OwnerMark{Attempt: o.Attempt, Contributed: o.Contributed}
		}
	}
	for _, r := range gs.Rounds {
		if a := attempts[r.JobId]; a != nil {
			if r.Sums == nil {
				a.opened = r.Opened
			} else if r.Sums.Round == a.job.Round {
				a.hasSums = len(r.Sums.Sums) == len(a.job.Seats)
			}
		}
	}
	for _, j := range gs.Jobs {
		if a := attempts[j.Id]; a != nil {
			if err := a.validate(); err != nil {
				return errorsmod.Wrapf(ErrInvalidGenesis, "job %s, which is %s: %s", j.Id, j.Status, err)
			}
		}
	}
	return nil
}

func (a *attempt) validate() error {
	if a.job.Status == JOB_STATUS_SETTLING {
		return nil
	}
	if err := a.validateSeats(); err != nil {
		return err
	}
	if a.job.Status == JOB_STATUS_WAITING {
		return nil
	}
	prepared := make([]uint32, len(a.job.Seats))
	for _, c := range a.contributions {
		if err := a.validateContribution(c, prepared); err != nil {
			return errorsmod.Wrapf(ErrInvalidShares, "record %s: %s", c.Contribution.Attestation.RecordId, err)
		}
	}
	for i, s := range a.job.Seats {
		if s.Prepared != prepared[i] {
			return errorsmod.Wrapf(ErrInvalidSeat, "seat %d has judged %d: the contributions have %d", i, s.Prepared, prepared[i])
		}
	}
	return nil
}

// validateSeats checks that the seats are there, with keys, commitments and sums as the phase has them.
func (a *attempt) validateSeats() error {
	j := a.job
	if j.Status != JOB_STATUS_SEATING && len(j.Seats) != int(j.Spec.Secure.Seats) {
		return errorsmod.Wrapf(ErrInvalidSeat, "%d seats: expected %d", len(j.Seats), j.Spec.Secure.Seats)
	}
	judging := j.Status == JOB_STATUS_VERIFYING || j.Status == JOB_STATUS_CONTESTING || j.Status == JOB_STATUS_AGGREGATING
	if judging && len(j.VerifyKey) != prio3.KeySize {
		return errorsmod.Wrapf(ErrInvalidJob, "verify_key of %d bytes: expected %d", len(j.VerifyKey), prio3.KeySize)
	}
	if (j.Status == JOB_STATUS_READING) && !a.hasSums {
		return errorsmod.Wrapf(ErrInvalidSum, "no sums of round %d: expected those of %d seats", j.Round, len(j.Seats))
	}
	if len(a.opened) > 0 && j.Status != JOB_STATUS_AGGREGATING {
		return errorsmod.Wrap(ErrInvalidSum, "opened: expected no sums yet")
	}
	for i, s := range j.Seats {
		if s.Status == SEAT_STATUS_DRAWN && j.Status != JOB_STATUS_SEATING {
			return errorsmod.Wrapf(ErrInvalidSeat, "seat %d is %s: expected a key", i, s.Status)
		}
		if _, err := securesum.AddCommitments(s.Commitment, nil); err != nil || (len(s.Commitment) == 0 && j.Valid > 0) {
			return errorsmod.Wrapf(ErrInvalidSeat, "seat %d: commitment of %d bytes: expected a sum of %d", i, len(s.Commitment), j.Valid)
		}
		opened := i < len(a.opened) && !a.opened[i].IsZero()
		if j.Status == JOB_STATUS_AGGREGATING && opened != (s.Status == SEAT_STATUS_OPENED) {
			return errorsmod.Wrapf(ErrInvalidSum, "seat %d is %s, and its sum is there: %t", i, s.Status, opened)
		}
	}
	return nil
}

// validateContribution checks a contribution to the present attempt, and counts who has judged it.
func (a *attempt) validateContribution(gc GenesisContribution, prepared []uint32) error {
	c := gc.Contribution
	if gc.Shared == nil {
		return errorsmod.Wrap(ErrInvalidShares, "expected shares")
	}
	if err := a.sum.CheckShared(gc.Shared.Proto()); err != nil {
		return err
	}
	if c.Prepared >= 1<<len(prepared) || c.Refused&^c.Prepared != 0 {
		return errorsmod.Wrapf(ErrInvalidPreparation, "prepared %b, refused %b: expected bits of %d seats", c.Prepared, c.Refused, len(prepared))
	}
	valid := c.Status == CONTRIBUTION_STATUS_VALID
	for i := range prepared {
		said := c.Prepared>>i&1 == 1
		if said {
			prepared[i]++
		}
		var share []byte
		if i < len(gc.Preparations) {
			share = gc.Preparations[i]
		}
		if want := said && c.Refused>>i&1 == 0 && !valid; (len(share) > 0) != want || (want && a.sum.CheckPreparation(share) != nil) {
			return errorsmod.Wrapf(ErrInvalidPreparation, "share of seat %d of %d bytes: expected one: %t", i, len(share), want)
		}
	}
	if (len(gc.Message) > 0) != valid {
		return errorsmod.Wrapf(ErrInvalidPreparation, "message of %d bytes: expected one where it is valid", len(gc.Message))
	}
	if mark, found := a.owners[c.Owner]; !found || mark.Attempt|1 != a.job.OwnerMark(true) || (valid && mark.Attempt != a.job.OwnerMark(true)) {
		return errorsmod.Wrapf(ErrInvalidShares, "owner %s: expected a mark of the present attempt", c.Owner)
	}
	return nil
}
