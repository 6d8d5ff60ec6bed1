package types

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// DatapoolKeeper is the part of x/datapool that the module needs.
type DatapoolKeeper interface {
	// Pool returns a pool, or datapool's ErrPoolNotFound.
	Pool(ctx context.Context, id uint64) (datapooltypes.Pool, error)
	// PayReward pays an owner the reward for a record of some rows from the pool's budget and returns what was paid:
	// nothing if the budget is short, which is no error.
	PayReward(ctx context.Context, poolID uint64, owner sdk.AccAddress, rows uint64) (datapooltypes.Amounts, error)
	// Retired takes the weight of a record that has ended out of the pool's streamed rewards.
	Retired(ctx context.Context, poolID uint64, recordID string, owner sdk.AccAddress) error
}
