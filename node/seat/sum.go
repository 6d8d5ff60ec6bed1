package seat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// errNoiseMissing means that a sum would lack noise that a seat has to add.
var errNoiseMissing = errors.New("sum with noise")

// errContributions means that what is listed as contributions is not what a sum is made of.
var errContributions = errors.New("contributions to a sum")

// errMemberMissing means that a sum over panels would leave a member out: the difference to one with it is that member.
var errMemberMissing = errors.New("sum over panels")

// openSum opens the seat's sum over the valid contributions: to everybody if the result is public, or to the reader.
func (s *Seat) openSum(ctx context.Context, job chain.Job, seat int) error {
	if s.later(job) || !s.outbox.Shown(job.Id, s.height) {
		return nil
	}
	st, err := s.sitting(ctx, job, seat)
	if err != nil {
		return err
	}
	opening, err := s.opening(ctx, st, job, seat)
	if err != nil {
		return err
	}
	if err := s.Journal.Opening(job, opening); err != nil {
		return err
	}
	opened := &computev1.OpenedSum{Sealed: &computev1.SealedVector{}}
	if job.Spec.Secure.PublicResult {
		opened.Sum = opening
	} else {
		reader, err := seal.ParsePublicKey(job.Spec.ReaderKey)
		if err != nil {
			return err
		}
		sealed, err := st.protocol.SealOpening(reader, seat, opening)
		if err != nil {
			return err
		}
		opened.Sealed = &computev1.SealedVector{Enc: sealed.Enc, Ciphertext: sealed.Ciphertext}
	}
	msg := &computev1.MsgOpenSum{Account: s.Address, JobId: job.Id, Attempt: job.Attempt, Opened: opened}
	most := terms.OpeningGas(st.protocol.Slots(), len(opening), job.Spec.Secure.PublicResult)
	res, ok, err := s.send(ctx, job, "sum", msg, most)
	if err != nil || !ok {
		return err
	}
	s.counts.opened++
	s.Log.Info("opened the sum", "job", job.Id, "round", job.Round, "attempt", job.Attempt, "seat", seat, "contributions", job.Valid,
		"public", job.Spec.Secure.PublicResult, "height", res.Height, "tx", res.Hash, "gas", res.GasUsed)
	return nil
}

// opening adds up the noise of all seats and the valid contributions. It judges again those that this process has not judged itself. The sum is checked
// against the commitment on the chain: a seat that sends another sum loses its bond.
func (s *Seat) opening(ctx context.Context, st *sitting, job chain.Job, seat int) ([]byte, error) {
	all, err := s.contributions(ctx, job)
	if err != nil {
		return nil, err
	}
	var valid []chain.Contribution
	for _, c := range all {
		if job.Current(c) && c.Status == chain.ContributionValid {
			valid = append(valid, c)
		}
	}
	// The chain lets no such sum be opened; what a seat can see for itself it does not leave to the chain.
	if members := int(job.Spec.MinCohort); job.OverPanels() && len(valid) != members {
		return nil, fmt.Errorf("%w: expected contributions of all %d members of the panels, got %d valid ones", errMemberMissing, members, len(valid))
	}
	if len(valid) != int(job.Valid) {
		return nil, fmt.Errorf("%w: expected %d valid ones, as the job counts them, got %d", errContributions, job.Valid, len(valid))
	}
	noises, err := s.checkNoises(job, seat)
	if err != nil {
		return nil, err
	}
	added := slices.Concat(noises, valid)
	if err := s.prepare(ctx, st, job, seat, added); err != nil {
		return nil, err
	}
	sum := st.protocol.NewSum()
	for _, c := range added {
		said, err := s.Chain.Preparations(ctx, job.Id, c.Record)
		if err != nil {
			return nil, err
		}
		j, _ := st.judgmentOf(c)
		if len(j.share) == 0 {
			return nil, fmt.Errorf("contribution of record %s: expected an invalid one, which this seat refuses, got a valid one on the chain", c.Record)
		}
		if err := sum.Add(j.prepared, said.Message); err != nil {
			return nil, fmt.Errorf("record %s: %w", c.Record, err)
		}
	}
	opening := sum.Opening()
	if _, err := st.protocol.VerifyOpening(job.Seats[seat].Commitment, uint64(len(valid)), opening); err != nil {
		return nil, err
	}
	return opening, nil
}

// contributions are the listed contributions to a job, one of each record, and no noise: a vector that is added twice weighs more than the
// noise is for.
func (s *Seat) contributions(ctx context.Context, job chain.Job) ([]chain.Contribution, error) {
	all, err := s.Chain.Contributions(ctx, job.Id)
	if err != nil {
		return nil, err
	}
	listed := map[string]bool{}
	var out []chain.Contribution
	for _, c := range all {
		if !c.IsNoise() && !listed[c.Record] {
			listed[c.Record] = true
			out = append(out, c)
		}
	}
	return out, nil
}

// checkNoises returns the noise of all seats of a job, which goes into the sum. This is what a row's privacy rests on, so the seat leaves it to
// nobody: it opens no sum without the valid noise of every seat, its own among it as the journal has it. Its share of the sum then holds its
// share of its own noise, without which the others' shares are of no use.
func (s *Seat) checkNoises(job chain.Job, seat int) ([]chain.Contribution, error) {
	if !job.IsNoised() {
		return nil, nil
	}
	noises := job.Noises()
	if len(noises) != int(job.Spec.Secure.Seats) || len(noises) != len(job.Seats) {
		return nil, fmt.Errorf("%w: expected the noise of %d seats, got %d", errNoiseMissing, job.Spec.Secure.Seats, len(noises))
	}
	for _, n := range noises {
		if n.Status != chain.ContributionValid {
			return nil, fmt.Errorf("%w: noise of %s: expected a valid one, got %s", errNoiseMissing, n.Record, n.Status)
		}
	}
	own, err := s.Journal.Noise(job)
	if err != nil {
		return nil, err
	}
	if len(own) == 0 || !bytes.Equal(own, job.Seats[seat].Noise.Commitment) {
		return nil, fmt.Errorf("%w: own noise: expected %x, which the journal has, got %x", errNoiseMissing, own, job.Seats[seat].Noise.Commitment)
	}
	return noises, nil
}
