package pedersen

import (
	"crypto/subtle"

	"filippo.io/edwards25519/field"
)

// window is the number of bits of a digit: digits lie in [-8, 8).
const window = 4

// table holds the multiples 1 to 8 of a generator, built once per process.
type table [1 << (window - 1)]affine

// newTable fills the table of p.
func newTable(p *point) *table {
	var multiples [len(table{})]point
	multiples[0] = *p
	for i := 1; i < len(multiples); i++ {
		multiples[i] = multiples[i-1]
		multiples[i].add(p)
	}
	return (*table)(affineOf(multiples[:]))
}

// selectInto sets q to digit times the generator. It reads the whole table and does not branch on the digit.
func (t *table) selectInto(q *affine, digit int8) {
	sign := int(uint8(digit) >> 7)
	magnitude := uint8((digit ^ -int8(sign)) + int8(sign))
	q.plus.One()
	q.minus.One()
	q.t2d.Zero()
	for i := range t {
		hit := subtle.ConstantTimeByteEq(magnitude, uint8(i+1))
		q.plus.Select(&t[i].plus, &q.plus, hit)
		q.minus.Select(&t[i].minus, &q.minus, hit)
		q.t2d.Select(&t[i].t2d, &q.t2d, hit)
	}
	var negative field.Element
	negative.Negate(&q.t2d)
	q.plus.Swap(&q.minus, sign)
	q.t2d.Select(&negative, &q.t2d, sign)
}

// digits returns the number of digits of a scalar of so many bits, so that the last leaves no carry.
func digits(bits int) int { return (bits+1)/window + 1 }

// term is a scalar, in little-endian order, times a generator.
type term struct {
	generator *table
	scalar    []byte
}

// accumulator sums terms. It keeps one partial sum for each position of a digit, so that a term touches only its own
// table and a few kilobytes of sums, and doubles only once at the end.
type accumulator struct{ sums []point }

// newAccumulator takes terms of up to bits bits.
func newAccumulator(bits int) *accumulator {
	a := &accumulator{sums: make([]point, digits(bits))}
	for i := range a.sums {
		a.sums[i].setIdentity()
	}
	return a
}

// add adds a term whose scalar is below 2^bits. The time depends only on bits.
func (a *accumulator) add(t term, bits int) {
	var q affine
	carry := int8(0)
	for i := range digits(bits) {
		nibble := int8(0)
		if i/2 < len(t.scalar) {
			nibble = int8(t.scalar[i/2] >> (window * (i % 2)) & (1<<window - 1))
		}
		nibble += carry
		carry = (nibble + 1<<(window-1)) >> window
		t.generator.selectInto(&q, nibble-carry<<window)
		a.sums[i].addAffine(&q)
	}
}

// sum is the sum of all terms.
func (a *accumulator) sum() *point {
	out := a.sums[len(a.sums)-1]
	for i := len(a.sums) - 2; i >= 0; i-- {
		for range window {
			out.double()
		}
		out.add(&a.sums[i])
	}
	return &out
}
