package analysis

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"strings"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/terms"
)

// ErrParameters means that the parameters do not fit the program or are out of range.
var ErrParameters = errors.New("bad parameters")

// ErrRounds means that a session was asked for a result before its first round, or given a sum after its last.
var ErrRounds = errors.New("not at this round")

// DefaultMaxRows is the largest number of rows of one owner that jobs are made for unless they say otherwise.
const DefaultMaxRows = 1_000_000

// Column is a column of a job, with its part of the program's parameters.
type Column struct {
	// Name is the column's name in the records.
	Name string `json:"name"`
	// Offset, Decimals and Bits say how its texts become integers, as in fixedpoint.Column.
	Offset   int64 `json:"offset,omitempty"`
	Decimals uint8 `json:"decimals,omitempty"`
	Bits     uint8 `json:"bits"`
	// Labels make it a column of labels, which stand for 0, 1 and so on; Offset, Decimals, Bits and bins follow from them. Other makes
	// one more category of all other texts, the last; without it they count as missing. See [SetLabels].
	Labels []string `json:"labels,omitempty"`
	Other  bool     `json:"other,omitempty"`
	// Lower, Width and Bins are for histogram and contingency: the lower edge of the first bin, the width of a bin, their number.
	Lower string `json:"lower,omitempty"`
	Width string `json:"width,omitempty"`
	Bins  int    `json:"bins,omitempty"`
	// Upper, and Lower if the program has no bins, are the ends of the range that a job with noise declares for the column, both included. Values
	// outside count as the nearest end. Empty stands for what the bits allow. The narrower the range, the less noise.
	Upper string `json:"upper,omitempty"`
	// Log is for the predictors of logistic: a number a makes the predictor ln(value + a); empty is the value itself.
	Log string `json:"log,omitempty"`
	// Scale is for kmeans: the factor of a value in a distance; empty is 1.
	Scale string `json:"scale,omitempty"`
}

// Fixed says how the texts of the column become integers.
func (c Column) Fixed() fixedpoint.Column {
	if labels := c.fixedLabels(); labels.Categorical() {
		return labels
	}
	return fixedpoint.Column{Offset: c.Offset, Decimals: c.Decimals, Bits: c.Bits}
}

// Parameters are a user's question to a program. They can be kept as JSON: a second session with the same parameters and the same
// sums is in the same state.
type Parameters struct {
	// Program is the name of a program that ships here. Of the row programs contingency_row, histogram_row and logistic_row are asked without noise,
	// as panels that name programs answer them.
	Program string `json:"program"`
	// Columns are read by the program in this order. For linear and logistic the first is the response.
	Columns []Column `json:"columns"`
	// MaxRows is the largest number of rows of one owner, 1 to 2^32-1; it sets the bits of a slot. 0 stands for DefaultMaxRows.
	MaxRows uint64 `json:"max_rows,omitempty"`
	// MaxRounds ends a session that has not converged; 0 stands for the program's own bound.
	MaxRounds int `json:"max_rounds,omitempty"`
	// Quantiles are for quantiles: decimal numbers above 0 and below 1, at most 64.
	Quantiles []string `json:"quantiles,omitempty"`
	// Clusters and Seed are for kmeans: the number of clusters, and the seed that their first places are drawn from.
	Clusters int    `json:"clusters,omitempty"`
	Seed     uint64 `json:"seed,omitempty"`
	// MicroRho asks for noise that hides each row: what a row may disclose of itself in a round, in millionths of rho, at most terms.MaxMicroRho.
	// 0 asks for an exact sum.
	MicroRho uint64 `json:"micro_rho,omitempty"`
	// Seats is the number of seats of the job. Each of them adds noise of the whole variance, so the errors that are said of an answer with noise
	// follow from it. 0 stands for DefaultSeats.
	Seats uint32 `json:"seats,omitempty"`
}

// Job is the question of a round to the owners.
type Job struct {
	// Columns are the names of the columns.
	Columns []string
	// Input is the input of the round.
	Input []byte
	// Length is the number of slots of the vector, Bits the bits of a slot; both are the same in every round.
	Length, Bits int
	// Ranges are those of a row program's slots, with their noise; nil for a program that takes batches. MicroRho is what a row may disclose of
	// itself in the round; 0 is an exact sum.
	Ranges   terms.Ranges
	MicroRho uint64
}

// Session is the reader's side of a job: it makes the input of each round from the sum of the one before.
type Session interface {
	// Program returns the program that the job runs.
	Program() programs.Program
	// Job returns the question of the present round, and after the end the question of the last round.
	Job() Job
	// Advance takes the sum of the vectors of the present round and their number. On an error the session is as before.
	Advance(sum []*big.Int, contributions int) error
	// MaxRounds returns the largest number of rounds.
	MaxRounds() int
	// Done reports whether the session has ended: the computation has converged or reached its bound of rounds.
	Done() bool
	// Result returns the answer after the rounds so far. It fails before the first round is over.
	Result() (Result, error)
}

// Round is the state of a session after a round.
type Round struct {
	// Contributions is the number of owners' vectors in the sum.
	Contributions int `json:"contributions"`
	// Loss is a number that the rounds make smaller, named LossName; empty for programs without one.
	Loss     float64 `json:"loss,omitempty"`
	LossName string  `json:"loss_name,omitempty"`
	// Note describes the progress of the round in words.
	Note string `json:"note,omitempty"`
}

// NewSession returns a session at its first round.
func NewSession(p Parameters) (Session, error) {
	program, err := programs.ByName(p.Program)
	if err != nil {
		return nil, err
	}
	if program.Row {
		return newByRow(program, p)
	}
	if p.MicroRho > 0 {
		if program, err = noisedProgram(p.Program); err != nil {
			return nil, err
		}
	}
	if p.MaxRows == 0 {
		p.MaxRows = DefaultMaxRows
	}
	if p.MaxRows > 1<<32-1 {
		return nil, fmt.Errorf("%w: rows of one owner: expected at most %d, got %d", ErrParameters, uint32(1<<32-1), p.MaxRows)
	}
	if p.Seats == 0 {
		p.Seats = DefaultSeats
	}
	if p.MaxRounds < 0 || p.MaxRounds > 1000 {
		return nil, fmt.Errorf("%w: rounds: expected 1 to 1000, got %d", ErrParameters, p.MaxRounds)
	}
	if n := len(p.Columns); n < program.Shape.MinColumns || n > program.Shape.MaxColumns {
		return nil, fmt.Errorf("%w: columns of %s: expected %d to %d, got %d", programs.ErrShape, p.Program, program.Shape.MinColumns, program.Shape.MaxColumns, n)
	}
	p.Columns = slices.Clone(p.Columns)
	for i := range p.Columns {
		c := &p.Columns[i]
		if err := c.check(program, i, p.MicroRho > 0); err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		if err := c.labelled(program.Binned); err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
	}
	s := state{program: program, parameters: p, rowBits: bits.Len64(p.MaxRows), maxRounds: p.MaxRounds}
	for _, c := range p.Columns {
		s.columns = append(s.columns, c.Fixed())
		s.job.Columns = append(s.job.Columns, c.Name)
	}
	if s.header, err = fixedpoint.AppendHeader(nil, s.columns); err != nil {
		return nil, err
	}
	if p.MicroRho > 0 {
		return newNoisedSession(s)
	}
	switch p.Program {
	case "moments":
		return newMomentsSession(s)
	case "histogram", "choice":
		return newHistogramSession(s)
	case "quantiles":
		return newQuantilesSession(s)
	case "contingency":
		return newContingencySession(s)
	case "linear":
		return newLinearSession(s)
	case "logistic":
		return newLogisticSession(s)
	case "kmeans":
		return newKMeansSession(s)
	}
	return nil, fmt.Errorf("%w: %q", programs.ErrUnknown, p.Program)
}

// newNoisedSession returns a session over a row program.
func newNoisedSession(s state) (Session, error) {
	switch s.parameters.Program {
	case "moments":
		return newNoisedMoments(s)
	case "histogram":
		return newNoisedHistogram(s)
	case "contingency":
		return newNoisedContingency(s)
	case "quantiles":
		return newNoisedQuantiles(s)
	case "linear":
		return newNoisedLinear(s)
	case "logistic":
		return newNoisedLogistic(s)
	case "kmeans":
		return newNoisedKMeans(s)
	}
	return nil, fmt.Errorf("%w: noise: expected none for %s, no row program answers it", ErrParameters, s.parameters.Program)
}

// check refuses parameters that the program would ignore.
func (c Column) check(program programs.Program, index int, noised bool) error {
	name := strings.TrimSuffix(program.Name, "_row")
	switch {
	case noised && c.Lower != "" && (name == "logistic" || name == "kmeans"):
		return fmt.Errorf("%w: lower: expected none for %s, whose columns begin at their offset, got %q", ErrParameters, name, c.Lower)
	case c.Upper != "" && name == "logistic" && index == 0:
		return fmt.Errorf("%w: upper: expected none for a response of 0 or 1, got %q", ErrParameters, c.Upper)
	case c.Name == "":
		return fmt.Errorf("%w: name: expected a column of the owners' files, got none", ErrParameters)
	case !program.Binned && (c.Width != "" || c.Bins != 0 || c.Lower != "" && !noised):
		return fmt.Errorf("%w: lower, width and bins: expected none for %s, got %q, %q and %d", ErrParameters, program.Name, c.Lower, c.Width, c.Bins)
	case c.Upper != "" && (program.Binned || !noised):
		return fmt.Errorf("%w: upper: expected none for %s, it is the end of a range that a sum with noise declares; got %q", ErrParameters, program.Name, c.Upper)
	case c.Log != "" && (name != "logistic" || index == 0):
		return fmt.Errorf("%w: log: expected none, except for the predictors of logistic, got %q", ErrParameters, c.Log)
	case c.Scale != "" && name != "kmeans":
		return fmt.Errorf("%w: scale: expected none, except for kmeans, got %q", ErrParameters, c.Scale)
	}
	return nil
}

// state is the part that all sessions share.
type state struct {
	program    programs.Program
	parameters Parameters
	columns    []fixedpoint.Column
	header     []byte
	rowBits    int // bits of the largest number of rows of an owner
	maxRounds  int
	job        Job
	rounds     []Round
	done       bool
	converged  bool
}

func (s *state) Program() programs.Program { return s.program }
func (s *state) Job() Job                  { return s.job }
func (s *state) Done() bool                { return s.done }
func (s *state) MaxRounds() int            { return s.maxRounds }

// shape sets the length and bits of the vector.
func (s *state) shape(length, slotBits int) error {
	s.job.Length, s.job.Bits = length, min(slotBits, s.program.Bits)
	return s.program.Shape.Check(len(s.columns), length)
}

// accept checks that a sum can be one of the present round.
func (s *state) accept(sum []*big.Int, contributions int) error {
	if err := s.acceptNoised(sum, contributions); err != nil {
		return err
	}
	// Every contribution is below 2^bits in each slot.
	limit := new(big.Int).Lsh(big.NewInt(int64(contributions)), uint(s.job.Bits))
	for i, v := range sum {
		if v.Sign() < 0 || v.Cmp(limit) >= 0 {
			return fmt.Errorf("%w: slot %d: expected at least 0 and below %s for %d contributions of %d bits, got %s",
				ErrVector, i, limit, contributions, s.job.Bits, v)
		}
	}
	if s.program.Kind == terms.VectorOneHot {
		total := new(big.Int)
		for _, v := range sum {
			total.Add(total, v)
		}
		if total.Cmp(big.NewInt(int64(contributions))) != 0 {
			return fmt.Errorf("%w: sum of the slots: expected %d, one for each contribution, got %s", ErrVector, contributions, total)
		}
	}
	return nil
}

// advance notes a finished round.
func (s *state) advance(r Round, converged bool) {
	s.rounds = append(s.rounds, r)
	s.converged = converged
	s.done = converged || len(s.rounds) >= s.maxRounds
}

// result returns the part of a result that all programs have.
func (s *state) result() (Result, error) {
	if len(s.rounds) == 0 {
		return Result{}, fmt.Errorf("%w: rounds so far: expected at least 1, got 0", ErrRounds)
	}
	return Result{
		Program:       s.program.Name,
		Columns:       s.job.Columns,
		Converged:     s.converged,
		Contributions: s.rounds[len(s.rounds)-1].Contributions,
		Rounds:        append([]Round(nil), s.rounds...),
	}, nil
}

// unit returns 10^-decimals of a column.
func unit(c fixedpoint.Column) *big.Rat { return pow10Rat(-int(c.Decimals)) }

// parseDecimal reads a decimal number such as -12.5.
func parseDecimal(what, text string) (*big.Rat, error) {
	if len(text) <= 40 {
		if err := fixedpointText(text); err == nil {
			if x, ok := new(big.Rat).SetString(text); ok {
				return x, nil
			}
		}
	}
	return nil, fmt.Errorf("%w: %s: expected a decimal number, got %q", ErrParameters, what, text)
}

// fixedpointText refuses the other forms that big.Rat reads: fractions, hexadecimal numbers, exponents.
func fixedpointText(text string) error {
	digits := 0
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' || (i == 0 && (c == '-' || c == '+')):
		default:
			return ErrParameters
		}
	}
	if digits == 0 {
		return ErrParameters
	}
	return nil
}
