package pedersen

import (
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"sync"

	"github.com/gtank/ristretto255"
)

// A proof that the slots of a commitment are within bounds, for everybody: it needs no share and no seat, so it holds against whoever has made the
// commitment and all seats together.
//
// What is proved: C = sum_i b_i w_i G_slot(i) + r H with bits b_i, for public weights w_i and slots. It is the range proof of Bulletproofs without
// its equation for a value (B. Bunz, J. Bootle, D. Boneh, A. Poelstra, P. Wuille, G. Maxwell, "Bulletproofs", IEEE S&P 2018, section 4.2), made
// non-interactive by hashing. The bits are committed to under generators U_i and V_i of their own, A = sum b_i U_i + sum (b_i - 1) V_i + a H.
// After a challenge e, which depends on A and C, the argument runs over A + e C and the generators U_i + e w_i G_slot(i). Whoever can do that for
// three challenges knows bits that open both A and C, unless it knows a relation between generators.

// Weighted is a bit with its weight in a slot.
type Weighted struct {
	Slot   int
	Weight [ElementSize + 8]byte // little-endian
}

// MaxProvedBits bounds the bits of a proof, and so the time to check one to some 150 ms of one core.
const MaxProvedBits = 1 << 12

// RangeProofSize is the length of a proof about so many bits, 1 to MaxProvedBits, in bytes.
func RangeProofSize(n int) int { return 32 * (4 + 3 + 2*rounds(n) + 2) }

// rounds is the number of rounds of the inner product argument.
func rounds(n int) int { return bits.Len(uint(n - 1)) }

// proofGenerators are U_i and V_i, made as they are needed, and Q.
var proofGenerators struct {
	sync.Mutex
	u, v []*ristretto255.Element
	q    *ristretto255.Element
}

func generatorsOfProof(n int) (u, v []*ristretto255.Element, q *ristretto255.Element) {
	g := &proofGenerators
	g.Lock()
	defer g.Unlock()
	if g.q == nil {
		g.q = hashed("range q")
	}
	for i := len(g.u); i < n; i++ {
		g.u = append(g.u, hashed(string(binary.BigEndian.AppendUint32([]byte("range u"), uint32(i)))))
		g.v = append(g.v, hashed(string(binary.BigEndian.AppendUint32([]byte("range v"), uint32(i)))))
	}
	return g.u[:n:n], g.v[:n:n], g.q
}

func hashed(name string) *ristretto255.Element {
	e, err := Commitment(hashToGroup([]byte(name))).element()
	if err != nil {
		panic(err) // it was encoded by the library
	}
	return e
}

// transcript hashes what was said so far into challenges.
type transcript struct{ state [sha512.Size]byte }

func newTranscript(c Commitment, slots int, weights []Weighted) *transcript {
	t := &transcript{state: sha512.Sum512([]byte("alita/pedersen/range/v1"))}
	head := binary.BigEndian.AppendUint64(append([]byte(nil), c[:]...), uint64(slots))
	for _, w := range weights {
		head = append(binary.BigEndian.AppendUint64(head, uint64(w.Slot)), w.Weight[:]...)
	}
	t.add(head)
	return t
}

func (t *transcript) add(data []byte) {
	h := sha512.New()
	h.Write(t.state[:])
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(data))))
	h.Write(data)
	h.Sum(t.state[:0])
}

func (t *transcript) challenge() *ristretto255.Scalar {
	t.add([]byte("challenge"))
	s, err := new(ristretto255.Scalar).SetUniformBytes(t.state[:])
	if err != nil {
		panic(err) // the length is fixed
	}
	return s
}

// scalarOf is a number as a scalar.
func scalarOf(n uint64) *ristretto255.Scalar {
	var b [32]byte
	binary.LittleEndian.PutUint64(b[:], n)
	return canonical(b)
}

func canonical(b [32]byte) *ristretto255.Scalar {
	s, err := new(ristretto255.Scalar).SetCanonicalBytes(b[:])
	if err != nil {
		panic(err) // callers give numbers below the order
	}
	return s
}

func (w Weighted) scalar() *ristretto255.Scalar {
	var b [32]byte
	copy(b[:], w.Weight[:])
	return canonical(b)
}

func randomScalar(random io.Reader) (*ristretto255.Scalar, error) {
	var b [64]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return nil, err
	}
	return new(ristretto255.Scalar).SetUniformBytes(b[:])
}

func times(a, b *ristretto255.Scalar) *ristretto255.Scalar {
	return new(ristretto255.Scalar).Multiply(a, b)
}
func plus(a, b *ristretto255.Scalar) *ristretto255.Scalar { return new(ristretto255.Scalar).Add(a, b) }
func minus(a, b *ristretto255.Scalar) *ristretto255.Scalar {
	return new(ristretto255.Scalar).Subtract(a, b)
}

func inner(a, b []*ristretto255.Scalar) *ristretto255.Scalar {
	sum := new(ristretto255.Scalar)
	for i := range a {
		sum.Add(sum, times(a[i], b[i]))
	}
	return sum
}

// powers are 1, x, x^2 and so on.
func powers(x *ristretto255.Scalar, n int) []*ristretto255.Scalar {
	out := make([]*ristretto255.Scalar, n)
	p := scalarOf(1)
	for i := range out {
		out[i] = p
		p = times(p, x)
	}
	return out
}

// slotElements are the generators of slots.
func (s *Scheme) slotElements() []*ristretto255.Element {
	out := make([]*ristretto255.Element, s.Length())
	for i := range out {
		e, err := Commitment(Generator(uint32(i))).element()
		if err != nil {
			panic(err) // it was encoded by the library
		}
		out[i] = e
	}
	return out
}

func blindingElement() *ristretto255.Element {
	e, err := Commitment(BlindingGenerator()).element()
	if err != nil {
		panic(err) // it was encoded by the library
	}
	return e
}

func (s *Scheme) checkWeights(weights []Weighted) error {
	if len(weights) < 1 || len(weights) > MaxProvedBits {
		return fmt.Errorf("%w: bits of a range proof: expected 1 to %d, got %d", ErrProof, MaxProvedBits, len(weights))
	}
	for i, w := range weights {
		if w.Slot < 0 || w.Slot >= s.Length() {
			return fmt.Errorf("%w: slot of bit %d: expected below %d, got %d", ErrProof, i, s.Length(), w.Slot)
		}
	}
	return nil
}

// bare takes the length away from the sum of count commitments.
func (s *Scheme) bare(c Commitment, count uint64) (*ristretto255.Element, error) {
	e, err := c.element()
	if err != nil {
		return nil, err
	}
	k, err := Commitment(LengthGenerator()).element()
	if err != nil {
		return nil, err
	}
	return e.Subtract(e, k.ScalarMult(times(scalarOf(uint64(s.Length())), scalarOf(count)), k)), nil
}

// ProveRange proves that the sum c of count commitments is one to slots that bits of these weights make, with a blinding r. It takes its
// randomness from a cryptographic source: the same source must never be used for another proof. The time depends on the number of bits only.
func (s *Scheme) ProveRange(random io.Reader, c Commitment, count uint64, weights []Weighted, set []uint64, r Blinding) ([]byte, error) {
	if err := s.checkWeights(weights); err != nil {
		return nil, err
	}
	if len(set) != len(weights) {
		return nil, fmt.Errorf("%w: bits: expected %d, got %d", ErrProof, len(weights), len(set))
	}
	n := 1 << rounds(len(weights))
	u, v, q := generatorsOfProof(n)
	h := blindingElement()
	var fresh [4 + 2]*ristretto255.Scalar // alpha, rho, tau1, tau2
	for i := range fresh[:4] {
		var err error
		if fresh[i], err = randomScalar(random); err != nil {
			return nil, err
		}
	}
	alpha, rho, tau1, tau2 := fresh[0], fresh[1], fresh[2], fresh[3]
	one := scalarOf(1)
	left, right := make([]*ristretto255.Scalar, n), make([]*ristretto255.Scalar, n)
	for i := range left {
		left[i] = new(ristretto255.Scalar)
		if i < len(set) {
			left[i] = scalarOf(set[i])
		}
		right[i] = minus(left[i], one)
	}
	commit := func(u []*ristretto255.Element, a, b []*ristretto255.Scalar, blind *ristretto255.Scalar) *ristretto255.Element {
		scalars := append(append(append([]*ristretto255.Scalar(nil), a...), b...), blind)
		points := append(append(append([]*ristretto255.Element(nil), u...), v...), h)
		return new(ristretto255.Element).MultiScalarMult(scalars, points)
	}
	t := newTranscript(c, s.Length(), weights)
	first := commit(u, left, right, alpha)
	out := first.Bytes()
	t.add(out)
	e := t.challenge()

	// The generators of the bits, with their weights in the slots.
	bitU := make([]*ristretto255.Element, n)
	slots := s.slotElements()
	for i := range bitU {
		bitU[i] = u[i]
		if i < len(weights) {
			w := new(ristretto255.Element).ScalarMult(times(e, weights[i].scalar()), slots[weights[i].Slot])
			bitU[i] = w.Add(w, u[i])
		}
	}
	blindL, blindR := make([]*ristretto255.Scalar, n), make([]*ristretto255.Scalar, n)
	for i := range blindL {
		var err error
		if blindL[i], err = randomScalar(random); err != nil {
			return nil, err
		}
		if blindR[i], err = randomScalar(random); err != nil {
			return nil, err
		}
	}
	second := commit(bitU, blindL, blindR, rho).Bytes()
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
	commitTo := func(value, blind *ristretto255.Scalar) []byte {
		return new(ristretto255.Element).MultiScalarMult([]*ristretto255.Scalar{value, blind}, []*ristretto255.Element{q, h}).Bytes()
	}
	for _, c := range [][]byte{commitTo(t1, tau1), commitTo(t2, tau2)} {
		out = append(out, c...)
		t.add(c)
	}
	x := t.challenge()
	l, rr := make([]*ristretto255.Scalar, n), make([]*ristretto255.Scalar, n)
	for i := range l {
		l[i], rr[i] = plus(l0[i], times(x, blindL[i])), plus(r0[i], times(x, r1[i]))
	}
	blinding := canonical([32]byte(r.Bytes()))
	tauX := plus(times(tau2, times(x, x)), times(tau1, x))
	mu := plus(plus(alpha, times(e, blinding)), times(rho, x))
	that := inner(l, rr)
	for _, scalar := range []*ristretto255.Scalar{tauX, mu, that} {
		out = append(out, scalar.Bytes()...)
		t.add(scalar.Bytes())
	}
	w := t.challenge()
	wq := new(ristretto255.Element).ScalarMult(w, q)
	invY := new(ristretto255.Scalar).Invert(y)
	foldV := make([]*ristretto255.Element, n)
	for i, p := range powers(invY, n) {
		foldV[i] = new(ristretto255.Element).ScalarMult(p, v[i])
	}
	return append(out, t.proveInner(bitU, foldV, wq, l, rr)...), nil
}

// proveInner is the inner product argument (Bulletproofs, section 3).
func (t *transcript) proveInner(u, v []*ristretto255.Element, q *ristretto255.Element, a, b []*ristretto255.Scalar) (out []byte) {
	for len(a) > 1 {
		half := len(a) / 2
		part := func(u, v []*ristretto255.Element, a, b []*ristretto255.Scalar) []byte {
			scalars := append(append(append([]*ristretto255.Scalar(nil), a...), b...), inner(a, b))
			points := append(append(append([]*ristretto255.Element(nil), u...), v...), q)
			return new(ristretto255.Element).MultiScalarMult(scalars, points).Bytes()
		}
		for _, c := range [][]byte{part(u[half:], v[:half], a[:half], b[half:]), part(u[:half], v[half:], a[half:], b[:half])} {
			out = append(out, c...)
			t.add(c)
		}
		x := t.challenge()
		inv := new(ristretto255.Scalar).Invert(x)
		for i := range half {
			a[i], b[i] = plus(times(a[i], x), times(a[half+i], inv)), plus(times(b[i], inv), times(b[half+i], x))
			u[i], v[i] = folded(u[i], inv, u[half+i], x), folded(v[i], x, v[half+i], inv)
		}
		a, b, u, v = a[:half], b[:half], u[:half], v[:half]
	}
	return append(append(out, a[0].Bytes()...), b[0].Bytes()...)
}

func folded(p *ristretto255.Element, a *ristretto255.Scalar, q *ristretto255.Element, b *ristretto255.Scalar) *ristretto255.Element {
	x := new(ristretto255.Element).ScalarMult(a, p)
	return x.Add(x, new(ristretto255.Element).ScalarMult(b, q))
}

// VerifyRange checks a proof that the sum c of count commitments is one to slots that bits of these weights make. The error is ErrProof. It reads
// public values only, and its time depends on the number of bits.
func (s *Scheme) VerifyRange(c Commitment, count uint64, weights []Weighted, proof []byte) error {
	if err := s.checkWeights(weights); err != nil {
		return err
	}
	if want := RangeProofSize(len(weights)); len(proof) != want {
		return fmt.Errorf("%w: bytes: expected %d, got %d", ErrProof, want, len(proof))
	}
	bare, err := s.bare(c, count)
	if err != nil {
		return err
	}
	k := rounds(len(weights))
	n := 1 << k
	u, v, q := generatorsOfProof(n)
	t := newTranscript(c, s.Length(), weights)
	next := func() (*ristretto255.Element, error) {
		raw := proof[:32]
		proof = proof[32:]
		t.add(raw)
		e, err := new(ristretto255.Element).SetCanonicalBytes(raw)
		if err != nil {
			return nil, fmt.Errorf("%w: expected the canonical encoding of an element, got other bytes", ErrProof)
		}
		return e, nil
	}
	scalar := func(said bool) (*ristretto255.Scalar, error) {
		raw := proof[:32]
		proof = proof[32:]
		if said {
			t.add(raw)
		}
		x, err := new(ristretto255.Scalar).SetCanonicalBytes(raw)
		if err != nil {
			return nil, fmt.Errorf("%w: expected a scalar below the order of the group, got a larger one", ErrProof)
		}
		return x, nil
	}
	first, err := next()
	if err != nil {
		return err
	}
	e := t.challenge()
	second, err := next()
	if err != nil {
		return err
	}
	y, z := t.challenge(), t.challenge()
	var ofT [2]*ristretto255.Element
	for i := range ofT {
		if ofT[i], err = next(); err != nil {
			return err
		}
	}
	x := t.challenge()
	var said [3]*ristretto255.Scalar
	for i := range said {
		if said[i], err = scalar(true); err != nil {
			return err
		}
	}
	tauX, mu, that := said[0], said[1], said[2]
	w := t.challenge()
	var sides []*ristretto255.Element
	var xs, inverses []*ristretto255.Scalar
	for range k {
		for range 2 {
			side, err := next()
			if err != nil {
				return err
			}
			sides = append(sides, side)
		}
		c := t.challenge()
		xs, inverses = append(xs, c), append(inverses, new(ristretto255.Scalar).Invert(c))
	}
	a, err := scalar(true)
	if err != nil {
		return err
	}
	b, err := scalar(true)
	if err != nil {
		return err
	}
	// Both equations together, the second one times a challenge that depends on the whole proof.
	both := t.challenge()

	one := scalarOf(1)
	// What generator i was multiplied with in all rounds: by the inverse of the challenge in the lower half, by it in the upper one.
	factors := []*ristretto255.Scalar{one}
	for i := range xs {
		grown := make([]*ristretto255.Scalar, 0, 2*len(factors))
		for _, f := range factors {
			grown = append(grown, times(f, inverses[i]), times(f, xs[i]))
		}
		factors = grown
	}
	var scalars []*ristretto255.Scalar
	var points []*ristretto255.Element
	add := func(s *ristretto255.Scalar, p *ristretto255.Element) {
		scalars, points = append(scalars, s), append(points, p)
	}
	ys, slots := powers(new(ristretto255.Scalar).Invert(y), n), make([]*ristretto255.Scalar, s.Length())
	for i := range slots {
		slots[i] = new(ristretto255.Scalar)
	}
	zero := new(ristretto255.Scalar)
	for i := range n {
		// factors[i] for U, and its inverse, which is the factor of the mirrored index, for V.
		ofU := minus(minus(zero, z), times(a, factors[i]))
		add(ofU, u[i])
		add(minus(z, times(times(b, factors[n-1-i]), ys[i])), v[i])
		if i < len(weights) {
			at := slots[weights[i].Slot]
			at.Add(at, times(ofU, weights[i].scalar()))
		}
	}
	for i, g := range s.slotElements() {
		add(times(e, slots[i]), g)
	}
	add(one, first)
	add(e, bare)
	add(x, second)
	for i := range xs {
		add(times(xs[i], xs[i]), sides[2*i])
		add(times(inverses[i], inverses[i]), sides[2*i+1])
	}
	// that Q + tauX H = delta Q + x T1 + x^2 T2
	delta := new(ristretto255.Scalar)
	for _, p := range powers(y, n) {
		delta.Add(delta, p)
	}
	delta.Multiply(delta, minus(z, times(z, z)))
	add(times(both, x), ofT[0])
	add(times(both, times(x, x)), ofT[1])
	h := minus(minus(zero, mu), times(both, tauX))
	add(h, blindingElement())
	add(plus(times(w, minus(that, times(a, b))), times(both, minus(delta, that))), q)
	if new(ristretto255.Element).VarTimeMultiScalarMult(scalars, points).Equal(ristretto255.NewIdentityElement()) != 1 {
		return fmt.Errorf("%w: expected a proof of these bounds, got another one", ErrProof)
	}
	return nil
}
