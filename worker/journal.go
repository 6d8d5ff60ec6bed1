package worker

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"time"
)

// Errors of the journal.
var (
	ErrJournal       = errors.New("journal")
	ErrJournalLocked = errors.New("another worker uses this journal")
)

// Stage is how far a worker has come with a record in a job.
type Stage string

// The stages in their order. Declined and Finished are final; a declined job is looked at again by a worker that
// is started anew, since its owner may have changed the policy or the file.
const (
	StageStarted     Stage = "started"     // the program was started
	StagePrepared    Stage = "prepared"    // the vector is sealed; the attestation may have been sent, in a secure sum for the attempt Seating
	StageContributed Stage = "contributed" // the chain holds the attestation
	StageDelivered   Stage = "delivered"   // the chain holds the sealed vector
	StageFinished    Stage = "finished"    // the job has ended for this record
	StageDeclined    Stage = "declined"    // the worker takes no part; Reason says why
)

// Key names a record in a job, and the round where the job is a secure sum.
type Key struct {
	Job    string `json:"job"`
	Record string `json:"record"`
	Round  uint32 `json:"round,omitempty"`
}

// Entry is one line of the journal: the state of a Key from then on. It holds ciphertext and counts, never a row,
// a result or a location: a vector is sealed to the job's reader, or, in a secure sum, to this worker itself.
type Entry struct {
	Key
	Stage      Stage     `json:"stage"`
	Time       time.Time `json:"time"`
	Attempt    int       `json:"attempt,omitempty"` // runs started so far
	Version    string    `json:"version,omitempty"`
	RowRoot    []byte    `json:"row_root,omitempty"`
	Rows       uint64    `json:"rows,omitempty"`
	Operations uint64    `json:"operations,omitempty"`
	Enc        []byte    `json:"enc,omitempty"`
	Ciphertext []byte    `json:"ciphertext,omitempty"`
	Seating    uint32    `json:"seating,omitempty"`    // attempt of the round for whose seats the vector was shared last
	Commitment []byte    `json:"commitment,omitempty"` // hash of those shares
	TxHash     string    `json:"tx,omitempty"`
	Reason     string    `json:"reason,omitempty"`
}

// Journal is an append-only file of entries, each on its own line with a checksum and flushed to the disk before
// Append returns. After a crash it holds every entry that Append acknowledged; a last line that was torn is cut off.
// It is locked against a second worker. It may be used from several goroutines.
type Journal struct {
	mu     sync.Mutex
	file   *os.File
	lock   io.Closer
	states map[Key]Entry
	broken error
}

// OpenJournal opens or creates the journal and leaves out what later entries have overtaken.
func OpenJournal(path string) (*Journal, error) {
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	j := &Journal{lock: lock, states: map[Key]Entry{}}
	if err := j.open(path); err != nil {
		_ = lock.Close()
		return nil, err
	}
	return j, nil
}

func (j *Journal) open(path string) error {
	lines, err := j.load(path)
	if err != nil {
		return err
	}
	if lines > len(j.states) {
		if err := j.compact(path); err != nil {
			return fmt.Errorf("%w: %w", ErrJournal, err)
		}
	}
	j.file, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	return syncDir(filepath.Dir(path))
}

// load reads all lines and cuts a torn last one off. A damaged line before the last is an error, because what it
// said is unknown.
func (j *Journal) load(path string) (lines int, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	defer func() { _ = f.Close() }()
	r := bufio.NewReader(f)
	var good int64
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			if len(line) == 0 {
				return lines, nil
			}
			return lines, errors.Join(f.Truncate(good), f.Sync())
		}
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrJournal, err)
		}
		e, ok := decodeEntry(line)
		if !ok {
			return 0, fmt.Errorf("%w: line %d is damaged; move the file away to start anew: contributions stay on the chain, vectors that were not delivered are lost",
				ErrJournal, lines+1)
		}
		j.states[e.Key] = e
		good += int64(len(line))
		lines++
	}
}

// compact replaces the file by one line for each key. Vectors that will not be needed any more are dropped.
func (j *Journal) compact(path string) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".journal-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	w := bufio.NewWriter(tmp)
	for _, k := range j.keys() {
		e := j.states[k]
		if e.Stage == StageFinished || e.Stage == StageDelivered {
			e.Enc, e.Ciphertext = nil, nil
			j.states[k] = e
		}
		line, err := encodeEntry(e)
		if err != nil {
			return err
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	if err := errors.Join(w.Flush(), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// Append records a new state. If it fails the journal refuses everything after it: what was not recorded must
// not be acted on.
func (j *Journal) Append(e Entry) error {
	line, err := encodeEntry(e)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return j.broken
	}
	_, err = j.file.Write(line)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		j.broken = fmt.Errorf("%w: %w", ErrJournal, err)
		return j.broken
	}
	j.states[e.Key] = e
	return nil
}

// State is the last entry of a key.
func (j *Journal) State(k Key) (Entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.states[k]
	return e, ok
}

// Pending are the last entries of all keys that still need something: prepared, contributed or delivered.
func (j *Journal) Pending() []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []Entry
	for _, k := range j.keys() {
		switch e := j.states[k]; e.Stage {
		case StagePrepared, StageContributed, StageDelivered:
			out = append(out, e)
		}
	}
	return out
}

// Close releases the file and the lock.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken == nil {
		j.broken = fmt.Errorf("%w: closed", ErrJournal)
	}
	return errors.Join(j.file.Close(), j.lock.Close())
}

func (j *Journal) keys() []Key {
	keys := make([]Key, 0, len(j.states))
	for k := range j.states {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(a, b int) bool {
		if keys[a].Job != keys[b].Job {
			return keys[a].Job < keys[b].Job
		}
		if keys[a].Record != keys[b].Record {
			return keys[a].Record < keys[b].Record
		}
		return keys[a].Round < keys[b].Round
	})
	return keys
}

// encodeEntry is the CRC-32 (IEEE) of the JSON in eight hexadecimal digits, a space, the JSON and a line feed.
func encodeEntry(e Entry) ([]byte, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(body), body), nil
}

func decodeEntry(line []byte) (Entry, bool) {
	line = bytes.TrimSuffix(line, []byte("\n"))
	if len(line) < 10 || line[8] != ' ' {
		return Entry{}, false
	}
	sum, err := strconv.ParseUint(string(line[:8]), 16, 32)
	if err != nil || uint32(sum) != crc32.ChecksumIEEE(line[9:]) {
		return Entry{}, false
	}
	var e Entry
	if err := json.Unmarshal(line[9:], &e); err != nil || e.Job == "" || e.Record == "" {
		return Entry{}, false
	}
	return e, true
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	return nil
}
