// Package testutil builds the module over the SDK's own auth, bank, staking and
// distribution keepers and a multistore in memory, for tests and benchmarks.
package testutil

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdktestutil "github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	moduletestutil "github.com/cosmos/cosmos-sdk/types/module/testutil"
	"github.com/cosmos/cosmos-sdk/x/auth"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/auth/vesting"
	"github.com/cosmos/cosmos-sdk/x/bank"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/internal/bankstore"
	"github.com/alita-network/alita/x/datapool"
	"github.com/alita-network/alita/x/datapool/keeper"
	"github.com/alita-network/alita/x/datapool/types"
)

// Prefix is the bech32 prefix of the accounts.
const Prefix = "alita"

// Start is the block time at which a fixture begins.
var Start = time.Unix(1_800_000_000, 0).UTC()

// Fixture is the module with the real keepers that it works with.
type Fixture struct {
	Ctx     sdk.Context
	Codec   codec.Codec
	Keys    map[string]*storetypes.KVStoreKey
	Address addresscodec.Bech32Codec

	Accounts     authkeeper.AccountKeeper
	Bank         bankkeeper.BaseKeeper
	Distribution distrkeeper.Keeper
	Keeper       *keeper.Keeper
	Msg          types.MsgServer
	Query        types.QueryServer
	Authority    string
}

// New returns a fixture at height 1 with the default genesis.
func New(tb testing.TB) *Fixture {
	tb.Helper()
	return NewWith(tb, nil)
}

// NewWith is New with more stores and more modules whose types the codec knows, for the fixture of a module that is
// built on this one.
func NewWith(tb testing.TB, stores []string, modules ...module.AppModuleBasic) *Fixture {
	tb.Helper()
	keys := storetypes.NewKVStoreKeys(append(stores, authtypes.StoreKey, banktypes.StoreKey, stakingtypes.StoreKey,
		distrtypes.StoreKey, types.StoreKey)...)
	f := &Fixture{
		Ctx:     sdktestutil.DefaultContextWithKeys(keys, nil, nil),
		Keys:    keys,
		Address: addresscodec.Bech32Codec{Bech32Prefix: Prefix},
	}
	f.Ctx = f.Ctx.WithBlockHeight(1).WithBlockTime(Start)
	encoding := moduletestutil.MakeTestEncodingConfig(append(modules,
		auth.AppModuleBasic{}, vesting.AppModuleBasic{}, bank.AppModuleBasic{}, datapool.AppModule{})...)
	f.Codec = encoding.Codec
	f.Authority = f.Text(authtypes.NewModuleAddress(govtypes.ModuleName))

	f.Accounts = authkeeper.NewAccountKeeper(f.Codec, runtime.NewKVStoreService(keys[authtypes.StoreKey]),
		authtypes.ProtoBaseAccount, map[string][]string{
			authtypes.FeeCollectorName:          nil,
			minttypes.ModuleName:                {authtypes.Minter},
			distrtypes.ModuleName:               nil,
			stakingtypes.BondedPoolName:         {authtypes.Burner, authtypes.Staking},
			stakingtypes.NotBondedPoolName:      {authtypes.Burner, authtypes.Staking},
			stakingtypes.KeyRotationFeePoolName: {authtypes.Burner},
			types.ModuleName:                    {authtypes.Minter, authtypes.Burner},
		}, f.Address, Prefix, f.Authority)
	f.Bank = bankkeeper.NewBaseKeeper(f.Codec, bankstore.New(runtime.NewKVStoreService(keys[banktypes.StoreKey])),
		f.Accounts, nil, f.Authority, log.NewNopLogger())
	staking := stakingkeeper.NewKeeper(f.Codec, runtime.NewKVStoreService(keys[stakingtypes.StoreKey]),
		f.Accounts, f.Bank, f.Authority,
		addresscodec.Bech32Codec{Bech32Prefix: Prefix + "valoper"}, addresscodec.Bech32Codec{Bech32Prefix: Prefix + "valcons"})
	f.Distribution = distrkeeper.NewKeeper(f.Codec, runtime.NewKVStoreService(keys[distrtypes.StoreKey]),
		f.Accounts, f.Bank, staking, authtypes.FeeCollectorName, f.Authority)
	f.Keeper = keeper.NewKeeper(f.Codec, runtime.NewKVStoreService(keys[types.StoreKey]), f.Address,
		f.Accounts, f.Bank, f.Distribution, Clock{}, f.Authority)
	f.Msg, f.Query = keeper.NewMsgServer(f.Keeper), keeper.NewQueryServer(f.Keeper)

	f.Accounts.InitGenesis(f.Ctx, *authtypes.DefaultGenesisState())
	f.Bank.InitGenesis(f.Ctx, banktypes.DefaultGenesisState())
	require.NoError(tb, f.Distribution.FeePool.Set(f.Ctx, distrtypes.InitialFeePool()))
	require.NoError(tb, f.Keeper.InitGenesis(f.Ctx, *types.DefaultGenesis()))
	return f
}

// Account returns the address of a numbered account; it need not exist.
func Account(n uint64) sdk.AccAddress {
	return binary.BigEndian.AppendUint64([]byte("alita test account "), n)[7:27]
}

// Text returns an address as text.
func (f *Fixture) Text(a sdk.AccAddress) string {
	text, err := f.Address.BytesToString(a)
	if err != nil {
		panic(err)
	}
	return text
}

// Fund mints coins to an account.
func (f *Fixture) Fund(tb testing.TB, to sdk.AccAddress, coins ...sdk.Coin) {
	tb.Helper()
	minted := sdk.NewCoins(coins...)
	require.NoError(tb, f.Bank.MintCoins(f.Ctx, minttypes.ModuleName, minted))
	require.NoError(tb, f.Bank.SendCoinsFromModuleToAccount(f.Ctx, minttypes.ModuleName, to, minted))
}

// Funded funds a numbered account with ualita and returns its address and text.
func (f *Fixture) Funded(tb testing.TB, n uint64, alita int64) (sdk.AccAddress, string) {
	tb.Helper()
	a := Account(n)
	if alita > 0 {
		f.Fund(tb, a, sdk.NewInt64Coin(types.BaseDenom, alita))
	}
	return a, f.Text(a)
}

// Balance returns the balance of an account.
func (f *Fixture) Balance(a sdk.AccAddress, denom string) math.Int {
	return f.Bank.GetBalance(f.Ctx, a, denom).Amount
}

// NextBlock begins another block some seconds later.
func (f *Fixture) NextBlock(seconds int64) {
	f.Ctx = f.Ctx.WithBlockHeight(f.Ctx.BlockHeight() + 1).
		WithBlockTime(f.Ctx.BlockTime().Add(time.Duration(seconds) * time.Second)).
		WithEventManager(sdk.NewEventManager())
}

// UpdateParams replaces the parameters as the authority.
func (f *Fixture) UpdateParams(params types.Params) error {
	_, err := f.Msg.UpdateParams(f.Ctx, &types.MsgUpdateParams{Authority: f.Authority, Params: params})
	return err
}

// Deadline is one minute after the block's time.
func (f *Fixture) Deadline() time.Time { return f.Ctx.BlockTime().Add(time.Minute) }

// CreatePoolMsg returns a message that creates a pool of 1,000 ALITA and 10,000
// Data Tokens, with 1,000 Data Tokens of rewards, 10 for each record, a maker's
// allotment of 500 over 1,000 seconds, shares locked for 2,000 seconds, and a swap
// fee of 0.3 % of which a fifth is the maker's and a tenth the owners'.
func CreatePoolMsg(maker, symbol string) *types.MsgCreatePool {
	return &types.MsgCreatePool{
		Maker:          maker,
		Symbol:         symbol,
		Name:           "Speed of light in air",
		Description:    "Michelson's determinations of 1879, in km/s.",
		LiquidityAlita: sdk.NewInt64Coin(types.BaseDenom, 1_000_000_000),
		LiquidityData:  math.NewInt(10_000_000_000),
		RewardBudget:   math.NewInt(1_000_000_000),
		RewardPolicy:   types.RewardPerRecord(math.NewInt(10_000_000)),
		MakerAllotment: math.NewInt(500_000_000),
		VestingSeconds: 1000,
		LockSeconds:    2000,
		Fees:           types.FeePolicy{SwapFeePpm: 3000, MakerPpm: 200_000, RewardsPpm: 100_000},
		Requirements: types.Requirements{
			Text:    "One row per reading.",
			Columns: []types.RequiredColumn{{Name: "speed", Type: types.COLUMN_TYPE_DECIMAL}},
			MinRows: 1,
		},
	}
}

// CreatePool creates the pool of CreatePoolMsg by a newly funded maker and returns
// its id. Change may alter the message; nil leaves it.
func (f *Fixture) CreatePool(tb testing.TB, maker uint64, symbol string, change func(*types.MsgCreatePool)) uint64 {
	tb.Helper()
	addr, text := f.Funded(tb, maker, 0)
	msg := CreatePoolMsg(text, symbol)
	if change != nil {
		change(msg)
	}
	f.Fund(tb, addr, msg.LiquidityAlita.Add(types.DefaultParams().CreationFee))
	res, err := f.Msg.CreatePool(f.Ctx, msg)
	require.NoError(tb, err)
	return res.PoolId
}

// Clock is a clock that never stands: active time is what has passed since Start.
type Clock struct{}

// Active implements types.Clock.
func (Clock) Active(ctx context.Context) (time.Duration, error) {
	return sdk.UnwrapSDKContext(ctx).BlockTime().Sub(Start), nil
}
