// Package keeper holds the price of gas and moves it with each block.
package keeper

import (
	"context"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/address"
	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"

	"github.com/alita-network/alita/x/feemarket/types"
)

// Keeper holds the state of the feemarket module.
type Keeper struct {
	// authority may update the parameters; typically the x/gov account.
	authority string

	Schema collections.Schema
	// Params are the parameters of the module.
	Params collections.Item[types.Params]
	// GasPrice is the price of gas. It changes before the transactions of a block and never in them: they only read it.
	GasPrice collections.Item[types.GasPrice]
}

// NewKeeper returns a keeper of the feemarket module. It panics if the authority is no address or the schema is wrong,
// which are faults of the program.
func NewKeeper(cdc codec.BinaryCodec, storeService store.KVStoreService, addressCodec address.Codec, authority string) *Keeper {
	if _, err := addressCodec.StringToBytes(authority); err != nil {
		panic(err)
	}
	sb := collections.NewSchemaBuilder(storeService)
	k := &Keeper{
		authority: authority,
		Params:    collections.NewItem(sb, types.ParamsPrefix, "params", codec.CollValue[types.Params](cdc)),
		GasPrice:  collections.NewItem(sb, types.GasPricePrefix, "gas_price", codec.CollValue[types.GasPrice](cdc)),
	}
	schema, err := sb.Build()
	if err != nil {
		panic(err)
	}
	k.Schema = schema
	return k
}

// InitGenesis checks a genesis state and sets it.
func (k *Keeper) InitGenesis(ctx context.Context, gs types.GenesisState) error {
	if err := gs.Validate(); err != nil {
		return err
	}
	if err := k.Params.Set(ctx, gs.Params); err != nil {
		return err
	}
	return k.GasPrice.Set(ctx, types.GasPrice{
		Now: gs.GasPrice, Next: gs.GasPrice, ContributionsNow: gs.ContributionsGasPrice, ContributionsNext: gs.ContributionsGasPrice,
	})
}

// ExportGenesis returns the state. The first block after an import has the price that the next block would have had.
func (k *Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	price, err := k.GasPrice.Get(ctx)
	if err != nil {
		return nil, err
	}
	// A raise of the least price since that block counts in the next one.
	return &types.GenesisState{
		Params: params, GasPrice: max(price.Next, params.MinGasPrice), ContributionsGasPrice: max(price.ContributionsNext, params.MinGasPrice),
	}, nil
}
