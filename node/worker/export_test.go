package worker

import (
	"context"
	"time"
)

// EmptyAfter is the outcome of a run that failed.
func (c *Computer) EmptyAfter(cand Candidate, trouble error) (Outcome, error) {
	return c.empty(cand, 1, trouble)
}

// ForgetColumns is what a block does about columns that are kept.
var ForgetColumns = forgetColumns

// AwaitRuns returns when no run is in progress, so that none is late in a test whose blocks follow each other without a pause.
func (w *Worker) AwaitRuns(ctx context.Context) {
	for ctx.Err() == nil && !w.Idle() {
		time.Sleep(50 * time.Microsecond)
	}
}

// Report is what the health line says.
func (w *Worker) Report() []any { return w.report() }

// SpanOf is how long a run over rows of one column may take, in thousandths of a Block.
func SpanOf(s Speed, rows, operations uint64) uint64 {
	var c Candidate
	c.Version.Content.Commitment.Rows = rows
	return s.thousandths(c, operations, 0)
}
