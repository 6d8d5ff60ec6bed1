package prio3_test

import (
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/prio3"
)

const benchSeats = 3

type benchCase struct {
	name   string
	params prio3.Params
	width  int
}

func benchCases(b *testing.B) []benchCase {
	oneHot := func(length int) benchCase {
		p, err := prio3.NewOneHot(benchSeats, length)
		require.NoError(b, err)
		return benchCase{fmt.Sprintf("one_hot_%d", length), p, 1}
	}
	sumvec := func(length, width int) benchCase {
		p, err := prio3.NewSumVec(benchSeats, length, width)
		require.NoError(b, err)
		return benchCase{fmt.Sprintf("sumvec_%dx%d", length, width), p, width}
	}
	return []benchCase{oneHot(64), oneHot(1024), sumvec(64, 16), sumvec(256, 16), sumvec(1024, 16)}
}

// benchVector is a vector with large slots, or one-hot in the last.
func benchVector(p prio3.Params) []uint64 {
	v := make([]uint64, p.Length)
	if p.Kind == prio3.OneHot {
		v[p.Length-1] = 1
		return v
	}
	for i := range v {
		v[i] = p.LargestSlot() - uint64(i)
	}
	return v
}

func newInstance(t testing.TB, p prio3.Params) *prio3.Instance {
	t.Helper()
	v, err := prio3.New(p, testBinding.Context())
	require.NoError(t, err)
	return v
}

var testBinding = prio3.Binding{
	ChainID: "alita-1", JobID: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", Round: 1, Owner: []byte("twenty bytes of addr"),
	RecordID: "000102030405060708090a0b0c0d0e0f", RecordVersion: "1.2.0",
}

// All that an owner computes: shares, with their rehearsal, and the commitments to them.
func BenchmarkOwner(b *testing.B) {
	for _, c := range benchCases(b) {
		b.Run(c.name, func(b *testing.B) {
			v, vector := newInstance(b, c.params), benchVector(c.params)
			scheme, err := pedersen.New(c.params.Length)
			require.NoError(b, err)
			for b.Loop() {
				shares, err := v.Shard(rand.Reader, vector)
				if err != nil {
					b.Fatal(err)
				}
				blindings := make([]pedersen.Blinding, benchSeats)
				for i := range blindings {
					if blindings[i], err = pedersen.NewBlinding(rand.Reader); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := scheme.CommitAll(shares.Outputs, blindings, c.width); err != nil {
					b.Fatal(err)
				}
			}
			p := c.params
			b.ReportMetric(float64(contributionSize(p)+benchSeats*(pedersen.Size+pedersen.BlindingSize)), "bytes/contribution")
			b.ReportMetric(float64(benchSeats*p.PrepareShareSize()), "bytes/preparation")
		})
	}
}

// The shares alone.
func BenchmarkShard(b *testing.B) {
	for _, c := range benchCases(b) {
		b.Run(c.name, func(b *testing.B) {
			v, vector := newInstance(b, c.params), benchVector(c.params)
			for b.Loop() {
				if _, err := v.Shard(rand.Reader, vector); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// One seat's first step, the dearer of the two kinds of seat.
func BenchmarkPrepare(b *testing.B) {
	for _, c := range benchCases(b) {
		for seat := range 2 {
			b.Run(fmt.Sprintf("%s/seat_%d", c.name, seat), func(b *testing.B) {
				v := newInstance(b, c.params)
				shares, err := v.Shard(rand.Reader, benchVector(c.params))
				require.NoError(b, err)
				for b.Loop() {
					if _, _, err := v.Prepare([prio3.KeySize]byte{1}, seat, shares.Public, shares.Inputs[seat]); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(len(shares.Inputs[seat])), "bytes/input_share")
			})
		}
	}
}

// The chain's decision on a contribution.
func BenchmarkCombine(b *testing.B) {
	for _, c := range benchCases(b) {
		b.Run(c.name, func(b *testing.B) {
			v := newInstance(b, c.params)
			shares, err := v.Shard(rand.Reader, benchVector(c.params))
			require.NoError(b, err)
			prepared := make([][]byte, benchSeats)
			for i := range prepared {
				_, prepared[i], err = v.Prepare([prio3.KeySize]byte{1}, i, shares.Public, shares.Inputs[i])
				require.NoError(b, err)
			}
			for b.Loop() {
				if _, err := v.Combine(shares.Public, prepared); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(prepared[0])), "bytes/prepare_share")
		})
	}
}

// Chunk lengths around the chosen one, on which the formula of ChunkLength rests.
func BenchmarkChunk(b *testing.B) {
	for _, c := range benchCases(b) {
		chosen := c.params.Chunk
		for _, chunk := range []int{chosen / 4, chosen / 2, chosen, 2 * chosen, 4 * chosen} {
			if chunk < 1 {
				continue
			}
			p := c.params
			p.Chunk = chunk
			v, vector := newInstance(b, p), benchVector(p)
			shares, err := v.Shard(rand.Reader, vector)
			require.NoError(b, err)
			b.Run(fmt.Sprintf("%s/%d/shard", c.name, chunk), func(b *testing.B) {
				for b.Loop() {
					if _, err := v.Shard(rand.Reader, vector); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(contributionSize(p)+p.Shares*p.PrepareShareSize()), "bytes/contribution")
			})
			b.Run(fmt.Sprintf("%s/%d/prepare", c.name, chunk), func(b *testing.B) {
				for b.Loop() {
					if _, _, err := v.Prepare([prio3.KeySize]byte{1}, 1, shares.Public, shares.Inputs[1]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
