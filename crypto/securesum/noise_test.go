package securesum_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/securesum"
)

// noisedShape is three slots below 2^8, with noise vectors of up to 10, 76 and 1000.
func noisedShape(seats uint32) securesum.Shape {
	return securesum.Shape{Kind: securesum.SumVec, Length: 3, Bits: 8, Seats: seats, Noise: []uint64{10, 76, 1000}}
}

// ofNoise is the run of the seats' noise: the same seats, and the same verification key.
func (r *run) ofNoise() *run {
	noise, noised := r.p.Noise()
	require.True(r.t, noised)
	other := *r
	other.p = noise
	return &other
}

// noise is the noise vector of a seat.
func (r *run) noise(seat int, vector []uint64) sent {
	r.t.Helper()
	c := securesum.Contribution{Record: fmt.Sprintf("operator%d", seat)}
	secret := label.Hash("test/noise", label.Uint64(uint64(seat)))
	shared, evidence, err := r.ofNoise().p.Share(c, r.public, vector, secret[:])
	require.NoError(r.t, err)
	return sent{c: c, vector: vector, shared: shared, evidence: evidence}
}

// addUp adds contributions and noise to the seats' sums.
func (r *run) addUp(contributions, noises []sent) (openings, commitments [][]byte) {
	r.t.Helper()
	sums := make([]*securesum.Sum, len(r.private))
	for i := range sums {
		sums[i] = r.p.NewSum()
	}
	commitments = make([][]byte, len(sums))
	for n, s := range append(append([]sent(nil), contributions...), noises...) {
		of := r
		if n >= len(contributions) {
			of = r.ofNoise()
		}
		v := of.judge(s)
		require.NoError(r.t, v.err)
		for i := range sums {
			require.NoError(r.t, sums[i].Add(v.prepared[i], v.message))
			var err error
			commitments[i], err = securesum.AddCommitments(commitments[i], s.shared.Commitments[i])
			require.NoError(r.t, err)
		}
	}
	for _, s := range sums {
		openings = append(openings, s.Opening())
	}
	return openings, commitments
}

// The sum is the sum of the vectors and of every seat's noise, whatever their values within the bounds, for all numbers of seats.
func TestSumWithNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for seats := uint32(2); seats <= 8; seats++ {
		shape := noisedShape(seats)
		r := newRun(t, shape, session)
		require.Equal(t, int(seats), r.p.Noises())
		owners := []sent{r.share(0, []uint64{0, 255, random.Uint64N(256)}), r.share(1, []uint64{255, 255, 255})}
		var noises []sent
		for i := range int(seats) {
			vector := []uint64{0, 0, 0}
			if i > 0 {
				for j, most := range shape.Noise {
					vector[j] = []uint64{most, random.Uint64N(most + 1)}[i%2]
				}
			}
			s := r.noise(i, vector)
			if i == 0 {
				require.Equal(t, s, r.noise(i, vector), "the same call gives the same answer")
			}
			noises = append(noises, s)
		}
		openings, commitments := r.addUp(owners, noises)
		require.Equal(t, total(append(append([]sent(nil), owners...), noises...)), r.unshard(openings, commitments, len(owners)))
	}
}

// TestAttackOpenWithoutAllNoise: whatever a seat opens that lacks noise, of its own or of another one, opens nothing.
func TestAttackOpenWithoutAllNoise(t *testing.T) {
	r := newRun(t, noisedShape(3), session)
	owners := []sent{r.share(1, []uint64{1, 2, 3}), r.share(2, []uint64{255, 0, 9})}
	var noises []sent
	for i := range 3 {
		noises = append(noises, r.noise(i, []uint64{uint64(i), 38, 500}))
	}
	_, commitments := r.addUp(owners, noises)
	for name, left := range map[string][]sent{"no noise": nil, "one seat's alone": noises[:1], "one missing": noises[1:], "one twice": {noises[0], noises[0], noises[1]}} {
		openings, own := r.addUp(owners, left)
		for seat, o := range openings {
			for count := range uint64(9) {
				_, err := r.p.VerifyOpening(commitments[seat], count, o)
				require.ErrorIs(t, err, securesum.ErrOpening, name)
			}
			if len(left) < 3 {
				_, err := r.p.VerifyOpening(own[seat], uint64(len(owners)), o)
				require.ErrorIs(t, err, securesum.ErrOpening, "%s: its own commitments have too few vectors", name)
			}
		}
	}
}

// A noise vector is no contribution and the other way round; neither is it another seat's, or another session's. (Bounds are part of a session's
// terms, as package terms has them.)
func TestNoiseIsBound(t *testing.T) {
	r := newRun(t, noisedShape(3), session)
	s := r.noise(0, []uint64{1, 2, 3})
	require.NoError(t, r.ofNoise().judge(s).err)

	attempt := session
	attempt.Attempt++
	bound := session
	bound.Terms = []byte("terms")
	for name, other := range map[string]*run{
		"another attempt": newRun(t, noisedShape(3), attempt).ofNoise(), "other terms": newRun(t, noisedShape(3), bound).ofNoise(),
	} {
		other.verify = r.verify
		require.Error(t, other.judge(s).err, name)
	}
	other := s
	other.c.Record = "operator1"
	require.Error(t, r.ofNoise().judge(other).err, "another seat's")

	same := securesum.Shape{Kind: securesum.SumVec, Length: 3, Bits: 8, Seats: 3}
	owner := newRun(t, same, session).share(1, []uint64{1, 2, 3})
	require.Error(t, r.ofNoise().judge(sent{c: s.c, shared: owner.shared}).err, "a contribution")
	_, exact := newRun(t, same, session).p.Noise()
	require.False(t, exact, "without noise")
}

// TestAttackNoiseOutOfRange: noise that is out of its bounds is refused by everybody, the chain included, before any seat judges it. Whoever shares
// it is a seat, so nothing may depend on what that seat says.
func TestAttackNoiseOutOfRange(t *testing.T) {
	r := newRun(t, noisedShape(3), session)
	_, _, err := r.ofNoise().p.Share(securesum.Contribution{Record: "operator0"}, r.public, []uint64{11, 0, 0}, make([]byte, 32))
	require.ErrorIs(t, err, securesum.ErrForm, "an honest seat cannot")
	for name, noise := range map[string][]uint64{"one above a bound, in as many bits": {11, 76, 1000}, "one more bit": {10, 76, 1024}} {
		wide := noisedShape(3)
		wide.Noise = noise
		cheat := newRun(t, wide, session).noise(0, noise)
		v := r.ofNoise().judge(cheat)
		require.ErrorIs(t, v.err, securesum.ErrForm, name)
		require.ErrorIs(t, r.ofNoise().p.CheckNoise(cheat.c, cheat.shared), securesum.ErrForm, name)
	}
	// Commitments to other shares than the proof is about.
	s := r.noise(0, []uint64{10, 76, 1000})
	other := r.noise(1, []uint64{0, 0, 0})
	moved := clone(s.shared)
	moved.Commitments[0] = other.shared.Commitments[0]
	require.ErrorIs(t, r.ofNoise().p.CheckNoise(s.c, moved), securesum.ErrForm)
	moved = clone(s.shared)
	moved.Commitments[0], moved.Commitments[1] = moved.Commitments[1], moved.Commitments[0]
	require.NoError(t, r.ofNoise().p.CheckNoise(s.c, moved), "their sum is the same")
	require.ErrorIs(t, r.ofNoise().judge(sent{c: s.c, shared: moved}).err, securesum.ErrRefused, "but the seats' shares do not open them")
}

// A slot is from 0 to its bound whatever its bits are, and every number there has bits.
func TestBitsOfNoise(t *testing.T) {
	for largest := uint64(0); largest <= 300; largest++ {
		weights := securesum.WeightsOf(largest)
		sums := map[uint64]bool{}
		for set := range uint64(1) << len(weights) {
			sum := uint64(0)
			for i, w := range weights {
				sum += (set >> i & 1) * w
			}
			sums[sum] = true
		}
		require.Len(t, sums, int(largest)+1, "bound %d", largest)
		for v := range largest + 1 {
			require.True(t, sums[v])
			back := uint64(0)
			for i, bit := range securesum.BitsOf(largest, v) {
				require.LessOrEqual(t, bit, uint64(1))
				back += bit * weights[i]
			}
			require.Equal(t, v, back, "%d within %d", v, largest)
		}
	}
}

func TestShapesOfNoiseThatCannotBe(t *testing.T) {
	for name, noise := range map[string][]uint64{"few slots": {1, 2}, "none": {}, "a bound of 0": {1, 0, 3}, "a wide one": {1, 2, 1 << 63}} {
		shape := noisedShape(3)
		shape.Noise = noise
		_, err := securesum.New(shape, session)
		require.ErrorIs(t, err, securesum.ErrShape, name)
	}
}

// A whole run with fixed secrets: every node of every version must get the same bytes.
func TestNoiseVectors(t *testing.T) {
	r := newRun(t, noisedShape(3), session)
	owner := r.share(0, []uint64{7, 100, 255})
	var noises []sent
	for i := range 3 {
		noises = append(noises, r.noise(i, []uint64{uint64(5 + i), uint64(38 * i), uint64(1000 - i)}))
	}
	openings, commitments := r.addUp([]sent{owner}, noises)
	hash := label.Hash("test/whole", append(append([][]byte(nil), openings...), commitments...)...)
	for _, s := range noises {
		h := securesum.Hash(s.shared)
		hash = label.Hash("test/whole", hash[:], h[:])
	}
	require.Equal(t, "8c2da403b340688a9470dd49f22454e31efa4b712fad5a004b81dc1b2f66dc3b", hexOf(hash[:]))
	require.Equal(t, []uint64{25, 214, 3252}, r.unshard(openings, commitments, 1))
}

// FuzzNoise gives every decoder of a noise vector any bytes: no panic, and nothing but what was really sent is accepted.
func FuzzNoise(f *testing.F) {
	r := newRun(f, noisedShape(2), session)
	s := r.noise(0, []uint64{1, 2, 3})
	p := r.ofNoise().p
	v := r.ofNoise().judge(s)
	require.NoError(f, v.err)
	f.Add(join(s.shared.PublicShare, s.shared.Sealed[0].Enc, s.shared.Sealed[0].Ciphertext, s.shared.Commitments[0],
		s.shared.Sealed[1].Enc, s.shared.Sealed[1].Ciphertext, s.shared.Commitments[1], v.said[0], v.said[1], s.evidence[0]))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		b := cut(raw, 10)
		shared := securesum.Shared{
			PublicShare: b[0], Sealed: []securesum.Sealed{{Enc: b[1], Ciphertext: b[2]}, {Enc: b[4], Ciphertext: b[5]}},
			Commitments: [][]byte{b[3], b[6]},
		}
		accepted := 0
		for seat, key := range r.private {
			_, _, err := p.Prepare(s.c, shared, r.verify, seat, key)
			if err == nil {
				accepted++
			} else if !errors.Is(err, securesum.ErrForm) && !errors.Is(err, securesum.ErrRefused) {
				t.Fatal(err)
			}
			_, _ = p.Lied(s.c, shared, r.verify, seat, r.public[seat].Bytes(), b[9], b[7])
		}
		if (accepted == len(r.private)) != (securesum.Hash(shared) == securesum.Hash(s.shared)) {
			t.Fatalf("%d seats accept something else than was sent", accepted)
		}
		if message, err := p.Combine(s.c, b[0], [][]byte{b[7], b[8]}); err == nil && string(message) != string(v.message) {
			t.Fatal("another message")
		}
	})
}
