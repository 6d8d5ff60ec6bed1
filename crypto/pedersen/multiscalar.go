package pedersen

import (
	"filippo.io/edwards25519/field"
	"github.com/gtank/ristretto255"
)

// The multiplications below are for public scalars and points only: their time depends on both.

// affineOf converts points with one inversion, by Montgomery's trick.
func affineOf(points []point) []affine {
	product := make([]field.Element, len(points))
	acc := new(field.Element).One()
	for i := range points {
		product[i].Set(acc)
		acc.Multiply(acc, &points[i].z)
	}
	acc.Invert(acc)
	out := make([]affine, len(points))
	for i := len(points) - 1; i >= 0; i-- {
		var inv, x, y field.Element
		inv.Multiply(acc, &product[i])
		acc.Multiply(acc, &points[i].z)
		x.Multiply(&points[i].x, &inv)
		y.Multiply(&points[i].y, &inv)
		out[i].plus.Add(&y, &x)
		out[i].minus.Subtract(&y, &x)
		out[i].t2d.Multiply(&x, &y)
		out[i].t2d.Multiply(&out[i].t2d, curveD2)
	}
	return out
}

// point is the same point in extended coordinates.
func (q *affine) point() *point {
	p := new(point)
	p.setIdentity()
	p.addAffine(q)
	return p
}

// negate sets p to -p.
func (p *point) negate() {
	p.x.Negate(&p.x)
	p.t.Negate(&p.t)
}

// subtractAffine sets p to p - q.
func (p *point) subtractAffine(q *affine) {
	var a, b, c, d field.Element
	a.Subtract(&p.y, &p.x)
	a.Multiply(&a, &q.plus)
	b.Add(&p.y, &p.x)
	b.Multiply(&b, &q.minus)
	c.Multiply(&p.t, &q.t2d)
	c.Negate(&c)
	d.Add(&p.z, &p.z)
	p.finish(&a, &b, &c, &d)
}

// isIdentity reports whether p represents the identity of ristretto255.
func (p *point) isIdentity() bool { return p.encode() == [Size]byte{} }

// multiScalar is a sum of public scalars times public points.
type multiScalar struct {
	scalars []*ristretto255.Scalar
	points  []affine
}

func (m *multiScalar) add(s *ristretto255.Scalar, p affine) {
	m.scalars, m.points = append(m.scalars, s), append(m.points, p)
}

// bucketBits is the number of bits of a digit with which sum costs least for so many points.
func bucketBits(points int) int {
	best, least := 0, 0
	for w := 3; w <= 14; w++ {
		if cost := (scalarBits/w + 1) * (points + 1<<w); best == 0 || cost < least {
			best, least = w, cost
		}
	}
	return best
}

// sum adds up by Pippenger's method: for each position of a digit the points are added into buckets by the size of the digit, and the buckets
// are added up so often as they are worth (D. J. Bernstein, J. Doumen, T. Lange, J.-J. Oosterwijk, "Faster batch forgery identification",
// INDOCRYPT 2012, section 4). Digits lie in [-2^(w-1), 2^(w-1)).
func (m *multiScalar) sum() *point {
	n, w := len(m.points), bucketBits(len(m.points))
	positions := scalarBits/w + 1
	digits := make([]int16, n*positions)
	for i, s := range m.scalars {
		raw, carry := s.Bytes(), 0
		for j := range positions {
			digit := carry + bitsAt(raw, j*w, w)
			carry = (digit + 1<<(w-1)) >> w
			digits[j*n+i] = int16(digit - carry<<w)
		}
	}
	out := new(point)
	out.setIdentity()
	buckets, filled := make([]point, 1<<(w-1)), make([]bool, 1<<(w-1))
	for j := positions - 1; j >= 0; j-- {
		for range w {
			out.double()
		}
		clear(filled)
		for i, digit := range digits[j*n : (j+1)*n] {
			if digit == 0 {
				continue
			}
			at := max(digit, -digit) - 1
			bucket := &buckets[at]
			if !filled[at] {
				bucket.setIdentity()
				filled[at] = true
			}
			if digit > 0 {
				bucket.addAffine(&m.points[i])
			} else {
				bucket.subtractAffine(&m.points[i])
			}
		}
		var running, all point
		running.setIdentity()
		all.setIdentity()
		for at := len(buckets) - 1; at >= 0; at-- {
			if filled[at] {
				running.add(&buckets[at])
			}
			all.add(&running)
		}
		out.add(&all)
	}
	return out
}

// bitsAt are count bits, at most 16, of a little-endian number from a position on.
func bitsAt(raw []byte, from, count int) int {
	out := 0
	for i := range 3 {
		if at := from/8 + i; at < len(raw) {
			out |= int(raw[at]) << (8 * i)
		}
	}
	return out >> (from % 8) & (1<<count - 1)
}

// fixedScalars are scalars by which one group of points after the other is multiplied, in the non-adjacent form with odd digits from -7 to 7.
type fixedScalars [][scalarBits + 3]int8

func newFixedScalars(scalars ...*ristretto255.Scalar) fixedScalars {
	out := make(fixedScalars, len(scalars))
	for i, s := range scalars {
		raw, carry := s.Bytes(), 0
		for at := 0; at < len(out[i]); {
			if bitsAt(raw, at, 1)+carry != 1 {
				at++
				continue
			}
			digit := bitsAt(raw, at, 4) + carry
			carry = digit >> 3
			out[i][at] = int8(digit - carry<<4)
			at += 4
		}
	}
	return out
}

// sum is the sum of the scalars times as many points, by Straus' method.
func (f fixedScalars) sum(points ...*affine) *point {
	odd := make([][4]point, len(f)) // 1, 3, 5 and 7 times
	for i, q := range points {
		odd[i][0] = *q.point()
		twice := odd[i][0]
		twice.double()
		for j := 1; j < len(odd[i]); j++ {
			odd[i][j] = odd[i][j-1]
			odd[i][j].add(&twice)
		}
	}
	out := new(point)
	out.setIdentity()
	begun := false
	for at := scalarBits + 2; at >= 0; at-- {
		if begun {
			out.double()
		}
		for i := range f {
			digit := f[i][at]
			if digit == 0 {
				continue
			}
			begun = true
			q := odd[i][max(digit, -digit)/2]
			if digit < 0 {
				q.negate()
			}
			out.add(&q)
		}
	}
	return out
}
