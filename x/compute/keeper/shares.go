package keeper

import (
	"bytes"
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/x/compute/types"
)

// protocol returns the protocol of a job's present attempt.
func (k *Keeper) protocol(ctx context.Context, job types.Job) (securesum.Protocol, error) {
	program, err := k.Program(ctx, job.Spec.ProgramId)
	if err != nil {
		return securesum.Protocol{}, err
	}
	chargeRanges(ctx, job.Spec)
	return types.ProtocolOf(sdk.UnwrapSDKContext(ctx).ChainID(), job, program)
}

// checkShared refuses shares that no honest worker could have sent to the present attempt of a job.
func (k *Keeper) checkShared(ctx context.Context, job types.Job, a types.Attestation, shared *types.SharedVector) error {
	if a.Round != job.Round {
		return errorsmod.Wrapf(types.ErrWrongAttempt, "round: expected %d, got %d", job.Round, a.Round)
	}
	if !job.IsSecure() {
		if shared != nil {
			return errorsmod.Wrap(types.ErrInvalidShares, "shared: expected none in direct delivery, got one")
		}
		return nil
	}
	if shared == nil {
		return errorsmod.Wrap(types.ErrInvalidShares, "shared: expected the shares of the vector in a secure sum, got none")
	}
	if shared.Attempt != job.Attempt {
		return errorsmod.Wrapf(types.ErrWrongAttempt, "attempt: expected %d, got %d", job.Attempt, shared.Attempt)
	}
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return err
	}
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gasPerShares, "checking shares")
	if err := sum.CheckShared(shared.Proto()); err != nil {
		return errorsmod.Wrap(types.ErrInvalidShares, err.Error())
	}
	if got := securesum.Hash(shared.Proto()); !bytes.Equal(got[:], a.ResultCommitment) {
		return errorsmod.Wrapf(types.ErrCommitmentMismatch, "hash of shared: expected result_commitment, %x, got %x", a.ResultCommitment, got)
	}
	return nil
}

// earlier returns the contribution that a record has made to an earlier attempt or round of a secure sum; nil if it
// has made none. The error is ErrAlreadyContributed if it has contributed to the present attempt.
func (k *Keeper) earlier(ctx context.Context, job types.Job, recordID string) (*types.Contribution, error) {
	c, err := k.Contributions.Get(ctx, collections.Join(job.Id, recordID))
	switch {
	case errors.Is(err, collections.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case !job.IsSecure() || job.Current(c):
		return nil, errorsmod.Wrapf(types.ErrAlreadyContributed, "contributions of record %s to job %s: expected one, got a second", recordID, job.Id)
	}
	return &c, nil
}

// addShares stores the shares of a contribution and counts its owner.
func (k *Keeper) addShares(ctx context.Context, job *types.Job, owner sdk.AccAddress, recordID string, shared types.SharedVector) error {
	key := collections.Join(job.Id, recordID)
	// An earlier attempt may have left some behind.
	if err := k.dropShares(ctx, *job, key); err != nil {
		return err
	}
	if err := k.Shares.Set(ctx, key, shared); err != nil {
		return err
	}
	ownerKey := collections.Join(job.Id, []byte(owner))
	before, err := k.RoundOwners.Get(ctx, ownerKey)
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return err
	}
	if err == nil && before == job.OwnerMark(false) {
		return nil
	}
	job.Owners++
	return k.RoundOwners.Set(ctx, ownerKey, job.OwnerMark(false))
}

// dropShares removes the shares of a contribution and the seats' answers about them. Nobody needs them any more.
func (k *Keeper) dropShares(ctx context.Context, job types.Job, key collections.Pair[string, string]) error {
	if err := k.Shares.Remove(ctx, key); err != nil {
		return err
	}
	if err := k.Messages.Remove(ctx, key); err != nil {
		return err
	}
	for i := range job.Spec.Secure.Seats {
		if err := k.Prepared.Remove(ctx, collections.Join3(key.K1(), key.K2(), uint64(i))); err != nil {
			return err
		}
	}
	return nil
}

// contributionOf returns the values that a contribution's shares are bound to.
func contributionOf(c types.Contribution, owner sdk.AccAddress) securesum.Contribution {
	return securesum.Contribution{Record: c.Attestation.RecordId, Version: c.Attestation.Version, Owner: owner}
}
