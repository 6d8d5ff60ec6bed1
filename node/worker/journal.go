package worker

import (
	"bytes"
	"cmp"
	"fmt"
	"time"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/journal"
)

// Errors of the journal.
var (
	ErrJournal       = journal.ErrJournal
	ErrJournalLocked = journal.ErrLocked
)

// Stage is how far a worker has come with a record in a job.
type Stage string

// The stages in their order. Declined and Finished are final, but a worker that is started again looks at a declined job
// once more, since its owner may have changed the policy or the file.
const (
	StageStarted     Stage = "started"     // the program was started
	StagePrepared    Stage = "prepared"    // the vector is sealed; its attestation may have been sent
	StageContributed Stage = "contributed" // the chain holds the attestation
	StageDelivered   Stage = "delivered"   // the chain holds the sealed vector
	StageFinished    Stage = "finished"    // the job has ended for this record
	StageDeclined    Stage = "declined"    // the worker takes no part; Reason says why
)

// Key names a record in a job and, if the job is a secure sum, a round.
type Key struct {
	Job    string `json:"job"`
	Record string `json:"record"`
	Round  uint32 `json:"round,omitempty"`
}

// Entry is one line of the journal: the state of a Key from then on. It holds ciphertext and counts, never a row, a
// result or a location.
type Entry struct {
	Key
	Stage Stage     `json:"stage"`
	Time  time.Time `json:"time"`
	Runs  int       `json:"attempt,omitempty"` // started so far
	Vector
	Sharing
	Bound  Binding `json:"bound,omitzero"`
	TxHash string  `json:"tx,omitempty"`
	Reason string  `json:"reason,omitempty"`
}

// Vector is the result of a run, sealed to the job's reader or, in a secure sum, to this worker itself.
type Vector struct {
	Version    string `json:"version,omitempty"`  // of the record
	RowRoot    []byte `json:"row_root,omitempty"` // of that version
	Rows       uint64 `json:"rows,omitempty"`
	Operations uint64 `json:"operations,omitempty"`
	Enc        []byte `json:"enc,omitempty"`
	Ciphertext []byte `json:"ciphertext,omitempty"`
}

// Sharing is the last sharing of a vector in a secure sum.
type Sharing struct {
	Attempt    uint32 `json:"seating,omitempty"`    // of the round: its seats
	Commitment []byte `json:"commitment,omitempty"` // hash of the shares
}

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

// Journal is the worker's memory: a file that holds every entry that Append acknowledged. See package node/journal.
type Journal struct {
	*journal.Journal[Key, Entry]
}

// OpenJournal opens or creates the journal and leaves out entries that later ones have replaced.
func OpenJournal(path string) (*Journal, error) {
	j, err := journal.Open(path, journal.Format[Key, Entry]{
		Key: entryKey, Compare: compareKeys, Keep: keepEntry,
		Damaged: "move the file away to start with an empty one: contributions stay on the chain, vectors that were not delivered are lost",
	})
	if err != nil {
		return nil, err
	}
	return &Journal{j}, nil
}

func entryKey(e Entry) (Key, error) {
	if e.Job == "" || e.Record == "" {
		return Key{}, fmt.Errorf("entry: expected a job and a record, got %q and %q", e.Job, e.Record)
	}
	return e.Key, nil
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Job, b.Job), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Round, b.Round))
}

// keepEntry drops vectors that are not needed any more.
func keepEntry(e Entry) (Entry, bool) {
	if e.Stage == StageFinished || e.Stage == StageDelivered {
		e.Enc, e.Ciphertext = nil, nil
	}
	return e, true
}

// Pending are the last entries of all keys that still need something: prepared, contributed or delivered.
func (j *Journal) Pending() []Entry {
	var out []Entry
	for _, e := range j.States() {
		switch e.Stage {
		case StagePrepared, StageContributed, StageDelivered:
			out = append(out, e)
		}
	}
	return out
}
