package consumer

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/x/compute/types"
)

// catchUp tells the session the sums up to a round, each verified.
func (r *Run) catchUp(ctx context.Context, job types.Job, round uint32) error {
	for r.advanced < round && r.stuck == nil {
		if err := r.advance(ctx, job, r.advanced+1); err != nil {
			return err
		}
	}
	return nil
}

// advance tells the session the sum of a round.
func (r *Run) advance(ctx context.Context, job types.Job, round uint32) error {
	sums, err := r.sums(ctx, job, round)
	if err != nil {
		return err
	}
	sum, err := openSums(*r.saved, job, r.program, sums, r.session.Job())
	var wrong *wrongSumError
	switch {
	case errors.As(err, &wrong) && (round != job.Round || job.Status != types.JOB_STATUS_READING):
		return &finalError{fmt.Errorf("round %d: %w; the time to dispute it is over", round, err)}
	case errors.As(err, &wrong):
		return err
	case err != nil:
		return &finalError{err}
	}
	if sum, err = revealed(job, sums, sum); err != nil {
		return &finalError{err}
	}
	r.advanced, r.owners, r.sum = round, sums.Owners, sum
	r.tell(round, sum, int(sums.Valid))
	return nil
}

// sums asks the node, and every second node, for the sums of a round.
func (r *Run) sums(ctx context.Context, job types.Job, round uint32) (types.RoundSums, error) {
	if r.program.Id == "" {
		program, err := r.chain.Program(ctx, job.Spec.ProgramId)
		if err != nil {
			return types.RoundSums{}, err
		}
		r.program = program
	}
	sums, err := r.chain.Sums(ctx, job.Id, round)
	if err != nil {
		return types.RoundSums{}, err
	}
	if sums.Round != round {
		return types.RoundSums{}, &finalError{fmt.Errorf("%w: sums: expected round %d, got round %d", ErrNode, round, sums.Round)}
	}
	for _, w := range r.witnesses {
		if err := w.compareSums(ctx, r.node, job, r.program, sums); err != nil {
			return types.RoundSums{}, err
		}
	}
	return sums, nil
}

// tell gives the session a verified sum. A session that cannot use it is stuck: it
// asks no further.
func (r *Run) tell(round uint32, sum []*big.Int, contributions int) {
	if err := r.session.Advance(sum, contributions); err != nil {
		r.stuck = fmt.Errorf("the sum of round %d is no answer of %s: %w", round, r.program.Name, err)
		r.report(RoundUnreadable{Number: round, Err: r.stuck})
		return
	}
	result, err := r.session.Result()
	if err != nil {
		r.stuck = err
		return
	}
	if n := len(result.Rounds); n > 0 {
		r.report(RoundVerified{Number: round, Round: result.Rounds[n-1]})
	}
}
