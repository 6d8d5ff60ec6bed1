package pedersen

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"

	"github.com/gtank/ristretto255"
)

// Opened is a commitment with the share and the blinding that should open it.
type Opened struct {
	Commitment Commitment
	Share      []byte
	Blinding   Blinding
}

// CheckBatch returns the indices, in ascending order, of the elements that Check refuses. It compares random combinations with
// 128-bit weights, so that many good ones cost little more than two; a few bad ones cost a few combinations more. If most are bad,
// nothing is gained by combinations: they may cost together less than half of Check for each element, then the others are checked one by
// one. So a batch costs less than one and a half times of Check for each, however many are bad and wherever (BenchmarkCheckBadBatch). A bad one passes with probability 2^-128; the weights must be
// unpredictable to those who made the commitments. An error comes from the source of randomness.
func (s *Scheme) CheckBatch(random io.Reader, batch []Opened) ([]int, error) {
	var bad []int
	var good []candidate
	for i, o := range batch {
		values, err := decodeElements(o.Share, s.Length())
		if err != nil {
			bad = append(bad, i)
			continue
		}
		e, err := o.Commitment.element()
		if err != nil {
			bad = append(bad, i)
			continue
		}
		good = append(good, candidate{index: i, element: e, values: values, blinding: &o.Blinding.scalar})
	}
	mismatched, err := s.mismatched(random, good)
	if err != nil {
		return nil, err
	}
	return merge(bad, mismatched), nil
}

type candidate struct {
	index    int
	element  *ristretto255.Element
	values   []integer
	blinding *ristretto255.Scalar
}

// fewest is the smallest batch of which a combination is made. A combination costs two to four checks: its scalars are twice as long,
// and each element has a weight.
const fewest = 8

// What a step costs, in additions of a multiple of a generator; measured. The sum of an accumulator doubles and adds its partial sums.
const (
	additionsSum     = 200
	additionsElement = 40 // of an element with its weight
	productsAddition = 16 // so many products of a weight and a slot cost one
	checksPerCent    = 30 // what the combinations of a batch may cost, of checks of all elements
)

// single is what a check costs.
func (s *Scheme) single() int {
	return s.Length()*digits(8*ElementSize) + digits(scalarBits) + digits(countBits+bits.Len(MaxSlots)) + additionsSum
}

// combination is what a combination of n elements costs.
func (s *Scheme) combination(n int) int {
	return (s.Length()+2)*digits(scalarBits) + 2*additionsSum + n*(additionsElement+s.Length()/productsAddition)
}

// mismatched returns the candidates that do not open.
func (s *Scheme) mismatched(random io.Reader, batch []candidate) ([]int, error) {
	search := search{scheme: s, random: random, left: len(batch) * s.single() * checksPerCent / 100}
	err := search.in(batch, false)
	return search.bad, err
}

// search halves a batch until it has found all that do not open, or has no combination left.
type search struct {
	scheme *Scheme
	random io.Reader
	left   int // what further combinations may cost
	bad    []int
}

// in searches a part of the batch. known reports whether one of it is bad for certain.
func (s *search) in(batch []candidate, known bool) error {
	cost := s.scheme.combination(len(batch))
	if len(batch) < fewest || (!known && cost > s.left) {
		s.oneByOne(batch)
		return nil
	}
	if !known {
		s.left -= cost
		if ok, err := s.scheme.combine(s.random, batch); err != nil || ok {
			return err
		}
	}
	half, found := len(batch)/2, len(s.bad)
	if err := s.in(batch[:half], false); err != nil {
		return err
	}
	return s.in(batch[half:], len(s.bad) == found)
}

func (s *search) oneByOne(batch []candidate) {
	for _, c := range batch {
		if s.scheme.commit(c.values, 8*ElementSize, Blinding{*c.blinding}, 1) != Commitment(c.element.Bytes()) {
			s.bad = append(s.bad, c.index)
		}
	}
}

// combine checks sum(w_i C_i) = commitment to sum(w_i s_i), sum(w_i r_i) and sum(w_i) lengths.
func (s *Scheme) combine(random io.Reader, batch []candidate) (bool, error) {
	slots := make([]wide, s.Length())
	var weights wide
	var blinding, product ristretto255.Scalar
	scalars, elements := make([]*ristretto255.Scalar, len(batch)), make([]*ristretto255.Element, len(batch))
	for i, c := range batch {
		var raw [32]byte
		if _, err := io.ReadFull(random, raw[:16]); err != nil {
			return false, fmt.Errorf("weights of a batch: %w", err)
		}
		w := [2]uint64{binary.LittleEndian.Uint64(raw[:]), binary.LittleEndian.Uint64(raw[8:])}
		scalar, err := new(ristretto255.Scalar).SetCanonicalBytes(raw[:])
		if err != nil {
			return false, err // below 2^128 it is canonical
		}
		for j, v := range c.values {
			slots[j].addProduct(w, v)
		}
		weights.addProduct(w, integer{uint64(s.Length())})
		blinding.Add(&blinding, product.Multiply(scalar, c.blinding))
		scalars[i], elements[i] = scalar, c.element
	}
	acc := newAccumulator(scalarBits)
	for j := range slots {
		acc.add(term{s.slots[j], slots[j].scalar()}, scalarBits)
	}
	acc.add(term{s.lengthOf, weights.scalar()}, scalarBits)
	acc.add(term{s.blinding, blinding.Bytes()}, scalarBits)
	got := acc.sum().encode()
	want := new(ristretto255.Element).VarTimeMultiScalarMult(scalars, elements)
	return got == [Size]byte(want.Bytes()), nil
}

// wide is an integer below 2^320, least significant word first: room for 2^64 products of a weight and an element.
type wide [5]uint64

// addProduct adds w * v for v below 2^128.
func (a *wide) addProduct(w [2]uint64, v integer) {
	for i, x := range w {
		var carry uint64
		for k, y := range v[:2] {
			hi, lo := bits.Mul64(x, y)
			var c1, c2 uint64
			lo, c1 = bits.Add64(lo, carry, 0)
			a[i+k], c2 = bits.Add64(a[i+k], lo, 0)
			carry = hi + c1 + c2
		}
		for k := i + 2; k < len(a); k++ {
			a[k], carry = bits.Add64(a[k], carry, 0)
		}
	}
}

// scalar returns a modulo the group's order.
func (a *wide) scalar() []byte {
	var raw [64]byte
	for i, w := range a {
		binary.LittleEndian.PutUint64(raw[8*i:], w)
	}
	s, err := new(ristretto255.Scalar).SetUniformBytes(raw[:])
	if err != nil {
		panic(err) // the length is fixed
	}
	return s.Bytes()
}

// merge joins two ascending lists.
func merge(a, b []int) []int {
	out := make([]int, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
