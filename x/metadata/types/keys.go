// Package types holds the messages and state of the metadata module and the rules for them: pure functions that the
// chain, the offline check and the import share.
package types

import "cosmossdk.io/collections"

const (
	// ModuleName is the name of the module.
	ModuleName = "metadata"
	// StoreKey is the name of the module's store.
	StoreKey = ModuleName
)

// Prefixes of the module's collections.
var (
	ParamsPrefix         = collections.NewPrefix(0)
	RecordsPrefix        = collections.NewPrefix(1)
	VersionsPrefix       = collections.NewPrefix(2)
	VersionNumbersPrefix = collections.NewPrefix(3)
	RecordsByPoolPrefix  = collections.NewPrefix(4)
	RecordsByOwnerPrefix = collections.NewPrefix(5)
	WorkersPrefix        = collections.NewPrefix(6)
	WorkersByOwnerPrefix = collections.NewPrefix(7)
	GrantsPrefix         = collections.NewPrefix(8)
	RewardedPrefix       = collections.NewPrefix(9)
	TotalsPrefix         = collections.NewPrefix(10)
	PanelsPrefix         = collections.NewPrefix(11)
	PanelMembersPrefix   = collections.NewPrefix(12)
	PanelsByPoolPrefix   = collections.NewPrefix(13)
	PanelOwnersPrefix    = collections.NewPrefix(14)
	PanelContentsPrefix  = collections.NewPrefix(15)
)
