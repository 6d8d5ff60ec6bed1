// Package testutil builds the module over the real auth, bank and datapool keepers and a multistore in memory, and
// makes valid messages, for tests and simulations.
package testutil

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"

	datapoolkeeper "github.com/alita-network/alita/x/datapool/keeper"
	datapooltest "github.com/alita-network/alita/x/datapool/testutil"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata"
	"github.com/alita-network/alita/x/metadata/keeper"
	"github.com/alita-network/alita/x/metadata/types"
)

const (
	// Prefix is the bech32 prefix of the accounts.
	Prefix = datapooltest.Prefix
	// ChainID is the chain that sealed locations are bound to.
	ChainID = "alita-test-1"
)

// Start is the block time at which a fixture begins.
var Start = datapooltest.Start

// Fixture is the module with the real keepers that it works with.
type Fixture struct {
	Ctx       sdk.Context
	Codec     codec.Codec
	Store     *storetypes.KVStoreKey
	Address   addresscodec.Bech32Codec
	Accounts  authkeeper.AccountKeeper
	Bank      bankkeeper.BaseKeeper
	Pools     *datapoolkeeper.Keeper
	Keeper    *keeper.Keeper
	Msg       types.MsgServer
	Query     types.QueryServer
	Authority string
}

// New returns a fixture at height 1 with the default genesis. The keepers under the module's come from the fixture of
// x/datapool.
func New(tb testing.TB) *Fixture {
	tb.Helper()
	base := datapooltest.NewWith(tb, []string{types.StoreKey}, metadata.AppModule{})
	f := &Fixture{
		Ctx:       base.Ctx.WithChainID(ChainID).WithBlockTime(Start),
		Codec:     base.Codec,
		Store:     base.Keys[types.StoreKey],
		Address:   base.Address,
		Accounts:  base.Accounts,
		Bank:      base.Bank,
		Pools:     base.Keeper,
		Authority: base.Authority,
	}
	f.Keeper = keeper.NewKeeper(f.Codec, runtime.NewKVStoreService(f.Store), f.Address, f.Pools, f.Authority)
	f.Msg, f.Query = keeper.NewMsgServer(f.Keeper), keeper.NewQueryServer(f.Keeper)
	require.NoError(tb, f.Keeper.InitGenesis(f.Ctx, *types.DefaultGenesis()))
	return f
}

// Account returns the address of a named account; it need not exist.
func Account(name string) sdk.AccAddress {
	sum := sha256.Sum256([]byte(name))
	return sum[:20]
}

// Text returns an address as text.
func (f *Fixture) Text(a sdk.AccAddress) string {
	text, err := f.Address.BytesToString(a)
	if err != nil {
		panic(err)
	}
	return text
}

// Named returns the text of a named account.
func (f *Fixture) Named(name string) string { return f.Text(Account(name)) }

// CreatePool creates a pool by the account "maker". Change may alter the message; nil leaves it.
func (f *Fixture) CreatePool(tb testing.TB, symbol string, change func(*datapooltypes.MsgCreatePool)) uint64 {
	tb.Helper()
	return f.CreatePoolFor(tb, Account("maker"), symbol, change)
}

// CreatePoolFor funds a maker and creates a pool with a reward of 10 Data Tokens for each record and a budget for ten
// of them; with open admission it rewards nothing. Change may alter the message; nil leaves it.
func (f *Fixture) CreatePoolFor(tb testing.TB, maker sdk.AccAddress, symbol string, change func(*datapooltypes.MsgCreatePool)) uint64 {
	tb.Helper()
	msg := &datapooltypes.MsgCreatePool{
		Maker: f.Text(maker), Symbol: symbol, Name: "Speed of light", Description: "Michelson's determinations of 1879.",
		LiquidityAlita: sdk.NewInt64Coin(datapooltypes.BaseDenom, 1_000_000_000), LiquidityData: math.NewInt(100_000_000_000),
		RewardBudget: math.NewInt(100_000_000), RewardPolicy: datapooltypes.RewardPerRecord(math.NewInt(10_000_000)), MakerAllotment: math.NewInt(500_000_000),
		VestingSeconds: 1000, LockSeconds: 2000, Fees: datapooltypes.FeePolicy{SwapFeePpm: 3000, MakerPpm: 200_000, RewardsPpm: 100_000},
		Requirements: datapooltypes.Requirements{
			Text:    "One row per reading.",
			Columns: []datapooltypes.RequiredColumn{{Name: "speed", Type: datapooltypes.COLUMN_TYPE_DECIMAL}, {Name: "run"}},
			MinRows: 10,
		},
	}
	if change != nil {
		change(msg)
	}
	if msg.Requirements.OpenAdmission { // what nobody reviews earns nothing
		msg.RewardBudget, msg.RewardPolicy, msg.Fees.RewardsPpm = math.ZeroInt(), datapooltypes.RewardPerRecord(math.ZeroInt()), 0
	}
	minted := sdk.NewCoins(msg.LiquidityAlita.Add(datapooltypes.DefaultParams().CreationFee))
	require.NoError(tb, f.Bank.MintCoins(f.Ctx, minttypes.ModuleName, minted))
	require.NoError(tb, f.Bank.SendCoinsFromModuleToAccount(f.Ctx, minttypes.ModuleName, maker, minted))
	res, err := datapoolkeeper.NewMsgServer(f.Pools).CreatePool(f.Ctx, msg)
	require.NoError(tb, err)
	return res.PoolId
}

// NextBlock begins another block some seconds later, with no events.
func (f *Fixture) NextBlock(seconds int64) {
	f.Ctx = f.Ctx.WithBlockHeight(f.Ctx.BlockHeight() + 1).
		WithBlockTime(f.Ctx.BlockTime().Add(time.Duration(seconds) * time.Second)).
		WithEventManager(sdk.NewEventManager())
}

// Dump returns the module's whole store, key and value in hexadecimal, in the order of the keys.
func (f *Fixture) Dump() []string {
	var all []string
	it := f.Ctx.KVStore(f.Store).Iterator(nil, nil)
	defer it.Close()
	for ; it.Valid(); it.Next() {
		all = append(all, fmt.Sprintf("%x=%x", it.Key(), it.Value()))
	}
	return all
}
