package keeper

import (
	"context"
	"time"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// newPool is a checked message.
type newPool struct {
	maker     sdk.AccAddress
	makerText string
	reserves  types.Pair
	rewards   amm.Int
	allotment amm.Int
	supply    amm.Int
	shares    amm.Int
}

// CreatePool implements types.MsgServer.
func (k msgServer) CreatePool(ctx context.Context, msg *types.MsgCreatePool) (*types.MsgCreatePoolResponse, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	n, err := k.checkCreatePool(ctx, msg, &params)
	if err != nil {
		return nil, err
	}
	// The first write is the maker's payment: if it fails, nothing has changed.
	if err := k.bankKeeper.SendCoinsFromAccountToModule(ctx, n.maker, types.ModuleName,
		sdk.NewCoins(msg.LiquidityAlita).Add(params.CreationFee)); err != nil {
		return nil, err
	}
	id, err := k.NextPoolID.Next(ctx)
	if err != nil {
		return nil, err
	}
	if err := k.createEscrow(ctx, id); err != nil {
		return nil, err
	}
	if err := k.mintPool(ctx, id, n, msg.LiquidityAlita, params.CreationFee); err != nil {
		return nil, err
	}
	k.describeDenoms(ctx, id, msg)
	p, m, o, err := k.openingRecords(ctx, id, n, msg)
	if err != nil {
		return nil, err
	}
	if _, err := p.FillOutlet(&o, &m, params.OutletPpm, o.At); err != nil {
		return nil, err
	}
	if err := k.setNewPool(ctx, p, m, o); err != nil {
		return nil, err
	}
	if err := k.Observations.Set(ctx, collections.Join(id, m.Last), observation(&m, false)); err != nil {
		return nil, err
	}
	price, err := dataPerAlita(&m)
	if err != nil {
		return nil, err
	}
	if err := k.setHourSum(ctx, id, types.HourSum{Time: m.Active, Price: price}); err != nil {
		return nil, err
	}
	begin := types.Beginning{Open: m.High}
	if err := k.Charts.Set(ctx, id, types.ChartState{Hour: begin, Day: begin}); err != nil {
		return nil, err
	}
	if err := modulekit.Emit(ctx, &types.EventPoolCreated{
		PoolId:         id,
		Maker:          n.makerText,
		Symbol:         msg.Symbol,
		DataSupply:     n.supply.Dec(),
		Reserves:       m.Reserves.Amounts(),
		Shares:         n.shares.Dec(),
		Rewards:        m.Rewards.Amounts(),
		MakerAllotment: n.allotment.Dec(),
		Burned:         params.CreationFee,
	}); err != nil {
		return nil, err
	}
	return &types.MsgCreatePoolResponse{
		PoolId:    id,
		DataDenom: p.DataDenom,
		Shares:    sdk.Coin{Denom: p.ShareDenom, Amount: p.LockedShares.Amount},
	}, nil
}

// checkCreatePool checks every field before anything is written.
func (k *Keeper) checkCreatePool(ctx context.Context, msg *types.MsgCreatePool, params *types.Params) (n newPool, err error) {
	if n.maker, err = k.address("maker", msg.Maker); err != nil {
		return n, err
	}
	// The codec accepts an address in upper case too; the record has one form.
	if n.makerText, err = k.addressCodec.BytesToString(n.maker); err != nil {
		return n, err
	}
	for _, err := range []error{
		types.ValidateSymbol(msg.Symbol),
		types.ValidateName(msg.Name),
		types.ValidateDescription(msg.Description),
		msg.Requirements.Validate(),
		msg.Fees.Validate(params.MaxSwapFeePpm),
		types.ValidateDuration("vesting_seconds", msg.VestingSeconds),
		types.ValidateDuration("lock_seconds", msg.LockSeconds),
	} {
		if err != nil {
			return n, err
		}
	}
	if msg.LiquidityAlita.Denom != types.BaseDenom {
		return n, errorsmod.Wrapf(types.ErrInvalidDenom, "liquidity_alita: expected %s, got %q", types.BaseDenom, msg.LiquidityAlita.Denom)
	}
	for _, err := range []error{
		types.PositiveAmount(&n.reserves.Alita, "liquidity_alita", msg.LiquidityAlita.Amount),
		types.PositiveAmount(&n.reserves.Data, "liquidity_data", msg.LiquidityData),
		types.Amount(&n.rewards, "reward_budget", msg.RewardBudget),
		types.Amount(&n.allotment, "maker_allotment", msg.MakerAllotment),
		checkReward(msg, params.MaxMatchPpm),
	} {
		if err != nil {
			return n, err
		}
	}
	if msg.LiquidityAlita.Amount.LT(params.MinLiquidityAlita) {
		return n, errorsmod.Wrapf(types.ErrLiquidityTooLow, "liquidity_alita: expected at least %s%s, got %s",
			params.MinLiquidityAlita, types.BaseDenom, msg.LiquidityAlita)
	}
	// Three amounts of at most 2^127 each: the sum cannot overflow.
	n.supply.Add(&n.reserves.Data, &n.rewards)
	n.supply.Add(&n.supply, &n.allotment)
	if amm.TooLarge(&n.supply) {
		return n, errorsmod.Wrapf(types.ErrInvalidSupply,
			"liquidity_data + reward_budget + maker_allotment: expected at most 2^127, got %s", n.supply.Dec())
	}
	if n.shares, err = amm.InitialShares(&n.reserves.Alita, &n.reserves.Data); err != nil {
		return n, errorsmod.Wrapf(types.ErrLiquidityTooLow, "liquidity_alita * liquidity_data: expected more than %d^2, got %s * %s",
			amm.MinimumShares, msg.LiquidityAlita.Amount, msg.LiquidityData)
	}
	return n, k.checkSymbolFree(ctx, msg.Symbol)
}

// checkReward refuses budgets that could never be drawn, and rewards that nobody reviews.
func checkReward(msg *types.MsgCreatePool, maxMatch uint32) error {
	policy := msg.RewardPolicy
	for _, err := range []error{policy.Validate(), policy.ValidateMatch(maxMatch), policy.CheckAdmission(msg.Requirements)} {
		if err != nil {
			return err
		}
	}
	if funded := msg.RewardBudget.IsPositive(); policy.IsZero() && (funded || msg.Fees.RewardsPpm > 0) {
		return errorsmod.Wrap(types.ErrInvalidReward, "reward_policy: expected a rate of at least 1 if there is a reward budget, got none")
	} else if funded && policy.PerRecord.GT(msg.RewardBudget) {
		return errorsmod.Wrapf(types.ErrInvalidReward, "reward_policy.per_record: expected at most the reward_budget of %s, got %s",
			msg.RewardBudget, policy.PerRecord)
	}
	return nil
}

// createEscrow makes the account of the pool. If somebody has sent coins to the
// address before, its account exists: an account of another kind, which could hold
// coins back, is replaced under the same number.
func (k *Keeper) createEscrow(ctx context.Context, id uint64) error {
	address := types.PoolAddress(id)
	switch acc := k.accountKeeper.GetAccount(ctx, address).(type) {
	case nil:
		k.accountKeeper.SetAccount(ctx, k.accountKeeper.NewAccountWithAddress(ctx, address))
	case *authtypes.BaseAccount:
	default:
		k.accountKeeper.SetAccount(ctx, authtypes.NewBaseAccount(address, nil, acc.GetAccountNumber(), 0))
	}
	return nil
}

// mintPool burns the fee, mints the whole supply and all first shares, once, and
// puts everything into the pool's account.
func (k *Keeper) mintPool(ctx context.Context, id uint64, n newPool, alita, fee sdk.Coin) error {
	if fee.IsPositive() {
		if err := k.bankKeeper.BurnCoins(ctx, types.ModuleName, sdk.NewCoins(fee)); err != nil {
			return err
		}
	}
	minted := sdk.NewCoins(
		sdk.NewCoin(types.DataDenom(id), types.MathInt(&n.supply)),
		sdk.NewCoin(types.ShareDenom(id), types.MathInt(&n.shares)),
	)
	if err := k.bankKeeper.MintCoins(ctx, types.ModuleName, minted); err != nil {
		return err
	}
	return k.bankKeeper.SendCoins(ctx, k.accountKeeper.GetModuleAddress(types.ModuleName), types.PoolAddress(id), minted.Add(alita))
}

// describeDenoms sets the metadata by which wallets and explorers show the pool's coins.
func (k *Keeper) describeDenoms(ctx context.Context, id uint64, msg *types.MsgCreatePool) {
	data, share := types.DataDenom(id), types.ShareDenom(id)
	k.bankKeeper.SetDenomMetaData(ctx, banktypes.Metadata{
		Description: "Data Token of the collection " + msg.Name,
		DenomUnits: []*banktypes.DenomUnit{
			{Denom: data, Exponent: 0},
			{Denom: msg.Symbol, Exponent: types.Decimals},
		},
		Base: data, Display: msg.Symbol, Name: msg.Name, Symbol: msg.Symbol,
	})
	symbol := types.ShareSymbol(msg.Symbol)
	k.bankKeeper.SetDenomMetaData(ctx, banktypes.Metadata{
		Description: "Liquidity share of the collection " + msg.Name,
		DenomUnits: []*banktypes.DenomUnit{
			{Denom: share, Exponent: 0},
			{Denom: symbol, Exponent: types.Decimals},
		},
		Base: share, Display: symbol, Name: msg.Name + " liquidity", Symbol: symbol,
	})
}

// openingRecords returns the records of a new pool.
func (k *Keeper) openingRecords(ctx context.Context, id uint64, n newPool, msg *types.MsgCreatePool) (types.Pool, types.Market, types.OutletState, error) {
	fail := func(err error) (types.Pool, types.Market, types.OutletState, error) {
		return types.Pool{}, types.Market{}, types.OutletState{}, err
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime().UTC()
	address, err := k.addressCodec.BytesToString(types.PoolAddress(id))
	if err != nil {
		return fail(err)
	}
	first := n.shares
	first.SubUint64(&first, amm.MinimumShares)
	none := types.NoAmounts()
	price, err := amm.Price(&n.reserves.Alita, &n.reserves.Data)
	if err != nil {
		return fail(types.FromAMM(err, "price of the Data Token", &n.reserves))
	}
	active, err := k.activeSeconds(ctx)
	if err != nil {
		return fail(err)
	}
	opening := types.Opening{Reserves: none}
	if msg.BlockGuard {
		opening = types.Opening{Height: sdk.UnwrapSDKContext(ctx).BlockHeight(), Reserves: n.reserves.Amounts()}
	}
	rewards := none
	rewards.Data = types.MathInt(&n.rewards)
	// The outlet begins full: the first owners are paid at once.
	full := types.OutletState{At: now.Unix()}
	full.Bucket.Data = n.rewards
	p := types.Pool{
		Id: id, Maker: n.makerText, Address: address,
		Symbol: msg.Symbol, Name: msg.Name, Description: msg.Description,
		DataDenom: types.DataDenom(id), ShareDenom: types.ShareDenom(id),
		Reserves: n.reserves.Amounts(), Shares: types.MathInt(&n.shares), DataSupply: types.MathInt(&n.supply),
		Fees: msg.Fees, MakerFees: none, ProtocolFees: none, Rewards: rewards,
		RewardPolicy: msg.RewardPolicy, Requirements: msg.Requirements,
		Vesting: types.Vesting{
			Total: types.MathInt(&n.allotment), Claimed: math.ZeroInt(),
			Start: now, End: after(now, msg.VestingSeconds),
		},
		LockedShares: types.LockedShares{Amount: types.MathInt(&first), Until: after(now, msg.LockSeconds)},
		Price: types.PriceAccumulator{
			AlitaPerData: math.ZeroInt(), DataPerAlita: math.ZeroInt(),
			Time: now.Unix(), Active: active, First: 1, Last: 1,
		},
		Hour:   types.PriceRange{High: types.MathInt(&price), Low: types.MathInt(&price)},
		Volume: none, CreatedAt: now,
		Revision: 1, BlockGuard: msg.BlockGuard, Opening: opening, Outlet: full.Proto(), FirstShares: types.MathInt(&n.shares),
		Run: types.Run{}.Proto(),
	}
	record, market, outlet, ok := types.SplitPool(p, active)
	if !ok {
		return record, market, outlet, errorsmod.Wrap(types.ErrInvariant, "new pool: expected amounts from 0 to 2^256, got one outside")
	}
	return record, market, outlet, nil
}

// after returns a time some seconds, at most MaxDuration, later. A time.Duration
// would hold 292 years.
func after(t time.Time, seconds uint64) time.Time {
	return time.Unix(t.Unix()+int64(seconds), int64(t.Nanosecond())).UTC()
}
