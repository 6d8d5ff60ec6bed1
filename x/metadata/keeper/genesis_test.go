package keeper_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

// rich is a world with something in every collection.
func rich(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	add := &types.MsgAddVersion{
		Owner: w.Named("owner"), RecordId: w.active, Content: testutil.Content(t, w.active, testutil.Account("owner"), "1.1.0", "more rows", w.worker),
	}
	add.Content.Dataset.IsBasedOn = []types.VersionRef{{RecordId: w.active, Version: "1.0.0"}, {RecordId: w.pending, Version: "1.0.0"}}
	_, err := w.Msg.AddVersion(w.Ctx, add)
	require.NoError(t, err)
	w.Admit(t, w.active, "1.1.0")
	_, err = w.Msg.RefuseVersion(w.Ctx, &types.MsgRefuseVersion{Maker: w.Named("maker"), RecordId: w.pending, Version: "1.0.0", Reason: "no"})
	require.NoError(t, err)
	require.NoError(t, grant(func(w *world, m *types.MsgGrant) {
		m.Terms.Grantee, m.Terms.MaxUses, m.Terms.NotAfter = w.Named("consumer"), 3, w.at(1e12)
	})(w))
	require.NoError(t, privacy(func(*world, *types.MsgSetPrivacyBudget) {})(w))
	for range 2 {
		_, err = w.Keeper.Reserve(w.Ctx, w.active, types.GrantRequest{Consumer: testutil.Account("consumer"), PricePerMop: math.NewInt(9), MicroRho: 300_000})
		require.NoError(t, err)
	}
	require.NoError(t, w.Keeper.Charge(w.Ctx, types.Reservation{RecordID: w.active, GrantID: 1, MicroRho: 300_000}, testutil.Account("consumer"), programA))
	return w
}

// The exported state, written as JSON, starts a chain with the same bytes in its store.
func TestExportImportExport(t *testing.T) {
	w := rich(t)
	exported, err := w.Keeper.ExportGenesis(w.Ctx)
	require.NoError(t, err)
	raw, err := w.Codec.MarshalJSON(exported)
	require.NoError(t, err)

	var read types.GenesisState
	require.NoError(t, w.Codec.UnmarshalJSON(raw, &read))
	fresh := testutil.New(t)
	empty := fresh.Dump()
	require.ErrorIs(t, fresh.Keeper.InitGenesis(fresh.Ctx, read), types.ErrInvalidGenesis, "the pool is not there")
	require.Equal(t, empty, fresh.Dump())
	require.Equal(t, w.pool, fresh.CreatePool(t, "LIGHT", nil))
	require.NoError(t, fresh.Keeper.InitGenesis(fresh.Ctx, read))
	require.Equal(t, w.Dump(), fresh.Dump())
	again, err := fresh.Keeper.ExportGenesis(fresh.Ctx)
	require.NoError(t, err)
	second, err := w.Codec.MarshalJSON(again)
	require.NoError(t, err)
	require.JSONEq(t, string(raw), string(second))
	require.NoError(t, fresh.Keeper.Invariants(fresh.Ctx))
}

func TestDefaultGenesis(t *testing.T) {
	f := testutil.New(t)
	require.NoError(t, types.DefaultGenesis().Validate(f.Address))
	require.Len(t, f.Dump(), 1, "the parameters only")
}

// Each case breaks one thing of a valid state that uses everything.
func TestGenesisRefuses(t *testing.T) {
	w := rich(t)
	find := func(gs *types.GenesisState, id string) *types.Record {
		for i := range gs.Records {
			if gs.Records[i].Id == id {
				return &gs.Records[i]
			}
		}
		t.Fatal(id)
		return nil
	}
	version := func(gs *types.GenesisState, id string, number uint32) *types.Version {
		for i := range gs.Versions {
			if gs.Versions[i].RecordId == id && gs.Versions[i].Number == number {
				return &gs.Versions[i]
			}
		}
		t.Fatal(id)
		return nil
	}
	for name, tc := range map[string]struct {
		change func(gs *types.GenesisState)
		text   string
	}{
		"parameters":              {func(gs *types.GenesisState) { gs.Params.MaxGrants = 0 }, "max_grants"},
		"dataset bytes":           {func(gs *types.GenesisState) { gs.Params.MaxDatasetBytes = 1<<20 + 1 }, "max_dataset_bytes"},
		"access address":          {func(gs *types.GenesisState) { gs.Params.AccessBaseUrl = "https://example.org/" }, "trailing slash"},
		"access address not safe": {func(gs *types.GenesisState) { gs.Params.AccessBaseUrl = "http://example.org" }, "https"},
		"record id":               {func(gs *types.GenesisState) { gs.Records[0].Id = "x" }, "32 lower-case"},
		"record twice":            {func(gs *types.GenesisState) { gs.Records = append(gs.Records, gs.Records[0]) }, "expected once, got twice"},
		"owner":                   {func(gs *types.GenesisState) { gs.Records[0].Owner = "x" }, "owner of record"},
		"owner in upper case":     {func(gs *types.GenesisState) { gs.Records[0].Owner = strings.ToUpper(gs.Records[0].Owner) }, "expected"},
		"no pool":                 {func(gs *types.GenesisState) { gs.Records[0].PoolId = 0 }, "pool_id: expected at least 1"},
		"status":                  {func(gs *types.GenesisState) { find(gs, w.active).Status = types.RECORD_STATUS_PENDING }, "RECORD_STATUS_PENDING"},
		"active, none admitted":   {func(gs *types.GenesisState) { find(gs, w.pending).Status = types.RECORD_STATUS_ACTIVE }, "RECORD_STATUS_ACTIVE"},
		"versions lost":           {func(gs *types.GenesisState) { gs.Versions = gs.Versions[:len(gs.Versions)-1] }, "versions: expected"},
		"versions unnumbered":     {func(gs *types.GenesisState) { version(gs, w.active, 2).Number = 3 }, "expected 2"},
		"version of nothing":      {func(gs *types.GenesisState) { gs.Versions[0].RecordId = unknownRecord }, "expected a record of this genesis"},
		"version not newer":       {func(gs *types.GenesisState) { version(gs, w.active, 2).Content.Version = "1.0.0" }, "greater than"},
		"version status":          {func(gs *types.GenesisState) { version(gs, w.active, 1).Status = types.VERSION_STATUS_ADMITTED }, "status: expected one that fits the admitted version 2"},
		"version unspecified":     {func(gs *types.GenesisState) { version(gs, w.active, 1).Status = 0 }, "status: expected a known one, got 0"},
		"refusal without reason":  {func(gs *types.GenesisState) { version(gs, w.pending, 1).Reason = "" }, "tells the owner what to change, got none"},
		"reason without refusal":  {func(gs *types.GenesisState) { version(gs, w.active, 1).Reason = "x" }, "not refused"},
		"content":                 {func(gs *types.GenesisState) { version(gs, w.active, 1).Content.Dataset.License = "" }, "$.license: expected an SPDX identifier"},
		"location":                {func(gs *types.GenesisState) { version(gs, w.active, 1).Content.Location.Body = []byte("/a") }, "not sealed"},
		"lineage to nothing":      {func(gs *types.GenesisState) { version(gs, w.active, 2).Content.Dataset.IsBasedOn[0].Version = "0.1.0" }, "is_based_on: expected a version that is there before it"},
		"lineage to itself":       {func(gs *types.GenesisState) { version(gs, w.active, 2).Content.Dataset.IsBasedOn[0].Version = "1.1.0" }, "is_based_on: expected a version that is there before it"},
		"rewarded, not admitted":  {func(gs *types.GenesisState) { find(gs, w.pending).Rewarded = true }, "rewarded: expected an admitted version"},
		"reason of no retirement": {func(gs *types.GenesisState) { find(gs, w.active).RetireReason = "x" }, "not retired"},
		"next grant":              {func(gs *types.GenesisState) { find(gs, w.active).NextGrantId = 2 }, "id: expected 1 to 1, got 2"},
		"next grant zero":         {func(gs *types.GenesisState) { find(gs, w.pending).NextGrantId = 0 }, "next_grant_id"},
		"worker twice":            {func(gs *types.GenesisState) { gs.Workers = append(gs.Workers, gs.Workers[0]) }, "expected once, got twice"},
		"worker's address":        {func(gs *types.GenesisState) { gs.Workers[0].Address = "" }, "worker"},
		"worker's owner":          {func(gs *types.GenesisState) { gs.Workers[0].Owner = "" }, "owner of worker"},
		"worker's key":            {func(gs *types.GenesisState) { gs.Workers[0].PublicKey = nil }, "public_key: expected"},
		"shared key": {func(gs *types.GenesisState) {
			gs.Workers[0].PublicKey, gs.Workers[0].Owner = gs.Workers[1].PublicKey, gs.Workers[1].Owner
		}, "public_key: expected one of its own"},
		"grant of nothing":   {func(gs *types.GenesisState) { gs.Grants[0].RecordId = unknownRecord }, "expected a record of this genesis"},
		"grant twice":        {func(gs *types.GenesisState) { gs.Grants = append(gs.Grants, gs.Grants[0]) }, "expected once, got twice"},
		"grant zero":         {func(gs *types.GenesisState) { gs.Grants[0].Id = 0 }, "id: expected 1 to"},
		"grant's terms":      {func(gs *types.GenesisState) { gs.Grants[0].Terms.AnyProgram = false }, "or any_program, got none"},
		"grant's price":      {func(gs *types.GenesisState) { gs.Grants[0].Terms.MinPricePerMop = math.Int{} }, "min_price_per_mop"},
		"grant's grantee":    {func(gs *types.GenesisState) { gs.Grants[1].Terms.Grantee = strings.ToUpper(gs.Grants[1].Terms.Grantee) }, "grantee"},
		"grant overused":     {func(gs *types.GenesisState) { gs.Grants[1].Uses = 4 }, "at most 3"},
		"grant overreserved": {func(gs *types.GenesisState) { gs.Grants[1].Reserved = 4 - gs.Grants[1].Uses }, "reserved: expected at most"},
		"grant for peeking":  {func(gs *types.GenesisState) { gs.Grants[0].Terms.IndividualResults = true }, "individual_results: expected false with any_program, got true"},
		"more than all of rho": {func(gs *types.GenesisState) {
			find(gs, w.active).PrivacySpent, find(gs, w.active).PrivacyReserved = 1, 1<<64-1
		}, "privacy_reserved: expected at most 18446744073709551614"},
		"rewarded twice":     {func(gs *types.GenesisState) { gs.Rewarded = append(gs.Rewarded, gs.Rewarded[0]) }, "expected once, got twice"},
		"rewarded checksum":  {func(gs *types.GenesisState) { gs.Rewarded[0].Sha256 = nil }, "checksum"},
		"rewarded's account": {func(gs *types.GenesisState) { gs.Rewarded[0].Owner = "" }, "rewarded content"},
	} {
		t.Run(name, func(t *testing.T) {
			exported, err := w.Keeper.ExportGenesis(w.Ctx)
			require.NoError(t, err)
			require.NoError(t, exported.Validate(w.Address))
			tc.change(exported)
			err = exported.Validate(w.Address)
			require.Error(t, err)
			require.Contains(t, err.Error(), tc.text)
			fresh := testutil.New(t)
			before := fresh.Dump()
			require.Error(t, fresh.Keeper.InitGenesis(fresh.Ctx, *exported))
			require.Equal(t, before, fresh.Dump())
		})
	}
}

// The invariants find an index that does not say what the records say.
func TestInvariantsFindBrokenIndexes(t *testing.T) {
	for name, breakIt := range map[string]func(t *testing.T, w *world){
		"record not by pool":     func(t *testing.T, w *world) { require.NoError(t, w.Keeper.RecordsByPool.Clear(w.Ctx, nil)) },
		"record not by owner":    func(t *testing.T, w *world) { require.NoError(t, w.Keeper.RecordsByOwner.Clear(w.Ctx, nil)) },
		"worker not by owner":    func(t *testing.T, w *world) { require.NoError(t, w.Keeper.WorkersByOwner.Clear(w.Ctx, nil)) },
		"version without number": func(t *testing.T, w *world) { require.NoError(t, w.Keeper.VersionNumbers.Clear(w.Ctx, nil)) },
		"worker by owner only": func(t *testing.T, w *world) {
			require.NoError(t, w.Keeper.Workers.Remove(w.Ctx, testutil.Account("worker")))
		},
		"grant overused": func(t *testing.T, w *world) {
			g, err := w.Keeper.RecordGrant(w.Ctx, w.active, 2)
			require.NoError(t, err)
			g.Uses = 4
			require.NoError(t, w.Keeper.Grants.Set(w.Ctx, grantKey(w.active, 2), g))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := rich(t)
			require.NoError(t, w.Keeper.Invariants(w.Ctx))
			breakIt(t, w)
			require.Error(t, w.Keeper.Invariants(w.Ctx))
		})
	}
}
