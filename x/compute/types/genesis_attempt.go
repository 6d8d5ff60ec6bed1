package types

import (
	"bytes"
	"slices"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/prio3"
	"github.com/alita-network/alita/crypto/securesum"
)

// attempt holds what a genesis state says about the present attempt of a secure sum.
type attempt struct {
	job           Job
	sum           securesum.Protocol
	contributions []GenesisContribution
	noises        map[string]GenesisNoise // by operator
	owners        map[string]uint64
	opened        []OpenedSum
	sums          int
}

// validateAttempts checks that every open secure sum can go on: everything that its phase reads is there and has the right
// form. Otherwise messages and blocks would fail again and again.
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
		attempts[j.Id] = &attempt{job: j, sum: sum, noises: map[string]GenesisNoise{}, owners: map[string]uint64{}}
	}
	for _, c := range gs.Contributions {
		if a := attempts[c.Contribution.Attestation.JobId]; a != nil && a.job.Current(c.Contribution) {
			a.contributions = append(a.contributions, c)
		}
	}
	for _, n := range gs.Noises {
		a := attempts[n.JobId]
		if a == nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "noises: expected noise of the seats of open secure sums, got one of job %s", n.JobId)
		}
		if _, found := a.noises[n.Operator]; found {
			return errorsmod.Wrapf(ErrInvalidGenesis, "noises: expected each seat of job %s once, got %s twice", n.JobId, n.Operator)
		}
		a.noises[n.Operator] = n
	}
	for _, o := range gs.Owners {
		if a := attempts[o.JobId]; a != nil {
			if _, found := a.owners[o.Owner]; found {
				return errorsmod.Wrapf(ErrInvalidGenesis, "owners: expected each owner of job %s once, got %s twice", o.JobId, o.Owner)
			}
			a.owners[o.Owner] = o.Attempt
		}
	}
	for _, r := range gs.Rounds {
		if a := attempts[r.JobId]; a != nil {
			if r.Sums == nil {
				a.opened = r.Opened
			} else if r.Sums.Round == a.job.Round {
				a.sums = len(r.Sums.Sums)
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
	if err := a.validateNoises(); err != nil {
		return err
	}
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
			return errorsmod.Wrapf(ErrInvalidSeat, "seats[%d].prepared: expected %d, as the contributions have it, got %d", i, prepared[i], s.Prepared)
		}
	}
	return nil
}

// validateSeats checks that the seats are there, with the keys, commitments and sums that the phase has.
func (a *attempt) validateSeats() error {
	j := a.job
	if j.Status != JOB_STATUS_SEATING && len(j.Seats) != int(j.Spec.Secure.Seats) {
		return errorsmod.Wrapf(ErrInvalidSeat, "seats: expected %d, got %d", j.Spec.Secure.Seats, len(j.Seats))
	}
	judging := j.Status == JOB_STATUS_VERIFYING || j.Status == JOB_STATUS_CONTESTING || j.Status == JOB_STATUS_AGGREGATING
	if judging && len(j.VerifyKey) != prio3.KeySize {
		return errorsmod.Wrapf(ErrInvalidJob, "verify_key: expected %d bytes, got %d", prio3.KeySize, len(j.VerifyKey))
	}
	if j.Status == JOB_STATUS_READING && a.sums != len(j.Seats) {
		return errorsmod.Wrapf(ErrInvalidSum, "sums of round %d: expected %d, got %d", j.Round, len(j.Seats), a.sums)
	}
	if len(a.opened) > 0 && j.Status != JOB_STATUS_AGGREGATING {
		return errorsmod.Wrapf(ErrInvalidSum, "opened: expected no sums in this phase, got %d", len(a.opened))
	}
	for i, s := range j.Seats {
		if s.Status == SEAT_STATUS_DRAWN && j.Status != JOB_STATUS_SEATING {
			return errorsmod.Wrapf(ErrInvalidSeat, "seats[%d].status: expected %s or %s, got %s", i, SEAT_STATUS_SEATED, SEAT_STATUS_OPENED, s.Status)
		}
		if _, err := securesum.AddCommitments(s.Commitment, nil); err != nil || (len(s.Commitment) == 0 && j.Valid > 0) {
			return errorsmod.Wrapf(ErrInvalidSeat, "seats[%d].commitment: expected the sum of %d commitments, got %d bytes", i, j.Valid, len(s.Commitment))
		}
		opened := i < len(a.opened) && !a.opened[i].IsZero()
		if j.Status == JOB_STATUS_AGGREGATING && opened != (s.Status == SEAT_STATUS_OPENED) {
			return errorsmod.Wrapf(ErrInvalidSum, "opened[%d]: expected %s of a seat that is %s, got %s", i, oneOrNone(!opened), s.Status, oneOrNone(opened))
		}
	}
	return nil
}

// validateContribution checks a contribution to the present attempt, and counts the seats that have judged it.
func (a *attempt) validateContribution(gc GenesisContribution, prepared []uint32) error {
	c := gc.Contribution
	if gc.Shared == nil {
		return errorsmod.Wrap(ErrInvalidShares, "shared: expected shares, got none")
	}
	if err := a.sum.CheckShared(gc.Shared.Proto()); err != nil {
		return err
	}
	valid := c.Status == CONTRIBUTION_STATUS_VALID
	if err := a.validatePreparations(a.sum, c.Status, c.Prepared, c.Refused, gc.Preparations, gc.Message); err != nil {
		return err
	}
	for i := range prepared {
		prepared[i] += c.Prepared >> i & 1
	}
	if mark, found := a.owners[c.Owner]; !found || mark|1 != a.job.OwnerMark(true) || (valid && mark != a.job.OwnerMark(true)) {
		return errorsmod.Wrapf(ErrInvalidShares, "mark of owner %s: expected the mark of the present attempt, %d, got %d", c.Owner, a.job.OwnerMark(valid), mark)
	}
	return nil
}

// validatePreparations checks what the seats have said of a contribution, or of a seat's noise, and what the chain made of it.
func (a *attempt) validatePreparations(
	sum securesum.Protocol, status ContributionStatus, prepared, refused uint32, preparations [][]byte, message []byte,
) error {
	seats, valid := len(a.job.Seats), status == CONTRIBUTION_STATUS_VALID
	if prepared >= 1<<seats || refused&^prepared != 0 {
		return errorsmod.Wrapf(ErrInvalidPreparation, "prepared, refused: expected bits of %d seats, the refused ones among the prepared, got %b and %b", seats, prepared, refused)
	}
	for i := range seats {
		var share []byte
		if i < len(preparations) {
			share = preparations[i]
		}
		want := prepared>>i&1 == 1 && refused>>i&1 == 0 && !valid
		if (len(share) > 0) != want || (want && sum.CheckPreparation(share) != nil) {
			return errorsmod.Wrapf(ErrInvalidPreparation, "preparations[%d]: expected %s, got %d bytes", i, oneOrNone(want), len(share))
		}
	}
	if (len(message) > 0) != valid {
		return errorsmod.Wrapf(ErrInvalidPreparation, "message: expected %s of a contribution that is %s, got %d bytes", oneOrNone(valid), status, len(message))
	}
	return nil
}

// validateNoises checks the noise of the seats: it is there from the end of the window for contributions on, and valid once sums are opened.
func (a *attempt) validateNoises() error {
	j, found := a.job, 0
	judging := j.Status == JOB_STATUS_VERIFYING || j.Status == JOB_STATUS_CONTESTING || j.Status == JOB_STATUS_AGGREGATING
	noise, noised := a.sum.Noise()
	for i, s := range j.Seats {
		n, has := a.noises[s.Operator]
		if has != (s.Noise != nil) {
			return errorsmod.Wrapf(ErrInvalidShares, "noise of seats[%d]: expected shares: %t, got %t", i, s.Noise != nil, has)
		}
		if !has {
			if noised && judging {
				return errorsmod.Wrapf(ErrInvalidShares, "seats[%d].noise: expected one in this phase, got none", i)
			}
			continue
		}
		found++
		if !noised || !judging && j.Status != JOB_STATUS_CONTRIBUTING && j.Status != JOB_STATUS_READING {
			return errorsmod.Wrapf(ErrInvalidShares, "seats[%d].noise: expected none in this phase or in an exact sum, got one", i)
		}
		if err := a.validateNoise(noise, *s.Noise, n); err != nil {
			return errorsmod.Wrapf(err, "seats[%d].noise", i)
		}
	}
	if found != len(a.noises) {
		return errorsmod.Wrapf(ErrInvalidShares, "noises: expected %d of the job's seats, got %d", found, len(a.noises))
	}
	return nil
}

// validateNoise checks the form of a noise. Its proof, which is bound to the chain, was checked when it was handed in.
func (a *attempt) validateNoise(sum securesum.Protocol, s SeatNoise, n GenesisNoise) error {
	if err := sum.CheckShared(n.Shared.Proto()); err != nil {
		return errorsmod.Wrap(ErrInvalidShares, err.Error())
	}
	if hash := securesum.Hash(n.Shared.Proto()); !bytes.Equal(hash[:], s.Commitment) {
		return errorsmod.Wrapf(ErrInvalidShares, "commitment: expected %x, the hash of the shares, got %x", hash, s.Commitment)
	}
	want := []ContributionStatus{CONTRIBUTION_STATUS_ATTESTED}
	switch {
	case a.job.Status == JOB_STATUS_AGGREGATING || a.job.Status == JOB_STATUS_READING:
		want = []ContributionStatus{CONTRIBUTION_STATUS_VALID}
	case s.Judged(len(a.job.Seats)):
		want = []ContributionStatus{CONTRIBUTION_STATUS_VALID, CONTRIBUTION_STATUS_INVALID}
	}
	if !slices.Contains(want, s.Status) || (s.Status != CONTRIBUTION_STATUS_ATTESTED && !s.Judged(len(a.job.Seats))) {
		return errorsmod.Wrapf(ErrInvalidShares, "status: expected one of %v, which %d seats have judged, got %s, judged by %b", want, len(a.job.Seats), s.Status, s.Prepared)
	}
	return a.validatePreparations(sum, s.Status, s.Prepared, s.Refused, n.Preparations, n.Message)
}

// oneOrNone says in an error whether something is there, or is expected.
func oneOrNone(one bool) string {
	if one {
		return "one"
	}
	return "none"
}
