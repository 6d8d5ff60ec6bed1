package app

import (
	"os"
	"path/filepath"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

const (
	// Name is the name of the application and of its node's binary.
	Name = "alitad"
	// EnvPrefix starts the environment variables that set flags and options.
	EnvPrefix = "ALITAD"
	// AccountAddressPrefix is the bech32 prefix of account addresses.
	AccountAddressPrefix = "alita"
	// BaseDenom is the coin in which fees, stake and escrows are counted.
	BaseDenom = "ualita"
	// DisplayDenom is the coin that people see: 10^DisplayExponent BaseDenom.
	DisplayDenom = "alita"
	// DisplaySymbol is the ticker of the coin.
	DisplaySymbol = "ALITA"
	// DisplayExponent is the number of decimals of the display denomination.
	DisplayExponent = 6
)

// DefaultNodeHome is the default home directory of the node.
var DefaultNodeHome string

func init() {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	DefaultNodeHome = filepath.Join(home, ".alita")
	nameConfig()
	SetConfig()
}

// nameConfig names the scope of the SDK's settings, unless somebody has. Without a
// name the SDK makes one from the host, the path of the binary and the process
// whenever it reads an address, a tenth of what a transaction takes.
func nameConfig() {
	if os.Getenv(sdk.EnvConfigScope) != "" {
		return
	}
	if err := os.Setenv(sdk.EnvConfigScope, Name); err != nil {
		panic(err)
	}
}

// SetConfig sets the address prefixes and the default denomination, which the
// SDK keeps in package variables. Importing the package calls it.
func SetConfig() {
	cfg := sdk.GetConfig()
	cfg.SetBech32PrefixForAccount(AccountAddressPrefix, AccountAddressPrefix+"pub")
	cfg.SetBech32PrefixForValidator(AccountAddressPrefix+"valoper", AccountAddressPrefix+"valoperpub")
	cfg.SetBech32PrefixForConsensusNode(AccountAddressPrefix+"valcons", AccountAddressPrefix+"valconspub")
	sdk.DefaultBondDenom = BaseDenom
}
