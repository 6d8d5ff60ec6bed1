package integration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/server"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/crypto/result"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// TestCollection plays the life of a collection: pool, records, a swap, a job
// and its settlement, with every payment followed to the unit.
func TestCollection(t *testing.T) {
	chain := apptest.New(t, funded())
	dataDenom := datapooltypes.DataDenom(poolID)
	createPool(chain)
	program := storeMoments(t, chain)
	records := make([]string, len(owners))
	for i, owner := range owners {
		chain.Must(owner, registerWorkerMsg(t, owner))
		records[i] = listRecord(t, chain, owner, uint64(30+i))
		require.EqualValues(t, 4*whole, chain.Balance(owner.Address(), dataDenom).Int64(), "reward of %s", owner.Name)
	}
	// 100 ALITA buy floor(10000*0.997*100 / (1000 + 0.997*100)) tokens.
	buy(chain, consumer, 100*whole)
	require.EqualValues(t, 906_610_893, chain.Balance(consumer.Address(), dataDenom).Int64())

	alitaBefore := chain.Balance(consumer.Address(), app.BaseDenom)
	dataBefore := chain.Balance(consumer.Address(), dataDenom)
	open := openJobMsg(t, program, 1)
	chain.Must(consumer, open)
	jobID := computetypes.JobID(consumer.Address(), open.Salt)
	const openFee = 50_000
	require.EqualValues(t, 10*whole+openFee, alitaBefore.Sub(chain.Balance(consumer.Address(), app.BaseDenom)).Int64())
	alitaBefore = alitaBefore.SubRaw(openFee)

	vectors := [][]int64{{30, 600, 13_000}, {31, 640, 14_000}, {32, 700, 15_500}}
	deliveries := make([]*computetypes.MsgDeliver, len(owners))
	for i, owner := range owners {
		contribute, deliver := contribution(t, chain, owner, records[i], jobID, vectors[i])
		chain.Must(workerOf(owner), contribute)
		deliveries[i] = deliver
	}
	job, err := chain.App.ComputeKeeper.Job(chain.Ctx(), jobID)
	require.NoError(t, err)
	require.Equal(t, computetypes.JOB_STATUS_DELIVERING, job.Status)
	held := map[string]math.Int{}
	for i, owner := range owners {
		held[owner.Name] = chain.Balance(owner.Address(), app.BaseDenom)
		chain.Must(workerOf(owner), deliveries[i])
	}
	chain.NextBlocks(2)

	job, err = chain.App.ComputeKeeper.Job(chain.Ctx(), jobID)
	require.NoError(t, err)
	require.Equal(t, computetypes.JOB_STATUS_SETTLED, job.Status)
	// What was paid and what came back is what was put in.
	require.Equal(t, int64(10*whole), job.Paid.Alita.Add(job.Refunded.Alita).Int64())
	require.Equal(t, int64(100*whole), job.Paid.Data.Add(job.Refunded.Data).Int64())
	require.Equal(t, job.Paid.Alita, alitaBefore.Sub(chain.Balance(consumer.Address(), app.BaseDenom)))
	require.Equal(t, job.Paid.Data, dataBefore.Sub(chain.Balance(consumer.Address(), dataDenom)))
	require.True(t, chain.Balance(computetypes.EscrowAddress(jobID), app.BaseDenom).IsZero())
	require.True(t, chain.Balance(computetypes.EscrowAddress(jobID), dataDenom).IsZero())
	for _, owner := range owners {
		require.True(t, chain.Balance(owner.Address(), app.BaseDenom).GT(held[owner.Name]), owner.Name)
		require.True(t, chain.Balance(owner.Address(), dataDenom).GT(math.NewInt(4*whole)), owner.Name)
	}

	// The consumer, and only the consumer, opens what was delivered.
	sum := make([]int64, 3)
	for i, d := range deliveries {
		vector, err := result.Open(keyOf(t, consumer.Name), result.Binding{
			ChainID: apptest.ChainID, JobID: jobID, RecordID: records[i], Version: "1.0.0", Owner: owners[i].Address(),
		}, 3, result.Sealed{Enc: d.Sealed.Enc, Ciphertext: d.Sealed.Ciphertext})
		require.NoError(t, err)
		for slot, v := range vector {
			sum[slot] += v
		}
	}
	require.Equal(t, []int64{93, 1_940, 42_500}, sum)

	earned := chain.Balance(maker.Address(), app.BaseDenom)
	chain.Must(maker, &datapooltypes.MsgClaimMaker{Maker: maker.String(), PoolId: poolID})
	// A fifth of 0.3 % of 100 ALITA.
	require.EqualValues(t, 54_000, chain.Balance(maker.Address(), app.BaseDenom).Sub(earned).Int64())
}

// TestRestartInEveryPhase exports the state in the middle of a job, starts a
// chain from it and lets both go on: all modules end in the same state.
func TestRestartInEveryPhase(t *testing.T) {
	for _, until := range []string{"pool", "records", "open", "contributed", "delivered one", "settled"} {
		t.Run(until, func(t *testing.T) {
			t.Parallel()
			chain := apptest.New(t, funded())
			var restarted *apptest.Chain
			at := func(phase string) {
				if phase == until {
					restarted = chain.Restarted()
				}
			}
			// Both chains make the same blocks from there on.
			both := func(signer apptest.Account, msg sdk.Msg) {
				tx := chain.Sign(signer, msg)
				res := chain.NextBlock(tx).TxResults[0]
				require.True(t, res.IsOK(), res.Log)
				if restarted != nil {
					res := restarted.NextBlock(tx).TxResults[0]
					require.True(t, res.IsOK(), res.Log)
				}
			}
			createPool(chain)
			program := storeMoments(t, chain)
			buy(chain, consumer, 100*whole)
			at("pool")
			records := make([]string, len(owners))
			for i, owner := range owners {
				registration := registerMsg(t, owner, 1, uint64(30+i))
				both(owner, registerWorkerMsg(t, owner))
				both(owner, registration)
				records[i] = metadatatypes.RecordID(owner.Address(), registration.Salt)
				both(maker, admitMsg(records[i]))
				both(owner, grantMsg(owner, records[i]))
			}
			at("records")
			open := openJobMsg(t, program, 1)
			both(consumer, open)
			jobID := computetypes.JobID(consumer.Address(), open.Salt)
			at("open")
			deliveries := make([]*computetypes.MsgDeliver, len(owners))
			for i, owner := range owners {
				contribute, deliver := contribution(t, chain, owner, records[i], jobID, []int64{30, 600, 13_000})
				both(workerOf(owner), contribute)
				deliveries[i] = deliver
			}
			at("contributed")
			both(workerOf(owners[0]), deliveries[0])
			at("delivered one")
			both(workerOf(owners[1]), deliveries[1])
			both(workerOf(owners[2]), deliveries[2])
			both(maker, &datapooltypes.MsgClaimMaker{Maker: maker.String(), PoolId: poolID})
			at("settled")
			both(owners[0], &datapooltypes.MsgSwapExactOut{
				Sender: owners[0].String(), PoolId: poolID, TokenOut: data(5 * whole),
				MaxIn: math.NewInt(10 * whole), Deadline: deadline(chain),
			})

			chain.RequireSameState(restarted)
			job, err := restarted.App.ComputeKeeper.Job(restarted.Ctx(), jobID)
			require.NoError(t, err)
			require.Equal(t, computetypes.JOB_STATUS_SETTLED, job.Status)
		})
	}
}

// TestExecutorsAgreeOnTrades lets many accounts trade in one block, in any
// order, on a node of each executor.
func TestExecutorsAgreeOnTrades(t *testing.T) {
	sequential := apptest.New(t, funded())
	parallel := apptest.New(t, funded(),
		apptest.WithAppOption(server.FlagBlockExecutor, serverconfig.BlockExecutorBlockSTM),
		apptest.WithAppOption(server.FlagBlockSTMWorkers, 4))
	for _, chain := range []*apptest.Chain{sequential, parallel} {
		createPool(chain)
	}
	traders := append([]apptest.Account{maker, consumer}, owners...)
	for block := range 20 {
		var txs [][]byte
		for i, trader := range traders {
			for j := range 3 {
				amount := int64((1 + block + i*j) * whole / 7)
				txs = append(txs, sequential.Sign(trader, &datapooltypes.MsgSwapExactIn{
					Sender: trader.String(), PoolId: poolID, TokenIn: alita(amount),
					// The bound refuses some of those that come late in a block.
					MinOut: math.NewInt(amount * int64(6+j)), Deadline: deadline(sequential),
				}))
			}
		}
		one, other := sequential.NextBlock(txs...), parallel.NextBlock(txs...)
		require.Equal(t, one.AppHash, other.AppHash, "block %d", block)
		for i := range one.TxResults {
			require.Equal(t, one.TxResults[i].Code, other.TxResults[i].Code)
			require.Equal(t, one.TxResults[i].GasUsed, other.TxResults[i].GasUsed)
			require.Equal(t, one.TxResults[i].Events, other.TxResults[i].Events)
		}
	}
}
