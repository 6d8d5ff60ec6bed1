package sandbox

import (
	"context"
	"time"

	"github.com/tetratelabs/wazero/api"
)

// cancelEvery is how often the counter of a cancelled run is set until the run has stopped.
const cancelEvery = time.Millisecond

// stopped is -2^62 as the counter holds it: negative, and it stays so whatever is charged.
const stopped = uint64(3) << 62

// watch makes a compiled run stop when ctx is done, and returns a function that ends the watching once the run has returned and
// gives ctx's error if ctx was done by then.
//
// wazero's own means costs a call out of the machine code in every turn of every loop, 15 times the run time of a
// tight loop. The injected code looks at the counter in every turn anyway, so it is enough to make that negative from outside. The
// program may overwrite it with a value that it had loaded before; therefore the watcher repeats it until the run returns. Nobody
// reads the counter of a cancelled run.
func (s *Sandbox) watch(ctx context.Context, counter api.MutableGlobal) func() error {
	if s.interpreted || ctx.Done() == nil {
		return ctx.Err
	}
	finished, watched := make(chan struct{}), make(chan error)
	go func() {
		select {
		case <-finished:
			watched <- nil
			return
		case <-ctx.Done():
		}
		tick := time.NewTicker(cancelEvery)
		defer tick.Stop()
		for {
			counter.Set(stopped)
			select {
			case <-finished:
				watched <- ctx.Err()
				return
			case <-tick.C:
			}
		}
	}()
	return func() error {
		close(finished)
		return <-watched
	}
}
