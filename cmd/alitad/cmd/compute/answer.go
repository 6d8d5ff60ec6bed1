package compute

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/x/compute/types"
)

// answer is what a job has brought.
type answer struct {
	// result is nil where there is none.
	result     *analysis.Result
	sum        []*big.Int
	owners     uint32
	vectors    int
	unreadable []string
	// stuck is why there is less than was asked for.
	stuck error
}

// finish sees a job through, and shows its answer and its bill. The keys are deleted once the answer is out.
func finish(ctx context.Context, cmd *cobra.Command, clientCtx client.Context, run *savedRun) error {
	node := nodeChain{clientCtx, cmd.Flags()}
	r, err := newReader(node, clientCtx.HomeDir, run, newProgress(cmd.ErrOrStderr()))
	if err != nil {
		return err
	}
	r.node = clientCtx.NodeURI
	if r.witnesses, err = openWitnesses(ctx, clientCtx, run.ChainID, run.CheckNodes); err != nil {
		return err
	}
	job, err := r.follow(ctx)
	if err != nil {
		return err
	}
	a := r.answer()
	rounds := run.Rounds
	if !job.IsSecure() {
		rounds = []roundBill{billOfRound(job, r.contributions)}
		if a, err = directAnswer(ctx, clientCtx, *run, job, r.contributions, r.session); err != nil {
			return err
		}
	}
	for _, why := range a.unreadable {
		cmd.PrintErrf("left out: %s\n", why)
	}
	report, err := newReport(ctx, clientCtx, job, newBill(job, rounds), a)
	if err != nil {
		return err
	}
	if err := report.print(cmd, clientCtx.OutputFormat); err != nil {
		return err
	}
	if err := plot(cmd, run.Plot, a); err != nil {
		return err
	}
	if err := forgetRun(clientCtx.HomeDir, job.Id); err != nil {
		return fmt.Errorf("delete the reader's key: %w", err)
	}
	switch {
	case job.Status != types.JOB_STATUS_SETTLED:
		return fmt.Errorf("job %s failed: %s", job.Id, failureText(job))
	case a.stuck != nil:
		return a.stuck
	case len(a.unreadable) > 0:
		return fmt.Errorf("the answer lacks %d of %d delivered vectors", len(a.unreadable), len(a.unreadable)+a.vectors)
	}
	return nil
}

// answer is what the rounds have brought.
func (r *reader) answer() answer {
	a := answer{sum: r.sum, owners: r.owners, stuck: r.stuck}
	if result, err := r.session.Result(); err == nil {
		a.result, a.vectors = &result, result.Contributions
	}
	return a
}

// plot draws the answer to a file, where one is asked for.
func plot(cmd *cobra.Command, file string, a answer) error {
	if file == "" || a.result == nil {
		return nil
	}
	svg, err := a.result.SVG()
	if errors.Is(err, analysis.ErrNoPlot) {
		cmd.PrintErrf("--%s: nothing is drawn: %s\n", flagPlot, err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("--%s: %w", flagPlot, err)
	}
	if err := os.WriteFile(file, svg, 0o600); err != nil {
		return fmt.Errorf("--%s: %w", flagPlot, err)
	}
	cmd.PrintErrf("drawn to %s\n", file)
	return nil
}

// directAnswer opens what the owners have delivered, each alone.
func directAnswer(ctx context.Context, clientCtx client.Context, run savedRun, job types.Job, contributions []types.Contribution, session analysis.Session) (answer, error) {
	a := answer{owners: job.DeliveredOwners}
	for _, c := range contributions {
		if err := a.add(ctx, clientCtx, run, job, c); err != nil {
			return a, err
		}
	}
	if a.vectors == 0 {
		return a, nil
	}
	if err := session.Advance(a.sum, a.vectors); err != nil {
		return a, fmt.Errorf("the sum of the vectors is no answer of the program: %w", err)
	}
	result, err := session.Result()
	a.result = &result
	return a, err
}

// add fetches, verifies and opens the vector of a contribution, if it was
// delivered. A vector that is not what its owner attested, or that does not open,
// is left out and named.
func (a *answer) add(ctx context.Context, clientCtx client.Context, run savedRun, job types.Job, c types.Contribution) error {
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
	key, err := run.key(job.Spec.ReaderKey)
	if err != nil {
		return err
	}
	vector, err := result.Open(key, result.Binding{
		ChainID: run.ChainID, JobID: job.Id, RecordID: record, Version: c.Attestation.Version, Owner: owner,
	}, int(job.Spec.Length), sealed)
	if err != nil {
		a.unreadable = append(a.unreadable, fmt.Sprintf("record %s: %s", record, err))
		return nil
	}
	if a.sum, err = analysis.Add(a.sum, vector); err != nil {
		return err
	}
	a.vectors++
	return nil
}
