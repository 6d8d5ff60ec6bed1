package terms_test

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/dgauss"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/terms"
)

// Counts are proved slot by slot, one-hot vectors as one-hot. The job's bits take precedence over the program's.
func TestProtocol(t *testing.T) {
	session := securesum.Session{Chain: "chain", Job: "job", Round: 2, Attempt: 3}
	for name, tc := range map[string]struct {
		program terms.Program
		bits    uint32
		want    securesum.Shape
	}{
		"sums":                    {terms.Program{Kind: terms.VectorSum, Bits: 48}, 0, securesum.Shape{Kind: securesum.SumVec, Length: 9, Bits: 48, Seats: 3}},
		"histogram":               {terms.Program{Kind: terms.VectorHistogram, Bits: 63}, 20, securesum.Shape{Kind: securesum.SumVec, Length: 9, Bits: 20, Seats: 3}},
		"one-hot":                 {terms.Program{Kind: terms.VectorOneHot, Bits: 1}, 0, securesum.Shape{Kind: securesum.OneHot, Length: 9, Bits: 1, Seats: 3}},
		"one-hot, bits are named": {terms.Program{Kind: terms.VectorOneHot, Bits: 1}, 1, securesum.Shape{Kind: securesum.OneHot, Length: 9, Bits: 1, Seats: 3}},
	} {
		want, err := securesum.New(tc.want, session)
		require.NoError(t, err)
		sum := terms.SecureSum{Session: session, Draft: securesum.Draft, Length: 9, Seats: 3, Bits: tc.bits}
		got, err := sum.Protocol(tc.program)
		require.NoError(t, err)
		require.Equal(t, want, got, name)
		require.Equal(t, tc.want.Bits, sum.SlotBits(tc.program), name)
	}
	_, err := terms.SecureSum{Session: session, Draft: securesum.Draft, Length: 9, Seats: 1}.Protocol(terms.Program{Kind: terms.VectorSum, Bits: 1})
	require.ErrorIs(t, err, securesum.ErrShape)
}

// After an upgrade, nobody judges by the new draft what was shared by the old one.
func TestProtocolOfAnotherDraft(t *testing.T) {
	for _, draft := range []string{"", "draft-irtf-cfrg-vdaf-18", securesum.Draft + " "} {
		sum := terms.SecureSum{Session: securesum.Session{Chain: "chain", Job: "job", Round: 1, Attempt: 1}, Draft: draft, Length: 9, Seats: 3}
		_, err := sum.Protocol(terms.Program{Kind: terms.VectorSum, Bits: 48})
		require.ErrorIs(t, err, terms.ErrDraft)
		require.ErrorContains(t, err, "expected draft-irtf-cfrg-vdaf-14, the draft of this binary, got ")
	}
}

func TestSealedVector(t *testing.T) {
	enc, ciphertext := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 40)
	want := sha256.Sum256(append(bytes.Clone(enc), ciphertext...))
	require.Equal(t, want[:], terms.SealedVectorHash(enc, ciphertext))
	require.Equal(t, 3*8+16, terms.SealedVectorSize(3))
}

// Only counts carry noise, and only if the program says what hides a row.
func TestMicroRhoOfAJob(t *testing.T) {
	histogram := terms.Program{Kind: terms.VectorHistogram, Bits: 16, Sensitivity: 2}
	for name, tc := range map[string]struct {
		program  terms.Program
		variance uint64
		bits     uint32
		want     uint64
		text     string // of the refusal
	}{
		"none":              {program: terms.Program{Kind: terms.VectorSum, Bits: 16}},
		"none, one-hot":     {program: terms.Program{Kind: terms.VectorOneHot, Bits: 1}},
		"counts":            {program: histogram, variance: 100, want: 10_000},
		"bits of the job":   {program: histogram, variance: 100, bits: 8, want: 10_000},
		"no room":           {program: histogram, variance: 100, bits: 7, text: "expected at most 63 in a slot of 7 bits, got 95"},
		"sums":              {program: terms.Program{Kind: terms.VectorSum, Bits: 16}, variance: 100, text: "one row may change its sums by anything; got variance 100"},
		"one-hot":           {program: terms.Program{Kind: terms.VectorOneHot, Bits: 1}, variance: 100, text: "its vector would not be one-hot; got variance 100"},
		"no sensitivity":    {program: terms.Program{Kind: terms.VectorHistogram, Bits: 16}, variance: 100, text: "sensitivity: expected at least 1, got 0"},
		"variance too much": {program: histogram, variance: dgauss.MaxNum + 1, text: "expected 1 to 4611686018427387904"},
	} {
		sum := terms.SecureSum{NoiseVariance: tc.variance, Bits: tc.bits}
		got, err := sum.MicroRho(tc.program)
		if tc.text != "" {
			require.ErrorIs(t, err, terms.ErrNoise, name)
			require.ErrorContains(t, err, tc.text, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, tc.want, got, name)
	}
}
