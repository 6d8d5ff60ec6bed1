package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// In a pool with the block guard nobody trades at better than the price at which the
// block opened: the market remembers the reserves before the first trade of a
// block, and package amm compares each trade with the same trade against them, and the
// worth of a withdrawal with what the shares were worth then.

// guardHeight is the height of the block in which a trade is judged. A simulated
// transaction runs on the state after the last block and will run in a later one.
func guardHeight(ctx sdk.Context) int64 {
	if ctx.ExecMode() == sdk.ExecModeSimulate {
		return ctx.BlockHeight() + 1
	}
	return ctx.BlockHeight()
}

// nextBlock is the context of a query: like a simulation, a quote is judged as in
// the block after the one whose state it sees.
func nextBlock(ctx context.Context) context.Context {
	c := sdk.UnwrapSDKContext(ctx)
	return c.WithBlockHeight(c.BlockHeight() + 1)
}

// noteOpening notes the reserves when a block's first trade begins.
func noteOpening(ctx sdk.Context, m *types.Market) {
	if height := guardHeight(ctx); m.BlockGuard && m.OpeningHeight != height {
		m.Opening, m.OpeningHeight = m.Reserves, height
	}
}

// opening returns what guards a trade in which ALITA comes in, or goes out: nil in
// a pool without the guard. noteOpening has to come first.
func opening(m *types.Market, alitaIn bool) *amm.Opening {
	if !m.BlockGuard {
		return nil
	}
	return &amm.Opening{X: *m.Opening.Of(alitaIn), Y: *m.Opening.Of(!alitaIn)}
}

// blockOpening returns what guards a withdrawal, ALITA first: nil in a pool without the
// guard, or in a block without a trade so far.
func blockOpening(ctx sdk.Context, m *types.Market) *amm.Opening {
	if m.OpeningHeight != guardHeight(ctx) {
		return nil
	}
	return opening(m, true)
}

// setShares changes the total of shares; the opening follows the liquidity. One of
// an older block is of no use, the next trade replaces it.
func setShares(ctx sdk.Context, m *types.Market, total *amm.Int) {
	if m.BlockGuard && m.OpeningHeight == guardHeight(ctx) {
		o := amm.Opening{X: m.Opening.Alita, Y: m.Opening.Data}
		o.Scale(&m.Shares, total)
		m.Opening = types.Pair{Alita: o.X, Data: o.Y}
	}
	m.Shares = *total
}
