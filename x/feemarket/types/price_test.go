package types_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/feemarket/types"
)

// Hand-checked: 2,500,000 rises by an eighth, 312,500, when a block has twice the target or more.
func TestNextPrice(t *testing.T) {
	p := types.DefaultParams()
	for _, tc := range []struct {
		name               string
		price, gas, expect uint64
	}{
		{"empty, at the floor", 2_500_000, 0, 2_500_000},
		{"at the target", 4_000_000, 40_000_000, 4_000_000},
		{"twice the target", 2_500_000, 80_000_000, 2_812_500},
		{"more than twice", 2_500_000, 100_000_000, 2_812_500},
		{"half more than the target", 2_500_000, 60_000_000, 2_656_250},
		{"one unit of gas more", 2_500_000, 40_000_001, 2_500_001},
		{"empty, above the floor", 4_000_000, 0, 3_500_000},
		{"half of the target", 4_000_000, 20_000_000, 3_750_000},
		{"not below the floor", 2_600_000, 0, 2_500_000},
		{"from below the floor", 7, 0, 2_500_000},
		{"not above the highest", types.MaxGasPrice, types.MaxGas, types.MaxGasPrice},
	} {
		require.Equal(t, tc.expect, p.NextPrice(tc.price, tc.gas, p.TargetGas), tc.name)
	}
	free := p
	free.MinGasPrice = 0
	require.Zero(t, free.NextPrice(0, 40_000_000, free.TargetGas))
	require.EqualValues(t, 1, free.NextPrice(0, 40_000_001, free.TargetGas), "a price of nothing can rise")
	require.Zero(t, free.NextPrice(1, 0, free.TargetGas)-1, "an eighth of one is nothing")
}

// TestNextPriceIsExact compares with fractions of any size.
func TestNextPriceIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := types.Params{
			MinGasPrice:   rapid.Uint64Range(0, types.MaxGasPrice).Draw(t, "least"),
			TargetGas:     rapid.Uint64Range(2_000_000, types.MaxGas).Draw(t, "target"),
			MaxTxGas:      types.MaxGas,
			MaxProgramGas: types.MaxGas,

			ContributionsTargetGas: 1,
		}
		require.NoError(t, p.Validate())
		price := rapid.Uint64Range(p.MinGasPrice, types.MaxGasPrice).Draw(t, "price")
		gas := rapid.Uint64Range(0, types.MaxGas).Draw(t, "gas")
		got := p.NextPrice(price, gas, p.TargetGas)

		used := min(gas, 2*p.TargetGas)
		change := new(big.Int).Mul(new(big.Int).SetUint64(price), new(big.Int).Sub(new(big.Int).SetUint64(used), new(big.Int).SetUint64(p.TargetGas)))
		change.Quo(change, new(big.Int).SetUint64(8*p.TargetGas)) // towards zero
		if gas > p.TargetGas && change.Sign() == 0 {
			change.SetInt64(1)
		}
		expect := new(big.Int).Add(new(big.Int).SetUint64(price), change).Uint64()
		require.Equal(t, min(max(expect, p.MinGasPrice), types.MaxGasPrice), got)
	})
}

func TestFee(t *testing.T) {
	for _, tc := range []struct{ gas, price, expect uint64 }{
		{0, 2_500_000, 0},
		{1, 2_500_000, 1}, // 0.0025, rounded up
		{400, 2_500_000, 1},
		{401, 2_500_000, 2},
		{200_000, 2_500_000, 500},
		{100_000_000, 2_500_000, 250_000}, // a full block: 0.25 ALITA
		{200_000, 0, 0},
		{types.MaxGas, types.MaxGasPrice, 1_000_000_000_000_000_000},
		{types.MaxGas * types.MaxGasPerByte, types.MaxGasPrice, 1<<64 - 1},
	} {
		require.Equal(t, tc.expect, types.Fee(tc.gas, tc.price), tc)
	}
}

func TestFeeGas(t *testing.T) {
	p := types.DefaultParams()
	require.EqualValues(t, 200_000, p.FeeGas(200_000, 400), "a swap pays for its gas")
	require.EqualValues(t, 24_000, p.FeeGas(20_000, 1000), "bytes cost no less than the gas that they crowd out")
	require.EqualValues(t, 100_663_296, p.FeeGas(0, 4<<20), "a block full of bytes costs what a block full of gas does")
	require.EqualValues(t, types.MaxGas, p.FeeGas(1<<64-1, 0))
	require.EqualValues(t, types.MaxGas*24, p.FeeGas(0, 1<<64-1))
}

func TestValidate(t *testing.T) {
	require.NoError(t, types.DefaultParams().Validate())
	for name, change := range map[string]func(*types.Params){
		"price above an ALITA":            func(p *types.Params) { p.MinGasPrice = types.MaxGasPrice + 1 },
		"no target":                       func(p *types.Params) { p.TargetGas = 0 },
		"target beyond all gas":           func(p *types.Params) { p.TargetGas = types.MaxGas + 1 },
		"bytes beyond all bounds":         func(p *types.Params) { p.GasPerByte = types.MaxGasPerByte + 1 },
		"too little gas for a proposal":   func(p *types.Params) { p.MaxTxGas = 1_999_999 },
		"programs with less than others":  func(p *types.Params) { p.MaxProgramGas = p.MaxTxGas - 1 },
		"programs with more than all gas": func(p *types.Params) { p.MaxProgramGas = types.MaxGas + 1 },
	} {
		p := types.DefaultParams()
		change(&p)
		require.ErrorIs(t, p.Validate(), types.ErrInvalidParams, name)
	}
	gs := types.DefaultGenesis()
	require.NoError(t, gs.Validate())
	gs.GasPrice--
	require.ErrorIs(t, gs.Validate(), types.ErrInvalidGenesis)
	gs.GasPrice = types.MaxGasPrice + 1
	require.ErrorIs(t, gs.Validate(), types.ErrInvalidGenesis)
}
