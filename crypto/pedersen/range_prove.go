package pedersen

import (
	"fmt"
	"io"

	"github.com/gtank/ristretto255"
)

// ProveRange proves that the sum c of count commitments is one to slots that bits of these weights make, with a blinding r. The proof holds for
// the context only, which should name what the commitment is for. It takes its randomness from a cryptographic source: the same source must never
// be used for another proof. What it does with secrets takes the same time and reads the same addresses for all of them.
func (s *Scheme) ProveRange(random io.Reader, context []byte, c Commitment, count uint64, weights []Weighted, set []uint64, r Blinding) ([]byte, error) {
	if err := s.checkWeights(weights); err != nil {
		return nil, err
	}
	if len(set) != len(weights) {
		return nil, fmt.Errorf("%w: bits: expected %d, got %d", ErrProof, len(weights), len(set))
	}
	t := newTranscript(context, c, count, s.Length(), weights)
	var out []byte
	of := make([]partOfProof, parts(len(weights)))
	left := canonical([32]byte(r.Bytes()))
	for i := range of {
		n := min(len(weights), partBits)
		of[i] = partOfProof{scheme: s, weights: weights[:n], set: set[:n], blinding: left}
		weights, set = weights[n:], set[n:]
		if i == len(of)-1 {
			break
		}
		blinding, err := randomScalar(random)
		if err != nil {
			return nil, err
		}
		of[i].blinding, left = blinding, minus(left, blinding)
		c := of[i].commitment()
		out = append(out, c...)
		t.add(c)
	}
	for i, p := range of {
		proof, err := p.prove(random, t.part(i))
		if err != nil {
			return nil, err
		}
		out = append(out, proof...)
	}
	return out, nil
}

// partOfProof is what is proved in a part: bits of weights, with a blinding.
type partOfProof struct {
	scheme   *Scheme
	weights  []Weighted
	set      []uint64
	blinding *ristretto255.Scalar
}

// commitment is the commitment that a part is about.
func (p partOfProof) commitment() []byte {
	values := map[int]*ristretto255.Scalar{}
	var slots []int
	for i, w := range p.weights {
		if values[w.Slot] == nil {
			values[w.Slot] = new(ristretto255.Scalar)
			slots = append(slots, w.Slot)
		}
		values[w.Slot].Add(values[w.Slot], times(scalarOf(p.set[i]), w.scalar()))
	}
	acc := newAccumulator(scalarBits)
	for _, slot := range slots {
		acc.add(term{p.scheme.slots[slot], values[slot].Bytes()}, scalarBits)
	}
	acc.add(term{p.scheme.blinding, p.blinding.Bytes()}, scalarBits)
	out := acc.sum().encode()
	return out[:]
}

// prove proves a part.
func (p partOfProof) prove(random io.Reader, t *transcript) ([]byte, error) {
	s, weights := p.scheme, p.weights
	n := 1 << rounds(len(weights))
	u, v, q := generatorsOfProof(n)
	draw := func(out ...*ristretto255.Scalar) error {
		for _, s := range out {
			fresh, err := randomScalar(random)
			if err != nil {
				return err
			}
			*s = *fresh
		}
		return nil
	}
	var alpha, rho, tau1, tau2 ristretto255.Scalar
	if err := draw(&alpha, &rho, &tau1, &tau2); err != nil {
		return nil, err
	}
	one := scalarOf(1)
	left, right := make([]*ristretto255.Scalar, n), make([]*ristretto255.Scalar, n)
	for i := range left {
		left[i] = new(ristretto255.Scalar)
		if i < len(weights) {
			left[i] = scalarOf(p.set[i])
		}
		right[i] = minus(left[i], one)
	}
	out := s.commitBits(u, v, left, &alpha)
	t.add(out)
	e := t.challenge()

	blindL, blindR := make([]*ristretto255.Scalar, n), make([]*ristretto255.Scalar, n)
	for i := range blindL {
		blindL[i], blindR[i] = new(ristretto255.Scalar), new(ristretto255.Scalar)
		if err := draw(blindL[i], blindR[i]); err != nil {
			return nil, err
		}
	}
	second := s.commitBlinds(u, v, e, weights, blindL, blindR, &rho)
	out = append(out, second...)
	t.add(second)
	y, z := t.challenge(), t.challenge()
	ys := powers(y, n)
	l0, r0, r1 := make([]*ristretto255.Scalar, n), make([]*ristretto255.Scalar, n), make([]*ristretto255.Scalar, n)
	for i := range l0 {
		l0[i], r0[i], r1[i] = minus(left[i], z), times(ys[i], plus(right[i], z)), times(ys[i], blindR[i])
	}
	t1 := plus(inner(l0, r1), inner(blindL, r0))
	t2 := inner(blindL, r1)
	ofQ := newTable(q.point())
	for _, opened := range [][2]*ristretto255.Scalar{{t1, &tau1}, {t2, &tau2}} {
		acc := newAccumulator(scalarBits)
		acc.add(term{ofQ, opened[0].Bytes()}, scalarBits)
		acc.add(term{s.blinding, opened[1].Bytes()}, scalarBits)
		c := acc.sum().encode()
		out = append(out, c[:]...)
		t.add(c[:])
	}
	x := t.challenge()
	l, rr := make([]*ristretto255.Scalar, n), make([]*ristretto255.Scalar, n)
	for i := range l {
		l[i], rr[i] = plus(l0[i], times(x, blindL[i])), plus(r0[i], times(x, r1[i]))
	}
	tauX := plus(times(&tau2, times(x, x)), times(&tau1, x))
	mu := plus(plus(&alpha, times(e, p.blinding)), times(&rho, x))
	that := inner(l, rr)
	for _, scalar := range []*ristretto255.Scalar{tauX, mu, that} {
		out = append(out, scalar.Bytes()...)
		t.add(scalar.Bytes())
	}
	w := t.challenge()
	return append(out, t.proveInner(s.ofBits(u, e, weights), scaled(v, new(ristretto255.Scalar).Invert(y)), scaledOnce(q, w), l, rr)...), nil
}

// commitBits is A, of bits below 2^64.
func (s *Scheme) commitBits(u, v []affine, set []*ristretto255.Scalar, blind *ristretto255.Scalar) []byte {
	acc := newAccumulator(scalarBits)
	offset := new(point)
	offset.setIdentity()
	for i := range u {
		both := u[i].point()
		both.addAffine(&v[i])
		acc.add(term{newTable(both), set[i].Bytes()}, 64)
		offset.subtractAffine(&v[i])
	}
	acc.add(term{s.blinding, blind.Bytes()}, scalarBits)
	sum := acc.sum()
	sum.add(offset)
	out := sum.encode()
	return out[:]
}

// commitBlinds is the commitment to the blinds of the bits, under the generators of the argument.
func (s *Scheme) commitBlinds(u, v []affine, e *ristretto255.Scalar, weights []Weighted, blindL, blindR []*ristretto255.Scalar, rho *ristretto255.Scalar) []byte {
	acc := newAccumulator(scalarBits)
	slots := make([]ristretto255.Scalar, s.Length())
	for i := range u {
		acc.add(term{newTable(u[i].point()), blindL[i].Bytes()}, scalarBits)
		acc.add(term{newTable(v[i].point()), blindR[i].Bytes()}, scalarBits)
		if i < len(weights) {
			at := &slots[weights[i].Slot]
			at.Add(at, times(blindL[i], weights[i].scalar()))
		}
	}
	for i := range slots {
		acc.add(term{s.slots[i], times(e, &slots[i]).Bytes()}, scalarBits)
	}
	acc.add(term{s.blinding, rho.Bytes()}, scalarBits)
	out := acc.sum().encode()
	return out[:]
}

// ofBits are the generators U_i + e w_i G_slot(i).
func (s *Scheme) ofBits(u []affine, e *ristretto255.Scalar, weights []Weighted) []affine {
	out := make([]point, len(u))
	for i := range out {
		if i >= len(weights) {
			out[i] = *u[i].point()
			continue
		}
		out[i] = *scaledOnce(&s.slots[weights[i].Slot][0], times(e, weights[i].scalar())).point()
		out[i].addAffine(&u[i])
	}
	return affineOf(out)
}

// scaled are the points times the powers of a scalar.
func scaled(points []affine, by *ristretto255.Scalar) []affine {
	out := make([]point, len(points))
	for i, p := range powers(by, len(points)) {
		out[i] = *newFixedScalars(p).sum(&points[i])
	}
	return affineOf(out)
}

func scaledOnce(p *affine, by *ristretto255.Scalar) *affine {
	return &affineOf([]point{*newFixedScalars(by).sum(p)})[0]
}

// proveInner is the inner product argument (Bulletproofs, section 3). What it gets is masked and could be shown, so it may take any time.
func (t *transcript) proveInner(u, v []affine, q *affine, a, b []*ristretto255.Scalar) (out []byte) {
	for len(a) > 1 {
		half := len(a) / 2
		part := func(u, v []affine, a, b []*ristretto255.Scalar) []byte {
			var m multiScalar
			for i := range u {
				m.add(a[i], u[i])
				m.add(b[i], v[i])
			}
			m.add(inner(a, b), *q)
			c := m.sum().encode()
			return c[:]
		}
		for _, c := range [][]byte{part(u[half:], v[:half], a[:half], b[half:]), part(u[:half], v[half:], a[half:], b[:half])} {
			out = append(out, c...)
			t.add(c)
		}
		x := t.challenge()
		inv := new(ristretto255.Scalar).Invert(x)
		ofU, ofV := newFixedScalars(inv, x), newFixedScalars(x, inv)
		foldedU, foldedV := make([]point, half), make([]point, half)
		for i := range half {
			a[i], b[i] = plus(times(a[i], x), times(a[half+i], inv)), plus(times(b[i], inv), times(b[half+i], x))
			foldedU[i], foldedV[i] = *ofU.sum(&u[i], &u[half+i]), *ofV.sum(&v[i], &v[half+i])
		}
		a, b, u, v = a[:half], b[:half], affineOf(foldedU), affineOf(foldedV)
	}
	return append(append(out, a[0].Bytes()...), b[0].Bytes()...)
}

func randomScalar(random io.Reader) (*ristretto255.Scalar, error) {
	var b [64]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return nil, err
	}
	return new(ristretto255.Scalar).SetUniformBytes(b[:])
}

func inner(a, b []*ristretto255.Scalar) *ristretto255.Scalar {
	sum := new(ristretto255.Scalar)
	for i := range a {
		sum.Add(sum, times(a[i], b[i]))
	}
	return sum
}
