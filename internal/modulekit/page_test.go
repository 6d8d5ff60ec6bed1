package modulekit_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/collections"

	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/internal/modulekit"
)

type numbers = collections.Map[collections.Pair[uint64, uint64], uint64]

// newNumbers returns a map with the numbers 0 to n-1 under the prefixes 1, 2 and 3.
func newNumbers(t testing.TB, n uint64) (sdk.Context, numbers) {
	t.Helper()
	key := storetypes.NewKVStoreKey("numbers")
	ctx := testutil.DefaultContext(key, storetypes.NewTransientStoreKey("t"))
	sb := collections.NewSchemaBuilder(runtime.NewKVStoreService(key))
	m := collections.NewMap(sb, collections.NewPrefix(0), "numbers",
		collections.PairKeyCodec(collections.Uint64Key, collections.Uint64Key), collections.Uint64Value)
	_, err := sb.Build()
	require.NoError(t, err)
	for prefix := uint64(1); prefix <= 3; prefix++ {
		for i := range n {
			require.NoError(t, m.Set(ctx, collections.Join(prefix, i), i))
		}
	}
	return ctx, m
}

func page(ctx sdk.Context, m numbers, prefix *collections.Pair[uint64, uint64], req *query.PageRequest) ([]uint64, *query.PageResponse, error) {
	return modulekit.Paginate(ctx, m, prefix, req, func(_ collections.Pair[uint64, uint64], n uint64) (uint64, error) { return n, nil })
}

// Pages of every size, and pages that the gas cuts, give all entries once and in order, forwards and backwards.
func TestPagesAreTheWhole(t *testing.T) {
	const n = 57
	ctx, m := newNumbers(t, n)
	for _, gas := range []uint64{0, 100, 1_000, 5_000} {
		for _, limit := range []uint64{1, 2, 56, 57, 58, 1000} {
			for _, reverse := range []bool{false, true} {
				var all []uint64
				req := &query.PageRequest{Limit: limit, Reverse: reverse}
				for {
					metered := ctx
					if gas > 0 {
						metered = ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
						metered = metered.WithGasMeter(limited{metered.GasMeter(), gas})
					}
					items, res, err := page(metered, m, new(collections.PairPrefix[uint64, uint64](uint64(2))), req)
					require.NoError(t, err)
					require.NotEmpty(t, items)
					require.LessOrEqual(t, len(items), int(limit))
					all = append(all, items...)
					if len(res.NextKey) == 0 {
						break
					}
					req.Key = res.NextKey
				}
				if reverse {
					slices.Reverse(all)
				}
				require.Len(t, all, n)
				for i := range all {
					require.EqualValues(t, i, all[i])
				}
			}
		}
	}
}

// limited is a meter with a limit that lets calls go beyond it, so that a test sees where a page stops.
type limited struct {
	storetypes.GasMeter
	limit uint64
}

func (l limited) Limit() storetypes.Gas { return l.limit }

// A page takes half of the gas at most, and one entry more.
func TestPageEndsBeforeTheGas(t *testing.T) {
	ctx, m := newNumbers(t, 2_000)
	ctx = ctx.WithGasMeter(storetypes.NewGasMeter(20_000))
	items, res, err := page(ctx, m, nil, &query.PageRequest{Limit: 1_000})
	require.NoError(t, err)
	require.NotEmpty(t, res.NextKey)
	require.Greater(t, len(items), 50)
	require.Less(t, ctx.GasMeter().GasConsumed(), uint64(11_000))
}

// A request without a limit has 100 entries and counts nothing: the SDK's own would read all of them.
func TestPageWithoutALimit(t *testing.T) {
	ctx, m := newNumbers(t, 500)
	for _, req := range []*query.PageRequest{nil, {}} {
		metered := ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		items, res, err := page(metered, m, nil, req)
		require.NoError(t, err)
		require.Len(t, items, modulekit.DefaultPage)
		require.Zero(t, res.Total)
		require.Less(t, metered.GasMeter().GasConsumed(), uint64(20_000))
	}
	_, res, err := page(ctx, m, nil, &query.PageRequest{CountTotal: true, Offset: 7})
	require.NoError(t, err)
	require.EqualValues(t, 1_500, res.Total, "who asks for it has it")
}

func TestPageRefuses(t *testing.T) {
	ctx, m := newNumbers(t, 2)
	for says, req := range map[string]*query.PageRequest{
		"pagination.limit: expected at most 1000, got 1001": {Limit: 1001},
		"either offset or key is expected":                  {Offset: 1, Key: []byte{1}},
	} {
		_, _, err := page(ctx, m, nil, req)
		require.ErrorContains(t, err, says)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
	own := errors.New("own")
	_, _, err := modulekit.Paginate(ctx, m, nil, nil, func(collections.Pair[uint64, uint64], uint64) (int, error) { return 0, own })
	require.Equal(t, own, err)
}
