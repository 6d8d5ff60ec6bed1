package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// FundRewards implements types.MsgServer.
func (k msgServer) FundRewards(ctx context.Context, msg *types.MsgFundRewards) (*types.MsgFundRewardsResponse, error) {
	var amount amm.Int
	sender, err := k.address("sender", msg.Sender)
	if err != nil {
		return nil, err
	}
	alita, err := types.CheckCoin("amount", msg.Amount, msg.PoolId)
	if err != nil {
		return nil, err
	}
	if err := types.PositiveAmount(&amount, "amount", msg.Amount.Amount); err != nil {
		return nil, err
	}
	m, err := k.market(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	if err := addToBudget(&m, alita, &amount); err != nil {
		return nil, err
	}
	if err := k.bankKeeper.SendCoins(ctx, sender, types.PoolAddress(msg.PoolId), sdk.Coins{msg.Amount}); err != nil {
		return nil, err
	}
	if err := k.Markets.Set(ctx, msg.PoolId, m); err != nil {
		return nil, err
	}
	rewards := m.Rewards.Amounts()
	return modulekit.Answer(&types.MsgFundRewardsResponse{Rewards: rewards}, modulekit.Emit(ctx, &types.EventRewardsFunded{
		PoolId: msg.PoolId, Sender: msg.Sender, Amount: msg.Amount, Rewards: rewards,
	}))
}
