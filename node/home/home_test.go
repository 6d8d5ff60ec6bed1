package home_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/node/keyfile"
)

func TestCreateMakesAFolderForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b")
	require.ErrorIs(t, home.Check(path), os.ErrNotExist)
	require.NoError(t, home.Create(path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	require.NoError(t, home.Create(path), "it is there already")
}

func TestCheckRefusesWhatOthersCanEnter(t *testing.T) {
	for mode, ok := range map[os.FileMode]bool{0o700: true, 0o500: true, 0o750: false, 0o710: false, 0o701: false, 0o777: false} {
		path := t.TempDir()
		require.NoError(t, os.Chmod(path, mode))
		err := home.Check(path)
		if ok {
			require.NoError(t, err, "%04o", mode)
			continue
		}
		require.ErrorIs(t, err, home.ErrHome, "%04o", mode)
		require.ErrorContains(t, err, "run chmod 700")
		require.ErrorIs(t, home.Create(path), home.ErrHome, "%04o", mode)
	}

	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.EqualError(t, home.Check(file), "home: "+file+": expected a folder, got a file")
	require.ErrorIs(t, home.Create(file), home.ErrHome)
}

func TestFindings(t *testing.T) {
	good, bad := home.Good("node", "height %d", 7), home.Bad("bond", "expected %d, got %d", 2, 1)
	require.Equal(t, home.Finding{What: "node", OK: true, Detail: "height 7"}, good)
	require.Equal(t, home.Finding{What: "bond", Detail: "expected 2, got 1"}, bad)
	require.True(t, home.AllOK(nil))
	require.True(t, home.AllOK([]home.Finding{good, good}))
	require.False(t, home.AllOK([]home.Finding{good, bad}))
}

func TestAccount(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	_, err := home.OpenAccount(path, "secret words")
	require.ErrorIs(t, err, os.ErrNotExist)

	made, err := home.CreateAccount(path, "secret words")
	require.NoError(t, err)
	_, err = home.CreateAccount(path, "secret words")
	require.ErrorIs(t, err, keyfile.ErrExists)

	opened, err := home.OpenAccount(path, "secret words")
	require.NoError(t, err)
	require.Equal(t, made.Signer.Address(), opened.Signer.Address())
	require.Equal(t, made.Keys.Reader.Public().Bytes(), opened.Keys.Reader.Public().Bytes())
}

func TestClosersCloseFromTheLast(t *testing.T) {
	var order []int
	first, third := errors.New("first"), errors.New("third")
	closers := home.Closers{
		func() error { order = append(order, 1); return first },
		func() error { order = append(order, 2); return nil },
		func() error { order = append(order, 3); return third },
	}
	err := closers.Close()
	require.Equal(t, []int{3, 2, 1}, order)
	require.ErrorIs(t, err, first)
	require.ErrorIs(t, err, third)
	require.NoError(t, home.Closers(nil).Close())
}
