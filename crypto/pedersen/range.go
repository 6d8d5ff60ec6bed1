package pedersen

import (
	"crypto/sha512"
	"encoding/binary"
	"fmt"
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
//
// Many bits are proved in parts of partBits, each about a commitment of its own. The last part's is C minus the others', so together they are
// about C. All parts have the same U_i and V_i: their equations are added up, each times a challenge that depends on all of them, and so the
// generators are multiplied once.

// Weighted is a bit with its weight in a slot.
type Weighted struct {
	Slot   int
	Weight [ElementSize + 8]byte // little-endian
}

const (
	// MaxProvedBits bounds the bits of a proof, and so its size, to 11 KB, and the time to check it (TestRangeProofTimes).
	MaxProvedBits = 12 * partBits
	// partBits is the largest number of bits of a part, a power of two.
	partBits = 1 << 10
)

// RangeProofSize is the length of a proof about so many bits, 1 to MaxProvedBits, in bytes.
func RangeProofSize(n int) int {
	size := Size * (parts(n) - 1)
	for ; n > 0; n -= partBits {
		size += 32 * (4 + 3 + 2*rounds(min(n, partBits)) + 2)
	}
	return size
}

// parts is the number of parts of a proof.
func parts(n int) int { return (n + partBits - 1) / partBits }

// rounds is the number of rounds of the inner product argument.
func rounds(n int) int { return bits.Len(uint(n - 1)) }

// proofGenerators are U_i and V_i, made as they are needed, and Q.
var proofGenerators struct {
	sync.Mutex
	u, v []affine
	q    []affine
}

func generatorsOfProof(n int) (u, v []affine, q *affine) {
	g := &proofGenerators
	g.Lock()
	defer g.Unlock()
	if len(g.q) == 0 {
		g.q = hashed([]byte("range q"))
	}
	if made := len(g.u); made < n {
		names := func(name string) (out [][]byte) {
			for i := made; i < n; i++ {
				out = append(out, binary.BigEndian.AppendUint32([]byte(name), uint32(i)))
			}
			return out
		}
		g.u = append(g.u, hashed(names("range u")...)...)
		g.v = append(g.v, hashed(names("range v")...)...)
	}
	return g.u[:n:n], g.v[:n:n], &g.q[0]
}

func hashed(names ...[]byte) []affine {
	points := make([]point, len(names))
	for i, name := range names {
		if !points[i].decode(hashToGroup(name)) {
			panic("a hashed element does not decode") // it was encoded by the library
		}
	}
	return affineOf(points)
}

// transcript hashes what was said so far into challenges.
type transcript struct{ state [sha512.Size]byte }

func newTranscript(context []byte, c Commitment, count uint64, slots int, weights []Weighted) *transcript {
	t := &transcript{state: sha512.Sum512([]byte("alita/pedersen/range/v1"))}
	t.add(context)
	head := binary.BigEndian.AppendUint64(append([]byte(nil), c[:]...), count)
	head = binary.BigEndian.AppendUint64(head, uint64(slots))
	for _, w := range weights {
		head = append(binary.BigEndian.AppendUint64(head, uint64(w.Slot)), w.Weight[:]...)
	}
	t.add(head)
	return t
}

// part is the transcript of a part, after the commitments of all parts.
func (t *transcript) part(index int) *transcript {
	out := *t
	out.add(binary.BigEndian.AppendUint64(nil, uint64(index)))
	return &out
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

func times(a, b *ristretto255.Scalar) *ristretto255.Scalar {
	return new(ristretto255.Scalar).Multiply(a, b)
}

func plus(a, b *ristretto255.Scalar) *ristretto255.Scalar { return new(ristretto255.Scalar).Add(a, b) }

func minus(a, b *ristretto255.Scalar) *ristretto255.Scalar {
	return new(ristretto255.Scalar).Subtract(a, b)
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

// VerifyRange checks a proof for a context that the sum c of count commitments is one to slots that bits of these weights make. The error is
// ErrProof. It reads public values only, and its time depends on the number of bits.
func (s *Scheme) VerifyRange(context []byte, c Commitment, count uint64, weights []Weighted, proof []byte) error {
	if err := s.checkWeights(weights); err != nil {
		return err
	}
	if want := RangeProofSize(len(weights)); len(proof) != want {
		return fmt.Errorf("%w: bytes: expected %d, got %d", ErrProof, want, len(proof))
	}
	whole, err := affineElement(c[:])
	if err != nil {
		return err
	}
	t := newTranscript(context, c, count, s.Length(), weights)
	all := make([]provedPart, parts(len(weights)))
	for i := range len(all) - 1 {
		if all[i].commitment, err = affineElement(proof[:Size]); err != nil {
			return err
		}
		t.add(proof[:Size])
		proof = proof[Size:]
	}
	of := weights
	for i := range all {
		n := min(len(of), partBits)
		all[i].weights, of = of[:n], of[n:]
		if proof, err = all[i].read(t.part(i), proof); err != nil {
			return err
		}
	}
	for _, p := range all {
		t.add(p.said[:])
	}
	e := s.newEquation(rounds(min(len(weights), partBits)))
	last := len(all) - 1
	for i, factor := range powers(t.challenge(), len(all)) {
		p := &all[i]
		e.add(p, factor)
		bound := times(factor, p.e)
		if i < last {
			e.m.add(bound, p.commitment)
			continue
		}
		// The last part is about what the others leave, and the length, which is in each commitment, is no slot.
		e.m.add(bound, whole)
		bound = minus(new(ristretto255.Scalar), bound)
		for _, other := range all[:last] {
			e.m.add(bound, other.commitment)
		}
		e.m.add(times(bound, times(scalarOf(uint64(s.Length())), scalarOf(count))), s.lengthOf[0])
	}
	if !e.holds() {
		return fmt.Errorf("%w: expected a proof of these bounds, got another one", ErrProof)
	}
	return nil
}

// provedPart is what the proof of a part says, with the challenges.
type provedPart struct {
	weights       []Weighted
	commitment    affine // but of the last one
	first, second affine
	ofT           [2]affine
	tauX, mu, sum *ristretto255.Scalar
	sides         []affine // of the inner product argument, two for each round
	a, b          *ristretto255.Scalar

	e, y, z, x, w *ristretto255.Scalar
	rounds        []*ristretto255.Scalar
	both          *ristretto255.Scalar // by which the second equation is multiplied
	said          [sha512.Size]byte    // the transcript at the end
}

// read reads the proof of a part, and returns what follows it.
func (p *provedPart) read(t *transcript, proof []byte) ([]byte, error) {
	next := func() []byte {
		raw := proof[:32]
		proof = proof[32:]
		t.add(raw)
		return raw
	}
	var err error
	element := func(out *affine) {
		if raw := next(); err == nil {
			*out, err = affineElement(raw)
		}
	}
	scalar := func(out **ristretto255.Scalar) {
		raw := next()
		if err != nil {
			return
		}
		if *out, err = new(ristretto255.Scalar).SetCanonicalBytes(raw); err != nil {
			err = fmt.Errorf("%w: expected a scalar below the order of the group, got a larger one", ErrProof)
		}
	}
	element(&p.first)
	p.e = t.challenge()
	element(&p.second)
	p.y, p.z = t.challenge(), t.challenge()
	element(&p.ofT[0])
	element(&p.ofT[1])
	p.x = t.challenge()
	scalar(&p.tauX)
	scalar(&p.mu)
	scalar(&p.sum)
	p.w = t.challenge()
	p.sides = make([]affine, 2*rounds(len(p.weights)))
	for i := range p.sides {
		element(&p.sides[i])
		if i%2 == 1 {
			p.rounds = append(p.rounds, t.challenge())
		}
	}
	scalar(&p.a)
	scalar(&p.b)
	p.both, p.said = t.challenge(), t.state
	return proof, err
}

// equation adds up what must be the identity.
type equation struct {
	s           *Scheme
	m           multiScalar
	u, v, slots []ristretto255.Scalar
	h, q        ristretto255.Scalar
}

func (s *Scheme) newEquation(rounds int) *equation {
	n := 1 << rounds
	return &equation{s: s, u: make([]ristretto255.Scalar, n), v: make([]ristretto255.Scalar, n), slots: make([]ristretto255.Scalar, s.Length())}
}

// add adds both equations of a part, times a factor, except for the part's commitment times e.
func (q *equation) add(p *provedPart, factor *ristretto255.Scalar) {
	n := 1 << len(p.rounds)
	term := func(s *ristretto255.Scalar, of affine) { q.m.add(times(factor, s), of) }
	// What generator i was multiplied with in all rounds: by the inverse of the challenge in the lower half, by it in the upper one.
	factors := []*ristretto255.Scalar{scalarOf(1)}
	inverses := inverted(append(p.rounds, p.y)...)
	for i, x := range p.rounds {
		inverse := inverses[i]
		term(times(x, x), p.sides[2*i])
		term(times(inverse, inverse), p.sides[2*i+1])
		grown := make([]*ristretto255.Scalar, 0, 2*len(factors))
		for _, f := range factors {
			grown = append(grown, times(f, inverse), times(f, x))
		}
		factors = grown
	}
	z, a, b := times(factor, p.z), times(factor, p.a), times(factor, p.b)
	inverse := inverses[len(p.rounds)]
	powerOfY, sumOfPowers := scalarOf(1), new(ristretto255.Scalar)
	var ofU, ofV, ofSlot ristretto255.Scalar
	for i := range n {
		// factors[i] for U, and its inverse, which is the factor of the mirrored index, for V.
		ofU.Multiply(a, factors[i])
		ofU.Add(&ofU, z)
		ofU.Negate(&ofU)
		q.u[i].Add(&q.u[i], &ofU)
		ofV.Multiply(b, factors[n-1-i])
		ofV.Multiply(&ofV, powerOfY)
		ofV.Subtract(z, &ofV)
		q.v[i].Add(&q.v[i], &ofV)
		if i < len(p.weights) {
			ofSlot.Multiply(&ofU, p.e)
			ofSlot.Multiply(&ofSlot, p.weights[i].scalar())
			at := &q.slots[p.weights[i].Slot]
			at.Add(at, &ofSlot)
		}
		powerOfY.Multiply(powerOfY, inverse)
	}
	for _, power := range powers(p.y, n) {
		sumOfPowers.Add(sumOfPowers, power)
	}
	term(scalarOf(1), p.first)
	term(p.x, p.second)
	// sum Q + tauX H = delta Q + x T1 + x^2 T2
	delta := times(sumOfPowers, minus(p.z, times(p.z, p.z)))
	term(times(p.both, p.x), p.ofT[0])
	term(times(p.both, times(p.x, p.x)), p.ofT[1])
	q.h.Subtract(&q.h, times(factor, plus(p.mu, times(p.both, p.tauX))))
	q.q.Add(&q.q, times(factor, plus(times(p.w, minus(p.sum, times(p.a, p.b))), times(p.both, minus(delta, p.sum)))))
}

// holds reports whether the sum is the identity.
func (q *equation) holds() bool {
	u, v, ofQ := generatorsOfProof(len(q.u))
	for i := range q.u {
		q.m.add(&q.u[i], u[i])
		q.m.add(&q.v[i], v[i])
	}
	for i := range q.slots {
		q.m.add(&q.slots[i], q.s.slots[i][0])
	}
	q.m.add(&q.h, q.s.blinding[0])
	q.m.add(&q.q, *ofQ)
	return q.m.sum().isIdentity()
}

// affineElement is the element that is encoded.
func affineElement(raw []byte) (affine, error) {
	var p point
	if !p.decode([Size]byte(raw)) {
		return affine{}, fmt.Errorf("%w: expected the canonical encoding of an element, got other bytes", ErrProof)
	}
	var out affine // z is 1
	out.plus.Add(&p.y, &p.x)
	out.minus.Subtract(&p.y, &p.x)
	out.t2d.Multiply(&p.t, curveD2)
	return out, nil
}

// inverted are the inverses of scalars, with one inversion, by Montgomery's trick. No challenge is zero but with probability 2^-252.
func inverted(scalars ...*ristretto255.Scalar) []*ristretto255.Scalar {
	out, product := make([]*ristretto255.Scalar, len(scalars)), scalarOf(1)
	for i, s := range scalars {
		out[i] = product
		product = times(product, s)
	}
	product.Invert(product)
	for i := len(scalars) - 1; i >= 0; i-- {
		out[i] = times(out[i], product)
		product = times(product, scalars[i])
	}
	return out
}
