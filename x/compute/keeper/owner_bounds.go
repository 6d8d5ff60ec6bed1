package keeper

import (
	"context"
	"errors"
	"math"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/compute/types"
)

// Rows are what owners say they have. A job bounds how much of its budget one owner can take by rows that nobody has seen.

// ownerBound is a bound of what a job takes of one owner in a round.
type ownerBound struct {
	name string
	max  uint64 // 0 is no bound
	sums collections.Map[collections.Pair[string, []byte], uint64]
	of   func(c types.Contribution) uint64
}

func (k *Keeper) ownerBounds(spec types.JobSpec) []ownerBound {
	return []ownerBound{
		{"max_rows", spec.MaxRows, k.OwnerRows, func(c types.Contribution) uint64 { return c.Attestation.Rows }},
		{"max_fee", spec.MaxFee, k.OwnerFees, func(c types.Contribution) uint64 {
			if !c.Fee.Alita.IsUint64() {
				return math.MaxUint64
			}
			return c.Fee.Alita.Uint64()
		}},
	}
}

func (b ownerBound) sum(ctx context.Context, key collections.Pair[string, []byte]) (uint64, error) {
	sum, err := b.sums.Get(ctx, key)
	if errors.Is(err, collections.ErrNotFound) {
		return 0, nil
	}
	return sum, err
}

func (b ownerBound) set(ctx context.Context, key collections.Pair[string, []byte], sum uint64) error {
	if sum == 0 {
		return b.sums.Remove(ctx, key)
	}
	return b.sums.Set(ctx, key, sum)
}

// checkOwner refuses a contribution by which its owner would have more in the round than the job takes of one. What the same record
// has contributed to an earlier attempt of the round does not count. The error is ErrOwnerBound.
func (k *Keeper) checkOwner(ctx context.Context, job types.Job, owner []byte, c types.Contribution, before *types.Contribution) error {
	for _, b := range k.ownerBounds(job.Spec) {
		if b.max == 0 {
			continue
		}
		sum, err := b.sum(ctx, collections.Join(job.Id, owner))
		if err != nil {
			return err
		}
		if before != nil && !before.Settled() {
			sum -= b.of(*before)
		}
		if left, got := b.max-min(sum, b.max), b.of(c); got > left {
			return errorsmod.Wrapf(types.ErrOwnerBound, "%s of the job: expected at most %d of one owner in a round, got %d in addition to %d", b.name, b.max, got, sum)
		}
	}
	return nil
}

// countOwner adds a contribution, which checkOwner has let through, to its owner's sums, in place of the one before.
func (k *Keeper) countOwner(ctx context.Context, job types.Job, owner []byte, c types.Contribution, before *types.Contribution) error {
	for _, b := range k.ownerBounds(job.Spec) {
		if b.max == 0 {
			continue
		}
		key := collections.Join(job.Id, owner)
		sum, err := b.sum(ctx, key)
		if err != nil {
			return err
		}
		if before != nil && !before.Settled() {
			sum -= b.of(*before)
		}
		if err := b.set(ctx, key, sum+b.of(c)); err != nil {
			return err
		}
	}
	return nil
}

// uncountOwner takes a contribution that is settled out of its owner's sums.
func (k *Keeper) uncountOwner(ctx context.Context, job types.Job, c types.Contribution) error {
	for _, b := range k.ownerBounds(job.Spec) {
		if b.max == 0 {
			continue
		}
		owner, err := k.address("owner", c.Owner)
		if err != nil {
			return err
		}
		key := collections.Join(job.Id, []byte(owner))
		sum, err := b.sum(ctx, key)
		if err != nil {
			return err
		}
		if err := b.set(ctx, key, sum-min(sum, b.of(c))); err != nil {
			return err
		}
	}
	return nil
}

// checkOwners checks that owners' sums are those of their contributions to a job that wait, and returns how many sums there are.
func (k *Keeper) checkOwners(ctx context.Context, job types.Job) (int, error) {
	entries := 0
	for _, b := range k.ownerBounds(job.Spec) {
		want := map[string]uint64{}
		if b.max > 0 {
			if err := k.Contributions.Walk(ctx, collections.NewPrefixedPairRange[string, string](job.Id),
				func(_ collections.Pair[string, string], c types.Contribution) (bool, error) {
					owner, err := k.address("owner", c.Owner)
					if err == nil && !c.Settled() && b.of(c) > 0 {
						want[string(owner)] += b.of(c)
					}
					return err != nil, err
				}); err != nil {
				return 0, err
			}
		}
		got := 0
		if err := b.sums.Walk(ctx, collections.NewPrefixedPairRange[string, []byte](job.Id),
			func(key collections.Pair[string, []byte], sum uint64) (bool, error) {
				got++
				if sum != want[string(key.K2())] || sum > b.max {
					return true, errorsmod.Wrapf(types.ErrInvariant, "job %s: sum for %s of owner %x: expected %d, got %d", job.Id, b.name, key.K2(), want[string(key.K2())], sum)
				}
				return false, nil
			}); err != nil {
			return 0, err
		}
		if got != len(want) {
			return 0, errorsmod.Wrapf(types.ErrInvariant, "job %s: owners with a sum for %s: expected %d, got %d", job.Id, b.name, len(want), got)
		}
		entries += got
	}
	return entries, nil
}

// checkOwnerSums checks that there are no more owners' sums than those of jobs.
func (k *Keeper) checkOwnerSums(ctx context.Context, want int) error {
	got := 0
	for _, b := range k.ownerBounds(types.JobSpec{}) {
		if err := b.sums.Walk(ctx, nil, func(collections.Pair[string, []byte], uint64) (bool, error) { got++; return false, nil }); err != nil {
			return err
		}
	}
	if got != want {
		return errorsmod.Wrapf(types.ErrInvariant, "sums of owners: expected %d, got %d", want, got)
	}
	return nil
}
