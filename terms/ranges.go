package terms

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"github.com/alita-network/alita/crypto/dgauss"
)

// ErrRanges means that the ranges of a job's slots contradict themselves, its length or its noise, or leave no room for its rows.
var ErrRanges = errors.New("invalid ranges")

const (
	// MaxRange bounds what one row adds to a slot: from -MaxRange to MaxRange.
	MaxRange = 1 << 62
	// MinVariance is the least variance of noise, in units of the slot: the noise of shares below it does not add up to that of the whole.
	MinVariance = 4
	// MaxMicroRho bounds what a row may disclose in a round, in millionths of rho.
	MaxMicroRho = 1_000_000_000_000
)

// SlotRange says from where to where one row may move each of some slots that follow each other, and how much noise they get.
type SlotRange struct {
	// Count is the number of slots, at least 1.
	Count uint32
	// Low and High bound what a row adds: -MaxRange <= Low <= 0 <= High <= MaxRange.
	Low, High int64
	// Variance is the parameter sigma^2 of the noise in each of the slots, from MinVariance to dgauss.MaxNum; 0 in an exact sum.
	Variance uint64
}

// Ranges are the ranges of all slots of a row program's vector, in their order. Slot 0 counts the rows that were used.
type Ranges []SlotRange

// Length is the number of slots.
func (r Ranges) Length() uint64 {
	n := uint64(0)
	for _, s := range r {
		n += uint64(s.Count)
	}
	return n
}

// encode writes the ranges in 28 bytes each, big-endian.
func (r Ranges) encode() []byte {
	out := make([]byte, 0, 28*len(r))
	for _, s := range r {
		out = binary.BigEndian.AppendUint32(out, s.Count)
		for _, v := range []uint64{uint64(s.Low), uint64(s.High), s.Variance} {
			out = binary.BigEndian.AppendUint64(out, v)
		}
	}
	return out
}

// Validate checks the ranges of a vector of a length, at least 1, whose rows may disclose microRho millionths of rho; 0 is an exact sum. The
// error is ErrRanges.
func (r Ranges) Validate(length uint32, microRho uint64) error {
	if microRho > MaxMicroRho {
		return fmt.Errorf("%w: micro_rho: expected at most %d, got %d", ErrRanges, uint64(MaxMicroRho), microRho)
	}
	for i, s := range r {
		if err := s.validate(microRho > 0); err != nil {
			return fmt.Errorf("%w: range %d: %w", ErrRanges, i, err)
		}
	}
	if n := r.Length(); n != uint64(length) || n == 0 {
		return fmt.Errorf("%w: slots of all ranges: expected the length, %d and at least 1, got %d", ErrRanges, length, n)
	}
	first := r[0]
	if first.Low != 0 || first.High != 1 {
		return fmt.Errorf("%w: slot 0: expected from 0 to 1, it counts the rows that are used; got %d to %d", ErrRanges, first.Low, first.High)
	}
	if microRho > 0 {
		if used, _ := SlotLength(1, first.Variance); used > RowBudget(microRho) {
			return fmt.Errorf("%w: variance of slot 0: expected above 10^6 / (2 micro_rho), or no row could be used; got %d", ErrRanges, first.Variance)
		}
	}
	return nil
}

func (s SlotRange) validate(noised bool) error {
	switch {
	case s.Count < 1:
		return errors.New("count: expected at least 1, got 0")
	case s.Low > 0 || s.Low < -MaxRange:
		return fmt.Errorf("low: expected %d to 0, got %d", int64(-MaxRange), s.Low)
	case s.High < 0 || s.High > MaxRange:
		return fmt.Errorf("high: expected 0 to %d, got %d", int64(MaxRange), s.High)
	case noised && (s.Variance < MinVariance || s.Variance > dgauss.MaxNum):
		return fmt.Errorf("variance: expected %d to %d, got %d", MinVariance, uint64(dgauss.MaxNum), s.Variance)
	case !noised && s.Variance != 0:
		return fmt.Errorf("variance: expected 0 without micro_rho, got %d", s.Variance)
	}
	return nil
}

// width is the number of values that a row may add, without 0: 0 to 2^63.
func (s SlotRange) width() uint64 { return uint64(s.High) - uint64(s.Low) }

// CheckRows checks that the sum of so many rows, shifted as [Ranges.Shift] does, is below 2^slotBits in every slot; slotBits is 1 to MaxBits.
// The error is ErrRanges. Rows and ranges are public, so everybody decides this alike and before a file is opened.
func (r Ranges) CheckRows(rows uint64, slotBits uint32) error {
	if slotBits < 1 || slotBits > MaxBits {
		return fmt.Errorf("%w: bits: expected 1 to %d, got %d", ErrRanges, MaxBits, slotBits)
	}
	for i, s := range r {
		over, most := bits.Mul64(rows, s.width())
		if over != 0 || most>>slotBits != 0 {
			return fmt.Errorf("%w: range %d: expected the sum of %d rows below 2^%d, got up to %d times %d", ErrRanges, i, rows, slotBits, rows, s.width())
		}
	}
	return nil
}

// Bits is the width of the slots that hold the sum of so many rows: rows (high - low) is below 2^Bits. It is at least 1. The noise is not in
// it: seats hand it in in slots of its own width. The error is ErrRanges if that is more than MaxBits.
func (r Ranges) Bits(rows uint64) (uint32, error) {
	width := 1
	for i, s := range r {
		over, most := bits.Mul64(rows, s.width())
		if over != 0 || most>>MaxBits != 0 {
			return 0, fmt.Errorf("%w: range %d: expected the sum of %d rows below 2^%d, got more", ErrRanges, i, rows, MaxBits)
		}
		width = max(width, bits.Len64(most))
	}
	return uint32(width), nil
}

// Shift takes the least possible sum of so many rows, rows * low, away from each slot, so that none is negative. The slots are those of a vector
// of these ranges, and CheckRows has passed.
func (r Ranges) Shift(rows uint64, slots []int64) {
	at := 0
	for _, s := range r {
		for range s.Count {
			slots[at] -= int64(rows) * s.Low
			at++
		}
	}
}

// Unshift is the inverse of Shift over the sum of contributions of so many rows together.
func (r Ranges) Unshift(rows uint64, slots []*big.Int) []*big.Int {
	out, all := make([]*big.Int, 0, len(slots)), new(big.Int).SetUint64(rows)
	for _, s := range r {
		least := new(big.Int).Mul(all, big.NewInt(s.Low))
		for range s.Count {
			out = append(out, new(big.Int).Add(slots[len(out)], least))
		}
	}
	return out
}

// RowBudget is the most that the length of a row may be in a job with noise: 2 rho, in units of 2^-32 and rounded down. microRho is at most
// MaxMicroRho. Because of the rounding a row that reaches 2 rho exactly is too long: variances are chosen a little larger.
//
// The length of a row is the sum of SlotLength over its slots, slot 0 with its 1. A row of a greater length adds nothing. So the sum of
// v_j^2 / (2 sigma_j^2) over the slots is at most rho, and the answer with its noise satisfies rho-zCDP for a row added or taken away, whatever
// the program computes (C. Canonne, G. Kamath, T. Steinke, "The discrete Gaussian for differential privacy", NeurIPS 2020, the multivariate
// discrete Gaussian).
func RowBudget(microRho uint64) uint64 {
	over, product := bits.Mul64(min(microRho, MaxMicroRho), 1<<33)
	quotient, _ := bits.Div64(over, product, 1_000_000)
	return quotient
}

// SlotLength is what a slot takes of the length of a row: ceil(2^32 value^2 / variance), which is value^2 / sigma^2 in units of 2^-32. It reports
// whether that is below 2^64; if not, the row is too long whatever its budget is. The variance is at least 1.
func SlotLength(value int64, variance uint64) (length uint64, fits bool) {
	size := uint64(value)
	if value < 0 {
		size = -size
	}
	if size == 0 {
		return 0, true
	}
	if size < 1<<16 { // counts and the like: one division of 64 bits
		product := size * size << 32
		length = product / variance
		if length*variance != product {
			length++
		}
		return length, true
	}
	high, low := bits.Mul64(size, size)
	middle := high<<32 | low>>32
	if high>>32 != 0 || middle >= variance {
		return 0, false
	}
	length, rest := bits.Div64(middle, low<<32, variance)
	if rest == 0 {
		return length, true
	}
	return length + 1, length+1 != 0
}

// ParseSlotRange reads a range as COUNT:LOW:HIGH or COUNT:LOW:HIGH:VARIANCE, for example 3:-10:10. It does not check what Validate checks.
func ParseSlotRange(text string) (SlotRange, error) {
	parts := strings.Split(text, ":")
	fail := fmt.Errorf("%w: range: expected COUNT:LOW:HIGH or COUNT:LOW:HIGH:VARIANCE in whole numbers, as in 3:-10:10, got %.80q", ErrRanges, text)
	if len(parts) != 3 && len(parts) != 4 {
		return SlotRange{}, fail
	}
	count, err := strconv.ParseUint(parts[0], 10, 32)
	low, err2 := strconv.ParseInt(parts[1], 10, 64)
	high, err3 := strconv.ParseInt(parts[2], 10, 64)
	var variance uint64
	var err4 error
	if len(parts) == 4 {
		variance, err4 = strconv.ParseUint(parts[3], 10, 64)
	}
	if err != nil || err2 != nil || err3 != nil || err4 != nil {
		return SlotRange{}, fail
	}
	return SlotRange{Count: uint32(count), Low: low, High: high, Variance: variance}, nil
}

// String writes a range as ParseSlotRange reads it.
func (s SlotRange) String() string {
	text := fmt.Sprintf("%d:%d:%d", s.Count, s.Low, s.High)
	if s.Variance != 0 {
		text += fmt.Sprintf(":%d", s.Variance)
	}
	return text
}
