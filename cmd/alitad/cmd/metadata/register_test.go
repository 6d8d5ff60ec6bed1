package metadata_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/cmd/alitad/cmd/metadata"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/x/metadata/types"
)

func newWorker(t *testing.T, owner, address string) (types.Worker, seal.PrivateKey) {
	t.Helper()
	key, err := seal.GenerateKey()
	require.NoError(t, err)
	return types.Worker{Address: address, Owner: owner, PublicKey: key.Public().Bytes()}, key
}

// TestMarkerStaysHere registers a file below a folder with a random name and looks for that name in the message.
func TestMarkerStaysHere(t *testing.T) {
	random := make([]byte, 20)
	_, err := rand.Read(random)
	require.NoError(t, err)
	marker := "m" + hex.EncodeToString(random)
	dir := filepath.Join(t.TempDir(), marker)
	require.NoError(t, os.Mkdir(dir, 0o700))
	file := filepath.Join(dir, "data.csv")
	require.NoError(t, os.WriteFile(file, []byte("weight\n1.5\n2\n"), 0o600))

	owner := sdk.AccAddress(bytes.Repeat([]byte{7}, 20))
	salt := bytes.Repeat([]byte{9}, types.SaltSize)
	worker, key := newWorker(t, owner.String(), "w1")
	second, other := newWorker(t, owner.String(), "w2")
	msg, err := metadata.Registration("alita-1", write(t, "record.jsonld", balance), file, owner, salt, []types.Worker{worker, second})
	require.NoError(t, err)
	require.NoError(t, types.ValidateContent(msg.Content, 64<<10), "a chain accepts it")

	raw, err := msg.Marshal()
	require.NoError(t, err)
	text := msg.String()
	for i := range 3 {
		// Base64 of the marker at each of the three alignments, without the characters that its neighbours decide.
		shifted := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", i) + marker))
		inner := shifted[4*((i+2)/3) : len(shifted)-4]
		for _, haystack := range [][]byte{raw, []byte(text)} {
			require.False(t, bytes.Contains(haystack, []byte(inner)))
		}
	}
	for _, needle := range []string{
		marker, strings.ToUpper(marker), dir, file, hex.EncodeToString([]byte(marker)), strings.ToUpper(hex.EncodeToString([]byte(marker))),
		string(random), reverse(marker),
	} {
		require.False(t, bytes.Contains(raw, []byte(needle)))
		require.NotContains(t, text, needle)
	}

	// Both workers can read what was sealed, under this record's label only.
	id := types.RecordID(owner, salt)
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

	again, err := metadata.Registration("alita-1", write(t, "record.jsonld", balance), file, owner, salt, []types.Worker{worker})
	require.NoError(t, err)
	require.NotEqual(t, msg.Content.Commitment.Root, again.Content.Commitment.Root, "each registration salts the rows anew")
}

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func TestChooseWorkers(t *testing.T) {
	a, _ := newWorker(t, "me", "a")
	b, _ := newWorker(t, "me", "b")
	foreign, _ := newWorker(t, "you", "c")
	many := make([]types.Worker, seal.MaxRecipients+1)
	for i := range many {
		many[i] = types.Worker{Owner: "me", Address: string(rune('a' + i))}
	}
	for name, c := range map[string]struct {
		all   []types.Worker
		named []string
		want  []types.Worker
		text  string
	}{
		"all":              {[]types.Worker{a, b}, nil, []types.Worker{a, b}, ""},
		"named":            {[]types.Worker{a, b}, []string{"b"}, []types.Worker{b}, ""},
		"none":             {nil, nil, nil, "has registered none"},
		"not registered":   {[]types.Worker{a}, []string{"a", "z"}, nil, "z is no registered worker of me"},
		"of another owner": {[]types.Worker{a, foreign}, nil, nil, "which belongs to you"},
		"too many":         {many, nil, nil, "9 workers, at most 8; choose with --worker"},
		"named of many":    {many, []string{"b"}, many[1:2], ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := metadata.ChooseWorkers(c.all, "me", c.named)
			if c.text != "" {
				require.ErrorIs(t, err, metadata.ErrNoWorker)
				require.ErrorContains(t, err, c.text)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

// TestErrorsHoldNoPath makes sure that a file that cannot be used is named without its folder.
func TestErrorsHoldNoPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "secretfolder")
	require.NoError(t, os.Mkdir(dir, 0o700))
	file := filepath.Join(dir, "data.csv")
	require.NoError(t, os.WriteFile(file, []byte("a,b\n1\n"), 0o600))
	owner := sdk.AccAddress(bytes.Repeat([]byte{7}, 20))
	_, err := metadata.Registration("alita-1", write(t, "record.jsonld", balance), file, owner, make([]byte, types.SaltSize), nil)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secretfolder")
}
