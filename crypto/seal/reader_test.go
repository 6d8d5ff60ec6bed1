package seal_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/seal"
)

func TestResultRoundTrip(t *testing.T) {
	private, public := newKeys(t, 2)
	info, aad := seal.ResultInfo(), seal.ResultAAD("alita-1", "job", "record", "1.0.0", []byte{9})
	rapid.Check(t, func(t *rapid.T) {
		plaintext := rapid.SliceOfN(rapid.Byte(), 0, 5000).Draw(t, "plaintext")
		sealed, err := seal.SealTo(public[0], info, aad, plaintext)
		if err != nil {
			t.Fatal(err)
		}
		if len(sealed) != len(plaintext)+seal.Overhead {
			t.Fatalf("%d bytes sealed to %d", len(plaintext), len(sealed))
		}
		got, err := seal.OpenFrom(private[0], info, aad, sealed)
		if err != nil || !bytes.Equal(got, plaintext) {
			t.Fatalf("opened %x: %v", got, err)
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := seal.OpenFrom(private[0], info, aad, sealed); err == nil {
			t.Fatal("changed result opened")
		}
	})
}

func TestResultIsBound(t *testing.T) {
	private, public := newKeys(t, 2)
	aad := seal.ResultAAD("alita-1", "job", "record", "1.0.0", []byte{9})
	sealed, err := seal.SealTo(public[0], seal.ResultInfo(), aad, []byte("slots"))
	require.NoError(t, err)
	for name, other := range map[string][]byte{
		"chain":   seal.ResultAAD("alita-2", "job", "record", "1.0.0", []byte{9}),
		"job":     seal.ResultAAD("alita-1", "jobx", "record", "1.0.0", []byte{9}),
		"record":  seal.ResultAAD("alita-1", "job", "recorx", "1.0.0", []byte{9}),
		"version": seal.ResultAAD("alita-1", "job", "record", "1.0.1", []byte{9}),
		"owner":   seal.ResultAAD("alita-1", "job", "record", "1.0.0", []byte{8}),
		"split":   seal.ResultAAD("alita-1", "jobr", "ecord", "1.0.0", []byte{9}),
	} {
		_, err := seal.OpenFrom(private[0], seal.ResultInfo(), other, sealed)
		require.ErrorIs(t, err, seal.ErrOpen, name)
	}
	_, err = seal.OpenFrom(private[1], seal.ResultInfo(), aad, sealed)
	require.ErrorIs(t, err, seal.ErrOpen)
	_, err = seal.OpenFrom(private[0], nil, aad, sealed)
	require.ErrorIs(t, err, seal.ErrOpen)
	_, err = seal.OpenFrom(private[0], seal.ResultInfo(), aad, sealed[:seal.Overhead-1])
	require.ErrorIs(t, err, seal.ErrMalformed)
	_, err = seal.OpenFrom(seal.PrivateKey{}, seal.ResultInfo(), aad, sealed)
	require.ErrorIs(t, err, seal.ErrPrivateKey)
	_, err = seal.SealTo(seal.PublicKey{}, seal.ResultInfo(), aad, nil)
	require.ErrorIs(t, err, seal.ErrPublicKey)
}

func FuzzOpenFrom(f *testing.F) {
	v, key := readVectors(f)
	aad := seal.ResultAAD(v.ChainID, v.JobID, v.RecordID, v.Version, v.Owner)
	f.Add(v.SealedTo)
	f.Add(v.SealedTo[:seal.Overhead])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := seal.OpenFrom(key, seal.ResultInfo(), aad, data)
		if err == nil {
			require.Equal(t, v.Result, got)
		}
	})
}
