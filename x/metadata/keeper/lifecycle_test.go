package keeper_test

import (
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/seal"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

// lastEvent returns the newest event of the type of e.
func lastEvent[E proto.Message](t *testing.T, ctx sdk.Context, e E) E {
	t.Helper()
	events := ctx.EventManager().ABCIEvents()
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Type != proto.MessageName(e) {
			continue
		}
		typed, err := sdk.ParseTypedEvent(events[i])
		require.NoError(t, err)
		return typed.(E)
	}
	t.Fatalf("no event %s", proto.MessageName(e))
	return e
}

func (w *world) dataBalance(name string) int64 {
	return w.Bank.GetBalance(w.Ctx, testutil.Account(name), datapooltypes.DataDenom(w.pool)).Amount.Int64()
}

func (w *world) record(t *testing.T, id string) (types.Record, types.Version) {
	t.Helper()
	res, err := w.Query.Record(w.Ctx, &types.QueryRecordRequest{RecordId: id})
	require.NoError(t, err)
	return res.Record, res.Version
}

// A record goes from registration over review, a second version and a refusal to retirement.
func TestLifeOfARecord(t *testing.T) {
	w := &world{Fixture: testutil.New(t)}
	w.pool = w.CreatePool(t, "LIGHT", nil)
	w.worker = w.RegisterWorker(t, "owner", "worker")
	require.Equal(t, &types.EventWorkerRegistered{Owner: w.Named("owner"), Worker: w.Named("worker")}, lastEvent(t, w.Ctx, &types.EventWorkerRegistered{}))

	msg := w.RegisterMsg(t, "owner", "record", w.pool, w.worker)
	res, err := w.Msg.RegisterRecord(w.Ctx, msg)
	require.NoError(t, err)
	id := types.RecordID(testutil.Account("owner"), msg.Salt)
	require.Equal(t, &types.MsgRegisterRecordResponse{RecordId: id, Status: types.VERSION_STATUS_PENDING}, res)
	require.Equal(t, &types.EventVersionRegistered{
		RecordId: id, Version: "1.0.0", Owner: w.Named("owner"), PoolId: w.pool, Rows: 100, RowRoot: msg.Content.Commitment.Root,
	}, lastEvent(t, w.Ctx, &types.EventVersionRegistered{}))
	record, version := w.record(t, id)
	require.Equal(t, types.Record{
		Id: id, Owner: w.Named("owner"), PoolId: w.pool, Status: types.RECORD_STATUS_PENDING, Versions: 1, NextGrantId: 1,
		PublishedAt: testutil.Start, ModifiedAt: testutil.Start,
	}, record)
	require.Equal(t, msg.Content, version.Content)
	_, err = w.Keeper.Contributable(w.Ctx, id)
	require.ErrorIs(t, err, types.ErrRecordPending)

	// Admission pays 10 Data Tokens.
	w.NextBlock(5)
	reward := w.Admit(t, id, "1.0.0")
	require.Equal(t, math.NewInt(10_000_000), reward.RewardData)
	require.True(t, reward.RewardAlita.IsZero())
	require.EqualValues(t, 10_000_000, w.dataBalance("owner"))
	require.Equal(t, &types.EventVersionAdmitted{
		RecordId: id, Version: "1.0.0", Owner: w.Named("owner"), PoolId: w.pool, RewardAlita: "0", RewardData: "10000000",
	}, lastEvent(t, w.Ctx, &types.EventVersionAdmitted{}))
	c, err := w.Keeper.Contributable(w.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, types.Contributable{
		Owner: testutil.Account("owner"), PoolID: w.pool, Version: "1.0.0", Rows: 100, RowRoot: msg.Content.Commitment.Root, Columns: []string{"speed", "run"},
	}, c)

	// The second version waits while the first one is computed on, and then supersedes it without a second reward.
	add := &types.MsgAddVersion{
		Owner: w.Named("owner"), RecordId: id, Content: testutil.Content(t, id, testutil.Account("owner"), "1.1.0", "more rows", w.worker),
	}
	add.Content.Dataset.IsBasedOn = []types.VersionRef{{RecordId: id, Version: "1.0.0"}}
	added, err := w.Msg.AddVersion(w.Ctx, add)
	require.NoError(t, err)
	require.Equal(t, &types.MsgAddVersionResponse{Number: 2, Status: types.VERSION_STATUS_PENDING}, added)
	c, err = w.Keeper.Contributable(w.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, "1.0.0", c.Version)
	reward = w.Admit(t, id, "1.1.0")
	require.True(t, reward.RewardData.IsZero())
	require.EqualValues(t, 10_000_000, w.dataBalance("owner"))
	record, version = w.record(t, id)
	require.EqualValues(t, 2, record.Admitted)
	require.Equal(t, "1.1.0", version.Content.Version)
	require.Equal(t, testutil.Start.Add(5e9), record.ModifiedAt)
	first, err := w.Keeper.Version(w.Ctx, id, "1.0.0")
	require.NoError(t, err)
	require.Equal(t, types.VERSION_STATUS_SUPERSEDED, first.Status)
	require.Equal(t, msg.Content, first.Content, "a version never changes")

	// Of two more, the maker admits the newer one; the older one can then only be refused.
	for _, v := range []string{"1.2.0", "1.3.0"} {
		add.Content = testutil.Content(t, id, testutil.Account("owner"), v, v, w.worker)
		_, err = w.Msg.AddVersion(w.Ctx, add)
		require.NoError(t, err)
	}
	w.Admit(t, id, "1.3.0")
	w.requireRefused(t, func() error {
		_, err := w.Msg.AdmitVersion(w.Ctx, &types.MsgAdmitVersion{Maker: w.Named("maker"), RecordId: id, Version: "1.2.0"})
		return err
	}, types.ErrVersionStatus, "refuse it instead")
	_, err = w.Msg.RefuseVersion(w.Ctx, &types.MsgRefuseVersion{Maker: w.Named("maker"), RecordId: id, Version: "1.2.0", Reason: "superseded"})
	require.NoError(t, err)
	require.Equal(t, &types.EventVersionRefused{RecordId: id, Version: "1.2.0", PoolId: w.pool, Reason: "superseded"}, lastEvent(t, w.Ctx, &types.EventVersionRefused{}))
	refused, err := w.Keeper.Version(w.Ctx, id, "1.2.0")
	require.NoError(t, err)
	require.Equal(t, types.VERSION_STATUS_REFUSED, refused.Status)
	require.Equal(t, "superseded", refused.Reason)
	require.NoError(t, w.Keeper.Invariants(w.Ctx))

	_, err = w.Msg.RetireRecord(w.Ctx, &types.MsgRetireRecord{Owner: w.Named("owner"), RecordId: id, Reason: "wrong units"})
	require.NoError(t, err)
	require.Equal(t, &types.EventRecordRetired{RecordId: id, PoolId: w.pool, Reason: "wrong units"}, lastEvent(t, w.Ctx, &types.EventRecordRetired{}))
	_, err = w.Keeper.Contributable(w.Ctx, id)
	require.ErrorIs(t, err, types.ErrRecordRetired)
	require.NoError(t, w.Keeper.Invariants(w.Ctx))
}

// An address may be written in upper case; state holds one form, so it stays the same account.
func TestUpperCaseAddressIsTheSameAccount(t *testing.T) {
	w := newWorld(t)
	upper := strings.ToUpper(w.Named("owner"))
	w.registerMsg.Owner = upper
	res, err := w.Msg.RegisterRecord(w.Ctx, w.registerMsg)
	require.NoError(t, err)
	record, _ := w.record(t, res.RecordId)
	require.Equal(t, w.Named("owner"), record.Owner)
	_, err = w.Msg.AdmitVersion(w.Ctx, &types.MsgAdmitVersion{Maker: strings.ToUpper(w.Named("maker")), RecordId: res.RecordId, Version: "1.0.0"})
	require.NoError(t, err)
	_, err = w.Msg.Grant(w.Ctx, &types.MsgGrant{
		Owner: upper, RecordId: res.RecordId, Terms: types.GrantTerms{AnyProgram: true, Grantee: strings.ToUpper(w.Named("consumer")), MinPricePerMop: math.ZeroInt()},
	})
	require.NoError(t, err)
	_, err = w.Keeper.Reserve(w.Ctx, res.RecordId, types.GrantRequest{Consumer: testutil.Account("consumer"), PricePerMop: math.ZeroInt()})
	require.NoError(t, err)
	_, err = w.Msg.RetireRecord(w.Ctx, &types.MsgRetireRecord{Owner: upper, RecordId: res.RecordId})
	require.NoError(t, err)
	require.NoError(t, w.Keeper.Invariants(w.Ctx))
}

func TestOpenAdmission(t *testing.T) {
	w := &world{Fixture: testutil.New(t)}
	w.pool = w.CreatePool(t, "OPEN", func(m *datapooltypes.MsgCreatePool) { m.Requirements.OpenAdmission = true })
	w.worker = w.RegisterWorker(t, "owner", "worker")
	res, err := w.Msg.RegisterRecord(w.Ctx, w.RegisterMsg(t, "owner", "record", w.pool, w.worker))
	require.NoError(t, err)
	require.Equal(t, types.VERSION_STATUS_ADMITTED, res.Status)
	require.Zero(t, w.dataBalance("owner"), "what nobody reviews earns nothing")
	add, err := w.Msg.AddVersion(w.Ctx, &types.MsgAddVersion{
		Owner: w.Named("owner"), RecordId: res.RecordId, Content: testutil.Content(t, res.RecordId, testutil.Account("owner"), "2.0.0", "other rows", w.worker),
	})
	require.NoError(t, err)
	require.Equal(t, &types.MsgAddVersionResponse{Number: 2, Status: types.VERSION_STATUS_ADMITTED}, add)
	require.NoError(t, w.Keeper.Invariants(w.Ctx))
}

// The reward is paid once per record, once per owner and content, and only while the budget lasts.
func TestRewards(t *testing.T) {
	w := &world{Fixture: testutil.New(t)}
	w.pool = w.CreatePool(t, "LIGHT", func(m *datapooltypes.MsgCreatePool) { m.RewardBudget = math.NewInt(25_000_000) })
	w.worker = w.RegisterWorker(t, "owner", "worker")
	other := w.RegisterWorker(t, "other", "other's worker")
	content := func(m *types.MsgRegisterRecord, text string) *types.MsgRegisterRecord {
		m.Content.Dataset.Files = testutil.Dataset(text).Files
		return m
	}
	register := func(m *types.MsgRegisterRecord) *types.MsgAdmitVersionResponse {
		res, err := w.Msg.RegisterRecord(w.Ctx, m)
		require.NoError(t, err)
		return w.Admit(t, res.RecordId, m.Content.Version)
	}

	require.Equal(t, "10000000", register(content(w.RegisterMsg(t, "owner", "first", w.pool, w.worker), "rows")).RewardData.String())
	require.Equal(t, "0", register(content(w.RegisterMsg(t, "owner", "copy", w.pool, w.worker), "rows")).RewardData.String(), "same owner, same content")
	require.Equal(t, "10000000", register(content(w.RegisterMsg(t, "other", "same rows", w.pool, other), "rows")).RewardData.String(), "another owner")
	// 5 of 25 are left, less than a reward.
	last := content(w.RegisterMsg(t, "owner", "third", w.pool, w.worker), "new rows")
	require.Equal(t, "0", register(last).RewardData.String())
	id := types.RecordID(testutil.Account("owner"), last.Salt)
	record, _ := w.record(t, id)
	require.False(t, record.Rewarded, "a reward that could not be paid stays due")

	// Another pool with a budget pays for the same content again: it is another collection.
	second := w.CreatePool(t, "AIR", nil)
	m := content(w.RegisterMsg(t, "owner", "elsewhere", second, w.worker), "rows")
	require.Equal(t, "10000000", register(m).RewardData.String())
	require.NoError(t, w.Keeper.Invariants(w.Ctx))
	require.NoError(t, w.Pools.Invariants(w.Ctx))
}

func TestWorkers(t *testing.T) {
	w := newWorld(t)
	is, err := w.Keeper.IsWorkerOf(w.Ctx, testutil.Account("owner"), testutil.Account("worker"))
	require.NoError(t, err)
	require.True(t, is)
	for _, pair := range [][2]string{{"stranger", "worker"}, {"owner", "stranger's worker"}, {"owner", "owner"}, {"worker", "owner"}} {
		is, err = w.Keeper.IsWorkerOf(w.Ctx, testutil.Account(pair[0]), testutil.Account(pair[1]))
		require.NoError(t, err)
		require.False(t, is, "%v", pair)
	}
	require.NoError(t, removeWorker("owner", "worker")(w))
	require.Equal(t, &types.EventWorkerRemoved{Owner: w.Named("owner"), Worker: w.Named("worker")}, lastEvent(t, w.Ctx, &types.EventWorkerRemoved{}))
	is, err = w.Keeper.IsWorkerOf(w.Ctx, testutil.Account("owner"), testutil.Account("worker"))
	require.NoError(t, err)
	require.False(t, is)
	// A location that is sealed to a removed worker is no longer accepted.
	_, err = w.Msg.RegisterRecord(w.Ctx, w.registerMsg)
	require.ErrorIs(t, err, types.ErrNotRecipient)
	require.NoError(t, w.Keeper.Invariants(w.Ctx))
}

// What is stored opens with the worker's key under the record's label, and nowhere else.
func TestStoredLocationOpens(t *testing.T) {
	w := newWorld(t)
	_, version := w.record(t, w.active)
	stored := version.Content.Location.Sealed()
	plain, err := seal.Open(seal.RecordLabel(testutil.ChainID, w.active, testutil.Account("owner")), stored, w.worker.Key)
	require.NoError(t, err)
	require.Equal(t, "/srv/data/michelson.csv", string(plain))
	_, err = seal.Open(seal.RecordLabel(testutil.ChainID, w.pending, testutil.Account("owner")), stored, w.worker.Key)
	require.ErrorIs(t, err, seal.ErrOpen)
	for _, line := range w.Dump() {
		require.NotContains(t, line, "2f7372762f64617461", "the path in hexadecimal")
	}
}

func TestUpdateParams(t *testing.T) {
	w := newWorld(t)
	params := types.DefaultParams()
	params.AccessBaseUrl = "https://gateway.example.org"
	_, err := w.Msg.UpdateParams(w.Ctx, &types.MsgUpdateParams{Authority: w.Authority, Params: params})
	require.NoError(t, err)
	res, err := w.Query.Params(w.Ctx, &types.QueryParamsRequest{})
	require.NoError(t, err)
	require.Equal(t, params, res.Params)
	require.Equal(t, &types.EventParamsUpdated{Params: params}, lastEvent(t, w.Ctx, &types.EventParamsUpdated{}))
}
