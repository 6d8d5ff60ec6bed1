package securesum_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/securesum"
)

var update = flag.Bool("update", false, "make new test vectors; nodes that differ in them fork, so think first")

// recorded is the result of a whole run.
type recorded struct {
	Draft    string
	Kind     string
	Length   uint32
	Bits     uint32
	Seats    uint32
	Vectors  [][]uint64
	Shared   []string // SHA-256 of each owner's message
	Prepared [][][]byte
	Messages [][]byte
	Openings [][]byte
	Sum      []uint64
}

func record(t *testing.T, shape securesum.Shape, vectors [][]uint64) recorded {
	t.Helper()
	r := newRun(t, shape, session)
	out := recorded{
		Draft: securesum.Draft, Kind: shape.Kind.String(), Length: shape.Length, Bits: shape.Bits, Seats: shape.Seats, Vectors: vectors,
	}
	var all []sent
	for i, vector := range vectors {
		s := r.share(i, vector)
		v := r.judge(s)
		require.NoError(t, v.err)
		hash := securesum.Hash(s.shared)
		whole := label.Hash("test/whole", s.shared.PublicShare, hash[:])
		out.Shared = append(out.Shared, hexOf(whole[:]))
		out.Prepared, out.Messages = append(out.Prepared, v.said), append(out.Messages, v.message)
		all = append(all, s)
	}
	openings, commitments := r.sums(all)
	out.Openings = openings
	out.Sum = r.unshard(openings, commitments, len(all))
	return out
}

// TestVectors repeats whole runs with fixed secrets. Every node of every version must get the same bytes.
func TestVectors(t *testing.T) {
	file := filepath.Join("testdata", "v1.json")
	got := []recorded{
		record(t, sumVec(3, 16, 3), [][]uint64{{1, 2, 3}, {65535, 0, 40000}}),
		record(t, oneHotShape(5, 2), [][]uint64{oneHot(5, 0), oneHot(5, 4), oneHot(5, 4)}),
	}
	if *update {
		raw, err := json.MarshalIndent(got, "", " ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, append(raw, '\n'), 0o644))
	}
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	var want []recorded
	require.NoError(t, json.Unmarshal(raw, &want))
	require.Equal(t, want, got)
	require.Equal(t, []uint64{65536, 2, 40003}, got[0].Sum)
	require.Equal(t, []uint64{1, 0, 0, 0, 2}, got[1].Sum)
}

func hexOf(b []byte) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 2*len(b))
	for _, x := range b {
		out = append(out, digits[x>>4], digits[x&15])
	}
	return string(out)
}
