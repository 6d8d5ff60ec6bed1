package types_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

func TestParams(t *testing.T) {
	require.NoError(t, types.DefaultParams().Validate())
	tests := []struct {
		name   string
		change func(*types.Params)
		says   string
	}{
		{"fee in another coin", func(p *types.Params) { p.CreationFee = sdk.NewInt64Coin("uother", 1) }, "expected ualita"},
		{"no fee", func(p *types.Params) { p.CreationFee = sdk.Coin{Denom: types.BaseDenom} }, "zero or more"},
		{"negative fee", func(p *types.Params) { p.CreationFee.Amount = math.NewInt(-1) }, "zero or more"},
		{"no least liquidity", func(p *types.Params) { p.MinLiquidityAlita = math.Int{} }, "at least 1"},
		{"zero least liquidity", func(p *types.Params) { p.MinLiquidityAlita = math.ZeroInt() }, "at least 1"},
		{"impossible liquidity", func(p *types.Params) { p.MinLiquidityAlita = types.MaxAmount().AddRaw(1) }, "2^127"},
		{"swap fee", func(p *types.Params) { p.MaxSwapFeePpm = types.MaxSwapFeePPM + 1 }, "max_swap_fee_ppm"},
		{"protocol part", func(p *types.Params) { p.ProtocolPpm = types.MaxProtocolPPM + 1 }, "protocol_ppm"},
		{"short window", func(p *types.Params) { p.TwapWindow = types.MinTwapWindow - 1 }, "twap_window"},
		{"long window", func(p *types.Params) { p.TwapWindow = ^uint64(0) }, "twap_window"},
		{"few observations", func(p *types.Params) { p.MaxPriceObservations = types.MinObservations - 1 }, "max_price_observations"},
		{"narrow outlet", func(p *types.Params) { p.OutletPpm = types.MinOutletPPM - 1 }, "outlet_ppm"},
		{"wide outlet", func(p *types.Params) { p.OutletPpm = types.MaxOutletPPM + 1 }, "outlet_ppm"},
		{"raise at once", func(p *types.Params) { p.RaiseDelay = 0 }, "raise_delay"},
		{"raise in a year", func(p *types.Params) { p.RaiseDelay = 365 * 24 * 3600 }, "raise_delay"},
		{"match above a half", func(p *types.Params) { p.MaxMatchPpm = types.MaxMatchPPM + 1 }, "max_match_ppm"},
		{"many observations", func(p *types.Params) { p.MaxPriceObservations = ^uint32(0) }, "max_price_observations"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			p := types.DefaultParams()
			tc.change(&p)
			err := p.Validate()
			require.ErrorIs(t, err, types.ErrInvalidParams)
			require.ErrorContains(t, err, tc.says)
		})
	}
}

// TestHistoryReachesOverTheWindow: whatever the parameters, a full history covers the
// window if each second observation is a spacing after the one two before it.
func TestHistoryReachesOverTheWindow(t *testing.T) {
	for _, window := range []uint64{types.MinTwapWindow, 61, 1800, types.MaxTwapWindow} {
		for _, n := range []uint32{types.MinObservations, 17, 360, types.MaxObservations} {
			p := types.DefaultParams()
			p.TwapWindow, p.MaxPriceObservations = window, n
			require.NoError(t, p.Validate())
			require.Positive(t, p.ObservationSpacing())
			require.GreaterOrEqual(t, p.ObservationSpacing()*int64((n-1)/2), int64(window))
		}
	}
}

func TestAminoNames(t *testing.T) {
	amino := codec.NewLegacyAmino()
	types.RegisterLegacyAminoCodec(amino)
	registry := codectypes.NewInterfaceRegistry()
	types.RegisterInterfaces(registry)
	for _, msg := range []sdk.Msg{
		&types.MsgCreatePool{}, &types.MsgAddLiquidity{}, &types.MsgRemoveLiquidity{}, &types.MsgSwapExactIn{}, &types.MsgSwapExactOut{},
		&types.MsgFundRewards{}, &types.MsgClaimMaker{}, &types.MsgClaimProtocol{}, &types.MsgSpendTreasury{}, &types.MsgUpdateParams{},
	} {
		text, err := amino.MarshalJSON(msg)
		require.NoError(t, err)
		var named struct{ Type string }
		require.NoError(t, json.Unmarshal(text, &named))
		require.True(t, strings.HasPrefix(named.Type, "alita/"), named.Type)
		require.LessOrEqual(t, len(named.Type), 39, "hardware wallets")
		_, err = registry.Resolve(sdk.MsgTypeURL(msg))
		require.NoError(t, err)
	}
}

func TestDenoms(t *testing.T) {
	require.Equal(t, "data/7", types.DataDenom(7))
	require.Equal(t, "share/7", types.ShareDenom(7))
	for _, id := range []uint64{1, 42, ^uint64(0)} {
		require.NoError(t, sdk.ValidateDenom(types.DataDenom(id)))
		got, ok := types.PoolIDOfDenom(types.ShareDenom(id))
		require.True(t, ok)
		require.Equal(t, id, got)
	}
	require.NotEqual(t, types.PoolAddress(1), types.PoolAddress(256))
	require.NoError(t, sdk.ValidateDenom(types.ShareSymbol(strings.Repeat("A", types.MaxSymbol))))
}
