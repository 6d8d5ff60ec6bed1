package signing_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
)

var write = flag.Bool("write", false, "write testdata/vectors.json")

const vectorsFile = "testdata/vectors.json"

// stale says what to do after a message or one of its fields has changed.
const stale = "expected the vectors of today's messages in " + vectorsFile + ", got others. Write them: go test ./tests/signing -args -write"

// vectors are what is signed for each message.
type vectors struct {
	Comment string    `json:"comment"`
	Signer  signerDoc `json:"signer"`
	Vectors []vector  `json:"vectors"`
}

// signerDoc is what a transaction of a vector has besides its message.
type signerDoc struct {
	PrivateKey    string `json:"private_key"`
	Address       string `json:"address"`
	ChainID       string `json:"chain_id"`
	AccountNumber uint64 `json:"account_number"`
	Sequence      uint64 `json:"sequence"`
	Memo          string `json:"memo"`
	Gas           uint64 `json:"gas"`
	FeeAmount     string `json:"fee_amount"`
	FeeDenom      string `json:"fee_denom"`
}

// vector is a message in a variant and what is signed for it.
type vector struct {
	Message string `json:"message"`
	Variant string `json:"variant"`
	// Value is the message in protobuf's JSON, Proto its encoding as it goes onto the wire.
	Value json.RawMessage `json:"value"`
	Proto string          `json:"proto"`
	// Amino is the message as it is signed in amino JSON, with sorted keys and Go's escapes.
	Amino string `json:"amino"`
	// AminoSHA256 is the hash of the whole sign document in amino JSON, DirectSHA256 of the one of SIGN_MODE_DIRECT.
	AminoSHA256  string `json:"amino_sha256"`
	DirectSHA256 string `json:"direct_sha256"`
}

const comment = "What is signed for each message of Alita. docs/signing.md has the rules. Written by `go test ./tests/signing -args -write`."

func testSigner() signerDoc {
	return signerDoc{
		PrivateKey: hex.EncodeToString(signer.Key.Bytes()), Address: signer.String(), ChainID: apptest.ChainID,
		AccountNumber: 7, Sequence: 11, Gas: 5_000_000, FeeAmount: "1000000", FeeDenom: app.BaseDenom,
	}
}

// TestVectors compares what the chain signs with the published vectors. Every message needs one of each variant.
func TestVectors(t *testing.T) {
	chain := apptest.New(t)
	got := vectors{Comment: comment, Signer: testSigner()}
	for _, msg := range messages(t) {
		for _, variant := range variants {
			got.Vectors = append(got.Vectors, vectorOf(t, chain.App, got.Signer, msg, variant))
		}
	}
	text := got.text(t)
	if *write {
		require.NoError(t, os.WriteFile(vectorsFile, text, 0o600))
	}
	published, err := os.ReadFile(vectorsFile)
	require.NoError(t, err)
	var want vectors
	require.NoError(t, json.Unmarshal(published, &want))
	index := map[string]vector{}
	for _, v := range want.Vectors {
		index[v.Message+" "+v.Variant] = v
	}
	for _, v := range got.Vectors {
		published, ok := index[v.Message+" "+v.Variant]
		require.True(t, ok, "%s, %s: no vector: %s", v.Message, v.Variant, stale)
		require.Equal(t, published.Amino, v.Amino, "%s, %s: %s", v.Message, v.Variant, stale)
	}
	require.True(t, bytes.Equal(published, text), stale)
}

// text writes a vector a line.
func (v vectors) text(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	line := func(before string, value any, after string) {
		b.WriteString(before)
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		require.NoError(t, encoder.Encode(value))
		b.Truncate(b.Len() - 1)
		b.WriteString(after)
	}
	line("{\n\"comment\": ", v.Comment, ",\n")
	line("\"signer\": ", v.Signer, ",\n\"vectors\": [\n")
	for i, one := range v.Vectors {
		after := ",\n"
		if i == len(v.Vectors)-1 {
			after = "\n]\n}\n"
		}
		line("", one, after)
	}
	return b.Bytes()
}

func vectorOf(t *testing.T, a *app.App, by signerDoc, msg protoreflect.MessageDescriptor, variant string) vector {
	t.Helper()
	m := sample(msg, variant)
	wire, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	require.NoError(t, err)
	value, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	require.NoError(t, err)
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, value)) // protojson spaces at random
	tx := decoded(t, a, by, "/"+string(msg.FullName()), wire)
	aminoBytes := signBytes(t, a, by, signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON, tx)
	directBytes := signBytes(t, a, by, signing.SignMode_SIGN_MODE_DIRECT, tx)
	var doc struct {
		Msgs []json.RawMessage `json:"msgs"`
	}
	require.NoError(t, json.Unmarshal(aminoBytes, &doc))
	require.Len(t, doc.Msgs, 1)
	require.NotContains(t, string(doc.Msgs[0]), "null", "%s, %s", msg.FullName(), variant)
	return vector{
		Message: string(msg.FullName()), Variant: variant, Value: compact.Bytes(), Proto: base64.StdEncoding.EncodeToString(wire),
		Amino: string(doc.Msgs[0]), AminoSHA256: sum(aminoBytes), DirectSHA256: sum(directBytes),
	}
}

func sum(bz []byte) string {
	hash := sha256.Sum256(bz)
	return hex.EncodeToString(hash[:])
}

// decoded is a transaction of a message as a node decodes it.
func decoded(t *testing.T, a *app.App, by signerDoc, url string, wire []byte) sdk.Tx {
	t.Helper()
	key, err := codectypes.NewAnyWithValue(signer.Key.PubKey())
	require.NoError(t, err)
	amount, err := sdk.ParseCoinsNormalized(by.FeeAmount + by.FeeDenom)
	require.NoError(t, err)
	body, err := (&txtypes.TxBody{Messages: []*codectypes.Any{{TypeUrl: url, Value: wire}}, Memo: by.Memo}).Marshal()
	require.NoError(t, err)
	auth, err := (&txtypes.AuthInfo{
		SignerInfos: []*txtypes.SignerInfo{{
			PublicKey: key, Sequence: by.Sequence,
			ModeInfo: &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Single_{Single: &txtypes.ModeInfo_Single{Mode: signing.SignMode_SIGN_MODE_DIRECT}}},
		}},
		Fee: &txtypes.Fee{Amount: amount, GasLimit: by.Gas},
	}).Marshal()
	require.NoError(t, err)
	raw, err := (&txtypes.TxRaw{BodyBytes: body, AuthInfoBytes: auth, Signatures: [][]byte{make([]byte, 64)}}).Marshal()
	require.NoError(t, err)
	tx, err := a.TxConfig().TxDecoder()(raw)
	require.NoError(t, err, url)
	return tx
}

func signBytes(t *testing.T, a *app.App, by signerDoc, mode signing.SignMode, tx sdk.Tx) []byte {
	t.Helper()
	bz, err := authsigning.GetSignBytesAdapter(t.Context(), a.TxConfig().SignModeHandler(), mode, authsigning.SignerData{
		Address: by.Address, ChainID: by.ChainID, AccountNumber: by.AccountNumber, Sequence: by.Sequence, PubKey: signer.Key.PubKey(),
	}, tx)
	require.NoError(t, err)
	return bz
}

// TestSparseAndAbsentSignAlike: what JavaScript leaves out on the wire is signed as if it were there, so that one converter
// is right for both. A time alone is not: one that is absent is the first of January of the year 1, and no message can use it.
func TestSparseAndAbsentSignAlike(t *testing.T) {
	published, err := os.ReadFile(vectorsFile)
	require.NoError(t, err)
	var all vectors
	require.NoError(t, json.Unmarshal(published, &all))
	sparseOf := map[string]string{}
	for _, v := range all.Vectors {
		switch v.Variant {
		case sparse:
			sparseOf[v.Message] = v.Amino
		case absent:
			require.Equal(t, sparseOf[v.Message], strings.ReplaceAll(v.Amino, "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"), v.Message)
		}
	}
	require.NotEmpty(t, sparseOf)
}
