package worker

import (
	"log/slog"
	"maps"
	"time"
)

// memory is what a worker remembers of records in jobs: the journal for ever, and in this process the keys that it need not
// look at again. It logs what is new.
type memory struct {
	journal  *Journal
	log      *slog.Logger // leaves the machine: nothing in it depends on rows
	details  *slog.Logger // a file of the owner's
	declined map[Key]bool // for good, as long as this process lives
	counts   counts
	erase    bool // the journal's file has vectors or secrets that are not needed any more
}

// counts are the figures of the health line.
type counts struct{ contributed, delivered, paid, declined uint64 }

func newMemory(cfg *Config) *memory {
	return &memory{journal: cfg.Journal, log: cfg.Log, details: cfg.Details, declined: map[Key]bool{}}
}

// state is the last entry of a key; its stage is empty if there is none.
func (m *memory) state(k Key) Entry {
	e, _ := m.journal.State(k)
	e.Key = k
	return e
}

// append records an entry. It is on the disk when this returns.
func (m *memory) append(e Entry) error {
	e.Time = time.Now().UTC().Truncate(time.Second)
	if e.Bound.Attempt == 0 {
		e.Bound = m.state(e.Key).Bound // what was shared and said stays so
	}
	return m.journal.Append(e)
}

// begin records that a run begins. The runner's goroutine calls it.
func (m *memory) begin(k Key) error {
	e := m.state(k)
	if e.Stage != StageAccepted {
		return errCrash // it was given up meanwhile
	}
	e.Stage = StageStarted
	return m.append(e)
}

// clean erases vectors and secrets that are not needed any more from the journal's file.
func (m *memory) clean() error {
	if !m.erase {
		return nil
	}
	m.erase = false
	return m.journal.Erase()
}

// decline records that a worker takes no part, and logs each reason once for a key, over restarts too.
func (m *memory) decline(k Key, d Decline) error {
	if d.Final {
		m.declined[k] = true
	}
	if e := m.state(k); e.Stage == StageDeclined && e.Reason == d.Reason {
		return nil
	}
	m.erase = m.erase || len(m.state(k).Secret) > 0
	m.counts.declined++
	m.log.Info("declined", "job", k.Job, "record", k.Record, "reason", d.Reason)
	return m.append(Entry{Key: k, Stage: StageDeclined, Reason: d.Reason})
}

// forgetDeclined drops the keys that are not open.
func (m *memory) forgetDeclined(open map[Key]bool) {
	maps.DeleteFunc(m.declined, func(k Key, _ bool) bool { return !open[k] })
}

// finish records the end of a record's part in a job. Of its vector only the figures stay.
func (m *memory) finish(e Entry, reason string) error {
	if reason != paid {
		m.log.Info("finished", "job", e.Job, "record", e.Record, "reason", reason)
	}
	m.erase = true
	return m.append(Entry{
		Key: e.Key, Stage: StageFinished, TxHash: e.TxHash, Reason: reason,
		Vector: Vector{Version: e.Version, Rows: e.Rows, Operations: e.Operations},
	})
}

// paid is the reason of an entry whose contribution was paid. It has a line of its own in the log.
const paid = "paid"
