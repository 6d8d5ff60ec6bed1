package terms

import (
	"errors"
	"fmt"
)

// MaxBits is the width of the widest slot: every slot of one vector is below 2^63, so it fits an int64.
const MaxBits = 63

// Errors of vectors, matched with errors.Is.
var (
	// ErrVector means that a statement about a vector contradicts itself.
	ErrVector = errors.New("invalid vector")
	// ErrRows means that a record of that many rows cannot contribute to a job over the program.
	ErrRows = errors.New("wrong number of rows")
)

// VectorKind says how the slots of a program's vector behave. The chain's interface has the same values.
type VectorKind uint32

const (
	// VectorSum is a vector of sums, each below 2^bits. Its proof in a secure sum is of the range of each slot (Prio3SumVec).
	VectorSum VectorKind = 1
	// VectorHistogram is a vector of counts, each below 2^bits: the histogram of one owner's rows. Its proof is of the range of
	// each slot, too (Prio3SumVec, not Prio3Histogram).
	VectorHistogram VectorKind = 2
	// VectorOneHot is a vector in which one slot is one and the others are zero: the answer of an owner who has one row. Its proof
	// says just that (Prio3Histogram), and takes far fewer bytes than a proof of ranges.
	VectorOneHot VectorKind = 3
)

var vectorKinds = map[VectorKind]string{VectorSum: "sum", VectorHistogram: "histogram", VectorOneHot: "one_hot"}

// String returns the name of the kind in files and messages: "sum", "histogram" or "one_hot".
func (k VectorKind) String() string {
	if name, known := vectorKinds[k]; known {
		return name
	}
	return fmt.Sprintf("kind %d", uint32(k))
}

// ParseVectorKind reads the name of a kind.
func ParseVectorKind(name string) (VectorKind, error) {
	for _, k := range []VectorKind{VectorSum, VectorHistogram, VectorOneHot} {
		if k.String() == name {
			return k, nil
		}
	}
	return 0, fmt.Errorf("%w: kind: expected %s, %s or %s, got %.40q", ErrVector, VectorSum, VectorHistogram, VectorOneHot, name)
}

// validateVector checks what a program states about its vector.
func (p Program) validateVector() error {
	if _, known := vectorKinds[p.Kind]; !known {
		return fmt.Errorf("%w: kind: expected %s, %s or %s, got %s", ErrVector, VectorSum, VectorHistogram, VectorOneHot, p.Kind)
	}
	if p.Bits < 1 || p.Bits > MaxBits {
		return fmt.Errorf("%w: bits: expected 1 to %d, got %d", ErrVector, MaxBits, p.Bits)
	}
	if p.Kind == VectorOneHot && p.Row {
		return fmt.Errorf("%w: kind of a row program: expected %s or %s, its rows are added up; got %s", ErrVector, VectorSum, VectorHistogram, p.Kind)
	}
	if p.Kind == VectorOneHot && p.Bits != 1 {
		return fmt.Errorf("%w: bits: expected 1 for %s, its slots are 0 or 1; got %d", ErrVector, p.Kind, p.Bits)
	}
	return nil
}

// CheckRows checks that a record with that many committed rows can contribute to a job over a program of this kind. The error is
// ErrRows. A one-hot vector is the answer of exactly one row. The number of rows is public, so everybody decides this alike and
// before a file is opened, and the answer says nothing about the data.
func (k VectorKind) CheckRows(rows uint64) error {
	if k == VectorOneHot && rows != 1 {
		return fmt.Errorf("%w: expected 1 for a program of %s, got %d", ErrRows, k, rows)
	}
	return nil
}

// Contributing returns the totals over the records of a pool that CheckRows lets contribute to a program of this kind. The totals
// over all records are all, and singleRow of the records have a single row.
func (k VectorKind) Contributing(all Totals, singleRow uint64) Totals {
	if k == VectorOneHot {
		return Totals{Runs: singleRow, Rows: singleRow, Batches: singleRow}
	}
	return all
}
