package worker_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/sandbox"
)

// attack compares what two owners show who differ in a secret, members of a panel or not: that is all that an attacker gets.
func attack(t *testing.T, a, b file, member bool, ask func(w *world)) {
	t.Helper()
	base := hostileFixture(t)
	show := func(of file) string {
		w := newWorld(t, base, of, 3)
		if member {
			w.joinPanel()
		}
		w.gate = make(chan struct{})
		w.start()
		ask(w)
		w.closer()
		require.NotEmpty(t, w.s.taken, "it contributes")
		return w.rec.all(t)
	}
	requireEqualTranscripts(t, b.name, show(a), show(b))
}

// Bisection of the range of a job's values tells nothing about an owner's largest one.
func TestAttackRangeOracle(t *testing.T) {
	attack(t, file{name: "largest 500", cell: onRow(4, "500")}, file{name: "largest 900", cell: onRow(4, "900")}, true, func(w *world) {
		for w.bits = 6; w.bits <= 10; w.bits++ {
			w.ask(overPanel)
		}
	})
}

// The decimals of a job tell nothing about the finest value.
func TestAttackDecimalsOracle(t *testing.T) {
	attack(t, file{name: "whole", cell: fits}, file{name: "finer", cell: onRow(4, "5.0625")}, true, func(w *world) {
		for w.decimals = range uint8(5) {
			w.ask(overPanel)
		}
	})
}

// A program that traps, loops or fails on a value tells nothing about who has it.
func TestAttackTrapOracle(t *testing.T) {
	for _, of := range readable[5:] {
		t.Run(of.name, func(t *testing.T) {
			for member, kinds := range map[bool][]kind{false: repeat(4, noisy, direct), true: repeat(6, overPanel, noisy, noisyOverPanel)} {
				attack(t, readable[0], of, member, func(w *world) {
					for _, k := range kinds {
						w.ask(k)
					}
				})
			}
		})
	}
}

// How long a run takes tells nothing: the worlds' runs end at different blocks, and one of them not at all.
func TestAttackTimingOracle(t *testing.T) {
	slow := readable[0]
	slow.name = "fits, by another pace of runs"
	attack(t, readable[0], slow, false, func(w *world) {
		for range 6 {
			w.ask(noisy)
		}
	})
	// Late: the run never ends, and the vector of an empty record is sent at the height that was drawn.
	attack(t, readable[0], file{name: "a run that never ends", cell: fits, never: true}, false, func(w *world) {
		for range 6 {
			w.ask(noisy)
		}
	})
}

// A job whose window closes at once, full of its payer's own accounts, and begins again while the first run may still be in progress, does not
// learn how long that run took: neither by what is sent nor by when.
func TestAttackSecondAttemptTimingOracle(t *testing.T) {
	base := hostileFixture(t)
	show := func(k kind, ends int) (string, []byte) {
		w := newWorld(t, base, readable[0], 5)
		w.takes = 9
		w.gate = make(chan struct{})
		if k.overPanels() {
			w.joinPanel()
		}
		w.start()
		job := w.job(k)
		first := w.s.height
		look := func() {
			if w.s.height == first+int64(ends) {
				close(w.gate)
			}
			w.look(w.s.height >= first+int64(ends))
		}
		for attempt := uint32(1); attempt <= 3; attempt++ {
			job.Attempt, job.DeadlineHeight = attempt, w.s.height+40
			w.open(job, k)
			look()
			if attempt == 3 {
				break
			}
			w.s.with(func() { w.s.job.Status = chain.JobSeating })
			look()
		}
		require.Empty(t, w.s.taken, "the planned end of the run is still to come")
		for range 40 {
			look()
		}
		w.closer()
		require.Equal(t, 1, w.s.taken[typeContribute])
		raw, err := gogoproto.Marshal(w.s.shared)
		require.NoError(t, err)
		return w.rec.all(t), raw
	}
	for _, k := range []kind{noisy, overPanel} {
		wantText, wantShares := show(k, 0)
		for _, ends := range []int{1, 4, 8} {
			text, shares := show(k, ends)
			requireEqualTranscripts(t, fmt.Sprint("a run of blocks ", ends), wantText, text)
			require.True(t, bytes.Equal(wantShares, shares), "the shares are of another vector")
		}
	}
}

// A program whose operations all wait for the memory on some rows tells nothing in a short window either: the run would be late, and its vector the one
// of an empty record. So a window without room for the longest run is declined.
func TestAttackLateRunInAShortWindow(t *testing.T) {
	base := hostileFixture(t)
	show := func(window int64, ends int) (string, []byte) {
		w := newWorld(t, base, readable[0], 7)
		w.speed = 1 + hostileRow*fileRows // the run takes 4 blocks if its operations are as dear as measured, and 32 if all are the dearest
		w.gate = make(chan struct{})
		w.start()
		job := w.job(noisy)
		first := w.s.height
		job.DeadlineHeight = first + window
		w.open(job, noisy)
		for w.s.height < job.DeadlineHeight {
			if w.s.height == first+int64(ends) {
				close(w.gate)
			}
			w.look(w.s.height >= first+int64(ends))
		}
		w.closer()
		if w.s.shared == nil {
			return w.rec.all(t), nil
		}
		raw, err := gogoproto.Marshal(w.s.shared)
		require.NoError(t, err)
		return w.rec.all(t), raw
	}
	for _, window := range []int64{20, 60} {
		wantText, wantShares := show(window, 0)
		text, shares := show(window, 16)
		requireEqualTranscripts(t, fmt.Sprintf("a run of 16 blocks in a window of %d", window), wantText, text)
		require.True(t, bytes.Equal(wantShares, shares), "the shares are of another vector")
		require.Equal(t, window == 60, wantShares != nil)
	}
}

// A run that is stopped by --max-run or takes the engine down tells nothing in a job with noise: the vector of an empty record is sent for it.
func TestAttackMaxRunOracle(t *testing.T) {
	base := hostileFixture(t)
	show := func(spoil func(), err error) string {
		w := newWorld(t, base, readable[0], 6)
		w.spoil, w.runError = spoil, err
		w.gate = make(chan struct{})
		w.start()
		for range 4 {
			w.ask(noisy)
		}
		w.closer()
		require.NotEmpty(t, w.s.taken, "it contributes")
		return w.rec.all(t)
	}
	want := show(nil, nil)
	requireEqualTranscripts(t, "stopped", want, show(func() {}, context.DeadlineExceeded))
	requireEqualTranscripts(t, "a panic", want, show(func() { panic("engine") }, nil))
}

// oneBatch is one batch of rows.
type oneBatch struct {
	values []int64
	valid  []byte
	ended  bool
}

func (*oneBatch) Columns() int { return 1 }

func (b *oneBatch) Next(context.Context) (sandbox.Batch, error) {
	if b.ended {
		return sandbox.Batch{}, io.EOF
	}
	b.ended = true
	return sandbox.Batch{Rows: len(b.values), Columns: []sandbox.Column{{Values: b.values, Valid: b.valid}}}, nil
}
