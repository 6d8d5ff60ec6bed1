package chain

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/light/keys"
)

// Program is proved by its id.
func (p *Proving) Program(ctx context.Context, id string) (Program, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Program{}, err
	}
	var m computev1.Program
	if err := s.message(ctx, keys.Compute, "program "+id, keys.Program(id), &m); err != nil {
		return Program{}, err
	}
	return programOf(&m), nil
}

// ProgramCode is proved by its hash, which is the id.
func (p *Proving) ProgramCode(ctx context.Context, id string) (code []byte, err error) {
	return fromAny(p, func(c *Client) ([]byte, error) { return c.ProgramCode(ctx, id) })
}

// MaxContributionBytes is proved with the parameters.
func (p *Proving) MaxContributionBytes(ctx context.Context) (uint32, error) {
	s, err := p.current(ctx)
	if err != nil {
		return 0, err
	}
	var m computev1.Params
	if err := s.message(ctx, keys.Compute, "parameters of jobs", keys.Params(), &m); err != nil {
		return 0, err
	}
	return m.GetMaxContributionBytes(), nil
}

// Job is a whole job with its seats' keys, all of one height.
func (p *Proving) Job(ctx context.Context, id string) (Job, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Job{}, err
	}
	m, err := s.job(ctx, id)
	if err != nil {
		return Job{}, err
	}
	group, asked := errgroup.WithContext(ctx)
	for _, seat := range m.GetSeats() {
		group.Go(func() error {
			// Absent is the key of a seat that has not given one yet, or whose job is over.
			key, _, err := s.Get(asked, keys.Compute, keys.SeatKey(id, seat.GetOperator()))
			seat.Key = key
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return Job{}, fmt.Errorf("job %s: %w", id, err)
	}
	job, err := jobOf(m)
	if err != nil {
		return Job{}, fmt.Errorf("job %s: %w", id, err)
	}
	return job, nil
}

// job joins the parts of a job as the chain does, without the keys of its seats.
func (s *checkedSnapshot) job(ctx context.Context, id string) (*computev1.Job, error) {
	var (
		progress computev1.JobProgress
		terms    computev1.JobTerms
		question computev1.JobQuestion
		seats    computev1.JobSeats
	)
	what := "job " + id
	group, asked := errgroup.WithContext(ctx)
	group.Go(func() error { return s.message(asked, keys.Compute, what, keys.Progress(id), &progress) })
	group.Go(func() error {
		if err := s.message(asked, keys.Compute, what, keys.Terms(id), &terms); err != nil {
			return err
		}
		if terms.GetSpec().GetDelivery() != DeliverySecureSum {
			return nil
		}
		return s.message(asked, keys.Compute, what, keys.Seats(id), &seats)
	})
	group.Go(func() error { return s.message(asked, keys.Compute, what, keys.Question(id), &question) })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	spec := terms.GetSpec()
	if spec == nil {
		return nil, fmt.Errorf("%s: expected terms with a question, got none", what)
	}
	spec.Input, spec.ReaderKey = question.GetInput(), question.GetReaderKey()
	return &computev1.Job{
		Id: id, Consumer: terms.GetConsumer(), Spec: spec, Status: progress.GetStatus(), Failure: progress.GetFailure(),
		DeadlineHeight: progress.GetDeadlineHeight(), DataPerAlita: terms.GetDataPerAlita(), Owners: progress.GetOwners(),
		Reserved: progress.GetReserved(), StakersFeePpm: terms.GetStakersFeePpm(), Round: progress.GetRound(), Attempt: progress.GetAttempt(),
		Seats: seats.GetSeats(), VerifyKey: seats.GetVerifyKey(), Contributions: progress.GetContributions(), Valid: seats.GetValid(),
		MicroRho: terms.GetMicroRho(), Vdaf: terms.GetVdaf(), OpenedAttempts: seats.GetOpenedAttempts(),
	}, nil
}

// JobsByPool are the listed jobs of a pool that the state proves to be in a status, without the keys of their seats. An entry is proved again when the
// node says something else of it: Job is proved afresh.
func (p *Proving) JobsByPool(ctx context.Context, poolID uint64, status JobStatus) ([]Job, error) {
	jobs, err := p.listedJobs(ctx, func(c *Client) ([]Job, error) { return c.JobsByPool(ctx, poolID, status) })
	if err != nil {
		return nil, fmt.Errorf("jobs of pool %d: %w", poolID, err)
	}
	return keep(jobs, func(j Job) bool { return j.Spec.PoolId == poolID && j.Status == status }), nil
}

// JobsBySeat are the listed jobs with a seat of an account that the state proves, as JobsByPool.
func (p *Proving) JobsBySeat(ctx context.Context, account string) ([]Job, error) {
	jobs, err := p.listedJobs(ctx, func(c *Client) ([]Job, error) { return c.JobsBySeat(ctx, account) })
	if err != nil {
		return nil, fmt.Errorf("jobs of the seat %s: %w", account, err)
	}
	return keep(jobs, func(j Job) bool { return hasSeat(j, account) }), nil
}

func hasSeat(j Job, account string) bool {
	for _, s := range j.Seats {
		if s.Account == account {
			return true
		}
	}
	return false
}

func (p *Proving) listedJobs(ctx context.Context, list func(*Client) ([]Job, error)) ([]Job, error) {
	s, err := p.current(ctx)
	if err != nil {
		return nil, err
	}
	said := map[string]Job{}
	return listed(ctx, p, func(c *Client) ([]string, error) {
		all, err := list(c)
		for _, j := range all {
			said[j.Id] = j
		}
		return idsOf(all, func(j Job) string { return j.Id }), err
	}, func(ctx context.Context, id string) (Job, error) {
		return remembered(p, "job/"+id, said[id], func() (Job, error) {
			m, err := s.job(ctx, id)
			if err != nil {
				return Job{}, err
			}
			return jobOf(m)
		})
	})
}
