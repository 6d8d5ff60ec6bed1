package keeper

import (
	"context"
	"time"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// open checks what every message of a trade has: who sends it, a bound, and a
// deadline. It returns the sender and reads the bound.
func (k *Keeper) open(
	ctx context.Context, sender string, bound *amm.Int, field string, given math.Int, deadline time.Time,
) (sdk.AccAddress, error) {
	addr, err := k.account("sender", sender)
	if err != nil {
		return nil, err
	}
	if err := types.Bound(bound, field, given); err != nil {
		return nil, err
	}
	return addr, types.CheckDeadline(deadline, sdk.UnwrapSDKContext(ctx).BlockTime())
}
