package bench_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
	datapoolkeeper "github.com/alita-network/alita/x/datapool/keeper"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

const (
	// perContext is how many swaps share the state of a block.
	perContext = 50
	// perTurn is how many swaps or quotes a size runs before the next one's turn.
	perTurn = 1_000
)

// sized is a chain with a number of pools and what was measured on it.
type sized struct {
	*node
	*load
	blocks, empty       []sample
	swaps, quotes, cold []float64 // microseconds each
}

// BenchmarkPools measures what depends on the number of pools: chains of all sizes
// take turns.
func BenchmarkPools(b *testing.B) {
	t := newTable("pools", "swap, keeper", "quote, query", "swap in any pool, keeper", "empty block", fmt.Sprintf("%s swaps over 100 pools", thousands(*size)),
		"FinalizeBlock", "Commit", "gas/tx", "block against that of 100")
	sizes := []*sized{}
	for _, pools := range []int{10, 100, 1_000, *most} {
		l := newLoad(newMarket(pools, 100, *size), false)
		sizes = append(sizes, &sized{node: newNode(b, kind{}, l.market), load: l})
	}
	for run := range *runs + 1 {
		for turn := range sizes {
			// The first run warms up.
			sizes[(turn+run)%len(sizes)].measure(b, run > 0)
		}
	}
	of := median[sample]
	total := func(s sample) float64 { return ms(s.total()) }
	same := func(v float64) float64 { return v }
	for _, s := range sizes {
		n := float64(len(s.traders))
		t.row(thousands(s.pools),
			fmt.Sprintf("%.1f µs", median(s.swaps, same)), fmt.Sprintf("%.1f µs", median(s.quotes, same)),
			fmt.Sprintf("%.1f µs", median(s.cold, same)),
			fmt.Sprintf("%.2f ms", of(s.empty, total)), fmt.Sprintf("%.0f ms", of(s.blocks, total)),
			fmt.Sprintf("%.0f", of(s.blocks, func(s sample) float64 { return ms(s.finalize) })),
			fmt.Sprintf("%.0f", of(s.blocks, func(s sample) float64 { return ms(s.commit) })),
			thousands(int(of(s.blocks, func(s sample) float64 { return float64(s.gas) / n }))),
			fmt.Sprintf("%.2f", of(s.blocks, total)/of(sizes[1].blocks, total)))
	}
	report(b, "pools", t)
}

// measure runs one turn of everything.
func (s *sized) measure(b *testing.B, counts bool) {
	b.Helper()
	block, _ := s.node.block(b, s.sign(s.Chain))
	empty, _ := s.node.block(b, nil)
	swap := s.timeSwaps(b, func(i int) uint64 { return s.pool(i) })
	// Every pool is as likely as another: of a large chain most are in no cache.
	cold := s.timeSwaps(b, func(int) uint64 { return uint64(1 + s.r.Intn(s.pools)) })
	quote := s.timeQuotes(b)
	if counts {
		s.blocks, s.empty = append(s.blocks, block), append(s.empty, empty)
		s.swaps, s.cold, s.quotes = append(s.swaps, swap), append(s.cold, cold), append(s.quotes, quote)
	}
}

// state is a context over the committed tree, as a block begins with, and not over what
// queries before have left in memory.
func (s *sized) state() sdk.Context {
	return s.Ctx().WithMultiStore(s.App.CommitMultiStore().CacheMultiStore())
}

// timeSwaps returns the microseconds of a message that sells ALITA.
func (s *sized) timeSwaps(b *testing.B, pool func(int) uint64) float64 {
	b.Helper()
	msgs := datapoolkeeper.NewMsgServer(s.App.DatapoolKeeper)
	var took time.Duration
	for i := 0; i < perTurn; i += perContext {
		ctx := s.state()
		batch := make([]*datapooltypes.MsgSwapExactIn, perContext)
		for j := range batch {
			trader := (i + j) % len(s.traders)
			batch[j] = s.swap(trader, s.traders[trader], true, whole, s.Time())
			batch[j].PoolId = pool(trader)
		}
		start := time.Now()
		for _, msg := range batch {
			if _, err := msgs.SwapExactIn(ctx.WithEventManager(sdk.NewEventManager()), msg); err != nil {
				b.Fatal(err)
			}
		}
		took += time.Since(start)
	}
	return float64(took.Microseconds()) / perTurn
}

// timeQuotes returns the microseconds of a query.
func (s *sized) timeQuotes(b *testing.B) float64 {
	b.Helper()
	queries := datapoolkeeper.NewQueryServer(s.App.DatapoolKeeper)
	requests := make([]*datapooltypes.QueryQuoteSwapExactInRequest, perTurn)
	for i := range requests {
		requests[i] = &datapooltypes.QueryQuoteSwapExactInRequest{PoolId: s.pool(i), TokenIn: "1000000" + app.BaseDenom}
	}
	ctx := s.state()
	start := time.Now()
	for _, req := range requests {
		_, err := queries.QuoteSwapExactIn(ctx, req)
		require.NoError(b, err)
	}
	return float64(time.Since(start).Microseconds()) / perTurn
}
