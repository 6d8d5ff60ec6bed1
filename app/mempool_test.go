package app_test

import (
	"context"
	"fmt"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/baseapp/txnrunner"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/app/mempool"
	apptest "github.com/alita-network/alita/testutil/app"
)

// arrives has a transaction come to the node and returns the code of its checks.
func arrives(t testing.TB, chain *apptest.Chain, tx []byte, kind abci.CheckTxType) uint32 {
	t.Helper()
	res, err := chain.App.CheckTx(&abci.RequestCheckTx{Tx: tx, Type: kind})
	require.NoError(t, err)
	return res.Code
}

// proposes is what the node would propose next.
func proposes(t testing.TB, chain *apptest.Chain) [][]byte {
	t.Helper()
	res, err := chain.App.PrepareProposal(&abci.RequestPrepareProposal{Height: chain.Height(), Time: chain.Time(), MaxTxBytes: app.MaxBlockBytes})
	require.NoError(t, err)
	return res.Txs
}

// announced is a runner that says how many transactions of a block it has executed.
type announced struct {
	sdk.TxRunner
	executed chan int
}

func (a announced) Run(ctx context.Context, ms storetypes.MultiStore, txs [][]byte, deliver sdk.DeliverTxFunc) ([]*abci.ExecTxResult, error) {
	res, err := a.TxRunner.Run(ctx, ms, txs, deliver)
	a.executed <- len(txs)
	return res, err
}

// announcing returns a chain whose executions of blocks come over a channel.
func announcing(t testing.TB, opts ...apptest.Option) (*apptest.Chain, chan int) {
	t.Helper()
	executed := make(chan int, 1<<12)
	chain := apptest.New(t, append(opts, apptest.WithFees(), apptest.WithSetup(func(a *app.App) {
		a.SetBlockSTMTxRunner(announced{txnrunner.NewDefaultRunner(a.TxConfig().TxDecoder()), executed})
	}))...)
	<-executed // the first block
	return chain, executed
}

// TestAttackUndecidedProposals: a proposer whose proposals are executed and never decided takes no transaction out of the
// other nodes' pools.
func TestAttackUndecidedProposals(t *testing.T) {
	chain, executed := announcing(t, apptest.WithFunded(1_000_000, "alice", "bob"))
	send := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))
	txs := [][]byte{send(200_000, ualita(500)), send(200_000, ualita(500))}
	for _, tx := range txs {
		require.Zero(t, arrives(t, chain, tx, abci.CheckTxType_New))
	}
	for round := range 1_000 {
		res, err := chain.App.ProcessProposal(&abci.RequestProcessProposal{
			Height: chain.Height(), Time: chain.Time(), Txs: txs, Hash: fmt.Appendf(nil, "round %d", round),
		})
		require.NoError(t, err)
		require.Equal(t, abci.ResponseProcessProposal_ACCEPT, res.Status)
		require.Equal(t, len(txs), <-executed)
	}
	require.Equal(t, txs, proposes(t, chain))
	chain.NextBlock() // another block is decided
	for _, tx := range txs {
		require.Zero(t, arrives(t, chain, tx, abci.CheckTxType_Recheck))
	}
	require.Equal(t, txs, proposes(t, chain))
	chain.NextBlock(txs...)
	require.Zero(t, chain.App.Mempool().CountTx())
	require.Empty(t, proposes(t, chain))
}

// several signs n transactions of an account, before the first of them arrives.
func several(n int, send func(uint64, sdk.Coins) []byte, fee sdk.Coins) [][]byte {
	txs := make([][]byte, n)
	for i := range txs {
		txs[i] = send(200_000, fee)
	}
	return txs
}

// TestAttackFullPool: who fills the pool first keeps nobody out who pays more, and nobody's answers out of places of their own.
func TestAttackFullPool(t *testing.T) {
	places := mempool.DefaultLimits()[mempool.General].Txs
	names := []string{"bob", "carol"}
	for i := range places / mempool.MaxOfSender {
		names = append(names, fmt.Sprint("spammer", i))
	}
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000, names...), apptest.WithoutInvariants())
	bob, carol := apptest.NamedAccount("bob"), apptest.NamedAccount("carol")
	var last []byte
	for _, name := range names[2:] {
		for _, tx := range several(mempool.MaxOfSender, sends(chain, apptest.NamedAccount(name), bob), ualita(500)) {
			require.Zero(t, arrives(t, chain, tx, abci.CheckTxType_New))
			last = tx
		}
	}
	require.Equal(t, places, chain.App.Mempool().CountTx())
	full := sdkerrors.ErrMempoolIsFull.ABCICode()
	require.Equal(t, full, arrives(t, chain, sends(chain, carol, bob)(200_000, ualita(500)), abci.CheckTxType_New), "as cheap as the others")
	dear := sends(chain, bob, carol)(200_000, ualita(501))
	require.Zero(t, arrives(t, chain, dear, abci.CheckTxType_New))
	require.Equal(t, places, chain.App.Mempool().CountTx())
	require.Equal(t, dear, proposes(t, chain)[0])
	chain.NextBlock()
	require.Equal(t, full, arrives(t, chain, last, abci.CheckTxType_Recheck), "CometBFT drops what the pool has dropped")
	require.Zero(t, arrives(t, chain, dear, abci.CheckTxType_Recheck))
}

// TestAttackManyOfOneSender: one account holds at most 64 places.
func TestAttackManyOfOneSender(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, "alice", "bob"))
	send := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))
	for i, tx := range several(100, send, ualita(50_000)) {
		code := arrives(t, chain, tx, abci.CheckTxType_New)
		require.Equal(t, i < mempool.MaxOfSender, code == 0, "%d", i)
	}
	require.Equal(t, mempool.MaxOfSender, chain.App.Mempool().CountTx())
}

// TestAttackRefusedProposal: a proposer's bad block in a later round changes nothing about the good one that was executed
// before it and is decided after all.
func TestAttackRefusedProposal(t *testing.T) {
	decide := func(refuse bool) []byte {
		chain, executed := announcing(t, apptest.WithFunded(1_000_000, "alice", "bob"))
		tx := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))(200_000, ualita(500))
		process := func(hash string, txs ...[]byte) abci.ResponseProcessProposal_ProposalStatus {
			res, err := chain.App.ProcessProposal(&abci.RequestProcessProposal{Height: chain.Height(), Time: chain.Time(), Txs: txs, Hash: []byte(hash)})
			require.NoError(t, err)
			return res.Status
		}
		require.Equal(t, abci.ResponseProcessProposal_ACCEPT, process("good", tx))
		require.Equal(t, 1, <-executed)
		if refuse {
			require.Equal(t, abci.ResponseProcessProposal_REJECT, process("bad", []byte("garbage")))
		}
		res, err := chain.App.FinalizeBlock(&abci.RequestFinalizeBlock{Height: chain.Height(), Time: chain.Time(), Txs: [][]byte{tx}, Hash: []byte("good")})
		require.NoError(t, err)
		require.Len(t, res.TxResults, 1)
		require.True(t, res.TxResults[0].IsOK(), res.TxResults[0].Log)
		return res.AppHash
	}
	require.Equal(t, decide(false), decide(true))
}

// BenchmarkRecheck checks a waiting transfer again, as happens for each one after each block.
func BenchmarkRecheck(b *testing.B) {
	const senders = 1_000
	names := make([]string, senders)
	for i := range names {
		names[i] = fmt.Sprint("sender", i)
	}
	chain := apptest.New(b, apptest.WithFees(), apptest.WithFunded(1_000_000_000, names...), apptest.WithoutInvariants())
	txs := make([][]byte, senders)
	for i, name := range names {
		txs[i] = sends(chain, apptest.NamedAccount(name), apptest.NamedAccount(names[0]))(200_000, ualita(500))
		require.Zero(b, arrives(b, chain, txs[i], abci.CheckTxType_New))
	}
	for b.Loop() {
		b.StopTimer()
		chain.NextBlock()
		b.StartTimer()
		for _, tx := range txs {
			require.Zero(b, arrives(b, chain, tx, abci.CheckTxType_Recheck))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/senders, "µs/tx")
}
