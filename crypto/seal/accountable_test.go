package seal_test

import (
	"bytes"
	"errors"
	"testing"

	xhpke "filippo.io/hpke"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
)

func keyOf(t require.TestingT, name string) seal.PrivateKey {
	seed := label.Hash("test/accountable", []byte(name))
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(t, err)
	return key
}

// What SealWith makes opens with OpenFrom (the standard library), with OpenWith, and with an independent implementation, to the same
// bytes; with other randomness, key, info, label or bytes it does not.
func TestSealWith(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, other := keyOf(t, rapid.String().Draw(t, "key")), keyOf(t, "\x00another")
		bytesOf := func(name string, n int) []byte { return rapid.SliceOfN(rapid.Byte(), 0, n).Draw(t, name) }
		info, aad, plaintext := bytesOf("info", 40), bytesOf("aad", 40), bytesOf("plaintext", 300)
		randomness := rapid.SliceOfN(rapid.Byte(), seal.RandomnessSize, seal.RandomnessSize).Draw(t, "randomness")
		sealed, err := seal.SealWith(randomness, key.Public(), info, aad, plaintext)
		require.NoError(t, err)
		require.Len(t, sealed, len(plaintext)+seal.Overhead)

		got, err := seal.OpenFrom(key, info, aad, sealed)
		require.NoError(t, err)
		require.True(t, bytes.Equal(plaintext, got))
		got, err = seal.OpenWith(randomness, key.Public(), info, aad, sealed)
		require.NoError(t, err)
		require.True(t, bytes.Equal(plaintext, got))
		seed, err := key.Bytes()
		require.NoError(t, err)
		independent, err := xhpke.MLKEM768X25519().NewPrivateKey(seed)
		require.NoError(t, err)
		r, err := xhpke.NewRecipient(sealed[:seal.EncSize], independent, xhpke.HKDFSHA256(), xhpke.ChaCha20Poly1305(), info)
		require.NoError(t, err)
		got, err = r.Open(aad, sealed[seal.EncSize:])
		require.NoError(t, err)
		require.True(t, bytes.Equal(plaintext, got))

		// Evidence for something else shows nothing. X25519 ignores bits of the first and the last byte of its scalar.
		i := rapid.IntRange(0, seal.RandomnessSize-1).Filter(func(i int) bool { return i != 32 && i != 63 }).Draw(t, "byte of the randomness")
		changed := bytes.Clone(randomness)
		changed[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		_, err = seal.OpenWith(changed, key.Public(), info, aad, sealed)
		require.ErrorIs(t, err, seal.ErrRandomness)
		_, err = seal.OpenWith(randomness, other.Public(), info, aad, sealed)
		require.ErrorIs(t, err, seal.ErrRandomness)
		_, err = seal.OpenWith(randomness, key.Public(), append(info, 1), aad, sealed)
		require.ErrorIs(t, err, seal.ErrOpen)
		_, err = seal.OpenWith(randomness, key.Public(), info, append(aad, 1), sealed)
		require.ErrorIs(t, err, seal.ErrOpen)

		// Both ways of opening agree on every change in the ciphertext.
		j := rapid.IntRange(seal.EncSize, len(sealed)-1).Draw(t, "byte of the ciphertext")
		sealed[j] ^= 1
		_, with := seal.OpenWith(randomness, key.Public(), info, aad, sealed)
		_, from := seal.OpenFrom(key, info, aad, sealed)
		require.ErrorIs(t, with, seal.ErrOpen)
		require.ErrorIs(t, from, seal.ErrOpen)
	})
}

func TestAccountableRefuses(t *testing.T) {
	key := keyOf(t, "key")
	randomness := make([]byte, seal.RandomnessSize)
	for _, n := range []int{0, 32, 63, 65} {
		_, err := seal.SealWith(make([]byte, n), key.Public(), nil, nil, nil)
		require.ErrorIs(t, err, seal.ErrRandomness)
		_, err = seal.OpenWith(make([]byte, n), key.Public(), nil, nil, make([]byte, seal.Overhead))
		require.ErrorIs(t, err, seal.ErrRandomness)
	}
	_, err := seal.SealWith(randomness, seal.PublicKey{}, nil, nil, nil)
	require.ErrorIs(t, err, seal.ErrPublicKey)
	_, err = seal.OpenWith(randomness, key.Public(), nil, nil, make([]byte, seal.Overhead-1))
	require.ErrorIs(t, err, seal.ErrMalformed)
	_, err = seal.OpenWith(randomness, key.Public(), nil, nil, make([]byte, seal.Overhead))
	require.ErrorIs(t, err, seal.ErrRandomness)
	sealed, err := seal.SealTo(key.Public(), nil, nil, []byte("fresh"))
	require.NoError(t, err)
	_, err = seal.OpenWith(randomness, key.Public(), nil, nil, sealed)
	require.ErrorIs(t, err, seal.ErrRandomness, "nobody has the randomness of SealTo")
}

// For everything that is sealed: the randomness opens the same plaintext as the reader's key, and no other randomness does.
func FuzzOpenWith(f *testing.F) {
	seed := make([]byte, seal.PrivateKeySize)
	key, err := seal.ParsePrivateKey(seed)
	require.NoError(f, err)
	info, aad, randomness := []byte("info"), []byte("aad"), make([]byte, seal.RandomnessSize)
	sealed, err := seal.SealWith(randomness, key.Public(), info, aad, []byte("a share"))
	require.NoError(f, err)
	f.Add(randomness, sealed)
	f.Add(randomness[1:], sealed)
	f.Add(randomness, sealed[:len(sealed)-1])
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, randomness, sealed []byte) {
		shown, err := seal.OpenWith(randomness, key.Public(), info, aad, sealed)
		read, readErr := seal.OpenFrom(key, info, aad, sealed)
		if err == nil {
			require.NoError(t, readErr)
			require.Equal(t, read, shown)
			return
		}
		if errors.Is(err, seal.ErrOpen) {
			require.Error(t, readErr, "it opens to nobody")
		}
	})
}
