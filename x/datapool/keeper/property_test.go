package keeper_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestRandomMessages lets random accounts do random things to random pools. After
// each: the invariants hold, no share has lost value, no refused message has changed
// anything, and no ALITA has come from nowhere.
func TestRandomMessages(t *testing.T) {
	done := map[string]int{}
	kinds := []string{
		"sell", "buy", "add", "remove", "fund", "reward", "maker", "protocol", "give", "block",
		"match", "claim", "extend", "sweep", "propose", "accept", "update", "pause", "go on",
		"add single", "remove single", "route in", "route out",
	}
	missing := func() []string {
		return slices.DeleteFunc(slices.Clone(kinds), func(what string) bool { return done[what] > 0 })
	}
	// What needs much to come together is rare: more rounds until each has gone through.
	for range 10 {
		if len(missing()) == 0 {
			break
		}
		randomMessages(t, done)
	}
	require.Empty(t, missing(), "never went through: %v", done)
}

func randomMessages(t *testing.T, done map[string]int) {
	rapid.Check(t, func(r *rapid.T) {
		f := testutil.New(t)
		ids := anyPools(r, f, r)
		require.NoError(r, f.Keeper.Invariants(f.Ctx))
		supply := f.Bank.GetSupply(f.Ctx, types.BaseDenom)
		for range rapid.IntRange(20, 60).Draw(r, "steps") {
			before := pools(r, f, ids)
			refused := ""
			cached, write := f.Ctx.CacheContext()
			ctx := f.Ctx
			f.Ctx = cached
			what, err := action(r, f, ids)
			if err == nil {
				write()
				f.Ctx = ctx.WithBlockHeight(f.Ctx.BlockHeight()).WithBlockTime(f.Ctx.BlockTime())
				done[what]++
			} else {
				require.NotErrorIs(r, err, types.ErrInvariant, what)
				require.NotErrorIs(r, err, types.ErrInvalidState, what)
				// The refused message was run in a context of its own; what it wrote
				// there would be seen here.
				refused = "refused " + what
				require.Equal(r, before, pools(r, f, ids), refused)
				f.Ctx = ctx
			}
			require.NoError(r, f.Keeper.Invariants(f.Ctx), "after %s%s", what, refused)
			for i, p := range pools(r, f, ids) {
				requireShareKept(r, before[i], p, what)
			}
			require.Equal(r, supply.String(), f.Bank.GetSupply(f.Ctx, types.BaseDenom).String())
		}
	})
	t.Log(done)
}

func pools(t require.TestingT, f *testutil.Fixture, ids []uint64) []types.Pool {
	out := make([]types.Pool, len(ids))
	for i, id := range ids {
		p, err := f.Keeper.Pool(f.Ctx, id)
		require.NoError(t, err)
		out[i] = p
	}
	return out
}

// requireShareKept: sqrt(k)/shares does not fall, squared and multiplied out.
func requireShareKept(t require.TestingT, before, after types.Pool, what string) {
	left := bigProduct(after.Reserves.Alita, after.Reserves.Data, before.Shares, before.Shares)
	right := bigProduct(before.Reserves.Alita, before.Reserves.Data, after.Shares, after.Shares)
	require.GreaterOrEqual(t, left.Cmp(right), 0, "a share lost value in %s", what)
}

func bigProduct(factors ...math.Int) *big.Int {
	z := big.NewInt(1)
	for _, f := range factors {
		z.Mul(z, f.BigIntMut())
	}
	return z
}
