package consumer

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/compute/types"
)

// maxRefused is how many messages in a row the chain may refuse: a transaction that
// was sent before may still be under way.
const maxRefused = 5

// position is the phase that a job has reached.
type position struct {
	status         types.JobStatus
	round, attempt uint32
}

func positionOf(job types.Job) position { return position{job.Status, job.Round, job.Attempt} }

// sending remembers what was sent.
type sending struct {
	// sent is the position at which the last message was sent: nothing more is to be
	// done there.
	sent position
	// refused counts the refusals since the job was first seen at a position.
	failed  position
	refused int
}

// done reports whether the message for a job's position was sent.
func (s sending) done(job types.Job) bool { return s.sent == positionOf(job) }

// refuse counts a refusal and returns how many there were at a job's position.
func (s *sending) refuse(job types.Job) int {
	if s.failed != positionOf(job) {
		s.failed, s.refused = positionOf(job), 0
	}
	s.refused++
	return s.refused
}

// send sends a message for a position of the job once. If the job has gone on
// meanwhile, there is nothing to send.
func (r *Run) send(ctx context.Context, job types.Job, msg sdk.Msg) error {
	err := r.chain.Send(ctx, msg)
	if err == nil {
		r.sending.sent = positionOf(job)
		return nil
	}
	if errors.Is(err, tx.ErrPending) || ctx.Err() != nil {
		return err
	}
	now, _, again := r.chain.Job(ctx, job.Id)
	switch {
	case again != nil:
		return again
	case positionOf(now) != positionOf(job):
		return nil
	case r.sending.refuse(job) < maxRefused:
		return err
	}
	return &finalError{&UnfinishedError{job.Id, fmt.Errorf("round %d: %w", job.Round, err)}}
}
