package keeper

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/types"
)

// RecordGrant returns one grant of a record, or ErrGrantNotFound.
func (k *Keeper) RecordGrant(ctx context.Context, recordID string, id uint64) (types.Grant, error) {
	g, err := k.Grants.Get(ctx, collections.Join(recordID, id))
	if errors.Is(err, collections.ErrNotFound) {
		return g, errorsmod.Wrapf(types.ErrGrantNotFound, "record %s: expected the number of one of its grants, got %d", recordID, id)
	}
	return g, err
}

// Reserve finds the first grant of an active record that allows the request, sets one use of it aside and what the request would
// disclose of the record's privacy budget, and returns the grant's number. Charge or Release ends the reservation. If no grant does,
// ErrNotGranted names what every grant lacks; if the budget is spent or set aside, the error is ErrPrivacyBudget.
func (k *Keeper) Reserve(ctx context.Context, recordID string, req types.GrantRequest) (uint64, error) {
	record, err := k.Record(ctx, recordID)
	if err != nil {
		return 0, err
	}
	if err := checkActive(record); err != nil {
		return 0, err
	}
	consumer, err := k.addressCodec.BytesToString(req.Consumer)
	if err != nil {
		return 0, errorsmod.Wrapf(types.ErrInvalidAddress, "consumer: %s", err)
	}
	grants, err := k.recordGrants(ctx, recordID)
	if err != nil {
		return 0, err
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime()
	var lacks []string
	for _, g := range grants {
		if why := g.Lacks(req, consumer, now); why != "" {
			lacks = append(lacks, fmt.Sprintf("grant %d %s", g.Id, why))
			continue
		}
		reserved, err := reservedPrivacy(record, req.MicroRho)
		if err != nil {
			return 0, err
		}
		g.Reserved++
		if err := k.Grants.Set(ctx, collections.Join(recordID, g.Id), g); err != nil {
			return 0, err
		}
		if reserved == record.PrivacyReserved {
			return g.Id, nil
		}
		record.PrivacyReserved = reserved
		return g.Id, k.setRecord(ctx, record, record.Status)
	}
	if len(lacks) == 0 {
		return 0, errorsmod.Wrapf(types.ErrNotGranted, "record %s: expected a grant that allows the request, got none; its owner has to grant first", recordID)
	}
	return 0, errorsmod.Wrapf(types.ErrNotGranted, "record %s: expected a grant that allows the request, got none: %s", recordID, strings.Join(lacks, "; "))
}

// recordGrants returns the grants of a record in their order, at most max_grants.
func (k *Keeper) recordGrants(ctx context.Context, recordID string) ([]types.Grant, error) {
	var grants []types.Grant
	err := k.Grants.Walk(ctx, collections.NewPrefixedPairRange[string, uint64](recordID),
		func(_ collections.Pair[string, uint64], g types.Grant) (bool, error) {
			grants = append(grants, g)
			return false, nil
		})
	return grants, err
}

func orNone(s []string) string {
	if len(s) == 0 {
		return "none"
	}
	return strings.Join(s, ", ")
}
