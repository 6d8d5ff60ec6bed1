package securesum_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
)

// alterations is how many altered contributions a run of the test judges.
func alterations() int {
	if os.Getenv("ALITA_SIM") == "full" {
		return 10_000
	}
	return 1_200
}

// part is a byte slice of what an owner sends.
func parts(s *securesum.Shared) []*[]byte {
	out := []*[]byte{&s.PublicShare}
	for i := range s.Sealed {
		out = append(out, &s.Sealed[i].Enc, &s.Sealed[i].Ciphertext, &s.Commitments[i])
	}
	return out
}

// altered are contributions of all kinds that are not what their owner should have sent. The strongest owner seals anything to
// the seats, as it should be sealed.
type altered struct {
	r      *run
	random *rand.Rand
	honest []sent
	// elsewhere are honest contributions of the same owners to other rounds, attempts and jobs.
	elsewhere []sent
}

func (a *altered) pick(list []sent) sent { return list[a.random.IntN(len(list))] }

func (a *altered) flip(b []byte) { b[a.random.IntN(len(b))] ^= 1 << a.random.IntN(8) }

func (a *altered) noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(a.random.Uint32())
	}
	return b
}

// next returns an altered contribution, and what was done to it.
func (a *altered) next() (sent, string) {
	s := a.pick(a.honest)
	s.shared, s.evidence = clone(s.shared), slices.Clone(s.evidence)
	list := parts(&s.shared)
	target := list[a.random.IntN(len(list))]
	i, j := a.random.IntN(len(s.shared.Sealed)), a.random.IntN(len(s.shared.Sealed)-1)
	if j >= i {
		j++
	}
	switch kind := a.random.IntN(11); kind {
	case 0:
		a.flip(*target)
		return s, "a bit"
	case 1:
		*target = (*target)[:a.random.IntN(len(*target))]
		return s, "truncated"
	case 2:
		*target = append(*target, a.noise(1+a.random.IntN(40))...)
		return s, "extended"
	case 3:
		*target = a.noise(len(*target))
		return s, "random"
	case 4:
		s.shared.Sealed[i], s.shared.Sealed[j] = s.shared.Sealed[j], s.shared.Sealed[i]
		return s, "seats swapped"
	case 5:
		s.shared.Commitments[i], s.shared.Commitments[j] = s.shared.Commitments[j], s.shared.Commitments[i]
		return s, "commitments swapped"
	case 6:
		other := a.pick(a.honest)
		for other.c.Record == s.c.Record {
			other = a.pick(a.honest)
		}
		s.shared, s.evidence = clone(other.shared), other.evidence
		return s, "another owner's"
	case 7:
		other := a.pick(a.elsewhere)
		s.c, s.shared, s.evidence = other.c, clone(other.shared), other.evidence
		return s, "another place's"
	case 8:
		other := a.pick(a.elsewhere)
		mine, theirs := parts(&s.shared), parts(&other.shared)
		k := a.random.IntN(len(mine))
		*mine[k] = slices.Clone(*theirs[k])
		return s, "a part of another"
	default:
		return a.resealed(s, i), "sealed by a liar"
	}
}

// resealed changes what is inside the sealed shares, or the commitments, and seals all of it again.
func (a *altered) resealed(s sent, seat int) sent {
	t := a.r.t
	plain := make([][]byte, len(a.r.private))
	for i, key := range a.r.private {
		var err error
		plain[i], err = a.r.p.OpenShare(s.c, s.shared, i, key)
		require.NoError(t, err)
	}
	switch a.random.IntN(6) {
	case 0: // the input share
		a.flip(plain[seat][:a.r.p.InputShareSize(seat)])
	case 1: // the blinding
		a.flip(plain[seat][a.r.p.InputShareSize(seat):])
	case 2: // all of it
		plain[seat] = a.noise(len(plain[seat]))
	case 3: // the commitment
		s.shared.Commitments[seat] = slices.Clone(a.pick(a.elsewhere).shared.Commitments[0])
	case 4: // the public share
		a.flip(s.shared.PublicShare)
	default: // an element at the modulus and beyond
		copy(plain[seat], []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	}
	for i := range plain {
		s.evidence[i] = a.noise(seal.RandomnessSize)
	}
	for i := range plain {
		require.NoError(t, a.r.p.SealShare(s.c, &s.shared, i, a.r.public[i], s.evidence[i], plain[i]))
	}
	return s
}

// TestAlteredContributions: every message that is not an honest contribution to this very place is rejected by its form or by the seats.
// No honest seat is convicted by any evidence of the owner. The sum of the others is right.
func TestAlteredContributions(t *testing.T) {
	for name, shape := range map[string]securesum.Shape{"one-hot": oneHotShape(5, 3), "sums": sumVec(2, 9, 2)} {
		t.Run(name, func(t *testing.T) {
			r := newRun(t, shape, session)
			a := &altered{r: r, random: rand.New(rand.NewPCG(4, 2))}
			for i := range 4 {
				vector := oneHot(int(shape.Length), i%int(shape.Length))
				a.honest = append(a.honest, r.share(i, vector))
				for _, other := range []securesum.Session{
					{Chain: session.Chain, Job: session.Job, Round: 2, Attempt: 1},
					{Chain: session.Chain, Job: session.Job, Round: 1, Attempt: 2},
					{Chain: session.Chain, Job: "f" + session.Job[1:], Round: 1, Attempt: 1},
				} {
					q := newRun(t, shape, other)
					q.private, q.public = r.private, r.public
					a.elsewhere = append(a.elsewhere, q.share(i, vector))
				}
			}
			rejected := map[string]int{}
			for range alterations() / 2 {
				s, what := a.next()
				v := r.judge(s)
				if blame := new(securesum.BlameError); errors.As(v.err, &blame) {
					t.Fatalf("%s: the honest seat %d is blamed: %v", what, blame.Seat, v.err)
				}
				if v.err == nil {
					t.Fatalf("%s: accepted", what)
				}
				rejected[what]++
				if v.said == nil {
					require.ErrorIs(t, v.err, securesum.ErrForm)
					continue
				}
				r.noneLied(s, v, s.evidence)
			}
			require.Len(t, rejected, 10, "%v", rejected)
			openings, commitments := r.sums(a.honest)
			require.Equal(t, total(a.honest), r.unshard(openings, commitments, len(a.honest)))
		})
	}
}

// TestLiarsAreConvicted: a seat that says of an honest contribution anything but what follows from its share is blamed at once or
// convicted by the owner's evidence, and no other seat is.
func TestLiarsAreConvicted(t *testing.T) {
	r := newRun(t, oneHotShape(6, 3), session)
	random := rand.New(rand.NewPCG(8, 1))
	s := r.share(1, oneHot(6, 2))
	honest := r.judge(s)
	require.NoError(t, honest.err)
	lied := func(v verdict, seat int) bool {
		t.Helper()
		lied, err := r.p.Lied(s.c, s.shared, r.verify, seat, r.public[seat].Bytes(), s.evidence[seat], v.said[seat])
		require.NoError(t, err)
		return lied
	}
	for n := range alterations() / 4 {
		v := verdict{said: slices.Clone(honest.said)}
		liar := random.IntN(3)
		if n%8 == 0 {
			v.said[liar] = nil
		} else {
			v.said[liar] = slices.Clone(v.said[liar])
			for range 1 + random.IntN(3) {
				v.said[liar][random.IntN(len(v.said[liar]))] ^= byte(1 + random.IntN(255))
			}
			_, err := r.p.Combine(s.c, s.shared.PublicShare, v.said)
			if blame := new(securesum.BlameError); errors.As(err, &blame) {
				require.Equal(t, liar, blame.Seat)
			} else {
				require.ErrorIs(t, err, securesum.ErrInvalid)
			}
		}
		for seat := range 3 {
			require.Equal(t, seat == liar, lied(v, seat), "seat %d, liar %d", seat, liar)
		}
	}
	// A share of another size, which the chain never takes, and another seat's share.
	for seat := range 3 {
		require.True(t, lied(verdict{said: [][]byte{honest.said[1], honest.said[2], honest.said[0]}}, seat))
		require.ErrorIs(t, r.p.CheckPreparation(honest.said[0][1:]), securesum.ErrForm)
	}
	// Evidence for another seat, another key, or none.
	for name, evidence := range map[string][]byte{"another seat's": s.evidence[1], "none": nil, "short": s.evidence[0][:63]} {
		_, err := r.p.Lied(s.c, s.shared, r.verify, 0, r.public[0].Bytes(), evidence, nil)
		require.ErrorIs(t, err, securesum.ErrEvidence, name)
	}
	_, err := r.p.Lied(s.c, s.shared, r.verify, 0, r.public[1].Bytes(), s.evidence[0], nil)
	require.ErrorIs(t, err, securesum.ErrEvidence, "another seat's key")
	_, err = r.p.Lied(s.c, s.shared, r.verify, 3, r.public[1].Bytes(), s.evidence[0], nil)
	require.ErrorIs(t, err, securesum.ErrForm)
	_, err = r.p.Lied(s.c, s.shared, r.verify[:31], 0, r.public[0].Bytes(), s.evidence[0], nil)
	require.ErrorIs(t, err, securesum.ErrForm)
}
