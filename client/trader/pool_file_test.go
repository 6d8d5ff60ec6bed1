package trader_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/trader"
)

func TestPoolFileRefused(t *testing.T) {
	good := `{"symbol":"SPEED","name":"Speed","liquidity_alita":"1000ALITA","liquidity_data":"5units","fees":{"swap":"0.3%"},"requirements":{}}`
	msg, err := trader.ParsePoolFile([]byte(good), "alita1maker")
	require.NoError(t, err)
	require.Equal(t, "5", msg.LiquidityData.String())
	require.Equal(t, "0", msg.MakerAllotment.String())
	require.True(t, msg.BlockGuard, "on unless the file turns it off")
	off, err := trader.ParsePoolFile([]byte(strings.Replace(good, `"fees"`, `"block_guard":false,"fees"`, 1)), "alita1maker")
	require.NoError(t, err)
	require.False(t, off.BlockGuard)
	rewarded, err := trader.ParsePoolFile([]byte(strings.Replace(good, `"5units"`, `"10000SPEED","reward_per_record":"1SPEED"`, 1)), "alita1maker")
	require.NoError(t, err)
	require.Equal(t, "50000000", rewarded.RewardPolicy.PerDay.String(), "half a per cent of the liquidity a day")
	require.Equal(t, rewarded.RewardPolicy.PerDay, rewarded.RewardPolicy.MaxPerDay)
	tests := []struct{ name, from, to, says string }{
		{"unknown field", `"name"`, `"title"`, "unknown field"},
		{"bad symbol", `SPEED`, `sp`, "symbol"},
		{"no unit", `1000ALITA`, `1000`, "liquidity_alita"},
		{"wrong unit", `5units`, `5ALITA`, "liquidity_data: expected a unit of SPEED, units"},
		{"no swap fee", `"swap":"0.3%"`, `"maker":"1%"`, "fees.swap"},
		{"bad percentage", `0.3%`, `lots`, "fees.swap"},
		{"bad time", `"fees"`, `"lock":"soon","fees"`, "lock"},
		{"half a second", `"fees"`, `"vesting":"500ms","fees"`, "whole seconds"},
		{"no match", `"fees"`, `"match":"half","fees"`, "match: "},
		{"rows in the wrong unit", `"fees"`, `"reward_per_row":"1ALITA","fees"`, "reward_per_row: expected a unit"},
		{"bound without a unit", `"fees"`, `"max_reward_per_record":"1","fees"`, "max_reward_per_record: expected a number and a unit"},
		{"no truth", `"fees"`, `"block_guard":"yes","fees"`, "block_guard"},
		{"unknown type", `"requirements":{}`, `"requirements":{"columns":[{"name":"a","type":"float"}]}`, "columns[0].type"},
		{"trailing", `{}}`, `{}} {}`, "nothing after it"},
		{"no JSON", `{"symbol"`, `symbol`, "invalid character"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			_, err := trader.ParsePoolFile([]byte(strings.Replace(good, tc.from, tc.to, 1)), "alita1maker")
			require.ErrorContains(t, err, tc.says)
		})
	}
}

func FuzzPoolFile(f *testing.F) {
	f.Add([]byte(`{"symbol":"SPEED","name":"Speed","liquidity_alita":"1000ALITA","liquidity_data":"5units","fees":{"swap":"0.3%"},"requirements":{}}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if msg, err := trader.ParsePoolFile(data, "alita1maker"); err == nil {
			require.False(t, msg.LiquidityData.IsNil() || msg.LiquidityData.IsNegative())
		}
	})
}
