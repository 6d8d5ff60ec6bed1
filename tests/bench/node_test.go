package bench_test

import (
	goruntime "runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/server"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	pruningtypes "github.com/cosmos/cosmos-sdk/store/v2/pruning/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
)

// kind is how a node is set up.
type kind struct {
	// workers of Block-STM; zero is the sequential executor.
	workers int
	// memory keeps the state in memory and not in goleveldb, a node's default.
	memory bool
}

func (k kind) String() string {
	name := "sequential"
	if k.workers > 0 {
		name = "Block-STM, " + plural(k.workers, "worker")
	}
	if k.memory {
		name += ", in memory"
	}
	return name
}

// node is a chain that counts how often transactions are executed.
type node struct {
	*apptest.Chain
	kind
	executions atomic.Int64
}

// sample is what one block took.
type sample struct {
	finalize, commit, cpu time.Duration
	// executions counts runs of transactions, conflicts included.
	executions int64
	mallocs    uint64
	bytes      uint64
	gas        int64
}

func (s sample) total() time.Duration { return s.finalize + s.commit }

// newNode starts a node with the settings of a new app.toml.
func newNode(tb testing.TB, k kind, m market) *node {
	tb.Helper()
	n := &node{kind: k}
	_, settings := app.DefaultServerConfig()
	options := append(m.funds(),
		apptest.WithoutInvariants(), apptest.WithSetup(m.open), apptest.WithSetup(n.count),
		apptest.WithBaseApp(
			baseapp.SetPruning(pruningtypes.NewPruningOptions(pruningtypes.PruningDefault)),
			baseapp.SetIAVLCacheSize(int(settings.IAVLCacheSize)),
			baseapp.SetIAVLDisableFastNode(settings.IAVLDisableFastNode),
			baseapp.SetMinGasPrices(settings.MinGasPrices),
		))
	if k.workers > 0 {
		options = append(options,
			apptest.WithAppOption(server.FlagBlockExecutor, serverconfig.BlockExecutorBlockSTM),
			apptest.WithAppOption(server.FlagBlockSTMWorkers, k.workers))
	}
	if !k.memory {
		db, err := dbm.NewDB("application", dbm.GoLevelDBBackend, tb.TempDir())
		require.NoError(tb, err)
		tb.Cleanup(func() { require.NoError(tb, db.Close()) })
		options = append(options, apptest.WithDB(db))
	}
	n.Chain = apptest.New(tb, options...)
	return n
}

// count makes the node count executions where they begin.
func (n *node) count(a *app.App) {
	ante := a.AnteHandler()
	a.SetAnteHandler(func(ctx sdk.Context, tx sdk.Tx, simulate bool) (sdk.Context, error) {
		n.executions.Add(1)
		return ante(ctx, tx, simulate)
	})
}

// block executes and commits a block of transactions, all of which must succeed.
func (n *node) block(tb testing.TB, txs [][]byte) (sample, *abci.ResponseFinalizeBlock) {
	tb.Helper()
	var s sample
	var before, after goruntime.MemStats
	goruntime.GC()
	goruntime.ReadMemStats(&before)
	n.executions.Store(0)
	cpu, start := cpuTime(), time.Now()
	res := n.Finalize(txs...)
	s.finalize = time.Since(start)
	middle := time.Now()
	n.Commit()
	s.commit, s.cpu = time.Since(middle), cpuTime()-cpu
	goruntime.ReadMemStats(&after)
	s.executions = n.executions.Load()
	s.mallocs, s.bytes = after.Mallocs-before.Mallocs, after.TotalAlloc-before.TotalAlloc
	for _, tx := range res.TxResults {
		require.Zero(tb, tx.Code, tx.Log)
		s.gas += tx.GasUsed
	}
	return s, res
}

// cpuTime is what all threads of the process have used.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
