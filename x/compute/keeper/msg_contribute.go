package keeper

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// Contribute implements types.MsgServer: it takes an attestation and reserves its fee. Everything
// that the attestation states is compared with the state; nothing of it is believed.
func (k msgServer) Contribute(ctx context.Context, msg *types.MsgContribute) (*types.MsgContributeResponse, error) {
	worker, signer, err := k.account("worker", msg.Worker)
	if err != nil {
		return nil, err
	}
	a := msg.Attestation
	if err := a.Validate(); err != nil {
		return nil, err
	}
	job, err := k.contributingJob(ctx, a)
	if err != nil {
		return nil, err
	}
	if err := k.checkShared(ctx, job, a, msg.Shared); err != nil {
		return nil, err
	}
	before, err := k.earlier(ctx, job, a.RecordId)
	if err != nil {
		return nil, err
	}
	record, err := k.contributable(ctx, job, a.RecordId)
	if err != nil {
		return nil, err
	}
	if err := k.checkWorker(ctx, record.Owner, worker); err != nil {
		return nil, err
	}
	if err := checkRecord(job.Spec, a, record); err != nil {
		return nil, err
	}
	program, err := k.Program(ctx, job.Spec.ProgramId)
	if err != nil {
		return nil, err
	}
	chargePayment(ctx)
	if err := job.Spec.CheckRows(program, a.Rows); err != nil {
		return nil, err
	}
	fee, err := bill(job, program, a)
	if err != nil {
		return nil, err
	}
	seatFee := math.ZeroInt()
	if job.IsSecure() {
		seatFee = job.SeatsFee()
	}
	reserved, err := reserve(job, types.Funds{Alita: fee.Alita.Add(seatFee), Data: fee.Data})
	if err != nil {
		return nil, err
	}
	total := job.Operations + a.Operations
	if total < job.Operations {
		return nil, errorsmod.Wrapf(types.ErrOverflow, "operations of the job: expected a sum below 2^64, got %d + %d", job.Operations, a.Operations)
	}
	if !job.OverPanels() {
		if err := k.metadataKeeper.CheckOutside(ctx, a.RecordId, record, !job.IsSecure()); err != nil {
			return nil, err
		}
	}
	owner, err := k.addressCodec.BytesToString(record.Owner)
	if err != nil {
		return nil, err
	}
	c := types.Contribution{
		Attestation: a,
		Owner:       owner,
		Worker:      signer,
		Status:      types.CONTRIBUTION_STATUS_ATTESTED,
		Fee:         fee,
		Height:      sdk.UnwrapSDKContext(ctx).BlockHeight(),
		Attempt:     job.Attempt,
		SeatFee:     seatFee,
	}
	if err := k.checkOwner(ctx, job, record.Owner, c, before); err != nil {
		return nil, err
	}
	if c.GrantId, err = k.setAside(ctx, job, a.RecordId, before); err != nil {
		return nil, err
	}
	if !job.IsSecure() {
		if err := k.metadataKeeper.NoteDelivered(ctx, record); err != nil {
			return nil, err
		}
	}

	if err := k.countOwner(ctx, job, record.Owner, c, before); err != nil {
		return nil, err
	}
	job.Reserved, job.Operations = reserved, total
	if job.IsSecure() {
		if err := k.addShares(ctx, &job, record.Owner, a.RecordId, *msg.Shared); err != nil {
			return nil, err
		}
	}
	return modulekit.Answer(&types.MsgContributeResponse{Fee: fee}, k.addContribution(ctx, job, record.Owner, c))
}

// contributingJob returns the job of an attestation, or an error if the job takes no more contributions.
func (k *Keeper) contributingJob(ctx context.Context, a types.Attestation) (types.Job, error) {
	job, err := k.job(ctx, a.JobId)
	if err != nil {
		return types.Job{}, err
	}
	if job.Status != types.JOB_STATUS_CONTRIBUTING {
		return types.Job{}, errorsmod.Wrapf(types.ErrWrongPhase, "phase: expected %s, got %s", types.JOB_STATUS_CONTRIBUTING, job.Status)
	}
	if height := sdk.UnwrapSDKContext(ctx).BlockHeight(); height > job.DeadlineHeight {
		return types.Job{}, errorsmod.Wrapf(types.ErrDeadline, "height: expected at most %d, got %d", job.DeadlineHeight, height)
	}
	if job.Full() {
		return types.Job{}, errorsmod.Wrapf(types.ErrCohortFull, "owners: expected fewer than %d, got %d", job.Spec.MaxCohort, job.Owners)
	}
	return job, nil
}

// checkWorker refuses an account that is neither the owner nor one of the owner's workers.
func (k *Keeper) checkWorker(ctx context.Context, owner, worker sdk.AccAddress) error {
	if owner.Equals(worker) {
		return nil
	}
	known, err := k.metadataKeeper.IsWorkerOf(ctx, owner, worker)
	if err != nil {
		return err
	}
	if known {
		return nil
	}
	text, err := k.addressCodec.BytesToString(worker)
	if err != nil {
		return err
	}
	return errorsmod.Wrapf(types.ErrNotWorker, "worker: expected the record's owner or one of the owner's registered workers, got %s", text)
}

// checkRecord compares an attestation with what the record has committed to.
func checkRecord(spec types.JobSpec, a types.Attestation, record metadatatypes.Contributable) error {
	if record.PoolID != spec.PoolId {
		return errorsmod.Wrapf(types.ErrWrongRecord, "pool of the record: expected %d, got %d", spec.PoolId, record.PoolID)
	}
	for _, c := range spec.Columns {
		if !slices.Contains(record.Columns, c) {
			return errorsmod.Wrapf(types.ErrWrongRecord, "columns of the record: expected %q among them, which the job reads, got none of that name", c)
		}
	}
	if a.Version != record.Version {
		return errorsmod.Wrapf(types.ErrWrongVersion, "version: expected %s, got %s", record.Version, a.Version)
	}
	if a.Rows != record.Rows {
		return errorsmod.Wrapf(types.ErrWrongRows, "rows: expected %d, got %d", record.Rows, a.Rows)
	}
	if !bytes.Equal(a.RowRoot, record.RowRoot) {
		return errorsmod.Wrapf(types.ErrWrongRows, "row_root: expected %x, got %x", record.RowRoot, a.RowRoot)
	}
	return nil
}

// bill returns the fee of a run. The error is ErrWrongOperations if the operations are not those of the cost model.
func bill(job types.Job, program types.Program, a types.Attestation) (types.Funds, error) {
	operations, err := program.Cost.Operations(a.Rows, uint32(len(job.Spec.Columns)), job.Spec.Length)
	if err != nil {
		return types.Funds{}, err
	}
	if a.Operations != operations {
		return types.Funds{}, errorsmod.Wrapf(types.ErrWrongOperations, "operations: expected %d for %d rows, got %d", operations, a.Rows, a.Operations)
	}
	return types.Fees(operations, job.Spec.PricePerMop, job.DataPerAlita)
}

// addContribution writes a contribution and counts it; a job that has become full is due in this very block.
func (k *Keeper) addContribution(ctx context.Context, job types.Job, owner sdk.AccAddress, c types.Contribution) error {
	a := c.Attestation
	key := collections.Join(job.Id, a.RecordId)
	if err := k.Contributions.Set(ctx, key, c); err != nil {
		return err
	}
	if err := k.Unsettled.Set(ctx, key); err != nil {
		return err
	}
	if !job.IsSecure() {
		_, err := k.Owners.Get(ctx, collections.Join(job.Id, []byte(owner)))
		switch {
		case errors.Is(err, collections.ErrNotFound):
			if err := k.Owners.Set(ctx, collections.Join(job.Id, []byte(owner)), false); err != nil {
				return err
			}
			job.Owners++
		case err != nil:
			return err
		}
	}
	job.Contributions++
	if err := k.setProgress(ctx, job); err != nil {
		return err
	}
	if job.Complete() {
		if err := k.reschedule(ctx, job.DeadlineHeight, c.Height, job.Id); err != nil {
			return err
		}
	}
	return modulekit.Emit(ctx, &types.EventContributed{
		JobId: job.Id, RecordId: a.RecordId, Owner: c.Owner, Rows: a.Rows, Operations: a.Operations, Fee: c.Fee,
	})
}
