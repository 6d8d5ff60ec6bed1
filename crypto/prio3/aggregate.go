package prio3

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/cloudflare/circl/vdaf/prio3/arith/fp128"
)

// Add returns the sum of encoded output shares, or of sums of them, of one seat or of several: slot by slot in the field.
// The sum of none is zero.
func Add(p Params, shares ...[]byte) ([]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	sum, next := make(fp128.Vec, p.Length), make(fp128.Vec, p.Length)
	for _, raw := range shares {
		if err := checkSize("output share", raw, p.OutputShareSize()); err != nil {
			return nil, err
		}
		if err := next.UnmarshalBinary(raw); err != nil {
			return nil, fmt.Errorf("%w: output share: expected elements below the modulus, got a larger one", ErrMalformed)
		}
		sum.AddAssign(next)
	}
	return sum.MarshalBinary()
}

// Unshard returns the sum of count vectors from each seat's sum of output shares. It fails with ErrAggregate if so many vectors cannot
// have that sum, which means that a seat's sum is wrong. It also refuses a count above MaxContributions.
func Unshard(p Params, aggregateShares [][]byte, count uint64) ([]*big.Int, error) {
	return UnshardParts(aggregateShares, Part{Params: p, Count: count})
}

// Part is a number of vectors in a sum.
type Part struct {
	Params Params
	Count  uint64
}

// UnshardParts is Unshard for a sum of vectors of several kinds or bounds, at least one. Their seats and lengths are the same; ErrParams
// if not.
func UnshardParts(aggregateShares [][]byte, parts ...Part) ([]*big.Int, error) {
	if len(parts) == 0 {
		return nil, fmt.Errorf("%w: parts of a sum: expected at least 1, got 0", ErrParams)
	}
	p, count := parts[0].Params, uint64(0)
	for _, part := range parts {
		if err := part.Params.Validate(); err != nil {
			return nil, err
		}
		if part.Params.Shares != p.Shares || part.Params.Length != p.Length {
			return nil, fmt.Errorf("%w: seats and slots of all parts of a sum: expected %d and %d, got %d and %d",
				ErrParams, p.Shares, p.Length, part.Params.Shares, part.Params.Length)
		}
		if part.Count > MaxContributions-count {
			return nil, fmt.Errorf("%w: vectors: expected at most %d, got more", ErrAggregate, uint32(MaxContributions))
		}
		count += part.Count
	}
	if len(aggregateShares) != p.Shares {
		return nil, fmt.Errorf("%w: shares: expected %d, got %d", ErrAggregate, p.Shares, len(aggregateShares))
	}
	raw, err := Add(p, aggregateShares...)
	if err != nil {
		return nil, err
	}
	total, out := new(big.Int), make([]*big.Int, p.Length)
	for i := range out {
		bigEndian := slices.Clone(raw[i*ElementSize : (i+1)*ElementSize])
		slices.Reverse(bigEndian)
		out[i] = new(big.Int).SetBytes(bigEndian)
		if out[i].Cmp(largestSum(parts, i)) > 0 {
			return nil, fmt.Errorf("%w: slot %d: expected at most what %d vectors can add up to, got more", ErrAggregate, i, count)
		}
		total.Add(total, out[i])
	}
	if p.Kind == OneHot && len(parts) == 1 && total.Cmp(new(big.Int).SetUint64(count)) != 0 {
		return nil, fmt.Errorf("%w: sum of the slots: expected %d, got %d", ErrAggregate, count, total)
	}
	return out, nil
}

// largestSum is the largest sum of the vectors in a slot.
func largestSum(parts []Part, slot int) *big.Int {
	sum := new(big.Int)
	for _, part := range parts {
		largest := new(big.Int).SetUint64(part.Params.LargestSlot(slot))
		sum.Add(sum, largest.Mul(largest, new(big.Int).SetUint64(part.Count)))
	}
	return sum
}
