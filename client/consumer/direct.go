package consumer

import (
	"bytes"
	"context"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/x/compute/types"
)

// delivered are the vectors that owners have delivered to a job of direct delivery.
type delivered struct {
	contributions []types.Contribution
	sum           []*big.Int
	vectors       int
	leftOut       []string
}

// readDirect opens what the owners have delivered, each vector alone, once the job is
// over, and tells the session their sum.
func (r *Run) readDirect(ctx context.Context, job types.Job) error {
	if job.Open() {
		return nil
	}
	var d delivered
	var err error
	if d.contributions, err = r.chain.Contributions(ctx, job.Id); err != nil {
		return err
	}
	for _, w := range r.witnesses {
		if err := w.compareContributions(ctx, r.node, job, d.contributions); err != nil {
			return err
		}
	}
	for _, c := range d.contributions {
		if err := r.openVector(ctx, job, c, &d); err != nil {
			return err
		}
	}
	if d.vectors > 0 {
		if err := r.session.Advance(d.sum, d.vectors); err != nil {
			return &finalError{fmt.Errorf("the sum of the vectors is no answer of the program: %w", err)}
		}
	}
	r.direct = d
	return nil
}

// openVector fetches, verifies and opens the vector of a contribution, if it was
// delivered. A vector that its owner has not attested, or that does not open, is left
// out and named.
func (r *Run) openVector(ctx context.Context, job types.Job, c types.Contribution, d *delivered) error {
	record := c.Attestation.RecordId
	vector, err := r.chain.Delivery(ctx, job.Id, record)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("vector of record %s: %w", record, err)
	}
	sealed := result.Sealed{Enc: vector.Enc, Ciphertext: vector.Ciphertext}
	if commitment := sealed.Commitment(); !bytes.Equal(commitment[:], c.Attestation.ResultCommitment) {
		d.leftOut = append(d.leftOut, fmt.Sprintf("record %s: expected the attested vector, got another one from the node", record))
		return nil
	}
	owner, err := tx.AddressCodec().StringToBytes(c.Owner)
	if err != nil {
		return &finalError{err}
	}
	key, err := r.saved.key(job.Spec.ReaderKey)
	if err != nil {
		return &finalError{err}
	}
	opened, err := result.Open(key, result.Binding{
		ChainID: r.saved.ChainID, JobID: job.Id, RecordID: record, Version: c.Attestation.Version, Owner: owner,
	}, int(job.Spec.Length), sealed)
	if err != nil {
		d.leftOut = append(d.leftOut, fmt.Sprintf("record %s: %s", record, err))
		return nil
	}
	if d.sum, err = analysis.Add(d.sum, opened); err != nil {
		return &finalError{err}
	}
	d.vectors++
	return nil
}
