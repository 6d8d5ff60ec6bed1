package securesum_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
)

// tester is a test, a benchmark or a run of a property.
type tester interface {
	require.TestingT
	Helper()
}

// run is a session with its seats.
type run struct {
	t       tester
	session securesum.Session
	shape   securesum.Shape
	p       securesum.Protocol
	private []seal.PrivateKey
	public  []seal.PublicKey
	verify  []byte
}

// sent is an owner's message, with the owner's secrets.
type sent struct {
	c        securesum.Contribution
	vector   []uint64
	shared   securesum.Shared
	evidence securesum.Evidence
}

func seatKey(t tester, name string, seat int) seal.PrivateKey {
	t.Helper()
	seed := label.Hash("test/seat/key", []byte(name), label.Uint64(uint64(seat)))
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(t, err)
	return key
}

func newRun(t tester, shape securesum.Shape, session securesum.Session) *run {
	t.Helper()
	p, err := securesum.New(shape, session)
	require.NoError(t, err)
	verify := label.Hash("test/verify", fmt.Appendf(nil, "{%s %s %d %d}", session.Chain, session.Job, session.Round, session.Attempt))
	r := &run{t: t, session: session, shape: shape, p: p, verify: verify[:]}
	for i := range int(shape.Seats) {
		key := seatKey(t, session.Job, i)
		r.private, r.public = append(r.private, key), append(r.public, key.Public())
	}
	return r
}

var session = securesum.Session{Chain: "alita-test-1", Job: "0123456789abcdef0123456789abcdef", Round: 1, Attempt: 1}

func contribution(owner int) securesum.Contribution {
	h := label.Hash("test/owner", label.Uint64(uint64(owner)))
	return securesum.Contribution{Record: fmt.Sprintf("%032x", owner), Version: "1.0.0", Owner: h[:20]}
}

// share is the contribution of an owner.
func (r *run) share(owner int, vector []uint64) sent {
	r.t.Helper()
	c := contribution(owner)
	secret := label.Hash("test/secret", label.Uint64(uint64(owner)))
	shared, evidence, err := r.p.Share(c, r.public, vector, secret[:])
	require.NoError(r.t, err)
	return sent{c: c, vector: vector, shared: shared, evidence: evidence}
}

// verdict is the judgment of the seats and the chain on a contribution.
type verdict struct {
	// said holds the preparation shares; nil if a seat has refused.
	said     [][]byte
	prepared []securesum.Prepared
	message  []byte
	// err is nil if it is valid.
	err error
}

// judge lets honest seats judge, and the chain combine.
func (r *run) judge(s sent) verdict {
	r.t.Helper()
	var v verdict
	if v.err = r.p.Check(s.c, s.shared); v.err != nil {
		return v
	}
	for i, key := range r.private {
		share, prepared, err := r.p.Prepare(s.c, s.shared, r.verify, i, key)
		if err != nil {
			require.ErrorIs(r.t, err, securesum.ErrRefused)
			v.err = err
		} else {
			require.NoError(r.t, r.p.CheckPreparation(share))
		}
		v.said, v.prepared = append(v.said, share), append(v.prepared, prepared)
	}
	if v.err == nil {
		v.message, v.err = r.p.Combine(s.c, s.shared.PublicShare, v.said)
	}
	return v
}

// sums are the seats' openings and the sums of the commitments over valid contributions.
func (r *run) sums(valid []sent) (openings, commitments [][]byte) {
	r.t.Helper()
	sums := make([]*securesum.Sum, len(r.private))
	commitments = make([][]byte, len(sums))
	for i := range sums {
		sums[i] = r.p.NewSum()
	}
	for _, s := range valid {
		v := r.judge(s)
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

// unshard is the sum of the vectors.
func (r *run) unshard(openings, commitments [][]byte, count int) []uint64 {
	r.t.Helper()
	var shares [][]byte
	for i, o := range openings {
		share, err := r.p.VerifyOpening(commitments[i], uint64(count), o)
		require.NoError(r.t, err)
		shares = append(shares, share)
	}
	sum, err := r.p.Unshard(shares, uint64(count))
	require.NoError(r.t, err)
	out := make([]uint64, len(sum))
	for i, s := range sum {
		out[i] = s.Uint64()
	}
	return out
}

func total(valid []sent) []uint64 {
	sum := make([]uint64, len(valid[0].vector))
	for _, s := range valid {
		for i, v := range s.vector {
			sum[i] += v
		}
	}
	return sum
}

// noneLied checks that no evidence convicts a seat of its answer.
func (r *run) noneLied(s sent, v verdict, evidence securesum.Evidence) {
	r.t.Helper()
	for i := range v.said {
		lied, err := r.p.Lied(s.c, s.shared, r.verify, i, r.public[i].Bytes(), evidence[i], v.said[i])
		if err != nil {
			require.True(r.t, errors.Is(err, securesum.ErrEvidence) || errors.Is(err, securesum.ErrForm), "%v", err)
		}
		require.False(r.t, lied, "the honest seat %d", i)
	}
}

func clone(s securesum.Shared) securesum.Shared {
	out := securesum.Shared{PublicShare: slices.Clone(s.PublicShare)}
	for _, v := range s.Sealed {
		out.Sealed = append(out.Sealed, securesum.Sealed{Enc: slices.Clone(v.Enc), Ciphertext: slices.Clone(v.Ciphertext)})
	}
	for _, c := range s.Commitments {
		out.Commitments = append(out.Commitments, slices.Clone(c))
	}
	return out
}

func oneHot(length, hot int) []uint64 {
	v := make([]uint64, length)
	v[hot] = 1
	return v
}

func oneHotShape(length, seats uint32) securesum.Shape {
	return securesum.Shape{Kind: securesum.OneHot, Length: length, Seats: seats}
}

func sumVec(length, bits, seats uint32) securesum.Shape {
	return securesum.Shape{Kind: securesum.SumVec, Length: length, Bits: bits, Seats: seats}
}

func TestShapesThatCannotBe(t *testing.T) {
	for name, shape := range map[string]securesum.Shape{
		"no kind": {Kind: 99, Length: 3, Bits: 8, Seats: 3}, "no slots": sumVec(0, 8, 3), "no bits": sumVec(3, 0, 3),
		"64 bits": sumVec(3, 64, 3), "one seat": sumVec(3, 8, 1), "nine seats": sumVec(3, 8, 9), "too long": oneHotShape(8193, 3),
		"one-hot of nothing": oneHotShape(0, 2),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := securesum.New(shape, session)
			require.ErrorIs(t, err, securesum.ErrShape)
		})
	}
}
