package pedersen_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/pedersen"
)

func stream(seed uint64) *rand.ChaCha8 {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.NewChaCha8(key)
}

func weighted(slot int, weight uint64) pedersen.Weighted {
	w := pedersen.Weighted{Slot: slot}
	binary.LittleEndian.PutUint64(w.Weight[:], weight)
	return w
}

// shareOf is a vector of numbers, encoded as a share.
func shareOf(values []uint64) []byte {
	out := make([]byte, 16*len(values))
	for i, v := range values {
		binary.LittleEndian.PutUint64(out[16*i:], v)
	}
	return out
}

// For all bits and weights: what the bits make is proved, for the commitment and the weights, and for nothing else.
func TestRangeProof(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slots := rapid.IntRange(1, 3).Draw(t, "slots")
		scheme, err := pedersen.New(slots)
		require.NoError(t, err)
		n := rapid.IntRange(1, 9).Draw(t, "bits")
		weights, set, values := make([]pedersen.Weighted, n), make([]uint64, n), make([]uint64, slots)
		for i := range weights {
			weight := rapid.Uint64Range(0, 1<<40).Draw(t, "weight")
			weights[i] = weighted(rapid.IntRange(0, slots-1).Draw(t, "slot"), weight)
			set[i] = rapid.Uint64Range(0, 1).Draw(t, "bit")
			values[weights[i].Slot] += set[i] * weight
		}
		random := stream(rapid.Uint64().Draw(t, "seed"))
		r, err := pedersen.NewBlinding(random)
		require.NoError(t, err)
		c, err := scheme.Commit(shareOf(values), r)
		require.NoError(t, err)
		proof, err := scheme.ProveRange(random, []byte("a"), c, 1, weights, set, r)
		require.NoError(t, err)
		require.Len(t, proof, pedersen.RangeProofSize(n))
		require.NoError(t, scheme.VerifyRange([]byte("a"), c, 1, weights, proof))

		bit := rapid.IntRange(0, 8*len(proof)-1).Draw(t, "changed")
		proof[bit/8] ^= 1 << (bit % 8)
		require.Error(t, scheme.VerifyRange([]byte("a"), c, 1, weights, proof), "another proof")
		proof[bit/8] ^= 1 << (bit % 8)
		require.Error(t, scheme.VerifyRange([]byte("a"), c, 2, weights, proof), "another count")
		require.Error(t, scheme.VerifyRange([]byte("b"), c, 1, weights, proof), "another context")
		other := append([]pedersen.Weighted(nil), weights...)
		other[0].Weight[0]++
		require.Error(t, scheme.VerifyRange([]byte("a"), c, 1, other, proof), "other weights")
		values[0]++
		c, err = scheme.Commit(shareOf(values), r)
		require.NoError(t, err)
		require.Error(t, scheme.VerifyRange([]byte("a"), c, 1, weights, proof), "another commitment")
	})
}

// Numbers in place of bits, or bits that do not make the slots, prove nothing.
func TestFalseRangeProofs(t *testing.T) {
	scheme, err := pedersen.New(2)
	require.NoError(t, err)
	weights := []pedersen.Weighted{weighted(0, 1), weighted(0, 2), weighted(0, 3), weighted(1, 1), weighted(1, 37)}
	random := stream(1)
	r, err := pedersen.NewBlinding(random)
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		values, set []uint64
		valid       bool
	}{
		"at the bounds":    {[]uint64{6, 38}, []uint64{1, 1, 1, 1, 1}, true},
		"at zero":          {[]uint64{0, 0}, []uint64{0, 0, 0, 0, 0}, true},
		"a bit of 2":       {[]uint64{2, 0}, []uint64{2, 0, 0, 0, 0}, false},
		"above a bound":    {[]uint64{7, 38}, []uint64{2, 1, 1, 1, 1}, false},
		"far above":        {[]uint64{1 << 40, 0}, []uint64{1 << 40, 0, 0, 0, 0}, false},
		"other bits":       {[]uint64{6, 38}, []uint64{1, 1, 0, 1, 1}, false},
		"the other slot's": {[]uint64{38, 6}, []uint64{1, 1, 1, 1, 1}, false},
	} {
		c, err := scheme.Commit(shareOf(tc.values), r)
		require.NoError(t, err)
		proof, err := scheme.ProveRange(random, []byte("a"), c, 1, weights, tc.set, r)
		require.NoError(t, err, name)
		if err := scheme.VerifyRange([]byte("a"), c, 1, weights, proof); tc.valid {
			require.NoError(t, err, name)
		} else {
			require.ErrorIs(t, err, pedersen.ErrProof, name)
		}
	}
}

// A proof of more bits than a part has parts, which are about the same commitment together and each in its place.
func TestRangeProofInParts(t *testing.T) {
	const part = 1024
	sizes := map[int]int{part: 928, part + 1: 32 + 928 + 288, 2 * part: 32 + 2*928, pedersen.MaxProvedBits: 11*32 + 12*928}
	for n, want := range sizes {
		require.Equal(t, want, pedersen.RangeProofSize(n), "%d bits", n)
	}
	scheme, err := pedersen.New(2)
	require.NoError(t, err)
	random := stream(1)
	statement := func(n int, set uint64) (pedersen.Commitment, []pedersen.Weighted, []uint64, pedersen.Blinding) {
		weights, bits, values := make([]pedersen.Weighted, n), make([]uint64, n), make([]uint64, 2)
		for i := range weights {
			weights[i], bits[i] = weighted(i%2, uint64(1+i)), set // the bits of a slot are in both parts
			values[i%2] += set * uint64(1+i)
		}
		r, err := pedersen.NewBlinding(random)
		require.NoError(t, err)
		c, err := scheme.Commit(shareOf(values), r)
		require.NoError(t, err)
		return c, weights, bits, r
	}
	c, weights, bits, r := statement(part+1, 1)
	proof, err := scheme.ProveRange(random, []byte("a"), c, 1, weights, bits, r)
	require.NoError(t, err)
	require.NoError(t, scheme.VerifyRange([]byte("a"), c, 1, weights, proof))
	// The last bit is in a part of its own.
	bits[part] = 2
	values := make([]uint64, 2)
	for i, b := range bits {
		values[i%2] += b * uint64(1+i)
	}
	above, err := scheme.Commit(shareOf(values), r)
	require.NoError(t, err)
	beyond, err := scheme.ProveRange(random, []byte("a"), above, 1, weights, bits, r)
	require.NoError(t, err)
	require.ErrorIs(t, scheme.VerifyRange([]byte("a"), above, 1, weights, beyond), pedersen.ErrProof, "a bit of 2 in the second part")

	c, weights, bits, r = statement(2*part, 1)
	proof, err = scheme.ProveRange(random, []byte("a"), c, 1, weights, bits, r)
	require.NoError(t, err)
	require.NoError(t, scheme.VerifyRange([]byte("a"), c, 1, weights, proof))
	swapped := append(append(append([]byte(nil), proof[:32]...), proof[32+928:]...), proof[32:32+928]...)
	require.ErrorIs(t, scheme.VerifyRange([]byte("a"), c, 1, weights, swapped), pedersen.ErrProof, "swapped parts")
	again, err := scheme.ProveRange(random, []byte("a"), c, 1, weights, bits, r)
	require.NoError(t, err)
	require.NoError(t, scheme.VerifyRange([]byte("a"), c, 1, weights, again))
	mixed := append(append([]byte(nil), proof[:32+928]...), again[32+928:]...)
	require.ErrorIs(t, scheme.VerifyRange([]byte("a"), c, 1, weights, mixed), pedersen.ErrProof, "parts of two proofs")
	first := append(append([]byte(nil), again[:32]...), proof[32:]...)
	require.ErrorIs(t, scheme.VerifyRange([]byte("a"), c, 1, weights, first), pedersen.ErrProof, "another commitment of the first part")
}

func TestRangeProofRefuses(t *testing.T) {
	scheme, err := pedersen.New(2)
	require.NoError(t, err)
	var r pedersen.Blinding
	c, err := scheme.Commit(shareOf([]uint64{0, 0}), r)
	require.NoError(t, err)
	for name, weights := range map[string][]pedersen.Weighted{
		"none": nil, "another slot": {weighted(2, 1)}, "slot below 0": {{Slot: -1}}, "too many": make([]pedersen.Weighted, pedersen.MaxProvedBits+1),
	} {
		_, err := scheme.ProveRange(stream(1), []byte("a"), c, 1, weights, make([]uint64, len(weights)), r)
		require.ErrorIs(t, err, pedersen.ErrProof, name)
		require.ErrorIs(t, scheme.VerifyRange([]byte("a"), c, 1, weights, nil), pedersen.ErrProof, name)
	}
	one := []pedersen.Weighted{weighted(0, 1)}
	_, err = scheme.ProveRange(stream(1), []byte("a"), c, 1, one, nil, r)
	require.ErrorIs(t, err, pedersen.ErrProof)
	for _, size := range []int{0, pedersen.RangeProofSize(1) - 1, pedersen.RangeProofSize(1) + 1} {
		require.ErrorIs(t, scheme.VerifyRange([]byte("a"), c, 1, one, make([]byte, size)), pedersen.ErrProof)
	}
}

func FuzzVerifyRange(f *testing.F) {
	scheme, err := pedersen.New(1)
	require.NoError(f, err)
	weights := []pedersen.Weighted{weighted(0, 1), weighted(0, 2)}
	random := stream(3)
	r, err := pedersen.NewBlinding(random)
	require.NoError(f, err)
	c, err := scheme.Commit(shareOf([]uint64{2}), r)
	require.NoError(f, err)
	proof, err := scheme.ProveRange(random, []byte("a"), c, 1, weights, []uint64{0, 1}, r)
	require.NoError(f, err)
	f.Add(proof)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := scheme.VerifyRange([]byte("a"), c, 1, weights, raw); err == nil && string(raw) != string(proof) {
			t.Fatal("another proof is accepted")
		}
	})
}

// TestRangeProofTimes logs what proofs take, for docs.
func TestRangeProofTimes(t *testing.T) {
	for _, n := range []int{128, 1024, pedersen.MaxProvedBits} {
		scheme, err := pedersen.New(n / 8)
		require.NoError(t, err)
		weights, set := make([]pedersen.Weighted, n), make([]uint64, n)
		for i := range weights {
			weights[i] = weighted(i/8, 1<<(i%8))
		}
		var r pedersen.Blinding
		c, err := scheme.Commit(shareOf(make([]uint64, n/8)), r)
		require.NoError(t, err)
		_, err = scheme.ProveRange(stream(1), []byte("a"), c, 1, weights, set, r) // the generators are made once
		require.NoError(t, err)
		begun := time.Now()
		proof, err := scheme.ProveRange(stream(1), []byte("a"), c, 1, weights, set, r)
		require.NoError(t, err)
		proved := time.Since(begun)
		begun = time.Now()
		require.NoError(t, scheme.VerifyRange([]byte("a"), c, 1, weights, proof))
		t.Logf("%d bits: %d bytes, proved in %s, verified in %s", n, len(proof), proved, time.Since(begun))
	}
}
