package worker

import (
	"context"
	"errors"
	"sync"

	"github.com/alita-network/alita/node/chain"
)

// checkEvery is how many blocks lie between the heights at which the records' files are checked.
const checkEvery = 1000

// CheckFunc compares a record's file with the record. (*Computer).CheckFile is one.
type CheckFunc func(ctx context.Context, l Candidate) error

// files knows which records rest because their files are missing or changed. A record begins or ends to rest at fixed heights, each
// 1,000th, by a check that was begun at the one before. So a job does not learn what became of a file when.
//
// In an exact job and in one over panels, in which an empty vector would leave the owner out of the sum, a record whose run found the file
// missing or changed takes no part until the next of these heights. What jobs over panels read is judged by itself: it is the content of
// the panel's edition, of which this worker has a copy.
type files struct {
	memory *memory
	check  CheckFunc

	epoch  int64 // of the last block, in units of checkEvery; -1 before the first
	mu     sync.Mutex
	found  map[Key]error // in this epoch
	active sync.WaitGroup
	stop   context.CancelFunc
}

// jobOfFiles and jobOfEditions stand for the job in the journal's entries about files, and about the contents of panels' editions. Jobs
// have ids of hexadecimal digits.
const (
	jobOfFiles    = "files"
	jobOfEditions = "editions"
)

// fileKey names the file of a record that jobs over panels read, or others.
func fileKey(record string, panel bool) Key {
	if panel {
		return Key{Job: jobOfEditions, Record: record}
	}
	return Key{Job: jobOfFiles, Record: record}
}

// ofFiles reports whether an entry is about a file.
func (e Entry) ofFiles() bool { return e.Job == jobOfFiles || e.Job == jobOfEditions }

func newFiles(m *memory, check CheckFunc) *files {
	return &files{memory: m, check: check, epoch: -1, found: map[Key]error{}, stop: func() {}}
}

// rests reports whether a record takes no part in a job.
func (f *files) rests(job chain.Job, record string) bool {
	switch f.memory.state(fileKey(record, job.OverPanels())).Stage {
	case StageResting:
		return true
	case StageFailed:
		return needsWhole(job)
	}
	return false
}

// failed records that a run has found a file missing or changed.
func (f *files) failed(job chain.Job, record string) error {
	key := fileKey(record, job.OverPanels())
	if f.memory.state(key).Stage == StageResting {
		return nil
	}
	return f.memory.append(Entry{Key: key, Stage: StageFailed, Reason: reasonResting})
}

// block does what a block calls for: at each fixed height it goes by the last checks, and begins new ones.
func (f *files) block(ctx context.Context, height int64, records []Candidate) error {
	epoch := height / checkEvery
	last := f.epoch
	f.epoch = epoch
	if last < 0 || epoch <= last {
		return nil
	}
	f.stop() // a check that takes longer says nothing
	f.active.Wait()
	found := f.found
	f.found = map[Key]error{}
	for _, c := range records {
		if err := f.judge(c.fileKey(), found); err != nil {
			return err
		}
	}
	if f.check == nil {
		return nil
	}
	ctx, f.stop = context.WithCancel(ctx)
	f.active.Go(func() {
		for _, c := range records {
			err := f.check(ctx, c)
			if ctx.Err() != nil {
				return
			}
			f.mu.Lock()
			f.found[c.fileKey()] = err
			f.mu.Unlock()
		}
	})
	return nil
}

// judge has a record rest or not, by the check that was begun at the last fixed height and the runs since.
func (f *files) judge(key Key, found map[Key]error) error {
	before := f.memory.state(key).Stage
	err, checked := found[key]
	now := before
	switch {
	case before == StageFailed || err != nil:
		now = StageResting
	case checked:
		now = StageFinished
	}
	if now == before || now == StageFinished && before == "" {
		return nil
	}
	if now == StageResting {
		f.memory.log.Warn("the record rests", "record", key.Record, "reason", reasonResting)
		f.memory.details.Warn("the record rests", "record", key.Record, "error", errors.Join(errFile, err))
	} else {
		f.memory.log.Info("the record takes part again", "record", key.Record)
	}
	return f.memory.append(Entry{Key: key, Stage: now, Reason: reasonResting})
}

// end stops the checks.
func (f *files) end() {
	f.stop()
	f.active.Wait()
}
