package bench_test

import (
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
	datapoolkeeper "github.com/alita-network/alita/x/datapool/keeper"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

const (
	whole = 1_000_000
	// reserve is the ALITA and, in its units, the Data Token of a new pool.
	reserve = 1_000_000 * whole
	// stake is what each trader spends on Data Tokens before the first block.
	stake = 100 * whole
	maker = "maker"
)

// market says what a chain has at its first block.
type market struct {
	// pools are numbered from 1 to this.
	pools int
	// traded are the pools that traders use: trader i has tokens of pool traded[i%len].
	traded []uint64
	// guard turns the block guard of all pools on.
	guard   bool
	traders []apptest.Account
}

// newMarket returns a market in which the given number of traders use the given
// number of pools, evenly spread over all.
func newMarket(pools, traded, traders int) market {
	m := market{pools: pools}
	for i := range min(traded, pools) {
		m.traded = append(m.traded, uint64(1+i*pools/min(traded, pools)))
	}
	for i := range traders {
		m.traders = append(m.traders, apptest.NamedAccount(fmt.Sprintf("trader%d", i)))
	}
	return m
}

// pool returns the pool that a trader uses.
func (m market) pool(trader int) uint64 { return m.traded[trader%len(m.traded)] }

// funds are the accounts of the genesis.
func (m market) funds() []apptest.Option {
	names := make([]string, len(m.traders))
	for i, trader := range m.traders {
		names[i] = trader.Name
	}
	return []apptest.Option{
		apptest.WithFunded(1_000_000*whole, names...),
		apptest.WithFunded(int64(m.pools+1)*2*reserve, maker),
	}
}

// open creates the pools and gives the traders tokens, in the state of the genesis: a
// hundred thousand pools by transactions would take hours.
func (m market) open(a *app.App) {
	a.SetInitChainer(func(ctx sdk.Context, req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
		res, err := a.InitChainer(ctx, req)
		if err != nil {
			return nil, err
		}
		return res, m.fill(ctx, datapoolkeeper.NewMsgServer(a.DatapoolKeeper))
	})
}

func (m market) fill(ctx sdk.Context, msgs datapooltypes.MsgServer) error {
	creator := apptest.NamedAccount(maker).String()
	for i := range m.pools {
		if _, err := msgs.CreatePool(ctx.WithEventManager(sdk.NewEventManager()), &datapooltypes.MsgCreatePool{
			Maker: creator, Symbol: fmt.Sprintf("POOL%d", i+1), Name: fmt.Sprintf("Collection %d", i+1),
			Description:    "A collection of the benchmark.",
			LiquidityAlita: sdk.NewInt64Coin(app.BaseDenom, reserve), LiquidityData: math.NewInt(reserve),
			RewardBudget: math.NewInt(1_000 * whole), RewardPolicy: datapooltypes.RewardPerRecord(math.NewInt(10 * whole)),
			MakerAllotment: math.NewInt(500 * whole), VestingSeconds: 1_000, LockSeconds: 2_000,
			Fees:       datapooltypes.FeePolicy{SwapFeePpm: 3_000, MakerPpm: 200_000, RewardsPpm: 100_000},
			BlockGuard: m.guard,
		}); err != nil {
			return fmt.Errorf("pool %d: %w", i+1, err)
		}
	}
	for i, trader := range m.traders {
		if _, err := msgs.SwapExactIn(ctx.WithEventManager(sdk.NewEventManager()),
			m.swap(i, trader, true, stake, ctx.BlockTime())); err != nil {
			return fmt.Errorf("trader %d: %w", i, err)
		}
	}
	return nil
}

// swap sells ALITA, or Data Tokens, of a trader.
func (m market) swap(i int, trader apptest.Account, alita bool, amount int64, now time.Time) *datapooltypes.MsgSwapExactIn {
	pool, denom := m.pool(i), app.BaseDenom
	if !alita {
		denom = datapooltypes.DataDenom(pool)
	}
	return &datapooltypes.MsgSwapExactIn{
		Sender: trader.String(), PoolId: pool, TokenIn: sdk.NewInt64Coin(denom, amount),
		MinOut: math.OneInt(), Deadline: now.Add(time.Minute),
	}
}
