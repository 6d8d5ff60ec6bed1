package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// checkMarket does what people do in a market beside the plain swap: it trades one
// Data Token for another, gives and takes one coin alone, changes the rewards and claims
// them, and reads what was written of it.
func (e *exchange) checkMarket(ctx context.Context, t *testing.T) {
	query := datapooltypes.NewQueryClient(e.conn)
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "file.json")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	held := func(account, denom string) sdk.Coin {
		res, err := banktypes.NewQueryClient(e.conn).Balance(ctx, &banktypes.QueryBalanceRequest{Address: e.net.Address(account), Denom: denom})
		require.NoError(t, err)
		return *res.Balance
	}
	e.tx(ctx, "maker", "datapool", "create-pool", write(strings.ReplaceAll(poolFile, "LIGHT", "SOUND")))
	e.tx(ctx, "maker", "datapool", "update-pool", "LIGHT", write(`{"rewards_per_day":"40LIGHT"}`))

	// The node does to the unit what was quoted, and no more is bought than was asked for.
	quote, err := query.QuoteSwapRouteExactIn(ctx, &datapooltypes.QueryQuoteSwapRouteExactInRequest{TokenIn: "100000000data/1", DenomOut: "data/2"})
	require.NoError(t, err)
	e.tx(ctx, "consumer", "datapool", "swap", "LIGHT", "100LIGHT", "--to", "SOUND")
	require.Equal(t, quote.TokenOut.String(), held("consumer", "data/2").String())
	e.tx(ctx, "consumer", "datapool", "swap", "LIGHT", "--to", "SOUND", "--to-receive", "5SOUND")
	require.Equal(t, quote.TokenOut.AddAmount(sdk.NewInt64Coin("data/2", 5_000_000).Amount).String(), held("consumer", "data/2").String())

	single, err := query.QuoteAddLiquiditySingle(ctx, &datapooltypes.QueryQuoteAddLiquiditySingleRequest{PoolId: 1, TokenIn: "5000000ualita"})
	require.NoError(t, err)
	e.tx(ctx, "consumer", "datapool", "liquidity", "add", "LIGHT", "5ALITA", "--single")
	require.Equal(t, single.Shares.String(), held("consumer", "share/1").String())
	tokens := held("consumer", "data/1")
	e.tx(ctx, "consumer", "datapool", "liquidity", "remove", "LIGHT", "50%", "--single", "LIGHT")
	require.True(t, tokens.IsLT(held("consumer", "data/1")))

	var safety struct {
		Guard  bool `json:"block_guard"`
		Shares struct {
			Holders  string `json:"holders"`
			HHI      int    `json:"hhi"`
			Complete bool   `json:"complete"`
		} `json:"shares"`
	}
	require.NoError(t, e.net.Query(ctx, &safety, "datapool", "safety", "LIGHT"))
	require.True(t, safety.Guard)
	require.True(t, safety.Shares.Complete)
	require.Equal(t, "2", safety.Shares.Holders)
	require.Greater(t, safety.Shares.HHI, 9_000)

	pool, err := query.Pool(ctx, &datapooltypes.QueryPoolRequest{PoolId: 1})
	require.NoError(t, err)
	candles, err := query.Candles(ctx, &datapooltypes.QueryCandlesRequest{PoolId: 1, Interval: datapooltypes.CANDLE_INTERVAL_DAY})
	require.NoError(t, err)
	var swaps uint64 // more than one candle where the test runs over midnight
	for _, c := range candles.Candles {
		swaps += c.Swaps
	}
	require.Equal(t, pool.Pool.Swaps, swaps)
	require.NotEmpty(t, e.cli(ctx, "query", "datapool", "candles", "LIGHT", "--interval", "hour"))

	// The first owner was paid its part of a day of the reward for its record; the rest is owed.
	claimable, err := query.Claimable(ctx, &datapooltypes.QueryClaimableRequest{PoolId: 1, Owner: e.net.Address(e.owners[0].Name)})
	require.NoError(t, err)
	require.NotEqual(t, "0", claimable.Owed, claimable)
	require.NotEmpty(t, held(e.owners[0].Name, "data/1"))
}
