package compute

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/x/compute/types"
)

// errNode is an answer of a node that contradicts what the reader knows.
var errNode = errors.New("the node's answer contradicts itself; ask another one with --node")

// wrongSumError names a seat whose sum does not open its commitment.
type wrongSumError struct {
	seat     int
	operator string
	err      error
}

func (e *wrongSumError) Error() string {
	return fmt.Sprintf("the sum of seat %d (%s) does not open its commitment: %v", e.seat, e.operator, e.err)
}

func (e *wrongSumError) Unwrap() error { return e.err }

// openSums opens the sums of a round with the reader's key, verifies each against its commitment, and adds them up. The question is what
// the round has asked. The error is a *wrongSumError where a seat is to blame.
func openSums(run savedRun, job types.Job, program types.Program, sums types.RoundSums, asked analysis.Job) ([]*big.Int, error) {
	if err := checkSums(job, sums, asked); err != nil {
		return nil, fmt.Errorf("%w: %w", errNode, err)
	}
	job.Round, job.Attempt = sums.Round, sums.Attempt
	protocol, err := types.ProtocolOf(run.ChainID, job, program)
	if err != nil {
		return nil, err
	}
	shares := make([][]byte, len(sums.Sums))
	for i, s := range sums.Sums {
		opening := s.Sum
		if !job.Spec.Secure.PublicResult {
			key, err := run.key(sums.ReaderKey)
			if err != nil {
				return nil, err
			}
			if opening, err = protocol.OpenSealed(key, i, s.Sealed.Enc, s.Sealed.Ciphertext); err != nil {
				return nil, &wrongSumError{i, sums.Operators[i], err}
			}
		}
		if shares[i], err = protocol.VerifyOpening(sums.Commitments[i], uint64(sums.Valid), opening); err != nil {
			return nil, &wrongSumError{i, sums.Operators[i], err}
		}
	}
	return protocol.Unshard(shares, uint64(sums.Valid))
}

// checkSums compares the sums of a round with what was asked, and with the job where it is in that round.
func checkSums(job types.Job, sums types.RoundSums, asked analysis.Job) error {
	seats := int(job.Spec.Secure.Seats)
	if len(sums.Sums) != seats || len(sums.Commitments) != seats || len(sums.Operators) != seats {
		return fmt.Errorf("round %d has %d sums, %d commitments and %d seats: expected %d of each",
			sums.Round, len(sums.Sums), len(sums.Commitments), len(sums.Operators), seats)
	}
	if sums.Owners < job.Spec.MinCohort || sums.Valid < sums.Owners {
		return fmt.Errorf("round %d sums %d contributions of %d owners: expected at least %d owners", sums.Round, sums.Valid, sums.Owners, job.Spec.MinCohort)
	}
	if !bytes.Equal(sums.Input, asked.Input) || int(job.Spec.Length) != asked.Length {
		return fmt.Errorf("round %d answers another input than the one that was asked", sums.Round)
	}
	if job.Round != sums.Round || len(job.Seats) != seats {
		return nil
	}
	if sums.Attempt != job.Attempt || sums.Valid != job.Valid {
		return fmt.Errorf("round %d has the sum of %d contributions in attempt %d: expected %d in attempt %d",
			sums.Round, sums.Valid, sums.Attempt, job.Valid, job.Attempt)
	}
	for i, s := range job.Seats {
		if len(s.Commitment) > 0 && !bytes.Equal(s.Commitment, sums.Commitments[i]) {
			return fmt.Errorf("round %d has another commitment of seat %d than the job", sums.Round, i)
		}
	}
	return nil
}
