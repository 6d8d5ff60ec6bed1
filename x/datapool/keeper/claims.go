package keeper

import (
	"context"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// MakerClaimable returns what MsgClaimMaker would pay the maker of a whole pool now: its
// swap fees, the free part of the allotment and, after the lock, the first shares.
// Messages and queries both use it.
func (k *Keeper) MakerClaimable(ctx context.Context, p types.Pool) types.MsgClaimMakerResponse {
	now := sdk.UnwrapSDKContext(ctx).BlockTime()
	claim := types.MsgClaimMakerResponse{
		Fees: p.MakerFees, Vested: p.Vesting.Free(now), Shares: math.ZeroInt(),
	}
	if !now.Before(p.LockedShares.Until) {
		claim.Shares = p.LockedShares.Amount
	}
	return claim
}
