package chain

import (
	"context"
	"fmt"

	queryv1beta1 "cosmossdk.io/api/cosmos/base/query/v1beta1"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/terms"
)

// IsSecure reports whether a job is a secure sum. Then its spec says how it is made.
func (j Job) IsSecure() bool { return terms.Delivery(j.Spec.Delivery).IsSecure() }

// Statement returns what the job states to the owners whose grants it needs.
func (j Job) Statement() terms.Job {
	return terms.Job{
		Consumer: j.Consumer, ProgramID: j.Spec.ProgramId, Purpose: j.Spec.Purpose, PricePerMop: j.Spec.PricePerMop,
		MinCohort: j.Spec.MinCohort, Delivery: terms.Delivery(j.Spec.Delivery), MicroRho: j.SecureSum("").MicroRho,
		DataPerAlita: j.DataPerAlita,
	}
}

// Current reports whether a contribution was made to the present attempt of a job's round.
func (j Job) Current(c Contribution) bool { return c.Round == j.Round && c.Attempt == j.Attempt }

// IsNoised reports whether the answer has noise that hides a row, of which each seat hands in its own.
func (j Job) IsNoised() bool { return !j.Statement().Exact() }

// Noises are the noise vectors that seats have handed in for the present attempt, as contributions: their records are the operators of the
// seats, and they have neither an owner nor a version.
func (j Job) Noises() (all []Contribution) {
	for _, s := range j.Seats {
		if n := s.Noise; n != nil {
			all = append(all, Contribution{
				Record: s.Operator, Round: j.Round, Attempt: j.Attempt, Status: n.Status, Prepared: n.Prepared, Refused: n.Refused,
				ResultCommitment: n.Commitment,
			})
		}
	}
	return all
}

// IsNoise reports whether a contribution is a seat's noise.
func (c Contribution) IsNoise() bool { return isOperator(c.Record) }

// isOperator reports whether a name is a validator's address, and not the id of a record, which has 32 hexadecimal characters.
func isOperator(name string) bool { return len(name) != 32 }

// SecureSum says how the contributions to the present attempt of the job are added up. It means nothing in direct delivery.
func (j Job) SecureSum(chainID string) terms.SecureSum {
	sum := terms.SecureSum{
		Session: securesum.Session{Chain: chainID, Job: j.Id, Round: j.Round, Attempt: j.Attempt}, Draft: j.Vdaf,
		Length: j.Spec.Length,
	}
	if s := j.Spec.Secure; j.IsSecure() {
		sum.Seats, sum.Bits, sum.Ranges, sum.MicroRho = s.Seats, s.Bits, s.Ranges, s.MicroRho
	}
	return sum
}

// Bits is the width of a slot of a contribution. A secure sum can name one for the job; otherwise it is the program's.
func (j Job) Bits(program Program) uint32 { return j.SecureSum("").SlotBits(program.Program) }

// ProtocolOf is the secure sum of the present attempt of a job, as the chain has it. The errors are securesum.ErrShape, and
// terms.ErrDraft if this binary does not speak the job's draft.
func ProtocolOf(chainID string, job Job, program Program) (securesum.Protocol, error) {
	if !job.IsSecure() {
		return securesum.Protocol{}, fmt.Errorf("%w: delivery: expected a secure sum, got %s", securesum.ErrShape, job.Spec.Delivery)
	}
	return job.SecureSum(chainID).Protocol(program.Program)
}

// SharedVector is shares as a message carries them.
func SharedVector(s securesum.Shared, attempt uint32) *computev1.SharedVector {
	out := &computev1.SharedVector{PublicShare: s.PublicShare, Commitments: s.Commitments, Attempt: attempt}
	for _, v := range s.Sealed {
		out.Shares = append(out.Shares, &computev1.SealedVector{Enc: v.Enc, Ciphertext: v.Ciphertext})
	}
	return out
}

// SharesOf reads shares from a message.
func SharesOf(m *computev1.SharedVector) securesum.Shared {
	out := securesum.Shared{PublicShare: m.GetPublicShare(), Commitments: m.GetCommitments()}
	for _, v := range m.GetShares() {
		out.Sealed = append(out.Sealed, securesum.Sealed{Enc: v.GetEnc(), Ciphertext: v.GetCiphertext()})
	}
	return out
}

// MaxContributionBytes asks how large the shares of a contribution may be.
func (c *Client) MaxContributionBytes(ctx context.Context) (uint32, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Params(ctx, &computev1.QueryParamsRequest{})
	if err != nil {
		return 0, describe("parameters of jobs", err)
	}
	return res.GetParams().GetMaxContributionBytes(), nil
}

// JobsBySeat lists the open jobs in which the seat of an account sits, without the seats' keys. The error is ErrNotFound if
// the account signs for no seat.
func (c *Client) JobsBySeat(ctx context.Context, account string) ([]Job, error) {
	return pages(ctx, "jobs of the seat "+account, func(ctx context.Context, p *queryv1beta1.PageRequest) ([]Job, *queryv1beta1.PageResponse, error) {
		res, err := c.compute.JobsBySeat(ctx, &computev1.QueryJobsBySeatRequest{Account: account, Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return decodeAll(res.GetJobs(), jobOf, res.GetPagination())
	})
}

// Contributions lists the contributions to a job.
func (c *Client) Contributions(ctx context.Context, jobID string) ([]Contribution, error) {
	return pages(ctx, "contributions to "+jobID, func(ctx context.Context, p *queryv1beta1.PageRequest) ([]Contribution, *queryv1beta1.PageResponse, error) {
		res, err := c.compute.Contributions(ctx, &computev1.QueryContributionsRequest{JobId: jobID, Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return decodeAll(res.GetContributions(), contributionOf, res.GetPagination())
	})
}

// Shares asks for the shares of a record's contribution to a job, or of the noise of the seat of an operator.
func (c *Client) Shares(ctx context.Context, jobID, recordID string) (securesum.Shared, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Shares(ctx, &computev1.QuerySharesRequest{JobId: jobID, RecordId: recordID})
	if err != nil {
		return securesum.Shared{}, describe("shares of "+recordID+" to "+jobID, err)
	}
	return SharesOf(res.GetShared()), nil
}

// Preparations asks for the judgments of the seats about a record's contribution to a job, or about the noise of the seat of an operator.
func (c *Client) Preparations(ctx context.Context, jobID, recordID string) (Preparations, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Preparations(ctx, &computev1.QueryPreparationsRequest{JobId: jobID, RecordId: recordID})
	if err != nil {
		return Preparations{}, describe("preparations of "+recordID+" to "+jobID, err)
	}
	return Preparations{Shares: res.GetShares(), Message: res.GetMessage()}, nil
}
