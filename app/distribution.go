package app

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"github.com/cosmos/cosmos-sdk/types/module"
	distr "github.com/cosmos/cosmos-sdk/x/distribution"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
)

// distributionModule is x/distribution whose lists hold ualita alone. It walks over the coins of its pools for every
// validator in every block: whoever put many kinds of coins there slowed all later blocks, for ever.
type distributionModule struct {
	distr.AppModule

	keeper distrkeeper.Keeper
}

// RegisterServices implements module.HasServices. Messages inside of MsgExec and of proposals come the same way.
func (m distributionModule) RegisterServices(cfg module.Configurator) {
	distrtypes.RegisterMsgServer(cfg.MsgServer(), ualitaOnly{distrkeeper.NewMsgServerImpl(m.keeper)})
	distrtypes.RegisterQueryServer(cfg.QueryServer(), distrkeeper.NewQuerier(m.keeper))
}

type ualitaOnly struct{ distrtypes.MsgServer }

// FundCommunityPool implements distrtypes.MsgServer.
func (s ualitaOnly) FundCommunityPool(ctx context.Context, msg *distrtypes.MsgFundCommunityPool) (*distrtypes.MsgFundCommunityPoolResponse, error) {
	if err := requireUalita(msg.Amount); err != nil {
		return nil, err
	}
	return s.MsgServer.FundCommunityPool(ctx, msg)
}

// DepositValidatorRewardsPool implements distrtypes.MsgServer.
func (s ualitaOnly) DepositValidatorRewardsPool(
	ctx context.Context, msg *distrtypes.MsgDepositValidatorRewardsPool,
) (*distrtypes.MsgDepositValidatorRewardsPoolResponse, error) {
	if err := requireUalita(msg.Amount); err != nil {
		return nil, err
	}
	return s.MsgServer.DepositValidatorRewardsPool(ctx, msg)
}

func requireUalita(amount sdk.Coins) error {
	for _, c := range amount {
		if c.Denom != BaseDenom {
			return errorsmod.Wrapf(sdkerrors.ErrInvalidCoins, "amount: expected %s alone, got %s", BaseDenom, c.Denom)
		}
	}
	return nil
}
