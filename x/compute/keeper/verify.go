package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// Gas of arithmetic, in addition to the gas of storage: about 100 for each microsecond measured. A block full of it takes
// about a second.
const (
	gasPerShares      = 10_000
	gasPerPreparation = 1_000
	gasPerCombination = 10_000
	gasPerSlotOpened  = 1_000
	gasPerBitJudged   = 100
	gasPerAccusation  = 200_000
)

// startVerifying closes the window for contributions and lets the seats judge them. The seats' shared randomness is
// drawn only now, so that no contributor could prepare for it.
func (k *Keeper) startVerifying(ctx context.Context, job types.Job) error {
	key := label.Hash("alita/compute/verify/v1", k.beacon.Seed(ctx), []byte(job.Id),
		label.Uint64(uint64(job.Round)), label.Uint64(uint64(job.Attempt)))
	job.VerifyKey = key[:]
	return k.enterSeats(ctx, job, types.JOB_STATUS_VERIFYING)
}

// addPreparation takes what a seat says of a contribution, or of a seat's noise.
func (k *Keeper) addPreparation(ctx context.Context, job *types.Job, sum securesum.Protocol, seat int, p types.Preparation) error {
	if of, found := job.SeatNamed(p.RecordId); found {
		return k.addNoisePreparation(ctx, job, sum, seat, of, p)
	}
	if err := types.ValidateRecordID(p.RecordId); err != nil {
		return err
	}
	c, err := k.Contribution(ctx, job.Id, p.RecordId)
	if err != nil {
		return err
	}
	if !job.Current(c) {
		return errorsmod.Wrapf(types.ErrContributionNotFound, "record_id: expected a contribution to round %d, attempt %d, got %s", job.Round, job.Attempt, p.RecordId)
	}
	bit := uint32(1) << seat
	if c.Prepared&bit != 0 {
		return errorsmod.Wrapf(types.ErrSeatTaken, "preparations of seat %d for record %s: expected one, got a second", seat, p.RecordId)
	}
	refused, err := k.storePreparation(ctx, job.Id, sum, seat, p)
	if err != nil {
		return err
	}
	if refused {
		c.Refused |= bit
	}
	c.Prepared |= bit
	job.Seats[seat].Prepared++
	if c.Prepared == 1<<len(job.Seats)-1 {
		if err := k.judge(ctx, job, sum, &c); err != nil {
			return err
		}
	}
	return k.Contributions.Set(ctx, collections.Join(job.Id, p.RecordId), c)
}

// storePreparation keeps a preparation share. It reports whether there is none, so that the seat refuses what it is about.
func (k *Keeper) storePreparation(ctx context.Context, jobID string, sum securesum.Protocol, seat int, p types.Preparation) (refused bool, err error) {
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gasPerPreparation, "preparation share")
	if len(p.Share) == 0 {
		return true, nil
	}
	if err := sum.CheckPreparation(p.Share); err != nil {
		return false, errorsmod.Wrapf(types.ErrInvalidPreparation, "record %s: %s", p.RecordId, err)
	}
	return false, k.Prepared.Set(ctx, collections.Join3(jobID, p.RecordId, uint64(seat)), p.Share)
}

// judge combines the preparation shares of a contribution: it is valid if they prove that the vector is within its
// bounds. The commitments of a valid one are added to the seats' sums.
func (k *Keeper) judge(ctx context.Context, job *types.Job, sum securesum.Protocol, c *types.Contribution) error {
	record := c.Attestation.RecordId
	job.Judged++
	c.Status = types.CONTRIBUTION_STATUS_INVALID
	if c.Refused == 0 {
		owner, err := k.address("owner", c.Owner)
		if err != nil {
			return err
		}
		shared, err := k.Shares.Get(ctx, collections.Join(job.Id, record))
		if err != nil {
			return err
		}
		message, err := k.combine(ctx, *job, sum, contributionOf(*c, owner), shared.PublicShare)
		switch {
		case errors.Is(err, securesum.ErrInvalid):
		case err != nil:
			return err
		default:
			if err := k.addValid(ctx, job, c, shared.Commitments, message); err != nil {
				return err
			}
		}
	}
	return modulekit.Emit(ctx, &types.EventJudged{
		JobId: job.Id, RecordId: record, Valid: c.Status == types.CONTRIBUTION_STATUS_VALID, Refused: c.Refused,
	})
}

func (k *Keeper) combine(ctx context.Context, job types.Job, sum securesum.Protocol, c securesum.Contribution, publicShare []byte) ([]byte, error) {
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gasPerCombination, "combining preparation shares")
	shares, err := k.preparations(ctx, job, c.Record)
	if err != nil {
		return nil, err
	}
	return sum.Combine(c, publicShare, shares)
}

// preparations are the preparation shares of a contribution in the order of the seats; nil if there is none.
func (k *Keeper) preparations(ctx context.Context, job types.Job, record string) ([][]byte, error) {
	shares := make([][]byte, len(job.Seats))
	for i := range shares {
		share, err := k.Prepared.Get(ctx, collections.Join3(job.Id, record, uint64(i)))
		if err != nil && !errors.Is(err, collections.ErrNotFound) {
			return nil, err
		}
		shares[i] = share
	}
	return shares, nil
}

// addValid counts a valid contribution and its owner, and adds its commitments.
func (k *Keeper) addValid(ctx context.Context, job *types.Job, c *types.Contribution, commitments [][]byte, message []byte) error {
	record := c.Attestation.RecordId
	c.Status = types.CONTRIBUTION_STATUS_VALID
	job.Valid++
	job.ValidRows += c.Attestation.Rows // rows of records are below 2^32
	if err := k.addCommitments(ctx, job, record, commitments, message); err != nil {
		return err
	}
	owner, err := k.address("owner", c.Owner)
	if err != nil {
		return err
	}
	key := collections.Join(job.Id, []byte(owner))
	mark, err := k.RoundOwners.Get(ctx, key)
	if err != nil {
		return err
	}
	if mark == job.OwnerMark(true) {
		return nil
	}
	job.ValidOwners++
	return k.RoundOwners.Set(ctx, key, job.OwnerMark(true))
}

// addCommitments adds the commitments of a contribution or of a seat's noise to the seats' sums, and keeps the message for the seats.
func (k *Keeper) addCommitments(ctx context.Context, job *types.Job, name string, commitments [][]byte, message []byte) error {
	if err := k.Messages.Set(ctx, collections.Join(job.Id, name), message); err != nil {
		return err
	}
	for i := range job.Seats {
		added, err := securesum.AddCommitments(job.Seats[i].Commitment, commitments[i])
		if err != nil {
			return err
		}
		job.Seats[i].Commitment = added
		// Only what was found invalid can be contested.
		if err := k.Prepared.Remove(ctx, collections.Join3(job.Id, name, uint64(i))); err != nil {
			return err
		}
	}
	return nil
}

// advanceVerifying goes on if every contribution and all noise is judged, and replaces the seats that have not judged all.
func (k *Keeper) advanceVerifying(ctx context.Context, job types.Job) error {
	if !job.Complete() {
		var silent []int
		for i, s := range job.Seats {
			if s.Prepared < job.Contributions || !judgesNoise(job, i) {
				silent = append(silent, i)
			}
		}
		return k.replace(ctx, job, silent, types.SEAT_FAULT_SILENT)
	}
	if job.Valid < job.Judged || len(job.InvalidNoise()) > 0 {
		return k.enterSeats(ctx, job, types.JOB_STATUS_CONTESTING)
	}
	return k.startAggregating(ctx, job)
}

// lied reports whether a seat has judged a contribution wrongly.
func (k *Keeper) lied(ctx context.Context, job types.Job, c types.Contribution, seat int, randomness []byte) (bool, error) {
	program, err := k.Program(ctx, job.Spec.ProgramId)
	if err != nil {
		return false, err
	}
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return false, err
	}
	owner, err := k.address("owner", c.Owner)
	if err != nil {
		return false, err
	}
	return k.answeredWrongly(ctx, job, sum, contributionOf(c, owner), uint64(job.Spec.Length)*uint64(program.Bits), seat, randomness)
}

// answeredWrongly reports whether a seat has said something else of a contribution, or of a seat's noise, than follows from its share. It
// opens the share that was sealed to the seat, by the randomness of its encapsulation, and compares the answer that follows from the share
// with the seat's answer. bits is how many bits are judged at most.
func (k *Keeper) answeredWrongly(
	ctx context.Context, job types.Job, sum securesum.Protocol, c securesum.Contribution, bits uint64, seat int, randomness []byte,
) (bool, error) {
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(
		gasPerAccusation+gasPerSlotOpened*uint64(job.Spec.Length)+gasPerBitJudged*bits, "judging a share")
	key, err := k.SeatKeys.Get(ctx, collections.Join(job.Id, job.Seats[seat].Operator))
	if err != nil {
		return false, err
	}
	shared, err := k.Shares.Get(ctx, collections.Join(job.Id, c.Record))
	if err != nil {
		return false, err
	}
	said, err := k.Prepared.Get(ctx, collections.Join3(job.Id, c.Record, uint64(seat)))
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return false, err
	}
	return sum.Lied(c, shared.Proto(), job.VerifyKey, seat, key, randomness, said)
}
