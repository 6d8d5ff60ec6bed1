package seal_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/seal"
)

func TestKeyRoundTrip(t *testing.T) {
	k, err := seal.GenerateKey()
	require.NoError(t, err)
	seed, err := k.Bytes()
	require.NoError(t, err)
	require.Len(t, seed, seal.PrivateKeySize)
	again, err := seal.ParsePrivateKey(seed)
	require.NoError(t, err)
	require.Equal(t, k.Public().Bytes(), again.Public().Bytes())
	parsed, err := seal.ParsePublicKey(k.Public().Bytes())
	require.NoError(t, err)
	require.Equal(t, k.Public().ID(), parsed.ID())
	require.Len(t, parsed.Bytes(), seal.PublicKeySize)
}

func TestPublicKeyValidation(t *testing.T) {
	k, err := seal.GenerateKey()
	require.NoError(t, err)
	good := k.Public().Bytes()
	at := func(change func(b []byte)) []byte {
		b := append([]byte(nil), good...)
		change(b)
		return b
	}
	// Points of order 1, 2 (mod p) and 8 of Curve25519 (RFC 7748 implementations list them).
	order8, err := hex.DecodeString("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")
	require.NoError(t, err)
	for name, raw := range map[string][]byte{
		"empty":             nil,
		"short":             good[1:],
		"long":              append(append([]byte(nil), good...), 0),
		"coefficient of q+": at(func(b []byte) { b[0], b[1] = 0xff, 0xff }),
		"zero point":        at(func(b []byte) { clear(b[seal.PublicKeySize-32:]) }),
		"one point":         at(func(b []byte) { clear(b[seal.PublicKeySize-32:]); b[seal.PublicKeySize-32] = 1 }),
		"order 8 point":     at(func(b []byte) { copy(b[seal.PublicKeySize-32:], order8) }),
	} {
		_, err := seal.ParsePublicKey(raw)
		require.ErrorIs(t, err, seal.ErrPublicKey, name)
	}
	_, err = seal.ParsePrivateKey(make([]byte, 31))
	require.ErrorIs(t, err, seal.ErrPrivateKey)
}

func TestPrivateKeyNeverPrints(t *testing.T) {
	k, err := seal.GenerateKey()
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		require.Equal(t, "(secret)", fmt.Sprintf(verb, k), verb)
	}
	require.Equal(t, "{1 (secret)}", fmt.Sprint(struct {
		N int
		K seal.PrivateKey
	}{1, k}))
}

func FuzzParsePublicKey(f *testing.F) {
	_, k := readVectors(f)
	f.Add(k.Public().Bytes())
	f.Add(make([]byte, seal.PublicKeySize))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := seal.ParsePublicKey(raw)
		if err != nil {
			return
		}
		require.Equal(t, raw, p.Bytes())
		_, err = seal.SealTo(p, nil, nil, nil)
		require.NoError(t, err, "an accepted key can be sealed to")
	})
}
