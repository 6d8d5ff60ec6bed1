package sandbox

import (
	"context"

	"github.com/tetratelabs/wazero/api"
)

// quantum is the number of operations that are granted at a time: some milliseconds of compiled code. Nothing can stop a goroutine in
// compiled code, not even the garbage collector, which then stops everything else. So the code must come back from time to time.
const quantum = 1 << 22

// used returns the operations charged so far: the granted ones minus the counter.
func (r *run) used(counter int64) uint64 { return r.granted - uint64(counter) }

// hostRefill is called by the injected code when the counter is negative. It grants operations up to the limit or ends the run.
func hostRefill(ctx context.Context, r *run, _ api.Memory, stack []uint64) {
	if err := ctx.Err(); err != nil {
		r.stop(err)
	}
	used := r.used(int64(stack[0]))
	if used > r.limit {
		r.stop(ErrOperations)
	}
	r.granted = min(used+quantum, r.limit)
	stack[0] = r.granted - used
}
