package source_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/rows/source"
)

// The rows of a file are the same however it spells them, and count only if it is the committed one.
func TestEachRow(t *testing.T) {
	rows := func(name, content string) (all []string, err error) {
		path := write(t, name, content)
		format, err := source.FormatOf(path)
		require.NoError(t, err)
		want, err := source.Commit(path, format, testSeed)
		require.NoError(t, err)
		file := source.Committed{Location: source.Location{Path: path, Format: format, Seed: testSeed}, Rows: want.Rows, Root: want.Root[:]}
		require.NoError(t, source.EachRow(file, func(row []byte) { all = append(all, string(row)) }))
		file.Rows++
		require.ErrorIs(t, source.EachRow(file, func([]byte) {}), source.ErrChanged)
		return all, nil
	}
	table, err := rows("a.csv", "a,b\n1,x\n,yz\n")
	require.NoError(t, err)
	require.Equal(t, []string{"\x01\x00\x00\x00\x011\x01\x00\x00\x00\x01x", "\x01\x00\x00\x00\x00\x01\x00\x00\x00\x02yz"}, table)
	lines, err := rows("a.jsonl", "{\"c\":1,\"d\":\"x\"}\n{\"d\":\"yz\",\"c\":\"\"}\n")
	require.NoError(t, err)
	require.Equal(t, table, lines)
	require.Error(t, source.EachRow(source.Committed{Location: source.Location{Path: "none", Format: source.CSV}}, nil))
}
