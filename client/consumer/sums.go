package consumer

import (
	"bytes"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/x/compute/types"
)

// openSums opens the sums of a round with the reader's key, verifies each against
// its commitment, and adds them up. Asked is what the round has asked. The error is
// a *wrongSumError if a seat is to blame.
func openSums(saved savedRun, job types.Job, program types.Program, sums types.RoundSums, asked analysis.Job) ([]*big.Int, error) {
	if err := checkSums(job, sums, asked); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNode, err)
	}
	job.Round, job.Attempt = sums.Round, sums.Attempt
	protocol, err := types.ProtocolOf(saved.ChainID, job, program)
	if err != nil {
		return nil, err
	}
	shares := make([][]byte, len(sums.Sums))
	for i, s := range sums.Sums {
		opening := s.Sum
		if !job.Spec.Secure.PublicResult {
			key, err := saved.key(sums.ReaderKey)
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

// checkSums compares the sums of a round with what was asked, and with the job if it
// is in that round.
func checkSums(job types.Job, sums types.RoundSums, asked analysis.Job) error {
	seats := int(job.Spec.Secure.Seats)
	if len(sums.Sums) != seats || len(sums.Commitments) != seats || len(sums.Operators) != seats {
		return fmt.Errorf("round %d: expected %d sums, commitments and seats, got %d, %d and %d",
			sums.Round, seats, len(sums.Sums), len(sums.Commitments), len(sums.Operators))
	}
	if sums.Owners < job.Spec.MinCohort || sums.Valid < sums.Owners {
		return fmt.Errorf("round %d: expected at least %d owners, got %d with %d contributions", sums.Round, job.Spec.MinCohort, sums.Owners, sums.Valid)
	}
	if !bytes.Equal(sums.Input, asked.Input) || int(job.Spec.Length) != asked.Length {
		return fmt.Errorf("round %d: expected the input that was asked, got another one", sums.Round)
	}
	if err := checkNoise(job, asked); err != nil {
		return fmt.Errorf("round %d: %w", sums.Round, err)
	}
	if job.Round != sums.Round || len(job.Seats) != seats {
		return nil
	}
	if sums.Attempt != job.Attempt || sums.Valid != job.Valid || sums.Rows != job.ValidRows {
		return fmt.Errorf("round %d: expected the sum of %d contributions with %d rows in attempt %d, got %d with %d in attempt %d",
			sums.Round, job.Valid, job.ValidRows, job.Attempt, sums.Valid, sums.Rows, sums.Attempt)
	}
	for i, s := range job.Seats {
		if len(s.Commitment) > 0 && !bytes.Equal(s.Commitment, sums.Commitments[i]) {
			return fmt.Errorf("round %d: expected the job's commitment of seat %d, got another one", sums.Round, i)
		}
	}
	return nil
}
