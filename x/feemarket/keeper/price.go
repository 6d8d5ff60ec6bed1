package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/feemarket/types"
)

// Count moves the prices by the fee gas of the block that is about to be executed: of all that is in neither part of it, and
// of the part for contributions alone. It runs once for each block, before its transactions: a counter that they wrote would
// make all of them depend on each other.
func (k *Keeper) Count(ctx context.Context, feeGas, contributions uint64) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	last, err := k.GasPrice.Get(ctx)
	if err != nil {
		return err
	}
	price := types.GasPrice{
		Height:            sdk.UnwrapSDKContext(ctx).BlockHeight(),
		Now:               last.Next,
		Next:              params.NextPrice(last.Next, feeGas, params.TargetGas),
		ContributionsNow:  last.ContributionsNext,
		ContributionsNext: params.NextPrice(last.ContributionsNext, contributions, params.ContributionsTargetGas),
	}
	if err := k.GasPrice.Set(ctx, price); err != nil {
		return err
	}
	if price.Now == last.Now && price.Next == last.Next &&
		price.ContributionsNow == last.ContributionsNow && price.ContributionsNext == last.ContributionsNext {
		return nil
	}
	return modulekit.Emit(ctx, &types.EventGasPrice{GasPrice: price, FeeGas: feeGas, ContributionsFeeGas: contributions})
}

// Prices are the general price that a transaction must pay and the one of the part for contributions: in a block that is
// executed the block's, else the next block's, for which transactions are collected, proposed and judged.
func (k *Keeper) Prices(ctx sdk.Context) (general, contributions uint64, err error) {
	price, err := k.GasPrice.Get(ctx)
	if err != nil {
		return 0, 0, err
	}
	if ctx.ExecMode() == sdk.ExecModeFinalize {
		return price.Now, price.ContributionsNow, nil
	}
	return price.Next, price.ContributionsNext, nil
}
