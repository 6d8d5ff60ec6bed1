package prio3

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/cloudflare/circl/vdaf/prio3/arith/fp128"
	"github.com/cloudflare/circl/vdaf/prio3/arith/fp64"
)

// Add returns the sum of encoded output shares, or of sums of them, of one seat or of several: slot by slot in the field.
// Of none it is zero.
func Add(p Params, shares ...[]byte) ([]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	for _, raw := range shares {
		if err := checkSize("output share", raw, p.OutputShareSize()); err != nil {
			return nil, err
		}
	}
	if p.wide() {
		return addVectors(make(fp128.Vec, p.Length), make(fp128.Vec, p.Length), shares)
	}
	return addVectors(make(fp64.Vec, p.Length), make(fp64.Vec, p.Length), shares)
}

type vector[V any] interface {
	MarshalBinary() ([]byte, error)
	UnmarshalBinary(raw []byte) error
	AddAssign(x V)
}

func addVectors[V vector[V]](sum, next V, shares [][]byte) ([]byte, error) {
	for _, raw := range shares {
		if err := next.UnmarshalBinary(raw); err != nil {
			return nil, fmt.Errorf("%w: output share: an element is not below the modulus", ErrMalformed)
		}
		sum.AddAssign(next)
	}
	return sum.MarshalBinary()
}

// Unshard returns the sum of count vectors from each seat's sum of output shares. It fails with ErrAggregate when the result is not one
// that so many vectors can have, which means that a seat's sum is wrong, and refuses a count above MaxCount.
func Unshard(p Params, aggregateShares [][]byte, count uint64) ([]*big.Int, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if len(aggregateShares) != p.Shares {
		return nil, fmt.Errorf("%w: %d shares, expected %d", ErrAggregate, len(aggregateShares), p.Shares)
	}
	if count > p.MaxCount() {
		return nil, fmt.Errorf("%w: %d vectors, expected at most %d", ErrAggregate, count, p.MaxCount())
	}
	raw, err := Add(p, aggregateShares...)
	if err != nil {
		return nil, err
	}
	number := new(big.Int).SetUint64(count)
	largest := new(big.Int).Mul(number, new(big.Int).SetUint64(p.LargestSlot()))
	total, out, size := new(big.Int), make([]*big.Int, p.Length), p.ElementSize()
	for i := range out {
		bigEndian := slices.Clone(raw[i*size : (i+1)*size])
		slices.Reverse(bigEndian)
		out[i] = new(big.Int).SetBytes(bigEndian)
		if out[i].Cmp(largest) > 0 {
			return nil, fmt.Errorf("%w: slot %d is more than %d vectors can add up to", ErrAggregate, i, count)
		}
		total.Add(total, out[i])
	}
	if p.Kind == Histogram && total.Cmp(number) != 0 {
		return nil, fmt.Errorf("%w: the slots add up to %d, expected %d", ErrAggregate, total, count)
	}
	return out, nil
}
