package canary_test

import (
	"encoding/base64"
	"encoding/hex"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/testutil/canary"
)

func TestMarkerIsFoundInEveryForm(t *testing.T) {
	m, err := canary.New()
	require.NoError(t, err)
	for _, before := range []string{"", "a", "ab", "abc"} {
		text := []byte(before + m.String() + "and more")
		require.Equal(t, "plain", m.In(text))
		require.Equal(t, "hex", m.In([]byte(hex.EncodeToString(text))))
		require.Contains(t, m.In([]byte(base64.StdEncoding.EncodeToString(text))), "base64")
	}
	other, err := canary.New()
	require.NoError(t, err)
	require.Empty(t, m.In([]byte(other.String())))
}

func TestTreeReadsFilesAndDatabases(t *testing.T) {
	m, err := canary.New()
	require.NoError(t, err)
	dir := t.TempDir()
	db, err := dbm.NewDB("application", dbm.GoLevelDBBackend, dir)
	require.NoError(t, err)
	require.NoError(t, db.Set([]byte("key"), []byte("x"+m.String())))
	require.NoError(t, db.Set([]byte("other"), []byte("nothing")))
	require.NoError(t, db.Close())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "node.log"), []byte("clean"), 0o600))

	found, searched, err := m.Tree(dir)
	require.NoError(t, err)
	require.NotEmpty(t, found)
	require.Equal(t, 1, searched.Databases)
	require.EqualValues(t, 2, searched.Entries)

	other, err := canary.New()
	require.NoError(t, err)
	found, _, err = other.Tree(dir)
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestProxyRecordsBothDirections(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		buf := make([]byte, 4)
		_, _ = io.ReadFull(c, buf)
		_, _ = c.Write([]byte("pong"))
	}()
	defer l.Close()

	p, err := canary.NewProxy(l.Addr().String())
	require.NoError(t, err)
	c, err := net.Dial("tcp", p.Addr())
	require.NoError(t, err)
	_, err = c.Write([]byte("ping"))
	require.NoError(t, err)
	answer, err := io.ReadAll(c)
	require.NoError(t, err)
	require.Equal(t, "pong", string(answer))
	require.NoError(t, c.Close())
	require.NoError(t, p.Close())
	require.Contains(t, string(p.Traffic()), "ping")
	require.Contains(t, string(p.Traffic()), "pong")
}
