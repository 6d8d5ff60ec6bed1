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

// blockBeacon hashes what the block commits to. The block's proposer can choose among blocks and so, at the cost of
// its rewards, among a few seeds: enough to disturb a draw now and then, not to fill the seats of a job.
type blockBeacon struct{}

// Seed implements Beacon.
func (blockBeacon) Seed(ctx context.Context) []byte {
	c := sdk.UnwrapSDKContext(ctx)
	seed := label.Hash("alita/beacon/block/v1", []byte(c.ChainID()), label.Uint64(uint64(c.BlockHeight())),
		c.HeaderHash(), c.BlockHeader().AppHash)
	return seed[:]
}
