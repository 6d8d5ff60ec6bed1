package prio3

import (
	"fmt"
	"math/bits"
)

// Draft is the document that fixes every byte of shares and proofs. Another draft is another protocol.
const Draft = "draft-irtf-cfrg-vdaf-14"

// Kind is the type of a vector; the values are the algorithm identifiers of the draft.
type Kind uint32

// The kinds of Prio3 that are offered.
const (
	// Count is one slot of 0 or 1.
	Count Kind = 1
	// Sum is one slot from 0 to Max.
	Sum Kind = 2
	// SumVec is Length slots of Bits bits each.
	SumVec Kind = 3
	// Histogram is Length slots, of which one is 1 and the others are 0.
	Histogram Kind = 4
)

func (k Kind) String() string {
	switch k {
	case Count:
		return "count"
	case Sum:
		return "sum"
	case SumVec:
		return "sumvec"
	case Histogram:
		return "histogram"
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
	// MaxContributions bounds the number of vectors in a sum.
	MaxContributions = 1<<32 - 1
)

// Sizes in bytes.
const (
	// KeySize is the length of a verification key.
	KeySize = 32

	seedSize  = 32
	nonceSize = 16
)

// Params says what is aggregated and by how many. Fields that a kind does not use are zero.
type Params struct {
	Kind Kind
	// Shares is the number of seats, MinShares to MaxShares.
	Shares int
	// Length is the number of slots; 1 for Count and Sum.
	Length int
	// Bits is the width of a slot of SumVec, 1 to MaxBits.
	Bits int
	// Max is the largest value of Sum, 1 to 2^63 - 1.
	Max uint64
	// Chunk is the number of elements that one step of the proof covers, for SumVec and Histogram; see ChunkLength.
	Chunk int
}

// NewCount counts owners who answer 1.
func NewCount(shares int) (Params, error) {
	return checked(Params{Kind: Count, Shares: shares, Length: 1})
}

// NewSum adds up one number from 0 to largest per owner.
func NewSum(shares int, largest uint64) (Params, error) {
	return checked(Params{Kind: Sum, Shares: shares, Length: 1, Max: largest})
}

// NewSumVec adds up vectors of length slots below 2^width.
func NewSumVec(shares, length, width int) (Params, error) {
	return checked(Params{Kind: SumVec, Shares: shares, Length: length, Bits: width, Chunk: chunkOrZero(length, width, shares)})
}

// NewHistogram adds up one-hot vectors of length slots.
func NewHistogram(shares, length int) (Params, error) {
	return checked(Params{Kind: Histogram, Shares: shares, Length: length, Chunk: chunkOrZero(length, 1, shares)})
}

func checked(p Params) (Params, error) { return p, p.Validate() }

func chunkOrZero(length, width, shares int) int {
	if length < 1 || length > MaxElements || width < 1 || width > MaxBits || shares < MinShares || shares > MaxShares {
		return 0
	}
	return ChunkLength(length*width, shares)
}

// Validate checks the bounds of every field. Everything else in this package expects valid parameters and checks them first.
func (p Params) Validate() error {
	fail := func(field string, got any, want string) error {
		return fmt.Errorf("%w: %s %s: expected %s, got %v", ErrParams, p.Kind, field, want, got)
	}
	if p.Shares < MinShares || p.Shares > MaxShares {
		return fail("shares", p.Shares, fmt.Sprintf("%d to %d", MinShares, MaxShares))
	}
	switch p.Kind {
	case Count, Sum:
		if p.Length != 1 {
			return fail("length", p.Length, "1")
		}
		if p.Bits != 0 || p.Chunk != 0 {
			return fail("bits and chunk", [2]int{p.Bits, p.Chunk}, "0")
		}
		if p.Kind == Count && p.Max != 0 {
			return fail("max", p.Max, "0")
		}
		if p.Kind == Sum && (p.Max < 1 || p.Max >= 1<<63) {
			return fail("max", p.Max, "1 to 2^63-1")
		}
		return nil
	case SumVec, Histogram:
		if p.Length < 1 || p.Length > MaxElements {
			return fail("length", p.Length, fmt.Sprintf("1 to %d", MaxElements))
		}
		if p.Kind == SumVec && (p.Bits < 1 || p.Bits > MaxBits) {
			return fail("bits", p.Bits, fmt.Sprintf("1 to %d", MaxBits))
		}
		if p.Kind == Histogram && p.Bits != 0 {
			return fail("bits", p.Bits, "0")
		}
		if p.Max != 0 {
			return fail("max", p.Max, "0")
		}
		if n := p.elements(); n > MaxElements {
			return fail("elements", n, fmt.Sprintf("at most %d", MaxElements))
		}
		if p.Chunk < 1 || p.Chunk > p.elements() {
			return fail("chunk", p.Chunk, fmt.Sprintf("1 to %d", p.elements()))
		}
		return nil
	default:
		return fmt.Errorf("%w: %s: expected count, sum, sumvec or histogram", ErrParams, p.Kind)
	}
}

// elements is the number of field elements of an encoded vector (MEAS_LEN in the draft).
func (p Params) elements() int {
	switch p.Kind {
	case Sum:
		return 2 * bits.Len64(p.Max)
	case SumVec:
		return p.Length * p.Bits
	default:
		return p.Length
	}
}

// LargestSlot is the largest value that a slot of one vector can have.
func (p Params) LargestSlot() uint64 {
	switch p.Kind {
	case Sum:
		return p.Max
	case SumVec:
		return 1<<p.Bits - 1
	default:
		return 1
	}
}

// MaxCount is the number of vectors whose sum is certain not to wrap around the modulus: for Sum with a large Max it can
// be as small as 1. It is at most MaxContributions.
func (p Params) MaxCount() uint64 {
	const top64 = 0xffffffff00000000 // modulus of Field64, less one
	if p.wide() {
		return MaxContributions // slots are below 2^63
	}
	return min(MaxContributions, top64/p.LargestSlot())
}

// wide says whether the field is Field128 rather than Field64.
func (p Params) wide() bool { return p.Kind == SumVec || p.Kind == Histogram }

// ElementSize is the length of an encoded field element in bytes: 8 (Field64) for Count and Sum, 16 (Field128) else.
func (p Params) ElementSize() int {
	if p.wide() {
		return 16
	}
	return 8
}
