package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// createPool has the maker create the pool from a file, as a person would.
func (d *demo) createPool(ctx context.Context, c *collection, id uint64) error {
	d.story.begins("The maker %q creates a pool for its collection", c.maker)
	var columns []map[string]string
	for _, name := range c.columns {
		columns = append(columns, map[string]string{"name": name})
	}
	file := map[string]any{
		"symbol": c.symbol, "name": c.title,
		"liquidity_alita": c.pool.liquidityALITA + "ALITA",
		"liquidity_data":  c.pool.liquidityData + c.symbol,
		"reward_budget":   c.pool.rewardBudget + c.symbol, "reward_per_record": c.pool.rewardPerRecord + c.symbol,
		"maker_allotment": c.pool.allotment + c.symbol, "vesting": "365d", "lock": "180d",
		"fees": map[string]string{"swap": "0.3%", "maker": "20%", "rewards": "10%"},
		"requirements": map[string]any{
			"text": "One row per observation, with a header.", "columns": columns, "min_rows": 10,
		},
	}
	bz, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(d.dir, strings.ToLower(c.symbol)+"-pool.json")
	if err := os.WriteFile(path, bz, 0o600); err != nil {
		return err
	}
	if _, err := d.net.Broadcast(ctx, c.maker, "datapool", "create-pool", path); err != nil {
		return err
	}
	p, err := d.pool(ctx, id)
	if err != nil {
		return err
	}
	d.story.line("pool %d: %s %s against %s; price %s ALITA", p.Id, units(p.Reserves.Data), p.Symbol, alita(p.Reserves.Alita), price(p))
	d.story.line("%s %s for ever; the maker's first shares are locked until %s", units(p.DataSupply), p.Symbol, p.LockedShares.Until.Format("2 January 2006"))
	d.story.line("each admitted record earns %s %s, of a budget of %s", units(p.RewardPolicy.PerRecord), p.Symbol, units(p.Rewards.Data))
	return nil
}

// buyTokens has the consumer buy what the jobs will need.
func (d *demo) buyTokens(ctx context.Context, c *collection, id uint64) error {
	d.story.begins("The consumer buys Data Tokens")
	before, err := d.pool(ctx, id)
	if err != nil {
		return err
	}
	res, err := d.net.Broadcast(ctx, "consumer", "datapool", "swap", c.symbol, "100ALITA", "--slippage", "1")
	if err != nil {
		return err
	}
	after, err := d.pool(ctx, id)
	if err != nil {
		return err
	}
	bought := before.Reserves.Data.Sub(after.Reserves.Data)
	paid := math.NewInt(100_000_000)
	d.story.line("100 ALITA for %s %s (gas %s); price %s ALITA before, %s after", units(bought), c.symbol, res.GasUsed, price(before), price(after))
	d.story.line("paid %s ALITA each: slippage %s %% with the fee of 0.3 %%", ratio(paid, bought, 9), slippage(before, paid, bought))
	earned := after.MakerFees.Alita.Sub(before.MakerFees.Alita)
	d.story.line("of the fee the maker earned %s, the owners' reward budget %s, the protocol %s",
		alita(earned), alita(after.Rewards.Alita.Sub(before.Rewards.Alita)), alita(after.ProtocolFees.Alita.Sub(before.ProtocolFees.Alita)))
	return nil
}

// sellTokens has the first owner sell all that it has earned, and the others keep theirs.
func (d *demo) sellTokens(ctx context.Context, c *collection, id uint64) error {
	o := c.parts[0]
	d.story.begins("%s sells its Data Tokens, the others keep theirs", o.Name())
	p, err := d.pool(ctx, id)
	if err != nil {
		return err
	}
	held, err := d.balance(ctx, o.address, p.DataDenom)
	if err != nil {
		return err
	}
	res, err := d.net.Broadcast(ctx, o.Name(), "datapool", "swap", c.symbol, units(held)+c.symbol, "--slippage", "1")
	if err != nil {
		return err
	}
	after, err := d.pool(ctx, id)
	if err != nil {
		return err
	}
	d.story.line("%s %s for %s (gas %s); price %s ALITA before, %s after",
		units(held), c.symbol, alita(p.Reserves.Alita.Sub(after.Reserves.Alita)), res.GasUsed, price(p), price(after))
	return nil
}

// claimFees has the maker take its part of the swap fees.
func (d *demo) claimFees(ctx context.Context, c *collection, id uint64) error {
	d.story.begins("The maker takes its part of the swap fees")
	p, err := d.pool(ctx, id)
	if err != nil {
		return err
	}
	if _, err := d.net.Broadcast(ctx, c.maker, "datapool", "claim-maker", fmt.Sprint(id)); err != nil {
		return err
	}
	after, err := d.pool(ctx, id)
	if err != nil {
		return err
	}
	d.story.line("%s and %s %s in fees, and %s %s of the vesting allotment", alita(p.MakerFees.Alita),
		units(p.MakerFees.Data), c.symbol, units(after.Vesting.Claimed.Sub(p.Vesting.Claimed)), c.symbol)
	if !after.MakerFees.Alita.IsZero() || !after.MakerFees.Data.IsZero() {
		return fmt.Errorf("the maker's fees are not zero after the claim: %s", after.MakerFees.String())
	}
	return nil
}

func (d *demo) pool(ctx context.Context, id uint64) (datapooltypes.Pool, error) {
	res, err := datapooltypes.NewQueryClient(d.conn).Pool(ctx, &datapooltypes.QueryPoolRequest{PoolId: id})
	if err != nil {
		return datapooltypes.Pool{}, err
	}
	return res.Pool, nil
}

func (d *demo) balance(ctx context.Context, address, denom string) (math.Int, error) {
	res, err := banktypes.NewQueryClient(d.conn).Balance(ctx, &banktypes.QueryBalanceRequest{Address: address, Denom: denom})
	if err != nil {
		return math.Int{}, err
	}
	return res.Balance.Amount, nil
}

// balances are an account's balances of both coins of a pool.
func (d *demo) balances(ctx context.Context, address string, p datapooltypes.Pool) (sdk.Coins, error) {
	a, err := d.balance(ctx, address, "ualita")
	if err != nil {
		return nil, err
	}
	t, err := d.balance(ctx, address, p.DataDenom)
	if err != nil {
		return nil, err
	}
	return sdk.NewCoins(sdk.NewCoin("ualita", a), sdk.NewCoin(p.DataDenom, t)), nil
}

// price is ALITA per Data Token.
func price(p datapooltypes.Pool) string { return ratio(p.Reserves.Alita, p.Reserves.Data, 9) }

// ratio writes a quotient with a number of decimals.
func ratio(a, b math.Int, decimals int) string {
	return math.LegacyNewDecFromInt(a).QuoInt(b).String()[:len(math.LegacyNewDecFromInt(a).QuoInt(b).String())-(18-decimals)]
}

// slippage is by how many percent a trade was dearer than the price before it.
func slippage(before datapooltypes.Pool, paid, bought math.Int) string {
	fair := math.LegacyNewDecFromInt(bought).MulInt(before.Reserves.Alita).QuoInt(before.Reserves.Data)
	over := math.LegacyNewDecFromInt(paid).Sub(fair).Quo(fair).MulInt64(100).String()
	return over[:len(over)-14]
}
