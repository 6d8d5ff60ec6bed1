// Package types holds the messages and state of the feemarket module and the rules for them.
package types

import "cosmossdk.io/collections"

const (
	// ModuleName is the name of the module.
	ModuleName = "feemarket"
	// StoreKey is the name of the module's store.
	StoreKey = ModuleName
)

// Prefixes of the module's collections.
var (
	ParamsPrefix   = collections.NewPrefix(0)
	GasPricePrefix = collections.NewPrefix(1)
)
