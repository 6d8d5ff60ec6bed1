package integration_test

import (
	"fmt"
	"math/rand"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/server"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"

	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// TestRandomBlocks lets all actors send random messages, sensible and not, in
// blocks of several transactions to a node of each executor. After every block
// the nodes agree on the application hash and all invariants of all modules
// hold; in the end a chain started from the export goes on like the original.
// ALITA_SIM=full runs longer.
func TestRandomBlocks(t *testing.T) {
	blocks, seeds := 120, []int64{1}
	if os.Getenv("ALITA_SIM") == "full" {
		blocks, seeds = 1_000, []int64{1, 2, 3, 4, 5, 6}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed)
			for range blocks {
				w.block()
			}
			t.Logf("accepted: %v", w.accepted)
			for _, kind := range w.kinds() {
				require.NotZero(t, w.accepted[kind], "%s was never accepted: %v", kind, w.refused[kind])
			}
			restarted := w.chain.Restarted()
			tx := w.chain.Sign(consumer, &datapooltypes.MsgFundRewards{Sender: consumer.String(), PoolId: poolID, Amount: alita(1)})
			require.True(t, w.chain.NextBlock(tx).TxResults[0].IsOK())
			require.True(t, restarted.NextBlock(tx).TxResults[0].IsOK())
			w.chain.RequireSameState(restarted)
		})
	}
}

// world is a chain with what the actors remember of it.
type world struct {
	t        testing.TB
	r        *rand.Rand
	chain    *apptest.Chain
	parallel *apptest.Chain
	program  string
	// records are the records registered, with their owners.
	records []ownedRecord
	// lasting are the records that nobody touches.
	lasting []ownedRecord
	jobs    []string
	// sealed are the vectors that were attested, by job and record; offered
	// those of attestations that are in no block yet.
	sealed, offered map[string]*computetypes.MsgDeliver
	salt            uint64
	// accepted counts messages by kind, refused holds the last reason by kind.
	accepted map[string]int
	refused  map[string]string
}

type ownedRecord struct {
	id    string
	owner apptest.Account
}

func newWorld(t testing.TB, seed int64) *world {
	t.Helper()
	w := &world{
		t: t, r: rand.New(rand.NewSource(seed)), salt: 1_000,
		sealed: map[string]*computetypes.MsgDeliver{}, offered: map[string]*computetypes.MsgDeliver{},
		accepted: map[string]int{}, refused: map[string]string{},
	}
	w.chain = apptest.New(t, funded())
	w.parallel = apptest.New(t, funded(),
		apptest.WithAppOption(server.FlagBlockExecutor, serverconfig.BlockExecutorBlockSTM),
		apptest.WithAppOption(server.FlagBlockSTMWorkers, 3))
	for _, chain := range []*apptest.Chain{w.chain, w.parallel} {
		createPool(chain)
		w.program = storeMoments(t, chain)
		buy(chain, consumer, 500*whole)
		for _, owner := range owners {
			chain.Must(owner, registerWorkerMsg(t, owner))
		}
	}
	// The owners' first records stay: without them hardly any job has its cohort.
	for i, owner := range owners {
		msg := registerMsg(t, owner, 1, uint64(30+i))
		id := metadatatypes.RecordID(owner.Address(), msg.Salt)
		for _, chain := range []*apptest.Chain{w.chain, w.parallel} {
			chain.Must(owner, msg)
			chain.Must(maker, admitMsg(id))
			chain.Must(owner, grantMsg(owner, id))
		}
		w.lasting = append(w.lasting, ownedRecord{id, owner})
	}
	return w
}

// block makes a block of random transactions on both nodes.
func (w *world) block() {
	w.t.Helper()
	if w.r.Intn(4) == 0 {
		leap := time.Duration(w.r.Intn(300)) * time.Second
		w.chain.Advance(leap)
		w.parallel.Advance(leap)
	}
	var txs [][]byte
	var msgs []sdk.Msg
	for range w.r.Intn(7) {
		signer, msg := w.message()
		if msg == nil {
			continue
		}
		txs = append(txs, w.chain.Sign(signer, msg))
		msgs = append(msgs, msg)
	}
	one, other := w.chain.NextBlock(txs...), w.parallel.NextBlock(txs...)
	require.Equal(w.t, one.AppHash, other.AppHash, "block %d", w.chain.Height()-1)
	require.Equal(w.t, one.Events, other.Events)
	for i, res := range one.TxResults {
		kind := sdk.MsgTypeURL(msgs[i])
		require.Equal(w.t, res.GasUsed, other.TxResults[i].GasUsed, kind)
		require.Equal(w.t, res.Code, other.TxResults[i].Code, kind)
		// Every refusal is an error that somebody registered.
		require.NotEqual(w.t, errorsmod.UndefinedCodespace, res.Codespace, res.Log)
		if !res.IsOK() {
			w.refused[kind] = res.Log
			continue
		}
		w.accepted[kind]++
		if msg, ok := msgs[i].(*computetypes.MsgContribute); ok {
			w.sealed[msg.Attestation.JobId+msg.Attestation.RecordId] = w.offered[string(msg.Attestation.ResultCommitment)]
		}
	}
	clear(w.offered)
}

// kinds are all messages that must be accepted now and then.
func (*world) kinds() []string {
	msgs := []sdk.Msg{
		&datapooltypes.MsgAddLiquidity{}, &datapooltypes.MsgRemoveLiquidity{}, &datapooltypes.MsgSwapExactIn{},
		&datapooltypes.MsgSwapExactOut{}, &datapooltypes.MsgFundRewards{}, &datapooltypes.MsgClaimMaker{}, &datapooltypes.MsgClaimProtocol{},
		&metadatatypes.MsgRegisterRecord{}, &metadatatypes.MsgAdmitVersion{}, &metadatatypes.MsgRefuseVersion{},
		&metadatatypes.MsgRetireRecord{}, &metadatatypes.MsgGrant{}, &metadatatypes.MsgRevokeGrant{},
		&computetypes.MsgOpenJob{}, &computetypes.MsgContribute{}, &computetypes.MsgDeliver{}, &computetypes.MsgCancelJob{},
	}
	kinds := make([]string, len(msgs))
	for i, msg := range msgs {
		kinds[i] = sdk.MsgTypeURL(msg)
	}
	return kinds
}

// message returns the next random message, nil when there is nothing to do it with.
func (w *world) message() (apptest.Account, sdk.Msg) {
	switch w.r.Intn(3) {
	case 0:
		return w.marketMessage()
	case 1:
		return w.recordMessage()
	default:
		return w.jobMessage()
	}
}

// amount is mostly moderate, at times dust, nothing or absurd.
func (w *world) amount() int64 {
	switch w.r.Intn(12) {
	case 0:
		return 0
	case 1:
		return int64(w.r.Intn(50))
	case 2:
		return w.r.Int63()
	default:
		return w.r.Int63n(20 * whole)
	}
}

func (w *world) coin() sdk.Coin {
	amount := w.amount()
	return []sdk.Coin{alita(amount), data(amount)}[w.r.Intn(2)]
}

func (w *world) actor() apptest.Account {
	return append([]apptest.Account{maker, consumer}, owners...)[w.r.Intn(2+len(owners))]
}

func (w *world) marketMessage() (apptest.Account, sdk.Msg) {
	who, until := w.actor(), deadline(w.chain)
	if w.r.Intn(20) == 0 {
		until = w.chain.Time().Add(-time.Second)
	}
	switch w.r.Intn(8) {
	case 0:
		return who, &datapooltypes.MsgAddLiquidity{
			Sender: who.String(), PoolId: poolID, MaxAlita: math.NewInt(w.amount()), MaxData: math.NewInt(w.amount()),
			MinShares: math.OneInt(), Deadline: until,
		}
	case 1:
		return who, &datapooltypes.MsgRemoveLiquidity{
			Sender: who.String(), PoolId: poolID, Shares: math.NewInt(w.amount()),
			MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: until,
		}
	case 2:
		return who, &datapooltypes.MsgFundRewards{Sender: who.String(), PoolId: poolID, Amount: w.coin()}
	case 3:
		if w.r.Intn(2) == 0 {
			return who, &datapooltypes.MsgClaimProtocol{Sender: who.String(), PoolId: poolID}
		}
		return maker, &datapooltypes.MsgClaimMaker{Maker: maker.String(), PoolId: poolID}
	case 4, 5:
		return who, &datapooltypes.MsgSwapExactOut{
			Sender: who.String(), PoolId: poolID, TokenOut: w.coin(), MaxIn: math.NewInt(w.amount()), Deadline: until,
		}
	default:
		return who, &datapooltypes.MsgSwapExactIn{
			Sender: who.String(), PoolId: poolID, TokenIn: w.coin(), MinOut: math.OneInt(), Deadline: until,
		}
	}
}

func (w *world) recordMessage() (apptest.Account, sdk.Msg) {
	if len(w.records) == 0 || w.r.Intn(5) == 0 {
		w.salt++
		owner := owners[w.r.Intn(len(owners))]
		msg := registerMsg(w.t, owner, w.salt, uint64(1+w.r.Intn(3_000)))
		w.records = append(w.records, ownedRecord{metadatatypes.RecordID(owner.Address(), msg.Salt), owner})
		return owner, msg
	}
	rec := w.records[w.r.Intn(len(w.records))]
	switch w.r.Intn(12) {
	case 0:
		return maker, &metadatatypes.MsgRefuseVersion{Maker: maker.String(), RecordId: rec.id, Version: "1.0.0", Reason: "too few rows"}
	case 1:
		return rec.owner, &metadatatypes.MsgRetireRecord{Owner: rec.owner.String(), RecordId: rec.id}
	case 2:
		return rec.owner, &metadatatypes.MsgRevokeGrant{Owner: rec.owner.String(), RecordId: rec.id, GrantId: uint64(w.r.Intn(3))}
	case 3, 4, 5, 6, 7:
		who := maker
		if w.r.Intn(10) == 0 {
			who = w.actor()
		}
		return who, &metadatatypes.MsgAdmitVersion{Maker: who.String(), RecordId: rec.id, Version: "1.0.0"}
	default:
		return rec.owner, grantMsg(rec.owner, rec.id)
	}
}

func (w *world) jobMessage() (apptest.Account, sdk.Msg) {
	if len(w.jobs) == 0 || w.r.Intn(8) == 0 {
		w.salt++
		msg := openJobMsg(w.t, w.program, w.salt)
		msg.Spec.Budget = computetypes.NewFunds(1+w.r.Int63n(20*whole), 1+w.r.Int63n(200*whole))
		msg.Spec.ContributeBlocks, msg.Spec.DeliverBlocks = uint32(1+w.r.Intn(40)), uint32(1+w.r.Intn(20))
		w.jobs = append(w.jobs, computetypes.JobID(consumer.Address(), msg.Salt))
		return consumer, msg
	}
	jobID := w.jobs[len(w.jobs)-1-w.r.Intn(min(3, len(w.jobs)))]
	job, err := w.chain.App.ComputeKeeper.Job(w.chain.Ctx(), jobID)
	if err != nil {
		return apptest.Account{}, nil
	}
	rec := w.lasting[w.r.Intn(len(w.lasting))]
	if len(w.records) > 0 && w.r.Intn(3) == 0 {
		rec = w.records[w.r.Intn(len(w.records))]
	}
	if w.r.Intn(30) == 0 {
		return consumer, &computetypes.MsgCancelJob{Consumer: consumer.String(), JobId: jobID}
	}
	if job.Status == computetypes.JOB_STATUS_CONTRIBUTING {
		if _, err := w.chain.App.MetadataKeeper.Contributable(w.chain.Ctx(), rec.id); err != nil {
			return apptest.Account{}, nil
		}
		contribute, deliver := contribution(w.t, w.chain, rec.owner, rec.id, jobID, []int64{w.r.Int63(), 2, 3})
		if w.r.Intn(10) == 0 {
			contribute.Attestation.Operations++
		}
		w.offered[string(contribute.Attestation.ResultCommitment)] = deliver
		return workerOf(rec.owner), contribute
	}
	for _, rec := range append(slices.Clone(w.lasting), w.records...) {
		if msg := w.sealed[jobID+rec.id]; msg != nil && w.r.Intn(2) == 0 {
			return workerOf(rec.owner), msg
		}
	}
	return apptest.Account{}, nil
}
