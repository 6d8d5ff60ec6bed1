package integration_test

import (
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	"cosmossdk.io/collections/codec"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/x/compute"
	computetypes "github.com/alita-network/alita/x/compute/types"
	"github.com/alita-network/alita/x/metadata"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// encoded is where a collection keeps a key.
func encoded[K any](t *testing.T, prefix collections.Prefix, coder codec.KeyCodec[K], key K) []byte {
	t.Helper()
	b, err := collections.EncodeKeyWithPrefix(prefix.Bytes(), coder, key)
	require.NoError(t, err)
	return b
}

// TestKeysOfTheState holds package light/keys, by which workers ask for proofs, against the schema of the keepers. A key that is
// not the keeper's would be proved absent.
func TestKeysOfTheState(t *testing.T) {
	a := apptest.New(t).App
	c, m := a.ComputeKeeper, a.MetadataKeeper
	const job, record, operator, program = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "000102030405060708090a0b0c0d0e0f", "alitavaloper1abc", "00ff"
	pair := collections.Join(job, record)
	account := sdk.AccAddress("twenty bytes long ok")
	for _, tc := range []struct {
		name      string
		want, got []byte
	}{
		{"params", computetypes.ParamsPrefix.Bytes(), keys.Params()},
		{"programs", encoded(t, computetypes.ProgramsPrefix, c.Programs.KeyCodec(), program), keys.Program(program)},
		{"job_progress", encoded(t, computetypes.JobProgressPrefix, c.JobProgress.KeyCodec(), job), keys.Progress(job)},
		{"job_terms", encoded(t, computetypes.JobTermsPrefix, c.JobTerms.KeyCodec(), job), keys.Terms(job)},
		{"job_questions", encoded(t, computetypes.JobQuestionsPrefix, c.JobQuestions.KeyCodec(), job), keys.Question(job)},
		{"job_seats", encoded(t, computetypes.JobSeatsPrefix, c.JobSeats.KeyCodec(), job), keys.Seats(job)},
		{"seat_keys", encoded(t, computetypes.SeatKeysPrefix, c.SeatKeys.KeyCodec(), collections.Join(job, operator)), keys.SeatKey(job, operator)},
		{"contributions", encoded(t, computetypes.ContributionsPrefix, c.Contributions.KeyCodec(), pair), keys.Contribution(job, record)},
		{"shares", encoded(t, computetypes.SharesPrefix, c.Shares.KeyCodec(), pair), keys.Shares(job, record)},
		{"prepared", encoded(t, computetypes.PreparedPrefix, c.Prepared.KeyCodec(), collections.Join3(job, record, uint64(7))), keys.Prepared(job, record, 7)},
		{"messages", encoded(t, computetypes.MessagesPrefix, c.Messages.KeyCodec(), pair), keys.Message(job, record)},
		{"metadata params", metadatatypes.ParamsPrefix.Bytes(), keys.Params()},
		{"records", encoded(t, metadatatypes.RecordsPrefix, m.Records.KeyCodec(), record), keys.Record(record)},
		{"versions", encoded(t, metadatatypes.VersionsPrefix, m.Versions.KeyCodec(), collections.Join(record, uint32(258))), keys.Version(record, 258)},
		{"workers", encoded(t, metadatatypes.WorkersPrefix, m.Workers.KeyCodec(), account), keys.Worker(account)},
		{"grants", encoded(t, metadatatypes.GrantsPrefix, m.Grants.KeyCodec(), collections.Join(record, uint64(515))), keys.Grant(record, 515)},
		{"panels", encoded(t, metadatatypes.PanelsPrefix, m.Panels.KeyCodec(), program), keys.Panel(program)},
		{"panel_members", encoded(t, metadatatypes.PanelMembersPrefix, m.PanelMembers.KeyCodec(), collections.Join(program, record)), keys.PanelMember(program, record)},
	} {
		require.Equal(t, tc.want, tc.got, tc.name)
	}
	require.Equal(t, computetypes.StoreKey, keys.Compute)
	require.Equal(t, metadatatypes.StoreKey, keys.Metadata)
	require.Equal(t, map[string]uint64{
		keys.Compute: compute.ConsensusVersion, keys.Metadata: metadata.ConsensusVersion,
	}, keys.Layout, "the layout of a store has changed: see which keys and messages of package light/keys and node/chain have")
}

// TestProofsOfTheApplication: what the real stores hold proves by package light, as a worker asks for it.
func TestProofsOfTheApplication(t *testing.T) {
	chain := apptest.New(t, funded())
	createPool(chain)
	chain.NextBlocks(2)
	prove := func(store string, key []byte) light.Proof {
		t.Helper()
		height := chain.App.LastBlockHeight()
		res, err := chain.App.Query(t.Context(), &abci.RequestQuery{Path: "/store/" + store + "/key", Data: key, Height: height, Prove: true})
		require.NoError(t, err)
		require.Zero(t, res.Code, res.Log)
		var layers []light.Layer
		for _, op := range res.ProofOps.Ops {
			layers = append(layers, light.Layer{Type: op.Type, Data: op.Data})
		}
		p, err := light.CheckProof(chain.App.LastCommitID().Hash, store, key, layers)
		require.NoError(t, err)
		return p
	}
	for module := range keys.Layout {
		p := prove(keys.Upgrade, keys.ModuleVersion(module))
		require.NotNil(t, p.Found, module)
		require.NoError(t, keys.CheckVersion(module, p.Found.Value))
	}
	require.Nil(t, prove(keys.Upgrade, keys.ModuleVersion("no module")).Found)
	p := prove(keys.Staking, keys.StakingParams())
	require.NotNil(t, p.Found)
	unbonding, err := keys.UnbondingTime(p.Found.Value)
	require.NoError(t, err)
	require.Equal(t, app.UnbondingTime, unbonding)
	require.Greater(t, unbonding, light.DefaultRules.Period)
	p = prove(keys.Compute, keys.Params())
	require.NotNil(t, p.Found)
	var params computetypes.Params
	require.NoError(t, params.Unmarshal(p.Found.Value))
	require.Equal(t, computetypes.DefaultParams(), params)
	require.Nil(t, prove(keys.Compute, keys.Progress("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")).Found)
	require.Nil(t, prove(keys.Metadata, keys.Worker(owners[0].Address())).Found)
}
