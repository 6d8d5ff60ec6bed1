package worker_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/node/worker"
)

func entry(n int, stage worker.Stage) worker.Entry {
	return worker.Entry{
		Key: worker.Key{Job: fmt.Sprintf("j%d", n%3), Record: fmt.Sprintf("r%d", n%2)}, Stage: stage, Time: testTime,
		Due: worker.Due{Height: int64(n)}, Vector: worker.Vector{Enc: []byte{byte(n)}, Ciphertext: []byte("ciphertext")}, Reason: fmt.Sprint("entry ", n),
	}
}

// A crash at any byte of the file loses nothing that came before it and invents nothing.
func TestJournalSurvivesACrashAtAnyByte(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		path := filepath.Join(dir, fmt.Sprint(run))
		j, err := worker.OpenJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		stages := rapid.SliceOfN(rapid.SampledFrom([]worker.Stage{
			worker.StageStarted, worker.StagePrepared, worker.StageContributed, worker.StageFailed,
		}), 1, 30).Draw(t, "stages")
		var entries []worker.Entry
		var ends []int64
		for i, s := range stages {
			e := entry(i, s)
			if err := j.Append(e); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			entries, ends = append(entries, e), append(ends, info.Size())
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		cut := rapid.Int64Range(0, ends[len(ends)-1]).Draw(t, "cut")
		if err := os.Truncate(path, cut); err != nil {
			t.Fatal(err)
		}
		want := map[worker.Key]worker.Entry{}
		for i, e := range entries {
			if ends[i] <= cut {
				want[e.Key] = e
			}
		}
		// Opened twice: the first time compacts.
		for range 2 {
			j, err = worker.OpenJournal(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				got, ok := j.State(e.Key)
				w, expected := want[e.Key]
				if ok != expected || fmt.Sprint(got) != fmt.Sprint(w) {
					t.Fatalf("cut at %d: %v (%t), want %v (%t)", cut, got, ok, w, expected)
				}
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
		}
		// And it can be written again.
		j, err = worker.OpenJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(entry(99, worker.StageFinished)); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestJournalDamageIsReported(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := worker.OpenJournal(path)
	require.NoError(t, err)
	for i := range 3 {
		require.NoError(t, j.Append(worker.Entry{Key: worker.Key{Job: "j", Record: fmt.Sprint(i)}, Stage: worker.StagePrepared}))
	}
	require.NoError(t, j.Close())
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := range good {
		if i == len(good)-1 {
			break // without its line feed the last line is torn, which is a crash and no damage
		}
		bad := bytes.Clone(good)
		bad[i] ^= 0x04
		require.NoError(t, os.WriteFile(path, bad, 0o600))
		_, err = worker.OpenJournal(path)
		require.ErrorIs(t, err, worker.ErrJournal, "byte %d", i)
	}
	require.NoError(t, os.WriteFile(path, good, 0o600))
	j, err = worker.OpenJournal(path)
	require.NoError(t, err)
	require.NoError(t, j.Close())
}

func TestJournalIsLockedAndCompacted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := worker.OpenJournal(path)
	require.NoError(t, err)
	_, err = worker.OpenJournal(path)
	require.ErrorIs(t, err, worker.ErrJournalLocked)

	a := worker.Entry{Key: worker.Key{Job: "a", Record: "r"}, Vector: worker.Vector{Enc: []byte("enc"), Ciphertext: make([]byte, 1000)}}
	for _, s := range []worker.Stage{worker.StageStarted, worker.StagePrepared, worker.StageContributed} {
		a.Stage = s
		require.NoError(t, j.Append(a))
	}
	b := a
	b.Job = "b"
	for _, s := range []worker.Stage{worker.StagePrepared, worker.StageDelivered} {
		b.Stage = s
		require.NoError(t, j.Append(b))
	}
	require.Len(t, j.Pending(), 2)
	require.NoError(t, j.Close())
	require.ErrorIs(t, j.Append(a), worker.ErrJournal)

	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	before := info.Size()
	j, err = worker.OpenJournal(path)
	require.NoError(t, err)
	info, err = os.Stat(path)
	require.NoError(t, err)
	require.Less(t, info.Size(), before/3, "only the vector that is still needed is kept")
	require.Equal(t, os.FileMode(0o600), info.Mode())
	got, ok := j.State(a.Key)
	require.True(t, ok)
	require.Equal(t, a, got)
	got, ok = j.State(b.Key)
	require.True(t, ok)
	require.Equal(t, worker.StageDelivered, got.Stage)
	require.Empty(t, got.Ciphertext)
	require.NoError(t, j.Close())
}

// The lines of a journal that was written before stay readable.
func TestJournalLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := worker.OpenJournal(path)
	require.NoError(t, err)
	require.NoError(t, j.Append(worker.Entry{
		Key: worker.Key{Job: "j", Record: "r", Round: 2}, Stage: worker.StagePrepared, Time: testTime,
		Due: worker.Due{Attempt: 6, Height: 8, Sent: true}, Secret: []byte{9},
		Vector:  worker.Vector{Version: "1.0.0", RowRoot: []byte{1}, Rows: 2, Operations: 3, Enc: []byte{4}, Ciphertext: []byte{5}},
		Sharing: worker.Sharing{Attempt: 6, Commitment: []byte{7}}, TxHash: "AB", Reason: "why",
	}))
	require.NoError(t, j.Close())
	line, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, `{"job":"j","record":"r","round":2,"stage":"prepared","time":"2026-11-01T12:00:00Z",`+
		`"due":{"attempt":6,"height":8,"sent":true},"secret":"CQ==","version":"1.0.0",`+
		`"row_root":"AQ==","rows":2,"operations":3,"enc":"BA==","ciphertext":"BQ==","seating":6,"commitment":"Bw==","tx":"AB","reason":"why"}`+"\n",
		string(line[9:]))
}

func FuzzJournal(f *testing.F) {
	path := filepath.Join(f.TempDir(), "seed")
	j, err := worker.OpenJournal(path)
	require.NoError(f, err)
	require.NoError(f, j.Append(entry(1, worker.StagePrepared)))
	require.NoError(f, j.Close())
	good, err := os.ReadFile(path)
	require.NoError(f, err)
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add([]byte("00000000 {}\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "journal")
		require.NoError(t, os.WriteFile(path, data, 0o600))
		j, err := worker.OpenJournal(path)
		if err != nil {
			require.ErrorIs(t, err, worker.ErrJournal)
			return
		}
		require.NoError(t, j.Append(entry(2, worker.StageStarted)))
		require.NoError(t, j.Close())
		j, err = worker.OpenJournal(path)
		require.NoError(t, err)
		got, ok := j.State(entry(2, "").Key)
		require.True(t, ok)
		require.Equal(t, worker.StageStarted, got.Stage)
		require.NoError(t, j.Close())
	})
}
