package keeper_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/core/store"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

const (
	poolID  = 1
	chainID = "alita-test-1"
	// whole is one ALITA in ualita.
	whole = 1_000_000
)

var codecOf = address.NewBech32Codec("alita")

// x/bank's genesis and its list of blocked accounts use the global prefix.
func init() { sdk.GetConfig().SetBech32PrefixForAccount("alita", "alitapub") }

// bech writes an address as the chain does.
func bech(a sdk.AccAddress) string {
	s, err := codecOf.BytesToString(a)
	if err != nil {
		panic(err)
	}
	return s
}

func account(name string) sdk.AccAddress {
	sum := sha256.Sum256([]byte(name))
	return sum[:20]
}

// valoperCodec writes operators' addresses.
var valoperCodec = address.NewBech32Codec("alitavaloper")

// validators are the bonded validators with their stake, by operator.
type validators map[string]int64

func (v validators) GetValidator(_ context.Context, operator sdk.ValAddress) (stakingtypes.Validator, error) {
	stake, found := v[string(operator)]
	if !found {
		return stakingtypes.Validator{}, stakingtypes.ErrNoValidatorFound
	}
	text, err := valoperCodec.BytesToString(operator)
	return stakingtypes.Validator{OperatorAddress: text, Status: stakingtypes.Bonded, Tokens: math.NewInt(stake)}, err
}

func (v validators) IterateBondedValidatorsByPower(ctx context.Context, fn func(int64, stakingtypes.ValidatorI) bool) error {
	operators := slices.Collect(maps.Keys(v))
	slices.SortFunc(operators, func(a, b string) int {
		return cmp.Or(cmp.Compare(v[b], v[a]), cmp.Compare(a, b))
	})
	for i, operator := range operators {
		validator, err := v.GetValidator(ctx, sdk.ValAddress(operator))
		if err != nil || fn(int64(i), validator) {
			return err
		}
	}
	return nil
}

// market is a pool with a fixed price, which lists the contributions that it is asked to match.
type market struct {
	dataPerAlita math.Int
	err          error
	// matched lists record, owner and loss of each contribution; match may refuse one.
	matched []string
	match   func(recordID string) error
}

func (m *market) MatchContribution(_ context.Context, id uint64, recordID string, owner sdk.AccAddress, lost math.Int) (math.Int, error) {
	if id != poolID {
		return lost, datapooltypes.ErrPoolNotFound.Wrapf("%d", id)
	}
	if m.match != nil {
		if err := m.match(recordID); err != nil {
			return lost, err
		}
	}
	m.matched = append(m.matched, recordID+" "+bech(owner)+" "+lost.String())
	return math.ZeroInt(), nil
}

func (m *market) Pool(_ context.Context, id uint64) (datapooltypes.Pool, error) {
	if id != poolID {
		return datapooltypes.Pool{}, datapooltypes.ErrPoolNotFound.Wrapf("%d", id)
	}
	return datapooltypes.Pool{Id: id}, nil
}

func (m *market) DataPerAlitaMeans(ctx context.Context, pool uint64) ([]math.Int, error) {
	price, err := m.DataPerAlita(ctx, pool)
	return []math.Int{price}, err
}

func (m *market) DataPerAlita(context.Context, uint64) (math.Int, error) {
	return m.dataPerAlita, m.err
}

// registry holds records whose only grant allows programs at a price.
type registry struct {
	records map[string]metadatatypes.Contributable
	workers map[string][]byte
	denied  map[string]bool
	uses    map[string]int
	last    metadatatypes.GrantRequest
	retired map[string]bool
	// reserved is what is set aside, of a record's privacy budget with grant 0.
	reserved map[reservation]uint64
}

type reservation struct {
	record string
	grant  uint64
}

func (r *registry) Contributable(_ context.Context, id string) (metadatatypes.Contributable, error) {
	c, found := r.records[id]
	if !found {
		return c, metadatatypes.ErrRecordNotFound.Wrap(id)
	}
	if r.retired[id] {
		return metadatatypes.Contributable{}, metadatatypes.ErrRecordRetired.Wrap(id)
	}
	return c, nil
}

func (r *registry) IsWorkerOf(_ context.Context, owner, worker sdk.AccAddress) (bool, error) {
	return bytes.Equal(r.workers[string(worker)], owner), nil
}

func (r *registry) Reserve(_ context.Context, id string, req metadatatypes.GrantRequest) (uint64, error) {
	r.last = req
	if r.denied[id] {
		return 0, metadatatypes.ErrNotGranted.Wrap(id)
	}
	if r.denied["privacy of "+id] && req.MicroRho > 0 {
		return 0, metadatatypes.ErrPrivacyBudget.Wrap(id)
	}
	r.reserved[reservation{id, 7}]++
	r.reserved[reservation{id, 0}] += req.MicroRho
	return 7, nil
}

// Charge counts a use of the record's grant, and what it discloses.
func (r *registry) Charge(ctx context.Context, of metadatatypes.Reservation, _ sdk.AccAddress, _ string) error {
	r.uses[of.RecordID]++
	r.uses["micro-rho of "+of.RecordID] += int(of.MicroRho)
	return r.Release(ctx, of)
}

func (r *registry) Release(_ context.Context, of metadatatypes.Reservation) error {
	grant, record := reservation{of.RecordID, of.GrantID}, reservation{of.RecordID, 0}
	if r.reserved[grant] == 0 || r.reserved[record] < of.MicroRho {
		return metadatatypes.ErrInvariant.Wrapf("reserved: expected more, got %d uses and %d", r.reserved[grant], r.reserved[record])
	}
	r.reserved[grant]--
	r.reserved[record] -= of.MicroRho
	return nil
}

func (r *registry) WalkReserved(_ context.Context, fn func(string, uint64, uint64) error) error {
	for of, n := range r.reserved {
		if n > 0 {
			if err := fn(of.record, of.grant, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// No record of this registry is in a panel: panels have tests of their own over the real x/metadata.
func (r *registry) Panel(_ context.Context, id string) (metadatatypes.Panel, error) {
	return metadatatypes.Panel{}, metadatatypes.ErrPanelNotFound.Wrap(id)
}

func (r *registry) WalkPanels(context.Context, func(metadatatypes.Panel) (bool, error)) error {
	return nil
}

func (r *registry) WalkPanel(_ context.Context, id string, _ func(string, metadatatypes.Contributable) error) error {
	return metadatatypes.ErrPanelNotFound.Wrap(id)
}

func (r *registry) PanelContributable(_ context.Context, _ []string, id string) (metadatatypes.Contributable, error) {
	return metadatatypes.Contributable{}, metadatatypes.ErrNotMember.Wrap(id)
}

func (r *registry) BeginPanelJob(_ context.Context, id string) error {
	return metadatatypes.ErrPanelNotFound.Wrap(id)
}

func (r *registry) EndPanelJob(_ context.Context, id string) error {
	return metadatatypes.ErrPanelNotFound.Wrap(id)
}

func (r *registry) OpenPanelSlots(_ context.Context, id string, _ uint64) error {
	return metadatatypes.ErrPanelNotFound.Wrap(id)
}

func (r *registry) CheckOutside(context.Context, string, metadatatypes.Contributable, bool) error {
	return nil
}

func (r *registry) NoteDelivered(context.Context, metadatatypes.Contributable) error { return nil }

func (r *registry) PoolTotals(_ context.Context, pool uint64) (metadatatypes.PoolTotals, error) {
	totals := metadatatypes.NoTotals()
	for id, c := range r.records {
		if c.PoolID == pool && !r.retired[id] {
			totals = totals.Add(c.Rows)
		}
	}
	return totals, nil
}

// tester is a test, a benchmark or a run of a property.
type tester interface {
	require.TestingT
	Helper()
}

// requireGrammar checks that an error of the module says what is right and what came.
func requireGrammar(t tester, err error) {
	t.Helper()
	if codespace, _, _ := errorsmod.ABCIInfo(err, false); codespace == types.ModuleName {
		require.Regexp(t, `expected .+ got `, err.Error())
	}
}

// requireRefused sends what must be refused with an error, which says something, and leave the state as it is.
func (f *fixture) requireRefused(t tester, want error, says string, send func() error) {
	t.Helper()
	before := f.state()
	err := send()
	require.ErrorIs(t, err, want)
	require.ErrorContains(t, err, says)
	requireGrammar(t, err)
	require.True(t, before == f.state(), "the state changed")
}

// fixture is the module over the real x/auth and x/bank.
type fixture struct {
	t          tester
	ctx        sdk.Context
	keeper     *keeper.Keeper
	bank       bankkeeper.BaseKeeper
	auth       authkeeper.AccountKeeper
	msg        types.MsgServer
	query      types.QueryServer
	market     *market
	registry   *registry
	cdc        codec.Codec
	reader     seal.PrivateKey
	program    string
	sealed     map[string]types.SealedVector
	blocked    map[string]bool
	validators validators
	authority  string
	store      storetypes.StoreKey
	// minted is what fund has minted.
	minted types.Funds
}

// onePerFour is a price of 4 Data Token units for an ualita.
var onePerFour = math.NewIntFromBigInt(new(big.Int).Lsh(big.NewInt(4), 64))

// testParams are the default parameters, but for windows that a test can see the end of.
func testParams() types.Params {
	params := types.DefaultParams()
	params.MinWindowBlocks, params.OpenFee = 5, math.ZeroInt()
	return params
}

// newFixture returns the module with the shipped program of moments.
func newFixture(t tester) *fixture {
	t.Helper()
	f := newEmptyFixture(t)
	f.begin()
	return f
}

// begin is the genesis of the module, and the shipped program of moments.
func (f *fixture) begin() {
	f.t.Helper()
	gs := types.DefaultGenesis()
	gs.Params = testParams()
	require.NoError(f.t, f.keeper.InitGenesis(f.ctx, *gs))
	f.program = f.storeMoments()
}

// newEmptyFixture returns the module before its genesis.
func newEmptyFixture(t tester) *fixture {
	t.Helper()
	return newFixtureOver(t, nil)
}

// newFixtureOver is newEmptyFixture over records of another keeper, which has a store of its own; nil takes the registry.
func newFixtureOver(t tester, records func(codec.BinaryCodec, store.KVStoreService) types.MetadataKeeper) *fixture {
	t.Helper()
	keys := storetypes.NewKVStoreKeys(authtypes.StoreKey, banktypes.StoreKey, types.StoreKey, metadatatypes.StoreKey)
	ctx := testutil.DefaultContextWithKeys(keys, storetypes.NewTransientStoreKeys("t"), nil)
	registryOfTypes := codectypes.NewInterfaceRegistry()
	authtypes.RegisterInterfaces(registryOfTypes)
	vestingtypes.RegisterInterfaces(registryOfTypes)
	types.RegisterInterfaces(registryOfTypes)
	cdc := codec.NewProtoCodec(registryOfTypes)

	gov := bech(authtypes.NewModuleAddress("gov"))
	permissions := map[string][]string{
		authtypes.FeeCollectorName: nil,
		minttypes.ModuleName:       {authtypes.Minter},
		types.ModuleName:           {authtypes.Burner},
	}
	f := &fixture{
		t: t, cdc: cdc,
		market:     &market{dataPerAlita: onePerFour},
		registry:   &registry{map[string]metadatatypes.Contributable{}, map[string][]byte{}, map[string]bool{}, map[string]int{}, metadatatypes.GrantRequest{}, map[string]bool{}, map[reservation]uint64{}},
		sealed:     map[string]types.SealedVector{},
		blocked:    map[string]bool{},
		validators: validators{},
		authority:  gov,
		store:      keys[types.StoreKey],
		minted:     types.ZeroFunds(),
	}
	f.auth = authkeeper.NewAccountKeeper(cdc, runtime.NewKVStoreService(keys[authtypes.StoreKey]), authtypes.ProtoBaseAccount,
		permissions, codecOf, "alita", gov)
	// The bank keeps the map, so that a test can block an account later.
	f.bank = bankkeeper.NewBaseKeeper(cdc, runtime.NewKVStoreService(keys[banktypes.StoreKey]), f.auth, f.blocked, gov, log.NewNopLogger())
	var metadata types.MetadataKeeper = f.registry
	if records != nil {
		metadata = records(cdc, runtime.NewKVStoreService(keys[metadatatypes.StoreKey]))
	}
	f.keeper = keeper.NewKeeper(cdc, runtime.NewKVStoreService(keys[types.StoreKey]), codecOf, f.auth, f.bank, metadata, f.market,
		f.validators, valoperCodec, gov)
	f.ctx = ctx.WithBlockHeight(1).WithChainID(chainID)
	require.NoError(t, f.auth.Params.Set(f.ctx, authtypes.DefaultParams()))
	require.NoError(t, f.bank.SetParams(f.ctx, banktypes.DefaultParams()))
	f.msg, f.query = keeper.NewMsgServer(f.keeper), keeper.NewQueryServer(f.keeper)
	seed := sha256.Sum256([]byte("reader"))
	reader, err := seal.ParsePrivateKey(seed[:])
	require.NoError(t, err)
	f.reader = reader
	return f
}

// storeMoments stores the shipped program of count, sum and sum of squares.
func (f *fixture) storeMoments() string {
	f.t.Helper()
	res, err := f.msg.StoreProgram(f.ctx, momentsMsg(f.t))
	require.NoError(f.t, err)
	return res.ProgramId
}

func momentsMsg(t tester) *types.MsgStoreProgram {
	t.Helper()
	p, err := programs.ByName("moments")
	require.NoError(t, err)
	return &types.MsgStoreProgram{
		Author: bech(account("author")), Code: p.Code, Name: p.Name, Description: p.Description,
		Kind: types.VECTOR_KIND_SUM, Bits: 63,
		Shape: types.Shape{MinColumns: 1, MaxColumns: 64, LengthPerColumn: 3},
		// Not the program's own model: the chain only does arithmetic with it, and the figures of the tests do not follow the prices of metering.
		Cost: types.CostModel{
			Base:     types.Cost{Constant: 352},
			PerBatch: types.Cost{Constant: 77, PerColumn: 245},
			PerRow:   types.Cost{PerColumn: 43},
		},
	}
}

// fund mints money of the pool for an account.
func (f *fixture) fund(to sdk.AccAddress, alita, data int64) {
	f.t.Helper()
	coins := types.NewFunds(alita, data).Coins(poolID)
	f.minted = f.minted.Add(types.NewFunds(alita, data))
	require.NoError(f.t, f.bank.MintCoins(f.ctx, minttypes.ModuleName, coins))
	require.NoError(f.t, f.bank.SendCoinsFromModuleToAccount(f.ctx, minttypes.ModuleName, to, coins))
}

// funds returns what an account holds.
func (f *fixture) funds(of sdk.AccAddress) types.Funds {
	return types.Funds{
		Alita: f.bank.GetBalance(f.ctx, of, datapooltypes.BaseDenom).Amount,
		Data:  f.bank.GetBalance(f.ctx, of, datapooltypes.DataDenom(poolID)).Amount,
	}
}

func recordID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:16])
}

// addRecord lists a record of rows for an owner.
func (f *fixture) addRecord(name string, owner sdk.AccAddress, rows uint64) string {
	id := recordID(name)
	root := sha256.Sum256([]byte(name))
	f.registry.records[id] = metadatatypes.Contributable{
		Owner: owner, PoolID: poolID, Version: "1.0.0", Rows: rows, RowRoot: root[:], Columns: []string{"speed", "day"},
	}
	return id
}

// anyPrice bounds no price that a pool has.
var anyPrice = math.NewIntWithDecimal(1, 40)

// spec asks for the moments of one column: 0.5 ALITA for a million operations.
func (f *fixture) spec() types.JobSpec {
	return types.JobSpec{
		PoolId: poolID, ProgramId: f.program, Columns: []string{"speed"}, Length: 3, Input: []byte("input"), Purpose: "research",
		MinCohort: 2, MaxCohort: 3, PricePerMop: math.NewInt(whole / 2), MaxDataPerAlita: anyPrice, Budget: types.NewFunds(20_000, 80_000),
		ContributeBlocks: 10, DeliverBlocks: 5, ReaderKey: f.reader.Public().Bytes(), Delivery: types.DELIVERY_DIRECT,
	}
}

func salt(n uint64) []byte { return append(make([]byte, 8), label.Uint64(n)...) }

// open opens a job of the consumer, which must succeed.
func (f *fixture) open(consumer sdk.AccAddress, n uint64, spec types.JobSpec) string {
	f.t.Helper()
	res, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(n), Spec: spec})
	require.NoError(f.t, err)
	require.Equal(f.t, types.JobID(consumer, salt(n)), res.JobId)
	return res.JobId
}

// attest returns the honest contribution of a record to a job, sealed for its reader.
func (f *fixture) attest(jobID, record string) *types.MsgContribute {
	f.t.Helper()
	job, err := f.keeper.Job(f.ctx, jobID)
	require.NoError(f.t, err)
	c := f.registry.records[record]
	program, err := f.keeper.Program(f.ctx, job.Spec.ProgramId)
	require.NoError(f.t, err)
	operations, err := program.Cost.Operations(c.Rows, uint32(len(job.Spec.Columns)), job.Spec.Length)
	require.NoError(f.t, err)
	vector := make([]int64, job.Spec.Length)
	vector[0] = int64(c.Rows)
	s, err := result.Seal(job.Spec.ReaderKey, result.Binding{
		ChainID: chainID, JobID: jobID, RecordID: record, Version: c.Version, Owner: c.Owner,
	}, vector)
	require.NoError(f.t, err)
	f.sealed[jobID+record] = types.SealedVector{Enc: s.Enc, Ciphertext: s.Ciphertext}
	commitment := s.Commitment()
	return &types.MsgContribute{Worker: bech(c.Owner), Attestation: types.Attestation{
		JobId: jobID, RecordId: record, Version: c.Version, RowRoot: c.RowRoot, Rows: c.Rows,
		Operations: operations, ResultCommitment: commitment[:],
	}}
}

// contribute lets a record contribute, which must succeed.
func (f *fixture) contribute(jobID, record string) types.Funds {
	f.t.Helper()
	res, err := f.msg.Contribute(f.ctx, f.attest(jobID, record))
	require.NoError(f.t, err)
	return res.Fee
}

// delivery returns the honest delivery of a contribution.
func (f *fixture) delivery(jobID, record string) *types.MsgDeliver {
	return &types.MsgDeliver{
		Worker: bech(f.registry.records[record].Owner), JobId: jobID, RecordId: record, Sealed: f.sealed[jobID+record],
	}
}

func (f *fixture) deliver(jobID, record string) {
	f.t.Helper()
	_, err := f.msg.Deliver(f.ctx, f.delivery(jobID, record))
	require.NoError(f.t, err)
}

// endBlock ends the block, checks the invariants and begins the next.
func (f *fixture) endBlock() {
	f.t.Helper()
	require.NoError(f.t, f.keeper.EndBlock(f.ctx))
	require.NoError(f.t, f.keeper.Invariants(f.ctx))
	f.ctx = f.ctx.WithBlockHeight(f.ctx.BlockHeight() + 1).WithEventManager(sdk.NewEventManager())
}

func (f *fixture) endBlocks(n int) {
	f.t.Helper()
	for range n {
		f.endBlock()
	}
}

func (f *fixture) job(id string) types.Job {
	f.t.Helper()
	job, err := f.keeper.Job(f.ctx, id)
	require.NoError(f.t, err)
	return job
}

// dump returns the module's whole store, key and value in hexadecimal, in the order of the keys.
func (f *fixture) dump() (all []string) {
	it := f.ctx.KVStore(f.store).Iterator(nil, nil)
	defer it.Close()
	for ; it.Valid(); it.Next() {
		all = append(all, fmt.Sprintf("%x=%x", it.Key(), it.Value()))
	}
	return all
}

// state returns all of the module's state and all balances, to compare.
func (f *fixture) state() string {
	f.t.Helper()
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(f.t, err)
	bank := f.bank.ExportGenesis(f.ctx)
	return string(f.cdc.MustMarshalJSON(gs)) + string(f.cdc.MustMarshalJSON(bank)) + fmt.Sprint(f.registry.uses)
}
