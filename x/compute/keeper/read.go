package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
)

// sumIsWrong reports whether what a seat has sealed to the reader does not open its commitment.
func (k *Keeper) sumIsWrong(ctx context.Context, job types.Job, seat int, private seal.PrivateKey) (bool, error) {
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gasPerAccusation+gasPerSlotOpened*uint64(job.Spec.Length), "opening a sum")
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return false, err
	}
	round, err := k.Rounds.Get(ctx, collections.Join(job.Id, uint64(job.Round)))
	if err != nil {
		return false, err
	}
	sealed := round.Sums[seat].Sealed
	opening, err := sum.OpenSealed(private, seat, sealed.Enc, sealed.Ciphertext)
	if err != nil {
		return true, nil
	}
	_, err = sum.VerifyOpening(job.Seats[seat].Commitment, uint64(job.Valid), opening)
	return err != nil, nil
}

// consumerJob returns a job of a consumer that is in a phase.
func (k *Keeper) consumerJob(ctx context.Context, consumer, jobID string, phase types.JobStatus) (types.Job, error) {
	_, signer, err := k.account("consumer", consumer)
	if err != nil {
		return types.Job{}, err
	}
	job, err := k.job(ctx, jobID)
	if err != nil {
		return types.Job{}, err
	}
	if job.Consumer != signer {
		return types.Job{}, errorsmod.Wrapf(types.ErrNotConsumer, "consumer: expected %s, got %s", job.Consumer, signer)
	}
	return job, checkPhase(ctx, job, phase)
}
