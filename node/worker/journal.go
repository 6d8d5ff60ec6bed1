package worker

import (
	"cmp"
	"fmt"
	"time"

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
//
// Others see nothing of the first four: whatever becomes of the run, the worker acts at the height that was drawn before.
const (
	StageAccepted    Stage = "accepted"    // the worker takes part; the run has not been started
	StageStarted     Stage = "started"     // the program was started
	StagePrepared    Stage = "prepared"    // the vector is sealed; its attestation may have been sent
	StageFailed      Stage = "failed"      // there is no vector; Reason says why
	StageContributed Stage = "contributed" // the chain holds the attestation
	StageDelivered   Stage = "delivered"   // the chain holds the sealed vector
	StageFinished    Stage = "finished"    // the job has ended for this record
	StageDeclined    Stage = "declined"    // the worker takes no part; Reason says why
	StageResting     Stage = "resting"     // of a record in no job: its file is missing or changed
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
	Due   Due       `json:"due,omitzero"`
	// Secret is random, for this job and round alone, and encrypted under the key file. Shares, noise and heights follow from it and
	// the key file. It is erased when the round is over.
	Secret []byte `json:"secret,omitempty"`
	Vector
	Sharing
	Bound  Binding `json:"bound,omitzero"`
	TxHash string  `json:"tx,omitempty"`
	Reason string  `json:"reason,omitempty"`
}

// Due says when the vector is sent to an attempt.
type Due struct {
	Attempt uint32 `json:"attempt,omitempty"`
	Height  int64  `json:"height,omitempty"`
	// Sent means that the node may have the message.
	Sent bool `json:"sent,omitempty"`
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

// keepEntry drops vectors and secrets that are not needed any more.
func keepEntry(e Entry) (Entry, bool) {
	switch e.Stage {
	case StageFinished, StageDelivered, StageDeclined:
		e.Enc, e.Ciphertext, e.Secret = nil, nil, nil
	}
	return e, true
}

// Erase writes the journal again without the vectors and secrets that are not needed any more. The old file is overwritten.
func (j *Journal) Erase() error { return j.Rewrite(keepEntry) }

// Pending are the last entries of all keys that still need something: from accepted to delivered.
func (j *Journal) Pending() []Entry {
	var out []Entry
	for _, e := range j.States() {
		if e.ofFiles() {
			continue
		}
		switch e.Stage {
		case StageAccepted, StageStarted, StagePrepared, StageFailed, StageContributed, StageDelivered:
			out = append(out, e)
		}
	}
	return out
}

// unsent reports whether the worker takes part and the node cannot have the message yet.
func (e Entry) unsent() bool {
	switch e.Stage {
	case StageAccepted, StageStarted, StagePrepared, StageFailed:
		return !e.Due.Sent
	}
	return false
}
