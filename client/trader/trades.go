package trader

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// Index is a node's index of transactions; CometBFT's RPC clients implement it. What it says is the node's word.
type Index interface {
	TxSearch(ctx context.Context, query string, prove bool, page, perPage *int, orderBy string) (*coretypes.ResultTxSearch, error)
	Commit(ctx context.Context, height *int64) (*coretypes.ResultCommit, error)
}

// Trade is a swap, a deposit or a withdrawal in a block. A deposit or withdrawal of one coin is two: its swap is one of
// its own.
type Trade struct {
	Height  int64     `json:"height,string"`
	Time    time.Time `json:"time"`
	TxHash  string    `json:"txhash"`
	PoolID  uint64    `json:"pool_id,string"`
	Account string    `json:"account"`
	// Kind is swap, deposit or withdrawal.
	Kind string     `json:"kind"`
	Give []sdk.Coin `json:"give"`
	Get  []sdk.Coin `json:"get"`
}

// TradesOf says whose trades are asked for: of a pool, of an account, or of an account in a pool.
type TradesOf struct {
	PoolID  uint64 // 0 for any
	Account string // empty for any
}

// tradeEvents are the names of the events that say a trade. Each has a pool and a sender.
var tradeEvents = [...]string{"alita.datapool.v1.EventSwap", "alita.datapool.v1.EventLiquidityAdded", "alita.datapool.v1.EventLiquidityRemoved"}

const (
	// searchPage is how many transactions a node returns at once.
	searchPage = 100
	// maxSearch is how many are looked at.
	maxSearch = 10_000
)

// Trades returns the newest trades that a node's index has, at most limit, the newest first, and whether there are more.
func Trades(ctx context.Context, index Index, of TradesOf, limit int) (trades []Trade, more bool, err error) {
	txs, more, err := of.search(ctx, index, limit)
	if err != nil {
		return nil, false, err
	}
	for _, tx := range txs {
		for _, e := range slices.Backward(tx.TxResult.Events) {
			t, ok := tradeOf(e)
			if !ok || of.PoolID != 0 && t.PoolID != of.PoolID || of.Account != "" && t.Account != of.Account {
				continue
			}
			if len(trades) == limit {
				return trades, true, timed(ctx, index, trades)
			}
			t.Height, t.TxHash = tx.Height, tx.Hash.String()
			trades = append(trades, t)
		}
	}
	return trades, more, timed(ctx, index, trades)
}

// search finds the transactions with trades, the newest first, and reports whether it has left some out.
func (of TradesOf) search(ctx context.Context, index Index, limit int) (txs []*coretypes.ResultTx, more bool, err error) {
	// Only one of two conditions is searched for.
	filtered := of.PoolID != 0 && of.Account != ""
	for _, event := range tradeEvents {
		// A typed event holds JSON, so a text and a number of 64 bits have quotes of their own.
		search := fmt.Sprintf(`%s.pool_id='"%d"'`, event, of.PoolID)
		if of.Account != "" {
			search = fmt.Sprintf(`%s.sender='"%s"'`, event, of.Account)
		}
		perPage, seen := min(limit, searchPage), 0
		for page := 1; ; page++ {
			res, err := index.TxSearch(ctx, search, false, &page, &perPage, "desc")
			if err != nil {
				return nil, false, err
			}
			txs = append(txs, res.Txs...)
			seen += len(res.Txs)
			if seen >= res.TotalCount || len(res.Txs) == 0 {
				break
			}
			if seen >= maxSearch || seen >= limit && !filtered {
				more = true
				break
			}
		}
	}
	slices.SortFunc(txs, func(a, b *coretypes.ResultTx) int {
		return cmp.Or(cmp.Compare(b.Height, a.Height), cmp.Compare(b.Index, a.Index))
	})
	// One with several events was found several times.
	return slices.CompactFunc(txs, func(a, b *coretypes.ResultTx) bool { return a.Height == b.Height && a.Index == b.Index }), more, nil
}

// timed sets the times of the blocks.
func timed(ctx context.Context, index Index, trades []Trade) error {
	for i := range trades {
		t := &trades[i]
		if i > 0 && trades[i-1].Height == t.Height {
			t.Time = trades[i-1].Time
			continue
		}
		res, err := index.Commit(ctx, &t.Height)
		if err != nil {
			return fmt.Errorf("block %d: %w", t.Height, err)
		}
		if res.Header == nil {
			return fmt.Errorf("block %d: expected a header, got none", t.Height)
		}
		t.Time = res.Header.Time
	}
	return nil
}

// tradeOf reads an event; false if it is no trade.
func tradeOf(e abci.Event) (Trade, bool) {
	if !slices.Contains(tradeEvents[:], e.Type) {
		return Trade{}, false
	}
	msg, err := sdk.ParseTypedEvent(e)
	if err != nil {
		return Trade{}, false
	}
	var t Trade
	var both types.Amounts
	shares := ""
	switch m := msg.(type) {
	case *types.EventSwap:
		t = Trade{PoolID: m.PoolId, Account: m.Sender, Kind: "swap", Give: []sdk.Coin{m.TokenIn}, Get: []sdk.Coin{m.TokenOut}}
		return t, possible(m.TokenIn.Amount, m.TokenOut.Amount)
	case *types.EventLiquidityAdded:
		t, both, shares = Trade{PoolID: m.PoolId, Account: m.Sender, Kind: "deposit"}, m.Used, m.Shares
	case *types.EventLiquidityRemoved:
		t, both, shares = Trade{PoolID: m.PoolId, Account: m.Sender, Kind: "withdrawal"}, m.Paid, m.Shares
	}
	amount, ok := math.NewIntFromString(shares)
	if !ok || !possible(both.Alita, both.Data, amount) {
		return Trade{}, false
	}
	p := types.Pool{Id: t.PoolID, DataDenom: types.DataDenom(t.PoolID), ShareDenom: types.ShareDenom(t.PoolID)}
	t.Give, t.Get = bothCoins(p, both), sharesOf(p, amount)
	if t.Kind == "withdrawal" {
		t.Give, t.Get = t.Get, t.Give
	}
	return t, true
}

// possible reports whether amounts are those of a pool.
func possible(amounts ...math.Int) bool {
	for _, a := range amounts {
		if a.IsNil() || a.IsNegative() || a.GT(types.MaxAmount()) {
			return false
		}
	}
	return true
}

// Position is what the trades of an account in a pool have come to. Each amount is what it got less what it gave.
type Position struct {
	Trades int `json:"trades"`
	// Alita is in ualita, Data in Data Token units, Shares in units of the pool's shares.
	Alita  math.Int `json:"alita"`
	Data   math.Int `json:"data"`
	Shares math.Int `json:"shares"`
	// Worth is what Data and Shares are worth at the pool's price, in ualita, without the fee and the impact of a sale.
	Worth math.Int `json:"worth"`
	// Profit is Alita and Worth together. Data Tokens that came otherwise, as rewards or from somebody, and were sold count as worth the price now.
	Profit math.Int `json:"profit"`
}

// PositionIn adds up trades of one account in a pool.
func PositionIn(p types.Pool, trades []Trade) (Position, error) {
	sum := map[string]math.Int{types.BaseDenom: math.ZeroInt(), p.DataDenom: math.ZeroInt(), p.ShareDenom: math.ZeroInt()}
	add := func(c sdk.Coin, sign int64) {
		if had, ok := sum[c.Denom]; ok {
			sum[c.Denom] = had.Add(c.Amount.MulRaw(sign))
		}
	}
	for _, t := range trades {
		for _, c := range t.Get {
			add(c, 1)
		}
		for _, c := range t.Give {
			add(c, -1)
		}
	}
	at := Position{Trades: len(trades), Alita: sum[types.BaseDenom], Data: sum[p.DataDenom], Shares: sum[p.ShareDenom]}
	if !possible(at.Data.Abs(), at.Shares.Abs(), p.Reserves.Alita, p.Reserves.Data, p.Shares) || !p.Reserves.Data.IsPositive() || !p.Shares.IsPositive() {
		return at, fmt.Errorf("trades of pool %d: expected amounts that a pool can have, got others", p.Id)
	}
	// A share is a part of both coins, which are worth the same.
	at.Worth = at.Data.Mul(p.Reserves.Alita).Quo(p.Reserves.Data).Add(at.Shares.Mul(p.Reserves.Alita).Quo(p.Shares).MulRaw(2))
	at.Profit = at.Alita.Add(at.Worth)
	return at, nil
}
