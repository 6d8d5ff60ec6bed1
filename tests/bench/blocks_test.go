package bench_test

import (
	"fmt"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"
)

// series are the samples of one node under one load.
type series struct {
	kind
	samples []sample
}

// compare runs the same blocks on a node of each kind, which take turns, and fails
// unless all have the same results and application hash after each. The first
// block warms up and is not counted.
func compare(tb testing.TB, l *load, runs int, kinds ...kind) []series {
	tb.Helper()
	nodes, out := make([]*node, len(kinds)), make([]series, len(kinds))
	for i, k := range kinds {
		nodes[i], out[i].kind = newNode(tb, k, l.market), k
	}
	for run := range runs + 1 {
		txs := l.sign(nodes[0].Chain)
		var first *abci.ResponseFinalizeBlock
		for turn := range nodes {
			// Another one begins each time.
			i := (turn + run) % len(nodes)
			s, res := nodes[i].block(tb, txs)
			if run > 0 {
				out[i].samples = append(out[i].samples, s)
			}
			if first == nil {
				first = res
			}
			require.Equal(tb, first.AppHash, res.AppHash, "block %d", run)
			for j := range first.TxResults {
				require.Equal(tb, first.TxResults[j].GasUsed, res.TxResults[j].GasUsed)
			}
		}
	}
	return out
}

// TestBlocks is the short form: both executors agree, and swaps of different pools
// hardly ever conflict. Of a block over one pool nothing is executed twice, since it
// is not run side by side.
func TestBlocks(t *testing.T) {
	for _, pools := range []int{1, 2, 100} {
		t.Run(fmt.Sprint(pools), func(t *testing.T) {
			l := newLoad(newMarket(pools, pools, 200), false)
			for _, s := range compare(t, l, 2, kind{memory: true}, kind{workers: 2, memory: true}) {
				for _, sample := range s.samples {
					require.GreaterOrEqual(t, sample.executions, int64(200), s.kind)
					if pools != 2 || s.workers == 0 {
						require.LessOrEqual(t, sample.executions, int64(204), s.kind)
					}
				}
			}
		})
	}
}
