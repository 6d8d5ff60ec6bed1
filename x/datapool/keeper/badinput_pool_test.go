package keeper_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestBadPoolInput does as TestBadInput for the messages that are no trades.
func TestBadPoolInput(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.RewardPolicy = policyOf(10_000_000, 5, 20_000_000, 7) })
	offered := f.CreatePool(t, 1, "LIGHT", nil)
	maker, heir := f.Text(testutil.Account(1)), f.Text(testutil.Account(5))
	addr, other := f.Funded(t, 2, 1_000_000)
	_, err := f.Msg.ProposeMaker(f.Ctx, &types.MsgProposeMaker{Maker: maker, PoolId: offered, NewMaker: heir})
	require.NoError(t, err)
	module := f.Text(f.Accounts.GetModuleAccount(f.Ctx, distrtypes.ModuleName).GetAddress())
	// A full budget, into which a gift does not fit.
	full := f.CreatePool(t, 1, "FULL", nil)
	f.Fund(t, addr, coin("340282366920938463463374607431768211455ualita"))
	_, err = f.Msg.FundRewards(f.Ctx, &types.MsgFundRewards{Sender: other, PoolId: full, Amount: coin("170141183460469231731687303715884105728ualita")})
	require.NoError(t, err)
	require.NoError(t, f.Bank.SendCoins(f.Ctx, addr, types.PoolAddress(full), coins("1ualita")))
	f.NextBlock(10)

	claim := func(sender, owner string, pool uint64) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Msg.ClaimRewards(ctx, &types.MsgClaimRewards{Sender: sender, Owner: owner, PoolId: pool})
			return err
		}
	}
	extend := func(who string, pool uint64, lock, vesting int64) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Msg.ExtendLock(ctx, &types.MsgExtendLock{Maker: who, PoolId: pool, LockedUntil: lock, VestingEnds: vesting})
			return err
		}
	}
	now := f.Ctx.BlockTime().Unix()
	sweep := func(sender string, pool uint64, denom string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Msg.Sweep(ctx, &types.MsgSweep{Sender: sender, PoolId: pool, Denom: denom})
			return err
		}
	}
	update := func(change func(*types.MsgUpdatePool)) func(context.Context) error {
		m := &types.MsgUpdatePool{Maker: maker, PoolId: id, RewardPolicy: policyOf(10_000_000, 5, 20_000_000, 7)}
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.UpdatePool(ctx, m); return err }
	}
	propose := func(from string, pool uint64, to string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Msg.ProposeMaker(ctx, &types.MsgProposeMaker{Maker: from, PoolId: pool, NewMaker: to})
			return err
		}
	}
	accept := func(who string, pool uint64) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Msg.AcceptMaker(ctx, &types.MsgAcceptMaker{NewMaker: who, PoolId: pool})
			return err
		}
	}
	pause := func(who string, pool uint64, paused bool) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Msg.PausePool(ctx, &types.MsgPausePool{Authority: who, PoolId: pool, Paused: paused})
			return err
		}
	}
	match := func(pool uint64) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Keeper.MatchContribution(ctx, pool, "a", addr, math.OneInt())
			return err
		}
	}
	requireRefused(t, f, []refusal{
		{"claim: no address", claim(other, "", id), types.ErrInvalidAddress, "owner"},
		{"claim: no sender", claim("", other, id), types.ErrInvalidAddress, "sender"},
		{"claim: no pool", claim(other, other, 99), types.ErrPoolNotFound, "99"},
		{"claim: nothing owed", claim(other, other, id), types.ErrNothingToClaim, "got 0 owed"},

		{"extend: no address", extend("", id, now+9000, 0), types.ErrInvalidAddress, "maker"},
		{"extend: not the maker", extend(other, id, now+9000, 0), types.ErrNotMaker, maker},
		{"extend: no pool", extend(maker, 99, now+9000, 0), types.ErrPoolNotFound, "99"},
		{"extend: nothing", extend(maker, id, 0, 0), types.ErrInvalidDuration, "got none"},
		{"extend: shorter lock", extend(maker, id, now+1989, 0), types.ErrInvalidDuration, "locked_until"},
		{"extend: the same lock", extend(maker, id, now+1990, 0), types.ErrInvalidDuration, "locked_until"},
		{"extend: shorter vesting", extend(maker, id, 0, now+990), types.ErrInvalidDuration, "vesting_ends"},
		{"extend: longer lock and shorter vesting", extend(maker, id, now+9000, now), types.ErrInvalidDuration, "vesting_ends"},
		{"extend: before 1970", extend(maker, id, -1, 0), types.ErrInvalidDuration, "locked_until"},
		{"extend: for a thousand years", extend(maker, id, 1<<62, 0), types.ErrInvalidDuration, "at most"},

		{"sweep: no address", sweep("", id, "ualita"), types.ErrInvalidAddress, "sender"},
		{"sweep: no pool", sweep(other, 99, "ualita"), types.ErrPoolNotFound, "99"},
		{"sweep: pool zero", sweep(other, 0, "ualita"), types.ErrPoolNotFound, "got 0"},
		{"sweep: no denom", sweep(other, id, ""), types.ErrInvalidDenom, "denom"},
		{"sweep: bad denom", sweep(other, id, "a b"), types.ErrInvalidDenom, "denom"},
		{"sweep: long denom", sweep(other, id, "a"+strings.Repeat("b", 200)), types.ErrInvalidDenom, "denom"},
		{"sweep: nothing stray", sweep(other, id, "ualita"), types.ErrNothingToClaim, "ualita"},
		{"sweep: another pool's share", sweep(other, id, "share/2"), types.ErrNothingToClaim, "share/2"},
		{"sweep: the budget is full", sweep(other, full, "ualita"), types.ErrTooLarge, "2^127"},

		{"update: no address", update(func(m *types.MsgUpdatePool) { m.Maker = "" }), types.ErrInvalidAddress, "maker"},
		{"update: not the maker", update(func(m *types.MsgUpdatePool) { m.Maker = other }), types.ErrNotMaker, maker},
		{"update: the authority is no maker", update(func(m *types.MsgUpdatePool) { m.Maker = f.Authority }), types.ErrNotMaker, maker},
		{"update: no pool", update(func(m *types.MsgUpdatePool) { m.PoolId = 99 }), types.ErrPoolNotFound, "99"},
		{"update: long description", update(func(m *types.MsgUpdatePool) { m.Description = strings.Repeat("x", 4097) }), types.ErrInvalidText, "at most 4096"},
		{"update: control characters", update(func(m *types.MsgUpdatePool) { m.Description = "\x00" }), types.ErrInvalidText, "description"},
		{"update: long requirements", update(func(m *types.MsgUpdatePool) { m.Requirements.Text = strings.Repeat("x", 4097) }), types.ErrInvalidText, "requirements.text"},
		{"update: many columns", update(func(m *types.MsgUpdatePool) { m.Requirements.Columns = make([]types.RequiredColumn, 65) }), types.ErrInvalidRequired, "at most 64"},
		{"update: nameless column", update(func(m *types.MsgUpdatePool) { m.Requirements.Columns = make([]types.RequiredColumn, 1) }), types.ErrInvalidRequired, "columns[0].name"},
		{"update: many rows", update(func(m *types.MsgUpdatePool) { m.Requirements.MinRows = types.MaxMinRows + 1 }), types.ErrInvalidRequired, "min_rows"},
		{"update: no rewards", update(func(m *types.MsgUpdatePool) { m.RewardPolicy = types.RewardPolicy{} }), types.ErrInvalidAmount, "per_record"},
		{"update: negative reward", update(func(m *types.MsgUpdatePool) { m.RewardPolicy.PerRow = math.NewInt(-1) }), types.ErrInvalidAmount, "per_row"},
		{"update: reward too large", update(func(m *types.MsgUpdatePool) { m.RewardPolicy.MaxPerDay = two255 }), types.ErrTooLarge, "max_per_day"},
		{"update: rows without a bound", update(func(m *types.MsgUpdatePool) { m.RewardPolicy.MaxPerRecord = math.ZeroInt() }), types.ErrInvalidReward, "expected at least 1 if rows are rewarded"},
		{"update: open admission", update(func(m *types.MsgUpdatePool) { m.Requirements.OpenAdmission = true }), types.ErrInvalidReward, "if admission is open"},
		{"update: a higher ceiling", update(func(m *types.MsgUpdatePool) { m.RewardPolicy.MaxPerDay = m.RewardPolicy.MaxPerDay.AddRaw(1) }), types.ErrInvalidReward, "max_per_day"},
		{"update: a day above its ceiling", update(func(m *types.MsgUpdatePool) { m.RewardPolicy.PerDay = m.RewardPolicy.MaxPerDay.AddRaw(1) }), types.ErrInvalidReward, "per_day"},
		{"update: match above a half", update(func(m *types.MsgUpdatePool) { m.RewardPolicy.MatchPpm = 500_001 }), types.ErrInvalidReward, "match_ppm"},
		{"update: a lower bound", update(func(m *types.MsgUpdatePool) { m.RewardPolicy.MaxPerRecord = math.NewInt(19_999_999) }), types.ErrInvalidReward, "max_per_record"},
		{"update: a lower reward", update(func(m *types.MsgUpdatePool) { m.RewardPolicy.PerRecord = math.ZeroInt() }), types.ErrInvalidReward, "per_record"},

		{"propose: no address", propose("", id, heir), types.ErrInvalidAddress, "maker"},
		{"propose: not the maker", propose(other, id, heir), types.ErrNotMaker, maker},
		{"propose: by whom it is offered to", propose(heir, offered, other), types.ErrNotMaker, maker},
		{"propose: no pool", propose(maker, 99, heir), types.ErrPoolNotFound, "99"},
		{"propose: bad address", propose(maker, id, "alita1xyz"), types.ErrInvalidAddress, "new_maker"},
		{"propose: of another chain", propose(maker, id, "cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu"), types.ErrInvalidAddress, "new_maker"},
		{"propose: to itself", propose(maker, id, maker), types.ErrInvalidAddress, "the maker's own"},
		{"propose: to itself in upper case", propose(maker, id, strings.ToUpper(maker)), types.ErrInvalidAddress, "the maker's own"},
		{"propose: to the pool", propose(maker, id, f.Text(types.PoolAddress(id))), types.ErrInvalidAddress, "the pool's"},
		{"propose: to a module", propose(maker, id, module), types.ErrInvalidAddress, "a module's"},
		{"propose: nothing to take back", propose(maker, id, ""), types.ErrInvalidAddress, "got neither"},

		{"accept: no address", accept("", offered), types.ErrInvalidAddress, "new_maker"},
		{"accept: no pool", accept(heir, 99), types.ErrPoolNotFound, "99"},
		{"accept: no offer", accept(heir, id), types.ErrNotProposed, "got none"},
		{"accept: offered to another", accept(other, offered), types.ErrNotProposed, heir},
		{"accept: by the maker", accept(maker, offered), types.ErrNotProposed, heir},

		{"pause: no address", pause("", id, true), types.ErrUnauthorized, "authority"},
		{"pause: by the maker", pause(maker, id, true), types.ErrUnauthorized, "authority"},
		{"pause: no pool", pause(f.Authority, 99, true), types.ErrPoolNotFound, "99"},
		{"pause: no change", pause(f.Authority, id, false), types.ErrPaused, "paused: expected true, a change"},

		{"match: no pool", match(99), types.ErrPoolNotFound, "99"},
	})
	_, err = f.Msg.UpdateParams(f.Ctx, &types.MsgUpdateParams{Authority: maker, Params: types.DefaultParams()})
	require.ErrorIs(t, err, types.ErrUnauthorized)
}

func policyOf(record, row, bound int64, match uint32) types.RewardPolicy {
	return types.RewardPolicy{
		PerRecord: math.NewInt(record), PerRow: math.NewInt(row), MaxPerRecord: math.NewInt(bound), MatchPpm: match,
		PerDay: math.NewInt(20_000_000), MaxPerDay: math.NewInt(40_000_000),
	}
}
