package prio3

import "fmt"

// Draft is the document that fixes every byte of shares and proofs. Another draft is another protocol.
const Draft = "draft-irtf-cfrg-vdaf-14"

// Kind is the type of a vector; the values are the algorithm identifiers of the draft.
type Kind uint32

// The kinds of Prio3 that are offered.
const (
	// SumVec is Length slots of Bits bits each: Prio3SumVec of the draft.
	SumVec Kind = 3
	// OneHot is Length slots, of which one is 1 and the others are 0: Prio3Histogram of the draft, whose sums are histograms
	// of owners who count once.
	OneHot Kind = 4
)

func (k Kind) String() string {
	switch k {
	case SumVec:
		return "sumvec"
	case OneHot:
		return "one-hot"
	default:
		return fmt.Sprintf("kind %d", uint32(k))
	}
}

// Bounds of the parameters.
const (
	MinShares = 2
	MaxShares = 8
	MaxBits   = 63
	// MaxElements bounds length times bits, and so the size of a share (16 bytes each) and the time for it.
	MaxElements = 1 << 20
	// MaxContributions bounds the number of vectors in a sum. Slots are below 2^63, so no such sum wraps around the modulus.
	MaxContributions = 1<<32 - 1
)

// Sizes in bytes.
const (
	// KeySize is the length of a verification key.
	KeySize = 32
	// ElementSize is the length of an encoded element of Field128, the field of both kinds.
	ElementSize = 16

	seedSize  = 32
	nonceSize = 16
)

// Params are the form of the vectors and the number of seats. Bits is zero if the kind does not use it.
type Params struct {
	Kind Kind
	// Shares is the number of seats, MinShares to MaxShares.
	Shares int
	// Length is the number of slots.
	Length int
	// Bits is the width of a slot of SumVec, 1 to MaxBits.
	Bits int
	// Chunk is the number of elements that one step of the proof covers; see ChunkLength.
	Chunk int
}

// NewSumVec adds up vectors of length slots below 2^width.
func NewSumVec(shares, length, width int) (Params, error) {
	return checked(Params{Kind: SumVec, Shares: shares, Length: length, Bits: width, Chunk: chunkOrZero(length, width, shares)})
}

// NewOneHot adds up one-hot vectors of length slots.
func NewOneHot(shares, length int) (Params, error) {
	return checked(Params{Kind: OneHot, Shares: shares, Length: length, Chunk: chunkOrZero(length, 1, shares)})
}

func checked(p Params) (Params, error) { return p, p.Validate() }

func chunkOrZero(length, width, shares int) int {
	if length < 1 || length > MaxElements || width < 1 || width > MaxBits || shares < MinShares || shares > MaxShares {
		return 0
	}
	return ChunkLength(length*width, shares)
}

// Validate returns ErrParams if a field is out of its bounds. The other functions of this package check their parameters with it.
func (p Params) Validate() error {
	fail := func(field string, got any, want string) error {
		return fmt.Errorf("%w: %s %s: expected %s, got %v", ErrParams, p.Kind, field, want, got)
	}
	switch {
	case p.Kind != SumVec && p.Kind != OneHot:
		return fmt.Errorf("%w: kind: expected %s or %s, got %s", ErrParams, SumVec, OneHot, p.Kind)
	case p.Shares < MinShares || p.Shares > MaxShares:
		return fail("shares", p.Shares, fmt.Sprintf("%d to %d", MinShares, MaxShares))
	case p.Length < 1 || p.Length > MaxElements:
		return fail("length", p.Length, fmt.Sprintf("1 to %d", MaxElements))
	case p.Kind == SumVec && (p.Bits < 1 || p.Bits > MaxBits):
		return fail("bits", p.Bits, fmt.Sprintf("1 to %d", MaxBits))
	case p.Kind == OneHot && p.Bits != 0:
		return fail("bits", p.Bits, "0")
	case p.elements() > MaxElements:
		return fail("elements", p.elements(), fmt.Sprintf("at most %d", MaxElements))
	case p.Chunk < 1 || p.Chunk > p.elements():
		return fail("chunk", p.Chunk, fmt.Sprintf("1 to %d", p.elements()))
	}
	return nil
}

// elements is the number of field elements of an encoded vector (MEAS_LEN in the draft).
func (p Params) elements() int {
	if p.Kind == SumVec {
		return p.Length * p.Bits
	}
	return p.Length
}

// LargestSlot is the largest value that a slot of one vector can have.
func (p Params) LargestSlot() uint64 {
	if p.Kind == SumVec {
		return 1<<p.Bits - 1
	}
	return 1
}
