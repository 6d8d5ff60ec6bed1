package app

import (
	"os"
	"path/filepath"
	"sync"

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
var DefaultNodeHome = defaultNodeHome()

func defaultNodeHome() string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return filepath.Join(home, ".alita")
}

var configured sync.Once

// Configure sets the address prefixes and the default denomination, which the SDK keeps in package
// variables, and names the scope of the SDK's settings in the environment of this process. A program
// calls it before it reads or writes an address. Only the first call has an effect.
func Configure() {
	configured.Do(func() {
		nameScope()
		cfg := sdk.GetConfig()
		cfg.SetBech32PrefixForAccount(AccountAddressPrefix, AccountAddressPrefix+"pub")
		cfg.SetBech32PrefixForValidator(AccountAddressPrefix+"valoper", AccountAddressPrefix+"valoperpub")
		cfg.SetBech32PrefixForConsensusNode(AccountAddressPrefix+"valcons", AccountAddressPrefix+"valconspub")
		sdk.DefaultBondDenom = BaseDenom
	})
}

// nameScope names the scope of the SDK's settings, unless the environment has a name. Without a
// name the SDK makes one from the host, the path of the binary and the process
// whenever it reads an address, a tenth of what a transaction takes.
func nameScope() {
	if os.Getenv(sdk.EnvConfigScope) != "" {
		return
	}
	if err := os.Setenv(sdk.EnvConfigScope, Name); err != nil {
		panic(err)
	}
}
