package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// laneUntil reserves room in blocks for the answers of all seats of a job, which take some gas, and returns the height by which
// they have found it. Blocks have a part for answers of seats, which seats of all jobs share: if many jobs
// ask at once, each of their seats may have to wait for the others. Only the ends of blocks reserve, one after the other.
func (k *Keeper) laneUntil(ctx context.Context, gas uint64) (int64, error) {
	sdkCtx := sdk.UnwrapSDKContext(ctx)
	block := sdkCtx.ConsensusParams().Block
	if block == nil || block.MaxGas <= 0 {
		return sdkCtx.BlockHeight(), nil // blocks have no bound, nor has any part of them
	}
	lane := max(uint64(block.MaxGas)/100*terms.SeatsPercent, 1)
	busy, err := k.LaneUntil.Get(ctx)
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return 0, err
	}
	until := types.LaneTimeAfter(busy, sdkCtx.BlockHeight(), gas, lane)
	return types.LaneHeight(until), k.LaneUntil.Set(ctx, until)
}

// answersGas is the gas of the answers that the present phase of a job asks of all of its seats.
func (k *Keeper) answersGas(ctx context.Context, job types.Job) (uint64, error) {
	seats := uint64(len(job.Seats))
	if job.Status == types.JOB_STATUS_SEATING {
		return seats * terms.KeyGas, nil
	}
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return 0, err
	}
	noise, noised := sum.Noise()
	load := types.SeatLoad{Count: job.Contributions, Bytes: sum.SharedSize(), Share: sum.PreparationSize()}
	switch job.Status {
	case types.JOB_STATUS_CONTRIBUTING:
		if !noised {
			return 0, nil
		}
		return seats * terms.NoiseGas(noise.ProvedBits(), noise.Slots(), noise.SharedSize()), nil
	case types.JOB_STATUS_VERIFYING:
		gas := load.AnswersGas()
		if noised {
			gas += types.SeatLoad{Count: uint32(seats), Bytes: noise.SharedSize(), Share: noise.PreparationSize()}.AnswersGas()
		}
		return seats * gas, nil
	case types.JOB_STATUS_AGGREGATING:
		return seats * terms.OpeningGas(sum.Slots(), sum.OpeningSize(), job.Spec.Secure.PublicResult), nil
	}
	return 0, nil
}
