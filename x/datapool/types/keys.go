package types

import (
	"encoding/binary"
	"strconv"
	"strings"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/address"
)

const (
	// ModuleName names the module, its store and its account.
	ModuleName = "datapool"
	// StoreKey is the key of the module's store.
	StoreKey = ModuleName

	// BaseDenom is the coin that every Data Token trades against.
	BaseDenom = "ualita"
	// DisplaySymbol is the ticker of that coin.
	DisplaySymbol = "ALITA"
	// Decimals is the number of decimals of ALITA, of every Data Token and of every share.
	Decimals = 6

	dataPrefix  = "data/"
	sharePrefix = "share/"
)

// Prefixes of the store. A swap writes Markets and, at times, Observations, Charts,
// candles and HourSums of its pool, and nothing else.
var (
	ParamsPrefix       = collections.NewPrefix(0)
	NextPoolIDPrefix   = collections.NewPrefix(1)
	PoolsPrefix        = collections.NewPrefix(2)
	MarketsPrefix      = collections.NewPrefix(3)
	MakersPrefix       = collections.NewPrefix(4)
	SymbolsPrefix      = collections.NewPrefix(5)
	ObservationsPrefix = collections.NewPrefix(6)
	ChartsPrefix       = collections.NewPrefix(7)
	HourCandlesPrefix  = collections.NewPrefix(8)
	DayCandlesPrefix   = collections.NewPrefix(9)
	OutletsPrefix      = collections.NewPrefix(10)
	OwnerRewardsPrefix = collections.NewPrefix(11)
	HourSumsPrefix     = collections.NewPrefix(13)
)

// DataDenom returns the denom of the Data Token of a pool.
func DataDenom(poolID uint64) string { return dataPrefix + strconv.FormatUint(poolID, 10) }

// ShareDenom returns the denom of the liquidity shares of a pool.
func ShareDenom(poolID uint64) string { return sharePrefix + strconv.FormatUint(poolID, 10) }

// PoolIDOfDenom returns the pool of a Data Token or share denom; false if
// the denom is neither. A number that is not written in its shortest form
// belongs to no pool.
func PoolIDOfDenom(denom string) (uint64, bool) {
	digits, ok := strings.CutPrefix(denom, dataPrefix)
	if !ok {
		if digits, ok = strings.CutPrefix(denom, sharePrefix); !ok {
			return 0, false
		}
	}
	id, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || id == 0 || strconv.FormatUint(id, 10) != digits {
		return 0, false
	}
	return id, true
}

// TreasuryAddress returns the account that holds the protocol's fees in Data Tokens and what else came to pools and is not
// ualita. Nobody has a key for it. The community pool could hold them, too, but every block walks over its coins.
func TreasuryAddress() sdk.AccAddress { return address.Module(ModuleName, []byte("treasury")) }

// PoolAddress returns the account that holds the coins of a pool. Nobody has a
// key for it, and each pool has its own, so that swaps of different pools share
// no balance.
func PoolAddress(poolID uint64) sdk.AccAddress {
	return address.Module(ModuleName, binary.BigEndian.AppendUint64(nil, poolID))
}
