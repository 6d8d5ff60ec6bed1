package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/node/seat"
)

func TestSeatCheckOnThisMachine(t *testing.T) {
	dir, passphrase := prepare(t)
	check := func(args ...string) (string, error) {
		t.Helper()
		return command(t, append([]string{"seat", "check", "--home", dir, "--passphrase-file", passphrase}, args...)...)
	}
	text, err := check()
	require.ErrorIs(t, err, errCheck)
	require.Contains(t, text, "FAIL  home: ")
	require.Contains(t, text, "`alita-worker seat init` makes one")

	made, err := command(t, "seat", "init", "--home", dir, "--passphrase-file", passphrase, "--chain-id", "alita-test-1", "--trust", "node", "--node", "127.0.0.1:1", "-o", "json")
	require.NoError(t, err)
	var m seat.Initialized
	require.NoError(t, json.Unmarshal([]byte(made), &m))
	text, err = check("--offline", "--output", "json")
	require.NoError(t, err)
	var findings []home.Finding
	require.NoError(t, json.Unmarshal([]byte(text), &findings))
	require.Equal(t, []home.Finding{
		{What: "home", OK: true, Detail: dir},
		{What: "configuration", OK: true, Detail: m.ConfigFile},
		{What: "key file", OK: true, Detail: "account " + m.Seat},
		{What: "journal", OK: true, Detail: "keys of 0 jobs"},
	}, findings)

	// Nothing listens there.
	text, err = check()
	require.ErrorIs(t, err, errCheck)
	require.Contains(t, text, "FAIL  node: 127.0.0.1:1 does not answer: ")

	// A seat that runs is not in the way.
	lock, err := seat.Home(dir).Lock()
	require.NoError(t, err)
	_, err = check("--offline")
	require.NoError(t, err)
	require.NoError(t, lock.Close())

	require.NoError(t, os.WriteFile(seat.Home(dir).Journal(), []byte("x\n"), 0o600))
	text, err = check("--offline")
	require.ErrorIs(t, err, errCheck)
	require.Contains(t, text, "FAIL  journal: journal: line 1 of ")
	require.Contains(t, text, "see what damaged the disk")
	require.NoError(t, os.Remove(seat.Home(dir).Journal()))

	require.NoError(t, os.WriteFile(m.ConfigFile, []byte("chain_id: x\n"), 0o600))
	text, err = check()
	require.ErrorIs(t, err, errCheck)
	require.Contains(t, text, "FAIL  configuration: "+m.ConfigFile+": configuration of the seat: node: expected host:port")
	require.NotContains(t, text, "  node:")
	require.NoError(t, os.WriteFile(passphrase, []byte("another\n"), 0o600))
	text, err = check()
	require.ErrorIs(t, err, errCheck)
	require.Contains(t, text, "FAIL  key file: ")
	require.Contains(t, text, "wrong passphrase")
	_, err = check("--output", "xml")
	require.ErrorContains(t, err, "--output")
}
