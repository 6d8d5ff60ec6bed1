package cli

import (
	"bytes"
	"context"
	"fmt"
	"math/big"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/worker/result"
	"github.com/alita-network/alita/x/compute/types"
)

// finish waits for a job, opens what was delivered and shows the answer. The key
// is deleted once the answer is out.
func finish(ctx context.Context, cmd *cobra.Command, clientCtx client.Context, saved savedRun, key seal.PrivateKey) error {
	job, err := waitForEnd(ctx, cmd, clientCtx, saved.JobID)
	if err != nil {
		return err
	}
	contributions, err := allContributions(ctx, clientCtx, job.Id)
	if err != nil {
		return err
	}
	a := answer{}
	for _, c := range contributions {
		if err := a.add(ctx, clientCtx, saved, key, job, c); err != nil {
			return err
		}
	}
	for _, why := range a.unreadable {
		cmd.PrintErrf("left out: %s\n", why)
	}
	report, err := newReport(ctx, clientCtx, job, contributions, a)
	if err != nil {
		return err
	}
	if err := report.print(cmd, clientCtx.OutputFormat); err != nil {
		return err
	}
	if err := forgetRun(clientCtx.HomeDir, job.Id); err != nil {
		return fmt.Errorf("delete the reader's key: %w", err)
	}
	switch {
	case job.Status != types.JOB_STATUS_SETTLED:
		return fmt.Errorf("job %s failed: %s", job.Id, failureText(job))
	case len(a.unreadable) > 0:
		return fmt.Errorf("the answer lacks %d of %d delivered vectors", len(a.unreadable), len(a.unreadable)+a.vectors)
	}
	return nil
}

// allContributions returns every contribution to a job.
func allContributions(ctx context.Context, clientCtx client.Context, jobID string) ([]types.Contribution, error) {
	queries := types.NewQueryClient(clientCtx)
	var all []types.Contribution
	page := &query.PageRequest{Limit: 100}
	for {
		res, err := queries.Contributions(ctx, &types.QueryContributionsRequest{JobId: jobID, Pagination: page})
		if err != nil {
			return nil, fmt.Errorf("contributions: %w", err)
		}
		all = append(all, res.Contributions...)
		if len(res.Pagination.GetNextKey()) == 0 {
			return all, nil
		}
		page = &query.PageRequest{Key: res.Pagination.NextKey, Limit: 100}
	}
}

// answer is the sum of the vectors that could be opened.
type answer struct {
	sum        []*big.Int
	vectors    int
	unreadable []string
}

// add fetches, verifies and opens the vector of a contribution, if it was
// delivered. A vector that is not what its owner attested, or that does not open,
// is left out and named.
func (a *answer) add(ctx context.Context, clientCtx client.Context, saved savedRun, key seal.PrivateKey, job types.Job, c types.Contribution) error {
	record := c.Attestation.RecordId
	res, err := types.NewQueryClient(clientCtx).Delivery(ctx, &types.QueryDeliveryRequest{JobId: job.Id, RecordId: record})
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("vector of record %s: %w", record, err)
	}
	sealed := result.Sealed{Enc: res.Sealed.Enc, Ciphertext: res.Sealed.Ciphertext}
	if commitment := sealed.Commitment(); !bytes.Equal(commitment[:], c.Attestation.ResultCommitment) {
		a.unreadable = append(a.unreadable, fmt.Sprintf("record %s: the node returned another vector than the one attested", record))
		return nil
	}
	owner, err := addressCodec(clientCtx).StringToBytes(c.Owner)
	if err != nil {
		return err
	}
	vector, err := result.Open(key, result.Binding{
		ChainID: saved.ChainID, JobID: job.Id, RecordID: record, Version: c.Attestation.Version, Owner: owner,
	}, int(job.Spec.Length), sealed)
	if err != nil {
		a.unreadable = append(a.unreadable, fmt.Sprintf("record %s: %s", record, err))
		return nil
	}
	if a.sum, err = programs.Add(a.sum, vector); err != nil {
		return err
	}
	a.vectors++
	return nil
}

// table decodes the answer, or lists the slots of a program that does not ship here.
func (a *answer) table(job types.Job) (*programs.Table, error) {
	if a.vectors == 0 {
		return nil, nil
	}
	if p, found := shippedByID(job.Spec.ProgramId); found {
		t, err := p.Decode(job.Spec.Columns, job.Spec.Input, a.sum)
		return &t, err
	}
	t := &programs.Table{Header: []string{"slot", "sum"}}
	for i, v := range a.sum {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i), v.String()})
	}
	return t, nil
}
