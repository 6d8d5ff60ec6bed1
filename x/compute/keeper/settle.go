package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// settle pays the contributions of a job that have delivered, as many as payments
// allows, and closes the job after the last one. A payee that cannot be paid
// blocks nobody: what it would have got returns to the consumer.
func (k *Keeper) settle(ctx context.Context, job types.Job, payments *int) error {
	keys, more, err := k.unsettled(ctx, job.Id, *payments)
	if err != nil {
		return err
	}
	*payments -= len(keys)
	for _, key := range keys {
		if err := k.settleContribution(ctx, &job, key); err != nil {
			return err
		}
	}
	if !more {
		return k.endSettling(ctx, job)
	}
	if err := k.setProgress(ctx, job); err != nil {
		return err
	}
	return k.schedule(ctx, sdk.UnwrapSDKContext(ctx).BlockHeight()+1, job.Id)
}

// endSettling ends a job whose contributions are paid, or only its round.
func (k *Keeper) endSettling(ctx context.Context, job types.Job) error {
	if !job.IsSecure() {
		_, err := k.closeJob(ctx, job)
		return err
	}
	if err := k.paySeats(ctx, &job); err != nil {
		return err
	}
	return k.endRound(ctx, job)
}

// paySeats pays each seat for the contributions in a sum that could be read. What was found invalid earns nothing, so that no
// seat gains by refusing, and a round that fails costs the consumer nothing. A seat that cannot be paid blocks nobody.
func (k *Keeper) paySeats(ctx context.Context, job *types.Job) error {
	if job.Failure != types.FAILURE_REASON_UNSPECIFIED {
		return nil
	}
	for _, s := range job.Seats {
		pay := types.Funds{Alita: s.Fee.MulRaw(int64(job.Valid)), Data: math.ZeroInt()}
		if pay.IsZero() {
			continue
		}
		err := isolated(ctx, func(ctx context.Context) error {
			account, err := k.address("account", s.Account)
			if err != nil {
				return err
			}
			if k.bankKeeper.BlockedAddr(account) {
				return errorsmod.Wrapf(types.ErrBlockedPayee, "account of seat %s: expected one that may receive coins, got %s", s.Operator, s.Account)
			}
			if err := k.release(ctx, *job, account, pay); err != nil {
				return err
			}
			return modulekit.Emit(ctx, &types.EventSeatPaid{JobId: job.Id, Round: job.Round, Operator: s.Operator, Paid: pay.Alita.String()})
		})
		if err != nil {
			sdk.UnwrapSDKContext(ctx).Logger().Error("a seat could not be paid", "module", types.ModuleName,
				"job", job.Id, "seat", s.Operator, "err", err)
			continue
		}
		job.Paid = job.Paid.Add(pay)
	}
	return nil
}

// unsettled returns at most limit contributions that wait for settlement, and whether there are more.
func (k *Keeper) unsettled(ctx context.Context, jobID string, limit int) ([]collections.Pair[string, string], bool, error) {
	it, err := k.Unsettled.Iterate(ctx, collections.NewPrefixedPairRange[string, string](jobID))
	if err != nil {
		return nil, false, err
	}
	defer it.Close()
	var keys []collections.Pair[string, string]
	for ; it.Valid(); it.Next() {
		if len(keys) >= limit {
			return keys, true, nil
		}
		key, err := it.Key()
		if err != nil {
			return nil, false, err
		}
		keys = append(keys, key)
	}
	return keys, false, nil
}

// settleContribution pays one contribution, or notes that it earns nothing.
func (k *Keeper) settleContribution(ctx context.Context, job *types.Job, key collections.Pair[string, string]) error {
	c, err := k.Contributions.Get(ctx, key)
	if err != nil {
		return err
	}
	k.settleReservation(ctx, *job, c)
	delivered := job.Earned(c)
	c.Status = types.CONTRIBUTION_STATUS_UNPAID
	if delivered {
		if err := isolated(ctx, func(ctx context.Context) error { return k.pay(ctx, *job, c) }); err != nil {
			sdk.UnwrapSDKContext(ctx).Logger().Error("an owner could not be paid", "module", types.ModuleName,
				"job", job.Id, "record", key.K2(), "err", err)
		} else {
			c.Status = types.CONTRIBUTION_STATUS_PAID
			job.Paid = job.Paid.Add(c.Fee)
			k.match(ctx, *job, key.K2(), c)
		}
	}
	if err := k.Contributions.Set(ctx, key, c); err != nil {
		return err
	}
	if err := k.Unsettled.Remove(ctx, key); err != nil {
		return err
	}
	if err := k.uncountOwner(ctx, *job, c); err != nil {
		return err
	}
	if job.IsSecure() {
		if err := k.dropShares(ctx, *job, key); err != nil {
			return err
		}
	}
	if c.Status == types.CONTRIBUTION_STATUS_PAID {
		return nil
	}
	return modulekit.Emit(ctx, &types.EventUnpaid{JobId: job.Id, RecordId: key.K2(), Owner: c.Owner, Rejected: delivered})
}

// match has the pool pay the owner of a paid contribution a part of what its payer has lost to others by it. A record
// that was withdrawn since earns nothing. An error, which no ordinary state gives, is logged: it stops neither the payment
// nor the settlement.
func (k *Keeper) match(ctx context.Context, job types.Job, recordID string, c types.Contribution) {
	lost := lostToOthers(job, c)
	if !lost.IsPositive() {
		return
	}
	if err := isolated(ctx, func(ctx context.Context) error {
		record, err := k.metadataKeeper.Contributable(ctx, recordID)
		if errors.Is(err, metadatatypes.ErrRecordRetired) {
			return nil
		} else if err != nil {
			return err
		}
		_, err = k.datapoolKeeper.MatchContribution(ctx, job.Spec.PoolId, recordID, record.Owner, lost)
		return err
	}); err != nil {
		sdk.UnwrapSDKContext(ctx).Logger().Error("a contribution was not matched", "module", types.ModuleName,
			"job", job.Id, "record", recordID, "err", err)
	}
}

// lostToOthers returns the ualita that the payer of a contribution has certainly lost by it, whoever owner and seats are:
// the stakers' part of the fee, and its part of the draw fee that was burned, both rounded down. What seats earn does not
// count: they may be the payer's.
func lostToOthers(job types.Job, c types.Contribution) math.Int {
	lost := terms.StakersPart(c.Fee.Alita, job.StakersFeePpm)
	if job.IsSecure() && job.Valid > 0 {
		lost = lost.Add(job.DrawFee.QuoRaw(int64(job.Spec.Secure.Rounds) * int64(job.Valid)))
	}
	return lost
}

// pay sends a contribution's fee out of the escrow: the stakers' part of the
// computation fee to the fee collector, the rest of it and the data fee to the owner.
func (k *Keeper) pay(ctx context.Context, job types.Job, c types.Contribution) error {
	owner, err := k.address("owner", c.Owner)
	if err != nil {
		return err
	}
	if k.bankKeeper.BlockedAddr(owner) {
		return errorsmod.Wrapf(types.ErrBlockedPayee, "owner: expected an account that may receive coins, got %s", c.Owner)
	}
	stakers := terms.StakersPart(c.Fee.Alita, job.StakersFeePpm)
	toStakers := types.Funds{Alita: stakers, Data: math.ZeroInt()}
	toOwner := c.Fee.Sub(toStakers)
	if err := k.release(ctx, job, owner, toOwner); err != nil {
		return err
	}
	if err := k.release(ctx, job, k.accountKeeper.GetModuleAddress(authtypes.FeeCollectorName), toStakers); err != nil {
		return err
	}
	return modulekit.Emit(ctx, &types.EventPaid{
		JobId: job.Id, RecordId: c.Attestation.RecordId, Owner: c.Owner, Paid: toOwner, Stakers: stakers.String(),
	})
}

// closeJob returns the rest of the budget to the consumer and ends the job.
func (k *Keeper) closeJob(ctx context.Context, job types.Job) (types.Job, error) {
	consumer, err := k.address("consumer", job.Consumer)
	if err != nil {
		return types.Job{}, err
	}
	rest := job.Held()
	if err := k.release(ctx, job, consumer, rest); err != nil {
		return types.Job{}, errorsmod.Wrap(err, "refund")
	}
	job.Refunded = job.Refunded.Add(rest)
	if spent := job.Paid.Add(job.Refunded); !spent.Equal(job.Spec.Budget) {
		return types.Job{}, errorsmod.Wrapf(types.ErrInvariant, "job %s: paid and refunded: expected %s together, got %s",
			job.Id, job.Spec.Budget.Text(), spent.Text())
	}
	status := types.JOB_STATUS_SETTLED
	if job.Failure != types.FAILURE_REASON_UNSPECIFIED {
		status = types.JOB_STATUS_FAILED
	}
	if err := k.setStatus(ctx, &job, status); err != nil {
		return types.Job{}, err
	}
	job.DeadlineHeight = 0
	if err := k.dropNoise(ctx, &job); err != nil {
		return types.Job{}, err
	}
	if err := k.endPanels(ctx, job); err != nil {
		return types.Job{}, err
	}
	for i := range job.Seats {
		if err := k.leaveJob(ctx, job, i); err != nil {
			return types.Job{}, err
		}
	}
	if err := k.setJob(ctx, job); err != nil {
		return types.Job{}, err
	}
	if err := emitAdvanced(ctx, job); err != nil {
		return types.Job{}, err
	}
	return job, modulekit.Emit(ctx, &types.EventJobClosed{JobId: job.Id, Status: status, Paid: job.Paid, Refunded: job.Refunded})
}

// release sends funds out of a job's escrow. It sends nothing if they are zero.
func (k *Keeper) release(ctx context.Context, job types.Job, to sdk.AccAddress, funds types.Funds) error {
	if funds.IsZero() {
		return nil
	}
	return k.bankKeeper.SendCoins(ctx, types.EscrowAddress(job.Id), to, funds.Coins(job.Spec.PoolId))
}
