package worker

import (
	"bytes"
	"errors"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/node/chain"
)

// Binding is what must not be done in two ways in a round, whatever a node says. It goes on from entry to entry of a Key.
type Binding struct {
	Attempt uint32 `json:"attempt,omitempty"` // the newest one for whose seats a vector was shared
	Keys    []byte `json:"keys,omitempty"`    // hash of the keys of these seats
	// Accused is the seat that was accused in this attempt, counted from 1; 0 is none. The accusation gives one share away.
	Accused uint32 `json:"accused,omitempty"`
	// NoFault means that the chain found the accusation wrong: there is no other one.
	NoFault bool `json:"no_fault,omitempty"`
}

// Errors of a Binding.
var (
	errOtherKeys    = errors.New("keys of the seats: expected the ones that this attempt was shared for, got others; with two sets of keys a vector could be read")
	errPastAttempt  = errors.New("attempt: expected the one that was shared for last, or a later one, got an earlier one")
	errOtherAccused = errors.New("accusation: expected the seat that was accused in this attempt, got another one; two of them would give two shares away")
)

// of returns the binding to the present attempt of a job and the keys of its seats. The errors are errOtherKeys and
// errPastAttempt.
func (b Binding) of(job chain.Job) (Binding, error) {
	parts := make([][]byte, len(job.Seats))
	for i, s := range job.Seats {
		parts[i] = s.Key
	}
	hash := label.Hash("alita/worker/seat-keys/v1", parts...)
	switch {
	case job.Attempt < b.Attempt:
		return b, errPastAttempt
	case job.Attempt > b.Attempt:
		return Binding{Attempt: job.Attempt, Keys: hash[:]}, nil
	case !bytes.Equal(b.Keys, hash[:]):
		return b, errOtherKeys
	}
	return b, nil
}

// accuse returns the binding to an accusation of a seat. The error is errOtherAccused.
func (b Binding) accuse(seat uint32) (Binding, error) {
	if b.NoFault || b.Accused != 0 && b.Accused != seat+1 {
		return b, errOtherAccused
	}
	b.Accused = seat + 1
	return b, nil
}
