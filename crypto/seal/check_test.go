package seal_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/seal"
)

func TestCheck(t *testing.T) {
	_, public := newKeys(t, seal.MaxRecipients)
	good, err := seal.Seal(testLabel, []byte("/srv/data/rows.csv"), public)
	require.NoError(t, err)
	require.NoError(t, seal.Check(good))

	text := strings.Repeat("https://example.org/data.csv?", 100)
	for name, tc := range map[string]struct {
		change func(*seal.Sealed)
		want   error
	}{
		"empty":                  {func(s *seal.Sealed) { *s = seal.Sealed{} }, seal.ErrMalformed},
		"no stanza":              {func(s *seal.Sealed) { s.Stanzas = nil }, seal.ErrMalformed},
		"nine stanzas":           {func(s *seal.Sealed) { s.Stanzas = append(s.Stanzas, s.Stanzas[0]) }, seal.ErrMalformed},
		"repeated stanza":        {func(s *seal.Sealed) { s.Stanzas[3] = s.Stanzas[0] }, seal.ErrMalformed},
		"repeated enc":           {func(s *seal.Sealed) { s.Stanzas[3].Enc = s.Stanzas[0].Enc }, seal.ErrMalformed},
		"key id short":           {func(s *seal.Sealed) { s.Stanzas[1].KeyID = s.Stanzas[1].KeyID[1:] }, seal.ErrMalformed},
		"enc short":              {func(s *seal.Sealed) { s.Stanzas[1].Enc = s.Stanzas[1].Enc[1:] }, seal.ErrMalformed},
		"enc long":               {func(s *seal.Sealed) { s.Stanzas[1].Enc = append(s.Stanzas[1].Enc, 1) }, seal.ErrMalformed},
		"ciphertext short":       {func(s *seal.Sealed) { s.Stanzas[1].Ciphertext = s.Stanzas[1].Ciphertext[1:] }, seal.ErrMalformed},
		"commitment missing":     {func(s *seal.Sealed) { s.Commitment = nil }, seal.ErrMalformed},
		"commitment short":       {func(s *seal.Sealed) { s.Commitment = s.Commitment[1:] }, seal.ErrMalformed},
		"body missing":           {func(s *seal.Sealed) { s.Body = nil }, seal.ErrMalformed},
		"body truncated":         {func(s *seal.Sealed) { s.Body = s.Body[:len(s.Body)-1] }, seal.ErrMalformed},
		"body of one tag":        {func(s *seal.Sealed) { s.Body = s.Body[:16] }, seal.ErrMalformed},
		"body too long":          {func(s *seal.Sealed) { s.Body = append(bytes.Repeat(s.Body[:256], 17), s.Body[:16]...) }, seal.ErrMalformed},
		"body is a path":         {func(s *seal.Sealed) { s.Body = []byte("/home/me/secret.csv") }, seal.ErrNotSealed},
		"body is text":           {func(s *seal.Sealed) { s.Body = []byte(text[:272]) }, seal.ErrNotSealed},
		"body is non-ASCII text": {func(s *seal.Sealed) { s.Body = bytes.Repeat([]byte("äöü€"), 31)[:272] }, seal.ErrNotSealed},
		"body is zero":           {func(s *seal.Sealed) { s.Body = make([]byte, 272) }, seal.ErrNotSealed},
		"body is 0xff":           {func(s *seal.Sealed) { s.Body = bytes.Repeat([]byte{0xff}, 272) }, seal.ErrNotSealed},
		"body is a padded path":  {func(s *seal.Sealed) { s.Body = append([]byte("\xff/x.csv"), make([]byte, 265)...) }, seal.ErrNotSealed},
		"body hides an address":  {func(s *seal.Sealed) { copy(s.Body[100:], text[:32]) }, seal.ErrNotSealed},
		"enc is text":            {func(s *seal.Sealed) { s.Stanzas[2].Enc = []byte(text[:seal.EncSize]) }, seal.ErrNotSealed},
		"enc is zero":            {func(s *seal.Sealed) { s.Stanzas[2].Enc = make([]byte, seal.EncSize) }, seal.ErrNotSealed},
		"ciphertext is text":     {func(s *seal.Sealed) { s.Stanzas[2].Ciphertext = []byte(text[:seal.WrappedKeySize]) }, seal.ErrNotSealed},
		"ciphertext is zero":     {func(s *seal.Sealed) { s.Stanzas[2].Ciphertext = make([]byte, seal.WrappedKeySize) }, seal.ErrNotSealed},
		"commitment is zero":     {func(s *seal.Sealed) { s.Commitment = make([]byte, 32) }, seal.ErrNotSealed},
		"commitment is text":     {func(s *seal.Sealed) { s.Commitment = []byte(text[:32]) }, seal.ErrNotSealed},
	} {
		t.Run(name, func(t *testing.T) {
			s := clone(good)
			tc.change(&s)
			err := seal.Check(s)
			require.ErrorIs(t, err, tc.want)
			require.NotContains(t, err.Error(), "secret.csv")
		})
	}
}

// The chain must not refuse what an honest owner sealed.
func TestCheckAcceptsWhatSealMakes(t *testing.T) {
	_, public := newKeys(t, 1)
	for i := range 3000 {
		s, err := seal.Seal(testLabel, make([]byte, 1+i%seal.MaxLocation), public)
		require.NoError(t, err)
		require.NoError(t, seal.Check(s))
	}
}

// The seeds are fixed ciphertexts: fuzzing runs in several processes, which must agree on the key.
func FuzzCheck(f *testing.F) {
	v, key := readVectors(f)
	lab := seal.RecordLabel(v.ChainID, v.RecordID, v.Owner)
	other, st := v.Sealed.Stanzas[1], v.Sealed.Stanzas[0]
	f.Add(st.KeyID, st.Enc, st.Ciphertext, v.Sealed.Body, v.Sealed.Commitment)
	f.Add([]byte{}, []byte{}, []byte{}, []byte{}, []byte{})
	f.Add(st.KeyID, st.Enc, st.Ciphertext, v.Sealed.Body[:271], v.Sealed.Commitment)
	f.Add(st.KeyID, make([]byte, seal.EncSize), st.Ciphertext, v.Sealed.Body, v.Sealed.Commitment)
	f.Fuzz(func(t *testing.T, id, enc, ciphertext, body, commitment []byte) {
		s := seal.Sealed{
			Stanzas: []seal.Stanza{{KeyID: id, Enc: enc, Ciphertext: ciphertext}, other}, Body: body, Commitment: commitment,
		}
		first, second := seal.Check(s), seal.Check(s)
		require.Equal(t, first, second)
		location, err := seal.Open(lab, s, key)
		if err == nil {
			require.NoError(t, first)
			require.Equal(t, v.Location, string(location))
		}
	})
}
