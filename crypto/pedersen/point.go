package pedersen

import (
	"bytes"

	"filippo.io/edwards25519/field"
)

// The arithmetic below works on points of edwards25519 that represent elements of ristretto255. It exists in addition to
// the library because fixed generators allow tables in affine form, which the library does not offer: an addition costs
// 7 multiplications, and the tables are built once.

// constant reads a constant of RFC 9496 section 4.1, in little-endian order.
func constant(b [32]byte) *field.Element {
	e, err := new(field.Element).SetBytes(b[:])
	if err != nil {
		panic(err)
	}
	return e
}

var (
	one = new(field.Element).One()
	// curveD is d = -121665/121666.
	curveD = constant([32]byte{
		0xa3, 0x78, 0x59, 0x13, 0xca, 0x4d, 0xeb, 0x75, 0xab, 0xd8, 0x41, 0x41, 0x4d, 0x0a, 0x70, 0x00,
		0x98, 0xe8, 0x79, 0x77, 0x79, 0x40, 0xc7, 0x8c, 0x73, 0xfe, 0x6f, 0x2b, 0xee, 0x6c, 0x03, 0x52,
	})
	curveD2 = new(field.Element).Add(curveD, curveD)
	// sqrtM1 is the non-negative square root of -1.
	sqrtM1 = constant([32]byte{
		0xb0, 0xa0, 0x0e, 0x4a, 0x27, 0x1b, 0xee, 0xc4, 0x78, 0xe4, 0x2f, 0xad, 0x06, 0x18, 0x43, 0x2f,
		0xa7, 0xd7, 0xfb, 0x3d, 0x99, 0x00, 0x4d, 0x2b, 0x0b, 0xdf, 0xc1, 0x4f, 0x80, 0x24, 0x83, 0x2b,
	})
	// invSqrtAMinusD is 1/sqrt(a-d).
	invSqrtAMinusD = constant([32]byte{
		0xea, 0x40, 0x5d, 0x80, 0xaa, 0xfd, 0xc8, 0x99, 0xbe, 0x72, 0x41, 0x5a, 0x17, 0x16, 0x2f, 0x9d,
		0x40, 0xd8, 0x01, 0xfe, 0x91, 0x7b, 0xc2, 0x16, 0xa2, 0xfc, 0xaf, 0xcf, 0x05, 0x89, 0x6c, 0x78,
	})
)

// point is a point in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z.
type point struct{ x, y, z, t field.Element }

func (p *point) setIdentity() {
	p.x.Zero()
	p.y.One()
	p.z.One()
	p.t.Zero()
}

// decode sets p to a point that represents the canonically encoded element, by RFC 9496 section 4.3.1.
func (p *point) decode(enc [Size]byte) bool {
	s, err := new(field.Element).SetBytes(enc[:])
	if err != nil || !bytes.Equal(s.Bytes(), enc[:]) || s.IsNegative() == 1 {
		return false
	}
	var ss, u1, u2, u2sq, v, inv, denX, denY field.Element
	ss.Square(s)
	u1.Subtract(one, &ss)
	u2.Add(one, &ss)
	u2sq.Square(&u2)
	v.Square(&u1)
	v.Multiply(&v, curveD)
	v.Negate(&v)
	v.Subtract(&v, &u2sq)
	inv.Multiply(&v, &u2sq)
	_, square := inv.SqrtRatio(one, &inv)
	denX.Multiply(&inv, &u2)
	denY.Multiply(&inv, &denX)
	denY.Multiply(&denY, &v)
	p.x.Add(s, s)
	p.x.Multiply(&p.x, &denX)
	p.x.Absolute(&p.x)
	p.y.Multiply(&u1, &denY)
	p.z.One()
	p.t.Multiply(&p.x, &p.y)
	return square == 1 && p.t.IsNegative() == 0 && p.y.Equal(new(field.Element)) == 0
}

// encode returns the canonical encoding of the element that p represents, by RFC 9496 section 4.3.2.
func (p *point) encode() [Size]byte {
	var u1, u2, inv, den1, den2, zInv, ix, iy, enchanted, x, y, denInv, w field.Element
	u1.Add(&p.z, &p.y)
	w.Subtract(&p.z, &p.y)
	u1.Multiply(&u1, &w)
	u2.Multiply(&p.x, &p.y)
	w.Square(&u2)
	w.Multiply(&w, &u1)
	inv.SqrtRatio(one, &w)
	den1.Multiply(&inv, &u1)
	den2.Multiply(&inv, &u2)
	zInv.Multiply(&den1, &den2)
	zInv.Multiply(&zInv, &p.t)
	ix.Multiply(&p.x, sqrtM1)
	iy.Multiply(&p.y, sqrtM1)
	enchanted.Multiply(&den1, invSqrtAMinusD)
	w.Multiply(&p.t, &zInv)
	rotate := w.IsNegative()
	x.Select(&iy, &p.x, rotate)
	y.Select(&ix, &p.y, rotate)
	denInv.Select(&enchanted, &den2, rotate)
	w.Multiply(&x, &zInv)
	negative := w.IsNegative()
	w.Negate(&y)
	y.Select(&w, &y, negative)
	w.Subtract(&p.z, &y)
	w.Multiply(&w, &denInv)
	w.Absolute(&w)
	return [Size]byte(w.Bytes())
}

// double sets p to 2p (dbl-2008-hwcd of the Explicit-Formulas Database, a = -1).
func (p *point) double() {
	var a, b, c, e, f, g, h field.Element
	a.Square(&p.x)
	b.Square(&p.y)
	c.Square(&p.z)
	c.Add(&c, &c)
	h.Add(&a, &b)
	e.Add(&p.x, &p.y)
	e.Square(&e)
	e.Subtract(&h, &e)
	g.Subtract(&a, &b)
	f.Add(&c, &g)
	p.x.Multiply(&e, &f)
	p.y.Multiply(&g, &h)
	p.t.Multiply(&e, &h)
	p.z.Multiply(&f, &g)
}

// add sets p to p + q (add-2008-hwcd-3, a = -1, complete because d is no square).
func (p *point) add(q *point) {
	var a, b, c, d field.Element
	a.Subtract(&p.y, &p.x)
	c.Subtract(&q.y, &q.x)
	a.Multiply(&a, &c)
	b.Add(&p.y, &p.x)
	c.Add(&q.y, &q.x)
	b.Multiply(&b, &c)
	c.Multiply(&p.t, &q.t)
	c.Multiply(&c, curveD2)
	d.Multiply(&p.z, &q.z)
	d.Add(&d, &d)
	p.finish(&a, &b, &c, &d)
}

// affine is a point with z = 1 in the form that an addition needs: y+x, y-x, 2dxy.
type affine struct{ plus, minus, t2d field.Element }

// addAffine sets p to p + q.
func (p *point) addAffine(q *affine) {
	var a, b, c, d field.Element
	a.Subtract(&p.y, &p.x)
	a.Multiply(&a, &q.minus)
	b.Add(&p.y, &p.x)
	b.Multiply(&b, &q.plus)
	c.Multiply(&p.t, &q.t2d)
	d.Add(&p.z, &p.z)
	p.finish(&a, &b, &c, &d)
}

func (p *point) finish(a, b, c, d *field.Element) {
	var e, f, g, h field.Element
	e.Subtract(b, a)
	f.Subtract(d, c)
	g.Add(d, c)
	h.Add(b, a)
	p.x.Multiply(&e, &f)
	p.y.Multiply(&g, &h)
	p.t.Multiply(&e, &h)
	p.z.Multiply(&f, &g)
}
