package keeper

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
)

// checkBudget refuses a budget that could not pay the smallest cohort even if
// every record had a single row: such a job could only fail.
func checkBudget(program types.Program, spec types.JobSpec, dataPerAlita math.Int) error {
	operations, err := program.Cost.Operations(1, uint32(len(spec.Columns)), spec.Length)
	if err != nil {
		return err
	}
	fee, err := types.Fees(operations, spec.PricePerMop, dataPerAlita)
	if err != nil {
		return err
	}
	cohort := math.NewIntFromUint64(uint64(spec.MinCohort))
	least := types.Funds{Alita: fee.Alita.Mul(cohort), Data: fee.Data.Mul(cohort)}
	if !spec.Budget.Covers(least) {
		return errorsmod.Wrapf(types.ErrInvalidBudget, "%s: expected at least %s, which pay %d records of one row each",
			spec.Budget.Text(), least.Text(), spec.MinCohort)
	}
	return nil
}

// reserve returns what is reserved after a contribution's fee, or ErrBudgetExhausted.
func reserve(job types.Job, fee types.Funds) (types.Funds, error) {
	reserved := job.Reserved.Add(fee)
	if !job.Spec.Budget.Covers(reserved) {
		left := job.Spec.Budget.Sub(job.Reserved)
		return types.Funds{}, errorsmod.Wrapf(types.ErrBudgetExhausted, "fee of %s: expected at most %s", fee.Text(), left.Text())
	}
	return reserved, nil
}
