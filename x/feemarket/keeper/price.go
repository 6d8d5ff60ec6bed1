package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/feemarket/types"
)

// Count moves the price by the fee gas of the block that is about to be executed. It runs once for each block, before its
// transactions: a counter that they wrote would make all of them depend on each other.
func (k *Keeper) Count(ctx context.Context, feeGas uint64) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	last, err := k.GasPrice.Get(ctx)
	if err != nil {
		return err
	}
	price := types.GasPrice{
		Height: sdk.UnwrapSDKContext(ctx).BlockHeight(),
		Now:    last.Next,
		Next:   params.NextPrice(last.Next, feeGas),
	}
	if err := k.GasPrice.Set(ctx, price); err != nil {
		return err
	}
	if price.Now == last.Now && price.Next == last.Next {
		return nil
	}
	return modulekit.Emit(ctx, &types.EventGasPrice{GasPrice: price, FeeGas: feeGas})
}

// Price is the price that a transaction must pay: in a block that is executed the block's, else the next block's, for
// which transactions are collected, proposed and judged.
func (k *Keeper) Price(ctx sdk.Context) (uint64, error) {
	price, err := k.GasPrice.Get(ctx)
	if err != nil {
		return 0, err
	}
	if ctx.ExecMode() == sdk.ExecModeFinalize {
		return price.Now, nil
	}
	return price.Next, nil
}
