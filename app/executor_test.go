package app_test

import (
	"fmt"
	"math/rand"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/server"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
)

// TestExecutorsAgree runs random blocks on a node of each executor. The same
// application hash and the same results after every block are what lets
// operators choose the executor freely.
func TestExecutorsAgree(t *testing.T) {
	const (
		accounts  = 12
		blocks    = 60
		perBlock  = 40
		endowment = 3_000
	)
	names := make([]string, accounts)
	for i := range names {
		names[i] = fmt.Sprintf("account%d", i)
	}
	funded := apptest.WithFunded(endowment, names...)
	sequential := apptest.New(t, funded)
	parallel := apptest.New(t, funded,
		apptest.WithAppOption(server.FlagBlockExecutor, serverconfig.BlockExecutorBlockSTM),
		apptest.WithAppOption(server.FlagBlockSTMWorkers, 4))

	r := rand.New(rand.NewSource(1))
	var accepted, refused int
	for block := range blocks {
		txs := make([][]byte, perBlock)
		for i := range txs {
			// Some are no transactions at all.
			if r.Intn(40) == 0 {
				txs[i] = make([]byte, r.Intn(100))
				r.Read(txs[i])
				continue
			}
			from := apptest.NamedAccount(names[r.Intn(accounts)])
			to := apptest.NamedAccount(names[r.Intn(accounts)]).Address()
			if r.Intn(5) == 0 {
				to = apptest.NamedAccount(fmt.Sprintf("new%d.%d", block, i)).Address()
			}
			// Some ask for more than there is, some for more gas than they offer.
			amount, gas := int64(1+r.Intn(900)), uint64(200_000)
			if r.Intn(10) == 0 {
				gas = uint64(20_000 + r.Intn(60_000))
			}
			fee := sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, int64(r.Intn(20))))
			txs[i] = sequential.SignWithFee(from, gas, fee,
				banktypes.NewMsgSend(from.Address(), to, sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, amount))))
		}
		one, other := sequential.NextBlock(txs...), parallel.NextBlock(txs...)
		require.Equal(t, one.AppHash, other.AppHash, "block %d", block)
		require.Equal(t, outcomes(one), outcomes(other), "block %d", block)
		for _, res := range one.TxResults {
			if res.IsOK() {
				accepted++
			} else {
				refused++
			}
		}
	}
	require.Greater(t, accepted, blocks*perBlock/10)
	require.Greater(t, refused, blocks*perBlock/10)
}

// outcomes are the parts of the results that enter the next block's header.
func outcomes(res *abci.ResponseFinalizeBlock) []abci.ExecTxResult {
	out := make([]abci.ExecTxResult, len(res.TxResults))
	for i, r := range res.TxResults {
		out[i] = abci.ExecTxResult{Code: r.Code, Data: r.Data, GasWanted: r.GasWanted, GasUsed: r.GasUsed}
	}
	return out
}
