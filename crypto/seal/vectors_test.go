package seal_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	xhpke "filippo.io/hpke"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
)

var update = flag.Bool("update", false, "make new test vectors; old ciphertexts must stay readable, so think first")

// vectors are ciphertexts of the first version. Every later version must open them.
type vectors struct {
	Key      []byte
	ChainID  string
	RecordID string
	JobID    string
	Version  string
	Owner    []byte
	Location string
	Sealed   seal.Sealed
	Result   []byte
	SealedTo []byte
}

var vectorFile = filepath.Join("testdata", "v1.json")

func readVectors(t testing.TB) (vectors, seal.PrivateKey) {
	t.Helper()
	raw, err := os.ReadFile(vectorFile)
	require.NoError(t, err)
	var v vectors
	require.NoError(t, json.Unmarshal(raw, &v))
	key, err := seal.ParsePrivateKey(v.Key)
	require.NoError(t, err)
	return v, key
}

func TestVectors(t *testing.T) {
	if *update {
		writeVectors(t, vectorFile)
	}
	v, key := readVectors(t)

	require.NoError(t, seal.Check(v.Sealed))
	location, err := seal.Open(seal.RecordLabel(v.ChainID, v.RecordID, v.Owner), v.Sealed, key)
	require.NoError(t, err)
	require.Equal(t, v.Location, string(location))

	result, err := seal.OpenFrom(key, seal.ResultInfo(), seal.ResultAAD(v.ChainID, v.JobID, v.RecordID, v.Version, v.Owner), v.SealedTo)
	require.NoError(t, err)
	require.Equal(t, v.Result, result)
}

func writeVectors(t *testing.T, file string) {
	t.Helper()
	private, public := newKeys(t, 2)
	seed, err := private[0].Bytes()
	require.NoError(t, err)
	v := vectors{
		Key: seed, ChainID: "alita-1", RecordID: "000102030405060708090a0b0c0d0e0f", JobID: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
		Version: "1.2.0", Owner: []byte("twenty bytes of addr"), Location: "/srv/data/michelson.csv", Result: []byte{1, 0, 0, 0, 0, 0, 0, 0},
	}
	v.Sealed, err = seal.Seal(seal.RecordLabel(v.ChainID, v.RecordID, v.Owner), []byte(v.Location), public)
	require.NoError(t, err)
	v.SealedTo, err = seal.SealTo(public[0], seal.ResultInfo(), seal.ResultAAD(v.ChainID, v.JobID, v.RecordID, v.Version, v.Owner), v.Result)
	require.NoError(t, err)
	raw, err := json.MarshalIndent(v, "", "  ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, append(raw, '\n'), 0o644))
}

// A second implementation of HPKE reads what this one seals, and the other way round.
func TestOtherLibraryInterop(t *testing.T) {
	private, public := newKeys(t, 1)
	seed, err := private[0].Bytes()
	require.NoError(t, err)
	other, err := xhpke.MLKEM768X25519().NewPrivateKey(seed)
	require.NoError(t, err)
	require.Equal(t, public[0].Bytes(), other.PublicKey().Bytes())
	info, aad := []byte("info"), []byte("aad")

	sealed, err := seal.SealTo(public[0], info, aad, []byte("from here"))
	require.NoError(t, err)
	r, err := xhpke.NewRecipient(sealed[:seal.EncSize], other, xhpke.HKDFSHA256(), xhpke.ChaCha20Poly1305(), info)
	require.NoError(t, err)
	got, err := r.Open(aad, sealed[seal.EncSize:])
	require.NoError(t, err)
	require.Equal(t, "from here", string(got))

	enc, s, err := xhpke.NewSender(other.PublicKey(), xhpke.HKDFSHA256(), xhpke.ChaCha20Poly1305(), info)
	require.NoError(t, err)
	ciphertext, err := s.Seal(aad, []byte("from there"))
	require.NoError(t, err)
	got, err = seal.OpenFrom(private[0], info, aad, append(enc, ciphertext...))
	require.NoError(t, err)
	require.Equal(t, "from there", string(got))

	// A location's stanza is plain HPKE too, with the hashed label as info and the key id as data.
	lab := seal.RecordLabel("alita-1", "r", nil)
	location, err := seal.Seal(lab, []byte("/x.csv"), public)
	require.NoError(t, err)
	stanza := location.Stanzas[0]
	stanzaInfo := label.Hash("alita/seal/stanza/v1", lab)
	r, err = xhpke.NewRecipient(stanza.Enc, other, xhpke.HKDFSHA256(), xhpke.ChaCha20Poly1305(), stanzaInfo[:])
	require.NoError(t, err)
	dek, err := r.Open(stanza.KeyID, stanza.Ciphertext)
	require.NoError(t, err)
	require.Len(t, dek, 32)
}

func BenchmarkCheck(b *testing.B) {
	_, public := newKeys(b, seal.MaxRecipients)
	s, err := seal.Seal(testLabel, make([]byte, seal.MaxLocation), public)
	require.NoError(b, err)
	for b.Loop() {
		if err := seal.Check(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParsePublicKey(b *testing.B) {
	_, public := newKeys(b, 1)
	raw := public[0].Bytes()
	for b.Loop() {
		if _, err := seal.ParsePublicKey(raw); err != nil {
			b.Fatal(err)
		}
	}
}
