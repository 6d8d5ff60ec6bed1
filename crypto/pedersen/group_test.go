package pedersen_test

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/cloudflare/circl/group"
	"github.com/gtank/ristretto255"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/pedersen"
)

func readJSON(t testing.TB, name string, v any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, v))
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func TestRFC9496(t *testing.T) {
	var v struct {
		Multiples, Invalid []string
		Derivation         []struct{ Uniform, Element string }
	}
	readJSON(t, "rfc9496.json", &v)

	require.Len(t, v.Multiples, 16)
	var sum pedersen.Commitment
	for i, s := range v.Multiples {
		enc := [32]byte(unhex(t, s))
		require.Equal(t, pedersen.Commitment(enc), sum, "multiple %d", i)
		if i > 0 {
			got, ok := pedersen.Reencode(enc)
			require.True(t, ok)
			require.Equal(t, enc, got)
		}
		require.Equal(t, enc, pedersen.Multiply([32]byte(unhex(t, v.Multiples[1])), []byte{byte(i)}, 4))
		var err error
		sum, err = pedersen.Add(sum, pedersen.Commitment(unhex(t, v.Multiples[1])))
		require.NoError(t, err)
	}

	require.Len(t, v.Invalid, 29)
	for _, s := range v.Invalid {
		enc := unhex(t, s)
		_, err := pedersen.ParseCommitment(enc)
		require.ErrorIs(t, err, pedersen.ErrCommitment, s)
		_, err = pedersen.Add(pedersen.Commitment(enc))
		require.ErrorIs(t, err, pedersen.ErrCommitment, s)
		_, ok := pedersen.Reencode([32]byte(enc))
		require.False(t, ok, s)
	}

	require.Len(t, v.Derivation, 7)
	for _, d := range v.Derivation {
		require.Equal(t, [32]byte(unhex(t, d.Element)), pedersen.FromUniform(unhex(t, d.Uniform)))
	}
}

func TestRFC9380(t *testing.T) {
	var v struct {
		Tag   string
		Tests []struct{ Msg, Uniform string }
	}
	readJSON(t, "rfc9380.json", &v)
	require.NotEmpty(t, v.Tests)
	for _, tc := range v.Tests {
		require.Equal(t, tc.Uniform, hex.EncodeToString(pedersen.Expand([]byte(tc.Msg), []byte(v.Tag), 32)))
	}
}

// tag is repeated here, so that it cannot change unnoticed.
const tag = "alita-pedersen-v1-with-ristretto255_XMD:SHA-512_R255MAP_RO_"

// Another library hashes the same names to the same generators.
func TestGeneratorsOfAnotherLibrary(t *testing.T) {
	hash := func(name string) []byte {
		b, err := group.Ristretto255.HashToElement([]byte(name), []byte(tag)).MarshalBinary()
		require.NoError(t, err)
		return b
	}
	h, k := pedersen.BlindingGenerator(), pedersen.LengthGenerator()
	require.Equal(t, hash("blinding"), h[:])
	require.Equal(t, hash("length"), k[:])
	seen := map[[32]byte]bool{h: true, k: true, {}: true}
	for i := range uint32(300) {
		g := pedersen.Generator(i)
		require.Equal(t, hash(string(binary.BigEndian.AppendUint32([]byte("slot"), i))), g[:])
		require.False(t, seen[g])
		seen[g] = true
	}
}

// Multiplication with tables agrees with the library's, for scalars of every width.
func TestMultiply(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(1, 253).Draw(t, "bits")
		raw := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "scalar")
		if rapid.Bool().Draw(t, "largest") {
			for i := range raw {
				raw[i] = 0xff
			}
		}
		for i := range raw {
			switch {
			case 8*i >= bits:
				raw[i] = 0
			case 8*i+8 > bits:
				raw[i] &= 1<<(bits%8) - 1
			}
		}
		wide := append(append([]byte(nil), raw...), make([]byte, 32)...)
		s, err := new(ristretto255.Scalar).SetUniformBytes(wide)
		require.NoError(t, err)
		g := pedersen.Generator(rapid.Uint32Range(0, 9).Draw(t, "generator"))
		e, err := new(ristretto255.Element).SetCanonicalBytes(g[:])
		require.NoError(t, err)
		got := pedersen.Multiply(g, raw, bits)
		require.Equal(t, e.ScalarMult(s, e).Bytes(), got[:])
	})
}

// Two libraries and this package's arithmetic agree on which encodings are canonical.
func FuzzParseCommitment(f *testing.F) {
	f.Add(make([]byte, 32))
	h := pedersen.BlindingGenerator()
	f.Add(h[:])
	f.Add(h[:31])
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := pedersen.ParseCommitment(raw)
		if len(raw) != 32 {
			require.ErrorIs(t, err, pedersen.ErrCommitment)
			return
		}
		other := group.Ristretto255.NewElement().UnmarshalBinary(raw)
		require.Equal(t, other == nil, err == nil)
		again, ok := pedersen.Reencode([32]byte(raw))
		require.Equal(t, err == nil, ok)
		if err == nil {
			require.Equal(t, raw, c[:])
			require.Equal(t, raw, again[:])
		}
	})
}
