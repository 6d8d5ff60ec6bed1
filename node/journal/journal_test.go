package journal_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/node/journal"
)

type fact struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

var facts = journal.Format[string, fact]{
	Key: func(f fact) (string, error) {
		if f.Name == "" {
			return "", errors.New("no name")
		}
		return f.Name, nil
	},
	Compare: cmp.Compare[string],
	Keep:    func(f fact) (fact, bool) { return f, true },
	Damaged: "this is what to do",
}

func open(t require.TestingT, path string) *journal.Journal[string, fact] {
	j, err := journal.Open(path, facts)
	require.NoError(t, err)
	return j
}

// files are the contents of a folder by name, without locks.
func files(t require.TestingT, dir string) map[string]string {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	out := map[string]string{}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".lock" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		out[e.Name()] = string(data)
	}
	return out
}

func drop(name string) func(fact) (fact, bool) {
	return func(f fact) (fact, bool) { return f, f.Name != name }
}

func TestRewrite(t *testing.T) {
	t.Run("second names", func(t *testing.T) { testRewrite(t, true) })
	t.Run("no second names", func(t *testing.T) { testRewrite(t, false) })
}

func testRewrite(t *testing.T, links bool) {
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path)
	if !links {
		require.NoError(t, os.Mkdir(path+".old", 0o700)) // stands in for a file system that refuses the name
	}
	for _, f := range []fact{{"b", "secret"}, {"a", "1"}, {"b", "secret again"}, {"c", "3"}} {
		require.NoError(t, j.Append(f))
	}
	old, err := os.OpenFile(path, os.O_RDONLY, 0) // still leads to the first file afterwards
	require.NoError(t, err)
	defer func() { require.NoError(t, old.Close()) }()
	info, err := old.Stat()
	require.NoError(t, err)
	require.NoError(t, j.Rewrite(drop("b")))
	require.Equal(t, []fact{{"a", "1"}, {"c", "3"}}, j.States())
	overwritten := make([]byte, info.Size())
	_, err = old.ReadAt(overwritten, 0)
	require.NoError(t, err)
	require.Equal(t, make([]byte, info.Size()), overwritten)
	present := files(t, filepath.Dir(path))
	require.Len(t, present, 1)
	require.NotContains(t, present["journal"], "secret")

	require.NoError(t, j.Append(fact{"d", "4"}))
	read, err := journal.Read(path, facts)
	require.NoError(t, err, "also while it is in use")
	require.Equal(t, []fact{{"a", "1"}, {"c", "3"}, {"d", "4"}}, read)
	info, err = os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	_, err = journal.Open(path, facts)
	require.ErrorIs(t, err, journal.ErrLocked)
	require.NoError(t, j.Close())
	require.ErrorIs(t, j.Append(fact{"e", "5"}), journal.ErrJournal)
	require.ErrorIs(t, j.Rewrite(drop("a")), journal.ErrJournal)
	read, err = journal.Read(filepath.Join(t.TempDir(), "none"), facts)
	require.NoError(t, err)
	require.Empty(t, read)
}

// What a crash leaves of a file that is written again is the old states or the new ones, and when it is opened again no other file and
// nothing of what it held.
func TestRewriteCrashes(t *testing.T) {
	run := 0
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		run++
		home := filepath.Join(dir, fmt.Sprint(run))
		require.NoError(t, os.Mkdir(home, 0o700))
		path := filepath.Join(home, "journal")
		j := open(t, path)
		before := []fact{{"a", "1"}, {"b", "secret"}, {"c", "3"}}
		for _, f := range before {
			require.NoError(t, j.Append(f))
		}
		was, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, j.Rewrite(drop("b")))
		require.NoError(t, j.Close())
		now, err := os.ReadFile(path)
		require.NoError(t, err)

		put := func(name string, data []byte) { require.NoError(t, os.WriteFile(name, data, 0o600)) }
		want := before
		switch point := rapid.IntRange(0, 3).Draw(t, "point"); point {
		case 0, 1: // while the new file is written, or with two names for the old one
			require.NoError(t, os.Remove(path))
			put(path, was)
			put(path+".new", now[:rapid.IntRange(0, len(now)).Draw(t, "written")])
			if point == 1 {
				require.NoError(t, os.Link(path, path+".old"))
			}
		case 2: // while the old one is overwritten
			n := rapid.IntRange(0, len(was)).Draw(t, "overwritten")
			put(path+".old", append(make([]byte, n), was[n:]...))
			want = []fact{{"a", "1"}, {"c", "3"}}
		case 3:
			want = []fact{{"a", "1"}, {"c", "3"}}
		}
		var old *os.File
		if old, err = os.Open(path + ".old"); err == nil {
			defer func() { require.NoError(t, old.Close()) }()
		}
		j = open(t, path)
		require.Equal(t, want, j.States())
		require.NoError(t, j.Close())
		present := files(t, home)
		require.Len(t, present, 1)
		require.Equal(t, len(want) == 3, bytes.Contains([]byte(present["journal"]), []byte("secret")))
		if old != nil && len(want) == 2 {
			left := make([]byte, len(was))
			_, err := old.ReadAt(left, 0)
			require.NoError(t, err)
			require.Equal(t, make([]byte, len(was)), left)
		}
	})
}

func TestDamageSaysWhatToDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path)
	require.NoError(t, j.Append(fact{"a", "1"}))
	require.ErrorIs(t, j.Append(fact{"", "nothing"}), journal.ErrJournal)
	require.NoError(t, j.Append(fact{"b", "2"}), "what was no entry harms nothing")
	require.NoError(t, j.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	data[12] ^= 1
	require.NoError(t, os.WriteFile(path, data, 0o600))
	for _, try := range []func() error{
		func() error { _, err := journal.Open(path, facts); return err },
		func() error { _, err := journal.Read(path, facts); return err },
	} {
		err := try()
		require.ErrorIs(t, err, journal.ErrJournal)
		require.ErrorContains(t, err, "line 1 of "+path+": expected an entry with its checksum, got a damaged one; this is what to do")
	}
}

// A journal that could not be written again takes nothing more: what it holds on the disk is unknown.
func TestRewriteFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path)
	require.NoError(t, j.Append(fact{"a", "1"}))
	require.NoError(t, os.Mkdir(path+".new", 0o700))
	require.ErrorIs(t, j.Rewrite(drop("a")), journal.ErrJournal)
	require.ErrorIs(t, j.Append(fact{"b", "2"}), journal.ErrJournal)
	require.NoError(t, j.Close())
	require.NoError(t, os.Remove(path+".new"))
	j = open(t, path)
	require.Equal(t, []fact{{"a", "1"}}, j.States())
	require.NoError(t, j.Close())
}
