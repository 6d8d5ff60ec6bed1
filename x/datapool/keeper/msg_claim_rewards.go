package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// ClaimRewards implements types.MsgServer: an owner gets what the outlet lets out of what it
// is owed, whoever asks.
func (k msgServer) ClaimRewards(ctx context.Context, msg *types.MsgClaimRewards) (*types.MsgClaimRewardsResponse, error) {
	if _, err := k.address("sender", msg.Sender); err != nil {
		return nil, err
	}
	owner, err := k.address("owner", msg.Owner)
	if err != nil {
		return nil, err
	}
	o, err := k.openOutlet(ctx, msg.PoolId, owner)
	if err != nil {
		return nil, err
	}
	if pay := least(o.most, o.rewards.Owed); pay.IsZero() {
		return nil, errorsmod.Wrapf(types.ErrNothingToClaim, "pool %d: expected rewards that are owed to %s and that the outlet lets out now, got %s owed", msg.PoolId, msg.Owner, o.rewards.Owed.Dec())
	}
	paid, err := k.payOwed(ctx, &o)
	return modulekit.Answer(&types.MsgClaimRewardsResponse{Paid: paid, Owed: types.MathInt(&o.rewards.Owed)}, err)
}
