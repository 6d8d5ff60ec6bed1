package tx

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// maxGas is what no block holds: a simulation that says more is wrong.
const maxGas = 100_000_000

// offer chooses the gas limit and the price of gas. Both are nodes' words unless the client says them, so the dearest offer of
// the nodes counts that CheckFee allows: a node that asks too much is not believed, and one that asks too little would have the
// transaction refused.
func (c *Client) offer(ctx context.Context, account authtypes.BaseAccount, msgs []sdk.Msg) (uint64, sdk.DecCoins, error) {
	prices, err := c.gasPrices(ctx)
	if err != nil {
		return 0, nil, err
	}
	limits, err := c.gasLimits(ctx, account, msgs)
	if err != nil {
		return 0, nil, err
	}
	var not error
	for _, gas := range limits {
		for _, price := range prices {
			err := c.checkFee(gas, price)
			if err == nil {
				return gas, price, nil
			}
			not = err // the last offer is the cheapest
		}
	}
	return 0, nil, not
}

// gasPrices are the client's, or the nodes' from the highest down if the client has neither prices nor fees.
func (c *Client) gasPrices(ctx context.Context) ([]sdk.DecCoins, error) {
	if !c.GasPrices.IsZero() || !c.Fees.IsZero() {
		return []sdk.DecCoins{c.GasPrices}, nil
	}
	var prices []sdk.DecCoins
	var errs []error
	for _, node := range c.nodes() {
		price, err := NodeGasPrices(ctx, node)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		prices = append(prices, price)
	}
	slices.SortStableFunc(prices, func(a, b sdk.DecCoins) int {
		return b.AmountOf(datapooltypes.BaseDenom).BigInt().Cmp(a.AmountOf(datapooltypes.BaseDenom).BigInt())
	})
	if len(prices) == 0 {
		return nil, errors.Join(errs...)
	}
	return prices, nil
}

// gasLimits is the client's, or what the nodes' simulations say, from the highest down.
func (c *Client) gasLimits(ctx context.Context, account authtypes.BaseAccount, msgs []sdk.Msg) ([]uint64, error) {
	if c.Gas > 0 {
		return []uint64{c.Gas}, nil
	}
	var limits []uint64
	var first error
	for _, node := range c.nodes() {
		gas, err := c.simulate(ctx, node, account, msgs)
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		limits = append(limits, gas)
	}
	if len(limits) == 0 {
		return nil, first
	}
	slices.SortFunc(limits, func(a, b uint64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	return limits, nil
}

// checkFee refuses what costs more than the client's owner has said. The price of gas
// and the gas are the node's word otherwise, and one transaction could take all that
// the account has.
func (c *Client) checkFee(gas uint64, prices sdk.DecCoins) error {
	if prices.IsZero() {
		return nil
	}
	if err := CheckFee(c.fee(gas, prices), c.MaxFee); err != nil {
		return fmt.Errorf("%w for %d gas at %s: if that is right, say what to pay (--fees) or allow more (--max-fee)", err, gas, prices)
	}
	return nil
}

// FeeIn returns what an encoded transaction pays, and its gas limit.
func FeeIn(encoded []byte) (sdk.Coins, uint64, error) {
	var raw txtypes.TxRaw
	if err := raw.Unmarshal(encoded); err != nil {
		return nil, 0, fmt.Errorf("transaction: %w", err)
	}
	var auth txtypes.AuthInfo
	if err := auth.Unmarshal(raw.AuthInfoBytes); err != nil {
		return nil, 0, fmt.Errorf("transaction: %w", err)
	}
	if auth.Fee == nil {
		return nil, 0, nil
	}
	return auth.Fee.Amount, auth.Fee.GasLimit, nil
}

// CheckFee refuses a fee of more than limit, in ualita, and one in other coins. A limit of 0 is DefaultMaxFee.
func CheckFee(fee sdk.Coins, limit uint64) error {
	if limit == 0 {
		limit = DefaultMaxFee
	}
	for _, coin := range fee {
		if coin.Denom != datapooltypes.BaseDenom || coin.Amount.GT(math.NewIntFromUint64(limit)) {
			return fmt.Errorf("%w: expected at most %d%s, got %s", ErrFee, limit, datapooltypes.BaseDenom, fee)
		}
	}
	return nil
}
