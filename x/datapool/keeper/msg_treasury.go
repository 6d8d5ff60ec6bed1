package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// maxTreasuryCoins bounds the kinds of coins in a payment.
const maxTreasuryCoins = 16

// SpendTreasury implements types.MsgServer: governance pays coins out of the treasury.
func (k msgServer) SpendTreasury(ctx context.Context, msg *types.MsgSpendTreasury) (*types.MsgSpendTreasuryResponse, error) {
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), k.authority, msg.Authority); err != nil {
		return nil, err
	}
	recipient, err := k.address("recipient", msg.Recipient)
	if err != nil {
		return nil, err
	}
	if k.bankKeeper.BlockedAddr(recipient) {
		return nil, errorsmod.Wrapf(sdkerrors.ErrUnauthorized, "recipient: expected an account that may receive coins, got %s", msg.Recipient)
	}
	if n := len(msg.Amount); n == 0 || n > maxTreasuryCoins || !msg.Amount.IsAllPositive() {
		return nil, errorsmod.Wrapf(sdkerrors.ErrInvalidCoins, "amount: expected 1 to %d positive coins in the order of their denoms, got %s", maxTreasuryCoins, msg.Amount)
	}
	if err := msg.Amount.Validate(); err != nil {
		return nil, errorsmod.Wrapf(sdkerrors.ErrInvalidCoins, "amount: expected valid coins, got %s: %s", msg.Amount, err)
	}
	if err := k.bankKeeper.SendCoins(ctx, types.TreasuryAddress(), recipient, msg.Amount); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgSpendTreasuryResponse{}, modulekit.Emit(ctx, &types.EventTreasurySpent{Recipient: msg.Recipient, Amount: msg.Amount}))
}

// payProtocol pays what belongs to all out of a pool's account: ualita to the community pool and other coins to the
// treasury.
func (k *Keeper) payProtocol(ctx context.Context, poolID uint64, coins sdk.Coins) error {
	for _, c := range coins {
		var err error
		if c.Denom == types.BaseDenom {
			err = k.distrKeeper.FundCommunityPool(ctx, sdk.Coins{c}, types.PoolAddress(poolID))
		} else {
			err = k.bankKeeper.SendCoins(ctx, types.PoolAddress(poolID), types.TreasuryAddress(), sdk.Coins{c})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
