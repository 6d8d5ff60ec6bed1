package app

import (
	"maps"
	"slices"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// moduleAccounts lists the module accounts and what each may do with coins.
func moduleAccounts() map[string][]string {
	return map[string][]string{
		authtypes.FeeCollectorName:     nil,
		distrtypes.ModuleName:          nil,
		minttypes.ModuleName:           {authtypes.Minter},
		stakingtypes.BondedPoolName:    {authtypes.Burner, authtypes.Staking},
		stakingtypes.NotBondedPoolName: {authtypes.Burner, authtypes.Staking},
		// x/staking refuses to start without this account.
		stakingtypes.KeyRotationFeePoolName: {authtypes.Burner},
		govtypes.ModuleName:                 {authtypes.Burner},
		// Mints Data Tokens and shares; pools and escrows have accounts of their own.
		datapooltypes.ModuleName: {authtypes.Minter, authtypes.Burner},
		// Burns what seats lose; escrows and bonds have accounts of their own.
		computetypes.ModuleName: {authtypes.Burner},
	}
}

// BlockedAddresses returns the accounts to which nobody may send coins
// directly: all module accounts. A gift to governance would be a balance without a
// deposit, at which x/gov refuses every later genesis.
func BlockedAddresses() map[string]bool {
	blocked := make(map[string]bool)
	for _, name := range slices.Sorted(maps.Keys(moduleAccounts())) {
		blocked[authtypes.NewModuleAddress(name).String()] = true
	}
	return blocked
}
