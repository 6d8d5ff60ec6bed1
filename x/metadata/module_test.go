package metadata_test

import (
	"encoding/json"
	"testing"
	"time"

	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	moduletestutil "github.com/cosmos/cosmos-sdk/types/module/testutil"

	"github.com/alita-network/alita/x/metadata"
	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

// messages is one of each message with as much in it as there can be, and one of each without what may be missing.
func messages(t *testing.T) []sdk.Msg {
	f := testutil.New(t)
	pool := f.CreatePool(t, "LIGHT", nil)
	w := f.RegisterWorker(t, "owner", "worker")
	register := f.RegisterMsg(t, "owner", "record", pool, w)
	register.Content.Dataset.SpatialCoverage = &types.GeoBox{West: -1, East: 1}
	register.Content.Dataset.IsBasedOn = []types.VersionRef{{RecordId: "00112233445566778899aabbccddeeff", Version: "1.0.0"}}
	register.Content.Dataset.Publisher = &types.Agent{Type: types.AGENT_TYPE_ORGANIZATION, Name: "NIST"}
	until := testutil.Start.Add(time.Hour)
	terms := types.GrantTerms{
		Grantee: f.Named("consumer"), Programs: []string{"ab"}, Purposes: []string{"research"}, MaxUses: 7, MinPricePerMop: math.NewInt(5), MinCohort: 3,
		IndividualResults: true, NotBefore: &testutil.Start, NotAfter: &until,
	}
	owner, id := f.Named("owner"), "00112233445566778899aabbccddeeff"
	return []sdk.Msg{
		&types.MsgRegisterWorker{Owner: owner, Worker: f.Named("worker"), PublicKey: w.Key.Public().Bytes(), Name: "laptop"},
		&types.MsgRegisterWorker{},
		&types.MsgRemoveWorker{Owner: owner, Worker: f.Named("worker")},
		register, &types.MsgRegisterRecord{},
		&types.MsgAddVersion{Owner: owner, RecordId: id, Content: register.Content}, &types.MsgAddVersion{},
		&types.MsgAdmitVersion{Maker: owner, RecordId: id, Version: "1.0.0"},
		&types.MsgRefuseVersion{Maker: owner, RecordId: id, Version: "1.0.0", Reason: "no"},
		&types.MsgRetireRecord{Owner: owner, RecordId: id, Reason: "wrong"},
		&types.MsgGrant{Owner: owner, RecordId: id, Terms: terms},
		&types.MsgGrant{Owner: owner, RecordId: id, Terms: types.GrantTerms{AnyProgram: true, MinPricePerMop: math.ZeroInt()}},
		&types.MsgRevokeGrant{Owner: owner, RecordId: id, GrantId: 7},
		&types.MsgSetPrivacyBudget{Owner: owner, RecordId: id, Budget: 1_000_000}, &types.MsgSetPrivacyBudget{},
		&types.MsgProposePanel{
			Proposer: owner, Salt: testutil.Salt("panel"), PoolId: pool, RecordIds: []string{id}, Terms: types.PanelTerms{
				Class: types.PANEL_CLASS_FIXED, Purposes: []string{"research"}, MinPricePerMop: math.NewInt(5), Threshold: 3, OwnerUnit: true,
				Questions: []types.PanelQuestion{{
					ProgramId: "ab", Columns: []string{"speed"}, Length: 3, Input: []byte{1}, Ranges: []types.PanelRange{{Count: 3, Low: -1, High: 5}},
				}},
			},
		},
		&types.MsgProposePanel{Terms: types.PanelTerms{Class: types.PANEL_CLASS_NAMED, Programs: []string{"ab"}, MinPricePerMop: math.ZeroInt()}},
		&types.MsgSignPanel{Owner: owner, PanelId: "ab", RecordId: id}, &types.MsgSignPanel{},
		&types.MsgStageContent{Owner: owner, RecordId: id, Version: "1.1.0"}, &types.MsgStageContent{},
		&types.MsgLeavePanel{Owner: owner, PanelId: "ab"}, &types.MsgLeavePanel{},
		&types.MsgUpdateParams{Authority: f.Authority, Params: types.DefaultParams()}, &types.MsgUpdateParams{},
	}
}

// What a hardware wallet signs is the same by the old amino codec and by the chain's verifier, which also signs empty lists.
func TestAminoJSON(t *testing.T) {
	encoding := moduletestutil.MakeTestEncodingConfig(metadata.AppModule{})
	cdc := codec.NewProtoCodec(encoding.InterfaceRegistry)
	seen := map[string]bool{}
	for _, msg := range messages(t) {
		legacy, err := encoding.Amino.MarshalJSON(msg)
		require.NoError(t, err)
		signed, err := cdc.MarshalAminoJSON(msg)
		require.NoError(t, err)
		require.NotContains(t, string(signed), "null", sdk.MsgTypeURL(msg))
		require.Equal(t, withoutEmptyLists(t, legacy), withoutEmptyLists(t, signed), "%s", sdk.MsgTypeURL(msg))
		seen[sdk.MsgTypeURL(msg)] = true
	}
	require.Len(t, seen, len(types.Msg_serviceDesc.Methods), "every message of the service")
}

// Every method has a command or is left out on purpose, and every positional argument is a field of its request.
func TestCommandsCoverTheServices(t *testing.T) {
	files, err := gogoproto.MergedRegistry()
	require.NoError(t, err)
	options := metadata.AppModule{}.AutoCLIOptions()
	for _, service := range []*autocliv1.ServiceCommandDescriptor{options.Query, options.Tx} {
		desc, err := files.FindDescriptorByName(protoreflect.FullName(service.Service))
		require.NoError(t, err)
		methods := desc.(protoreflect.ServiceDescriptor).Methods()
		require.Len(t, service.RpcCommandOptions, methods.Len())
		for _, rpc := range service.RpcCommandOptions {
			method := methods.ByName(protoreflect.Name(rpc.RpcMethod))
			require.NotNil(t, method, rpc.RpcMethod)
			require.True(t, rpc.Skip || rpc.Short != "", rpc.RpcMethod)
			for _, arg := range rpc.PositionalArgs {
				require.NotNil(t, method.Input().Fields().ByName(protoreflect.Name(arg.ProtoField)), "%s %s", rpc.RpcMethod, arg.ProtoField)
			}
		}
	}
}

func TestGenesisOfTheModule(t *testing.T) {
	f := testutil.New(t)
	encoding := moduletestutil.MakeTestEncodingConfig(metadata.AppModule{})
	module := metadata.NewAppModule(f.Keeper)
	cdc := codec.NewProtoCodec(encoding.InterfaceRegistry)
	require.NoError(t, module.ValidateGenesis(cdc, encoding.TxConfig, module.DefaultGenesis(cdc)))
	require.ErrorIs(t, module.ValidateGenesis(cdc, encoding.TxConfig, []byte(`{"params":{}}`)), types.ErrInvalidParams)
	require.Error(t, module.ValidateGenesis(cdc, encoding.TxConfig, []byte(`{"records":7}`)))
	// A module without a keeper can check a genesis, too, as commands do.
	require.NoError(t, metadata.AppModule{}.ValidateGenesis(cdc, encoding.TxConfig, module.DefaultGenesis(cdc)))
	require.JSONEq(t, string(module.DefaultGenesis(cdc)), string(module.ExportGenesis(f.Ctx, cdc)))
	require.Panics(t, func() { module.InitGenesis(f.Ctx, cdc, []byte(`{"params":{}}`)) })
}

// withoutEmptyLists is a JSON document without the fields of objects that are empty lists, which the old codec leaves out or
// writes as null.
func withoutEmptyLists(t *testing.T, text []byte) any {
	t.Helper()
	var document any
	require.NoError(t, json.Unmarshal(text, &document))
	var strip func(value any)
	strip = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, element := range v {
				strip(element)
			}
		case map[string]any:
			for name, field := range v {
				if list, ok := field.([]any); field == nil || ok && len(list) == 0 {
					delete(v, name)
				}
				strip(field)
			}
		}
	}
	strip(document)
	return document
}
