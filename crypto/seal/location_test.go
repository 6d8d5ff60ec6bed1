package seal_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/seal"
)

var testLabel = seal.RecordLabel("alita-1", "00112233445566778899aabbccddeeff", bytes.Repeat([]byte{7}, 20))

func newKeys(t testing.TB, n int) (private []seal.PrivateKey, public []seal.PublicKey) {
	t.Helper()
	for range n {
		k, err := seal.GenerateKey()
		require.NoError(t, err)
		private, public = append(private, k), append(public, k.Public())
	}
	return private, public
}

func clone(s seal.Sealed) seal.Sealed {
	out := seal.Sealed{Body: bytes.Clone(s.Body), Commitment: bytes.Clone(s.Commitment)}
	for _, st := range s.Stanzas {
		out.Stanzas = append(out.Stanzas, seal.Stanza{
			KeyID: bytes.Clone(st.KeyID), Enc: bytes.Clone(st.Enc), Ciphertext: bytes.Clone(st.Ciphertext),
		})
	}
	return out
}

func TestEveryRecipientOpens(t *testing.T) {
	private, public := newKeys(t, seal.MaxRecipients)
	rapid.Check(t, func(t *rapid.T) {
		location := rapid.SliceOfN(rapid.Byte(), 1, seal.MaxLocation).Draw(t, "location")
		n := rapid.IntRange(1, seal.MaxRecipients).Draw(t, "recipients")
		sealed, err := seal.Seal(testLabel, location, public[:n])
		if err != nil {
			t.Fatal(err)
		}
		if err := seal.Check(sealed); err != nil {
			t.Fatal(err)
		}
		who := rapid.IntRange(0, n-1).Draw(t, "who")
		got, err := seal.Open(testLabel, sealed, private[who])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(location, got) {
			t.Fatalf("sealed %x, opened %x", location, got)
		}
	})
}

func TestLengthTellsOnlyTheBlock(t *testing.T) {
	_, public := newKeys(t, 1)
	for _, tc := range []struct{ location, body int }{
		{1, 272}, {252, 272}, {253, 528}, {508, 528}, {509, 784}, {seal.MaxLocation, 4112},
	} {
		sealed, err := seal.Seal(testLabel, make([]byte, tc.location), public)
		require.NoError(t, err)
		require.Len(t, sealed.Body, tc.body, "location of %d bytes", tc.location)
		require.Len(t, sealed.Stanzas[0].Enc, seal.EncSize)
		require.Len(t, sealed.Stanzas[0].Ciphertext, seal.WrappedKeySize)
	}
}

func TestSealRefuses(t *testing.T) {
	_, public := newKeys(t, seal.MaxRecipients+1)
	for name, tc := range map[string]struct {
		location   []byte
		recipients []seal.PublicKey
		want       error
	}{
		"empty location":  {nil, public[:1], seal.ErrLocation},
		"long location":   {make([]byte, seal.MaxLocation+1), public[:1], seal.ErrLocation},
		"no recipient":    {[]byte("x"), nil, seal.ErrRecipients},
		"nine recipients": {[]byte("x"), public, seal.ErrRecipients},
		"twice the same":  {[]byte("x"), []seal.PublicKey{public[0], public[1], public[0]}, seal.ErrRecipients},
		"zero key":        {[]byte("x"), []seal.PublicKey{{}}, seal.ErrRecipients},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := seal.Seal(testLabel, tc.location, tc.recipients)
			require.ErrorIs(t, err, tc.want)
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	private, public := newKeys(t, 3)
	location := []byte("/srv/data/rows.csv")
	sealed, err := seal.Seal(testLabel, location, public[:2])
	require.NoError(t, err)
	other, err := seal.Seal(testLabel, location, public[:2])
	require.NoError(t, err)
	require.NotEqual(t, sealed.Body, other.Body, "sealing is randomized")

	swapped := clone(sealed)
	swapped.Stanzas[0], swapped.Stanzas[1] = swapped.Stanzas[1], swapped.Stanzas[0]
	removed := clone(sealed)
	removed.Stanzas = removed.Stanzas[:1]
	moved := clone(sealed)
	moved.Stanzas = clone(other).Stanzas
	movedBody := clone(sealed)
	movedBody.Body = other.Body
	renamed := clone(sealed)
	id := public[2].ID()
	renamed.Stanzas[0].KeyID = id[:]

	for name, tc := range map[string]struct {
		label  []byte
		sealed seal.Sealed
		key    seal.PrivateKey
		want   error
	}{
		"label of another record": {seal.RecordLabel("alita-1", "00112233445566778899aabbccddeefe", bytes.Repeat([]byte{7}, 20)), sealed, private[0], seal.ErrOpen},
		"label of another owner":  {seal.RecordLabel("alita-1", "00112233445566778899aabbccddeeff", bytes.Repeat([]byte{8}, 20)), sealed, private[0], seal.ErrOpen},
		"label of another chain":  {seal.RecordLabel("alita-2", "00112233445566778899aabbccddeeff", bytes.Repeat([]byte{7}, 20)), sealed, private[0], seal.ErrOpen},
		"not a recipient":         {testLabel, sealed, private[2], seal.ErrNotRecipient},
		"stanzas swapped":         {testLabel, swapped, private[0], seal.ErrOpen},
		"stanza removed":          {testLabel, removed, private[0], seal.ErrOpen},
		"stanzas of another seal": {testLabel, moved, private[0], seal.ErrOpen},
		"body of another seal":    {testLabel, movedBody, private[0], seal.ErrOpen},
		"stanza renamed":          {testLabel, renamed, private[2], seal.ErrOpen},
		"no key":                  {testLabel, sealed, seal.PrivateKey{}, seal.ErrPrivateKey},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := seal.Open(tc.label, tc.sealed, tc.key)
			require.ErrorIs(t, err, tc.want)
			require.Nil(t, got)
		})
	}
}

func TestEveryFlippedBitIsNoticed(t *testing.T) {
	private, public := newKeys(t, 2)
	sealed, err := seal.Seal(testLabel, []byte("/srv/data/rows.csv"), public)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		changed := clone(sealed)
		parts := [][]byte{
			changed.Body, changed.Commitment,
			changed.Stanzas[0].KeyID, changed.Stanzas[0].Enc, changed.Stanzas[0].Ciphertext,
			changed.Stanzas[1].KeyID, changed.Stanzas[1].Enc, changed.Stanzas[1].Ciphertext,
		}
		part := parts[rapid.IntRange(0, len(parts)-1).Draw(t, "part")]
		part[rapid.IntRange(0, len(part)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if got, err := seal.Open(testLabel, changed, private[0]); err == nil {
			t.Fatalf("opened to %q", got)
		}
	})
}

func TestRecordLabelBindsItsFields(t *testing.T) {
	owner := []byte{1, 2}
	base := seal.RecordLabel("ab", "c", owner)
	require.Len(t, base, 32)
	require.NotEqual(t, base, seal.RecordLabel("a", "bc", owner))
	require.NotEqual(t, base, seal.RecordLabel("ab", "c\x01", owner[1:]))
}
