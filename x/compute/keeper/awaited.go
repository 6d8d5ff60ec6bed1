package keeper

import (
	"context"
	"slices"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// AwaitedSeat returns the operator of the seat whose answer a message is, if an open job waits for it, and nil else. It reads
// a few values and executes nothing, so that blocks can keep room for such messages.
func (k *Keeper) AwaitedSeat(ctx context.Context, msg sdk.Msg) []byte {
	var account, jobID string
	var phase types.JobStatus
	var awaits func(job types.Job, seat int) bool // beyond the phase
	switch m := msg.(type) {
	case *types.MsgTakeSeat:
		account, jobID, phase = m.Account, m.JobId, types.JOB_STATUS_SEATING
	case *types.MsgAddNoise:
		account, jobID, phase = m.Account, m.JobId, types.JOB_STATUS_CONTRIBUTING
		awaits = func(job types.Job, seat int) bool {
			return job.Seats[seat].Noise == nil && job.Round == m.Round && job.Attempt == m.Shared.Attempt
		}
	case *types.MsgPrepare:
		account, jobID, phase = m.Account, m.JobId, types.JOB_STATUS_VERIFYING
	case *types.MsgOpenSum:
		account, jobID, phase = m.Account, m.JobId, types.JOB_STATUS_AGGREGATING
	case *types.MsgAccuseSeat: // a seat whose noise was found invalid
		account, jobID, phase = m.Worker, m.JobId, types.JOB_STATUS_CONTESTING
		awaits = func(job types.Job, seat int) bool {
			return job.Seats[seat].Operator == m.RecordId && slices.Contains(job.InvalidNoise(), seat)
		}
	default:
		return nil
	}
	signer, err := k.addressCodec.StringToBytes(account)
	if err != nil {
		return nil
	}
	operator, err := k.SeatAccounts.Get(ctx, signer)
	if err != nil {
		return nil
	}
	if sits, err := k.SeatJobs.Has(ctx, collections.Join(operator, jobID)); err != nil || !sits {
		return nil
	}
	if awaits == nil {
		progress, err := k.JobProgress.Get(ctx, jobID)
		if err != nil || progress.Status != phase {
			return nil
		}
		return operator
	}
	job, ok := k.jobIn(ctx, jobID, phase)
	if !ok {
		return nil
	}
	name, err := k.validatorCodec.BytesToString(operator)
	if err != nil {
		return nil
	}
	if seat, found := job.SeatNamed(name); !found || !awaits(job, seat) {
		return nil
	}
	return operator
}

// Awaited reports whether an open job waits for a message of an owner, a worker or its consumer: a contribution of a record
// that can contribute and has not yet, a vector that is to be delivered, or evidence against a seat. It reads a few values and executes
// nothing, as AwaitedSeat.
func (k *Keeper) Awaited(ctx context.Context, msg sdk.Msg) bool {
	switch m := msg.(type) {
	case *types.MsgContribute:
		job, ok := k.jobIn(ctx, m.Attestation.JobId, types.JOB_STATUS_CONTRIBUTING)
		if !ok || job.Full() {
			return false
		}
		if _, err := k.earlier(ctx, job, m.Attestation.RecordId); err != nil {
			return false
		}
		record, err := k.contributable(ctx, job, m.Attestation.RecordId)
		return err == nil && k.signsFor(ctx, record.Owner, m.Worker)
	case *types.MsgDeliver:
		_, ok := k.jobIn(ctx, m.JobId, types.JOB_STATUS_DELIVERING)
		return ok && k.contributed(ctx, m.JobId, m.RecordId, m.Worker, types.CONTRIBUTION_STATUS_ATTESTED)
	case *types.MsgAccuseSeat:
		_, ok := k.jobIn(ctx, m.JobId, types.JOB_STATUS_CONTESTING)
		return ok && k.contributed(ctx, m.JobId, m.RecordId, m.Worker, types.CONTRIBUTION_STATUS_INVALID)
	case *types.MsgDisputeSum:
		job, ok := k.jobIn(ctx, m.JobId, types.JOB_STATUS_READING)
		return ok && job.Consumer == m.Consumer
	default:
		return false
	}
}

// jobIn returns a job, if it is in a phase.
func (k *Keeper) jobIn(ctx context.Context, id string, phase types.JobStatus) (types.Job, bool) {
	progress, err := k.JobProgress.Get(ctx, id)
	if err != nil || progress.Status != phase {
		return types.Job{}, false
	}
	job, err := k.job(ctx, id)
	return job, err == nil
}

// contributed reports whether a record has contributed to a job, with a status, and an account is its worker.
func (k *Keeper) contributed(ctx context.Context, jobID, recordID, worker string, status types.ContributionStatus) bool {
	c, err := k.Contributions.Get(ctx, collections.Join(jobID, recordID))
	if err != nil || c.Status != status {
		return false
	}
	if c.Worker == worker {
		return true
	}
	owner, err := k.addressCodec.StringToBytes(c.Owner)
	return err == nil && k.signsFor(ctx, owner, worker)
}

// signsFor reports whether an account is an owner or one of the owner's workers.
func (k *Keeper) signsFor(ctx context.Context, owner sdk.AccAddress, account string) bool {
	signer, err := k.addressCodec.StringToBytes(account)
	return err == nil && k.checkWorker(ctx, owner, signer) == nil
}
