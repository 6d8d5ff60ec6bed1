package worker

import "context"

// Look looks for a block once, as Run does again and again. With Idle and Stop it is for those who lead a worker block by block, without a clock.
func (w *Worker) Look(ctx context.Context) error { return w.loop.Look(ctx) }

// Idle reports whether no program runs and none waits to. It may be called while one does.
func (w *Worker) Idle() bool {
	w.runner.mu.Lock()
	defer w.runner.mu.Unlock()
	return w.runner.present == nil
}

// Stop ends what goes on next to the loop, as Run does in the end.
func (w *Worker) Stop() error {
	w.files.end()
	w.keeper.end()
	return w.abandon()
}
