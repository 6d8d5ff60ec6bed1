package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/metadata/types"
)

// Contributable returns the admitted version of an active record as a computation sees it. The errors are
// ErrRecordNotFound, ErrRecordPending and ErrRecordRetired.
func (k *Keeper) Contributable(ctx context.Context, recordID string) (types.Contributable, error) {
	record, err := k.Record(ctx, recordID)
	if err != nil {
		return types.Contributable{}, err
	}
	return k.contributableVersion(ctx, record, record.Admitted)
}

// contributableVersion is Contributable for a version that is or was admitted.
func (k *Keeper) contributableVersion(ctx context.Context, record types.Record, number uint32) (types.Contributable, error) {
	if err := checkActive(record); err != nil {
		return types.Contributable{}, err
	}
	owner, _, err := k.account("owner", record.Owner)
	if err != nil {
		return types.Contributable{}, err
	}
	v, err := k.Versions.Get(ctx, collections.Join(record.Id, number))
	if err != nil {
		return types.Contributable{}, err
	}
	columns := make([]string, len(v.Content.Dataset.Columns))
	for i, c := range v.Content.Dataset.Columns {
		columns[i] = c.Name
	}
	return types.Contributable{
		Owner: owner, PoolID: record.PoolId, Version: v.Content.Version,
		Rows: v.Content.Commitment.Rows, RowRoot: v.Content.Commitment.Root, Columns: columns,
		PanelID: record.PanelId,
	}, nil
}

// checkActive reports whether a record can be computed on.
func checkActive(r types.Record) error {
	switch r.Status {
	case types.RECORD_STATUS_ACTIVE:
		return nil
	case types.RECORD_STATUS_RETIRED:
		return errorsmod.Wrapf(types.ErrRecordRetired, "record %s: expected an active one, got one withdrawn by its owner", r.Id)
	}
	return errorsmod.Wrapf(types.ErrRecordPending, "record %s: expected an active one, got one that waits for the pool's maker", r.Id)
}
