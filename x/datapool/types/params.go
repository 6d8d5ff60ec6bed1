package types

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Bounds of the parameters.
const (
	// PPM is one as parts per million.
	PPM = 1_000_000
	// MaxProtocolPPM bounds the protocol's part of a swap fee.
	MaxProtocolPPM = 500_000
	// MaxSwapFeePPM bounds what governance may allow as a swap fee.
	MaxSwapFeePPM = 500_000
	// MinTwapWindow and MaxTwapWindow bound the window of the average price, in seconds.
	MinTwapWindow = 1
	MaxTwapWindow = 30 * 24 * 3600
	// MinObservations and MaxObservations bound the price history of a pool.
	MinObservations = 16
	MaxObservations = 4096
	// MinOutletPPM and MaxOutletPPM bound the part of a pool's Data Tokens that may leave
	// its reward budget in a day.
	MinOutletPPM = 100
	MaxOutletPPM = 20_000
	// MinRaiseDelay and MaxRaiseDelay bound how long a raise of rewards waits, in seconds.
	MinRaiseDelay = 24 * 3600
	MaxRaiseDelay = 90 * 24 * 3600
	// MaxMatchPPM bounds what a contribution earns of what its payer lost to others. A
	// payer who owns the record and a part b of the stake gains by it above 1-b.
	MaxMatchPPM = 500_000
)

// The windows of the means beside the one of the parameter, in seconds of active time.
// State depends on the long one: they are no parameters.
const (
	ShortWindow = 300
	LongWindow  = 24 * HourSeconds
	// HourSums is how many sums a pool keeps: one for each hour that the long window can
	// begin in or be in. The sum of hour n, counted from the chain's beginning, is in slot
	// n modulo that number.
	HourSums = LongWindow/HourSeconds + 1
)

// DefaultParams returns the parameters of a new network: 10 ALITA to create a
// pool with at least 100 ALITA in it, a tenth of the swap fees for the protocol,
// prices averaged over half an hour, besides the two other windows, and at most half a per
// cent of a pool's Data Tokens a day for its owners.
func DefaultParams() Params {
	return Params{
		CreationFee:          sdk.NewInt64Coin(BaseDenom, 10_000_000),
		MinLiquidityAlita:    math.NewInt(100_000_000),
		MaxSwapFeePpm:        100_000,
		ProtocolPpm:          100_000,
		TwapWindow:           1800,
		MaxPriceObservations: 360,
		OutletPpm:            5_000,
		RaiseDelay:           7 * 24 * 3600,
		MaxMatchPpm:          MaxMatchPPM,
	}
}

// Validate checks every parameter; the error is ErrInvalidParams.
func (p Params) Validate() error {
	switch {
	case p.CreationFee.Denom != BaseDenom:
		return errorsmod.Wrapf(ErrInvalidParams, "creation_fee: expected %s, got %q", BaseDenom, p.CreationFee.Denom)
	case p.CreationFee.Amount.IsNil() || p.CreationFee.Amount.IsNegative():
		return errorsmod.Wrapf(ErrInvalidParams, "creation_fee: expected zero or more, got %s", p.CreationFee.Amount)
	case p.MinLiquidityAlita.IsNil() || !p.MinLiquidityAlita.IsPositive():
		return errorsmod.Wrapf(ErrInvalidParams, "min_liquidity_alita: expected at least 1, got %s", p.MinLiquidityAlita)
	case p.MinLiquidityAlita.GT(MaxAmount()):
		return errorsmod.Wrapf(ErrInvalidParams, "min_liquidity_alita: expected at most 2^127, got %s", p.MinLiquidityAlita)
	case p.MaxSwapFeePpm > MaxSwapFeePPM:
		return errorsmod.Wrapf(ErrInvalidParams, "max_swap_fee_ppm: expected at most %d, got %d", MaxSwapFeePPM, p.MaxSwapFeePpm)
	case p.ProtocolPpm > MaxProtocolPPM:
		return errorsmod.Wrapf(ErrInvalidParams, "protocol_ppm: expected at most %d, got %d", MaxProtocolPPM, p.ProtocolPpm)
	case p.TwapWindow < MinTwapWindow || p.TwapWindow > MaxTwapWindow:
		return errorsmod.Wrapf(ErrInvalidParams, "twap_window: expected %d to %d seconds, got %d", MinTwapWindow, MaxTwapWindow, p.TwapWindow)
	case p.MaxPriceObservations < MinObservations || p.MaxPriceObservations > MaxObservations:
		return errorsmod.Wrapf(ErrInvalidParams, "max_price_observations: expected %d to %d, got %d",
			MinObservations, MaxObservations, p.MaxPriceObservations)
	case p.OutletPpm < MinOutletPPM || p.OutletPpm > MaxOutletPPM:
		return errorsmod.Wrapf(ErrInvalidParams, "outlet_ppm: expected %d to %d, got %d", MinOutletPPM, MaxOutletPPM, p.OutletPpm)
	case p.RaiseDelay < MinRaiseDelay || p.RaiseDelay > MaxRaiseDelay:
		return errorsmod.Wrapf(ErrInvalidParams, "raise_delay: expected %d to %d seconds, got %d", MinRaiseDelay, MaxRaiseDelay, p.RaiseDelay)
	case p.MaxMatchPpm > MaxMatchPPM:
		return errorsmod.Wrapf(ErrInvalidParams, "max_match_ppm: expected at most %d, got %d", MaxMatchPPM, p.MaxMatchPpm)
	}
	return nil
}

// ObservationSpacing is the least time between each second entry of a price history,
// in seconds: chosen so that a full history reaches over the window, also if a trade
// after a silence writes two of them.
func (p Params) ObservationSpacing() int64 {
	steps := uint64(p.MaxPriceObservations-1) / 2
	return int64((p.TwapWindow + steps - 1) / steps)
}
