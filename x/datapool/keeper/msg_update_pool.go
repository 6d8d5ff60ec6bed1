package keeper

import (
	"context"
	stdmath "math"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// UpdatePool implements types.MsgServer, for the maker only: description, requirements and rewards
// are replaced. Records that were admitted stay admitted; what is admitted from then on is judged
// by the new requirements. A raise of rewards waits, so that buyers see it before it holds; what
// lowers the flow of the budget holds at once. Until now the outlet has filled by the old policy.
func (k msgServer) UpdatePool(ctx context.Context, msg *types.MsgUpdatePool) (*types.MsgUpdatePoolResponse, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	for _, err := range []error{
		types.ValidateDescription(msg.Description),
		msg.Requirements.Validate(),
		msg.RewardPolicy.Validate(),
		msg.RewardPolicy.ValidateMatch(params.MaxMatchPpm),
		msg.RewardPolicy.CheckAdmission(msg.Requirements),
	} {
		if err != nil {
			return nil, err
		}
	}
	p, _, err := k.recordOfMaker(ctx, msg.PoolId, msg.Maker)
	if err != nil {
		return nil, err
	}
	if p.Revision == stdmath.MaxUint64 {
		return nil, errorsmod.Wrapf(types.ErrTooLarge, "pool %d: expected fewer than 2^64 revisions, got one more", p.Id)
	}
	if err := k.replacePolicy(ctx, &p, msg.RewardPolicy, &params); err != nil {
		return nil, err
	}
	p.Description, p.Requirements = msg.Description, msg.Requirements
	p.Revision++
	if err := k.Pools.Set(ctx, p.Id, p); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgUpdatePoolResponse{Revision: p.Revision, PendingRewards: p.PendingRewards}, modulekit.Emit(ctx, &types.EventPoolUpdated{
		PoolId: p.Id, Revision: p.Revision,
		Description: p.Description, Requirements: p.Requirements, RewardPolicy: p.RewardPolicy, PendingRewards: p.PendingRewards,
	}))
}

// replacePolicy changes the rewards of a pool, and its outlet, which fills by the old
// policy until now. A raise that waits already keeps its time if it is asked for again,
// and is taken back by a policy without it.
func (k *Keeper) replacePolicy(ctx context.Context, p *types.Pool, next types.RewardPolicy, params *types.Params) error {
	now := sdk.UnwrapSDKContext(ctx).BlockTime()
	m, err := k.market(ctx, p.Id)
	if err != nil {
		return err
	}
	o, err := k.outlet(ctx, p.Id)
	if err != nil {
		return err
	}
	if _, err := p.FillOutlet(&o, &m, params.OutletPpm, now.Unix()); err != nil {
		return err
	}
	pending := p.PendingRewards
	if before := p.PolicyAt(now.Unix()); !before.Same(p.RewardPolicy) {
		p.RewardPolicy, pending = before, nil
	}
	if err := next.CheckRaised(p.RewardPolicy); err != nil {
		return err
	}
	p.RewardPolicy, p.PendingRewards = p.RewardPolicy.Replace(next), nil
	if !p.RewardPolicy.Same(next) {
		p.PendingRewards = &types.PendingRewards{Policy: next, From: after(now.UTC(), params.RaiseDelay)}
		if pending != nil && pending.Policy.Same(next) && pending.From.Unix() > now.Unix() {
			p.PendingRewards.From = pending.From
		}
	}
	if _, err := p.FillOutlet(&o, &m, params.OutletPpm, now.Unix()); err != nil {
		return err
	}
	return k.Outlets.Set(ctx, p.Id, o)
}
