package terms_test

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

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
	for _, draft := range []string{"", "draft-irtf-cfrg-vdaf-14", "draft-irtf-cfrg-vdaf-18", securesum.Draft + " "} {
		sum := terms.SecureSum{Session: securesum.Session{Chain: "chain", Job: "job", Round: 1, Attempt: 1}, Draft: draft, Length: 9, Seats: 3}
		_, err := sum.Protocol(terms.Program{Kind: terms.VectorSum, Bits: 48})
		require.ErrorIs(t, err, terms.ErrDraft)
		require.ErrorContains(t, err, "expected draft-irtf-cfrg-vdaf-14+alita.2, the draft of this binary, got ")
	}
}

func TestSealedVector(t *testing.T) {
	enc, ciphertext := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 40)
	want := sha256.Sum256(append(bytes.Clone(enc), ciphertext...))
	require.Equal(t, want[:], terms.SealedVectorHash(enc, ciphertext))
	require.Equal(t, 3*8+16, terms.SealedVectorSize(3))
}

// Shares are bound to the ranges and to what a row may disclose.
func TestProtocolIsBoundToRanges(t *testing.T) {
	row := terms.Program{Kind: terms.VectorSum, Bits: 20, Row: true}
	sum := terms.SecureSum{
		Draft: securesum.Draft, Session: securesum.Session{Chain: "chain", Job: "job", Round: 1, Attempt: 1}, Length: 3, Seats: 2,
		Ranges: terms.Ranges{{Count: 1, High: 1, Variance: 20}, {Count: 2, Low: -3, High: 4, Variance: 50}}, MicroRho: 100_000,
	}
	first, err := sum.Protocol(row)
	require.NoError(t, err)
	seen := []securesum.Protocol{first}
	for _, change := range []func(s *terms.SecureSum){
		func(s *terms.SecureSum) { s.MicroRho++ },
		func(s *terms.SecureSum) { s.Ranges[0].Variance++ },
		func(s *terms.SecureSum) { s.Ranges[1].Low-- },
		func(s *terms.SecureSum) { s.Ranges[1].High++ },
		func(s *terms.SecureSum) {
			half := s.Ranges[1]
			half.Count = 1
			s.Ranges = append(s.Ranges[:1], half, half)
		},
		func(s *terms.SecureSum) { s.Ranges, s.MicroRho = nil, 0 },
	} {
		other := sum
		other.Ranges = append(terms.Ranges(nil), sum.Ranges...)
		change(&other)
		got, err := other.Protocol(row)
		require.NoError(t, err)
		for _, before := range seen {
			require.NotEqual(t, before, got)
		}
		seen = append(seen, got)
	}
}
