package prio3

import (
	"bytes"
	"fmt"
	"io"

	"github.com/alita-network/alita/crypto/label"
)

// maxContext bounds the application context; a Binding's is 32 bytes.
const maxContext = 1024

// Instance is Prio3 for one contribution: parameters and a context. It is immutable and safe for concurrent use.
type Instance struct {
	params  Params
	context []byte
	nonce   nonce
}

// New returns the instance for a contribution under a context, 1 to 1,024 bytes; see Binding.
func New(p Params, context []byte) (*Instance, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if len(context) < 1 || len(context) > maxContext {
		return nil, fmt.Errorf("%w: bytes: expected 1 to %d, got %d", ErrContext, maxContext, len(context))
	}
	return &Instance{params: p, context: append([]byte(nil), context...), nonce: nonceOf(context)}, nil
}

// Params returns the parameters.
func (v *Instance) Params() Params { return v.params }

// Shares are an owner's shares of its vector. Everything except Public is secret. It prints as "(secret)" in every format.
type Shares struct {
	// Public goes to every seat in clear.
	Public []byte
	// Inputs holds the input share of each seat, to be encrypted to it.
	Inputs [][]byte
	// Outputs holds what each seat will add up, so that the owner can commit to it. It is not sent.
	Outputs [][]byte
}

// Format keeps shares out of logs, with every verb.
func (s Shares) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// Shard splits a vector, using a cryptographic source of randomness. It runs the seats' part on the result before it
// returns, so that shares that seats would refuse are never sent. ErrVector says that the vector does not fit.
func (v *Instance) Shard(random io.Reader, vector []uint64) (Shares, error) {
	if err := v.checkVector(vector); err != nil {
		return Shares{}, err
	}
	seeds := make([]byte, v.params.randomSize())
	if _, err := io.ReadFull(random, seeds); err != nil {
		return Shares{}, fmt.Errorf("randomness of shares: %w", err)
	}
	e, err := newEngine(v.params, v.context)
	if err != nil {
		return Shares{}, err
	}
	n := v.nonce
	public, inputs, err := e.shard(vector, &n, seeds)
	if err != nil {
		return Shares{}, fmt.Errorf("%w: %w", ErrVector, err)
	}
	out := Shares{Public: public, Inputs: inputs}
	if out.Outputs, err = v.rehearse(out, label.Hash("alita/prio3/rehearsal/v1", seeds)); err != nil {
		return Shares{}, fmt.Errorf("own shares do not verify: %w", err)
	}
	return out, nil
}

// checkVector checks every slot. What it says names positions and never values.
func (v *Instance) checkVector(vector []uint64) error {
	p := v.params
	if len(vector) != p.Length {
		return fmt.Errorf("%w: slots: expected %d, got %d", ErrVector, p.Length, len(vector))
	}
	ones, largest := 0, p.LargestSlot()
	for i, x := range vector {
		if x > largest {
			return fmt.Errorf("%w: slot %d: expected at most %d, got more", ErrVector, i, largest)
		}
		if x == 1 {
			ones++
		}
	}
	if p.Kind == OneHot && ones != 1 {
		return fmt.Errorf("%w: slots: expected exactly one of 1 and the others 0, got another vector", ErrVector)
	}
	return nil
}

// rehearse runs the seats' part on the owner's own shares, under a key of its own, and returns the output shares.
func (v *Instance) rehearse(s Shares, key [KeySize]byte) ([][]byte, error) {
	states, prepared := make([]*State, v.params.Shares), make([][]byte, v.params.Shares)
	for i := range states {
		var err error
		if states[i], prepared[i], err = v.Prepare(key, i, s.Public, s.Inputs[i]); err != nil {
			return nil, err
		}
	}
	m, err := v.Combine(s.Public, prepared)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(states))
	for i, state := range states {
		if out[i], err = state.Next(m); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Prepare is a seat's first step for a contribution: from the public share and its input share it makes a preparation share, to be
// published, and a state, to be kept. The same arguments give the same answer, so a seat that starts again needs no stored
// state; but no contribution may ever be prepared under a second key (see the package comment). ErrMalformed and ErrInvalid mean
// that the owner's bytes are wrong for this context and seat.
func (v *Instance) Prepare(key [KeySize]byte, seat int, publicShare, inputShare []byte) (*State, []byte, error) {
	p := v.params
	if seat < 0 || seat >= p.Shares {
		return nil, nil, fmt.Errorf("%w: expected 0 to %d, got %d", ErrSeat, p.Shares-1, seat)
	}
	if err := checkSize("public share", publicShare, p.PublicShareSize()); err != nil {
		return nil, nil, err
	}
	if err := checkSize("input share", inputShare, p.InputShareSize(seat)); err != nil {
		return nil, nil, err
	}
	e, err := newEngine(p, v.context)
	if err != nil {
		return nil, nil, err
	}
	k, n := verifyKey(key), v.nonce
	state, share, err := e.prepare(&k, &n, uint8(seat), publicShare, inputShare)
	if err == errDecode { //nolint:errorlint // the engine returns it as it is
		return nil, nil, fmt.Errorf("%w: input share: expected elements below the modulus, got a larger one", ErrMalformed)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return state, share, nil
}

// Combine decides on a contribution from its public share and one preparation share of each seat, in the order of seats, and
// returns the message with which the seats finish. It needs no secret. ErrInvalid refuses the contribution.
//
// A *SeatError with ErrMalformed blames a seat: a seat that keeps to the protocol never publishes such bytes, whatever the
// owner has sent. That includes a part of the joint randomness other than the public share's, since Prepare refuses a
// contribution if they differ. So if Combine accepts, Next accepts its message at every seat that prepared as it should.
func (v *Instance) Combine(publicShare []byte, prepareShares [][]byte) ([]byte, error) {
	p := v.params
	if err := checkSize("public share", publicShare, p.PublicShareSize()); err != nil {
		return nil, err
	}
	if len(prepareShares) != p.Shares {
		return nil, fmt.Errorf("%w: preparation shares: expected %d, got %d", ErrMalformed, p.Shares, len(prepareShares))
	}
	for i, raw := range prepareShares {
		if err := checkSize("preparation share", raw, p.PrepareShareSize()); err != nil {
			return nil, &SeatError{Seat: i, Err: err}
		}
		if !bytes.Equal(raw[len(raw)-seedSize:], publicShare[i*seedSize:(i+1)*seedSize]) {
			return nil, &SeatError{Seat: i, Err: fmt.Errorf("%w: preparation share: expected the public share's part of the joint randomness, got another", ErrMalformed)}
		}
	}
	e, err := newEngine(p, v.context)
	if err != nil {
		return nil, err
	}
	m, err := e.combine(prepareShares)
	if fault, ok := err.(*SeatError); ok { //nolint:errorlint // the engine returns it as it is
		fault.Err = fmt.Errorf("%w: preparation share: expected elements below the modulus, got a larger one", ErrMalformed)
		return nil, fault
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return m, nil
}

// State is a seat's state between its two steps. It is secret and prints as "(secret)".
type State struct {
	output []byte
	next   func(message []byte) ([]byte, error)
}

// Format keeps the state out of logs, with every verb.
func (s *State) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// Unverified is the output share before anybody has decided on the contribution. It serves one purpose: to check the owner's
// commitment to it. It must not be added to a sum.
func (s *State) Unverified() []byte { return append([]byte(nil), s.output...) }

// Next finishes: with the message of Combine over the preparation shares of all seats it returns the output share. ErrInvalid means that
// seats have worked on different joint randomness. It does not check the proof again, so the message must be one that the
// seat made or trusts, such as the chain's.
func (s *State) Next(message []byte) ([]byte, error) {
	if err := checkSize("preparation message", message, seedSize); err != nil {
		return nil, err
	}
	out, err := s.next(message)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return out, nil
}

func checkSize(what string, raw []byte, size int) error {
	if len(raw) != size {
		return fmt.Errorf("%w: %s: expected %d bytes, got %d", ErrMalformed, what, size, len(raw))
	}
	return nil
}
