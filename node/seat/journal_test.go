package seat_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/journal"
	"github.com/alita-network/alita/node/seat"
)

// A chain that is set back and goes on under the same name gets no other answer in an attempt that was answered, neither from the
// process that answered nor from one that has started since. What it comes to later is answered.
func TestSeatOnAChainThatIsSetBack(t *testing.T) {
	for _, restart := range []bool{false, true} {
		for name, tc := range map[string]struct {
			before func(l *ledger, s *seat.Seat)
			after  func(l *ledger)
			want   map[string]int // taken after it was set back
			says   string
		}{
			"judged": {
				before: func(l *ledger, s *seat.Seat) { steps(t, s, 1) },
				after:  func(l *ledger) { l.fork = "another"; l.contribute(3, nil); l.othersPrepare() },
				want:   map[string]int{},
				says:   "expected the one that it has judged under",
			},
			"opened": {
				before: func(l *ledger, s *seat.Seat) { steps(t, s, 4); require.NotNil(l.t, l.opened) },
				after:  func(l *ledger) { l.fork = "another"; l.contribute(2, nil); l.othersPrepare() },
				want:   map[string]int{},
				says:   "expected the one that it has judged under",
			},
			"opened, then to less contributions under the same verify_key": {
				before: func(l *ledger, s *seat.Seat) { steps(t, s, 4); require.NotNil(l.t, l.opened) },
				after:  func(l *ledger) { l.contribute(2, nil); l.othersPrepare() },
				want:   map[string]int{"MsgPrepare": 1},
				says:   "expected the one that it has opened",
			},
			"judged, then to other shares under the same verify_key": {
				before: func(l *ledger, s *seat.Seat) { steps(t, s, 1) },
				after:  func(l *ledger) { l.owners = nil; l.contribute(3, nil); l.othersPrepare() },
				want:   map[string]int{"MsgPrepare": 1, "MsgOpenSum": 1},
			},
			"opened, then to another reader": {
				before: func(l *ledger, s *seat.Seat) { steps(t, s, 4); require.NotNil(l.t, l.opened) },
				after: func(l *ledger) {
					l.reader = testKey("another reader")
					l.job.Spec.ReaderKey = l.reader.Public().Bytes()
					l.contribute(3, nil)
					l.othersPrepare()
				},
				want: map[string]int{"MsgPrepare": 1},
				says: "and the same reader, got another",
			},
			"opened, then the same again": {
				before: func(l *ledger, s *seat.Seat) { steps(t, s, 4); require.NotNil(l.t, l.opened) },
				after:  func(l *ledger) { l.contribute(3, nil); l.othersPrepare() },
				want:   map[string]int{"MsgPrepare": 1, "MsgOpenSum": 1},
			},
			"over": {
				before: func(l *ledger, s *seat.Seat) {
					l.job.Status = chain.JobSettled
					steps(t, s, 102)
					require.Empty(l.t, l.journal.Jobs())
				},
				after: func(l *ledger) {
					l.job.Status, l.job.Seats[mine].Status, l.job.Seats[mine].Key = chain.JobSeating, chain.SeatDrawn, nil
				},
				want: map[string]int{},
				says: "the key for this job was erased",
			},
		} {
			t.Run(fmt.Sprint(name, ", restart ", restart), func(t *testing.T) {
				l := newLedger(t)
				l.height = 50
				var log bytes.Buffer
				s := newSeat(t, l, &log)
				steps(t, s, 1)
				l.contribute(3, nil)
				l.othersPrepare()
				tc.before(l, s)
				if restart {
					s = newSeat(t, l, &log)
				}
				l.taken = map[string]int{}
				l.height = 20
				tc.after(l)
				steps(t, s, 6)
				require.Equal(t, tc.want, l.taken)
				require.Zero(t, l.refused)
				l.requireOneAnswer()
				if tc.says == "" {
					require.NotContains(t, log.String(), "does not answer")
					return
				}
				require.Equal(t, 1, strings.Count(log.String(), "does not answer"))
				require.Contains(t, log.String(), tc.says)
				require.Contains(t, log.String(), "the chain was set back")
				require.Contains(t, log.String(), "loses a part of its bond")
				if name == "over" {
					return
				}
				l.job.Attempt++
				l.contribute(4, nil)
				l.othersPrepare()
				steps(t, s, 4)
				l.requireSum(0, 1, 2, 3)
			})
		}
	}
}

// What is recorded before it is sent is not sent otherwise by the next process.
func TestSeatRecordsBeforeItSends(t *testing.T) {
	l := newLedger(t)
	l.job.Spec.Secure.PublicResult = true
	lose := true
	l.fail = func(call string) error {
		if call == "send" && lose {
			return errNetwork
		}
		return nil
	}
	var given [][]byte
	step := func(want error) {
		t.Helper()
		require.ErrorIs(t, newSeat(t, l, io.Discard).Step(t.Context()), want)
		key, err := l.journal.Key(l.job.Id)
		require.NoError(t, err)
		given = append(given, key.Public().Bytes())
	}
	step(errNetwork)
	lose = false
	step(nil)
	require.Equal(t, given[0], l.job.Seats[mine].Key)
	require.Equal(t, given[0], given[1])

	l.contribute(2, nil)
	l.othersPrepare()
	lose = true
	step(errNetwork)
	l.fork, lose = "another", false
	l.contribute(2, nil)
	l.othersPrepare()
	step(nil)
	require.Zero(t, l.taken["MsgPrepare"])
	l.fork = ""
	l.contribute(2, nil)
	l.othersPrepare()
	step(nil)
	require.Equal(t, 1, l.taken["MsgPrepare"])
	lose = true
	step(errNetwork)
	lose = false
	l.job.Spec.Secure.PublicResult = false // the sum has been named in the open
	step(nil)
	require.Zero(t, l.taken["MsgOpenSum"])
	l.job.Spec.Secure.PublicResult = true
	step(nil)
	require.Equal(t, 1, l.taken["MsgOpenSum"])
	l.requireOneAnswer()
}

// opens tries to open a share with every key that a home and the key file lead to: as such keys were made before there was a journal,
// by the journal, and every 32 bytes in a row of any file.
func opens(t *testing.T, l *ledger, sealed [][2]any) int {
	t.Helper()
	fileKey := testKey("key file")
	seed, err := fileKey.Bytes()
	require.NoError(t, err)
	secret := label.Hash("alita/seat/secret/v1", seed, []byte(testChain))
	derived := label.Hash("alita/seat/job-key/v1", secret[:], []byte(l.job.Id))
	seeds := map[string]bool{string(seed): true, string(secret[:]): true, string(derived[:]): true}
	require.NoError(t, filepath.WalkDir(l.home, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i := range len(data) - 31 {
			seeds[string(data[i:i+32])] = true
		}
		// What a journal of its first lines has.
		lines := bytes.SplitAfter(data, []byte("\n"))
		for n := 1; n < len(lines); n++ {
			copied := filepath.Join(t.TempDir(), "copy")
			if err := os.WriteFile(copied, bytes.Join(lines[:n], nil), 0o600); err != nil {
				return err
			}
			held, err := seat.OpenJournal(copied, fileKey, testChain, l.account)
			if err != nil {
				return err
			}
			key, err := held.Key(l.job.Id)
			switch {
			case err == nil:
				own, err := key.Bytes()
				require.NoError(t, err)
				seeds[string(own)] = true
			case !errors.Is(err, seat.ErrErased) && !errors.Is(err, seat.ErrNoKey):
				return err
			}
			if err := held.Close(); err != nil {
				return err
			}
		}
		return nil
	}))
	opened := 0
	for s := range seeds {
		key, err := seal.ParsePrivateKey([]byte(s))
		require.NoError(t, err)
		for _, c := range sealed {
			judged, err := l.protocol().PrepareBatch(bytes.NewReader(make([]byte, 1<<10)), l.job.VerifyKey, mine, key,
				[]securesum.Submitted{{Contribution: c[0].(securesum.Contribution), Shared: c[1].(securesum.Shared)}})
			require.NoError(t, err)
			if judged[0].Refused == nil {
				opened++
			}
		}
	}
	return opened
}

// Once the key of a job is erased, the home and the key file open nothing that owners shared in it, and no process writes another key.
func TestErasedKeyOpensNothing(t *testing.T) {
	l := newLedger(t)
	var log bytes.Buffer
	s := newSeat(t, l, &log)
	steps(t, s, 1)
	l.contribute(1, nil)
	l.othersPrepare()
	steps(t, s, 4)
	kept := [][2]any{{l.of(l.contributions[0]), l.shared[l.contributions[0].Record]}}
	require.Equal(t, 1, opens(t, l, kept), "the search finds the key while it is there")

	l.job.Status = chain.JobSettled
	steps(t, s, 1)
	overAt := l.height
	for l.height < overAt+50 {
		steps(t, s, 1)
	}
	s = newSeat(t, l, &log) // the count goes on
	for l.height < overAt+99 {
		steps(t, s, 1)
	}
	require.Equal(t, []string{l.job.Id}, l.journal.Jobs())
	require.Equal(t, 1, opens(t, l, kept))
	steps(t, s, 1)
	require.Empty(t, l.journal.Jobs())
	require.Contains(t, log.String(), `"erased keys"`)
	require.Zero(t, opens(t, l, kept))
	_, err := l.journal.NewKey(l.job.Id)
	require.ErrorIs(t, err, seat.ErrErased)
	newSeat(t, l, &log)
	require.Zero(t, opens(t, l, kept))
}

// A job is over only if the chain says so for long enough; a seat that was replaced needs its key no more.
func TestKeysAreKeptWhileTheyAreNeeded(t *testing.T) {
	l := newLedger(t)
	var log bytes.Buffer
	s := newSeat(t, l, &log)
	steps(t, s, 3)
	require.Len(t, l.journal.Jobs(), 1)

	// A node that lies for less than 100 blocks.
	l.job.Status = chain.JobSettled
	steps(t, s, 90)
	require.NotZero(t, l.journal.Over(l.job.Id))
	l.job.Status = chain.JobContributing
	steps(t, s, 1)
	require.Zero(t, l.journal.Over(l.job.Id))
	l.job.Status = chain.JobSettled
	steps(t, s, 90)
	require.Len(t, l.journal.Jobs(), 1)

	// One that names a height far ahead, and then the right one.
	l.job.Status = chain.JobContributing
	steps(t, s, 1)
	l.job.Status, l.height = chain.JobSettled, l.height+1_000_000
	steps(t, s, 1)
	l.height -= 1_000_000
	steps(t, s, 50)
	require.Equal(t, 1, strings.Count(log.String(), "the chain has gone back"))
	require.Len(t, l.journal.Jobs(), 1)
	require.LessOrEqual(t, l.journal.Over(l.job.Id), l.height)

	// A node that does not know the job.
	id := l.job.Id
	l.job.Id = strings.Repeat("0", 32)
	steps(t, s, 250)
	require.Equal(t, []string{id}, l.journal.Jobs())
	require.LessOrEqual(t, strings.Count(log.String(), `"unknown job"`), 4)

	l.job.Id = id
	steps(t, s, 210) // until it is asked again, and the blocks after that
	require.Empty(t, l.journal.Jobs())

	// Another seat has taken its place.
	l = newLedger(t)
	s = newSeat(t, l, io.Discard)
	steps(t, s, 2)
	l.job.Seats[mine].Account, l.job.Status = "another", chain.JobContributing
	steps(t, s, 110)
	require.Empty(t, l.journal.Jobs())
}

// A seat whose journal was lost says what happened and what it costs, refuses nothing and goes on in its other jobs.
func TestSeatWithoutItsJournal(t *testing.T) {
	for name, lose := range map[string]func(l *ledger){
		"the journal holds no key":        func(l *ledger) { require.NoError(t, os.Remove(l.path())) },
		"the chain holds another key":     func(l *ledger) { l.job.Seats[mine].Key = testKey("another process").Public().Bytes() },
		"the journal holds no key for it": func(l *ledger) { require.NoError(t, os.Truncate(l.path(), 0)) },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(t)
			var log bytes.Buffer
			b := &busy{ledger: l, other: l.job}
			b.other.Id, b.other.DeadlineHeight = strings.Repeat("0", 32), l.job.DeadlineHeight+1
			b.other.Seats = append([]chain.JobSeat(nil), l.job.Seats...)
			steps(t, newSeat(t, l, &log), 1)
			l.contribute(3, nil)
			l.othersPrepare()
			lose(l)
			s := startSeat(t, l, b, &log)
			steps(t, s, 5)
			require.Zero(t, l.taken["MsgPrepare"])
			require.Equal(t, []string{"MsgTakeSeat"}, b.order, "the key of the other job")
			require.Equal(t, 1, strings.Count(log.String(), "does not answer"))
			require.Contains(t, log.String(), "older copy")
			require.Contains(t, log.String(), "stall_slash_ppm")
			require.Zero(t, strings.Count(log.String(), "refused a contribution"))
		})
	}
}

// If the validator registers another account, the seat sees the jobs through for which it was drawn.
func TestSeatWhoseAccountWasReplaced(t *testing.T) {
	l := newLedger(t)
	s := newSeat(t, l, io.Discard)
	steps(t, s, 1)
	l.registered = false
	l.contribute(3, nil)
	l.othersPrepare()
	steps(t, s, 4)
	l.requireSum(0, 1, 2)
	l.job.Status = chain.JobSettled
	steps(t, s, 105)
	require.Empty(t, l.journal.Jobs())
}

func TestJournalOfAnotherSeat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := seat.OpenJournal(path, testKey("a"), "chain-1", "seat")
	require.NoError(t, err)
	key, err := j.NewKey("job")
	require.NoError(t, err)
	_, err = seat.OpenJournal(path, testKey("a"), "chain-1", "seat")
	require.ErrorIs(t, err, journal.ErrLocked)
	held, err := seat.Holds(path, testKey("a"), "chain-1", "seat")
	require.NoError(t, err)
	require.Equal(t, []string{"job"}, held)
	require.NoError(t, j.Close())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())

	for _, tc := range []struct{ key, chain, account, says string }{
		{"b", "chain-1", "seat", "expected a journal that the key file opens, got another"},
		{"a", "chain-2", "seat", "expected the journal of seat on chain-2, as key file and configuration say, got the one of seat on chain-1"},
		{"a", "chain-1", "other", "expected the journal of other on chain-1"},
	} {
		_, err = seat.OpenJournal(path, testKey(tc.key), tc.chain, tc.account)
		require.ErrorIs(t, err, seat.ErrForeignJournal)
		require.ErrorContains(t, err, tc.says)
		require.ErrorContains(t, err, "give another --home")
		_, err = seat.Holds(path, testKey(tc.key), tc.chain, tc.account)
		require.ErrorIs(t, err, seat.ErrForeignJournal)
	}
	other, err := seat.OpenJournal(path+".other", testKey("a"), "chain-1", "seat")
	require.NoError(t, err)
	random, err := other.NewKey("job")
	require.NoError(t, err)
	require.NotEqual(t, key.Public().Bytes(), random.Public().Bytes(), "it does not follow from the key file")
	require.NoError(t, other.Close())
	j, err = seat.OpenJournal(path, testKey("a"), "chain-1", "seat")
	require.NoError(t, err)
	again, err := j.Key("job")
	require.NoError(t, err)
	require.Equal(t, key.Public().Bytes(), again.Public().Bytes())
	require.NoError(t, j.Close())
	held, err = seat.Holds(filepath.Join(t.TempDir(), "none"), testKey("a"), "chain-1", "seat")
	require.NoError(t, err)
	require.Empty(t, held)
}

// Every byte that is changed before the last line feed, and every line that is gone or moved to another job, is found when the journal is
// opened, or changes no key.
func TestDamagedSeatJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	open := func() (*seat.Journal, error) { return seat.OpenJournal(path, testKey("a"), "chain-1", "seat") }
	j, err := open()
	require.NoError(t, err)
	_, err = j.NewKey("one")
	require.NoError(t, err)
	_, err = j.NewKey("two")
	require.NoError(t, err)
	require.NoError(t, j.Close())
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := range len(good) - 1 {
		bad := bytes.Clone(good)
		bad[i] ^= 0x04
		require.NoError(t, os.WriteFile(path, bad, 0o600))
		_, err = open()
		require.ErrorIs(t, err, journal.ErrJournal, "byte %d", i)
		require.ErrorContains(t, err, "see what damaged the disk")
	}
	lines := bytes.SplitAfter(good, []byte("\n"))
	require.NoError(t, os.WriteFile(path, bytes.Join(lines[1:], nil), 0o600))
	_, err = open()
	require.ErrorIs(t, err, journal.ErrJournal)
	require.ErrorContains(t, err, "expected the account that it belongs to, got none")

	// The sealed key of one job under the name of the other.
	type line struct {
		Job    string `json:"job"`
		Sealed []byte `json:"sealed"`
	}
	var one line
	require.NoError(t, json.Unmarshal(lines[1][9:], &one))
	moved, err := journal.Open(path+".moved", journal.Format[string, line]{
		Key: func(l line) (string, error) { return l.Job, nil }, Compare: strings.Compare,
		Keep: func(l line) (line, bool) { return l, true },
	})
	require.NoError(t, err)
	require.NoError(t, moved.Append(line{"two", one.Sealed}))
	require.NoError(t, moved.Close())
	wrong, err := os.ReadFile(path + ".moved")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(bytes.Join(lines[:2], nil), wrong...), 0o600))
	_, err = open()
	require.ErrorIs(t, err, journal.ErrJournal)
	require.ErrorContains(t, err, "key of job two in "+path+": expected one that the key file opens, got a damaged one")
}

// A journal that cannot be written ends the process: nothing may be sent that is not recorded.
func TestSeatStopsWithoutAJournal(t *testing.T) {
	l := newLedger(t)
	s := newSeat(t, l, io.Discard)
	require.NoError(t, l.journal.Close())
	require.ErrorIs(t, s.Run(t.Context()), journal.ErrJournal)
	require.Zero(t, l.taken["MsgTakeSeat"])
	s = newSeat(t, l, io.Discard)
	steps(t, s, 1)
	require.Equal(t, 1, l.taken["MsgTakeSeat"])
}
