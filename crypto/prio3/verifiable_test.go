package prio3_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/prio3"
)

// Shares and commitments together, as a round uses them: owners share and commit, seats check and add, the chain adds
// commitments, seats open, and the reader gets the exact sum. A seat that leaves contributions out, counts one twice or reports
// a reduced sum does not open.
func TestVerifiableSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawParams(t)
		scheme, err := pedersen.New(p.Length)
		require.NoError(t, err)
		owners := rapid.IntRange(1, 3).Draw(t, "owners")
		want, onChain, kept := make([]*big.Int, p.Length), make([]pedersen.Commitment, p.Shares), make([]*pedersen.Sum, p.Shares)
		for i := range want {
			want[i] = new(big.Int)
		}
		for i := range kept {
			kept[i] = scheme.NewSum()
		}
		var last [][]byte
		for owner := range owners {
			b := testBinding
			b.Owner = []byte{byte(owner)}
			v, err := prio3.New(p, b.Context())
			require.NoError(t, err)
			vector := drawVector(t, p)
			random := drawStream(t)
			shares, err := v.Shard(random, vector)
			require.NoError(t, err)
			blindings := make([]pedersen.Blinding, p.Shares)
			for i := range blindings {
				blindings[i], err = pedersen.NewBlinding(random)
				require.NoError(t, err)
			}
			commitments, err := scheme.CommitAll(shares.Outputs, blindings, 63)
			require.NoError(t, err)

			outputs, err := run(v, shares.Public, shares.Inputs)
			require.NoError(t, err)
			for i, out := range outputs {
				require.NoError(t, scheme.Check(commitments[i], out, blindings[i]))
				require.NoError(t, kept[i].Add(out, blindings[i]))
				onChain[i], err = pedersen.Add(onChain[i], commitments[i])
				require.NoError(t, err)
			}
			for i, x := range vector {
				want[i].Add(want[i], new(big.Int).SetUint64(x))
			}
			last = outputs
		}
		aggregates := make([][]byte, p.Shares)
		for i := range aggregates {
			aggregates[i], err = scheme.Verify(onChain[i], uint64(owners), kept[i].Opening())
			require.NoError(t, err)
		}
		got, err := prio3.Unshard(p, aggregates, uint64(owners))
		require.NoError(t, err)
		for i := range want {
			require.Zero(t, want[i].Cmp(got[i]))
		}

		liar := rapid.IntRange(0, p.Shares-1).Draw(t, "liar")
		opening := kept[liar].Opening()
		// The same sum modulo p, as one number below p: refused if that is another integer.
		reduced := slices.Clone(opening)
		for i := range p.Length {
			at := reduced[i*pedersen.SumSize : (i+1)*pedersen.SumSize]
			clear(at)
			copy(at, aggregates[liar][i*pedersen.ElementSize:(i+1)*pedersen.ElementSize])
		}
		_, err = scheme.Verify(onChain[liar], uint64(owners), reduced)
		require.Equal(t, slices.Equal(reduced, opening), err == nil)
		// One contribution counted twice, and one left out.
		require.NoError(t, kept[liar].Add(last[liar], pedersen.Blinding{}))
		_, err = scheme.Verify(onChain[liar], uint64(owners), kept[liar].Opening())
		require.Error(t, err)
		without := scheme.NewSum()
		require.NoError(t, without.Add(last[liar], pedersen.Blinding{}))
		left := without.Opening()
		copy(left[len(left)-pedersen.BlindingSize:], opening[len(opening)-pedersen.BlindingSize:])
		_, err = scheme.Verify(onChain[liar], uint64(owners), left)
		require.Equal(t, owners == 1, err == nil)
	})
}
