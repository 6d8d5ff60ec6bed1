package keeper_test

import (
	"fmt"
	"math/big"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// actors are the accounts that act in random sequences, by number.
var actors = []uint64{11, 12, 13}

// anyAmount draws 1 to 2^bits, every length as likely as another.
func anyAmount(r *rapid.T, label string, bits int) math.Int {
	n := rapid.IntRange(1, bits).Draw(r, label+" bits")
	b := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, label))
	b.Rsh(b, uint(256-n))
	if b.Sign() == 0 {
		b.SetInt64(1)
	}
	return math.NewIntFromBigInt(b)
}

// action does one random thing to one of the pools and returns what it was. An
// error of a message is no failure: messages may be refused.
func action(r *rapid.T, f *testutil.Fixture, pools []uint64) (string, error) {
	id := rapid.SampledFrom(pools).Draw(r, "pool")
	actor := testutil.Account(rapid.SampledFrom(actors).Draw(r, "actor"))
	text := f.Text(actor)
	denom := types.DataDenom(id)
	if rapid.Bool().Draw(r, "alita") {
		denom = types.BaseDenom
	}
	bits := rapid.SampledFrom([]int{0, 0, 0, 8, 40, 128, 256}).Draw(r, "size")
	// amount is of any size, or a part of what the actor or the pool has.
	amount := func(of sdk.AccAddress, denom string) math.Int {
		if bits > 0 {
			return anyAmount(r, "amount", bits)
		}
		return f.Balance(of, denom).MulRaw(rapid.Int64Range(1, 1000).Draw(r, "permille")).QuoRaw(1000)
	}
	switch what := rapid.SampledFrom([]string{
		"sell", "sell", "buy", "add", "remove", "remove", "remove all", "fund", "reward", "maker", "protocol", "give", "give", "block", "block",
		"add single", "remove single", "remove single", "route in", "route in", "route in", "route out", "route out", "route out",
		"match", "match", "claim", "claim", "sweep", "sweep", "propose", "accept", "update", "extend", "pause", "go on",
	}).Draw(r, "what"); what {
	case "sell":
		_, err := f.Msg.SwapExactIn(f.Ctx, &types.MsgSwapExactIn{
			Sender: text, PoolId: id, TokenIn: sdk.Coin{Denom: denom, Amount: amount(actor, denom)}, MinOut: math.OneInt(), Deadline: f.Deadline(),
		})
		return what, err
	case "buy":
		_, err := f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{
			Sender: text, PoolId: id, TokenOut: sdk.Coin{Denom: denom, Amount: amount(types.PoolAddress(id), denom)}, MaxIn: two255, Deadline: f.Deadline(),
		})
		return what, err
	case "add":
		_, err := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
			Sender: text, PoolId: id, MaxAlita: amount(actor, types.BaseDenom), MaxData: amount(actor, types.DataDenom(id)), MinShares: math.OneInt(), Deadline: f.Deadline(),
		})
		return what, err
	case "remove", "remove all":
		shares := amount(actor, types.ShareDenom(id))
		if what == "remove all" {
			shares = f.Balance(actor, types.ShareDenom(id))
		}
		_, err := f.Msg.RemoveLiquidity(f.Ctx, &types.MsgRemoveLiquidity{
			Sender: text, PoolId: id, Shares: shares, MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
		})
		return what, err
	case "fund":
		_, err := f.Msg.FundRewards(f.Ctx, &types.MsgFundRewards{Sender: text, PoolId: id, Amount: sdk.Coin{Denom: denom, Amount: amount(actor, denom)}})
		return what, err
	case "reward":
		_, earned, err := f.Keeper.PayReward(f.Ctx, id, actor, rapid.Uint64Range(1, 1000).Draw(r, "rows"))
		if err == nil && earned.IsZero() {
			err = types.ErrNothingToClaim // nothing has happened
		}
		return what, err
	case "maker":
		p, err := f.Keeper.Pool(f.Ctx, id)
		if err != nil {
			return what, err
		}
		_, err = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: p.Maker, PoolId: id})
		return what, err
	case "protocol":
		_, err := f.Msg.ClaimProtocol(f.Ctx, &types.MsgClaimProtocol{Sender: text, PoolId: id})
		return what, err
	case "give":
		// A gift to the pool's account that no message knows of.
		gift := sdk.Coin{Denom: givenDenom(r, id), Amount: anyAmount(r, "donation", 20)}
		if gift.Denom == foreignDenom {
			must(f.Bank.MintCoins(f.Ctx, "mint", sdk.Coins{gift}))
			must(f.Bank.SendCoinsFromModuleToAccount(f.Ctx, "mint", actor, sdk.Coins{gift}))
		}
		return what, f.Bank.SendCoins(f.Ctx, actor, types.PoolAddress(id), sdk.Coins{gift})
	case "add single":
		_, err := f.Msg.AddLiquiditySingle(f.Ctx, &types.MsgAddLiquiditySingle{
			Sender: text, PoolId: id, TokenIn: sdk.Coin{Denom: denom, Amount: amount(actor, denom)}, MinShares: math.OneInt(), Deadline: f.Deadline(),
		})
		return what, err
	case "remove single":
		_, err := f.Msg.RemoveLiquiditySingle(f.Ctx, &types.MsgRemoveLiquiditySingle{
			Sender: text, PoolId: id, Shares: amount(actor, types.ShareDenom(id)), DenomOut: denom, MinOut: math.OneInt(), Deadline: f.Deadline(),
		})
		return what, err
	case "route in":
		from := types.DataDenom(otherPool(pools, id))
		_, err := f.Msg.SwapRouteExactIn(f.Ctx, &types.MsgSwapRouteExactIn{
			Sender: text, TokenIn: sdk.Coin{Denom: from, Amount: amount(actor, from)}, DenomOut: types.DataDenom(id), MinOut: math.OneInt(), Deadline: f.Deadline(),
		})
		return what, err
	case "route out":
		out := sdk.Coin{Denom: types.DataDenom(id), Amount: amount(types.PoolAddress(id), types.DataDenom(id))}
		from := types.DataDenom(otherPool(pools, id))
		_, err := f.Msg.SwapRouteExactOut(f.Ctx, &types.MsgSwapRouteExactOut{
			Sender: text, DenomIn: from, TokenOut: out, MaxIn: two255, Deadline: f.Deadline(),
		})
		return what, err
	default:
		return what, holderAction(r, f, what, id, actor)
	}
}

// otherPool returns another pool than id, if there is one.
func otherPool(pools []uint64, id uint64) uint64 {
	for _, p := range pools {
		if p != id {
			return p
		}
	}
	return id
}

// holderAction does what is no trade: rewards, the maker's role, changes of
// the pool, sweeping, pausing, and the passing of time.
func holderAction(r *rapid.T, f *testutil.Fixture, what string, id uint64, actor sdk.AccAddress) error {
	text := f.Text(actor)
	p, err := f.Keeper.Pool(f.Ctx, id)
	if err != nil {
		return err
	}
	switch what {
	case "match":
		var paid math.Int
		paid, err = f.Keeper.MatchContribution(f.Ctx, id, "record of "+text, actor, anyAmount(r, "lost", 40))
		if err == nil && paid.IsZero() {
			err = types.ErrNothingToClaim // nothing has happened
		}
	case "claim":
		f.NextBlock(24 * 3600) // after which an owner may have another part of what it is owed
		for _, number := range actors {
			if due, _, err := f.Keeper.RewardsClaimable(f.Ctx, id, testutil.Account(number)); err == nil && due.Data.IsPositive() {
				text = f.Text(testutil.Account(number))
			}
		}
		_, err = f.Msg.ClaimRewards(f.Ctx, &types.MsgClaimRewards{Sender: text, PoolId: id, Owner: text})
	case "extend":
		_, err = f.Msg.ExtendLock(f.Ctx, &types.MsgExtendLock{
			Maker: p.Maker, PoolId: id, VestingEnds: p.Vesting.End.Unix() + rapid.Int64Range(-10, 1000).Draw(r, "longer"),
		})
	case "sweep":
		_, err = f.Msg.Sweep(f.Ctx, &types.MsgSweep{Sender: text, PoolId: id, Denom: givenDenom(r, id)})
	case "propose":
		to := rapid.SampledFrom([]string{text, text, ""}).Draw(r, "to")
		_, err = f.Msg.ProposeMaker(f.Ctx, &types.MsgProposeMaker{Maker: p.Maker, PoolId: id, NewMaker: to})
	case "accept":
		_, err = f.Msg.AcceptMaker(f.Ctx, &types.MsgAcceptMaker{NewMaker: p.PendingMaker, PoolId: id})
	case "update":
		policy := p.RewardPolicy
		policy.PerDay = math.MinInt(policy.PerDay.MulRaw(rapid.Int64Range(1, 4).Draw(r, "of")).QuoRaw(2), policy.MaxPerDay)
		policy.MatchPpm += rapid.Uint32Range(0, 1000).Draw(r, "more matched")
		policy.PerRecord = policy.PerRecord.AddRaw(rapid.Int64Range(0, 1).Draw(r, "more a record"))
		_, err = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{
			Maker: p.Maker, PoolId: id, Description: "changed", Requirements: p.Requirements, RewardPolicy: policy,
		})
	case "pause":
		_, err = f.Msg.PausePool(f.Ctx, &types.MsgPausePool{Authority: f.Authority, PoolId: id, Paused: rapid.IntRange(0, 3).Draw(r, "paused") == 0})
	case "go on":
		_, err = f.Msg.PausePool(f.Ctx, &types.MsgPausePool{Authority: f.Authority, PoolId: id})
	default:
		f.NextBlock(rapid.Int64Range(0, rapid.SampledFrom([]int64{600, 600, 5000, 200_000}).Draw(r, "at most")).Draw(r, "seconds"))
	}
	return err
}

// foreignDenom is a coin of no pool.
const foreignDenom = "uother"

// givenDenom is a coin that somebody may send to a pool's account.
func givenDenom(r *rapid.T, id uint64) string {
	return rapid.SampledFrom([]string{types.BaseDenom, types.DataDenom(id), types.ShareDenom(id), foreignDenom}).Draw(r, "given")
}

// anyPools creates one or two pools of any size and funds the actors.
func anyPools(r *rapid.T, f *testutil.Fixture, t require.TestingT) []uint64 {
	params := types.DefaultParams()
	params.MinLiquidityAlita = math.OneInt()
	params.TwapWindow, params.MaxPriceObservations = 60, types.MinObservations
	require.NoError(t, f.UpdateParams(params))
	var ids []uint64
	for i := range rapid.IntRange(1, 2).Draw(r, "pools") {
		maker := testutil.Account(actors[i])
		msg := testutil.CreatePoolMsg(f.Text(maker), fmt.Sprintf("POOL%d", i))
		bits := rapid.SampledFrom([]int{12, 40, 100}).Draw(r, "pool size")
		msg.LiquidityAlita.Amount = anyAmount(r, "liquidity", bits).AddRaw(1001)
		msg.LiquidityData = anyAmount(r, "tokens", bits).AddRaw(1001)
		msg.RewardPolicy.PerRecord = anyAmount(r, "reward", 30)
		msg.RewardBudget = msg.RewardPolicy.PerRecord.MulRaw(rapid.Int64Range(1, 5).Draw(r, "records"))
		msg.RewardPolicy.MatchPpm = rapid.Uint32Range(0, 400_000).Draw(r, "match")
		msg.RewardPolicy.MaxPerDay = anyAmount(r, "most a day", 40)
		msg.RewardPolicy.PerDay = math.MaxInt(math.OneInt(), msg.RewardPolicy.MaxPerDay.QuoRaw(rapid.Int64Range(1, 3).Draw(r, "part a day")))
		msg.MakerAllotment = anyAmount(r, "allotment", 30)
		msg.BlockGuard = rapid.Bool().Draw(r, "guard")
		if rapid.Bool().Draw(r, "unlocked") {
			msg.LockSeconds, msg.VestingSeconds = 0, 0
		}
		maxMaker := uint32(types.PPM)
		msg.Fees.SwapFeePpm = rapid.SampledFrom([]uint32{0, 1, 3000, 100_000}).Draw(r, "fee")
		msg.Fees.MakerPpm = rapid.Uint32Range(0, maxMaker).Draw(r, "maker part")
		msg.Fees.RewardsPpm = rapid.Uint32Range(0, maxMaker-msg.Fees.MakerPpm).Draw(r, "rewards part")
		must(f.Bank.MintCoins(f.Ctx, "mint", sdk.Coins{msg.LiquidityAlita.Add(params.CreationFee)}))
		must(f.Bank.SendCoinsFromModuleToAccount(f.Ctx, "mint", maker, sdk.Coins{msg.LiquidityAlita.Add(params.CreationFee)}))
		res, err := f.Msg.CreatePool(f.Ctx, msg)
		require.NoError(t, err)
		ids = append(ids, res.PoolId)
		if msg.LockSeconds == 0 {
			_, err = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: msg.Maker, PoolId: res.PoolId})
			require.NoError(t, err)
		}
	}
	for _, a := range actors {
		coins := sdk.Coins{{Denom: types.BaseDenom, Amount: anyAmount(r, "funds", 110)}}
		must(f.Bank.MintCoins(f.Ctx, "mint", coins))
		must(f.Bank.SendCoinsFromModuleToAccount(f.Ctx, "mint", testutil.Account(a), coins))
		// A hundredth buys tokens of each pool, so that there is something to sell; a pool too
		// small for it refuses.
		for _, id := range ids {
			_, _ = f.Msg.SwapExactIn(f.Ctx, &types.MsgSwapExactIn{
				Sender: f.Text(testutil.Account(a)), PoolId: id, TokenIn: sdk.Coin{Denom: types.BaseDenom, Amount: coins[0].Amount.QuoRaw(100)},
				MinOut: math.OneInt(), Deadline: f.Deadline(),
			})
		}
	}
	return ids
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
