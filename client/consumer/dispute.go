package consumer

import (
	"context"
	"errors"
	"fmt"

	"github.com/alita-network/alita/x/compute/types"
)

// dispute proves by the reader's key that a seat has sealed a wrong sum. The new key
// is kept before anything is sealed to it.
func (r *Run) dispute(ctx context.Context, job types.Job, wrong *wrongSumError) error {
	key, err := r.saved.key(job.Spec.ReaderKey)
	if err != nil {
		return &finalError{err}
	}
	old, err := key.Bytes()
	if err != nil {
		return err
	}
	fresh, err := r.saved.freshKey(job.Spec.ReaderKey)
	if err != nil {
		return err
	}
	if err := r.saved.save(r.home); err != nil {
		return &finalError{fmt.Errorf("keep the new reader's key: %w", err)}
	}
	r.report(SumDisputed{Seat: wrong.seat, Operator: wrong.operator, Err: wrong})
	err = r.send(ctx, job, &types.MsgDisputeSum{
		Consumer: job.Consumer, JobId: job.Id, Seat: uint32(wrong.seat), ReaderPrivateKey: old, ReaderKey: fresh.Bytes(),
	})
	var final *finalError
	if errors.As(err, &final) {
		return &finalError{fmt.Errorf("%w: %w: the chain does not find %w", ErrNode, final.err, wrong)}
	}
	return err
}
