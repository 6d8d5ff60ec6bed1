package keeper_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

const (
	// reserve is the ALITA of the pool that is attacked; of Data Tokens there are ten
	// times as many.
	reserve = 1_000_000_000_000
	// inventory is the attacker's amount of either coin, enough for any of the attacks.
	inventory = 30 * reserve
)

// backRun ends an attack: the attacker holds bought more Data Tokens than before and
// wants as many as before. An error is an attack that does not work.
type backRun func(s *sandwich, bought int64) error

// sandwich is a block in which an attacker trades before and after a victim, who
// accepts 1 % less than was quoted.
type sandwich struct {
	*testutil.Fixture
	id               uint64
	attacker, friend sdk.AccAddress
	victim           string
	size             int64 // what the victim sells, in ualita
	bound            math.Int
}

// newSandwich makes the pool, at the beginning of a block, and the victim's bound.
func newSandwich(t *testing.T, size int64, feePPM uint32, guard bool) *sandwich {
	t.Helper()
	s := &sandwich{Fixture: testutil.New(t), size: size}
	s.id = s.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) {
		m.LiquidityAlita.Amount, m.LiquidityData = math.NewInt(reserve), math.NewInt(10*reserve)
		m.MakerAllotment, m.VestingSeconds, m.LockSeconds = math.NewInt(10*inventory), 0, 0
		m.Fees.SwapFeePpm, m.BlockGuard = feePPM, guard
	})
	maker, _ := s.Funded(t, 1, 0)
	s.attacker, _ = s.Funded(t, 2, inventory)
	s.friend, _ = s.Funded(t, 3, inventory)
	_, s.victim = s.Funded(t, 4, size)
	_, err := s.Msg.ClaimMaker(s.Ctx, &types.MsgClaimMaker{Maker: s.Text(maker), PoolId: s.id})
	require.NoError(t, err)
	s.NextBlock(5)
	require.NoError(t, s.Bank.SendCoins(s.Ctx, maker, s.attacker, sdk.NewCoins(s.data(10*inventory))))
	quote, err := s.Keeper.QuoteSwapExactIn(s.Ctx, s.id, s.alita(size))
	require.NoError(t, err)
	s.bound = quote.TokenOut().Amount.MulRaw(99).AddRaw(99).QuoRaw(100)
	return s
}

func (s *sandwich) alita(n int64) sdk.Coin { return sdk.NewInt64Coin(types.BaseDenom, n) }
func (s *sandwich) data(n int64) sdk.Coin  { return sdk.NewInt64Coin(types.DataDenom(s.id), n) }

// swap sells a coin and returns what it gets.
func (s *sandwich) swap(who sdk.AccAddress, in sdk.Coin) (int64, error) {
	res, err := s.Msg.SwapExactIn(s.Ctx, &types.MsgSwapExactIn{
		Sender: s.Text(who), PoolId: s.id, TokenIn: in, MinOut: math.OneInt(), Deadline: s.Deadline(),
	})
	if err != nil {
		return 0, err
	}
	return res.TokenOut.Amount.Int64(), nil
}

// worth is the ALITA of the attacker and the friend.
func (s *sandwich) worth() int64 {
	return s.Balance(s.attacker, types.BaseDenom).Add(s.Balance(s.friend, types.BaseDenom)).Int64()
}

// tokens are their Data Tokens.
func (s *sandwich) tokens() int64 {
	denom := types.DataDenom(s.id)
	return s.Balance(s.attacker, denom).Add(s.Balance(s.friend, denom)).Int64()
}

// attack runs the attack on a copy of the state. False if the victim's bound or
// a message stops it. The function between runs after the attacker's first trade and before
// the victim's; a nil back ends with the victim's trade.
func (s *sandwich) attack(front int64, between func(*sandwich) error, back backRun) (profit int64, ok bool) {
	outer := s.Ctx
	defer func() { s.Ctx = outer }()
	s.Ctx, _ = outer.CacheContext()
	worth, tokens := s.worth(), s.tokens()
	if front > 0 {
		if _, err := s.swap(s.attacker, s.alita(front)); err != nil {
			return 0, false
		}
	}
	if between != nil && between(s) != nil {
		return 0, false
	}
	if _, err := s.Msg.SwapExactIn(s.Ctx, &types.MsgSwapExactIn{
		Sender: s.victim, PoolId: s.id, TokenIn: s.alita(s.size), MinOut: s.bound, Deadline: s.Deadline(),
	}); err != nil {
		return 0, false
	}
	if back == nil {
		return 0, true
	}
	if back(s, s.tokens()-tokens) != nil || s.tokens() < tokens {
		return 0, false
	}
	return s.worth() - worth, true
}

// best returns the highest profit over the sizes of the first trade: the largest that
// the victim's bound lets through, and parts of it down to a thousandth.
func (s *sandwich) best(between func(*sandwich) error, back backRun) (profit, front int64) {
	low, high := int64(0), int64(reserve)
	for high-low > reserve/100_000 {
		if middle := (low + high) / 2; s.passes(middle, between) {
			low = middle
		} else {
			high = middle
		}
	}
	profit = -inventory
	for _, permille := range []int64{1, 3, 10, 30, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000} {
		if got, ok := s.attack(low/1000*permille, between, back); ok && got > profit {
			profit, front = got, low/1000*permille
		}
	}
	return profit, front
}

// passes reports whether the victim trades after a first trade of this size.
func (s *sandwich) passes(front int64, between func(*sandwich) error) bool {
	_, ok := s.attack(front, between, nil)
	return ok
}

// sellAll sells in equal parts.
func sellAll(parts int64) backRun {
	return func(s *sandwich, bought int64) error {
		for i := range parts {
			part := bought / parts
			if i == 0 {
				part += bought % parts
			}
			if _, err := s.swap(s.attacker, s.data(part)); err != nil {
				return err
			}
		}
		return nil
	}
}

// byFriend sells from another account.
func byFriend(s *sandwich, bought int64) error {
	if err := s.Bank.SendCoins(s.Ctx, s.attacker, s.friend, sdk.NewCoins(s.data(bought))); err != nil {
		return err
	}
	_, err := s.swap(s.friend, s.data(bought))
	return err
}

// throughShares gives the tokens as liquidity and takes it out as ALITA.
func throughShares(s *sandwich, bought int64) error {
	in, err := s.Msg.AddLiquiditySingle(s.Ctx, &types.MsgAddLiquiditySingle{
		Sender: s.Text(s.attacker), PoolId: s.id, TokenIn: s.data(bought), MinShares: math.OneInt(), Deadline: s.Deadline(),
	})
	if err != nil {
		return err
	}
	_, err = s.Msg.RemoveLiquiditySingle(s.Ctx, &types.MsgRemoveLiquiditySingle{
		Sender: s.Text(s.attacker), PoolId: s.id, Shares: in.Shares.Amount, DenomOut: types.BaseDenom,
		MinOut: math.OneInt(), Deadline: s.Deadline(),
	})
	return err
}

// TestSandwichSearch: with the guard no attack by trades earns anything, however large, split,
// passed on or led through liquidity; without it some do, so the test can fail.
func TestSandwichSearch(t *testing.T) {
	var table strings.Builder
	table.WriteString("| victim, of the reserve | fee | without the guard | the same with it | best with it | split in 7 | another account | through shares |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n")
	earned := 0
	for _, permille := range []int64{1, 5, 10, 20, 50, 100} {
		for _, fee := range []uint32{0, 3_000, 10_000} {
			size := reserve / 1000 * permille
			plain, front := newSandwich(t, size, fee, false).best(nil, sellAll(1))
			if plain > 0 {
				earned++
			}
			fmt.Fprintf(&table, "| %.1f %% | %.1f %% | %s |", float64(permille)/10, float64(fee)/10_000, inALITA(plain))
			s := newSandwich(t, size, fee, true)
			same, ok := s.attack(front, nil, sellAll(1))
			require.True(t, ok && same < 0, "the same attack gains %d", same)
			fmt.Fprintf(&table, " %s |", inALITA(same))
			for name, back := range attacks() {
				profit, front := s.best(nil, back)
				require.LessOrEqual(t, profit, int64(0), "victim %d, fee %d, %s, first trade %d", size, fee, attackNames[name], front)
				fmt.Fprintf(&table, " %s |", inALITA(profit))
			}
			table.WriteString("\n")
		}
	}
	require.GreaterOrEqual(t, earned, 6, "no attack earns anything without the guard")
	t.Logf("profit of the best attack, in ALITA, in a pool of 1,000,000 ALITA:\n%s", table.String())
}

var attackNames = []string{"at once", "in 7 parts", "another account", "through shares"}

func attacks() []backRun { return []backRun{sellAll(1), sellAll(7), byFriend, throughShares} }

func inALITA(n int64) string { return fmt.Sprintf("%.2f", float64(n)/1e6) }

// justInTime gives liquidity before the victim, of the given permille of the reserves.
func justInTime(permille int64) func(*sandwich) error {
	return func(s *sandwich) error {
		_, err := s.Msg.AddLiquidity(s.Ctx, &types.MsgAddLiquidity{
			Sender: s.Text(s.attacker), PoolId: s.id, MaxAlita: math.NewInt(reserve / 1000 * permille),
			MaxData: math.NewInt(10 * inventory), MinShares: math.OneInt(), Deadline: s.Deadline(),
		})
		return err
	}
}

// takeOut withdraws the liquidity and returns to as many tokens as before.
func takeOut(s *sandwich, _ int64) error {
	_, err := s.Msg.RemoveLiquidity(s.Ctx, &types.MsgRemoveLiquidity{
		Sender: s.Text(s.attacker), PoolId: s.id, Shares: s.Balance(s.attacker, types.ShareDenom(s.id)),
		MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: s.Deadline(),
	})
	if err != nil {
		return err
	}
	switch more := s.tokens() - 10*inventory; {
	case more > 0:
		_, err = s.swap(s.attacker, s.data(more))
	case more < 0:
		_, err = s.Msg.SwapExactOut(s.Ctx, &types.MsgSwapExactOut{
			Sender: s.Text(s.attacker), PoolId: s.id, TokenOut: s.data(-more), MaxIn: math.NewInt(inventory), Deadline: s.Deadline(),
		})
	}
	return err
}

// TestJustInTimeLiquidity: liquidity that is given before the victim and taken out after
// earns nothing under the guard.
func TestJustInTimeLiquidity(t *testing.T) {
	var table strings.Builder
	table.WriteString("| victim, of the reserve | fee | without the guard | with it |\n| --- | --- | --- | --- |\n")
	for _, permille := range []int64{1, 10, 100} {
		for _, fee := range []uint32{0, 3_000, 10_000} {
			size := reserve / 1000 * permille
			fmt.Fprintf(&table, "| %.1f %% | %.1f %% |", float64(permille)/10, float64(fee)/10_000)
			var gains [2]int64
			for i, guard := range []bool{false, true} {
				s := newSandwich(t, size, fee, guard)
				best := int64(-inventory)
				for _, liquidity := range []int64{10, 100, 1_000, 10_000} {
					profit, _ := s.best(justInTime(liquidity), takeOut)
					best = max(best, profit)
				}
				gains[i] = best
				fmt.Fprintf(&table, " %s |", inALITA(best))
			}
			table.WriteString("\n")
			require.LessOrEqual(t, gains[1], int64(0), "victim %d, fee %d", size, fee)
		}
	}
	t.Logf("profit of the best attack, in ALITA:\n%s", table.String())
}
