package app_test

import (
	"bytes"
	"fmt"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
)

// TestRememberedSignatures: a node that has seen the transactions of a block before has the same results, gas and hash as
// one that has not.
func TestRememberedSignatures(t *testing.T) {
	names := []string{"alice", "bob", "carol"}
	fresh := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, names...))
	other := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, names...))
	for block := range 3 {
		var txs [][]byte
		for i, name := range names {
			to := apptest.NamedAccount(names[(i+1)%len(names)])
			for range 2 {
				txs = append(txs, sends(fresh, apptest.NamedAccount(name), to)(200_000, ualita(500)))
			}
		}
		for _, tx := range txs {
			res, err := other.App.CheckTx(&abci.RequestCheckTx{Tx: tx, Type: abci.CheckTxType_New})
			require.NoError(t, err)
			require.Zero(t, res.Code, res.Log)
		}
		require.Equal(t, abci.ResponseProcessProposal_ACCEPT, proposal(t, other, txs...))
		one, two := fresh.NextBlock(txs...), other.NextBlock(txs...)
		require.Equal(t, outcomes(one), outcomes(two), "block %d", block)
		require.Equal(t, one.AppHash, two.AppHash)
		for _, res := range two.TxResults {
			require.True(t, res.IsOK(), res.Log)
		}
	}
}

// TestAttackRememberedSignature: what is remembered of a good transaction serves no other: not with another signature, not twice.
func TestAttackRememberedSignature(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, "alice", "bob"))
	tx := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))(200_000, ualita(500))
	require.Equal(t, abci.ResponseProcessProposal_ACCEPT, proposal(t, chain, tx))
	for i := len(tx) - 64; i < len(tx); i += 9 { // within the signature
		forged := bytes.Clone(tx)
		forged[i] ^= 1
		require.Equal(t, abci.ResponseProcessProposal_REJECT, proposal(t, chain, forged), i)
	}
	res := chain.NextBlock(tx, tx).TxResults
	require.True(t, res[0].IsOK(), res[0].Log)
	require.Equal(t, sdkerrors.ErrWrongSequence.ABCICode(), res[1].Code, res[1].Log)
}

// BenchmarkProposal judges a proposal of 500 transfers, with signatures that the node has checked before and without.
func BenchmarkProposal(b *testing.B) {
	const senders = 500
	names := make([]string, senders)
	for i := range names {
		names[i] = fmt.Sprint("sender", i)
	}
	start := func() *apptest.Chain {
		return apptest.New(b, apptest.WithFees(), apptest.WithFunded(1_000_000_000, names...), apptest.WithoutInvariants(),
			apptest.WithAppOption(app.FlagOptimisticExecution, false))
	}
	chain := start()
	seen := make([][]byte, senders)
	for i, name := range names {
		seen[i] = sends(chain, apptest.NamedAccount(name), apptest.NamedAccount(names[0]))(200_000, ualita(500))
	}
	judge := func(b *testing.B, chain *apptest.Chain) {
		b.Helper()
		res, err := chain.App.ProcessProposal(&abci.RequestProcessProposal{Height: chain.Height(), Time: chain.Time(), Txs: seen})
		require.NoError(b, err)
		require.Equal(b, abci.ResponseProcessProposal_ACCEPT, res.Status)
	}
	b.Run("seen", func(b *testing.B) {
		judge(b, chain)
		for b.Loop() {
			judge(b, chain)
		}
	})
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			other := start()
			b.StartTimer()
			judge(b, other)
		}
	})
}
