package app

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app/mempool"
)

// lane says which room of a block a transaction may take.
func lane(sdk.Context, sdk.Tx) mempool.Lane { return mempool.General }
