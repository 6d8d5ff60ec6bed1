package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// What the end of a block does for a job has no transaction that pays for it, so whoever causes it pays beforehand.
const (
	// gasPerStep is for taking a job from one phase to the next: 0.4 ms measured, at the 180 gas of a microsecond of a swap.
	gasPerStep = 75_000
	// gasPerPayment is for paying one contribution, or noting that it is not paid.
	gasPerPayment = 30_000
	// Phases that end by themselves: contributions, deliveries and payments of direct delivery; the draw, contributions,
	// judgments, contests, sums, reading, payments and the wait for the next round of a secure sum.
	directSteps = 3
	secureSteps = 8
)

// chargeSteps charges for the phases of a job, or of its next round.
func chargeSteps(ctx context.Context, job types.Job) {
	steps := uint64(directSteps)
	if job.IsSecure() {
		steps = secureSteps
	}
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(steps*gasPerStep, "ends of phases")
}

// chargePayment charges for the settlement of a contribution.
func chargePayment(ctx context.Context) {
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gasPerPayment, "settlement of a contribution")
}
