package result_test

import (
	"crypto/sha256"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/crypto/seal"
)

var binding = result.Binding{ChainID: "alita-1", JobID: "j", RecordID: "r", Version: "1.0.0", Owner: []byte{1}}

func TestRoundTrip(t *testing.T) {
	key, err := seal.GenerateKey()
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		vector := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64), 0, 200).Draw(t, "vector")
		s, err := result.Seal(key.Public().Bytes(), binding, vector)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Enc) != seal.EncSize || len(s.Ciphertext) != 8*len(vector)+16 {
			t.Fatalf("%d and %d bytes", len(s.Enc), len(s.Ciphertext))
		}
		h := sha256.New()
		h.Write(s.Enc)
		h.Write(s.Ciphertext)
		if c := s.Commitment(); string(c[:]) != string(h.Sum(nil)) {
			t.Fatal("the commitment is the hash of both parts")
		}
		got, err := result.Open(key, binding, len(vector), s)
		if err != nil {
			t.Fatal(err)
		}
		for i := range vector {
			if got[i] != vector[i] {
				t.Fatalf("slot %d: %d sealed, %d opened", i, vector[i], got[i])
			}
		}
	})
}

func TestRefusals(t *testing.T) {
	key, err := seal.GenerateKey()
	require.NoError(t, err)
	reader := key.Public().Bytes()
	s, err := result.Seal(reader, binding, []int64{1, 2})
	require.NoError(t, err)

	_, err = result.Open(key, binding, 3, s)
	require.ErrorIs(t, err, result.ErrVector)
	_, err = result.Open(key, binding, 2, result.Sealed{Enc: s.Enc[1:], Ciphertext: s.Ciphertext})
	require.ErrorIs(t, err, result.ErrSealed)
	other := binding
	other.JobID = "k"
	_, err = result.Open(key, other, 2, s)
	require.ErrorIs(t, err, seal.ErrOpen)
	_, err = result.Seal(reader, binding, []int64{1, -2})
	require.ErrorIs(t, err, result.ErrVector)
	_, err = result.Seal(reader[1:], binding, []int64{1})
	require.ErrorIs(t, err, seal.ErrPublicKey)

	// A sender who puts a negative number into a slot is noticed by the reader.
	raw, err := seal.SealTo(key.Public(), seal.ResultInfo(),
		seal.ResultAAD("alita-1", "j", "r", "1.0.0", []byte{1}), []byte{0, 0, 0, 0, 0, 0, 0, 0x80})
	require.NoError(t, err)
	_, err = result.Open(key, binding, 1, result.Sealed{Enc: raw[:seal.EncSize], Ciphertext: raw[seal.EncSize:]})
	require.ErrorIs(t, err, result.ErrVector)
}
