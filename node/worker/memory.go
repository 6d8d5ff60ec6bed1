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
	log      *slog.Logger
	declined map[Key]bool // for good, as long as this process lives
	counts   counts
}

// counts are the figures of the health line.
type counts struct{ contributed, delivered, paid, declined uint64 }

func newMemory(journal *Journal, log *slog.Logger) *memory {
	return &memory{journal: journal, log: log, declined: map[Key]bool{}}
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

// decline records that a worker takes no part, and logs each reason once for a key, over restarts too.
func (m *memory) decline(k Key, d Decline) error {
	if d.Final {
		m.declined[k] = true
	}
	if e := m.state(k); e.Stage == StageDeclined && e.Reason == d.Reason {
		return nil
	}
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
	return m.append(Entry{
		Key: e.Key, Stage: StageFinished, TxHash: e.TxHash, Reason: reason,
		Vector: Vector{Version: e.Version, Rows: e.Rows, Operations: e.Operations},
	})
}

// paid is the reason of an entry whose contribution was paid. It has a line of its own in the log.
const paid = "paid"
