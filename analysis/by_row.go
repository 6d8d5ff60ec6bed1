package analysis

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/terms"
)

// byRow asks a row program, without noise, what a session asks its twin that takes batches. Slot 0 counts the rows used, slot i + 1 is slot i of
// the twin. A value that does not fit costs a row there, and not a whole record.
type byRow struct {
	Session

	program programs.Program
	ranges  terms.Ranges
	bits    int
	// offsets are what each vector of the twin adds to its slots in addition to its rows; nil for nothing.
	offsets []*big.Int
}

// newByRow returns a session over a row program whose sums are exact.
func newByRow(program programs.Program, p Parameters) (Session, error) {
	p.Program = strings.TrimSuffix(p.Program, "_row")
	if p.MicroRho > 0 {
		return nil, fmt.Errorf("%w: program: expected %s with noise, which asks its row program, got %s", ErrParameters, p.Program, program.Name)
	}
	twin, err := NewSession(p)
	if err != nil {
		return nil, err
	}
	s := &byRow{Session: twin, program: program}
	length := twin.Job().Length
	switch p.Program {
	case "histogram", "contingency":
		s.ranges = terms.Ranges{{Count: uint32(length) + 1, High: 1}}
	case "logistic":
		of := twin.(*logisticSession)
		k, most := len(of.columns), int64(1)<<of.step.FractionBits
		s.ranges = terms.Ranges{
			{Count: 3, High: 1}, {Count: 1, High: most}, {Count: uint32(k), Low: -most, High: most}, {Count: uint32(length - 3 - k), High: most},
		}
		s.offsets = make([]*big.Int, length)
		for i := range k {
			s.offsets[3+i] = new(big.Int).Lsh(big.NewInt(1), uint(of.step.SlotBits-1))
		}
	default:
		return nil, fmt.Errorf("%w: program: expected %s with noise, which asks its row program, or contingency_row, histogram_row or logistic_row, got %s",
			ErrParameters, p.Program, program.Name)
	}
	most := p.MaxRows
	if most == 0 {
		most = DefaultMaxRows
	}
	bits, err := s.ranges.Bits(most)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrParameters, err)
	}
	s.bits = int(bits)
	return s, program.Shape.Check(len(p.Columns), length+1)
}

// Program implements Session.
func (s *byRow) Program() programs.Program { return s.program }

// Job implements Session.
func (s *byRow) Job() Job {
	job := s.Session.Job()
	job.Length, job.Bits, job.Ranges = job.Length+1, s.bits, slices.Clone(s.ranges)
	return job
}

// Advance implements Session: it takes the sum of the rows of all owners, as terms.SecureSum.Reveal gives it.
func (s *byRow) Advance(sum []*big.Int, contributions int) error {
	if want := s.Session.Job().Length + 1; len(sum) != want {
		return fmt.Errorf("%w: slots: expected %d, got %d", ErrVector, want, len(sum))
	}
	twin := slices.Clone(sum[1:])
	for i, offset := range s.offsets {
		if offset != nil {
			twin[i] = new(big.Int).Add(twin[i], new(big.Int).Mul(offset, big.NewInt(int64(contributions))))
		}
	}
	return s.Session.Advance(twin, contributions)
}
