package keeper

import (
	"context"
	"crypto/subtle"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
)

// acceptSums ends the time in which the reader can dispute the sums of a round.
func (k *Keeper) acceptSums(ctx context.Context, msg *types.MsgAcceptSums) error {
	job, err := k.consumerJob(ctx, msg.Consumer, msg.JobId, types.JOB_STATUS_READING)
	if err != nil {
		return err
	}
	return k.endPhase(ctx, job)
}

// disputeSum decides on the reader's evidence that a seat has sealed a wrong sum to it: its private key, with which the
// chain opens what the seat has sealed. Where the seat is wrong the round begins anew, for another key of the reader.
func (k *Keeper) disputeSum(ctx context.Context, msg *types.MsgDisputeSum) error {
	job, err := k.consumerJob(ctx, msg.Consumer, msg.JobId, types.JOB_STATUS_READING)
	if err != nil {
		return err
	}
	if uint64(msg.Seat) >= uint64(len(job.Seats)) {
		return errorsmod.Wrapf(types.ErrInvalidSeat, "seat %d: expected below %d", msg.Seat, len(job.Seats))
	}
	if job, err = k.withQuestion(ctx, job); err != nil {
		return err
	}
	private, err := seal.ParsePrivateKey(msg.ReaderPrivateKey)
	if err != nil {
		return errorsmod.Wrap(types.ErrInvalidReaderKey, "reader_private_key: expected the private key of the job's reader_key")
	}
	if subtle.ConstantTimeCompare(private.Public().Bytes(), job.Spec.ReaderKey) != 1 {
		return errorsmod.Wrap(types.ErrInvalidReaderKey, "reader_private_key: expected the private key of the job's reader_key")
	}
	if _, err := seal.ParsePublicKey(msg.ReaderKey); err != nil {
		return errorsmod.Wrapf(types.ErrInvalidReaderKey, "reader_key: %s", err)
	}
	if string(msg.ReaderKey) == string(job.Spec.ReaderKey) {
		return errorsmod.Wrap(types.ErrInvalidReaderKey, "reader_key: expected a new one, everybody can read what is sealed to the old one")
	}
	wrong, err := k.sumIsWrong(ctx, job, int(msg.Seat), private)
	if err != nil {
		return err
	}
	if !wrong {
		return errorsmod.Wrapf(types.ErrNoFault, "what seat %d has sealed opens its commitment", msg.Seat)
	}
	if err := k.unschedule(ctx, job); err != nil {
		return err
	}
	if err := k.Rounds.Remove(ctx, collections.Join(job.Id, uint64(job.Round))); err != nil {
		return err
	}
	job.Spec.ReaderKey = msg.ReaderKey
	if err := k.setQuestion(ctx, job); err != nil {
		return err
	}
	return k.replace(ctx, job, []int{int(msg.Seat)}, types.SEAT_FAULT_SUM)
}

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
		return types.Job{}, errorsmod.Wrapf(types.ErrNotConsumer, "expected %s, got %s", job.Consumer, signer)
	}
	return job, checkPhase(ctx, job, phase)
}
