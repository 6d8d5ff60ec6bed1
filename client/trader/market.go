package trader

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/grpc"

	"cosmossdk.io/math"

	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// Market asks a node about pools.
type Market struct {
	// Pools answers about pools and quotes.
	Pools types.QueryClient
	// Balances answers what an account holds; only Shares needs it.
	Balances banktypes.QueryClient
}

// New returns the market that a node knows.
func New(conn grpc.ClientConnInterface) Market {
	return Market{Pools: types.NewQueryClient(conn), Balances: banktypes.NewQueryClient(conn)}
}

// Pool finds a pool by its number, its symbol in any case, or one of its denoms.
func (m Market) Pool(ctx context.Context, ref string) (types.Pool, error) {
	if id, err := strconv.ParseUint(ref, 10, 64); err == nil {
		res, err := m.Pools.Pool(ctx, &types.QueryPoolRequest{PoolId: id})
		if err != nil {
			return types.Pool{}, err
		}
		return res.Pool, nil
	}
	if !strings.Contains(ref, "/") {
		ref = strings.ToUpper(ref)
	}
	res, err := m.Pools.PoolByDenom(ctx, &types.QueryPoolByDenomRequest{Denom: ref})
	if err != nil {
		return types.Pool{}, err
	}
	return res.Pool, nil
}

// Shares reads an amount of shares of a pool, such as 1.5SPEED-SHARE, or a percentage of the shares that an account
// holds, such as 50%, rounded down.
func (m Market) Shares(ctx context.Context, p types.Pool, holder, text string) (math.Int, error) {
	if !strings.HasSuffix(text, "%") {
		c, err := ShareUnits(p).Parse(text)
		return c.Amount, err
	}
	ppm, err := parsePortion(text)
	if err != nil {
		return math.Int{}, err
	}
	res, err := m.Balances.Balance(ctx, &banktypes.QueryBalanceRequest{Address: holder, Denom: p.ShareDenom})
	if err != nil {
		return math.Int{}, err
	}
	if res.Balance == nil || !res.Balance.Amount.IsPositive() {
		return math.Int{}, fmt.Errorf("shares: expected an account with shares of pool %d, got %s with none of %s", p.Id, holder, p.ShareDenom)
	}
	return res.Balance.Amount.MulRaw(int64(ppm)).QuoRaw(types.PPM), nil
}
