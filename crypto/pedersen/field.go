package pedersen

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Sizes in bytes. Elements and integers are encoded in little-endian order.
const (
	// ElementSize is the length of an encoded element.
	ElementSize = 16
	// SumSize is the length of a slot of an opening: an element and room for MaxCount of them.
	SumSize = ElementSize + countSize

	// countSize is the number of bytes by which a sum of MaxCount elements can be longer than one.
	countSize = 4
)

// MaxCount bounds the number of shares in a sum, so that the sum of their integers stays far below the group's order.
const MaxCount = 1<<32 - 1

// modulus is 2^128 - 7*2^66 + 1: the field is Field128 of draft-irtf-cfrg-vdaf, section 6.1.
var modulus = integer{1, 0xffffffffffffffe4}

// integer is a non-negative integer below 2^192, least significant word first.
type integer [3]uint64

// readInteger reads up to 24 bytes, least significant first.
func readInteger(b []byte) integer {
	var padded [24]byte
	copy(padded[:], b)
	return integer{
		binary.LittleEndian.Uint64(padded[0:]), binary.LittleEndian.Uint64(padded[8:]), binary.LittleEndian.Uint64(padded[16:]),
	}
}

// appendTo appends the size least significant bytes.
func (a integer) appendTo(b []byte, size int) []byte {
	var all [24]byte
	for i, w := range a {
		binary.LittleEndian.PutUint64(all[8*i:], w)
	}
	return append(b, all[:size]...)
}

// add returns a + b and the carry out of 192 bits.
func (a integer) add(b integer) (sum integer, carry uint64) {
	for i := range a {
		sum[i], carry = bits.Add64(a[i], b[i], carry)
	}
	return sum, carry
}

// sub returns a - b modulo 2^192, and 1 if b > a.
func (a integer) sub(b integer) (diff integer, borrow uint64) {
	for i := range a {
		diff[i], borrow = bits.Sub64(a[i], b[i], borrow)
	}
	return diff, borrow
}

// less reports whether a < b, without a branch on either.
func (a integer) less(b integer) bool {
	_, borrow := a.sub(b)
	return borrow == 1
}

// times returns a * n, which fits as long as a < 2^128.
func (a integer) times(n uint64) integer {
	var out integer
	var carry uint64
	for i := range a {
		hi, lo := bits.Mul64(a[i], n)
		var c uint64
		out[i], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
	return out
}

// mod returns a modulo m for a < 2^(countBits+1) * m, by subtracting m * 2^k for falling k.
func (a integer) mod(m integer) integer {
	for k := countBits; k >= 0; k-- {
		if diff, borrow := a.sub(m.shift(uint(k))); borrow == 0 {
			a = diff
		}
	}
	return a
}

// shift returns a * 2^k modulo 2^192.
func (a integer) shift(k uint) integer {
	var out integer
	words, rest := int(k/64), k%64
	for i := len(a) - 1; i >= words; i-- {
		out[i] = a[i-words] << rest
		if rest > 0 && i > words {
			out[i] |= a[i-words-1] >> (64 - rest)
		}
	}
	return out
}

// decodeElements reads a vector of encoded elements. Each must be below the modulus.
func decodeElements(share []byte, length int) ([]integer, error) {
	if len(share) != length*ElementSize {
		return nil, fmt.Errorf("%w: expected %d bytes, got %d", ErrShare, length*ElementSize, len(share))
	}
	out := make([]integer, length)
	canonical := true
	for j := range out {
		out[j] = readInteger(share[j*ElementSize : (j+1)*ElementSize])
		canonical = out[j].less(modulus) && canonical
	}
	if !canonical {
		return nil, fmt.Errorf("%w: expected elements below the modulus, got a larger one", ErrShare)
	}
	return out, nil
}
