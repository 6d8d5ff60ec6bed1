package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

// No bytes that decode as a message make the module panic; what is refused changes nothing, and what is accepted
// keeps the invariants and can be shown in every profile.
func FuzzRegisterRecord(f *testing.F) {
	w := &world{Fixture: testutil.New(f)}
	w.pool = w.CreatePool(f, "OPEN", nil)
	w.worker = w.RegisterWorker(f, "owner", "worker")
	good := w.RegisterMsg(f, "owner", "new", w.pool, w.worker)
	for _, change := range []func(*types.MsgRegisterRecord){
		func(*types.MsgRegisterRecord) {},
		func(m *types.MsgRegisterRecord) { m.Content.Location = types.SealedLocation{} },
		func(m *types.MsgRegisterRecord) { m.Content.Dataset = types.Dataset{} },
		func(m *types.MsgRegisterRecord) { m.Content.Dataset.Names[0].Text = "\xff\xfe\xfd" },
		func(m *types.MsgRegisterRecord) { m.PoolId = 1 << 63 },
	} {
		change(good)
		raw, err := good.Marshal()
		require.NoError(f, err)
		f.Add(raw)
		good = w.RegisterMsg(f, "owner", "new", w.pool, w.worker)
	}
	original, location := w.Ctx, good.Content.Location
	f.Fuzz(func(t *testing.T, raw []byte) {
		var msg types.MsgRegisterRecord
		if msg.Unmarshal(raw) != nil {
			return
		}
		// The worker's key is new in every process: what was sealed in another one is sealed to this one's.
		if types.ValidateLocation(msg.Content.Location) == nil {
			msg.Content.Location = location
		}
		w.Ctx, _ = original.CacheContext()
		before := w.Dump()
		res, err := w.Msg.RegisterRecord(w.Ctx, &msg)
		if err != nil {
			require.Equal(t, before, w.Dump())
			return
		}
		require.NoError(t, w.Keeper.Invariants(w.Ctx))
		for _, profile := range []string{"schema.org", "croissant", "dcat"} {
			_, err := w.Query.JSONLD(w.Ctx, &types.QueryJSONLDRequest{RecordId: res.RecordId, Profile: profile})
			require.NoError(t, err)
		}
	})
}

func FuzzGrant(f *testing.F) {
	w := &world{Fixture: testutil.New(f)}
	w.pool = w.CreatePool(f, "OPEN", nil)
	w.worker = w.RegisterWorker(f, "owner", "worker")
	id := w.Register(f, "owner", "record", w.pool, w.worker)
	w.Admit(f, id, "1.0.0")
	for _, terms := range []types.GrantTerms{
		{AnyProgram: true},
		{Programs: []string{programA}, Purposes: []string{"research"}, MaxUses: 1, NotAfter: w.at(1e12)},
		{Programs: []string{programA}, Grantee: w.Named("consumer"), IndividualResults: true},
		{AnyProgram: true, IndividualResults: true},
	} {
		msg := types.MsgGrant{Owner: w.Named("owner"), RecordId: id, Terms: terms.Normalize()}
		raw, err := msg.Marshal()
		require.NoError(f, err)
		f.Add(raw)
	}
	original := w.Ctx
	f.Fuzz(func(t *testing.T, raw []byte) {
		var msg types.MsgGrant
		if msg.Unmarshal(raw) != nil {
			return
		}
		w.Ctx, _ = original.CacheContext()
		before := w.Dump()
		if _, err := w.Msg.Grant(w.Ctx, &msg); err != nil {
			require.Equal(t, before, w.Dump())
			return
		}
		require.NoError(t, w.Keeper.Invariants(w.Ctx))
		_, err := w.Keeper.Reserve(w.Ctx, id, types.GrantRequest{Consumer: testutil.Account("consumer"), ProgramID: programA, MinCohort: 1})
		if err != nil {
			require.ErrorIs(t, err, types.ErrNotGranted)
		}
	})
}
