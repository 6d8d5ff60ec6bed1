package keeper

import (
	"context"
	"crypto/subtle"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// AcceptSums implements types.MsgServer: it ends the time in which the reader can dispute the sums
// of a round.
func (k msgServer) AcceptSums(ctx context.Context, msg *types.MsgAcceptSums) (*types.MsgAcceptSumsResponse, error) {
	job, err := k.consumerJob(ctx, msg.Consumer, msg.JobId, types.JOB_STATUS_READING)
	if err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgAcceptSumsResponse{}, k.endPhase(ctx, job))
}

// DisputeSum implements types.MsgServer: it decides whether a seat has sealed a wrong sum to the
// reader. The evidence is the reader's private key, with which the chain opens the sealed sum. If the
// sum is wrong, the round starts again with another key of the reader.
func (k msgServer) DisputeSum(ctx context.Context, msg *types.MsgDisputeSum) (*types.MsgDisputeSumResponse, error) {
	job, err := k.consumerJob(ctx, msg.Consumer, msg.JobId, types.JOB_STATUS_READING)
	if err != nil {
		return nil, err
	}
	if uint64(msg.Seat) >= uint64(len(job.Seats)) {
		return nil, errorsmod.Wrapf(types.ErrInvalidSeat, "seat: expected below %d, got %d", len(job.Seats), msg.Seat)
	}
	if job, err = k.withQuestion(ctx, job); err != nil {
		return nil, err
	}
	private, err := seal.ParsePrivateKey(msg.ReaderPrivateKey)
	if err != nil {
		return nil, errorsmod.Wrap(types.ErrInvalidReaderKey, "reader_private_key: expected the private key of the job's reader_key, got no private key")
	}
	if subtle.ConstantTimeCompare(private.Public().Bytes(), job.Spec.ReaderKey) != 1 {
		return nil, errorsmod.Wrap(types.ErrInvalidReaderKey, "reader_private_key: expected the private key of the job's reader_key, got another key's")
	}
	if _, err := seal.ParsePublicKey(msg.ReaderKey); err != nil {
		return nil, errorsmod.Wrapf(types.ErrInvalidReaderKey, "reader_key: %s", err)
	}
	if string(msg.ReaderKey) == string(job.Spec.ReaderKey) {
		return nil, errorsmod.Wrap(types.ErrInvalidReaderKey, "reader_key: expected a new one, since everybody can read what is sealed to the old one, got the old one")
	}
	wrong, err := k.sumIsWrong(ctx, job, int(msg.Seat), private)
	if err != nil {
		return nil, err
	}
	if !wrong {
		return nil, errorsmod.Wrapf(types.ErrNoFault, "sum of seat %d: expected one that does not open its commitment, got one that does", msg.Seat)
	}
	if err := k.unschedule(ctx, job); err != nil {
		return nil, err
	}
	if err := k.Rounds.Remove(ctx, collections.Join(job.Id, uint64(job.Round))); err != nil {
		return nil, err
	}
	job.Spec.ReaderKey = msg.ReaderKey
	if err := k.setQuestion(ctx, job); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgDisputeSumResponse{}, k.replace(ctx, job, []int{int(msg.Seat)}, types.SEAT_FAULT_SUM))
}
