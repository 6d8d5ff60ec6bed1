package prio3

import (
	"errors"

	"github.com/cloudflare/circl/vdaf/prio3/histogram"
	"github.com/cloudflare/circl/vdaf/prio3/sumvec"
)

// Types of the library, which both kinds share.
type (
	nonce        = sumvec.Nonce
	verifyKey    = sumvec.VerifyKey
	public       = sumvec.PublicShare
	inputShare   = sumvec.InputShare
	prepareShare = sumvec.PrepShare
	message      = sumvec.PrepMessage
)

// library is the interface of the library for a kind.
type library interface {
	PrepInit(key *verifyKey, n *nonce, seat uint8, publicShare public, input inputShare) (*sumvec.PrepState, *prepareShare, error)
	PrepSharesToPrep(prepareShares []prepareShare) (*message, error)
	PrepNext(state *sumvec.PrepState, m *message) (*sumvec.OutShare, error)
}

// engine is a kind of Prio3 over bytes. Lengths have been checked when it is called. It is used for one call, because
// the library's instances keep the state of their hash function.
type engine struct {
	library
	// split makes shares of a vector.
	split func(vector []uint64, n *nonce, random []byte) (public, []inputShare, error)
	// newInput, newPrepareShare and newMessage make values that are sized for the parameters, as the library wants them to
	// decode into. The library's type of sizes has no name outside of it, so it is kept in these.
	newInput        func(seat uint) *inputShare
	newPrepareShare func() *prepareShare
	newMessage      func() *message
	outputSize      int
}

// newEngine expects valid parameters and a context of permitted length.
func newEngine(p Params, context []byte) (*engine, error) {
	shares, length, chunk := uint8(p.Shares), uint(p.Length), uint(p.Chunk)
	switch p.Kind {
	case SumVec:
		v, err := sumvec.New(shares, length, uint(p.Bits), chunk, context)
		if err != nil {
			return nil, err
		}
		sizes := v.Params()
		return &engine{
			library: v, split: v.Shard, outputSize: p.OutputShareSize(),
			newInput:        func(seat uint) *inputShare { return new(inputShare).New(&sizes, seat) },
			newPrepareShare: func() *prepareShare { return new(prepareShare).New(&sizes) },
			newMessage:      func() *message { return new(message).New(&sizes) },
		}, nil
	case OneHot:
		v, err := histogram.New(shares, length, chunk, context)
		if err != nil {
			return nil, err
		}
		sizes := v.Params()
		return &engine{
			library: v, outputSize: p.OutputShareSize(),
			split: func(vector []uint64, n *nonce, random []byte) (public, []inputShare, error) {
				return v.Shard(hot(vector), n, random)
			},
			newInput:        func(seat uint) *inputShare { return new(inputShare).New(&sizes, seat) },
			newPrepareShare: func() *prepareShare { return new(prepareShare).New(&sizes) },
			newMessage:      func() *message { return new(message).New(&sizes) },
		}, nil
	default:
		return nil, ErrParams
	}
}

// hot is the index of the 1 in a one-hot vector. It reads the same slots for every index.
func hot(vector []uint64) (index uint64) {
	for i, x := range vector {
		index += uint64(i) * x
	}
	return index
}

func (e *engine) shard(vector []uint64, n *nonce, random []byte) (publicShare []byte, inputShares [][]byte, err error) {
	publicShare, inputs, err := e.split(vector, n, random)
	if err != nil {
		return nil, nil, err
	}
	out := make([][]byte, len(inputs))
	for i := range inputs {
		if out[i], err = inputs[i].MarshalBinary(); err != nil {
			return nil, nil, err
		}
	}
	return publicShare, out, nil
}

var errDecode = errors.New("does not decode")

func (e *engine) prepare(key *verifyKey, n *nonce, seat uint8, publicShare, share []byte) (*State, []byte, error) {
	input := e.newInput(uint(seat))
	if err := input.UnmarshalBinary(share); err != nil {
		return nil, nil, errDecode
	}
	state, prepared, err := e.PrepInit(key, n, seat, publicShare, *input)
	if err != nil {
		return nil, nil, err
	}
	rawState, err := state.MarshalBinary()
	if err != nil {
		return nil, nil, err
	}
	rawShare, err := prepared.MarshalBinary()
	if err != nil {
		return nil, nil, err
	}
	return &State{
		// An encoded state begins with the output share.
		output: rawState[:e.outputSize],
		next: func(raw []byte) ([]byte, error) {
			m := e.newMessage()
			if err := m.UnmarshalBinary(raw); err != nil {
				return nil, errDecode
			}
			out, err := e.PrepNext(state, m)
			if err != nil {
				return nil, err
			}
			return out.MarshalBinary()
		},
	}, rawShare, nil
}

func (e *engine) combine(prepareShares [][]byte) ([]byte, error) {
	shares := make([]prepareShare, len(prepareShares))
	for i, raw := range prepareShares {
		share := e.newPrepareShare()
		if err := share.UnmarshalBinary(raw); err != nil {
			return nil, &SeatError{Seat: i, Err: errDecode}
		}
		shares[i] = *share
	}
	m, err := e.PrepSharesToPrep(shares)
	if err != nil {
		return nil, err
	}
	return m.MarshalBinary()
}
