// Package keeper holds the chain's active time.
package keeper

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/clock/types"
)

// Keeper holds the state of the module. Only the beginning of a block writes it, so transactions that read it do not
// conflict.
type Keeper struct {
	// Schema describes the store.
	Schema collections.Schema
	// Clock is where the clock stands; absent before the first block.
	Clock collections.Item[types.Clock]
}

// NewKeeper returns a keeper of the module.
func NewKeeper(cdc codec.BinaryCodec, storeService store.KVStoreService) *Keeper {
	sb := collections.NewSchemaBuilder(storeService)
	k := &Keeper{Clock: collections.NewItem(sb, types.ClockPrefix, "clock", codec.CollValue[types.Clock](cdc))}
	schema, err := sb.Build()
	if err != nil {
		panic(fmt.Errorf("%s: %w", types.ModuleName, err))
	}
	k.Schema = schema
	return k
}

// BeginBlock advances the clock to the block. It comes before all that asks for the time.
func (k *Keeper) BeginBlock(ctx context.Context) error {
	c, err := k.Now(ctx)
	if err != nil {
		return err
	}
	return k.Clock.Set(ctx, c.Tick(sdk.UnwrapSDKContext(ctx).BlockTime()))
}

// Now returns the clock of the block. Reading it costs no gas: what a trade costs does not depend on what the clock says.
func (k *Keeper) Now(ctx context.Context) (types.Clock, error) {
	c, err := k.Clock.Get(sdk.UnwrapSDKContext(ctx).WithGasMeter(storetypes.NewInfiniteGasMeter()))
	if errors.Is(err, collections.ErrNotFound) {
		return types.Clock{}, nil
	}
	return c, err
}

// Active returns the chain's active time at the block: the sum of the times between blocks, of each at most types.MaxStep.
func (k *Keeper) Active(ctx context.Context) (time.Duration, error) {
	c, err := k.Now(ctx)
	return c.Active, err
}

// InitGenesis sets the state.
func (k *Keeper) InitGenesis(ctx context.Context, gs types.GenesisState) error {
	if err := gs.Validate(); err != nil {
		return err
	}
	if gs.Clock.BlockTime == nil {
		return nil
	}
	return k.Clock.Set(ctx, gs.Clock)
}

// ExportGenesis returns the state.
func (k *Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	c, err := k.Now(ctx)
	return &types.GenesisState{Clock: c}, err
}
