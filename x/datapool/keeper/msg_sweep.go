package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// Sweep implements types.MsgServer: coins that were sent to the account of a pool without
// a message go where they belong, whoever asks. ALITA and Data Tokens go to the reward budget,
// shares are burned, for the good of all other shares, and other coins go to the
// treasury. No reserve changes, so no price does.
func (k msgServer) Sweep(ctx context.Context, msg *types.MsgSweep) (*types.MsgSweepResponse, error) {
	if _, err := k.address("sender", msg.Sender); err != nil {
		return nil, err
	}
	if err := sdk.ValidateDenom(msg.Denom); err != nil {
		return nil, errorsmod.Wrapf(types.ErrInvalidDenom, "denom: expected the denom of a coin, got %q: %s", msg.Denom, err)
	}
	p, err := k.Pool(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	swept := sdk.Coin{Denom: msg.Denom, Amount: k.stray(ctx, p, msg.Denom)}
	if !swept.Amount.IsPositive() {
		return nil, errorsmod.Wrapf(types.ErrNothingToClaim, "pool %d: expected %s that no message has sent, got none", p.Id, msg.Denom)
	}
	m, err := k.market(ctx, p.Id)
	if err != nil {
		return nil, err
	}
	switch msg.Denom {
	case types.BaseDenom, p.DataDenom:
		err = k.sweepToBudget(ctx, p.Id, &m, swept)
	case p.ShareDenom:
		err = k.burnShares(ctx, p, &m, swept)
	default:
		err = k.payProtocol(ctx, p.Id, sdk.Coins{swept})
	}
	if err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgSweepResponse{Swept: swept}, modulekit.Emit(ctx, &types.EventSwept{
		PoolId: p.Id, Swept: swept, Rewards: m.Rewards.Amounts(), TotalShares: m.Shares.Dec(),
	}))
}
