package worker

import (
	"context"
	"errors"
	"sync"
)

// checkEvery is how many blocks lie between the heights at which the records' files are checked.
const checkEvery = 1000

// CheckFunc compares a record's file with the record. (*Computer).CheckFile is one.
type CheckFunc func(ctx context.Context, l Candidate) error

// files knows which records rest because their files are missing or changed. A record begins or ends to rest at fixed heights, each
// 1,000th, by a check that was begun at the one before. So a job does not learn what became of a file when.
//
// In a job without noise, in which an empty vector would leave the owner out of an exact sum, a record whose run found the file missing or
// changed takes no part until the next of these heights.
type files struct {
	memory *memory
	check  CheckFunc

	epoch  int64 // of the last block, in units of checkEvery; -1 before the first
	mu     sync.Mutex
	found  map[string]error // by record, in this epoch
	active sync.WaitGroup
	stop   context.CancelFunc
}

// jobOfFiles stands for the job in the journal's entries about files. Jobs have ids of hexadecimal digits.
const jobOfFiles = "files"

func fileKey(record string) Key { return Key{Job: jobOfFiles, Record: record} }

func newFiles(m *memory, check CheckFunc) *files {
	return &files{memory: m, check: check, epoch: -1, found: map[string]error{}, stop: func() {}}
}

// rests reports whether a record takes no part in a job.
func (f *files) rests(record string, noised bool) bool {
	switch f.memory.state(fileKey(record)).Stage {
	case StageResting:
		return true
	case StageFailed:
		return !noised
	}
	return false
}

// failed records that a run has found a file missing or changed.
func (f *files) failed(record string) error {
	if f.memory.state(fileKey(record)).Stage == StageResting {
		return nil
	}
	return f.memory.append(Entry{Key: fileKey(record), Stage: StageFailed, Reason: reasonResting})
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
	f.found = map[string]error{}
	for _, c := range records {
		if err := f.judge(c.Record.Id, found); err != nil {
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
			f.found[c.Record.Id] = err
			f.mu.Unlock()
		}
	})
	return nil
}

// judge has a record rest or not, by the check that was begun at the last fixed height and the runs since.
func (f *files) judge(record string, found map[string]error) error {
	before := f.memory.state(fileKey(record)).Stage
	err, checked := found[record]
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
		f.memory.log.Warn("the record rests", "record", record, "reason", reasonResting)
		f.memory.details.Warn("the record rests", "record", record, "error", errors.Join(errFile, err))
	} else {
		f.memory.log.Info("the record takes part again", "record", record)
	}
	return f.memory.append(Entry{Key: fileKey(record), Stage: now, Reason: reasonResting})
}

// end stops the checks.
func (f *files) end() {
	f.stop()
	f.active.Wait()
}
