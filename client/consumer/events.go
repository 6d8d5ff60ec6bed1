package consumer

import (
	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/x/compute/types"
)

// Event is something that Follow reports: JobSeen, RoundVerified, RoundUnreadable
// or SumDisputed.
type Event interface{ event() }

// JobSeen is a look at the job. It comes twice a second, changed or not.
type JobSeen struct {
	Job types.Job
	// Height is the block at which the job was read; 0 if the node does not say.
	Height int64
}

// RoundVerified is a sum that was opened and verified.
type RoundVerified struct {
	// Number counts from 1.
	Number uint32
	Round  analysis.Round
}

// RoundUnreadable is a verified sum that is no answer of the program: what owners
// have computed makes no sense together. The job ends with what there was before.
type RoundUnreadable struct {
	// Number counts from 1.
	Number uint32
	Err    error
}

// SumDisputed is a seat's sum that does not open its commitment. Its dispute is
// sent next: the seat loses its bond, and the round starts again.
type SumDisputed struct {
	// Seat is its place in the job, from 0, and Operator the validator.
	Seat     int
	Operator string
	// Err says what is wrong with the sum.
	Err error
}

func (JobSeen) event()         {}
func (RoundVerified) event()   {}
func (RoundUnreadable) event() {}
func (SumDisputed) event()     {}
