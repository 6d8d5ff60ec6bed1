package keyfile_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/keyfile"
)

const passphrase = "correct horse battery staple"

func written(t testing.TB) (string, keyfile.Keys) {
	t.Helper()
	keys, err := keyfile.Generate()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "worker.key")
	require.NoError(t, keyfile.WriteFast(path, keys, passphrase))
	return path, keys
}

func TestRoundTripWithTheRealWorkFactor(t *testing.T) {
	keys, err := keyfile.Generate()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "worker.key")
	require.NoError(t, keyfile.Write(path, keys, passphrase))
	got, err := keyfile.Read(path, passphrase)
	require.NoError(t, err)
	require.Equal(t, keys.Account.Serialize(), got.Account.Serialize())
	require.Equal(t, keys.Reader.Public().Bytes(), got.Reader.Public().Bytes())

	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "no temporary file is left")
}

func TestTheFileHoldsNoKey(t *testing.T) {
	path, keys := written(t)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	seed, err := keys.Reader.Bytes()
	require.NoError(t, err)
	require.False(t, bytes.Contains(data, seed))
	require.False(t, bytes.Contains(data, keys.Account.Serialize()))
	require.True(t, bytes.HasPrefix(data, []byte("age-encryption.org/v1\n")))
}

func TestRefusals(t *testing.T) {
	path, keys := written(t)

	_, err := keyfile.Read(path, "wrong")
	require.ErrorIs(t, err, keyfile.ErrPassphrase)
	_, err = keyfile.Read(path, "")
	require.ErrorIs(t, err, keyfile.ErrEmpty)
	require.ErrorIs(t, keyfile.WriteFast(filepath.Join(t.TempDir(), "x"), keys, ""), keyfile.ErrEmpty)

	before, err := os.ReadFile(path)
	require.NoError(t, err)
	require.ErrorIs(t, keyfile.WriteFast(path, keys, passphrase), keyfile.ErrExists)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)

	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(path, link))
	_, err = keyfile.Read(link, passphrase)
	require.ErrorIs(t, err, keyfile.ErrPermissions)
	_, err = keyfile.Read(t.TempDir(), passphrase)
	require.ErrorIs(t, err, keyfile.ErrPermissions)
	_, err = keyfile.Read(filepath.Join(t.TempDir(), "none"), passphrase)
	require.ErrorIs(t, err, os.ErrNotExist)

	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o777} {
		require.NoError(t, os.Chmod(path, mode))
		_, err = keyfile.Read(path, passphrase)
		require.ErrorIs(t, err, keyfile.ErrPermissions, mode)
		require.ErrorIs(t, keyfile.CheckPermissions(path), keyfile.ErrPermissions, mode)
	}
	for _, mode := range []os.FileMode{0o600, 0o400} {
		require.NoError(t, os.Chmod(path, mode))
		_, err = keyfile.Read(path, passphrase)
		require.NoError(t, err, mode)
		require.NoError(t, keyfile.CheckPermissions(path))
	}
}

func TestEveryFlippedByteIsNoticed(t *testing.T) {
	path, _ := written(t)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := range data {
		changed := bytes.Clone(data)
		changed[i] ^= 1
		_, err := keyfile.Decrypt(changed, passphrase)
		require.Error(t, err, "byte %d", i)
	}
}

// A file that was encrypted rightly but holds something else.
func TestForeignContent(t *testing.T) {
	zero := `"` + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" + `"`
	one := `"` + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=" + `"`
	order := `"` + "/////////////////////rqu3OavSKA7v9JejNA2QUE=" + `"`
	for name, tc := range map[string]struct {
		plain string
		ok    bool
	}{
		"good":          {`{"v":1,"account":` + one + `,"reader":` + zero + `}`, true},
		"not json":      {"SECRET", false},
		"version":       {`{"v":2,"account":` + one + `,"reader":` + zero + `}`, false},
		"unknown field": {`{"v":1,"account":` + one + `,"reader":` + zero + `,"SECRET":1}`, false},
		"zero account":  {`{"v":1,"account":` + zero + `,"reader":` + zero + `}`, false},
		"group order":   {`{"v":1,"account":` + order + `,"reader":` + zero + `}`, false},
		"short account": {`{"v":1,"account":"AQ==","reader":` + zero + `}`, false},
		"short reader":  {`{"v":1,"account":` + one + `,"reader":"AQ=="}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := age.NewScryptRecipient(passphrase)
			require.NoError(t, err)
			r.SetWorkFactor(4)
			var out bytes.Buffer
			w, err := age.Encrypt(&out, r)
			require.NoError(t, err)
			_, err = io.WriteString(w, tc.plain)
			require.NoError(t, err)
			require.NoError(t, w.Close())
			_, err = keyfile.Decrypt(out.Bytes(), passphrase)
			if tc.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, keyfile.ErrContent)
			require.NotContains(t, err.Error(), "SECRET")
		})
	}
}

func TestKeysNeverPrint(t *testing.T) {
	_, keys := written(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		require.Equal(t, "(secret)", fmt.Sprintf(verb, keys), verb)
	}
}

// fixedFile is a key file of the first version, made with a small work factor. It must open for ever.
var fixedFile = filepath.Join("testdata", "v1.key")

func TestFixedFile(t *testing.T) {
	data, err := os.ReadFile(fixedFile)
	require.NoError(t, err)
	keys, err := keyfile.Decrypt(data, passphrase)
	require.NoError(t, err)
	require.Equal(t, "0381baa7a110dafdfb4c78973fd1909aa7c5a65ffa48c8c1898ac356a15480f469", hex.EncodeToString(keys.Account.PubKey().SerializeCompressed()))
	id := keys.Reader.Public().ID()
	require.Equal(t, "b71fe738c0eb3f5a", hex.EncodeToString(id[:]))
}

func FuzzDecrypt(f *testing.F) {
	data, err := os.ReadFile(fixedFile)
	require.NoError(f, err)
	f.Add(data)
	f.Add([]byte("age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, in []byte) {
		_, err := keyfile.Decrypt(in, passphrase)
		if err == nil {
			require.Equal(t, data, in)
		}
	})
}
