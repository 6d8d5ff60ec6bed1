package worker

import (
	"time"

	"github.com/alita-network/alita/node/chain"
)

// A worker sends what it has computed at a height that is drawn before the file is opened, from public facts and a secret alone. So
// neither whether it sends nor when tells anything about the rows.
const (
	// Block is the shortest time between two blocks that heights are planned with.
	Block = 500 * time.Millisecond
	// slack is how many times longer than expected a run may take until it is late.
	slack = 4
	// dearest is how much longer still operations may take that all wait for the memory. A late run shows, so every run has the time for that.
	dearest = 8
	// margin is how many blocks the last height lies before the end of the window, so that a message can be sent again.
	margin = 3
	// minSpread and maxSpread bound the blocks over which heights are drawn, if the window has room for them.
	minSpread, maxSpread = 2, 8
)

// Speed is what this machine does in the time of a Block. It is measured once and does not change with what runs take.
type Speed struct {
	Operations uint64 `json:"operations_per_block"` // of a program
	Cells      uint64 `json:"cells_per_block"`      // of a file, read and hashed
	Code       uint64 `json:"code_per_block"`       // bytes of a program, compiled
	// Start is what every run takes in addition, in thousandths of a Block.
	Start uint64 `json:"start_thousandths"`
}

// slowest is the speed of a worker whose machine was not measured.
var slowest = Speed{Operations: 50_000_000, Cells: 100_000, Code: 64 << 10, Start: 250}

// thousandths is how long a run may take, in thousandths of a Block, if every operation is of the dearest. It depends on public facts alone.
func (s Speed) thousandths(c Candidate, operations uint64, code int) uint64 {
	rows, columns := c.Version.Content.Commitment.Rows, uint64(max(1, len(c.Version.Content.Columns)))
	return slack * (part(min(operations, 1<<50)*dearest, s.Operations) + part(rows*columns, s.Cells) + part(uint64(code), s.Code) + s.Start)
}

// part is n / perBlock in thousandths, rounded up. Counts beyond 2^54 are no run's.
func part(n, perBlock uint64) uint64 {
	if perBlock == 0 {
		return 0
	}
	return min(n, 1<<53)*1000/perBlock + 1
}

// schedule is the plan of the runs, one after the other, as if each took as long as it may.
type schedule struct{ free uint64 } // when the last of them may end, in thousandths of a block

// add plans a run and returns the first height at which it has ended for certain.
func (s *schedule) add(height int64, thousandths uint64) int64 {
	s.free = max(s.free, uint64(height)*1000) + thousandths
	return int64((s.free+999)/1000) + 1
}

// earliest is what add would return.
func (s schedule) earliest(height int64, thousandths uint64) int64 { return s.add(height, thousandths) }

// due draws the height at which a vector is sent to an attempt of a job. It declines if the window has no room for it.
func (v *view) due(shares Sharer, k Key, secret []byte, job chain.Job, earliest int64) (Due, *Decline, error) {
	last := job.DeadlineHeight - margin
	if earliest > last {
		return Due{}, final("window for contributions: expected a last block of at least %d, so that every run ends within it, got %d",
			earliest+margin, job.DeadlineHeight), nil
	}
	spread := min(max(earliest-v.at.Height-1, minSpread), maxSpread, max((last-v.at.Height)/4, 0), last-earliest)
	n, err := shares.Draw(k, secret, job.Attempt, uint64(spread)+1)
	if err != nil {
		return Due{}, nil, err
	}
	return Due{Attempt: job.Attempt, Height: earliest + int64(n)}, nil, nil
}
