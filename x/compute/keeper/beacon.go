package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/label"
)

// Beacon gives public randomness that nobody knew when the block was begun.
type Beacon interface {
	// Seed is 32 bytes, different in each block.
	Seed(ctx context.Context) []byte
}

// blockBeacon hashes what the block commits to. Nobody else can foresee that, but the block's proposer can change the block,
// and with it the seed, as often as its time allows.
type blockBeacon struct{}

// Seed implements Beacon.
func (blockBeacon) Seed(ctx context.Context) []byte {
	c := sdk.UnwrapSDKContext(ctx)
	seed := label.Hash("alita/beacon/block/v1", []byte(c.ChainID()), label.Uint64(uint64(c.BlockHeight())),
		c.HeaderHash(), c.BlockHeader().AppHash)
	return seed[:]
}
