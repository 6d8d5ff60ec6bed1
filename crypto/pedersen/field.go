package pedersen

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Field is the field that shares are elements of, one of the two of Prio3. Elements are encoded in little-endian order.
type Field uint8

// The fields of draft-irtf-cfrg-vdaf, section 6.1.
const (
	// Field64 has the modulus 2^64 - 2^32 + 1.
	Field64 Field = 1
	// Field128 has the modulus 2^128 - 7*2^66 + 1.
	Field128 Field = 2
)

// MaxCount bounds the number of shares in a sum, so that the sum of their integers stays far below the group's order.
const MaxCount = 1<<32 - 1

// countSize is the number of bytes by which a sum of MaxCount elements can be longer than one.
const countSize = 4

// Size is the length of an encoded element in bytes, 0 for an unknown field.
func (f Field) Size() int {
	switch f {
	case Field64:
		return 8
	case Field128:
		return 16
	default:
		return 0
	}
}

// SumSize is the length in bytes of a slot of an opening: an element and room for MaxCount of them.
func (f Field) SumSize() int {
	if f.Size() == 0 {
		return 0
	}
	return f.Size() + countSize
}

func (f Field) modulus() integer {
	switch f {
	case Field64:
		return integer{0xffffffff00000001}
	case Field128:
		return integer{1, 0xffffffffffffffe4}
	default:
		return integer{}
	}
}

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

// less says whether a < b, without a branch on either.
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

// elements reads a vector of encoded elements. Each must be below the modulus.
func (f Field) elements(share []byte, length int) ([]integer, error) {
	size, p := f.Size(), f.modulus()
	if len(share) != length*size {
		return nil, fmt.Errorf("%w: %d bytes, expected %d", ErrShare, len(share), length*size)
	}
	out := make([]integer, length)
	canonical := true
	for j := range out {
		out[j] = readInteger(share[j*size : (j+1)*size])
		canonical = out[j].less(p) && canonical
	}
	if !canonical {
		return nil, fmt.Errorf("%w: an element is not below the modulus", ErrShare)
	}
	return out, nil
}
