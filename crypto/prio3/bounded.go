package prio3

import (
	"fmt"
	"math/bits"

	"github.com/cloudflare/circl/vdaf/prio3/arith/fp128"
)

// A slot from 0 to m is written in as many bits as m has. Their weights are 1, 2, 4 and so on, but for the last one, which is what is
// left of m: so the bits add up to 0 at least, to m at most, and to each number in between. Whatever bits an owner shares, the slot is
// within its bound, and Prio3SumVec proves that they are bits. A slot's share is the sum of the shares of its bits with those weights,
// which each seat computes by itself, as it does for the slots of Prio3SumVec.
//
// Some numbers can be written in two ways. That is harmless: nobody but the owner sees the bits, and the sums are the same.

// width is the number of bits of a slot from 0 to largest.
func width(largest uint64) int { return bits.Len64(largest) }

// lastWeight is the weight of the last bit of such a slot.
func lastWeight(largest uint64) uint64 { return largest - (1<<(width(largest)-1) - 1) }

// unfoldSlots writes slots within their bounds in bits, with the same steps for all values.
func unfoldSlots(largest, slots []uint64) []uint64 {
	out := make([]uint64, 0, len(slots))
	for i, v := range slots {
		w := width(largest[i])
		last := v >> (w - 1)
		rest := v - last*lastWeight(largest[i])
		for j := range w - 1 {
			out = append(out, rest>>j&1)
		}
		out = append(out, last)
	}
	return out
}

// foldSlots makes the share of a vector from the shares of its bits.
func foldSlots(largest []uint64, encoded []byte) ([]byte, error) {
	n := 0
	for _, m := range largest {
		n += width(m)
	}
	elements := make(fp128.Vec, n)
	if err := elements.UnmarshalBinary(encoded); err != nil {
		return nil, fmt.Errorf("shares of bits: %w", err)
	}
	out := make(fp128.Vec, len(largest))
	for i, m := range largest {
		w := width(m)
		var weight fp128.Fp
		if err := weight.SetUint64(lastWeight(m)); err != nil {
			return nil, fmt.Errorf("weight of a bit: %w", err)
		}
		out[i].Mul(&elements[w-1], &weight)
		rest := elements[:w-1].JoinBits()
		out[i].AddAssign(&rest)
		elements = elements[w:]
	}
	return out.MarshalBinary()
}
