package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
)

// LeastBudget returns the budget that pays the smallest cohort of a job if every record
// had a single row, at the present price of the pool's Data Token.
func (k *Keeper) LeastBudget(ctx context.Context, spec types.JobSpec) (types.Funds, error) {
	program, err := k.Program(ctx, spec.ProgramId)
	if err != nil {
		return types.Funds{}, err
	}
	dataPerAlita, err := k.datapoolKeeper.DataPerAlita(ctx, spec.PoolId)
	if err != nil {
		return types.Funds{}, err
	}
	return leastBudget(program, spec, dataPerAlita)
}

func leastBudget(program types.Program, spec types.JobSpec, dataPerAlita math.Int) (types.Funds, error) {
	operations, err := program.Cost.Operations(1, uint32(len(spec.Columns)), spec.Length)
	if err != nil {
		return types.Funds{}, err
	}
	fee, err := types.Fees(operations, spec.PricePerMop, dataPerAlita)
	if err != nil {
		return types.Funds{}, err
	}
	cohort := math.NewIntFromUint64(uint64(spec.MinCohort))
	if spec.Secure != nil {
		fee.Alita = fee.Alita.Add(spec.Secure.MaxSeatFee.MulRaw(int64(spec.Secure.Seats)))
	}
	return types.Funds{Alita: fee.Alita.Mul(cohort), Data: fee.Data.Mul(cohort)}, nil
}

// checkBudget refuses a budget below the least one: such a job could only fail.
func checkBudget(program types.Program, spec types.JobSpec, dataPerAlita math.Int) error {
	least, err := leastBudget(program, spec, dataPerAlita)
	if err != nil {
		return err
	}
	if !spec.Budget.Covers(least) {
		return errorsmod.Wrapf(types.ErrInvalidBudget, "budget: expected at least %s, which pay %d records of one row each, got %s",
			least.Text(), spec.MinCohort, spec.Budget.Text())
	}
	return nil
}

// reserve returns what is reserved after a contribution's fee, or ErrBudgetExhausted.
func reserve(job types.Job, fee types.Funds) (types.Funds, error) {
	reserved := job.Reserved.Add(fee)
	if !job.Spec.Budget.Covers(reserved) {
		left := job.Spec.Budget.Sub(job.Reserved)
		return types.Funds{}, errorsmod.Wrapf(types.ErrBudgetExhausted, "fee: expected at most %s, which are left of the budget, got %s", left.Text(), fee.Text())
	}
	return reserved, nil
}
