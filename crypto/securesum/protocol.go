package securesum

import (
	"errors"
	"fmt"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/prio3"
	"github.com/alita-network/alita/crypto/seal"
)

// Draft names the protocol of the shares, the proofs and the noise: the draft that fixes their bytes, and after the plus what is ours. In
// the second version of that the seats hand in the noise. Whoever speaks another one shares, judges and opens otherwise.
const Draft = prio3.Draft + "+alita.2"

// The kinds of vectors.
const (
	// SumVec is a vector of slots below 2^bits: sums, and counts of a histogram, too.
	SumVec = prio3.SumVec
	// OneHot is a vector in which one slot is one and the others are zero.
	OneHot = prio3.OneHot
)

// Errors of this package, matched with errors.Is. None of them carries anything secret.
var (
	// ErrShape is a vector that cannot be shared.
	ErrShape = errors.New("invalid shape of a secure sum")
	// ErrForm is a message that no honest sender could have made.
	ErrForm = errors.New("malformed shares")
	// ErrRefused is a contribution that a seat has to refuse: its share does not open, or does not fit its commitment.
	ErrRefused = errors.New("contribution refused by the seat")
	// ErrInvalid is a contribution whose preparation shares do not prove it.
	ErrInvalid = errors.New("contribution not valid")
	// ErrOpening is a sum that does not open the sum of the commitments.
	ErrOpening = errors.New("sum does not open its commitment")
	// ErrEvidence is evidence that shows nothing.
	ErrEvidence = errors.New("invalid evidence")
)

// Shape is the form of the vectors and the number of seats.
type Shape struct {
	Kind   prio3.Kind
	Length uint32
	// Bits is the width of a slot; OneHot does not use it.
	Bits  uint32
	Seats uint32
	// Noise is the largest value of each slot of a noise vector, of which each seat hands in one; nil without noise.
	Noise []uint64
}

// Session is one attempt to sum up one round of a job.
type Session struct {
	Chain, Job     string
	Round, Attempt uint32
	// Terms are what else its vectors are bound to; nil for nothing.
	Terms []byte
}

// Contribution names one owner's contribution. The shares of its vector are bound to it and to the session.
type Contribution struct {
	Record, Version string
	// Owner is the bytes of the owner's address.
	Owner []byte
}

// Protocol is the secure sum of a session. It is immutable and safe for concurrent use.
type Protocol struct {
	params  prio3.Params
	noise   *bounds // nil without noise
	scheme  *pedersen.Scheme
	session Session
	// ofNoise reports whether it is the protocol of the seats' noise.
	ofNoise bool
}

// New returns the secure sum of a session, or ErrShape.
func New(shape Shape, session Session) (Protocol, error) {
	if shape.Length > pedersen.MaxSlots {
		return Protocol{}, fmt.Errorf("%w: slots: expected at most %d, got %d", ErrShape, pedersen.MaxSlots, shape.Length)
	}
	var (
		params prio3.Params
		err    error
	)
	switch shape.Kind {
	case SumVec:
		params, err = prio3.NewSumVec(int(shape.Seats), int(shape.Length), int(shape.Bits))
	case OneHot:
		params, err = prio3.NewOneHot(int(shape.Seats), int(shape.Length))
	default:
		return Protocol{}, fmt.Errorf("%w: kind: expected %s or %s, got %s", ErrShape, SumVec, OneHot, shape.Kind)
	}
	if err != nil {
		return Protocol{}, fmt.Errorf("%w: %w", ErrShape, err)
	}
	scheme, err := pedersen.New(int(shape.Length))
	if err != nil {
		return Protocol{}, fmt.Errorf("%w: %w", ErrShape, err)
	}
	p := Protocol{params: params, scheme: scheme, session: session}
	if shape.Noise == nil {
		return p, nil
	}
	if len(shape.Noise) != int(shape.Length) {
		return Protocol{}, fmt.Errorf("%w: slots of noise: expected %d, got %d", ErrShape, shape.Length, len(shape.Noise))
	}
	if p.noise, err = newBounds(shape); err != nil {
		return Protocol{}, err
	}
	return p, nil
}

// Noise returns the protocol of the seats' noise vectors: they are shared, proved and judged as contributions are, each slot within its own
// bound, and opened together with the contributions. The public share is a proof that everybody can check (pedersen.Scheme.VerifyRange), since
// whoever shares noise is one of the seats, and the proofs of Prio3 do not hold against a seat. A share of a noise vector is no share of a
// contribution and the other way round. It reports false if the sum has no noise.
func (p Protocol) Noise() (Protocol, bool) {
	if p.noise == nil || p.ofNoise {
		return Protocol{}, false
	}
	bound := label.Hash("alita/securesum/noise/v1", p.session.Terms)
	p.session.Terms, p.ofNoise = bound[:], true
	return p, true
}

// Noises is the number of noise vectors in a sum: one of each seat, or none.
func (p Protocol) Noises() int {
	if p.noise == nil || p.ofNoise {
		return 0
	}
	return p.Seats()
}

// Seats is the number of seats.
func (p Protocol) Seats() int { return p.params.Shares }

// Slots is the number of slots of a vector.
func (p Protocol) Slots() int { return p.scheme.Length() }

// context binds to the session and the contribution.
func (p Protocol) context(c Contribution) []byte {
	return prio3.Binding{
		ChainID: p.session.Chain, JobID: p.session.Job, Round: p.session.Round, Attempt: p.session.Attempt,
		Owner: c.Owner, RecordID: c.Record, RecordVersion: c.Version, Terms: p.session.Terms,
	}.Context()
}

// instance is Prio3 for one contribution.
func (p Protocol) instance(c Contribution) (*prio3.Instance, error) {
	return prio3.New(p.params, p.context(c))
}

// shareInfo is the HPKE info of every sealed share.
func shareInfo() []byte { return []byte("alita/seal/share/v1") }

// shareAAD ties a sealed share to its contribution, its seat and everything that is public about it.
func (p Protocol) shareAAD(c Contribution, seat int, key seal.PublicKey, shared Shared) []byte {
	fields := [][]byte{p.context(c), label.Uint64(uint64(seat)), key.Bytes(), shared.PublicShare}
	h := label.Hash("alita/securesum/share/v1", append(fields, shared.Commitments...)...)
	return h[:]
}
