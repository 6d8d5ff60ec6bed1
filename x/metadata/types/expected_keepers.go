package types

import (
	"context"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// DatapoolKeeper is the part of x/datapool that the module needs.
type DatapoolKeeper interface {
	// Pool returns a pool, or datapool's ErrPoolNotFound.
	Pool(ctx context.Context, id uint64) (datapooltypes.Pool, error)
	// PayReward credits an owner with the reward for a record of some rows and pays as much of it as the pool's outlet lets
	// out now. All that was earned is zero if the budget is short, which is no error.
	PayReward(ctx context.Context, poolID uint64, owner sdk.AccAddress, rows uint64) (paid datapooltypes.Amounts, earned math.Int, err error)
}
