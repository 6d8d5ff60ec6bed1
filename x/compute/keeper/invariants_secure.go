package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/compute/types"
)

// checkSecure compares the counts of a secure sum with its contributions, and checks that each contribution that waits for
// settlement belongs to an open job.
func (k *Keeper) checkSecure(ctx context.Context, job types.Job) error {
	var list []types.Contribution
	err := k.Contributions.Walk(ctx, collections.NewPrefixedPairRange[string, string](job.Id),
		func(key collections.Pair[string, string], c types.Contribution) (bool, error) {
			list = append(list, c)
			waiting, err := k.Unsettled.Has(ctx, key)
			if err != nil {
				return true, err
			}
			if waiting == c.Settled() || (waiting && !job.Open()) {
				return true, errorsmod.Wrapf(types.ErrInvariant, "contribution of record %s, which is %s, to job %s, which is %s: waiting for settlement: expected %t, got %t",
					key.K2(), c.Status, job.Id, job.Status, !waiting, waiting)
			}
			has, err := k.Shares.Has(ctx, key)
			if err == nil && has != waiting {
				err = errorsmod.Wrapf(types.ErrInvariant, "contribution of record %s to job %s, which is %s: shares: expected %t, got %t", key.K2(), job.Id, c.Status, waiting, has)
			}
			return err != nil, err
		})
	if err != nil {
		return err
	}
	if err := job.CheckCounts(list); err != nil {
		return errorsmod.Wrapf(types.ErrInvariant, "job %s: %s", job.Id, err)
	}
	for _, s := range job.Seats {
		has, err := k.Shares.Has(ctx, collections.Join(job.Id, s.Operator))
		if err != nil {
			return err
		}
		if has != (s.Noise != nil) {
			return errorsmod.Wrapf(types.ErrInvariant, "noise of seat %s of job %s: shares: expected %t, got %t", s.Operator, job.Id, !has, has)
		}
	}
	if !job.Open() {
		return nil
	}
	for _, s := range job.Seats {
		has, err := k.SeatKeys.Has(ctx, collections.Join(job.Id, s.Operator))
		if err != nil {
			return err
		}
		if has != (s.Status != types.SEAT_STATUS_DRAWN) {
			return errorsmod.Wrapf(types.ErrInvariant, "seat %s of job %s, which is %s: key: expected %t, got %t", s.Operator, job.Id, s.Status, !has, has)
		}
	}
	return nil
}

// checkSeats checks that each seat's bond is there, that its account leads to it, and that its jobs are counted.
func (k *Keeper) checkSeats(ctx context.Context) error {
	seats := 0
	err := k.Seats.Walk(ctx, nil, func(operator []byte, seat types.Seat) (bool, error) {
		seats++
		if held := k.bankKeeper.SpendableCoin(ctx, types.SeatBondAddress(operator), seat.Bond.Denom); held.IsLT(seat.Bond) {
			return true, errorsmod.Wrapf(types.ErrInvariant, "bond of seat %s: expected at least %s in its account, got %s", seat.Operator, seat.Bond, held)
		}
		account, err := k.address("account", seat.Account)
		if err != nil {
			return true, err
		}
		leads, err := k.SeatAccounts.Get(ctx, account)
		if err != nil || string(leads) != string(operator) {
			return true, errorsmod.Wrapf(types.ErrInvariant, "account of seat %s: expected it to lead to operator %x, got %x (error: %v)", seat.Operator, operator, leads, err)
		}
		if seat.LeavingHeight != 0 {
			if has, err := k.LeavingSeats.Has(ctx, collections.Join(seat.LeavingHeight, operator)); err != nil || !has {
				return true, errorsmod.Wrapf(types.ErrInvariant, "leaving seat %s: expected it in the queue at height %d, got none (error: %v)", seat.Operator, seat.LeavingHeight, err)
			}
		}
		jobs := uint32(0)
		err = k.SeatJobs.Walk(ctx, collections.NewPrefixedPairRange[[]byte, string](operator),
			func(key collections.Pair[[]byte, string]) (bool, error) {
				jobs++
				job, err := k.job(ctx, key.K2())
				if err != nil {
					return true, err
				}
				for _, s := range job.Seats {
					if s.Operator == seat.Operator && job.Open() {
						return false, nil
					}
				}
				return true, errorsmod.Wrapf(types.ErrInvariant, "jobs of seat %s: expected open ones in which it sits, got %s", seat.Operator, job.Id)
			})
		if err == nil && jobs != seat.Jobs {
			err = errorsmod.Wrapf(types.ErrInvariant, "seat %s: jobs: expected %d, in which it sits, got %d", seat.Operator, jobs, seat.Jobs)
		}
		return err != nil, err
	})
	if err != nil {
		return err
	}
	accounts := 0
	if err := k.SeatAccounts.Walk(ctx, nil, func(_, _ []byte) (bool, error) { accounts++; return false, nil }); err != nil {
		return err
	}
	if accounts != seats {
		return errorsmod.Wrapf(types.ErrInvariant, "accounts that sign for seats: expected %d, got %d", seats, accounts)
	}
	return nil
}
