package analysis

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/alita-network/alita/crypto/dgauss"
	"github.com/alita-network/alita/terms"
)

// ErrNoise means that an answer would be, or is, lost in its noise: there are too few rows for it.
var ErrNoise = errors.New("too few rows for the noise")

// DefaultSeats is the number of seats of a job with noise unless the job says otherwise.
const DefaultSeats = 3

// DefaultMicroRho is what a row discloses in a round of a job with noise unless the job says otherwise, in millionths of rho.
const DefaultMicroRho = 100_000

// Delta is the probability for which epsilon is shown.
const Delta = 1e-9

// Noised is a session whose answers have noise that hides each row.
type Noised interface {
	Session
	// Expect says what error the noise brings to the answer over that many rows. The error is ErrNoise if the answer would be lost in the noise;
	// it says how many rows would do.
	Expect(rows uint64) ([]Expected, error)
}

// Expected is the error that noise is expected to bring to a number of an answer.
type Expected struct {
	// Name says of what.
	Name string `json:"name"`
	// Error is the standard deviation of the noise in the number, in the unit of the column; of a count in rows.
	Error float64 `json:"error"`
}

// Text writes the error in words.
func (e Expected) Text() string {
	return e.Name + ": noise with a standard deviation of " + strconv.FormatFloat(e.Error, 'g', 3, 64)
}

// noiseOf is the noise in the slots of a sum.
type noiseOf struct {
	ranges   terms.Ranges
	microRho uint64
	seats    uint32
}

// variance is the variance of the noise in a slot of the sum.
func (n noiseOf) variance(slot int) float64 {
	for _, r := range n.ranges {
		if slot < int(r.Count) {
			return float64(r.Variance) * float64(terms.SecureSum{MicroRho: n.microRho, Seats: n.seats}.Noises())
		}
		slot -= int(r.Count)
	}
	return 0
}

// noised makes the state of a session over the row program of that name, with noise.
func (s *state) noised(ranges terms.Ranges) error {
	s.job.Ranges, s.job.MicroRho, s.job.Length = ranges, s.parameters.MicroRho, int(ranges.Length())
	if err := ranges.Validate(uint32(s.job.Length), s.job.MicroRho); err != nil {
		return fmt.Errorf("%w: %w", ErrParameters, err)
	}
	bits, err := ranges.Bits(s.parameters.MaxRows)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrParameters, err)
	}
	s.job.Bits = int(bits)
	return s.program.Shape.Check(len(s.columns), s.job.Length)
}

// noise is the noise in a sum of a round.
func (s *state) noise() noiseOf { return noiseOf{s.job.Ranges, s.job.MicroRho, s.parameters.Seats} }

// acceptNoised checks that a sum of rows can be one of the present round. Its slots may be anything.
func (s *state) acceptNoised(sum []*big.Int, contributions int) error {
	if s.done {
		return fmt.Errorf("%w: expected no sum after the last round, got one", ErrRounds)
	}
	if contributions < 1 {
		return fmt.Errorf("%w: contributions: expected at least 1, got %d", ErrVector, contributions)
	}
	if len(sum) != s.job.Length {
		return fmt.Errorf("%w: slots: expected %d, got %d", ErrVector, s.job.Length, len(sum))
	}
	return nil
}

// counts returns the slots from 1 on with 0 for those that the noise has made negative.
func counts(sum []*big.Int) []*big.Int {
	out := make([]*big.Int, len(sum)-1)
	for i, n := range sum[1:] {
		out[i] = n
		if n.Sign() < 0 {
			out[i] = new(big.Int)
		}
	}
	return out
}

// expectCounts says what noise does to counts in so many places, and refuses noise that is larger than the mean count of a place.
func (s *state) expectCounts(rows uint64, places int) ([]Expected, error) {
	sd := math.Sqrt(s.noise().variance(1))
	if need := math.Ceil(sd * float64(places)); float64(rows) < need {
		return nil, fmt.Errorf("%w: rows: expected at least %.0f, with which the mean of %d counts is as large as its noise, got %d; ask for fewer bins, or of owners with more rows, or for a larger rho",
			ErrNoise, need, places, rows)
	}
	return []Expected{{"each count", sd}}, nil
}

// NoiseReport says what the noise of an answer is, and what it cost the owners.
type NoiseReport struct {
	// MicroRho is what a row discloses of itself in a round, and the charge to its record's privacy budget, in millionths of rho.
	MicroRho uint64 `json:"micro_rho"`
	// Epsilon is the same as (epsilon, delta) differential privacy, with Delta.
	Epsilon float64 `json:"epsilon"`
	Delta   float64 `json:"delta"`
	// Seats is how many seats have added noise of the whole variance to the sum. It hides the rows as long as one of them is honest.
	Seats uint32 `json:"seats"`
	// Slots are the standard deviations of the noise in the sum, of so many slots that follow each other.
	Slots []SlotNoise `json:"slots"`
}

// SlotNoise is the standard deviation of the noise in each of some slots of a sum.
type SlotNoise struct {
	Count             uint32  `json:"count"`
	StandardDeviation float64 `json:"standard_deviation"`
}

// NewNoiseReport returns the report of a sum of so many seats; nil without noise.
func NewNoiseReport(ranges terms.Ranges, microRho uint64, seats uint32) *NoiseReport {
	if microRho == 0 {
		return nil
	}
	noise := noiseOf{ranges, microRho, seats}
	report := &NoiseReport{MicroRho: microRho, Epsilon: Epsilon(microRho, Delta), Delta: Delta, Seats: seats}
	at := 0
	for _, r := range ranges {
		report.Slots = append(report.Slots, SlotNoise{r.Count, math.Sqrt(noise.variance(at))})
		at += int(r.Count)
	}
	return report
}

// Text is the report in a sentence or two.
func (n NoiseReport) Text() string {
	text := fmt.Sprintf("noise hides each row: %s. Each owner's record was charged as much, in each round", RhoText(n.MicroRho))
	var parts []string
	for _, s := range n.Slots[1:] {
		parts = append(parts, strconv.FormatFloat(s.StandardDeviation, 'g', 4, 64))
	}
	if len(parts) == 1 {
		text += ". Each count has noise with a standard deviation of " + strings.Join(parts, "") + "; counts below zero are shown as zero"
	}
	return text
}

// RhoText writes a number of millionths of rho, with its epsilon.
func RhoText(microRho uint64) string {
	return fmt.Sprintf("rho %s (epsilon %.2f at delta %g)", strconv.FormatFloat(float64(microRho)/dgauss.Micro, 'g', -1, 64), Epsilon(microRho, Delta), Delta)
}

// ParseRho reads rho, a decimal number from 0.000001 on with at most six decimals, as millionths.
func ParseRho(text string) (uint64, error) {
	x, err := parseDecimal("rho", text)
	if err != nil {
		return 0, err
	}
	x.Mul(x, new(big.Rat).SetInt64(dgauss.Micro))
	if !x.IsInt() || x.Sign() <= 0 || x.Num().Cmp(big.NewInt(terms.MaxMicroRho)) > 0 {
		return 0, fmt.Errorf("%w: rho: expected 0.000001 to 1000000 with at most 6 decimals, got %s", ErrParameters, text)
	}
	return x.Num().Uint64(), nil
}

// Epsilon is the smallest epsilon for which a loss of microRho millionths of rho is (epsilon, delta) differential privacy by the bound of C.
// Canonne, G. Kamath, T. Steinke, "The discrete Gaussian for differential privacy", NeurIPS 2020 (arXiv:2004.00010), corollary 13: the least over a
// above 1 of a rho + log(1 - 1/a) - (log delta + log a) / (a - 1). Delta is above 0 and below 1.
func Epsilon(microRho uint64, delta float64) float64 {
	rho := float64(microRho) / dgauss.Micro
	at := func(x float64) float64 {
		a := 1 + math.Exp(x)
		return a*rho + math.Log1p(-1/a) - (math.Log(delta)+math.Log(a))/(a-1)
	}
	best := math.Inf(1)
	for x := -10.0; x < 16; x += 0.002 {
		best = min(best, at(x))
	}
	return max(best, 0)
}
