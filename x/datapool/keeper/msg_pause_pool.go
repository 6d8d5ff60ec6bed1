package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// PausePool implements types.MsgServer, for the authority only: swaps and deposits of a pool stop,
// or go on. Withdrawals in proportion, claims, rewards and gifts never stop.
func (k msgServer) PausePool(ctx context.Context, msg *types.MsgPausePool) (*types.MsgPausePoolResponse, error) {
	if err := k.checkAuthority(ctx, msg.Authority); err != nil {
		return nil, err
	}
	m, err := k.market(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	if m.Paused == msg.Paused {
		return nil, errorsmod.Wrapf(types.ErrPaused, "paused: expected %t, a change for pool %d, got %t", !m.Paused, msg.PoolId, msg.Paused)
	}
	m.Paused = msg.Paused
	if err := k.Markets.Set(ctx, msg.PoolId, m); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgPausePoolResponse{}, modulekit.Emit(ctx, &types.EventPoolPaused{PoolId: msg.PoolId, Paused: msg.Paused}))
}
