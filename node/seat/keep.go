package seat

import (
	"context"
	"errors"
	"fmt"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
)

// eraseAfter is how many blocks a job has to be over before its key is erased. Blocks are final, but the node may lie about them,
// and a key that is erased too early costs a part of the bond.
const eraseAfter = 100

// erase erases the keys of jobs that are over. listed are the seat's open jobs.
func (s *Seat) erase(ctx context.Context, listed []chain.Job) error {
	sits := make(map[string]bool, len(listed))
	for _, job := range listed {
		sits[job.Id] = s.seatIn(job) >= 0
	}
	var due []string
	var errs []error
	for _, id := range s.Journal.Jobs() {
		seen := s.Journal.Over(id)
		if seen > s.height {
			seen = 0 // the height was a lie, or the chain has gone back
		}
		if !sits[id] && (s.height < s.asked[id] || seen != 0 && s.height < seen+eraseAfter) {
			continue
		}
		over, err := !sits[id], error(nil)
		if over {
			over, err = s.over(ctx, id)
		}
		switch {
		case err != nil:
			errs = append(errs, err)
		case !over:
			errs = append(errs, s.Journal.SetOver(id, 0))
		case seen == 0:
			errs = append(errs, s.Journal.SetOver(id, s.height))
		default:
			due = append(due, id)
		}
	}
	if len(due) > 0 {
		err := s.Journal.Erase(due...)
		if err == nil {
			s.counts.erased += uint64(len(due))
			s.Log.Info("erased keys", "jobs", due)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// over reports whether a job will never need this seat again: it has ended, or it goes on without the seat, which is not drawn
// twice for one job. A job that the node does not know is not over: a chain that was set back may still open it.
func (s *Seat) over(ctx context.Context, id string) (bool, error) {
	job, err := s.Chain.Job(ctx, id)
	switch {
	case errors.Is(err, chain.ErrNotFound):
		s.asked[id] = s.height + eraseAfter
		s.Log.Warn("unknown job", "job", id, "reason", "the journal holds a key for it and the node does not know it; the key is kept")
		return false, nil
	case err != nil:
		return false, err
	case job.Status == chain.JobSettled, job.Status == chain.JobFailed:
		return true, nil
	}
	return s.seatIn(job) < 0, nil
}

// seatIn is the number of this seat in a job, or -1.
func (s *Seat) seatIn(job chain.Job) int {
	for i, js := range job.Seats {
		if js.Account == s.Address {
			return i
		}
	}
	return -1
}

// jobs lists the jobs in which the seat sits. If the validator has since registered another account, they are the jobs whose
// keys the journal holds: a job goes on with the account that was drawn for it.
func (s *Seat) jobs(ctx context.Context) ([]chain.Job, error) {
	jobs, err := s.Chain.JobsBySeat(ctx, s.Address)
	if !errors.Is(err, chain.ErrNotFound) {
		if err == nil && !s.greeted {
			s.greeted = true
			s.Log.Info("registered", "height", s.height)
		}
		return jobs, err
	}
	if !s.waiting {
		s.waiting = true
		s.Log.Warn("waiting", "reason", "the account signs for no seat: the validator's operator has to run the command that init printed")
	}
	for _, id := range s.Journal.Jobs() {
		if s.Journal.Over(id) != 0 || s.height < s.asked[id] {
			continue
		}
		job, err := s.Chain.Job(ctx, id)
		if errors.Is(err, chain.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if job.Status != chain.JobSettled && job.Status != chain.JobFailed {
			jobs = append(jobs, job)
		}
	}
	return jobs, nil
}

// ErrOtherKey means that the chain holds a key of this seat that is not the journal's.
var ErrOtherKey = errors.New("the chain holds another key of this seat than its journal")

// keyOf is the key that the seat gave for a job. The error is ErrOtherKey if the chain holds another one. Owners have sealed to
// the chain's key: the seat would refuse good contributions, and could be proved wrong.
func (s *Seat) keyOf(ctx context.Context, job chain.Job, seat int) (seal.PrivateKey, error) {
	key, err := s.Journal.Key(job.Id)
	if err != nil {
		return seal.PrivateKey{}, err
	}
	whole, err := s.Chain.Job(ctx, job.Id)
	if err != nil {
		return seal.PrivateKey{}, err
	}
	if n := s.seatIn(whole); n != seat || string(whole.Seats[n].Key) != string(key.Public().Bytes()) {
		return seal.PrivateKey{}, ErrOtherKey
	}
	return key, nil
}

// silence logs, once for each attempt, why the seat does not answer in a job. It returns any other error.
func (s *Seat) silence(job chain.Job, err error) error {
	var happened string
	switch {
	case errors.Is(err, ErrNoKey):
		happened = "the journal was lost or is an older copy, or another process has run with this key file"
	case errors.Is(err, ErrOtherKey):
		happened = "another process has run with this key file, or the journal is an older copy"
	case errors.Is(err, ErrErased), errors.Is(err, ErrAnswered):
		happened = "the chain was set back, or the node shows a state that it never had"
	default:
		return err
	}
	reason := fmt.Sprintf("round %d, attempt %d: %s", job.Round, job.Attempt, err)
	if s.silent[job.Id] != reason {
		s.silent[job.Id] = reason
		s.Log.Error("does not answer", "job", job.Id, "round", job.Round, "attempt", job.Attempt, "error", err.Error(), "happened", happened,
			"costs", "if the job waits for this seat until its phase ends, the seat is replaced and loses a part of its bond (stall_slash_ppm)")
	}
	return nil
}
