package consumer

import (
	"context"
	"math/big"
	"time"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/x/compute/types"
)

// Run is a job that was opened from this machine. It is used by one goroutine.
type Run struct {
	chain chain
	// node is the name of the chain's node, witnesses are compared with it.
	node      string
	witnesses []witness
	home      string
	// proved means that the chain answers only what its state proves.
	proved bool
	saved  *savedRun
	every  time.Duration
	on     func(Event)

	openedHeight int64
	job          types.Job
	session      analysis.Session
	program      types.Program
	// advanced is how many rounds the session knows. Owners and sum are the last one's.
	advanced uint32
	owners   uint32
	sum      []*big.Int
	// direct are the vectors that owners have delivered to a job of direct delivery.
	direct delivered
	// stuck says why the session can ask no further.
	stuck error

	sending sending
}

// newRun makes a run that follows a job on a chain.
func newRun(c chain, home string, saved *savedRun) (*Run, error) {
	session, err := saved.Question.Session()
	if err != nil {
		return nil, err
	}
	return &Run{chain: c, node: "the node", home: home, saved: saved, every: pollEvery, session: session}, nil
}

// Resume returns a run that was opened here and has not been forgotten. It goes on
// wherever the job stands.
func (c *Client) Resume(ctx context.Context, jobID string) (*Run, error) {
	saved, err := loadRun(c.Home, jobID)
	if err != nil {
		return nil, err
	}
	if err := c.Check(ctx); err != nil {
		return nil, err
	}
	return c.run(&saved)
}

// JobID is the job's id.
func (r *Run) JobID() string { return r.saved.JobID }

// OpenedHeight is the block that opened the job; 0 for a run that was resumed.
func (r *Run) OpenedHeight() int64 { return r.openedHeight }

// Bill says what the job has cost. It is complete after Follow.
func (r *Run) Bill() Bill {
	rounds := r.saved.Rounds
	if !r.job.IsSecure() {
		rounds = []roundBill{billOfRound(r.job, r.direct.contributions)}
	}
	return newBill(r.job, rounds)
}

// Forget deletes the reader's keys, if the chain has proved that the job is over. Nobody can read the answer from then on. If that
// is only a node's word, the keys are kept in the file that is returned.
func (r *Run) Forget() (kept string, err error) {
	if r.proved && r.job.Id == r.JobID() && !r.job.Open() {
		return "", forgetRun(r.home, r.JobID())
	}
	return asideFile(r.home, r.JobID()), setAsideRun(r.home, r.JobID())
}

func (r *Run) report(e Event) {
	if r.on != nil {
		r.on(e)
	}
}
