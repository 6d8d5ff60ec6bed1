package datapool

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/x/datapool/types"
)

const flagSingle = "single"

func newLiquidityCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "liquidity",
		Short: "Give liquidity to a pool and take it back",
		RunE:  client.ValidateCmd,
	}
	add := &cobra.Command{
		Use:   "add POOL AMOUNT",
		Short: "Give both coins in the pool's proportion, or one alone; AMOUNT is of either coin",
		Long: `Give both coins in the pool's proportion and get shares for them.

AMOUNT, of ALITA or of the Data Token, decides how much; what goes with it of the
other coin is read from the pool. No more than AMOUNT is taken of the first coin, and
of the other no more than the quote and the slippage.

With --single AMOUNT is given alone and whole: a part of it is swapped for the other
coin, with the fee and the impact of a swap.`,
		Example: `  alitad tx datapool liquidity add SPEED 100ALITA --from alice
  alitad tx datapool liquidity add SPEED 5ALITA --single --from alice`,
		Args: cobra.ExactArgs(2),
		RunE: plainly(runAdd),
	}
	remove := &cobra.Command{
		Use:   "remove POOL SHARES",
		Short: "Redeem shares, an amount or a percentage of one's own, for both coins or one",
		Long: `Redeem shares, an amount or a percentage of one's own, for both coins.

With --single, which names a coin, the other one is swapped for it, with the fee and
the impact of a swap.`,
		Example: `  alitad tx datapool liquidity remove SPEED 50% --from alice
  alitad tx datapool liquidity remove 1 1.5SPEED-SHARE --from alice
  alitad tx datapool liquidity remove SPEED 50% --single ALITA --from alice`,
		Args: cobra.ExactArgs(2),
		RunE: plainly(runRemove),
	}
	add.Flags().Bool(flagSingle, false, "give AMOUNT alone")
	remove.Flags().String(flagSingle, "", "get this coin alone: ALITA or the pool's symbol")
	addTradeFlags(add)
	addTradeFlags(remove)
	cmd.AddCommand(add, remove)
	return cmd
}

func runAdd(cmd *cobra.Command, args []string) error {
	t, err := readTrade(cmd)
	if err != nil {
		return err
	}
	p, err := t.pool(cmd.Context(), args[0])
	if err != nil {
		return err
	}
	given, err := parseAmount(args[1], unitsOf(p)[:4])
	if err != nil {
		return err
	}
	if single, err := cmd.Flags().GetBool(flagSingle); err != nil || single {
		if err == nil {
			err = t.addSingle(cmd, p, given)
		}
		return err
	}
	// The other side: what the proportion asks, rounded up, and one unit more, since
	// shares are whole.
	most := types.Amounts{Alita: given.Amount, Data: given.Amount}
	if given.Denom == types.BaseDenom {
		most.Data = matching(given.Amount, p.Reserves.Data, p.Reserves.Alita)
	} else {
		most.Alita = matching(given.Amount, p.Reserves.Alita, p.Reserves.Data)
	}
	q, err := t.query.QuoteAddLiquidity(cmd.Context(), &types.QueryQuoteAddLiquidityRequest{
		PoolId: p.Id, MaxAlita: most.Alita.String(), MaxData: most.Data.String(),
	})
	if err != nil {
		return err
	}
	if given.Denom == types.BaseDenom {
		most.Data = t.atMost(most.Data)
	} else {
		most.Alita = t.atMost(most.Alita)
	}
	minShares := t.atLeast(q.Shares.Amount)
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Give     %s, at most %s\n", formatPair(q.Used, p), formatPair(most, p))
	fmt.Fprintf(w, "For      %s, at least %s\n", format(q.Shares, p), format(sdk.Coin{Denom: p.ShareDenom, Amount: minShares}, p))
	return t.send(cmd, &types.MsgAddLiquidity{
		Sender: t.sender, PoolId: p.Id, MaxAlita: most.Alita, MaxData: most.Data, MinShares: minShares, Deadline: t.deadline,
	})
}

// matching returns ceil(amount * other / own) + 1.
func matching(amount, other, own math.Int) math.Int {
	return amount.Mul(other).Add(own).SubRaw(1).Quo(own).AddRaw(1)
}

func runRemove(cmd *cobra.Command, args []string) error {
	t, err := readTrade(cmd)
	if err != nil {
		return err
	}
	p, err := t.pool(cmd.Context(), args[0])
	if err != nil {
		return err
	}
	shares, err := t.readShares(cmd, p, args[1])
	if err != nil {
		return err
	}
	if single, err := cmd.Flags().GetString(flagSingle); err != nil || single != "" {
		if err == nil {
			err = t.removeSingle(cmd, p, shares, single)
		}
		return err
	}
	q, err := t.query.QuoteRemoveLiquidity(cmd.Context(), &types.QueryQuoteRemoveLiquidityRequest{
		PoolId: p.Id, Shares: shares.String(),
	})
	if err != nil {
		return err
	}
	least := types.Amounts{Alita: t.atLeast(q.Paid.Alita), Data: t.atLeast(q.Paid.Data)}
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Redeem   %s\n", format(sdk.Coin{Denom: p.ShareDenom, Amount: shares}, p))
	fmt.Fprintf(w, "For      %s, at least %s\n", formatPair(q.Paid, p), formatPair(least, p))
	return t.send(cmd, &types.MsgRemoveLiquidity{
		Sender: t.sender, PoolId: p.Id, Shares: shares, MinAlita: least.Alita, MinData: least.Data, Deadline: t.deadline,
	})
}

// readShares reads an amount of shares, or a percentage of those that the sender has.
func (t trade) readShares(cmd *cobra.Command, p types.Pool, text string) (math.Int, error) {
	if !strings.HasSuffix(text, "%") {
		c, err := parseAmount(text, unitsOf(p)[4:])
		return c.Amount, err
	}
	ppm, err := parsePortion(text)
	if err != nil {
		return math.Int{}, err
	}
	res, err := banktypes.NewQueryClient(t.Context).Balance(cmd.Context(), &banktypes.QueryBalanceRequest{
		Address: t.sender, Denom: p.ShareDenom,
	})
	if err != nil {
		return math.Int{}, err
	}
	if !res.Balance.Amount.IsPositive() {
		return math.Int{}, fmt.Errorf("SHARES: expected shares of pool %d, %s has none of %s", p.Id, t.sender, p.ShareDenom)
	}
	return res.Balance.Amount.MulRaw(int64(ppm)).QuoRaw(types.PPM), nil
}
