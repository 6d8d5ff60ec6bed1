// Package keeper holds the state of the pools and moves their coins. The
// arithmetic is in the package amm; here are the records, the checks and the
// bank.
package keeper

import (
	"context"
	"errors"
	"fmt"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/address"
	"cosmossdk.io/core/store"
	errorsmod "cosmossdk.io/errors"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"

	"github.com/alita-network/alita/x/datapool/ledger"
	"github.com/alita-network/alita/x/datapool/types"
)

// Keeper holds the state of the module.
type Keeper struct {
	addressCodec  address.Codec
	accountKeeper types.AccountKeeper
	bankKeeper    types.BankKeeper
	distrKeeper   types.DistributionKeeper
	clock         types.Clock
	// ledger moves the coins of trades over the balances of bankKeeper.
	ledger *ledger.Ledger

	// authority may update the parameters; typically the x/gov account.
	authority string

	// Schema describes the store.
	Schema collections.Schema
	// Params are the parameters of the module.
	Params collections.Item[types.Params]
	// NextPoolID is the id of the next pool.
	NextPoolID collections.Sequence
	// Pools holds what seldom changes of each pool, by id. Its market fields are zero:
	// they live in Markets.
	Pools collections.Map[uint64, types.Pool]
	// Markets holds what trades change of each pool, by id.
	Markets collections.Map[uint64, types.Market]
	// Makers lists the pools by maker: (maker, pool id).
	Makers collections.KeySet[collections.Pair[sdk.AccAddress, uint64]]
	// Symbols maps what each symbol looks like (types.SymbolKey) to its pool.
	Symbols collections.Map[string, uint64]
	// Observations are the price histories: (pool id, number), numbers rising with time.
	Observations collections.Map[collections.Pair[uint64, uint64], types.Observation]
	// HourSums are the sums of prices at the beginnings of hours: (pool id, slot).
	HourSums collections.Map[collections.Pair[uint64, uint64], types.HourSum]
	// Charts are the beginnings of the current hour and day of each pool, by id.
	Charts collections.Map[uint64, types.ChartState]
	// HourCandles and DayCandles are rings of past candles: (pool id, slot).
	HourCandles, DayCandles collections.Map[collections.Pair[uint64, uint64], types.Bar]
	// Outlets bound how fast the reward budget of each pool leaves, by id.
	Outlets collections.Map[uint64, types.OutletState]
	// OwnerRewards is what pools owe owners and have paid them in a day: (pool id, owner).
	OwnerRewards collections.Map[collections.Pair[uint64, sdk.AccAddress], types.OwnerRewards]
}

// NewKeeper returns a keeper of the module. It panics if the authority is no
// address or the module has no account: both are faults of the application.
func NewKeeper(
	cdc codec.BinaryCodec,
	storeService store.KVStoreService,
	addressCodec address.Codec,
	accountKeeper types.AccountKeeper,
	bankKeeper bankkeeper.BaseKeeper,
	distrKeeper types.DistributionKeeper,
	clock types.Clock,
	authority string,
) *Keeper {
	if _, err := addressCodec.StringToBytes(authority); err != nil {
		panic(fmt.Errorf("%s: authority: %w", types.ModuleName, err))
	}
	minter := accountKeeper.GetModuleAddress(types.ModuleName)
	if minter == nil {
		panic(fmt.Errorf("%s: module account: expected one with minter and burner permissions, got none", types.ModuleName))
	}
	coins, err := ledger.New(bankKeeper, accountKeeper, addressCodec, minter)
	if err != nil {
		panic(fmt.Errorf("%s: module account: %w", types.ModuleName, err))
	}
	sb := collections.NewSchemaBuilder(storeService)
	k := &Keeper{
		addressCodec:  addressCodec,
		accountKeeper: accountKeeper,
		bankKeeper:    bankKeeper,
		distrKeeper:   distrKeeper,
		clock:         clock,
		ledger:        coins,
		authority:     authority,

		Params:     collections.NewItem(sb, types.ParamsPrefix, "params", codec.CollValue[types.Params](cdc)),
		NextPoolID: collections.NewSequence(sb, types.NextPoolIDPrefix, "next_pool_id"),
		Pools:      collections.NewMap(sb, types.PoolsPrefix, "pools", collections.Uint64Key, codec.CollValue[types.Pool](cdc)),
		Markets:    collections.NewMap(sb, types.MarketsPrefix, "markets", collections.Uint64Key, types.MarketValue),
		Makers: collections.NewKeySet(sb, types.MakersPrefix, "makers",
			collections.PairKeyCodec(sdk.AccAddressKey, collections.Uint64Key)),
		Symbols: collections.NewMap(sb, types.SymbolsPrefix, "symbols", collections.StringKey, collections.Uint64Value),
		Observations: collections.NewMap(sb, types.ObservationsPrefix, "observations",
			collections.PairKeyCodec(collections.Uint64Key, collections.Uint64Key), types.ObservationValue),
		HourSums: collections.NewMap(sb, types.HourSumsPrefix, "hour_sums",
			collections.PairKeyCodec(collections.Uint64Key, collections.Uint64Key), types.HourSumValue),
		Charts: collections.NewMap(sb, types.ChartsPrefix, "charts", collections.Uint64Key, types.ChartValue),
		HourCandles: collections.NewMap(sb, types.HourCandlesPrefix, "hour_candles",
			collections.PairKeyCodec(collections.Uint64Key, collections.Uint64Key), types.CandleValue),
		DayCandles: collections.NewMap(sb, types.DayCandlesPrefix, "day_candles",
			collections.PairKeyCodec(collections.Uint64Key, collections.Uint64Key), types.CandleValue),
		Outlets: collections.NewMap(sb, types.OutletsPrefix, "outlets", collections.Uint64Key, types.OutletValue),
		OwnerRewards: collections.NewMap(sb, types.OwnerRewardsPrefix, "owner_rewards",
			collections.PairKeyCodec(collections.Uint64Key, sdk.AccAddressKey), types.OwnerRewardsValue),
	}
	schema, err := sb.Build()
	if err != nil {
		panic(fmt.Errorf("%s: %w", types.ModuleName, err))
	}
	k.Schema = schema
	return k
}

// CheckBank fails if x/bank has a restriction on sending or minting, which would not hold for trades: see package ledger.
// The application calls it before it starts.
func (k *Keeper) CheckBank() error { return k.ledger.CheckUnrestricted() }

// Authority returns the account that may update the parameters.
func (k *Keeper) Authority() string { return k.authority }

// Pool returns a pool with its market. The error is ErrPoolNotFound if there
// is none.
func (k *Keeper) Pool(ctx context.Context, id uint64) (types.Pool, error) {
	p, err := k.record(ctx, id)
	if err != nil {
		return types.Pool{}, err
	}
	return k.withMarket(ctx, p)
}

// withMarket returns the pool of a record, with its market and its outlet.
func (k *Keeper) withMarket(ctx context.Context, p types.Pool) (types.Pool, error) {
	m, err := k.market(ctx, p.Id)
	if err != nil {
		return types.Pool{}, err
	}
	o, err := k.outlet(ctx, p.Id)
	if err != nil {
		return types.Pool{}, err
	}
	return types.JoinPool(p, m, o), nil
}

// record returns a pool without its market.
func (k *Keeper) record(ctx context.Context, id uint64) (types.Pool, error) {
	p, err := k.Pools.Get(ctx, id)
	return p, notFound(id, err)
}

// market returns the market of a pool.
func (k *Keeper) market(ctx context.Context, id uint64) (types.Market, error) {
	m, err := k.Markets.Get(ctx, id)
	return m, notFound(id, err)
}

// outlet returns what bounds the rewards of a pool.
func (k *Keeper) outlet(ctx context.Context, id uint64) (types.OutletState, error) {
	o, err := k.Outlets.Get(ctx, id)
	return o, notFound(id, err)
}

func notFound(id uint64, err error) error {
	if errors.Is(err, collections.ErrNotFound) {
		return errorsmod.Wrapf(types.ErrPoolNotFound, "pool_id: expected the id of a pool, got %d", id)
	}
	return err
}

// address reads an address of a message.
func (k *Keeper) address(field, text string) (sdk.AccAddress, error) {
	bz, err := k.addressCodec.StringToBytes(text)
	if err != nil {
		return nil, errorsmod.Wrapf(types.ErrInvalidAddress, "%s: expected an address, got %.80q: %s", field, text, err)
	}
	return bz, nil
}
