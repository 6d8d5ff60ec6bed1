package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/metadata/types"
)

// Charge makes a reservation a use of the grant and a loss of the record's privacy budget: what was contributed can be read. A grant
// that was revoked meanwhile is passed over, and so is the status of the record. The error is ErrInvariant if less is set aside.
func (k *Keeper) Charge(ctx context.Context, r types.Reservation, consumer sdk.AccAddress, programID string) error {
	text, err := k.addressCodec.BytesToString(consumer)
	if err != nil {
		return errorsmod.Wrapf(types.ErrInvalidAddress, "consumer: %s", err)
	}
	record, err := k.takeReserved(ctx, r)
	if err != nil {
		return err
	}
	used, err := k.endUse(ctx, r, true)
	if err != nil {
		return err
	}
	if used {
		if err := modulekit.Emit(ctx, &types.EventGrantUsed{RecordId: r.RecordID, GrantId: r.GrantID, Consumer: text, Program: programID}); err != nil {
			return err
		}
	}
	if r.MicroRho == 0 {
		return nil
	}
	// No overflow: the sum of both was at most a budget.
	record.PrivacySpent += r.MicroRho
	if err := k.setRecord(ctx, record, record.Status); err != nil {
		return err
	}
	return modulekit.Emit(ctx, &types.EventPrivacyCharged{
		RecordId: record.Id, Consumer: text, Charged: r.MicroRho, Spent: record.PrivacySpent, Budget: record.PrivacyBudget,
	})
}

// Release gives a reservation back: what was contributed was never readable. Otherwise it is like Charge.
func (k *Keeper) Release(ctx context.Context, r types.Reservation) error {
	record, err := k.takeReserved(ctx, r)
	if err != nil {
		return err
	}
	if _, err := k.endUse(ctx, r, false); err != nil || r.MicroRho == 0 {
		return err
	}
	if err := k.setRecord(ctx, record, record.Status); err != nil {
		return err
	}
	return modulekit.Emit(ctx, &types.EventPrivacyReleased{RecordId: record.Id, Released: r.MicroRho, Reserved: record.PrivacyReserved})
}

// WalkReserved calls fn with what is set aside, if anything: of each record in millionths of rho, with grantID 0, and of each grant
// in uses. The work grows with the chain, so no message calls it: it is for invariants.
func (k *Keeper) WalkReserved(ctx context.Context, fn func(recordID string, grantID, reserved uint64) error) error {
	if err := k.Records.Walk(ctx, nil, func(id string, r types.Record) (bool, error) {
		if r.PrivacyReserved == 0 {
			return false, nil
		}
		err := fn(id, 0, r.PrivacyReserved)
		return err != nil, err
	}); err != nil {
		return err
	}
	return k.Grants.Walk(ctx, nil, func(key collections.Pair[string, uint64], g types.Grant) (bool, error) {
		if g.Reserved == 0 {
			return false, nil
		}
		err := fn(key.K1(), key.K2(), g.Reserved)
		return err != nil, err
	})
}

// endUse ends the reservation of a grant's use, counts the use if it was one, and reports whether there was a grant.
func (k *Keeper) endUse(ctx context.Context, r types.Reservation, used bool) (bool, error) {
	if r.GrantID == 0 {
		return false, nil
	}
	g, err := k.RecordGrant(ctx, r.RecordID, r.GrantID)
	if errors.Is(err, types.ErrGrantNotFound) {
		return false, nil // revoked
	}
	if err != nil {
		return false, err
	}
	if g.Reserved == 0 {
		return false, errorsmod.Wrapf(types.ErrInvariant, "record %s: grant %d: reserved: expected at least 1, got 0", r.RecordID, r.GrantID)
	}
	g.Reserved--
	if used {
		g.Uses++
	}
	return true, k.Grants.Set(ctx, collections.Join(r.RecordID, r.GrantID), g)
}

// takeReserved returns the record without what was set aside of its budget. The caller stores it. It reads nothing if that is nothing.
func (k *Keeper) takeReserved(ctx context.Context, r types.Reservation) (types.Record, error) {
	if r.MicroRho == 0 {
		return types.Record{}, nil
	}
	record, err := k.Record(ctx, r.RecordID)
	if err != nil {
		return record, err
	}
	if record.PrivacyReserved < r.MicroRho {
		return record, errorsmod.Wrapf(types.ErrInvariant, "record %s: privacy_reserved: expected at least %d, got %d", r.RecordID, r.MicroRho, record.PrivacyReserved)
	}
	record.PrivacyReserved -= r.MicroRho
	return record, nil
}

// reservedPrivacy returns what is set aside of a record's budget after another contribution, or ErrPrivacyBudget.
func reservedPrivacy(record types.Record, microRho uint64) (uint64, error) {
	reserved, err := terms.ReservePrivacy(record.PrivacyBudget, record.PrivacySpent, record.PrivacyReserved, microRho)
	if err != nil {
		return 0, errorsmod.Wrapf(types.ErrPrivacyBudget, "record %s: %s", record.Id, err)
	}
	return reserved, nil
}
