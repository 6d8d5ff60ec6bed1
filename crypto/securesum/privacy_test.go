package securesum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/prio3"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
)

// chiSquare compares the counts of byte values in two samples of equal size. For samples of one distribution it is a chi-square
// with 255 degrees of freedom: mean 255, standard deviation 22.6.
func chiSquare(a, b [256]int) (x float64) {
	for i := range a {
		if n := a[i] + b[i]; n > 0 {
			d := float64(a[i] - b[i])
			x += d * d / float64(n)
		}
	}
	return x
}

// uniform compares a sample with equal chances of all values.
func uniform(a [256]int) (x float64) {
	n := 0
	for _, c := range a {
		n += c
	}
	want := float64(n) / 256
	for _, c := range a {
		x += (float64(c) - want) * (float64(c) - want) / want
	}
	return x
}

// unlikely is five standard deviations above the mean.
const unlikely = 255 + 5*22.6

// output is a seat's output share as it computes it from what was sealed to it.
func (r *run) output(s sent, v verdict, seat int) []byte {
	sum := r.p.NewSum()
	require.NoError(r.t, sum.Add(v.prepared[seat], v.message))
	share, err := r.p.VerifyOpening(s.shared.Commitments[seat], 1, sum.Opening())
	require.NoError(r.t, err)
	return share
}

// TestAllSeatsButOneLearnNothing plays all seats but one, with their keys and every byte that was sent: what they can add up of an
// owner's vector is uniform, the same whatever the vector, and so is everything else that the chain stores. With the last seat's
// share it is the vector.
//
// The distributions are compared byte by byte over many sharings of two vectors, for each seat that stays honest. The samples come
// from fixed secrets, so that the test always gives the same answer.
func TestAllSeatsButOneLearnNothing(t *testing.T) {
	const sharings = 400
	shape := sumVec(6, 16, 3)
	params, err := prio3.NewSumVec(3, 6, 16)
	require.NoError(t, err)
	r := newRun(t, shape, session)
	vectors := [2][]uint64{{0, 0, 0, 0, 0, 0}, {65535, 1, 40000, 65535, 65535, 12345}}
	for honest := range 3 {
		var sums, stored [2][256]int
		for which, vector := range vectors {
			for n := range sharings {
				c := contribution(1)
				secret := label.Hash("test/privacy", label.Uint64(uint64(honest)), label.Uint64(uint64(which)), label.Uint64(uint64(n)))
				shared, evidence, err := r.p.Share(c, r.public, vector, secret[:])
				require.NoError(t, err)
				s := sent{c: c, vector: vector, shared: shared, evidence: evidence}
				v := r.judge(s)
				require.NoError(t, v.err)
				var others [][]byte
				for seat := range 3 {
					if seat != honest {
						others = append(others, r.output(s, v, seat))
					}
				}
				known, err := prio3.Add(params, others...)
				require.NoError(t, err)
				// An element is below 2^128 - 7*2^66 + 1: its bytes are uniform to within 2^-59.
				for _, b := range known {
					sums[which][b]++
				}
				// What the chain stores: public shares, the honest seat's ciphertext, commitments, preparation shares, message.
				blobs := [][]byte{shared.PublicShare, shared.Sealed[honest].Ciphertext, v.said[honest][:16], v.message}
				for _, blob := range blobs {
					for _, b := range blob {
						stored[which][b]++
					}
				}
				if n == 0 {
					all, err := prio3.Add(params, append(others, r.output(s, v, honest))...)
					require.NoError(t, err)
					require.Equal(t, encode(vector), all, "with all shares it is the vector")
					require.NotEqual(t, encode(vector), known)
				}
			}
			require.Less(t, uniform(sums[which]), unlikely, "seat %d honest, vector %d: the others' sum", honest, which)
			require.Less(t, uniform(stored[which]), unlikely, "seat %d honest, vector %d: what is stored", honest, which)
		}
		require.Less(t, chiSquare(sums[0], sums[1]), unlikely, "seat %d honest: the others' sum tells the vectors apart", honest)
		require.Less(t, chiSquare(stored[0], stored[1]), unlikely, "seat %d honest: what is stored tells the vectors apart", honest)
	}
}

// TestTheTestSeesALeak: the statistic distinguishes a biased sample from a uniform one.
func TestTheTestSeesALeak(t *testing.T) {
	var a, b [256]int
	for i := range 400 * 6 * 16 {
		a[i%256]++
		b[i%256]++
	}
	require.Less(t, chiSquare(a, b), unlikely)
	b[0] += 765
	for i := 1; i < 256; i++ {
		b[i] -= 3
	}
	require.Greater(t, chiSquare(a, b), unlikely)
	require.Greater(t, uniform(b), unlikely)
}

// TestCommitmentsHide: who guesses the vector rightly, and knows all other shares and blindings, cannot confirm the guess by the
// last seat's commitment.
func TestCommitmentsHide(t *testing.T) {
	r := newRun(t, sumVec(2, 8, 2), session)
	scheme, err := pedersen.New(2)
	require.NoError(t, err)
	s := r.share(1, []uint64{3, 4})
	v := r.judge(s)
	right := r.output(s, v, 1)
	commitment, err := pedersen.ParseCommitment(s.shared.Commitments[1])
	require.NoError(t, err)
	plain, err := r.p.OpenShare(s.c, s.shared, 0, r.private[0])
	require.NoError(t, err)
	known, err := pedersen.ParseBlinding(plain[r.p.InputShareSize(0):])
	require.NoError(t, err)
	require.ErrorIs(t, scheme.Check(commitment, right, known), pedersen.ErrMismatch)
}

// TestOnlyTheReaderOpensTheSum: with every key but the reader's, the sealed sums stay closed; the reader gets the sum of all, and
// no owner's vector.
func TestOnlyTheReaderOpensTheSum(t *testing.T) {
	r := newRun(t, sumVec(2, 16, 3), session)
	all := []sent{r.share(1, []uint64{100, 7}), r.share(2, []uint64{20, 30}), r.share(3, []uint64{1, 60000})}
	openings, commitments := r.sums(all)
	reader, err := seal.GenerateKey()
	require.NoError(t, err)
	var opened [][]byte
	for i, o := range openings {
		s, err := r.p.SealOpening(reader.Public(), i, o)
		require.NoError(t, err)
		for _, key := range r.private {
			_, err := r.p.OpenSealed(key, i, s.Enc, s.Ciphertext)
			require.ErrorIs(t, err, seal.ErrOpen)
		}
		plain, err := r.p.OpenSealed(reader, i, s.Enc, s.Ciphertext)
		require.NoError(t, err)
		opened = append(opened, plain)
	}
	require.Equal(t, []uint64{121, 60037}, r.unshard(opened, commitments, 3))
	// The reader's key opens no owner's share.
	for _, s := range all {
		for seat := range 3 {
			_, err := r.p.OpenShare(s.c, s.shared, seat, reader)
			require.ErrorIs(t, err, seal.ErrOpen)
			_, _, err = r.p.Prepare(s.c, s.shared, r.verify, seat, r.private[(seat+1)%3])
			require.ErrorIs(t, err, securesum.ErrRefused)
		}
	}
}

// encode writes a vector as shares are written: elements of 16 bytes, little-endian.
func encode(vector []uint64) []byte {
	out := make([]byte, 0, 16*len(vector))
	for _, v := range vector {
		for range 8 {
			out = append(out, byte(v))
			v >>= 8
		}
		out = append(out, make([]byte, 8)...)
	}
	return out
}
