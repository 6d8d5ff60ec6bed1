package keeper

import (
	"context"
	"time"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// tradeTerms reads what every message of a trade has: the sender, the bound in a field
// of the message, and the deadline, which must not be past.
func (k *Keeper) tradeTerms(
	ctx context.Context, sender, field string, bound math.Int, deadline time.Time,
) (sdk.AccAddress, amm.Int, error) {
	var limit amm.Int
	addr, err := k.address("sender", sender)
	if err != nil {
		return nil, limit, err
	}
	if err := types.Bound(&limit, field, bound); err != nil {
		return nil, limit, err
	}
	return addr, limit, types.CheckDeadline(deadline, sdk.UnwrapSDKContext(ctx).BlockTime())
}
