package keeper_test

import (
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

const day = 24 * 3600

// TestAttackMakerEmptiesPool: everything is locked for a hundred years, and the whole
// budget is offered for the maker's own records. Before, one message took 5,988.36 of
// 5,998.50 ALITA.
func TestAttackMakerEmptiesPool(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) {
		m.BlockGuard = true
		m.MakerAllotment, m.VestingSeconds, m.LockSeconds = math.ZeroInt(), types.MaxDuration, types.MaxDuration
		m.RewardBudget = math.NewInt(990_000_000_000)
		m.RewardPolicy = types.RewardPerRecord(m.RewardBudget.QuoRaw(10))
	})
	_, buyer := f.Funded(t, 2, 5_000_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, buyer, id, "5000000000ualita"))
	require.NoError(t, err)
	f.NextBlock(1)
	c := theCircle(t, f, id)
	said := takes(t, f, id)

	// Ten records of ten owners: more than all that leaves in a day.
	before := c.alita()
	for range 10 {
		c.reward()
	}
	c.sellAll()
	taken := c.alita().Sub(before)
	require.True(t, taken.IsPositive())
	require.True(t, taken.LTE(said[0]), "took %s, safety says %s", taken, said[0])
	// Half a per cent of the 1,668 SPEED that are left: 8.3 SPEED at 3.6 ALITA.
	require.True(t, taken.LT(math.NewInt(30_100_000)), "took %s", taken)
	t.Logf("taken at once: %s of 5998.5 ALITA; safety says %s, %s in a week, %s in a year",
		types.FormatUnits(taken, 6), types.FormatUnits(said[0], 6), types.FormatUnits(said[1], 6), types.FormatUnits(said[2], 6))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestAttackMakerRaisesRewards: the rewards that buyers saw are raised to the whole budget
// and taken in one block. Before, this took 1,000 of 1,000 SPEED.
func TestAttackMakerRaisesRewards(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) {
		m.RewardPolicy.PerDay, m.RewardPolicy.MaxPerDay = math.NewInt(1_000_000), math.NewInt(40_000_000)
	})
	f.NextBlock(day)
	maker, owner := f.Text(testutil.Account(1)), testutil.Account(3)
	before := takes(t, f, id)
	policy := types.RewardPerRecord(math.NewInt(1_000_000_000))
	policy.PerDay, policy.MaxPerDay = math.NewInt(40_000_000), math.NewInt(40_000_000)
	_, err := f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: maker, PoolId: id, RewardPolicy: policy})
	require.NoError(t, err)
	paid, earned, err := f.Keeper.PayReward(f.Ctx, id, owner, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"100000", "10000000"}, []string{paid.Data.String(), earned.String()}, "a tenth of a SPEED, of the reward that was promised")
	require.Equal(t, before, takes(t, f, id), "what safety says counted on the raise already")
	f.NextBlock(7*day - 1)
	_, earned, err = f.Keeper.PayReward(f.Ctx, id, owner, 1)
	require.NoError(t, err)
	require.Equal(t, "10000000", earned.String())
	f.NextBlock(1)
	paid, err = claimRewards(f, id, owner)
	require.NoError(t, err)
	require.Equal(t, "900011", paid.Data.String(), "the bucket filled at the old rate until now")
	f.NextBlock(day)
	paid, err = claimRewards(f, id, owner)
	require.NoError(t, err)
	require.Equal(t, "4000000", paid.Data.String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestAttackRewardsWithoutReview: records that nobody reviews earn nothing. Before, twenty
// made-up records of one owner earned 200 SPEED for 0.012 ALITA of gas.
func TestAttackRewardsWithoutReview(t *testing.T) {
	f := testutil.New(t)
	_, maker := f.Funded(t, 1, 2_000_000_000)
	msg := testutil.CreatePoolMsg(maker, "SPEED")
	msg.Requirements.OpenAdmission = true
	_, err := f.Msg.CreatePool(f.Ctx, msg)
	require.ErrorIs(t, err, types.ErrInvalidReward)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) {
		m.Requirements.OpenAdmission, m.RewardPolicy = true, policyOf(0, 0, 0, 500_000)
	})
	for _, policy := range []types.RewardPolicy{policyOf(1, 0, 0, 500_000), policyOf(0, 1, 1, 500_000)} {
		_, err = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{
			Maker: maker, PoolId: id, Requirements: types.Requirements{OpenAdmission: true}, RewardPolicy: policy,
		})
		require.ErrorIs(t, err, types.ErrInvalidReward)
	}
	// Nor by a raise that waits while admission is opened.
	_, err = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: maker, PoolId: id, RewardPolicy: policyOf(1, 0, 0, 500_000)})
	require.NoError(t, err)
	_, err = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{
		Maker: maker, PoolId: id, Requirements: types.Requirements{OpenAdmission: true}, RewardPolicy: policyOf(1, 0, 0, 500_000),
	})
	require.ErrorIs(t, err, types.ErrInvalidReward)
}

// TestAttackLastReward: who times the end of the budget of Data Tokens gets no more ALITA
// than others. Before, a gift of one unit unlocked a reward of 10 SPEED with all 5.5 ALITA.
func TestAttackLastReward(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.RewardBudget = math.NewInt(10_000_000) })
	_, giver := f.Funded(t, 2, 5_500_000)
	_, err := f.Msg.FundRewards(f.Ctx, &types.MsgFundRewards{Sender: giver, PoolId: id, Amount: coin("5500000ualita")})
	require.NoError(t, err)
	f.NextBlock(30 * day)
	paid, earned, err := f.Keeper.PayReward(f.Ctx, id, testutil.Account(3), 1)
	require.NoError(t, err)
	require.Equal(t, "10000000", earned.String(), "the whole budget")
	require.Equal(t, amounts(55_000, 5_000_000), paid, "a hundredth of the ALITA in a day")
}

// circle is the maker and everybody who acts with it.
type circle struct {
	t     *testing.T
	f     *testutil.Fixture
	id    uint64
	owner uint64
	// maker holds what the circle has; in the end all goes there.
	maker sdk.AccAddress
}

// theCircle gives the maker of a pool all the capital that it can use.
func theCircle(t *testing.T, f *testutil.Fixture, id uint64) *circle {
	t.Helper()
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	maker, err := f.Address.StringToBytes(p.Maker)
	require.NoError(t, err)
	f.Fund(t, maker, sdk.NewCoin(types.BaseDenom, p.Reserves.Alita.MulRaw(1000)))
	return &circle{t: t, f: f, id: id, owner: 1000, maker: maker}
}

func (c *circle) alita() math.Int { return c.f.Balance(c.maker, types.BaseDenom) }

func (c *circle) pool() types.Pool {
	p, err := c.f.Keeper.Pool(c.f.Ctx, c.id)
	require.NoError(c.t, err)
	return p
}

// reward has an own record admitted, by another owner each time, and reports whether
// anything was paid.
func (c *circle) reward() bool {
	c.owner++
	owner := testutil.Account(c.owner)
	paid, _, err := c.f.Keeper.PayReward(c.f.Ctx, c.id, owner, 1)
	require.NoError(c.t, err)
	c.home(owner)
	return paid.Data.IsPositive()
}

// home sends what an account of the circle has to the maker.
func (c *circle) home(from sdk.AccAddress) {
	if coins := c.f.Bank.GetAllBalances(c.f.Ctx, from); !coins.IsZero() {
		require.NoError(c.t, c.f.Bank.SendCoins(c.f.Ctx, from, c.maker, coins))
	}
}

// sell sells a part of a coin; the pool may refuse.
func (c *circle) sell(denom string, permille int64) {
	if amount := c.f.Balance(c.maker, denom).MulRaw(permille).QuoRaw(1000); amount.IsPositive() {
		_, _ = c.f.Msg.SwapExactIn(c.f.Ctx, &types.MsgSwapExactIn{
			Sender: c.f.Text(c.maker), PoolId: c.id, TokenIn: sdk.Coin{Denom: denom, Amount: amount}, MinOut: math.OneInt(), Deadline: c.f.Deadline(),
		})
	}
}

func (c *circle) sellAll() {
	for range 3 {
		c.sell(types.DataDenom(c.id), 1000)
		c.f.NextBlock(0)
	}
}

// act does one of all the things that a circle can do; the chain may refuse it.
func (c *circle) act(what int, permille int64) {
	f, text := c.f, c.f.Text(c.maker)
	p := c.pool()
	part := func(denom string) math.Int { return f.Balance(c.maker, denom).MulRaw(permille).QuoRaw(1000) }
	switch what {
	case 0:
		// A day's flow is ten owners': those that are owed something first.
		for n := uint64(1001); n <= c.owner; n++ {
			if _, err := claimRewards(f, c.id, testutil.Account(n)); err == nil {
				c.home(testutil.Account(n))
			}
		}
		for c.owner < 1050 && c.reward() {
		}
	case 1:
		policy := p.RewardPolicy
		policy.PerDay, policy.PerRecord = policy.MaxPerDay, math.MaxInt(policy.PerRecord, p.Rewards.Data.QuoRaw(20))
		_, _ = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: text, PoolId: c.id, RewardPolicy: policy})
	case 2:
		c.sell(types.DataDenom(c.id), permille)
	case 3:
		_, _ = f.Msg.SwapExactIn(f.Ctx, &types.MsgSwapExactIn{
			Sender: text, PoolId: c.id, TokenIn: sdk.Coin{Denom: types.BaseDenom, Amount: p.Reserves.Alita.MulRaw(permille).QuoRaw(2000)}, MinOut: math.OneInt(), Deadline: f.Deadline(),
		})
	case 4:
		_, _ = f.Msg.RemoveLiquidity(f.Ctx, &types.MsgRemoveLiquidity{
			Sender: text, PoolId: c.id, Shares: part(types.ShareDenom(c.id)), MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
		})
	case 5:
		_, _ = f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
			Sender: text, PoolId: c.id, MaxAlita: part(types.BaseDenom), MaxData: part(types.DataDenom(c.id)), MinShares: math.OneInt(), Deadline: f.Deadline(),
		})
	case 6:
		_, _ = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: text, PoolId: c.id})
	case 7:
		_, _ = f.Msg.AddLiquiditySingle(f.Ctx, &types.MsgAddLiquiditySingle{
			Sender: text, PoolId: c.id, TokenIn: sdk.Coin{Denom: types.BaseDenom, Amount: p.Reserves.Alita.MulRaw(permille).QuoRaw(1000)}, MinShares: math.OneInt(), Deadline: f.Deadline(),
		})
	case 8:
		_, _ = f.Msg.RemoveLiquiditySingle(f.Ctx, &types.MsgRemoveLiquiditySingle{
			Sender: text, PoolId: c.id, Shares: part(types.ShareDenom(c.id)), DenomOut: types.BaseDenom, MinOut: math.OneInt(), Deadline: f.Deadline(),
		})
	case 9:
		for _, denom := range []string{types.BaseDenom, p.DataDenom, p.ShareDenom} {
			_, _ = f.Msg.Sweep(f.Ctx, &types.MsgSweep{Sender: text, PoolId: c.id, Denom: denom})
		}
	case 10: // an owner comes back for what it is owed
		owner := testutil.Account(1001 + uint64(permille)%max(c.owner-1000, 1))
		_, _ = claimRewards(f, c.id, owner)
		c.home(owner)
	}
}

func claimRewards(f *testutil.Fixture, id uint64, owner sdk.AccAddress) (types.Amounts, error) {
	res, err := f.Msg.ClaimRewards(f.Ctx, &types.MsgClaimRewards{Sender: f.Text(owner), Owner: f.Text(owner), PoolId: id})
	if err != nil {
		return types.NoAmounts(), err
	}
	return res.Paid, nil
}

// takes returns what safety says of today, a week and a year, in ualita.
func takes(t *testing.T, f *testutil.Fixture, id uint64) []math.Int {
	t.Helper()
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	c, err := f.Keeper.Circle(f.Ctx, p)
	require.NoError(t, err)
	return []math.Int{c.Take(0), c.Take(7 * day), c.Take(365 * day)}
}

// anyPromise creates a pool that promises anything at random, and lets it live: trades of
// strangers, gifts, rewards, claims, coins without a message, tokens that the maker has
// moved to another name, and days.
func anyPromise(t *testing.T, f *testutil.Fixture, r *rand.Rand, symbol string) uint64 {
	t.Helper()
	pick := func(of ...uint64) uint64 { return of[r.Intn(len(of))] }
	size := int64(100_000_000) << r.Intn(10)
	part := func(of int64, most float64) math.Int { return math.NewInt(int64(float64(of) * most * r.Float64())) }
	tokens := size * int64(1+r.Intn(100))
	id := f.CreatePool(t, 1, symbol, func(m *types.MsgCreatePool) {
		m.LiquidityAlita.Amount, m.LiquidityData = math.NewInt(size), math.NewInt(tokens)
		m.RewardBudget = part(tokens, 3).AddRaw(1000)
		m.MakerAllotment = part(tokens, 1)
		m.VestingSeconds, m.LockSeconds = pick(0, 90*day, 730*day), pick(0, 180*day, 1460*day)
		m.RewardPolicy = types.RewardPerRecord(m.RewardBudget.QuoRaw(20))
		m.RewardPolicy.MaxPerDay = part(tokens, 0.02).AddRaw(100)
		m.RewardPolicy.PerDay = m.RewardPolicy.MaxPerDay.MulRaw(1 + r.Int63n(1000)).QuoRaw(1000).AddRaw(1)
		m.BlockGuard = r.Intn(2) == 0
		m.Fees = types.FeePolicy{SwapFeePpm: uint32(pick(0, 3000, 30_000)), MakerPpm: uint32(r.Intn(500_000)), RewardsPpm: uint32(r.Intn(500_000))}
	})
	stranger, text := f.Funded(t, 2, 1_000_000_000_000)
	maker, makerText := testutil.Account(1), f.Text(testutil.Account(1))
	for range r.Intn(8) {
		switch r.Intn(8) {
		case 0, 1:
			_, _ = f.Msg.SwapExactIn(f.Ctx, &types.MsgSwapExactIn{
				Sender: text, PoolId: id, TokenIn: sdk.Coin{Denom: types.BaseDenom, Amount: part(size, 1).AddRaw(1000)}, MinOut: math.OneInt(), Deadline: f.Deadline(),
			})
		case 2:
			_, _ = f.Msg.FundRewards(f.Ctx, &types.MsgFundRewards{Sender: text, PoolId: id, Amount: sdk.Coin{Denom: types.BaseDenom, Amount: part(size, 0.2).AddRaw(1)}})
		case 3:
			_, _ = f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
				Sender: text, PoolId: id, MaxAlita: part(size, 2).AddRaw(1000), MaxData: f.Balance(stranger, types.DataDenom(id)), MinShares: math.OneInt(), Deadline: f.Deadline(),
			})
		case 4:
			_, _, err := f.Keeper.PayReward(f.Ctx, id, maker, 1)
			require.NoError(t, err)
		case 5:
			_, _ = f.Msg.RemoveLiquidity(f.Ctx, &types.MsgRemoveLiquidity{
				Sender: makerText, PoolId: id, Shares: f.Balance(maker, types.ShareDenom(id)).QuoRaw(2), MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
			})
		case 6:
			_, _ = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: makerText, PoolId: id})
		default:
			for _, denom := range []string{types.BaseDenom, types.DataDenom(id), types.ShareDenom(id)} {
				if gift := f.Balance(stranger, denom).QuoRaw(1000); gift.IsPositive() {
					require.NoError(t, f.Bank.SendCoins(f.Ctx, stranger, types.PoolAddress(id), sdk.Coins{{Denom: denom, Amount: gift}}))
				}
			}
		}
		f.NextBlock(r.Int63n(20 * day))
	}
	if r.Intn(3) == 0 && f.Balance(maker, types.BaseDenom).IsZero() { // to a name that nobody knows
		if tokens := f.Balance(maker, types.DataDenom(id)); tokens.IsPositive() {
			require.NoError(t, f.Bank.SendCoins(f.Ctx, maker, testutil.Account(500), sdk.Coins{{Denom: types.DataDenom(id), Amount: tokens}}))
		}
	}
	if r.Intn(3) == 0 {
		_, _ = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: makerText, PoolId: id, RewardPolicy: raisedOf(t, f, id)})
		f.NextBlock(r.Int63n(10 * day))
	}
	return id
}

// raisedOf is the policy of a pool with the largest flow.
func raisedOf(t *testing.T, f *testutil.Fixture, id uint64) types.RewardPolicy {
	t.Helper()
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	policy := p.RewardPolicy
	policy.PerDay = policy.MaxPerDay
	return policy
}

// TestAttackSearchingMaker: whatever a maker's circle does with a pool, it takes no more
// ALITA than safety says: over random pools, four horizons and searched sequences of all
// that accounts can do. ALITA_SIM=full searches 400 pools.
func TestAttackSearchingMaker(t *testing.T) {
	pools, tries := 12, map[int64]int{0: 12, 7: 6, 30: 3, 365: 1}
	if os.Getenv("ALITA_SIM") == "full" {
		pools, tries = 400, map[int64]int{0: 60, 7: 40, 30: 15, 365: 4}
	}
	type figures struct{ said, took, ratio, worst float64 }
	all := map[int64]*figures{0: {}, 7: {}, 30: {}, 365: {}}
	r := rand.New(rand.NewSource(7))
	f := testutil.New(t)
	start := f.Ctx
	for n := range pools {
		f.Ctx, _ = start.CacheContext()
		id := anyPromise(t, f, r, fmt.Sprintf("P%dX", 100+n))
		c := theCircle(t, f, id)
		safety, err := f.Keeper.Circle(f.Ctx, c.pool())
		require.NoError(t, err)
		begin, owner := f.Ctx, c.owner
		for _, days := range []int64{0, 7, 30, 365} {
			said := safety.Take(uint64(days * day))
			best := math.ZeroInt()
			for try := range tries[days] {
				f.Ctx, _ = begin.CacheContext()
				c.owner = owner
				before := c.alita()
				c.home(testutil.Account(500))
				c.search(r, days, try == 0)
				if took := c.alita().Sub(before); took.GT(best) {
					best = took
				}
				require.True(t, best.LTE(said), "pool %d: took %s in %d days, safety says %s", n, best, days, said)
			}
			whole, _ := new(big.Float).SetInt(safety.Whole().BigInt()).Float64()
			tookF, _ := new(big.Float).SetInt(best.BigInt()).Float64()
			saidF, _ := new(big.Float).SetInt(said.BigInt()).Float64()
			g := all[days]
			g.said += saidF / whole / float64(pools)
			g.took += tookF / whole / float64(pools)
			if saidF > 0 {
				g.ratio += tookF / saidF / float64(pools)
				g.worst = max(g.worst, tookF/saidF)
			}
		}
	}
	for _, days := range []int64{0, 7, 30, 365} {
		g := all[days]
		t.Logf("%3d days: safety says %.1f %%, the search took %.1f %%; took/said: mean %.3f, worst %.4f", days, 100*g.said, 100*g.took, g.ratio, g.worst)
	}
}

// search does what a circle may do within some days and then takes everything out. The
// straight way takes each day's flow and trades nothing before.
func (c *circle) search(r *rand.Rand, days int64, straight bool) {
	f := c.f
	end := f.Ctx.BlockTime().Add(time.Duration(days*day) * time.Second)
	left := func() int64 { return int64(end.Sub(f.Ctx.BlockTime()) / time.Second) }
	steps := r.Intn(20)
	if straight {
		steps = 0
	}
	c.act(1, 1)
	for range steps {
		c.act(r.Intn(11), 1+r.Int63n(1000))
		f.NextBlock(r.Int63n(max(1, min(left(), 2*days*day/int64(steps)))))
	}
	sellsDaily := !straight && r.Intn(2) == 0
	c.act(9, 1)
	c.act(0, 1)
	for left() > 0 {
		f.NextBlock(min(left(), day))
		c.act(0, 1)
		if sellsDaily {
			c.sell(types.DataDenom(c.id), 1000)
		}
	}
	for range 2 {
		for _, what := range []int{1, 0, 6, 4, 9} {
			c.act(what, 1000)
			f.NextBlock(0)
		}
		c.sellAll()
	}
}
