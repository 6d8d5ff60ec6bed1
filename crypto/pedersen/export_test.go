package pedersen

// Parts that the tests use in addition to the public interface.
var (
	Expand      = expand
	FromUniform = fromUniform
)

// Reencode decodes an element with this package's arithmetic, runs it through an addition and a doubling that
// cancel, and encodes it.
func Reencode(enc [Size]byte) (out [Size]byte, ok bool) {
	var p point
	if !p.decode(enc) {
		return out, false
	}
	q := p
	q.double()
	negative := p
	negative.x.Negate(&p.x)
	negative.t.Negate(&p.t)
	q.add(&negative)
	return q.encode(), true
}

// Multiply returns scalar * generator, for a scalar below 2^bits.
func Multiply(generator [Size]byte, scalar []byte, bits int) [Size]byte {
	acc := newAccumulator(bits)
	acc.add(term{tableOf(generator), scalar}, bits)
	return acc.sum().encode()
}
