package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// In a sum with noise each seat hands in one vector of its own noise before the window for contributions closes. It is shared, judged and
// added as a contribution is, under the operator's address in place of a record, and has no owner, rows, grant or fee. A sum begins to be
// opened only with the valid noise of all of its seats.

// noiseProtocol returns the protocol of the noise of a job's seats. The error is ErrInvalidShares if the job has no noise.
func noiseProtocol(job types.Job, sum securesum.Protocol) (securesum.Protocol, error) {
	noise, noised := sum.Noise()
	if !noised {
		return noise, errorsmod.Wrapf(types.ErrInvalidShares, "noise: expected none in an exact sum, got one for job %s", job.Id)
	}
	return noise, nil
}

// chargeProof charges for checking the proof of a noise vector.
func chargeProof(ctx context.Context, protocol securesum.Protocol) {
	gas := terms.ProofGas(protocol.ProvedBits(), protocol.Slots())
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gasPerShares+gas, "checking noise")
}

// storeNoise stores the noise of a seat.
func (k *Keeper) storeNoise(ctx context.Context, job *types.Job, seat int, shared types.SharedVector) error {
	hash := securesum.Hash(shared.Proto())
	job.Seats[seat].Noise = &types.SeatNoise{Commitment: hash[:], Status: types.CONTRIBUTION_STATUS_ATTESTED}
	return k.Shares.Set(ctx, collections.Join(job.Id, job.Seats[seat].Operator), shared)
}

// dropNoise removes the noise of a job's seats. Nobody needs it any more.
func (k *Keeper) dropNoise(ctx context.Context, job *types.Job) error {
	for i, s := range job.Seats {
		if s.Noise == nil {
			continue
		}
		if err := k.dropShares(ctx, *job, collections.Join(job.Id, s.Operator)); err != nil {
			return err
		}
		job.Seats[i].Noise = nil
	}
	return nil
}

// addNoisePreparation takes what a seat says of the noise of a seat, its own included.
func (k *Keeper) addNoisePreparation(ctx context.Context, job *types.Job, sum securesum.Protocol, seat, of int, p types.Preparation) error {
	noise := job.Seats[of].Noise
	if noise == nil {
		return errorsmod.Wrapf(types.ErrContributionNotFound, "record_id: expected a seat that has handed in noise for round %d, attempt %d, got %s", job.Round, job.Attempt, p.RecordId)
	}
	bit := uint32(1) << seat
	if noise.Prepared&bit != 0 {
		return errorsmod.Wrapf(types.ErrSeatTaken, "preparations of seat %d for the noise of %s: expected one, got a second", seat, p.RecordId)
	}
	protocol, err := noiseProtocol(*job, sum)
	if err != nil {
		return err
	}
	refused, err := k.storePreparation(ctx, job.Id, protocol, seat, p)
	if err != nil {
		return err
	}
	if refused {
		noise.Refused |= bit
	}
	noise.Prepared |= bit
	if !noise.Judged(len(job.Seats)) {
		return nil
	}
	return k.judgeNoise(ctx, job, protocol, of)
}

// judgeNoise combines the preparation shares of a seat's noise, as judge does for a contribution.
func (k *Keeper) judgeNoise(ctx context.Context, job *types.Job, protocol securesum.Protocol, of int) error {
	operator, noise := job.Seats[of].Operator, job.Seats[of].Noise
	noise.Status = types.CONTRIBUTION_STATUS_INVALID
	if noise.Refused == 0 {
		shared, err := k.Shares.Get(ctx, collections.Join(job.Id, operator))
		if err != nil {
			return err
		}
		message, err := k.combine(ctx, *job, protocol, terms.NoiseOf(operator), shared.PublicShare)
		switch {
		case errors.Is(err, securesum.ErrInvalid):
		case err != nil:
			return err
		default:
			noise.Status = types.CONTRIBUTION_STATUS_VALID
			if err := k.addCommitments(ctx, job, operator, shared.Commitments, message); err != nil {
				return err
			}
		}
	}
	return modulekit.Emit(ctx, &types.EventJudged{
		JobId: job.Id, RecordId: operator, Valid: noise.Status == types.CONTRIBUTION_STATUS_VALID, Refused: noise.Refused,
	})
}

// judgesNoise reports whether a seat has judged the noise of all seats.
func judgesNoise(job types.Job, seat int) bool {
	for _, s := range job.Seats {
		if s.Noise != nil && s.Noise.Prepared&(1<<seat) == 0 {
			return false
		}
	}
	return true
}

// liedAboutNoise reports whether a seat has judged another seat's noise wrongly. Only the account of the seat whose noise was found invalid
// can ask, since nobody else knows the randomness of its shares.
func (k *Keeper) liedAboutNoise(ctx context.Context, job types.Job, of int, account sdk.AccAddress, seat int, randomness []byte) (bool, error) {
	s := job.Seats[of]
	owner, err := k.address("account", s.Account)
	if err != nil {
		return false, err
	}
	if !owner.Equals(account) {
		return false, errorsmod.Wrapf(types.ErrNotSeat, "worker: expected %s, the account of the seat whose noise it is, got another one", s.Account)
	}
	if s.Noise == nil || s.Noise.Status != types.CONTRIBUTION_STATUS_INVALID {
		return false, errorsmod.Wrapf(types.ErrNoFault, "noise of seat %s: expected %s in round %d, attempt %d, got another one",
			s.Operator, types.CONTRIBUTION_STATUS_INVALID, job.Round, job.Attempt)
	}
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return false, err
	}
	protocol, err := noiseProtocol(job, sum)
	if err != nil {
		return false, err
	}
	lied, err := k.answeredWrongly(ctx, job, protocol, terms.NoiseOf(s.Operator), 0, seat, randomness)
	if err != nil {
		return false, errorsmod.Wrap(types.ErrNoFault, err.Error())
	}
	return lied, nil
}
