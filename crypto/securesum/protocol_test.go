package securesum_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
)

// drawShape draws a shape of any kind.
func drawShape(t *rapid.T) securesum.Shape {
	seats := rapid.Uint32Range(2, 8).Draw(t, "seats")
	if rapid.Bool().Draw(t, "one-hot") {
		return oneHotShape(rapid.Uint32Range(1, 24).Draw(t, "length"), seats)
	}
	return sumVec(rapid.Uint32Range(1, 12).Draw(t, "length"), rapid.Uint32Range(1, 63).Draw(t, "bits"), seats)
}

func drawVector(t *rapid.T, s securesum.Shape) []uint64 {
	if s.Kind == securesum.OneHot {
		return oneHot(int(s.Length), rapid.IntRange(0, int(s.Length)-1).Draw(t, "hot"))
	}
	// At most half the range: two of them add up within 64 bits. One bit goes up to 1.
	return rapid.SliceOfN(rapid.Uint64Max(uint64(1)<<(s.Bits-1)), int(s.Length), int(s.Length)).Draw(t, "vector")
}

// For all vectors and numbers of seats: the result is the sum of the vectors, every opening opens its commitment and no other, and
// the same call gives the same shares.
func TestSumIsThatOfTheVectors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRun(t, drawShape(t), session)
		owners := rapid.IntRange(1, 2).Draw(t, "owners")
		var all []sent
		for i := range owners {
			s := r.share(i, drawVector(t, r.shape))
			require.Equal(t, s, r.share(i, s.vector), "the same call gives the same answer")
			all = append(all, s)
			size := len(s.shared.PublicShare)
			for j, v := range s.shared.Sealed {
				size += len(v.Enc) + len(v.Ciphertext) + len(s.shared.Commitments[j])
			}
			require.Equal(t, r.p.SharedSize(), size)
			v := r.judge(s)
			require.NoError(t, v.err)
			r.noneLied(s, v, s.evidence)
		}
		openings, commitments := r.sums(all)
		require.Equal(t, total(all), r.unshard(openings, commitments, owners))
		seat := rapid.IntRange(0, len(openings)-1).Draw(t, "seat")
		require.Len(t, openings[seat], r.p.OpeningSize())
		_, err := r.p.VerifyOpening(commitments[seat], uint64(owners+1), openings[seat])
		require.ErrorIs(t, err, securesum.ErrOpening, "another count")
		_, err = r.p.VerifyOpening(commitments[(seat+1)%len(commitments)], uint64(owners), openings[seat])
		require.ErrorIs(t, err, securesum.ErrOpening, "another seat's commitment")
		bit := rapid.IntRange(0, 8*len(openings[seat])-1).Draw(t, "bit")
		openings[seat][bit/8] ^= 1 << (bit % 8)
		_, err = r.p.VerifyOpening(commitments[seat], uint64(owners), openings[seat])
		require.ErrorIs(t, err, securesum.ErrOpening, "a wrong sum")
	})
}

// TestBinding: shares that were made for one place are refused at every other place.
func TestBinding(t *testing.T) {
	r := newRun(t, sumVec(3, 20, 3), session)
	s := r.share(1, []uint64{1, 2, 3})
	require.NoError(t, r.judge(s).err)
	for name, other := range map[string]securesum.Session{
		"chain":   {Chain: "alita-test-2", Job: session.Job, Round: 1, Attempt: 1},
		"job":     {Chain: session.Chain, Job: "0123456789abcdef0123456789abcdee", Round: 1, Attempt: 1},
		"round":   {Chain: session.Chain, Job: session.Job, Round: 2, Attempt: 1},
		"attempt": {Chain: session.Chain, Job: session.Job, Round: 1, Attempt: 2},
	} {
		t.Run(name, func(t *testing.T) {
			q := newRun(t, r.shape, other)
			q.private, q.public = r.private, r.public
			v := q.judge(s)
			require.ErrorIs(t, v.err, securesum.ErrRefused)
			for _, said := range v.said {
				require.Nil(t, said, "every seat refuses")
			}
			q.noneLied(s, v, s.evidence)
		})
	}
	for name, change := range map[string]func(c *securesum.Contribution){
		"owner":   func(c *securesum.Contribution) { c.Owner = contribution(2).Owner },
		"record":  func(c *securesum.Contribution) { c.Record = contribution(2).Record },
		"version": func(c *securesum.Contribution) { c.Version = "1.0.1" },
	} {
		t.Run(name, func(t *testing.T) {
			moved := s
			change(&moved.c)
			v := r.judge(moved)
			require.ErrorIs(t, v.err, securesum.ErrRefused)
			r.noneLied(moved, v, s.evidence)
		})
	}
}

// TestSecretsDecideTheShares: another secret, vector, session or key takes other randomness.
func TestSecretsDecideTheShares(t *testing.T) {
	r := newRun(t, sumVec(2, 8, 2), session)
	base := r.share(1, []uint64{1, 2})
	seen := map[string]string{}
	note := func(what string, s securesum.Shared, e securesum.Evidence) {
		for i, v := range s.Sealed {
			for _, part := range []string{string(v.Enc), string(v.Ciphertext), string(s.Commitments[i]), string(e[i])} {
				require.Empty(t, seen[part], what)
				seen[part] = what
			}
		}
	}
	note("base", base.shared, base.evidence)
	vector := r.share(1, []uint64{1, 3})
	note("vector", vector.shared, vector.evidence)
	owner := r.share(2, []uint64{1, 2})
	note("owner", owner.shared, owner.evidence)
	other := session
	other.Attempt = 2
	q := newRun(t, r.shape, other)
	attempt := q.share(1, []uint64{1, 2})
	note("attempt", attempt.shared, attempt.evidence)
	secret := label.Hash("another secret")
	shared, evidence, err := r.p.Share(contribution(1), r.public, []uint64{1, 2}, secret[:])
	require.NoError(t, err)
	note("secret", shared, evidence)
}

func TestShareRefuses(t *testing.T) {
	r := newRun(t, sumVec(2, 8, 2), session)
	secret := make([]byte, 32)
	for name, tc := range map[string]struct {
		keys   []seal.PublicKey
		vector []uint64
		secret []byte
	}{
		"short secret":    {r.public, []uint64{1, 2}, secret[:31]},
		"a key too few":   {r.public[:1], []uint64{1, 2}, secret},
		"a slot too few":  {r.public, []uint64{1}, secret},
		"a slot too many": {r.public, []uint64{1, 2, 3}, secret},
		"out of range":    {r.public, []uint64{1, 256}, secret},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := r.p.Share(contribution(1), tc.keys, tc.vector, tc.secret)
			require.ErrorIs(t, err, securesum.ErrForm)
		})
	}
	h := newRun(t, oneHotShape(3, 2), session)
	for _, vector := range [][]uint64{{0, 0, 0}, {1, 1, 0}, {2, 0, 0}} {
		_, _, err := h.p.Share(contribution(1), h.public, vector, secret)
		require.ErrorIs(t, err, securesum.ErrForm)
	}
}

// TestNothingSecretPrints: no verb shows what is secret.
func TestNothingSecretPrints(t *testing.T) {
	r := newRun(t, sumVec(2, 8, 2), session)
	s := r.share(1, []uint64{1, 2})
	v := r.judge(s)
	sum := r.p.NewSum()
	require.NoError(t, sum.Add(v.prepared[0], v.message))
	for _, secret := range []any{s.evidence, v.prepared[0], sum} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
			require.Equal(t, "(secret)", fmt.Sprintf(verb, secret))
		}
	}
}

// TestSealedSums: a sealed sum opens to its reader, in its session, for its seat, and not otherwise.
func TestSealedSums(t *testing.T) {
	r := newRun(t, sumVec(2, 8, 3), session)
	all := []sent{r.share(1, []uint64{1, 2}), r.share(2, []uint64{3, 4})}
	openings, commitments := r.sums(all)
	reader, err := seal.GenerateKey()
	require.NoError(t, err)
	var opened [][]byte
	var sealed []securesum.Sealed
	for i, o := range openings {
		s, err := r.p.SealOpening(reader.Public(), i, o)
		require.NoError(t, err)
		require.Len(t, s.Ciphertext, r.p.SealedOpeningSize())
		plain, err := r.p.OpenSealed(reader, i, s.Enc, s.Ciphertext)
		require.NoError(t, err)
		sealed, opened = append(sealed, s), append(opened, plain)
	}
	require.Equal(t, []uint64{4, 6}, r.unshard(opened, commitments, 2))
	fails := func(p securesum.Protocol, key seal.PrivateKey, seat int) {
		t.Helper()
		_, err := p.OpenSealed(key, seat, sealed[0].Enc, sealed[0].Ciphertext)
		require.ErrorIs(t, err, seal.ErrOpen)
	}
	fails(r.p, r.private[0], 0)
	fails(r.p, reader, 1)
	for _, other := range []securesum.Session{
		{Chain: "x", Job: session.Job, Round: 1, Attempt: 1},
		{Chain: session.Chain, Job: "y", Round: 1, Attempt: 1},
		{Chain: session.Chain, Job: session.Job, Round: 2, Attempt: 1},
		{Chain: session.Chain, Job: session.Job, Round: 1, Attempt: 2},
	} {
		p, err := securesum.New(r.shape, other)
		require.NoError(t, err)
		fails(p, reader, 0)
	}
	_, err = r.p.OpenSealed(reader, 0, nil, nil)
	require.ErrorIs(t, err, seal.ErrMalformed)
}

// TestWrongSums: a seat that leaves out, repeats or changes a contribution does not open its commitment.
func TestWrongSums(t *testing.T) {
	r := newRun(t, sumVec(3, 30, 3), session)
	all := []sent{r.share(1, []uint64{1, 2, 3}), r.share(2, []uint64{4, 5, 6}), r.share(3, []uint64{7, 8, 9})}
	_, commitments := r.sums(all)
	for name, wrong := range map[string][]sent{
		"one left out": all[:2], "one twice": {all[0], all[1], all[1]}, "another": {all[0], all[1], r.share(4, []uint64{7, 8, 9})},
	} {
		openings, _ := r.sums(wrong)
		for i, o := range openings {
			_, err := r.p.VerifyOpening(commitments[i], 3, o)
			require.ErrorIs(t, err, securesum.ErrOpening, name)
		}
	}
	_, err := r.p.Unshard(nil, 3)
	require.ErrorIs(t, err, securesum.ErrOpening)
}

func TestAddCommitments(t *testing.T) {
	r := newRun(t, sumVec(1, 8, 2), session)
	a := r.share(1, []uint64{1}).shared.Commitments[0]
	none, err := securesum.AddCommitments(nil, nil)
	require.NoError(t, err)
	require.Equal(t, make([]byte, 32), none)
	same, err := securesum.AddCommitments(a, nil)
	require.NoError(t, err)
	require.Equal(t, a, same)
	same, err = securesum.AddCommitments(none, a)
	require.NoError(t, err)
	require.Equal(t, a, same, "the sum of none can be added to: nobody can stop a sum with it")
	for _, bad := range [][]byte{a[:31], append(a[:31:31], 0xff)} {
		_, err := securesum.AddCommitments(a, bad)
		require.ErrorIs(t, err, securesum.ErrForm)
	}
}
