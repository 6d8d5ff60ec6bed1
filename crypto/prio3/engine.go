package prio3

import (
	"errors"

	"github.com/cloudflare/circl/vdaf/prio3/count"
	"github.com/cloudflare/circl/vdaf/prio3/histogram"
	"github.com/cloudflare/circl/vdaf/prio3/sum"
	"github.com/cloudflare/circl/vdaf/prio3/sumvec"
)

// Types that all kinds share in the library.
type (
	nonce     = count.Nonce
	verifyKey = count.VerifyKey
	public    = count.PublicShare
)

// engine is a kind of Prio3 over bytes. Lengths have been checked when it is called. It is used for one call, because
// the library's instances keep the state of their hash function.
type engine interface {
	shard(vector []uint64, n *nonce, random []byte) (publicShare []byte, inputShares [][]byte, err error)
	prepare(key *verifyKey, n *nonce, seat uint8, publicShare, inputShare []byte) (*State, []byte, error)
	combine(prepareShares [][]byte) ([]byte, error)
}

// newEngine expects valid parameters and a context of permitted length.
func newEngine(p Params, context []byte) (engine, error) {
	shares := uint8(p.Shares)
	switch p.Kind {
	case Count:
		v, err := count.New(shares, context)
		return adapt(v, func(x []uint64) bool { return x[0] == 1 }), err
	case Sum:
		v, err := sum.New(shares, p.Max, context)
		return adapt(v, func(x []uint64) uint64 { return x[0] }), err
	case SumVec:
		v, err := sumvec.New(shares, uint(p.Length), uint(p.Bits), uint(p.Chunk), context)
		return adapt(v, func(x []uint64) []uint64 { return x }), err
	case Histogram:
		v, err := histogram.New(shares, uint(p.Length), uint(p.Chunk), context)
		return adapt(v, hot), err
	default:
		return nil, ErrParams
	}
}

// hot is the index of the 1 in a one-hot vector.
func hot(vector []uint64) (index uint64) {
	for i, x := range vector {
		index += uint64(i) * x
	}
	return index
}

// library is what the library offers for a kind. Some of its types are internal to it and can only be inferred.
type library[Measurement, Input, PrepState, PrepShare, Message, Output, Sizes any] interface {
	Params() Sizes
	Shard(measurement Measurement, n *nonce, random []byte) (public, []Input, error)
	PrepInit(key *verifyKey, n *nonce, seat uint8, publicShare public, inputShare Input) (*PrepState, *PrepShare, error)
	PrepSharesToPrep(prepareShares []PrepShare) (*Message, error)
	PrepNext(state *PrepState, m *Message) (*Output, error)
}

type marshaler[T any] interface {
	*T
	MarshalBinary() ([]byte, error)
}

// sized is made for given sizes before it is read.
type sized[T, Sizes any] interface {
	marshaler[T]
	New(sizes *Sizes) *T
	UnmarshalBinary(raw []byte) error
}

// seated is sized for a seat.
type seated[T, Sizes any] interface {
	marshaler[T]
	New(sizes *Sizes, seat uint) *T
	UnmarshalBinary(raw []byte) error
}

type adapter[Measurement, Input, PrepState, PrepShare, Message, Output, Sizes any,
	InputP seated[Input, Sizes], PrepStateP sized[PrepState, Sizes], PrepShareP sized[PrepShare, Sizes],
	MessageP sized[Message, Sizes], OutputP sized[Output, Sizes],
] struct {
	library library[Measurement, Input, PrepState, PrepShare, Message, Output, Sizes]
	convert func([]uint64) Measurement
}

func adapt[Measurement, Input, PrepState, PrepShare, Message, Output, Sizes any,
	InputP seated[Input, Sizes], PrepStateP sized[PrepState, Sizes], PrepShareP sized[PrepShare, Sizes],
	MessageP sized[Message, Sizes], OutputP sized[Output, Sizes],
](l library[Measurement, Input, PrepState, PrepShare, Message, Output, Sizes], convert func([]uint64) Measurement) engine {
	return &adapter[Measurement, Input, PrepState, PrepShare, Message, Output, Sizes, InputP, PrepStateP, PrepShareP, MessageP, OutputP]{l, convert}
}

func (a *adapter[D, I, S, P, M, O, Z, IP, SP, PP, MP, OP]) shard(vector []uint64, n *nonce, random []byte) ([]byte, [][]byte, error) {
	publicShare, inputs, err := a.library.Shard(a.convert(vector), n, random)
	if err != nil {
		return nil, nil, err
	}
	out := make([][]byte, len(inputs))
	for i := range inputs {
		if out[i], err = IP(&inputs[i]).MarshalBinary(); err != nil {
			return nil, nil, err
		}
	}
	return publicShare, out, nil
}

var errDecode = errors.New("does not decode")

func (a *adapter[D, I, S, P, M, O, Z, IP, SP, PP, MP, OP]) prepare(key *verifyKey, n *nonce, seat uint8, publicShare, inputShare []byte) (*State, []byte, error) {
	sizes := a.library.Params()
	var input I
	IP(&input).New(&sizes, uint(seat))
	if err := IP(&input).UnmarshalBinary(inputShare); err != nil {
		return nil, nil, errDecode
	}
	state, share, err := a.library.PrepInit(key, n, seat, publicShare, input)
	if err != nil {
		return nil, nil, err
	}
	rawState, err := SP(state).MarshalBinary()
	if err != nil {
		return nil, nil, err
	}
	rawShare, err := PP(share).MarshalBinary()
	if err != nil {
		return nil, nil, err
	}
	var output O
	OP(&output).New(&sizes)
	rawOutput, err := OP(&output).MarshalBinary()
	if err != nil {
		return nil, nil, err
	}
	return &State{
		// An encoded state begins with the output share.
		output: rawState[:len(rawOutput)],
		next: func(raw []byte) ([]byte, error) {
			var m M
			MP(&m).New(&sizes)
			if err := MP(&m).UnmarshalBinary(raw); err != nil {
				return nil, errDecode
			}
			out, err := a.library.PrepNext(state, &m)
			if err != nil {
				return nil, err
			}
			return OP(out).MarshalBinary()
		},
	}, rawShare, nil
}

func (a *adapter[D, I, S, P, M, O, Z, IP, SP, PP, MP, OP]) combine(prepareShares [][]byte) ([]byte, error) {
	sizes := a.library.Params()
	shares := make([]P, len(prepareShares))
	for i, raw := range prepareShares {
		PP(&shares[i]).New(&sizes)
		if err := PP(&shares[i]).UnmarshalBinary(raw); err != nil {
			return nil, &SeatError{Seat: i, Err: errDecode}
		}
	}
	m, err := a.library.PrepSharesToPrep(shares)
	if err != nil {
		return nil, err
	}
	return MP(m).MarshalBinary()
}
