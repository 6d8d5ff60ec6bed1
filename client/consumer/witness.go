package consumer

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/alita-network/alita/x/compute/types"
)

// witness is a second node. What sums are verified by is compared with it.
type witness struct {
	name  string
	chain witnessChain
}

// behind is the error of a witness that cannot tell. Asking again may help, also if
// the witness has not found something, so the cause is told and not wrapped.
func (w witness) behind(format string, args ...any) error {
	return fmt.Errorf("check node %s: %s: %w", w.name, fmt.Sprintf(format, args...), ErrBehind)
}

// differs is the error of nodes that contradict each other.
func (w witness) differs(node, what string) error {
	return &finalError{fmt.Errorf("%s and %s have different %s: %w", node, w.name, what, ErrNodesDiffer)}
}

// protoMessage is a generated message.
type protoMessage interface{ Marshal() ([]byte, error) }

// same reports whether two messages are the same on the wire.
func same(a, b protoMessage) bool {
	x, err := a.Marshal()
	y, err2 := b.Marshal()
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// compareJob compares the terms of a job.
func (w witness) compareJob(ctx context.Context, node string, job types.Job) error {
	theirs, _, err := w.chain.Job(ctx, job.Id)
	if err != nil {
		return w.behind("job %s: %s", job.Id, err)
	}
	if theirs.Round != job.Round || theirs.Attempt != job.Attempt {
		return w.behind("the job is in round %d, attempt %d there, in round %d, attempt %d at %s", theirs.Round, theirs.Attempt, job.Round, job.Attempt, node)
	}
	facts := func(j types.Job) *types.Job {
		return &types.Job{Id: j.Id, Consumer: j.Consumer, Spec: j.Spec, Vdaf: j.Vdaf}
	}
	if !same(facts(theirs), facts(job)) {
		return w.differs(node, "terms of job "+job.Id)
	}
	return nil
}

// compareSums compares all that the sums of a round are verified by, and the sums.
func (w witness) compareSums(ctx context.Context, node string, job types.Job, program types.Program, sums types.RoundSums) error {
	ctx, cancel := context.WithTimeout(ctx, witnessTimeout)
	defer cancel()
	if err := w.compareJob(ctx, node, job); err != nil {
		return err
	}
	theirProgram, err := w.chain.Program(ctx, job.Spec.ProgramId)
	if err != nil {
		return w.behind("program %s: %s", job.Spec.ProgramId, err)
	}
	if !same(&theirProgram, &program) {
		return w.differs(node, "statements of program "+program.Id)
	}
	theirs, err := w.chain.Sums(ctx, job.Id, sums.Round)
	if err != nil {
		return w.behind("%s", err)
	}
	if theirs.Attempt != sums.Attempt {
		return w.behind("the sums of round %d are of attempt %d there, of attempt %d at %s", sums.Round, theirs.Attempt, sums.Attempt, node)
	}
	for _, part := range []struct {
		what string
		same bool
	}{
		{"numbers of contributions", theirs.Valid == sums.Valid && theirs.Owners == sums.Owners && theirs.Rows == sums.Rows},
		{"seats", slices.Equal(theirs.Operators, sums.Operators)},
		{"commitments", slices.EqualFunc(theirs.Commitments, sums.Commitments, bytes.Equal)},
		{"inputs", bytes.Equal(theirs.Input, sums.Input)},
		{"reader's keys", bytes.Equal(theirs.ReaderKey, sums.ReaderKey)},
		{"sums", same(&theirs, &sums)},
	} {
		if !part.same {
			return w.differs(node, fmt.Sprintf("%s of round %d", part.what, sums.Round))
		}
	}
	return nil
}

// compareContributions compares what owners have attested in a job of direct
// delivery that is over.
func (w witness) compareContributions(ctx context.Context, node string, job types.Job, contributions []types.Contribution) error {
	ctx, cancel := context.WithTimeout(ctx, witnessTimeout)
	defer cancel()
	if err := w.compareJob(ctx, node, job); err != nil {
		return err
	}
	theirs, err := w.chain.Contributions(ctx, job.Id)
	if err != nil {
		return w.behind("%s", err)
	}
	equal := slices.EqualFunc(theirs, contributions, func(a, b types.Contribution) bool {
		return a.Owner == b.Owner && same(&a.Attestation, &b.Attestation)
	})
	if !equal {
		return w.differs(node, "contributions to job "+job.Id)
	}
	return nil
}
