package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/metadata/types"
)

// ChargePrivacy charges millionths of rho to the privacy budget of an active record. If less is left,
// the error is ErrPrivacyBudget and nothing is charged. A charge of nothing changes nothing.
func (k *Keeper) ChargePrivacy(ctx context.Context, recordID string, consumer sdk.AccAddress, microRho uint64) error {
	record, err := k.Record(ctx, recordID)
	if err != nil {
		return err
	}
	if err := checkActive(record); err != nil {
		return err
	}
	text, err := k.addressCodec.BytesToString(consumer)
	if err != nil {
		return errorsmod.Wrapf(types.ErrInvalidAddress, "consumer: %s", err)
	}
	return k.chargePrivacy(ctx, record, text, microRho)
}

func (k *Keeper) chargePrivacy(ctx context.Context, record types.Record, consumer string, microRho uint64) error {
	if microRho == 0 {
		return nil
	}
	spent, err := chargedPrivacy(record, microRho)
	if err != nil {
		return err
	}
	record.PrivacySpent = spent
	if err := k.setRecord(ctx, record, record.Status); err != nil {
		return err
	}
	return modulekit.Emit(ctx, &types.EventPrivacyCharged{
		RecordId: record.Id, Consumer: consumer, Charged: microRho, Spent: spent, Budget: record.PrivacyBudget,
	})
}

// chargedPrivacy returns the millionths of rho that a record has spent after a charge, or ErrPrivacyBudget.
func chargedPrivacy(record types.Record, microRho uint64) (uint64, error) {
	spent, err := terms.ChargePrivacy(record.PrivacyBudget, record.PrivacySpent, microRho)
	if err != nil {
		return 0, errorsmod.Wrapf(types.ErrPrivacyBudget, "record %s: %s", record.Id, err)
	}
	return spent, nil
}
