package trader_test

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// index is a node's index of transactions, one of each block.
type index struct {
	txs   []*coretypes.ResultTx
	times map[int64]time.Time
	asked int
}

func (n *index) TxSearch(_ context.Context, query string, _ bool, page, perPage *int, order string) (*coretypes.ResultTxSearch, error) {
	n.asked++
	key, value, ok := strings.Cut(strings.TrimSuffix(query, "'"), "='")
	if !ok || order != "desc" {
		panic(query)
	}
	event, attribute := key[:strings.LastIndex(key, ".")], key[strings.LastIndex(key, ".")+1:]
	var found []*coretypes.ResultTx
	for _, tx := range slices.Backward(n.txs) {
		if slices.ContainsFunc(tx.TxResult.Events, func(e abci.Event) bool {
			return e.Type == event && slices.ContainsFunc(e.Attributes, func(a abci.EventAttribute) bool { return a.Key == attribute && a.Value == value })
		}) {
			found = append(found, tx)
		}
	}
	from := min((*page-1)**perPage, len(found))
	return &coretypes.ResultTxSearch{Txs: found[from:min(from+*perPage, len(found))], TotalCount: len(found)}, nil
}

func (n *index) Commit(_ context.Context, height *int64) (*coretypes.ResultCommit, error) {
	return &coretypes.ResultCommit{SignedHeader: cmttypes.SignedHeader{Header: &cmttypes.Header{Time: n.times[*height]}}}, nil
}

// traded sends the messages of an account, each in a block of its own, and indexes them. It returns their answers.
func traded(t *testing.T, f *testutil.Fixture, n *index, msgs ...sdk.Msg) (answers []*sdk.TxResponse) {
	t.Helper()
	for _, msg := range msgs {
		f.NextBlock(5)
		answer := send(t, f, msg)
		packed, err := codectypes.NewAnyWithValue(answer)
		require.NoError(t, err)
		data, err := proto.Marshal(&sdk.TxMsgData{MsgResponses: []*codectypes.Any{packed}})
		require.NoError(t, err)
		height := f.Ctx.BlockHeight()
		n.times[height] = f.Ctx.BlockTime()
		n.txs = append(n.txs, &coretypes.ResultTx{
			Hash: []byte{byte(height)}, Height: height, TxResult: abci.ExecTxResult{Events: f.Ctx.EventManager().ABCIEvents()},
		})
		answers = append(answers, &sdk.TxResponse{TxHash: "AB", Height: height, Data: strings.ToUpper(hex.EncodeToString(data))})
	}
	return answers
}

func send(t *testing.T, f *testutil.Fixture, msg sdk.Msg) (res proto.Message) {
	t.Helper()
	var err error
	switch m := msg.(type) {
	case *types.MsgSwapExactIn:
		res, err = f.Msg.SwapExactIn(f.Ctx, m)
	case *types.MsgSwapExactOut:
		res, err = f.Msg.SwapExactOut(f.Ctx, m)
	case *types.MsgSwapRouteExactIn:
		res, err = f.Msg.SwapRouteExactIn(f.Ctx, m)
	case *types.MsgSwapRouteExactOut:
		res, err = f.Msg.SwapRouteExactOut(f.Ctx, m)
	case *types.MsgAddLiquidity:
		res, err = f.Msg.AddLiquidity(f.Ctx, m)
	case *types.MsgRemoveLiquidity:
		res, err = f.Msg.RemoveLiquidity(f.Ctx, m)
	case *types.MsgAddLiquiditySingle:
		res, err = f.Msg.AddLiquiditySingle(f.Ctx, m)
	case *types.MsgRemoveLiquiditySingle:
		res, err = f.Msg.RemoveLiquiditySingle(f.Ctx, m)
	default:
		t.Fatalf("%T", msg)
	}
	require.NoError(t, err)
	return res
}

// TestSettled: in a market in which nobody else trades, an order settles as it was quoted; an answer without amounts is refused.
func TestSettled(t *testing.T) {
	f, m, sender := setup(t)
	n := &index{times: map[int64]time.Time{}}
	terms := trader.Terms{Sender: sender, Tolerance: 5000, Deadline: time.Unix(1_900_000_000, 0).UTC()}
	for _, quote := range []func(speed, light types.Pool) (trader.Quote, error){
		func(speed, _ types.Pool) (trader.Quote, error) { return m.Sell(t.Context(), speed, alita(100_000_000)) },
		func(speed, _ types.Pool) (trader.Quote, error) { return m.Buy(t.Context(), speed, data1(1_000_000)) },
		func(speed, light types.Pool) (trader.Quote, error) {
			return m.SellRoute(t.Context(), speed, light, data1(1_000_000))
		},
		func(speed, light types.Pool) (trader.Quote, error) {
			return m.BuyRoute(t.Context(), speed, light, data2(1_000_000))
		},
		func(speed, _ types.Pool) (trader.Quote, error) {
			return m.Deposit(t.Context(), speed, alita(1_000_000))
		},
		func(speed, _ types.Pool) (trader.Quote, error) {
			return m.DepositSingle(t.Context(), speed, alita(1_000_000))
		},
		func(speed, _ types.Pool) (trader.Quote, error) {
			return m.Withdraw(t.Context(), speed, math.NewInt(100_000))
		},
		func(speed, _ types.Pool) (trader.Quote, error) {
			return m.WithdrawSingle(t.Context(), speed, math.NewInt(100_000), "ualita")
		},
	} {
		q, err := quote(pool(t, m, "SPEED"), pool(t, m, "LIGHT"))
		require.NoError(t, err)
		o := q.Order(terms)
		settled, err := o.Settled(traded(t, f, n, o.Msg)[0])
		require.NoError(t, err, "%T", o.Msg)
		require.Equal(t, q.Give, settled.Give, "%T", o.Msg)
		require.Equal(t, q.Get, settled.Get, "%T", o.Msg)
		require.Equal(t, q.Through, settled.Through)
		require.Equal(t, q.Swapped, settled.Swapped)
		require.Equal(t, q.Fees, settled.Fees)

		_, err = o.Settled(&sdk.TxResponse{TxHash: "AB"})
		require.ErrorIs(t, err, tx.ErrNoResponse)
		empty, err := proto.Marshal(&sdk.TxMsgData{MsgResponses: []*codectypes.Any{{}}})
		require.NoError(t, err)
		_, err = o.Settled(&sdk.TxResponse{Data: hex.EncodeToString(empty)})
		require.ErrorIs(t, err, tx.ErrNoResponse, "%T", o.Msg)
	}
}

// TestTrades: the trades of a pool and of an account, the newest first, and what they come to.
func TestTrades(t *testing.T) {
	f, m, ada := setup(t)
	_, bob := f.Funded(t, 3, 1_000_000_000)
	n := &index{times: map[int64]time.Time{}}
	deadline := time.Unix(1_900_000_000, 0).UTC()
	buy := func(who string, pool uint64, amount int64) sdk.Msg {
		return &types.MsgSwapExactIn{Sender: who, PoolId: pool, TokenIn: alita(amount), MinOut: math.OneInt(), Deadline: deadline}
	}
	traded(t, f, n, buy(ada, 1, 100_000_000), buy(bob, 1, 50_000_000), buy(ada, 2, 7_000_000),
		&types.MsgSwapExactIn{Sender: ada, PoolId: 1, TokenIn: data1(100_000_000), MinOut: math.OneInt(), Deadline: deadline},
		&types.MsgAddLiquiditySingle{Sender: ada, PoolId: 1, TokenIn: alita(10_000_000), MinShares: math.OneInt(), Deadline: deadline},
	)
	all, more, err := trader.Trades(t.Context(), n, trader.TradesOf{PoolID: 1}, 20)
	require.NoError(t, err)
	require.False(t, more)
	var kinds []string
	for _, trade := range all {
		require.EqualValues(t, 1, trade.PoolID)
		require.Equal(t, n.times[trade.Height], trade.Time)
		kinds = append(kinds, trade.Kind)
	}
	require.Equal(t, []string{"deposit", "swap", "swap", "swap", "swap"}, kinds)
	require.Equal(t, []sdk.Coin{alita(100_000_000)}, all[4].Give)
	require.Equal(t, []sdk.Coin{data1(906_610_893)}, all[4].Get)
	require.Equal(t, bob, all[3].Account)

	some, more, err := trader.Trades(t.Context(), n, trader.TradesOf{PoolID: 1}, 2)
	require.NoError(t, err)
	require.True(t, more)
	require.Equal(t, all[:2], some)

	of, more, err := trader.Trades(t.Context(), n, trader.TradesOf{PoolID: 1, Account: ada}, 20)
	require.NoError(t, err)
	require.False(t, more)
	require.Len(t, of, 4, "neither bob's nor those in the other pool")
	everywhere, _, err := trader.Trades(t.Context(), n, trader.TradesOf{Account: ada}, 20)
	require.NoError(t, err)
	require.Len(t, everywhere, 5)

	speed := pool(t, m, "SPEED")
	at, err := trader.PositionIn(speed, of)
	require.NoError(t, err)
	// What the account holds is what its trades in this pool have brought; its ALITA went into the other pool, too.
	owner := testutil.Account(2)
	require.Equal(t, f.Balance(owner, "data/1"), at.Data)
	require.Equal(t, f.Balance(owner, "share/1"), at.Shares)
	require.Equal(t, f.Balance(owner, "ualita").AddRaw(7_000_000).SubRaw(100_000_000_000), at.Alita)
	worth := at.Data.Mul(speed.Reserves.Alita).Quo(speed.Reserves.Data).Add(at.Shares.Mul(speed.Reserves.Alita).Quo(speed.Shares).MulRaw(2))
	require.Equal(t, worth, at.Worth)
	require.Equal(t, worth.Add(at.Alita), at.Profit)
	require.True(t, at.Profit.IsPositive(), "bob has bought, too: %s", at.Profit)

	// A node can say anything; none of it is a panic.
	lie := speed
	lie.Reserves.Data = math.ZeroInt()
	_, err = trader.PositionIn(lie, of)
	require.ErrorContains(t, err, "expected amounts that a pool can have")
	n.txs[0].TxResult.Events = []abci.Event{{Type: "alita.datapool.v1.EventSwap", Attributes: []abci.EventAttribute{{Key: "pool_id", Value: `"1"`}}}}
	n.txs[1].TxResult.Events[0].Attributes = nil
	_, _, err = trader.Trades(t.Context(), n, trader.TradesOf{PoolID: 1}, 20)
	require.NoError(t, err)
}
