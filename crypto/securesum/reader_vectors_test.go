package securesum_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
)

// read is the reader's side of a run: what the chain shows, the key that opens it, and the answer.
type read struct {
	Kind                string
	Length, Bits, Seats uint32
	Chain, Job          string
	Round, Attempt      uint32
	Reader              []byte // the private key
	Valid               int
	Commitments         [][]byte
	Sealed              []securesum.Sealed
	Openings            [][]byte
	Sum                 []uint64
}

func recordRead(t *testing.T, shape securesum.Shape, vectors [][]uint64) (read, securesum.Protocol, seal.PrivateKey) {
	t.Helper()
	r := newRun(t, shape, session)
	var all []sent
	for i, vector := range vectors {
		all = append(all, r.share(i, vector))
	}
	seed := label.Hash("test/reader")
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(t, err)
	openings, commitments := r.sums(all)
	return read{
		Kind: shape.Kind.String(), Length: shape.Length, Bits: shape.Bits, Seats: shape.Seats,
		Chain: session.Chain, Job: session.Job, Round: session.Round, Attempt: session.Attempt,
		Reader: seed[:], Valid: len(all), Commitments: commitments, Openings: openings, Sum: r.unshard(openings, commitments, len(all)),
	}, r.p, key
}

// TestReaderVectors keeps the vectors that readers in other languages are tested with current. Sealing is random, so a sealed sum is only opened.
func TestReaderVectors(t *testing.T) {
	file := filepath.Join("testdata", "reader.json")
	var recorded []read
	if raw, err := os.ReadFile(file); !*update {
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(raw, &recorded))
	}
	var all []read
	for i, run := range []struct {
		shape   securesum.Shape
		vectors [][]uint64
	}{
		{sumVec(3, 16, 3), [][]uint64{{1, 2, 3}, {65535, 0, 40000}}},
		{oneHotShape(5, 2), [][]uint64{oneHot(5, 0), oneHot(5, 4), oneHot(5, 4)}},
	} {
		got, protocol, key := recordRead(t, run.shape, run.vectors)
		for seat, opening := range got.Openings {
			if *update {
				sealed, err := protocol.SealOpening(key.Public(), seat, opening)
				require.NoError(t, err)
				got.Sealed = append(got.Sealed, sealed)
				continue
			}
			sealed := recorded[i].Sealed[seat]
			opened, err := protocol.OpenSealed(key, seat, sealed.Enc, sealed.Ciphertext)
			require.NoError(t, err)
			require.Equal(t, opening, opened)
			got.Sealed = append(got.Sealed, sealed)
		}
		all = append(all, got)
	}
	if *update {
		raw, err := json.MarshalIndent(all, "", " ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, append(raw, '\n'), 0o644))
		return
	}
	require.Equal(t, recorded, all)
}
