package keeper

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// Invariants checks what must hold after every block, over the whole state; it
// is for tests, imports and audits, not for the running chain. It fails with ErrInvariant.
func (k *Keeper) Invariants(ctx context.Context) error {
	queued, err := k.queuedJobs(ctx)
	if err != nil {
		return err
	}
	jobs, secure, open, ownerSums := 0, 0, 0, 0
	err = k.WalkJobs(ctx, func(job types.Job) (bool, error) {
		jobs++
		if job.IsSecure() {
			secure++
		}
		if job.Open() {
			open++
		}
		if err := k.checkQueued(job, queued); err != nil {
			return true, err
		}
		if err := k.checkEscrow(ctx, job); err != nil {
			return true, err
		}
		if err := k.checkContributions(ctx, job); err != nil {
			return true, err
		}
		sums, err := k.checkOwners(ctx, job)
		if err != nil {
			return true, err
		}
		ownerSums += sums
		return false, k.checkIndexes(ctx, job)
	})
	if err != nil {
		return err
	}
	if err := k.checkOwnerSums(ctx, ownerSums); err != nil {
		return err
	}
	if len(queued) != open {
		return errorsmod.Wrapf(types.ErrInvariant, "jobs in the queue: expected the %d open ones, got %d", open, len(queued))
	}
	if err := k.checkParts(ctx, jobs, secure); err != nil {
		return err
	}
	if err := k.checkReservations(ctx); err != nil {
		return err
	}
	if err := k.checkPanelJobs(ctx); err != nil {
		return err
	}
	if err := k.checkSeats(ctx); err != nil {
		return err
	}
	return k.checkCode(ctx)
}

// checkParts checks that there are as many of each part as jobs. Reading every job has found that none lacks a part.
func (k *Keeper) checkParts(ctx context.Context, jobs, secure int) error {
	for _, part := range []struct {
		name string
		want int
		walk func(count func() (bool, error)) error
	}{
		{"terms", jobs, func(count func() (bool, error)) error {
			return k.JobTerms.Walk(ctx, nil, func(string, types.JobTerms) (bool, error) { return count() })
		}},
		{"questions", jobs, func(count func() (bool, error)) error {
			return k.JobQuestions.Walk(ctx, nil, func(string, types.JobQuestion) (bool, error) { return count() })
		}},
		{"seats", secure, func(count func() (bool, error)) error {
			return k.JobSeats.Walk(ctx, nil, func(string, types.JobSeats) (bool, error) { return count() })
		}},
	} {
		got := 0
		if err := part.walk(func() (bool, error) { got++; return false, nil }); err != nil {
			return err
		}
		if got != part.want {
			return errorsmod.Wrapf(types.ErrInvariant, "%s of jobs: expected %d, got %d", part.name, part.want, got)
		}
	}
	return nil
}

// queuedJobs counts how often each job is queued.
func (k *Keeper) queuedJobs(ctx context.Context) (map[string]int, error) {
	queued := make(map[string]int)
	err := k.Queue.Walk(ctx, nil, func(key collections.Pair[int64, string]) (bool, error) {
		queued[key.K2()]++
		return false, nil
	})
	return queued, err
}

func (k *Keeper) checkQueued(job types.Job, queued map[string]int) error {
	want := 0
	if job.Open() {
		want = 1
	}
	if got := queued[job.Id]; got != want {
		return errorsmod.Wrapf(types.ErrInvariant, "job %s, which is %s: expected it %d times in the queue, got %d", job.Id, job.Status, want, got)
	}
	return nil
}

// checkEscrow compares the books of a job with its account. Anyone may send
// coins to that account, so it may hold more.
func (k *Keeper) checkEscrow(ctx context.Context, job types.Job) error {
	held := job.Held()
	if !held.Covers(types.ZeroFunds()) {
		return errorsmod.Wrapf(types.ErrInvariant, "job %s: paid and refunded: expected at most the budget, got %s more", job.Id, types.ZeroFunds().Sub(held).Text())
	}
	if !job.Open() && !held.IsZero() {
		return errorsmod.Wrapf(types.ErrInvariant, "escrow of job %s, which is %s: expected nothing, got %s", job.Id, job.Status, held.Text())
	}
	if !job.Spec.Budget.Covers(job.Reserved) || !job.Reserved.Covers(job.Paid) {
		return errorsmod.Wrapf(types.ErrInvariant, "job %s: expected paid <= reserved <= budget, got %s; %s; %s",
			job.Id, job.Paid.Text(), job.Reserved.Text(), job.Spec.Budget.Text())
	}
	escrow := types.EscrowAddress(job.Id)
	for _, coin := range held.Coins(job.Spec.PoolId) {
		if got := k.bankKeeper.SpendableCoin(ctx, escrow, coin.Denom); got.Amount.LT(coin.Amount) {
			return errorsmod.Wrapf(types.ErrInvariant, "escrow of job %s: expected at least %s, got %s", job.Id, coin, got)
		}
	}
	return nil
}

// checkContributions compares the sums of a job with its contributions.
func (k *Keeper) checkContributions(ctx context.Context, job types.Job) error {
	if job.IsSecure() {
		return k.checkSecure(ctx, job)
	}
	var (
		count, delivered, owners, deliveredOwners uint32
		operations                                uint64
		reserved, paid                            = types.ZeroFunds(), types.ZeroFunds()
	)
	err := k.Contributions.Walk(ctx, collections.NewPrefixedPairRange[string, string](job.Id),
		func(key collections.Pair[string, string], c types.Contribution) (bool, error) {
			count++
			operations += c.Attestation.Operations
			reserved = reserved.Add(c.Fee)
			if c.Status == types.CONTRIBUTION_STATUS_PAID {
				paid = paid.Add(c.Fee)
			}
			waiting, err := k.Unsettled.Has(ctx, key)
			if err != nil {
				return true, err
			}
			if waiting == c.Settled() {
				return true, errorsmod.Wrapf(types.ErrInvariant, "contribution of record %s to job %s, which is %s: waiting for settlement: expected %t, got %t",
					key.K2(), job.Id, c.Status, !waiting, waiting)
			}
			has, err := k.Deliveries.Has(ctx, key)
			if has {
				delivered++
			}
			return err != nil, err
		})
	if err != nil {
		return err
	}
	err = k.Owners.Walk(ctx, collections.NewPrefixedPairRange[string, []byte](job.Id),
		func(_ collections.Pair[string, []byte], hasDelivered bool) (bool, error) {
			owners++
			if hasDelivered {
				deliveredOwners++
			}
			return false, nil
		})
	if err != nil {
		return err
	}
	if job.Contributions != count || job.Delivered != delivered || job.Owners != owners ||
		job.DeliveredOwners != deliveredOwners || job.Operations != operations ||
		!job.Reserved.Equal(reserved) || !job.Paid.Equal(paid) {
		return errorsmod.Wrapf(types.ErrInvariant, "sums of job %s: expected those of its contributions, %s, got %s", job.Id,
			sumsText(count, delivered, owners, deliveredOwners, operations, reserved, paid),
			sumsText(job.Contributions, job.Delivered, job.Owners, job.DeliveredOwners, job.Operations, job.Reserved, job.Paid))
	}
	return nil
}

func sumsText(contributions, delivered, owners, deliveredOwners uint32, operations uint64, reserved, paid types.Funds) string {
	return fmt.Sprintf("%d contributions (%d delivered) of %d owners (%d delivered), %d operations, reserved %s, paid %s",
		contributions, delivered, owners, deliveredOwners, operations, reserved.Text(), paid.Text())
}

// checkIndexes checks that a job can be found by pool, status and consumer.
func (k *Keeper) checkIndexes(ctx context.Context, job types.Job) error {
	consumer, err := k.address("consumer", job.Consumer)
	if err != nil {
		return err
	}
	byPool, err := k.JobsByPool.Has(ctx, collections.Join3(job.Spec.PoolId, job.OpenedHeight, job.Id))
	if err != nil {
		return err
	}
	byConsumer, err := k.JobsByConsumer.Has(ctx, collections.Join3([]byte(consumer), job.OpenedHeight, job.Id))
	if err != nil {
		return err
	}
	for s := types.JOB_STATUS_CONTRIBUTING; s <= types.JOB_STATUS_WAITING; s++ {
		found, err := k.JobsByStatus.Has(ctx, collections.Join4(job.Spec.PoolId, int32(s), job.OpenedHeight, job.Id))
		if err != nil {
			return err
		}
		if found != (s == job.Status) {
			return errorsmod.Wrapf(types.ErrInvariant, "job %s, which is %s: index entry as %s: expected %t, got %t", job.Id, job.Status, s, !found, found)
		}
	}
	if !byPool || !byConsumer {
		return errorsmod.Wrapf(types.ErrInvariant, "job %s: index entries by pool and by consumer: expected both, got %t and %t", job.Id, byPool, byConsumer)
	}
	return nil
}

// checkCode checks that each program has its code.
func (k *Keeper) checkCode(ctx context.Context) error {
	return k.Programs.Walk(ctx, nil, func(id string, p types.Program) (bool, error) {
		code, err := k.Code.Get(ctx, id)
		if err != nil {
			return true, err
		}
		if terms.ProgramID(code) != id || uint64(len(code)) != uint64(p.CodeSize) {
			return true, errorsmod.Wrapf(types.ErrInvariant, "code of program %s: expected %d bytes with that hash, got %d with %s", id, p.CodeSize, len(code), terms.ProgramID(code))
		}
		return false, nil
	})
}
