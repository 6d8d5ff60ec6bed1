package publisher_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/cryptotest"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/rows/source"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

const balance = `{"@context":"https://schema.org/","@type":"Dataset","name":"Balance",
	"description":"Readings of a balance in a cellar, taken once an hour over one winter.","license":"http://creativecommons.org/licenses/by/4.0/",
	"creator":{"@type":"Person","name":"A B","email":"a@example.org"},"variableMeasured":[{"@type":"PropertyValue","name":"weight","unitText":"g"}]}`

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// registration makes the message that registers the balance with a file.
func registration(chainID, owner, file string, workers ...types.Worker) (string, *types.MsgRegisterRecord, error) {
	f, err := publisher.ReadFile(file, "")
	if err != nil {
		return "", nil, err
	}
	draft, err := publisher.Check([]byte(balance), document.Options{}, f, nil)
	if err != nil {
		return "", nil, err
	}
	return draft.Registration(chainID, owner, 1, workers)
}

func newWorker(t *testing.T, owner, address string) (types.Worker, seal.PrivateKey) {
	t.Helper()
	key, err := seal.GenerateKey()
	require.NoError(t, err)
	return types.Worker{Address: address, Owner: owner, PublicKey: key.Public().Bytes()}, key
}

// TestMarkerStaysHere registers a file below a folder with a random name and looks for that name in the message.
func TestMarkerStaysHere(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1)
	random := make([]byte, 20)
	_, err := rand.Read(random)
	require.NoError(t, err)
	marker := "m" + hex.EncodeToString(random)
	dir := filepath.Join(t.TempDir(), marker)
	require.NoError(t, os.Mkdir(dir, 0o700))
	file := filepath.Join(dir, "data.csv")
	require.NoError(t, os.WriteFile(file, []byte("weight\n1.5\n2\n"), 0o600))

	owner := sdk.AccAddress(bytes.Repeat([]byte{7}, 20))
	text, err := tx.AddressCodec().BytesToString(owner)
	require.NoError(t, err)
	worker, key := newWorker(t, text, "w1")
	second, other := newWorker(t, text, "w2")
	id, msg, err := registration("alita-1", text, file, worker, second)
	require.NoError(t, err)
	require.Equal(t, types.RecordID(owner, msg.Salt), id)
	require.NoError(t, types.ValidateContent(msg.Content, 64<<10), "a chain accepts it")

	raw, err := msg.Marshal()
	require.NoError(t, err)
	printed := msg.String()
	for i := range 3 {
		// Base64 of the marker at each of the three alignments, without the characters that its neighbours decide.
		shifted := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", i) + marker))
		inner := shifted[4*((i+2)/3) : len(shifted)-4]
		for _, haystack := range [][]byte{raw, []byte(printed)} {
			require.False(t, bytes.Contains(haystack, []byte(inner)))
		}
	}
	for _, needle := range []string{
		marker, strings.ToUpper(marker), dir, file, hex.EncodeToString([]byte(marker)), strings.ToUpper(hex.EncodeToString([]byte(marker))),
		string(random), reverse(marker),
	} {
		require.False(t, bytes.Contains(raw, []byte(needle)))
		require.NotContains(t, printed, needle)
	}

	// Both workers can read what was sealed, under this record's label only.
	for _, k := range []seal.PrivateKey{key, other} {
		plain, err := seal.Open(seal.RecordLabel("alita-1", id, owner), msg.Content.Location.Sealed(), k)
		require.NoError(t, err)
		location, err := source.UnmarshalLocation(plain)
		require.NoError(t, err)
		require.Equal(t, file, location.Path)
		require.Equal(t, source.CSV, location.Format)
		commitment, err := source.Commit(location.Path, location.Format, location.Seed)
		require.NoError(t, err)
		require.NoError(t, commitment.Matches(msg.Content.Commitment.Rows, msg.Content.Commitment.Root))
		require.Equal(t, commitment.SHA256[:], msg.Content.Dataset.Files[0].Sha256)
	}
	_, err = seal.Open(seal.RecordLabel("alita-2", id, owner), msg.Content.Location.Sealed(), key)
	require.ErrorIs(t, err, seal.ErrOpen)
	require.Equal(t, uint64(2), msg.Content.Commitment.Rows)
	require.Equal(t, "data.csv", msg.Content.Dataset.Files[0].Name)

	_, again, err := registration("alita-1", text, file, worker)
	require.NoError(t, err)
	require.NotEqual(t, msg.Content.Commitment.Root, again.Content.Commitment.Root, "each registration salts the rows with a new seed")
}

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// TestErrorsHoldNoPath: a file that cannot be used is named without its folder.
func TestErrorsHoldNoPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "secretfolder")
	require.NoError(t, os.Mkdir(dir, 0o700))
	file := filepath.Join(dir, "data.csv")
	require.NoError(t, os.WriteFile(file, []byte("a,b\n1\n"), 0o600))
	_, err := publisher.ReadFile(file, "")
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secretfolder")
}

func TestCheck(t *testing.T) {
	data := write(t, "data.csv", "weight\n1\n2\n")
	file, err := publisher.ReadFile(data, "")
	require.NoError(t, err)
	require.EqualValues(t, 2, file.Rows())
	require.Equal(t, "(local file)", fmt.Sprint(file))
	require.NotContains(t, fmt.Sprintf("%#v", file), "data.csv")

	draft, err := publisher.Check([]byte(balance), document.Options{}, file, nil)
	require.NoError(t, err)
	require.NoError(t, draft.Refusal())
	require.Equal(t, datapooltypes.COLUMN_TYPE_INTEGER, draft.Dataset.Columns[0].Type)
	require.Equal(t, "g", draft.Dataset.Columns[0].Unit)

	// The pool asks for decimal numbers, which whole numbers are. The file itself stays as it is.
	required := []datapooltypes.RequiredColumn{{Name: "weight", Type: datapooltypes.COLUMN_TYPE_DECIMAL}}
	draft, err = publisher.Check([]byte(balance), document.Options{}, file, required)
	require.NoError(t, err)
	require.Equal(t, datapooltypes.COLUMN_TYPE_DECIMAL, draft.Dataset.Columns[0].Type)
	require.Equal(t, datapooltypes.COLUMN_TYPE_INTEGER, file.ColumnTypes()["weight"])

	draft, err = publisher.Check([]byte(strings.Replace(balance, "Balance", "B", 1)), document.Options{}, file, nil)
	require.NoError(t, err)
	require.ErrorIs(t, draft.Refusal(), publisher.ErrRefused)
	require.ErrorContains(t, draft.Refusal(), "1 of the findings say why")
	_, _, err = draft.Registration("alita-1", owner(t), 1, nil)
	require.ErrorIs(t, err, publisher.ErrRefused)

	_, err = publisher.Check([]byte("{"), document.Options{}, file, nil)
	require.ErrorIs(t, err, document.ErrSyntax)
	_, err = publisher.ReadFile(write(t, "data.xyz", "a\n1\n"), "")
	require.ErrorIs(t, err, source.ErrFormat)
	_, err = publisher.ReadFile(write(t, "data.xyz", "a\n1\n"), source.CSV)
	require.NoError(t, err)

	draft, err = publisher.Check([]byte(balance), document.Options{}, nil, nil)
	require.NoError(t, err)
	_, err = draft.NewVersion("alita-1", owner(t), "00112233445566778899aabbccddeeff", nil)
	require.ErrorContains(t, err, "expected a local file")
	_, _, err = draft.Registration("alita-1", "nobody", 1, nil)
	require.ErrorContains(t, err, "owner: ")
}

func owner(t *testing.T) string {
	t.Helper()
	text, err := tx.AddressCodec().BytesToString(bytes.Repeat([]byte{7}, 20))
	require.NoError(t, err)
	return text
}
