// Package journal is the memory of a process that may be killed at any time. It is a file of entries, each on its own line
// with a checksum. An entry is flushed to the disk before the process does what it announces. The last entry of a key is the
// state of the key.
package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
)

// Errors of this package, matched with errors.Is.
var (
	ErrJournal = errors.New("journal")
	ErrLocked  = errors.New("another process uses this journal")
)

// Format says what the entries of a journal are.
type Format[K comparable, E any] struct {
	// Key returns the subject of an entry, or an error if it is no entry.
	Key func(E) (K, error)
	// Compare orders the entries of a file that is written again.
	Compare func(a, b K) int
	// Keep returns the part of a key's last entry that is still needed when a journal is opened; false drops the entry.
	Keep func(E) (E, bool)
	// Damaged ends the error about a line that cannot be read. It says what to do, and what that costs.
	Damaged string
}

// Journal is an append-only file of entries. After a crash it holds every entry that Append acknowledged; an incomplete
// last line is cut off. It is locked against a second process. It may be used from several goroutines.
type Journal[K comparable, E any] struct {
	format Format[K, E]
	path   string

	mu     sync.Mutex
	file   *os.File
	lock   io.Closer
	states map[K]E
	broken error
}

// Open opens or creates the journal, with mode 0600, and leaves out entries that later ones have replaced.
func Open[K comparable, E any](path string, format Format[K, E]) (*Journal[K, E], error) {
	lock, err := Lock(path + ".lock")
	if err != nil {
		return nil, err
	}
	j := &Journal[K, E]{format: format, path: path, lock: lock}
	if err := j.open(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return j, nil
}

func (j *Journal[K, E]) open() error {
	if err := removeLeftovers(j.path); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	read, err := j.format.read(j.path)
	if err != nil {
		return err
	}
	if read.torn {
		if err := truncate(j.path, read.size); err != nil {
			return fmt.Errorf("%w: %w", ErrJournal, err)
		}
	}
	j.states = read.states
	if read.lines > len(read.states) {
		return j.rewrite(j.format.Keep)
	}
	return j.reopen()
}

func (j *Journal[K, E]) reopen() (err error) {
	if j.file, err = os.OpenFile(j.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	if err := syncDir(j.path); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	return nil
}

// Read returns the states of a journal in their order. It takes no lock and does not change the file, so it can be used while
// a process uses the journal. A file that does not exist has no states.
func Read[K comparable, E any](path string, format Format[K, E]) ([]E, error) {
	read, err := format.read(path)
	if err != nil {
		return nil, err
	}
	return format.sorted(read.states), nil
}

// contents are the lines of a file.
type contents[K comparable, E any] struct {
	states map[K]E
	lines  int
	size   int64 // of the complete lines, in bytes
	torn   bool  // a part of a line follows
}

// read reads all lines except an incomplete last one. A damaged line is an error, because its content is unknown.
func (f Format[K, E]) read(path string) (contents[K, E], error) {
	read := contents[K, E]{states: map[K]E{}}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return read, nil
	}
	if err != nil {
		return read, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	defer func() { _ = file.Close() }()
	r := bufio.NewReader(file)
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			read.torn = len(line) > 0
			return read, nil
		}
		if err != nil {
			return read, fmt.Errorf("%w: %w", ErrJournal, err)
		}
		k, e, ok := f.decode(line)
		if !ok {
			return read, fmt.Errorf("%w: line %d of %s: expected an entry with its checksum, got a damaged one; %s", ErrJournal, read.lines+1, path, f.Damaged)
		}
		read.states[k] = e
		read.size += int64(len(line))
		read.lines++
	}
}

func (f Format[K, E]) sorted(states map[K]E) []E {
	out := make([]E, 0, len(states))
	for _, k := range slices.SortedFunc(maps.Keys(states), f.Compare) {
		out = append(out, states[k])
	}
	return out
}

// encode is the CRC-32 (IEEE) of the JSON in eight hexadecimal digits, a space, the JSON and a line feed.
func encode[E any](e E) ([]byte, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(body), body), nil
}

func (f Format[K, E]) decode(line []byte) (k K, e E, ok bool) {
	line = bytes.TrimSuffix(line, []byte("\n"))
	if len(line) < 10 || line[8] != ' ' {
		return k, e, false
	}
	sum, err := strconv.ParseUint(string(line[:8]), 16, 32)
	if err != nil || uint32(sum) != crc32.ChecksumIEEE(line[9:]) {
		return k, e, false
	}
	if err := json.Unmarshal(line[9:], &e); err != nil {
		return k, e, false
	}
	k, err = f.Key(e)
	return k, e, err == nil
}

// Append records a new state. If it fails, the journal refuses everything after it: nobody may act on what was not recorded.
func (j *Journal[K, E]) Append(e E) error {
	k, err := j.format.Key(e)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	line, err := encode(e)
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
	j.states[k] = e
	return nil
}

// State is the last entry of a key.
func (j *Journal[K, E]) State(k K) (E, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.states[k]
	return e, ok
}

// States are the last entries of all keys in their order.
func (j *Journal[K, E]) States() []E {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.format.sorted(j.states)
}

// Rewrite replaces the journal by a file with the states that keep returns, and overwrites the old file with zeros. A crash
// leaves the old states or the new ones; the next Open overwrites the rest of the other file. Copies of the old bytes that the
// disk itself keeps are out of reach.
func (j *Journal[K, E]) Rewrite(keep func(E) (E, bool)) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return j.broken
	}
	if err := errors.Join(j.file.Close(), j.rewrite(keep)); err != nil {
		j.broken = err
		if !errors.Is(err, ErrJournal) {
			j.broken = fmt.Errorf("%w: %w", ErrJournal, err)
		}
		return j.broken
	}
	return nil
}

// Suffixes of the files that exist while a journal is rewritten.
const (
	newSuffix = ".new"
	oldSuffix = ".old"
)

func (j *Journal[K, E]) rewrite(keep func(E) (E, bool)) error {
	states := make(map[K]E, len(j.states))
	for k, e := range j.states {
		if e, ok := keep(e); ok {
			states[k] = e
		}
	}
	if err := j.replace(j.format.sorted(states)); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	j.states = states
	return j.reopen()
}

func (j *Journal[K, E]) replace(entries []E) error {
	f, err := os.OpenFile(j.path+newSuffix, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, e := range entries {
		line, err := encode(e)
		if err == nil {
			_, err = w.Write(line)
		}
		if err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if err := errors.Join(w.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	old, err := os.OpenFile(j.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	// The old file keeps a second name until it is overwritten, so that it is found after a crash. Not every file system has links.
	_ = os.Link(j.path, j.path+oldSuffix)
	if err := errors.Join(os.Rename(j.path+newSuffix, j.path), syncDir(j.path)); err != nil {
		return errors.Join(err, old.Close())
	}
	if err := overwrite(old); err != nil {
		return err
	}
	if err := os.Remove(j.path + oldSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return syncDir(j.path)
}

// removeLeftovers overwrites and removes what a crash has left next to a journal: the file that it has replaced, or a file that
// never replaced it.
func removeLeftovers(path string) error {
	present, err := os.Stat(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, name := range []string{path + newSuffix, path + oldSuffix} {
		info, err := os.Lstat(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		// Before the replacement both names belong to the journal itself.
		if present == nil || !os.SameFile(present, info) {
			f, err := os.OpenFile(name, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			if err := overwrite(f); err != nil {
				return err
			}
		}
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return syncDir(path)
}

// overwrite overwrites a file with zeros and closes it.
func overwrite(f *os.File) error {
	info, err := f.Stat()
	if err == nil {
		_, err = io.CopyN(f, zeros{}, info.Size())
	}
	return errors.Join(err, f.Sync(), f.Close())
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func truncate(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Sync(), f.Close())
}

// Close releases the file and the lock.
func (j *Journal[K, E]) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken == nil {
		j.broken = fmt.Errorf("%w: expected an open one, got a closed one", ErrJournal)
	}
	err := j.file.Close()
	if errors.Is(err, os.ErrClosed) { // a rewrite has failed
		err = nil
	}
	return errors.Join(err, j.lock.Close())
}

// syncDir makes the names in the folder of a file durable.
func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
