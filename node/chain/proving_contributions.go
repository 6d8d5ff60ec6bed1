package chain

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
)

// Contribution is proved by job and record.
func (p *Proving) Contribution(ctx context.Context, jobID, recordID string) (Contribution, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Contribution{}, err
	}
	return s.contribution(ctx, jobID, recordID)
}

// contribution is the contribution of a record, or the noise of the seat of an operator.
func (s *checkedSnapshot) contribution(ctx context.Context, jobID, recordID string) (Contribution, error) {
	if isOperator(recordID) {
		return s.noise(ctx, jobID, recordID)
	}
	var m computev1.Contribution
	what := "contribution of " + recordID + " to " + jobID
	if err := s.message(ctx, keys.Compute, what, keys.Contribution(jobID, recordID), &m); err != nil {
		return Contribution{}, err
	}
	c, err := contributionOf(&m)
	if err != nil {
		return Contribution{}, fmt.Errorf("%s: %w", what, err)
	}
	if c.Record != recordID {
		return Contribution{}, fmt.Errorf("%w: %s: expected that record, got %.64q", light.ErrProof, what, c.Record)
	}
	return c, nil
}

// noise is the noise of the seat of an operator in a job's present attempt.
func (s *checkedSnapshot) noise(ctx context.Context, jobID, operator string) (Contribution, error) {
	m, err := s.job(ctx, jobID)
	if err != nil {
		return Contribution{}, err
	}
	job, err := jobOf(m)
	if err != nil {
		return Contribution{}, fmt.Errorf("job %s: %w", jobID, err)
	}
	for _, n := range job.Noises() {
		if n.Record == operator {
			return n, nil
		}
	}
	return Contribution{}, fmt.Errorf("noise of %s in job %s: %w", operator, jobID, ErrNotFound)
}

// Contributions are the listed contributions to a job that the state proves. An entry is proved again when the node says
// something else of it. Who needs all of them counts them: the job says how many there are.
func (p *Proving) Contributions(ctx context.Context, jobID string) ([]Contribution, error) {
	s, err := p.current(ctx)
	if err != nil {
		return nil, err
	}
	said := map[string]Contribution{}
	all, err := listed(ctx, p, func(c *Client) ([]string, error) {
		all, err := c.Contributions(ctx, jobID)
		all = slices.DeleteFunc(all, Contribution.IsNoise) // which the job has
		for _, c := range all {
			said[c.Record] = c
		}
		return idsOf(all, func(c Contribution) string { return c.Record }), err
	}, func(ctx context.Context, record string) (Contribution, error) {
		return remembered(p, "contribution/"+jobID+"/"+record, said[record], func() (Contribution, error) {
			return s.contribution(ctx, jobID, record)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("contributions to %s: %w", jobID, err)
	}
	return all, nil
}

// Shares are the ones that the proved contribution, or the proved noise of a seat, commits to, from whichever node has them.
func (p *Proving) Shares(ctx context.Context, jobID, recordID string) (securesum.Shared, error) {
	s, err := p.current(ctx)
	if err != nil {
		return securesum.Shared{}, err
	}
	c, err := s.contribution(ctx, jobID, recordID)
	if err != nil {
		return securesum.Shared{}, err
	}
	return fromAny(p, func(node *Client) (securesum.Shared, error) {
		shared, err := node.Shares(ctx, jobID, recordID)
		if hash := securesum.Hash(shared); err == nil && string(hash[:]) != string(c.ResultCommitment) {
			err = fmt.Errorf("%w: shares of record %s to job %s: expected the ones of the contribution, got others", light.ErrProof, recordID, jobID)
		}
		return shared, err
	})
}

// Preparations are proved one by one: a share that the chain does not prove is an error and never a refusal, which the
// contribution itself tells.
func (p *Proving) Preparations(ctx context.Context, jobID, recordID string) (Preparations, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Preparations{}, err
	}
	what := "preparations of " + recordID + " to " + jobID
	c, err := s.contribution(ctx, jobID, recordID)
	if err != nil {
		return Preparations{}, err
	}
	var seats computev1.JobSeats
	if err := s.message(ctx, keys.Compute, what, keys.Seats(jobID), &seats); err != nil {
		return Preparations{}, unexpectedlyAbsent(err)
	}
	out := Preparations{Shares: make([][]byte, len(seats.GetSeats()))}
	if c.Status != ContributionInvalid && c.Status != ContributionAttested {
		message, err := s.bytes(ctx, keys.Compute, what, keys.Message(jobID, recordID))
		if err != nil {
			return Preparations{}, unexpectedlyAbsent(err)
		}
		out.Message = message
		return out, nil
	}
	group, asked := errgroup.WithContext(ctx)
	for i := range out.Shares {
		switch {
		case c.Refused&(1<<i) != 0:
		case c.Prepared&(1<<i) == 0:
			return Preparations{}, fmt.Errorf("%s: seat %d: expected its preparation share, got none yet", what, i)
		default:
			group.Go(func() error {
				share, err := s.bytes(asked, keys.Compute, what, keys.Prepared(jobID, recordID, uint64(i)))
				out.Shares[i] = share
				return unexpectedlyAbsent(err)
			})
		}
	}
	return out, group.Wait()
}
