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
	return UnshardWith(p, aggregateShares, count, nil)
}

// UnshardWith is Unshard for a sum in which there is more than the vectors: in each slot at most so much. Nil is nothing more; the sum of
// one-hot vectors has nothing more.
func UnshardWith(p Params, aggregateShares [][]byte, count uint64, more []*big.Int) ([]*big.Int, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if len(aggregateShares) != p.Shares {
		return nil, fmt.Errorf("%w: shares: expected %d, got %d", ErrAggregate, p.Shares, len(aggregateShares))
	}
	if count > MaxContributions {
		return nil, fmt.Errorf("%w: vectors: expected at most %d, got %d", ErrAggregate, uint32(MaxContributions), count)
	}
	raw, err := Add(p, aggregateShares...)
	if err != nil {
		return nil, err
	}
	if more != nil && (len(more) != p.Length || p.Kind == OneHot) {
		return nil, fmt.Errorf("%w: what else is in the sum: expected %d slots, and none with %s, got %d", ErrParams, p.Length, OneHot, len(more))
	}
	number := new(big.Int).SetUint64(count)
	largest := new(big.Int).Mul(number, new(big.Int).SetUint64(p.LargestSlot()))
	total, out := new(big.Int), make([]*big.Int, p.Length)
	for i := range out {
		bigEndian := slices.Clone(raw[i*ElementSize : (i+1)*ElementSize])
		slices.Reverse(bigEndian)
		out[i] = new(big.Int).SetBytes(bigEndian)
		most := largest
		if more != nil {
			most = new(big.Int).Add(largest, more[i])
		}
		if out[i].Cmp(most) > 0 {
			return nil, fmt.Errorf("%w: slot %d: expected at most what %d vectors can add up to, got more", ErrAggregate, i, count)
		}
		total.Add(total, out[i])
	}
	if p.Kind == OneHot && total.Cmp(number) != 0 {
		return nil, fmt.Errorf("%w: sum of the slots: expected %d, got %d", ErrAggregate, count, total)
	}
	return out, nil
}
