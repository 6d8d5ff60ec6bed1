package integration_test

import (
	"fmt"
	"maps"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"github.com/stretchr/testify/require"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/server"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/app"
	simulation "github.com/alita-network/alita/tests/simulation/compute"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// TestRandomBlocks lets all actors send random messages, sensible and not, in
// blocks of several transactions to a sequential node and to nodes of Block-STM with 2
// and 8 workers. After every block the nodes agree on the application hash and all
// invariants of all modules hold; in the end a chain started from the export goes on like the original.
// Everything random follows from the seed in the test's name. ALITA_SIM=full runs longer.
func TestRandomBlocks(t *testing.T) {
	blocks, seeds := 200, []int64{1}
	if os.Getenv("ALITA_SIM") == "full" {
		blocks, seeds = 1_000, []int64{1, 2, 3, 4, 5, 6}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			// Also what is sealed, by which the application hash and so the seats are drawn.
			cryptotest.SetGlobalRandom(t, uint64(seed))
			w := newWorld(t, seed)
			w.playOnce()
			for range blocks {
				w.block()
			}
			w.provoke(sdk.MsgTypeURL(&computetypes.MsgAccuseSeat{}), simulation.Odds{Preparation: 2})
			w.provoke(sdk.MsgTypeURL(&computetypes.MsgDisputeSum{}), simulation.Odds{Sum: 1})
			for _, msg := range []sdk.Msg{&computetypes.MsgAcceptSums{}, &computetypes.MsgNextRound{}} {
				w.provoke(sdk.MsgTypeURL(msg), simulation.Odds{})
			}
			w.claimOwed()
			t.Log(w.summary())
			require.NotZero(t, w.sums, "no private sum was read")
			for _, kind := range w.kinds() {
				require.NotZero(t, w.accepted[kind], "%s was never accepted: %v", kind, w.reasons[kind])
			}
			require.NotZero(t, w.refused[sdk.MsgTypeURL(&datapooltypes.MsgPausePool{})], "nobody but governance may pause")
			// Draws follow from the application hash, which depends on how a tree grew: none in the block that is compared.
			for w.drawsNext() {
				w.block()
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
	parallel []*apptest.Chain
	program  string
	// rowProgram is asked for sums with noise, and for exact ones over panel.
	rowProgram, panel string
	// records are the records registered, with their owners.
	records []ownedRecord
	// lasting are the records that nobody touches.
	lasting []ownedRecord
	jobs    []string
	// sealed are the vectors that were attested, by job and record; offered
	// those of attestations that are in no block yet.
	sealed, offered map[string]*computetypes.MsgDeliver
	salt            uint64
	// accepted and refused count messages by kind, reasons holds the last refusal.
	accepted, refused map[string]int
	reasons           map[string]string
	// isNew are the addresses that random sends have made up.
	isNew map[string]bool
	// sums counts the private sums that were right.
	sums int
	// garbage counts what is no transaction, created the accounts that sends have made.
	garbage, created int
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
		accepted: map[string]int{}, refused: map[string]int{}, reasons: map[string]string{},
		isNew: map[string]bool{},
	}
	w.chain = apptest.New(t, withSeats()...)
	for _, workers := range []int{2, 8} {
		w.parallel = append(w.parallel, apptest.New(t, append(withSeats(),
			apptest.WithAppOption(server.FlagBlockExecutor, serverconfig.BlockExecutorBlockSTM),
			apptest.WithAppOption(server.FlagBlockSTMWorkers, workers))...))
	}
	for _, chain := range w.chains() {
		createPool(chain)
		createGuardedPool(chain)
		w.program, w.rowProgram = storeMoments(t, chain), storeMomentsRow(t, chain)
		createValidators(t, chain)
		buy(chain, consumer, 500*whole)
		for _, owner := range owners {
			chain.Must(owner, registerWorkerMsg(t, owner))
		}
	}
	// The owners' first records stay: without them hardly any job has its cohort.
	for i, owner := range owners {
		msg := registerMsg(t, owner, 1, uint64(30+i))
		id := metadatatypes.RecordID(owner.Address(), msg.Salt)
		for _, chain := range w.chains() {
			chain.Must(owner, msg)
			chain.Must(maker, admitMsg(id))
			chain.Must(owner, grantMsg(owner, id))
		}
		w.lasting = append(w.lasting, ownedRecord{id, owner})
	}
	// Each owner has a record in a panel, too.
	var members []string
	for i, owner := range owners {
		msg := registerMsg(t, owner, 2, uint64(3_000+i))
		members = append(members, metadatatypes.RecordID(owner.Address(), msg.Salt))
		for _, chain := range w.chains() {
			chain.Must(owner, msg)
			chain.Must(maker, admitMsg(members[i]))
		}
	}
	for _, chain := range w.chains() {
		w.panel = foundPanel(t, chain, namedTerms(w.rowProgram), owners, members)
	}
	return w
}

// chains are all nodes.
func (w *world) chains() []*apptest.Chain { return append([]*apptest.Chain{w.chain}, w.parallel...) }

// guardedPool is a second pool, with the block guard.
const guardedPool = 2

func createGuardedPool(chain *apptest.Chain) {
	chain.Must(maker, &datapooltypes.MsgCreatePool{
		Maker: maker.String(), Symbol: "DARK", Name: "Speed of light in water",
		LiquidityAlita: alita(1_000 * whole), LiquidityData: math.NewInt(5_000 * whole),
		RewardBudget: math.NewInt(1_000 * whole), RewardPolicy: datapooltypes.RewardPerRecord(math.NewInt(10 * whole)),
		MakerAllotment: math.NewInt(500 * whole), VestingSeconds: 1_000, LockSeconds: 2_000,
		Fees:       datapooltypes.FeePolicy{SwapFeePpm: 10_000, MakerPpm: 100_000, RewardsPpm: 100_000},
		BlockGuard: true,
	})
}

// summary says how many messages of each kind were accepted and refused.
func (w *world) summary() string {
	all := map[string]bool{}
	for kind := range w.accepted {
		all[kind] = true
	}
	for kind := range w.refused {
		all[kind] = true
	}
	var b strings.Builder
	accepted, refused := 0, 0
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "%s: %d accepted, %d refused\n", kind, w.accepted[kind], w.refused[kind])
		accepted, refused = accepted+w.accepted[kind], refused+w.refused[kind]
	}
	return fmt.Sprintf("%d messages accepted, %d refused; %d accounts made; %d times no transaction\n%s",
		accepted, refused, w.created, w.garbage, b.String())
}

// playOnce sends what random actors seldom get right: a pool changes hands, a version is refused, a job
// is cancelled.
func (w *world) playOnce() {
	w.t.Helper()
	w.salt++
	record := registerMsg(w.t, owners[0], w.salt, 10)
	refused := metadatatypes.RecordID(owners[0].Address(), record.Salt)
	job := openJobMsg(w.t, w.program, w.salt)
	for _, step := range []struct {
		signer apptest.Account
		msg    sdk.Msg
	}{
		{maker, &datapooltypes.MsgProposeMaker{Maker: maker.String(), PoolId: guardedPool, NewMaker: consumer.String()}},
		{consumer, &datapooltypes.MsgAcceptMaker{NewMaker: consumer.String(), PoolId: guardedPool}},
		{maker, &datapooltypes.MsgExtendLock{Maker: maker.String(), PoolId: poolID, LockedUntil: w.chain.Time().Add(time.Hour).Unix()}},
		{owners[0], record},
		{maker, &metadatatypes.MsgRefuseVersion{Maker: maker.String(), RecordId: refused, Version: "1.0.0", Reason: "too few rows"}},
		{consumer, job},
		{consumer, &computetypes.MsgCancelJob{Consumer: consumer.String(), JobId: computetypes.JobID(consumer.Address(), job.Salt)}},
	} {
		var b blockOf
		b.add(w.chain, step.signer, step.msg)
		w.deliver(b)
		require.NotZero(w.t, w.accepted[sdk.MsgTypeURL(step.msg)], w.reasons)
	}
}

// claimOwed lets a day pass, after which the owners are paid more of what they are owed.
func (w *world) claimOwed() {
	w.t.Helper()
	for _, chain := range w.chains() {
		chain.Advance(24 * time.Hour)
	}
	var b blockOf
	for _, owner := range owners {
		b.addOnce(w.chain, owner, &datapooltypes.MsgClaimRewards{Sender: owner.String(), Owner: owner.String(), PoolId: poolID})
	}
	w.deliver(b)
}

// block makes a block of random transactions on all nodes.
func (w *world) block() {
	w.t.Helper()
	if w.r.Intn(4) == 0 {
		leap := time.Duration(w.r.Intn(300)) * time.Second
		for _, chain := range w.chains() {
			chain.Advance(leap)
		}
	}
	var b blockOf
	for range w.r.Intn(12) {
		if w.r.Intn(40) == 0 {
			bz := make([]byte, w.r.Intn(200))
			w.r.Read(bz)
			b.txs, b.msgs = append(b.txs, bz), append(b.msgs, nil)
			continue
		}
		if signer, msg := w.message(); msg != nil {
			b.add(w.chain, signer, msg)
		}
	}
	for range w.r.Intn(8) {
		if signer, msg := w.secureMessage(); msg != nil {
			b.addOnce(w.chain, signer, msg)
		}
	}
	w.deliver(b)
}

// blockOf are the transactions of a block with their messages, nil for what is no transaction.
type blockOf struct {
	txs  [][]byte
	msgs []sdk.Msg
	said map[string]bool
}

func (b *blockOf) add(chain *apptest.Chain, signer apptest.Account, msg sdk.Msg) {
	b.txs, b.msgs = append(b.txs, chain.Sign(signer, msg)), append(b.msgs, msg)
}

// addOnce adds a message unless its signer has one of the kind in the block.
func (b *blockOf) addOnce(chain *apptest.Chain, signer apptest.Account, msg sdk.Msg) {
	key := signer.Name + sdk.MsgTypeURL(msg)
	if b.said[key] {
		return
	}
	if b.said == nil {
		b.said = map[string]bool{}
	}
	b.said[key] = true
	b.add(chain, signer, msg)
}

// deliver makes a block on all nodes and compares them.
func (w *world) deliver(b blockOf) {
	w.t.Helper()
	txs, msgs := b.txs, b.msgs
	one := w.chain.NextBlock(txs...)
	for _, chain := range w.parallel {
		other := chain.NextBlock(txs...)
		require.Equal(w.t, one.AppHash, other.AppHash, "block %d", w.chain.Height()-1)
		require.Equal(w.t, one.Events, other.Events)
		for i, res := range one.TxResults {
			require.Equal(w.t, res.GasUsed, other.TxResults[i].GasUsed, "%v", msgs[i])
			require.Equal(w.t, res.Code, other.TxResults[i].Code, "%v", msgs[i])
			require.Equal(w.t, res.Data, other.TxResults[i].Data, "%v", msgs[i])
		}
	}
	for i, res := range one.TxResults {
		// Every refusal is an error that somebody registered.
		require.NotEqual(w.t, errorsmod.UndefinedCodespace, res.Codespace, res.Log)
		if msgs[i] == nil {
			require.False(w.t, res.IsOK())
			w.garbage++
			continue
		}
		kind := sdk.MsgTypeURL(msgs[i])
		if !res.IsOK() {
			w.refused[kind]++
			w.reasons[kind] = res.Log
			continue
		}
		w.accepted[kind]++
		if send, ok := msgs[i].(*banktypes.MsgSend); ok && send.Amount.AmountOf(app.BaseDenom).IsPositive() && w.isNew[send.ToAddress] {
			w.created++
		}
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
		&datapooltypes.MsgAddLiquiditySingle{}, &datapooltypes.MsgRemoveLiquiditySingle{},
		&datapooltypes.MsgSwapRouteExactIn{}, &datapooltypes.MsgSwapRouteExactOut{},
		&datapooltypes.MsgClaimRewards{}, &datapooltypes.MsgExtendLock{}, &datapooltypes.MsgSweep{}, &datapooltypes.MsgUpdatePool{},
		&datapooltypes.MsgProposeMaker{}, &datapooltypes.MsgAcceptMaker{}, &banktypes.MsgSend{},
		&metadatatypes.MsgRegisterRecord{}, &metadatatypes.MsgAdmitVersion{}, &metadatatypes.MsgRefuseVersion{},
		&metadatatypes.MsgRetireRecord{}, &metadatatypes.MsgGrant{}, &metadatatypes.MsgRevokeGrant{},
		&computetypes.MsgOpenJob{}, &computetypes.MsgContribute{}, &computetypes.MsgDeliver{}, &computetypes.MsgCancelJob{},
		&computetypes.MsgRegisterSeat{}, &computetypes.MsgLeaveSeat{}, &computetypes.MsgTakeSeat{}, &computetypes.MsgAddNoise{}, &computetypes.MsgPrepare{}, &computetypes.MsgAccuseSeat{},
		&computetypes.MsgOpenSum{}, &computetypes.MsgAcceptSums{}, &computetypes.MsgDisputeSum{}, &computetypes.MsgNextRound{},
	}
	kinds := make([]string, len(msgs))
	for i, msg := range msgs {
		kinds[i] = sdk.MsgTypeURL(msg)
	}
	return kinds
}

// message returns the next random message, nil when there is nothing to do it with.
func (w *world) message() (apptest.Account, sdk.Msg) {
	switch w.r.Intn(4) {
	case 0, 1:
		return w.marketMessage()
	case 2:
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

func (w *world) coin(pool uint64) sdk.Coin {
	return sdk.NewInt64Coin([]string{app.BaseDenom, datapooltypes.DataDenom(pool)}[w.r.Intn(2)], w.amount())
}

// actors are those who trade.
func (*world) actors() []apptest.Account {
	return append([]apptest.Account{maker, consumer}, owners...)
}

func (w *world) actor() apptest.Account { return w.actors()[w.r.Intn(2+len(owners))] }

func (w *world) marketMessage() (apptest.Account, sdk.Msg) {
	who, until := w.actor(), deadline(w.chain)
	if w.r.Intn(20) == 0 {
		until = w.chain.Time().Add(-time.Second)
	}
	pool := uint64(1 + w.r.Intn(2))
	switch w.r.Intn(15) {
	case 0:
		return who, &datapooltypes.MsgAddLiquidity{
			Sender: who.String(), PoolId: pool, MaxAlita: math.NewInt(w.amount()), MaxData: math.NewInt(w.amount()),
			MinShares: math.OneInt(), Deadline: until,
		}
	case 1:
		return who, &datapooltypes.MsgRemoveLiquidity{
			Sender: who.String(), PoolId: pool, Shares: math.NewInt(w.amount()),
			MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: until,
		}
	case 2:
		return who, &datapooltypes.MsgFundRewards{Sender: who.String(), PoolId: pool, Amount: w.coin(pool)}
	case 3, 11, 12:
		return w.roleMessage(pool)
	case 4:
		return who, &datapooltypes.MsgAddLiquiditySingle{
			Sender: who.String(), PoolId: pool, TokenIn: w.coin(pool), MinShares: math.OneInt(), Deadline: until,
		}
	case 5:
		return who, &datapooltypes.MsgRemoveLiquiditySingle{
			Sender: who.String(), PoolId: pool, Shares: math.NewInt(w.amount()), DenomOut: w.coin(pool).Denom,
			MinOut: math.OneInt(), Deadline: until,
		}
	case 6:
		return who, &datapooltypes.MsgSwapRouteExactIn{
			Sender: who.String(), TokenIn: sdk.NewInt64Coin(datapooltypes.DataDenom(pool), w.amount()),
			DenomOut: datapooltypes.DataDenom(3 - pool), MinOut: math.OneInt(), Deadline: until,
		}
	case 7:
		return who, &datapooltypes.MsgSwapRouteExactOut{
			Sender: who.String(), DenomIn: datapooltypes.DataDenom(pool),
			TokenOut: sdk.NewInt64Coin(datapooltypes.DataDenom(3-pool), w.amount()), MaxIn: math.NewInt(w.amount()), Deadline: until,
		}
	case 8:
		return who, w.send(who, pool)
	case 9, 10:
		return who, &datapooltypes.MsgSwapExactOut{
			Sender: who.String(), PoolId: pool, TokenOut: w.coin(pool), MaxIn: math.NewInt(w.amount()), Deadline: until,
		}
	default:
		return who, &datapooltypes.MsgSwapExactIn{
			Sender: who.String(), PoolId: pool, TokenIn: w.coin(pool), MinOut: math.OneInt(), Deadline: until,
		}
	}
}

// send gives coins to a pool's account, from where they can be swept, or to an account
// that is new more often than not.
func (w *world) send(from apptest.Account, pool uint64) sdk.Msg {
	coin := w.coin(pool)
	if w.r.Intn(2) == 0 {
		coin.Amount = math.NewInt(1 + w.r.Int63n(100))
		return banktypes.NewMsgSend(from.Address(), datapooltypes.PoolAddress(pool), sdk.NewCoins(coin))
	}
	to := apptest.NamedAccount(fmt.Sprintf("new%d", w.r.Intn(10_000))).Address()
	w.isNew[to.String()] = true
	return banktypes.NewMsgSend(from.Address(), to, sdk.NewCoins(coin))
}

// roleMessage is what the maker, an owner or anybody does beside trading.
func (w *world) roleMessage(pool uint64) (apptest.Account, sdk.Msg) {
	who, boss := w.actor(), w.makerOf(pool)
	p, err := w.chain.App.DatapoolKeeper.Pool(w.chain.Ctx(), pool)
	require.NoError(w.t, err)
	switch w.r.Intn(8) {
	case 0:
		return who, &datapooltypes.MsgClaimProtocol{Sender: who.String(), PoolId: pool}
	case 1:
		return boss, &datapooltypes.MsgClaimMaker{Maker: boss.String(), PoolId: pool}
	case 2, 3:
		owner := owners[w.r.Intn(len(owners))]
		return who, &datapooltypes.MsgClaimRewards{Sender: who.String(), Owner: owner.String(), PoolId: pool}
	case 4:
		denom := []string{app.BaseDenom, datapooltypes.DataDenom(pool), datapooltypes.ShareDenom(pool), "dust"}[w.r.Intn(4)]
		return who, &datapooltypes.MsgSweep{Sender: who.String(), PoolId: pool, Denom: denom}
	case 5:
		if w.r.Intn(4) == 0 {
			return boss, &datapooltypes.MsgExtendLock{Maker: boss.String(), PoolId: pool, LockedUntil: p.LockedShares.Until.Unix() + w.r.Int63n(100)}
		}
		// Rates only rise.
		policy := p.RewardPolicy
		policy.MatchPpm += uint32(w.r.Intn(10))
		return boss, &datapooltypes.MsgUpdatePool{
			Maker: boss.String(), PoolId: pool, Description: fmt.Sprintf("As of %d.", w.chain.Height()),
			Requirements: p.Requirements, RewardPolicy: policy,
		}
	case 6:
		// Only the second pool changes hands: the first one's maker decides on records.
		if pool == guardedPool && p.PendingMaker != "" {
			for _, heir := range w.actors() {
				if heir.String() == p.PendingMaker {
					return heir, &datapooltypes.MsgAcceptMaker{NewMaker: heir.String(), PoolId: pool}
				}
			}
		}
		return boss, &datapooltypes.MsgProposeMaker{Maker: boss.String(), PoolId: guardedPool, NewMaker: who.String()}
	default:
		return who, &datapooltypes.MsgPausePool{Authority: who.String(), PoolId: pool, Paused: true}
	}
}

// makerOf returns the actor who is the maker of a pool.
func (w *world) makerOf(pool uint64) apptest.Account {
	p, err := w.chain.App.DatapoolKeeper.Pool(w.chain.Ctx(), pool)
	require.NoError(w.t, err)
	for _, a := range w.actors() {
		if a.String() == p.Maker {
			return a
		}
	}
	require.Fail(w.t, "the maker is none of the actors", p.Maker)
	return apptest.Account{}
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
