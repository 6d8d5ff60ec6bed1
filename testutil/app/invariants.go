package apptest

import (
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
)

// defaultInvariants are what must hold after every block of any chain.
func defaultInvariants() []Invariant {
	return []Invariant{
		supplyEqualsBalances,
		func(ctx sdk.Context, a *app.App) error { return a.DatapoolKeeper.Invariants(ctx) },
		func(ctx sdk.Context, a *app.App) error { return a.MetadataKeeper.Invariants(ctx) },
		func(ctx sdk.Context, a *app.App) error { return a.ComputeKeeper.Invariants(ctx) },
	}
}

// supplyEqualsBalances: of every coin, the supply is the sum of all balances.
func supplyEqualsBalances(ctx sdk.Context, a *app.App) error {
	var held sdk.Coins
	a.BankKeeper.IterateAllBalances(ctx, func(_ sdk.AccAddress, coin sdk.Coin) bool {
		held = held.Add(coin)
		return false
	})
	var supply sdk.Coins
	a.BankKeeper.IterateTotalSupply(ctx, func(coin sdk.Coin) bool {
		supply = supply.Add(coin)
		return false
	})
	if !held.Equal(supply) {
		return fmt.Errorf("balances: expected the supply %s, got %s", supply, held)
	}
	return nil
}
