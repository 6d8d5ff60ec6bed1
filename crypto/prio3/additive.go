package prio3

import (
	"crypto/sha3"
	"fmt"
	"io"

	"github.com/cloudflare/circl/vdaf/prio3/arith/fp128"

	"github.com/alita-network/alita/crypto/label"
)

// Additive shares of a vector in Field128, without a proof: seat 0 holds the vector minus the shares of the others, and each of these a seed, from
// which its share follows. All but one of the shares say nothing. They add up with output shares of Prio3. Who takes them needs another proof of
// what they share (pedersen.Scheme.VerifyRange).

// AdditiveSize is the length of the additive share of a seat in bytes.
func AdditiveSize(seat, length int) int {
	if seat == 0 {
		return length * ElementSize
	}
	return seedSize
}

// Split splits a vector into additive shares for so many seats, MinShares to MaxShares, using a cryptographic source of randomness. The outputs
// are what each seat will add up.
func Split(random io.Reader, context []byte, seats int, vector []uint64) (inputs, outputs [][]byte, err error) {
	if seats < MinShares || seats > MaxShares || len(vector) < 1 || len(vector) > MaxElements {
		return nil, nil, fmt.Errorf("%w: seats and slots: expected %d to %d and 1 to %d, got %d and %d",
			ErrParams, MinShares, MaxShares, MaxElements, seats, len(vector))
	}
	first, other := make(fp128.Vec, len(vector)), make(fp128.Vec, len(vector))
	for i, v := range vector {
		if err := first[i].SetUint64(v); err != nil {
			return nil, nil, fmt.Errorf("%w: slot %d: expected a number of the field, got a larger one", ErrVector, i)
		}
	}
	inputs, outputs = make([][]byte, seats), make([][]byte, seats)
	for seat := 1; seat < seats; seat++ {
		inputs[seat] = make([]byte, seedSize)
		if _, err := io.ReadFull(random, inputs[seat]); err != nil {
			return nil, nil, fmt.Errorf("randomness of shares: %w", err)
		}
		if outputs[seat], err = Additive(context, seat, len(vector), inputs[seat]); err != nil {
			return nil, nil, err
		}
		if err := other.UnmarshalBinary(outputs[seat]); err != nil {
			return nil, nil, err
		}
		first.SubAssign(other)
	}
	if inputs[0], err = first.MarshalBinary(); err != nil {
		return nil, nil, err
	}
	outputs[0] = inputs[0]
	return inputs, outputs, nil
}

// Additive is the share of a vector of so many slots that a seat adds up, from what it was given. ErrMalformed means that nobody shares so.
func Additive(context []byte, seat, length int, input []byte) ([]byte, error) {
	if err := checkSize("additive share", input, AdditiveSize(seat, length)); err != nil {
		return nil, err
	}
	share := make(fp128.Vec, length)
	if seat == 0 {
		if err := share.UnmarshalBinary(input); err != nil {
			return nil, fmt.Errorf("%w: additive share: expected elements below the modulus, got a larger one", ErrMalformed)
		}
		return append([]byte(nil), input...), nil
	}
	seed := label.Hash("alita/prio3/additive/v1", context, label.Uint64(uint64(seat)), input)
	stream := sha3.NewSHAKE256()
	_, _ = stream.Write(seed[:])
	if err := share.Random(stream); err != nil {
		return nil, err
	}
	return share.MarshalBinary()
}
