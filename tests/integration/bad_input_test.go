package integration_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// refusal is a message that must fail whole, with a text that helps.
type refusal struct {
	signer apptest.Account
	msg    sdk.Msg
	want   error
	// says is a part of the text: what would be right.
	says string
}

// exchangeState is the exported state of our modules and of the bank.
func exchangeState(t *testing.T, chain *apptest.Chain) map[string]string {
	t.Helper()
	names := []string{banktypes.ModuleName, datapooltypes.ModuleName, metadatatypes.ModuleName, computetypes.ModuleName}
	state := map[string]string{}
	for _, name := range names {
		// One at a time: modules are exported in parallel, which a branched context does not allow.
		exported, err := chain.App.ModuleManager.ExportGenesisForModules(chain.Ctx(), chain.App.AppCodec(), []string{name})
		require.NoError(t, err)
		state[name] = string(exported[name])
	}
	return withoutInflation(t, state)
}

// withoutInflation takes out what each block mints for the stakers: the accounts
// that no message of ours writes, and the supply of the native coin.
func withoutInflation(t *testing.T, state map[string]string) map[string]string {
	t.Helper()
	var raw struct {
		Balances []struct {
			Address string          `json:"address"`
			Coins   json.RawMessage `json:"coins"`
		} `json:"balances"`
	}
	require.NoError(t, json.Unmarshal([]byte(state[banktypes.ModuleName]), &raw))
	actors := map[string]bool{maker.String(): true, consumer.String(): true}
	for _, o := range owners {
		actors[o.String()], actors[workerOf(o).String()] = true, true
	}
	var kept strings.Builder
	for _, b := range raw.Balances {
		if actors[b.Address] || !strings.Contains(string(b.Coins), app.BaseDenom) {
			kept.WriteString(b.Address + string(b.Coins) + "\n")
		}
	}
	state[banktypes.ModuleName] = kept.String()
	return state
}

// refuse delivers each message and compares the whole state before and after.
func refuse(t *testing.T, chain *apptest.Chain, cases map[string]refusal) {
	t.Helper()
	before := exchangeState(t, chain)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			log := chain.Fails(c.want, c.signer, c.msg)
			require.Contains(t, log, c.says)
			require.Equal(t, before, exchangeState(t, chain), "the state has changed")
		})
	}
}

func changed[M any](msg *M, change func(*M)) *M {
	copied := *msg
	change(&copied)
	return &copied
}

// overflow is the greatest amount that a message can carry.
func overflow() math.Int {
	i, _ := math.NewIntFromString("115792089237316195423570985008687907853269984665640564039457584007913129639935")
	return i
}

func TestBadTrades(t *testing.T) {
	chain := apptest.New(t, funded())
	createPool(chain)
	late := func() time.Time { return chain.Time().Add(24 * time.Hour) }
	sell := &datapooltypes.MsgSwapExactIn{Sender: consumer.String(), PoolId: poolID, TokenIn: alita(whole), MinOut: math.OneInt(), Deadline: late()}
	purchase := &datapooltypes.MsgSwapExactOut{Sender: consumer.String(), PoolId: poolID, TokenOut: data(whole), MaxIn: math.NewInt(10 * whole), Deadline: late()}
	add := &datapooltypes.MsgAddLiquidity{Sender: consumer.String(), PoolId: poolID, MaxAlita: math.NewInt(whole), MaxData: math.NewInt(10 * whole), MinShares: math.OneInt(), Deadline: late()}
	remove := &datapooltypes.MsgRemoveLiquidity{Sender: consumer.String(), PoolId: poolID, Shares: math.NewInt(1000), MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: late()}
	in := func(amount math.Int, denom string) *datapooltypes.MsgSwapExactIn {
		return changed(sell, func(m *datapooltypes.MsgSwapExactIn) { m.TokenIn = sdk.Coin{Denom: denom, Amount: amount} })
	}
	refuse(t, chain, map[string]refusal{
		"zero amount":      {consumer, in(math.ZeroInt(), app.BaseDenom), datapooltypes.ErrInvalidAmount, "at least 1"},
		"negative amount":  {consumer, in(math.NewInt(-1), app.BaseDenom), datapooltypes.ErrInvalidAmount, "at least 1"},
		"overflow":         {consumer, in(overflow(), app.BaseDenom), datapooltypes.ErrTooLarge, ""},
		"foreign denom":    {consumer, in(math.NewInt(whole), "uatom"), datapooltypes.ErrInvalidDenom, app.BaseDenom},
		"another pool's":   {consumer, in(math.NewInt(whole), "data/2"), datapooltypes.ErrInvalidDenom, "data/1"},
		"dust":             {consumer, in(math.NewInt(1), "data/1"), datapooltypes.ErrDust, ""},
		"slippage in":      {consumer, changed(sell, func(m *datapooltypes.MsgSwapExactIn) { m.MinOut = math.NewInt(10 * whole) }), datapooltypes.ErrSlippage, ""},
		"no bound":         {consumer, changed(sell, func(m *datapooltypes.MsgSwapExactIn) { m.MinOut = math.ZeroInt() }), datapooltypes.ErrInvalidBound, "1"},
		"past deadline":    {consumer, changed(sell, func(m *datapooltypes.MsgSwapExactIn) { m.Deadline = chain.Time().Add(-time.Hour) }), datapooltypes.ErrDeadline, ""},
		"no deadline":      {consumer, changed(sell, func(m *datapooltypes.MsgSwapExactIn) { m.Deadline = time.Time{} }), datapooltypes.ErrDeadline, ""},
		"unknown pool":     {consumer, changed(sell, func(m *datapooltypes.MsgSwapExactIn) { m.PoolId = 9 }), datapooltypes.ErrPoolNotFound, "9"},
		"slippage out":     {consumer, changed(purchase, func(m *datapooltypes.MsgSwapExactOut) { m.MaxIn = math.OneInt() }), datapooltypes.ErrSlippage, ""},
		"drained pool":     {consumer, changed(purchase, func(m *datapooltypes.MsgSwapExactOut) { m.TokenOut = data(10_000 * whole); m.MaxIn = overflow() }), datapooltypes.ErrDrained, ""},
		"zero liquidity":   {consumer, changed(add, func(m *datapooltypes.MsgAddLiquidity) { m.MaxAlita = math.ZeroInt() }), datapooltypes.ErrInvalidAmount, "at least 1"},
		"no shares bound":  {consumer, changed(add, func(m *datapooltypes.MsgAddLiquidity) { m.MinShares = math.ZeroInt() }), datapooltypes.ErrInvalidBound, "1"},
		"too many shares":  {consumer, changed(remove, func(m *datapooltypes.MsgRemoveLiquidity) { m.Shares = math.NewInt(1 << 62) }), datapooltypes.ErrDrained, ""},
		"negative shares":  {consumer, changed(remove, func(m *datapooltypes.MsgRemoveLiquidity) { m.Shares = math.NewInt(-5) }), datapooltypes.ErrInvalidAmount, "at least 1"},
		"not the maker":    {consumer, &datapooltypes.MsgClaimMaker{Maker: consumer.String(), PoolId: poolID}, datapooltypes.ErrNotMaker, maker.String()},
		"reward in uatom":  {consumer, &datapooltypes.MsgFundRewards{Sender: consumer.String(), PoolId: poolID, Amount: sdk.NewInt64Coin("uatom", 5)}, datapooltypes.ErrInvalidDenom, app.BaseDenom},
		"duplicate symbol": {maker, poolMsg(func(*datapooltypes.MsgCreatePool) {}), datapooltypes.ErrSymbolTaken, "LIGHT"},
		"empty pool":       {maker, poolMsg(func(m *datapooltypes.MsgCreatePool) { m.Symbol = "NEW"; m.LiquidityData = math.ZeroInt() }), datapooltypes.ErrInvalidAmount, "at least 1"},
		"lower-case name":  {maker, poolMsg(func(m *datapooltypes.MsgCreatePool) { m.Symbol = "light" }), datapooltypes.ErrInvalidSymbol, "upper-case"},
		"fee above bound":  {maker, poolMsg(func(m *datapooltypes.MsgCreatePool) { m.Symbol = "NEW"; m.Fees.SwapFeePpm = 900_000 }), datapooltypes.ErrInvalidFees, ""},
	})
}

// poolMsg is the message of createPool, changed.
func poolMsg(change func(*datapooltypes.MsgCreatePool)) *datapooltypes.MsgCreatePool {
	msg := &datapooltypes.MsgCreatePool{
		Maker: maker.String(), Symbol: "LIGHT", Name: "Speed of light in air",
		LiquidityAlita: alita(100 * whole), LiquidityData: math.NewInt(1_000 * whole),
		RewardBudget: math.ZeroInt(), RewardPolicy: datapooltypes.RewardPerRecord(math.ZeroInt()), MakerAllotment: math.ZeroInt(),
		Fees: datapooltypes.FeePolicy{SwapFeePpm: 3_000},
	}
	change(msg)
	return msg
}

func TestBadRecords(t *testing.T) {
	chain := apptest.New(t, funded())
	createPool(chain)
	owner := owners[0]
	chain.Must(owner, registerWorkerMsg(t, owner))
	id := listRecord(t, chain, owner, 30)
	record := func(change func(m *metadatatypes.MsgRegisterRecord)) *metadatatypes.MsgRegisterRecord {
		msg := registerMsg(t, owner, 2, 30)
		change(msg)
		return msg
	}
	older := registerMsg(t, owner, 1, 30).Content
	older.Version = "0.9.0"
	type registration = metadatatypes.MsgRegisterRecord
	refuse(t, chain, map[string]refusal{
		"no licence": {owner, record(func(m *registration) { m.Content.Dataset.License = "" }), metadatatypes.ErrInvalidLicense, "$.license"},
		"49 runes": {
			owner, record(func(m *registration) { m.Content.Dataset.Descriptions[0].Text = strings.Repeat("ä", 49) }),
			metadatatypes.ErrInvalidDescription, "$.descriptions[0].text",
		},
		"no name":            {owner, record(func(m *registration) { m.Content.Dataset.Names = nil }), metadatatypes.ErrInvalidName, "$.names"},
		"location in clear":  {owner, record(func(m *registration) { m.Content.Location.Body = []byte("file:///home/me/data.csv") }), metadatatypes.ErrNotSealed, "seal"},
		"location to nobody": {owner, record(func(m *registration) { m.Content.Location.Stanzas = nil }), metadatatypes.ErrNotSealed, ""},
		"sealed to a stranger": {
			owner, record(func(m *registration) { m.Content.Location = registerMsg(t, owners[1], 2, 30).Content.Location }),
			metadatatypes.ErrNotRecipient, "",
		},
		"unknown pool":   {owner, record(func(m *registration) { m.PoolId = 7 }), metadatatypes.ErrPoolNotFound, "7"},
		"missing column": {owner, record(func(m *registration) { m.Content.Dataset.Columns[0].Name = "velocity" }), metadatatypes.ErrRequirements, "speed"},
		"no rows":        {owner, record(func(m *registration) { m.Content.Commitment.Rows = 0 }), metadatatypes.ErrInvalidCommitment, ""},
		"short root":     {owner, record(func(m *registration) { m.Content.Commitment.Root = []byte{1} }), metadatatypes.ErrInvalidCommitment, "32"},
		"bad version":    {owner, record(func(m *registration) { m.Content.Version = "1.0" }), metadatatypes.ErrInvalidVersion, "1.0.0"},
		"same record":    {owner, registerMsg(t, owner, 1, 30), metadatatypes.ErrRecordExists, ""},
		"older version": {
			owner, &metadatatypes.MsgAddVersion{Owner: owner.String(), RecordId: id, Content: older},
			metadatatypes.ErrInvalidVersion, "1.0.0",
		},
		"unknown record":    {maker, admitMsg(strings.Repeat("0", 32)), metadatatypes.ErrRecordNotFound, ""},
		"not the maker":     {consumer, &metadatatypes.MsgAdmitVersion{Maker: consumer.String(), RecordId: id, Version: "1.0.0"}, metadatatypes.ErrNotMaker, maker.String()},
		"admitted already":  {maker, admitMsg(id), metadatatypes.ErrVersionStatus, ""},
		"refused, no word":  {maker, &metadatatypes.MsgRefuseVersion{Maker: maker.String(), RecordId: id, Version: "1.0.0"}, metadatatypes.ErrInvalidReason, ""},
		"not the owner":     {owners[1], &metadatatypes.MsgRetireRecord{Owner: owners[1].String(), RecordId: id}, metadatatypes.ErrNotOwner, owner.String()},
		"grant by stranger": {owners[1], grantMsg(owners[1], id), metadatatypes.ErrNotOwner, owner.String()},
		"grant of nothing": {
			owner, changed(grantMsg(owner, id), func(m *metadatatypes.MsgGrant) { m.Terms.Programs = nil }),
			metadatatypes.ErrInvalidGrant, "program",
		},
		"unknown grant": {owner, &metadatatypes.MsgRevokeGrant{Owner: owner.String(), RecordId: id, GrantId: 9}, metadatatypes.ErrGrantNotFound, "9"},
	})
}

func TestBadJobs(t *testing.T) {
	chain := apptest.New(t, funded())
	createPool(chain)
	program := storeMoments(t, chain)
	buy(chain, consumer, 100*whole)
	job := func(change func(s *computetypes.JobSpec)) *computetypes.MsgOpenJob {
		msg := openJobMsg(t, program, 1)
		change(&msg.Spec)
		return msg
	}
	type spec = computetypes.JobSpec
	refuse(t, chain, map[string]refusal{
		"no cohort":       {consumer, job(func(s *spec) { s.MinCohort = 0 }), computetypes.ErrInvalidCohort, "1"},
		"upside down":     {consumer, job(func(s *spec) { s.MaxCohort = 1 }), computetypes.ErrInvalidCohort, ""},
		"no budget":       {consumer, job(func(s *spec) { s.Budget = computetypes.NewFunds(0, 0) }), computetypes.ErrInvalidBudget, ""},
		"negative budget": {consumer, job(func(s *spec) { s.Budget = computetypes.NewFunds(-1, 5) }), computetypes.ErrInvalidBudget, ""},
		"hopeless budget": {consumer, job(func(s *spec) { s.Budget = computetypes.NewFunds(1, 1) }), computetypes.ErrInvalidBudget, "at least"},
		"no deadline":     {consumer, job(func(s *spec) { s.ContributeBlocks = 0 }), computetypes.ErrInvalidWindow, "1"},
		"no delivery end": {consumer, job(func(s *spec) { s.DeliverBlocks = 0 }), computetypes.ErrInvalidWindow, "1"},
		"unknown pool":    {consumer, job(func(s *spec) { s.PoolId = 5 }), datapooltypes.ErrPoolNotFound, "5"},
		"unknown program": {consumer, job(func(s *spec) { s.ProgramId = strings.Repeat("0", 64) }), computetypes.ErrProgramNotFound, ""},
		"wrong shape":     {consumer, job(func(s *spec) { s.Length = 4 }), computetypes.ErrInvalidShape, "3"},
		"short key":       {consumer, job(func(s *spec) { s.ReaderKey = s.ReaderKey[1:] }), computetypes.ErrInvalidReaderKey, "1216"},
		"no delivery":     {consumer, job(func(s *spec) { s.Delivery = 0 }), computetypes.ErrInvalidDelivery, ""},
		"unknown job":     {consumer, &computetypes.MsgCancelJob{Consumer: consumer.String(), JobId: strings.Repeat("0", 32)}, computetypes.ErrJobNotFound, ""},
	})
}

func TestBadContributions(t *testing.T) {
	chain := apptest.New(t, funded())
	createPool(chain)
	program := storeMoments(t, chain)
	buy(chain, consumer, 100*whole)
	var records []string
	for i, owner := range owners {
		chain.Must(owner, registerWorkerMsg(t, owner))
		records = append(records, listRecord(t, chain, owner, uint64(30+i)))
	}
	open := openJobMsg(t, program, 1)
	chain.Must(consumer, open)
	jobID := computetypes.JobID(consumer.Address(), open.Salt)
	worker := workerOf(owners[0])
	first, delivery := contribution(t, chain, owners[0], records[0], jobID, []int64{30, 600, 13_000})
	chain.Must(worker, first)
	second, _ := contribution(t, chain, owners[1], records[1], jobID, []int64{31, 640, 14_000})
	with := func(change func(a *computetypes.Attestation)) *computetypes.MsgContribute {
		return changed(second, func(m *computetypes.MsgContribute) { change(&m.Attestation) })
	}
	type attestation = computetypes.Attestation
	refuse(t, chain, map[string]refusal{
		"twice":            {worker, first, computetypes.ErrAlreadyContributed, records[0]},
		"from a stranger":  {worker, changed(second, func(m *computetypes.MsgContribute) { m.Worker = worker.String() }), computetypes.ErrNotWorker, "registered"},
		"another version":  {workerOf(owners[1]), with(func(a *attestation) { a.Version = "2.0.0" }), computetypes.ErrWrongVersion, "1.0.0"},
		"more rows":        {workerOf(owners[1]), with(func(a *attestation) { a.Rows++ }), computetypes.ErrWrongRows, "31"},
		"another root":     {workerOf(owners[1]), with(func(a *attestation) { a.RowRoot = make([]byte, 32) }), computetypes.ErrWrongRows, ""},
		"more operations":  {workerOf(owners[1]), with(func(a *attestation) { a.Operations++ }), computetypes.ErrWrongOperations, ""},
		"no commitment":    {workerOf(owners[1]), with(func(a *attestation) { a.ResultCommitment = nil }), computetypes.ErrInvalidAttestation, "32"},
		"unknown job":      {workerOf(owners[1]), with(func(a *attestation) { a.JobId = strings.Repeat("0", 32) }), computetypes.ErrJobNotFound, ""},
		"unknown record":   {workerOf(owners[1]), with(func(a *attestation) { a.RecordId = strings.Repeat("0", 32) }), metadatatypes.ErrRecordNotFound, ""},
		"too early":        {worker, delivery, computetypes.ErrWrongPhase, "CONTRIBUTING"},
		"cancel too late":  {consumer, &computetypes.MsgCancelJob{Consumer: consumer.String(), JobId: jobID}, computetypes.ErrHasContributions, ""},
		"cancel by others": {maker, &computetypes.MsgCancelJob{Consumer: maker.String(), JobId: jobID}, computetypes.ErrNotConsumer, consumer.String()},
	})

	t.Run("grant revoked", func(t *testing.T) {
		chain.Must(owners[2], &metadatatypes.MsgRevokeGrant{Owner: owners[2].String(), RecordId: records[2], GrantId: 1})
		third, _ := contribution(t, chain, owners[2], records[2], jobID, []int64{32, 700, 15_500})
		refuse(t, chain, map[string]refusal{"denied": {workerOf(owners[2]), third, metadatatypes.ErrNotGranted, ""}})
	})
	t.Run("too late", func(t *testing.T) {
		chain.NextBlocks(25)
		job, err := chain.App.ComputeKeeper.Job(chain.Ctx(), jobID)
		require.NoError(t, err)
		require.Equal(t, computetypes.FAILURE_REASON_COHORT, job.Failure)
		require.Equal(t, job.Spec.Budget, job.Refunded)
		refuse(t, chain, map[string]refusal{"contribution": {workerOf(owners[1]), second, computetypes.ErrWrongPhase, "FAILED"}})
	})
}
