package keeper

import (
	"context"
	"math"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// UpdatePool implements types.MsgServer, for the maker only: description, requirements and rewards
// are replaced. Records that were admitted stay admitted; what is admitted from then on is judged
// by the new requirements. Rewards only rise. Until now rewards have streamed at the old rate.
func (k msgServer) UpdatePool(ctx context.Context, msg *types.MsgUpdatePool) (*types.MsgUpdatePoolResponse, error) {
	for _, err := range []error{
		types.ValidateDescription(msg.Description),
		msg.Requirements.Validate(),
		msg.RewardPolicy.Validate(),
	} {
		if err != nil {
			return nil, err
		}
	}
	p, _, err := k.recordOfMaker(ctx, msg.PoolId, msg.Maker)
	if err != nil {
		return nil, err
	}
	if err := msg.RewardPolicy.CheckRaised(p.RewardPolicy); err != nil {
		return nil, err
	}
	if p.Revision == math.MaxUint64 {
		return nil, errorsmod.Wrapf(types.ErrTooLarge, "pool %d: expected fewer than 2^64 revisions, got one more", p.Id)
	}
	m, err := k.market(ctx, p.Id)
	if err != nil {
		return nil, err
	}
	a, err := k.accrue(ctx, p.Id, &m)
	if err != nil {
		return nil, err
	}
	p.Description, p.Requirements, p.RewardPolicy = msg.Description, msg.Requirements, msg.RewardPolicy
	p.Revision++
	if err := k.Pools.Set(ctx, p.Id, p); err != nil {
		return nil, err
	}
	if a.exists {
		if err := k.storeBudget(ctx, p.Id, &m, a); err != nil {
			return nil, err
		}
	}
	return modulekit.Answer(&types.MsgUpdatePoolResponse{Revision: p.Revision}, modulekit.Emit(ctx, &types.EventPoolUpdated{
		PoolId: p.Id, Revision: p.Revision,
		Description: p.Description, Requirements: p.Requirements, RewardPolicy: p.RewardPolicy,
	}))
}
