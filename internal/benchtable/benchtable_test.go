package benchtable_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/internal/benchtable"
)

const output = `goos: linux
BenchmarkKeeper/bank_send-2     100   10000 ns/op   18566 gas/op   9000 B/op   151 allocs/op
BenchmarkKeeper/swap-2          100   15000 ns/op   30000 gas/op   9000 B/op   200 allocs/op
BenchmarkKeeper/bank_send-2     100   20000 ns/op   18566 gas/op   9000 B/op   151 allocs/op
BenchmarkKeeper/swap-2          100   40000 ns/op   30000 gas/op   9000 B/op   200 allocs/op
PASS
`

func TestTable(t *testing.T) {
	all, err := benchtable.Parse(strings.NewReader(output))
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, []float64{15_000, 40_000}, all[1].Metrics["ns/op"])
	// 1.5 and 2 times the send of the same repetition.
	require.Equal(t, `| | gas | allocations | time | times bank send |
| --- | --- | --- | --- | --- |
| bank send | 18566 | 151 | 15.00 µs | 1.00 |
| swap | 30000 | 200 | 27.50 µs | 1.75 |
`, benchtable.Table(all, "Keeper/bank_send"))

	_, err = benchtable.Parse(strings.NewReader("BenchmarkX-2 1 many ns/op"))
	require.ErrorContains(t, err, `got "many"`)
}

func TestReplace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	require.NoError(t, os.WriteFile(file, []byte("a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n"), 0o600))
	require.NoError(t, benchtable.Replace(file, "x", "new\n"))
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "a\n<!-- begin x -->\n\nnew\n\n<!-- end x -->\nb\n", string(got))
	require.ErrorContains(t, benchtable.Replace(file, "y", ""), "begin y")
}
