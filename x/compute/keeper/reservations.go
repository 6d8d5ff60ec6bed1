package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// A contribution sets aside a use of a grant and a part of its record's privacy budget. Whether that is charged or given back is
// decided when its sum begins to be opened, or when it is delivered. It is booked when the contribution is settled, or repeated in
// another attempt, so that a block does no more of it than of payments.

// setAside returns the grant that allows a contribution, and reserves what the contribution may disclose. What an earlier attempt of
// the round has reserved is booked before, so that another attempt needs no second reservation, but a grant that still allows it. An
// exact job over panels needs no grant: the panels' terms allow it.
func (k *Keeper) setAside(ctx context.Context, job types.Job, recordID string, before *types.Contribution) (uint64, error) {
	if job.OverPanels() && job.Exact() {
		return 0, nil
	}
	consumer, err := k.address("consumer", job.Consumer)
	if err != nil {
		return 0, err
	}
	req := job.Statement().GrantRequest()
	cached, write := sdk.UnwrapSDKContext(ctx).CacheContext()
	if before != nil && !before.Settled() {
		if err := k.bookReservation(cached, job, *before); err != nil {
			return 0, err
		}
	}
	grantID, err := k.metadataKeeper.Reserve(cached, recordID, metadatatypes.GrantRequest{
		Consumer:    consumer,
		ProgramID:   req.ProgramID,
		Purpose:     req.Purpose,
		PricePerMop: req.PricePerMop,
		MinCohort:   req.MinCohort,
		Individual:  req.Individual,
		MicroRho:    job.MicroRho,
		DataPerMop:  req.DataPerMop,
	})
	if err != nil {
		return 0, err
	}
	write()
	return grantID, nil
}

// bookReservation charges what a contribution has reserved if it could be read, and gives it back otherwise.
func (k *Keeper) bookReservation(ctx context.Context, job types.Job, c types.Contribution) error {
	if c.GrantId == 0 {
		return nil
	}
	r := metadatatypes.Reservation{RecordID: c.Attestation.RecordId, GrantID: c.GrantId, MicroRho: job.MicroRho}
	if !job.Readable(c) {
		return k.metadataKeeper.Release(ctx, r)
	}
	consumer, err := k.address("consumer", job.Consumer)
	if err != nil {
		return err
	}
	return k.metadataKeeper.Charge(ctx, r, consumer, job.Spec.ProgramId)
}

// settleReservation is bookReservation for the settlement, which no error stops. No ordinary state gives one.
func (k *Keeper) settleReservation(ctx context.Context, job types.Job, c types.Contribution) {
	if err := isolated(ctx, func(ctx context.Context) error { return k.bookReservation(ctx, job, c) }); err != nil {
		sdk.UnwrapSDKContext(ctx).Logger().Error("a reservation could not be booked", "module", types.ModuleName,
			"job", job.Id, "record", c.Attestation.RecordId, "err", err)
	}
}

// reservation names what is set aside: of a record's privacy budget with grant 0, or of a grant.
type reservation struct {
	record string
	grant  uint64
}

// checkReservations checks that what is set aside of records and grants is the sum over the contributions that wait for settlement.
func (k *Keeper) checkReservations(ctx context.Context) error {
	want := map[reservation]uint64{}
	records, found := 0, 0 // with something set aside
	if err := k.Unsettled.Walk(ctx, nil, func(key collections.Pair[string, string]) (bool, error) {
		job, err := k.job(ctx, key.K1())
		if err != nil {
			return true, err
		}
		c, err := k.Contributions.Get(ctx, key)
		if err != nil || c.GrantId == 0 {
			return err != nil, err
		}
		of := reservation{record: key.K2()}
		if want[of] == 0 && job.MicroRho > 0 {
			records++
		}
		want[of] += job.MicroRho
		want[reservation{key.K2(), c.GrantId}]++
		return false, nil
	}); err != nil {
		return err
	}
	if err := k.metadataKeeper.WalkReserved(ctx, func(record string, grant, got uint64) error {
		r := reservation{record, grant}
		if got != want[r] {
			return errorsmod.Wrapf(types.ErrInvariant, "reserved of record %s, grant %d: expected %d, as its contributions have it, got %d", record, grant, want[r], got)
		}
		if grant == 0 {
			found++
		}
		return nil
	}); err != nil {
		return err
	}
	// Of grants there may be fewer: one that was revoked is gone.
	if found != records {
		return errorsmod.Wrapf(types.ErrInvariant, "records with something set aside: expected %d, as the contributions have it, got %d", records, found)
	}
	return nil
}
