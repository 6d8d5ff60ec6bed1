package testutil

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/seal"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// Worker is a registered computing node with its private key.
type Worker struct {
	Name string
	Key  seal.PrivateKey
}

// RegisterWorker makes a key and registers the account of a name as a worker of the account of another.
func (f *Fixture) RegisterWorker(tb testing.TB, owner, worker string) Worker {
	tb.Helper()
	key, err := seal.GenerateKey()
	require.NoError(tb, err)
	_, err = f.Msg.RegisterWorker(f.Ctx, &types.MsgRegisterWorker{
		Owner: f.Named(owner), Worker: f.Named(worker), PublicKey: key.Public().Bytes(), Name: worker,
	})
	require.NoError(tb, err)
	return Worker{Name: worker, Key: key}
}

// Salt is the salt of a named record.
func Salt(name string) []byte {
	sum := sha256.Sum256([]byte("salt of " + name))
	return sum[:types.SaltSize]
}

// Dataset returns a typed core with the checksum of content for its file.
func Dataset(content string) types.Dataset {
	sum := sha256.Sum256([]byte(content))
	return types.Dataset{
		Names:        []types.LocalizedText{{Language: "en", Text: "Speed of light, " + content}},
		Descriptions: []types.LocalizedText{{Language: "en", Text: "Michelson's determinations of the velocity of light in air, made in 1879 at Annapolis."}},
		License:      "CC0-1.0",
		Creators:     []types.Agent{{Type: types.AGENT_TYPE_PERSON, Name: "Albert A. Michelson"}},
		Keywords:     []string{"physics"},
		Columns: []types.Column{
			{Name: "speed", Type: datapooltypes.COLUMN_TYPE_DECIMAL, Unit: "km/s"},
			{Name: "run", Type: datapooltypes.COLUMN_TYPE_INTEGER},
		},
		Files: []types.File{{Name: "michelson.csv", EncodingFormat: "text/csv", ContentSize: 2000, Sha256: sum[:]}},
	}
}

// Location seals a made-up location under the label of a record to workers.
func Location(tb testing.TB, recordID string, owner sdk.AccAddress, workers ...Worker) types.SealedLocation {
	tb.Helper()
	keys := make([]seal.PublicKey, len(workers))
	for i, w := range workers {
		keys[i] = w.Key.Public()
	}
	sealed, err := seal.Seal(seal.RecordLabel(ChainID, recordID, owner), []byte("/srv/data/michelson.csv"), keys)
	require.NoError(tb, err)
	return types.NewSealedLocation(sealed)
}

// Content is a version of a record with a content, sealed to workers.
func Content(tb testing.TB, recordID string, owner sdk.AccAddress, version, content string, workers ...Worker) types.VersionContent {
	tb.Helper()
	return types.VersionContent{
		Version: version, Dataset: Dataset(content),
		Commitment: types.RowCommitment{Rows: 100, Root: bytes.Repeat([]byte{7}, types.RowRootSize)},
		Location:   Location(tb, recordID, owner, workers...),
	}
}

// RegisterMsg registers the record of a name for the account of an owner.
func (f *Fixture) RegisterMsg(tb testing.TB, owner, record string, pool uint64, workers ...Worker) *types.MsgRegisterRecord {
	tb.Helper()
	id := types.RecordID(Account(owner), Salt(record))
	return &types.MsgRegisterRecord{
		Owner: f.Named(owner), Salt: Salt(record), PoolId: pool,
		Content: Content(tb, id, Account(owner), "1.0.0", owner+"/"+record, workers...),
	}
}

// Register registers the record of a name for the account of an owner and returns its id.
func (f *Fixture) Register(tb testing.TB, owner, record string, pool uint64, workers ...Worker) string {
	tb.Helper()
	res, err := f.Msg.RegisterRecord(f.Ctx, f.RegisterMsg(tb, owner, record, pool, workers...))
	require.NoError(tb, err)
	return res.RecordId
}

// Admit admits a version as the account "maker".
func (f *Fixture) Admit(tb testing.TB, recordID, version string) *types.MsgAdmitVersionResponse {
	tb.Helper()
	res, err := f.Msg.AdmitVersion(f.Ctx, &types.MsgAdmitVersion{Maker: f.Named("maker"), RecordId: recordID, Version: version})
	require.NoError(tb, err)
	return res
}
