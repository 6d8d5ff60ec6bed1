package datapool

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/x/datapool/types"
)

const (
	flagWindow   = "window"
	flagOwner    = "owner"
	flagInterval = "interval"
	flagBefore   = "before"
	flagLimit    = "limit"
)

// NewQueryCmd returns the queries about one pool, which can be named by its symbol as well as by its number. The other
// queries have generated commands.
func NewQueryCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   types.ModuleName,
		Short: "Query pools, quotes and prices",
		RunE:  client.ValidateCmd,
	}
	pool := poolQuery("pool", "Query a pool", "", func(_ context.Context, _ *cobra.Command, _ types.QueryClient, p types.Pool) (gogoproto.Message, error) {
		return &types.QueryPoolResponse{Pool: p}, nil
	})
	stats := poolQuery("stats", "Query price, reserves, volume and the last day of a pool in ALITA and Data Tokens", "",
		func(ctx context.Context, _ *cobra.Command, q types.QueryClient, p types.Pool) (gogoproto.Message, error) {
			return q.PoolStats(ctx, &types.QueryPoolStatsRequest{PoolId: p.Id})
		})
	safety := poolQuery("safety", "Query what the maker of a pool could take and when, what is locked, and how concentrated its tokens and shares are", "",
		func(ctx context.Context, _ *cobra.Command, q types.QueryClient, p types.Pool) (gogoproto.Message, error) {
			return q.Safety(ctx, &types.QuerySafetyRequest{PoolId: p.Id})
		})
	twap := poolQuery("twap", "Query the average price over a window that ends now", "--window 600", queryTwap)
	twap.Flags().Uint64(flagWindow, 0, "length of the window in seconds; by default the module's")
	claimable := poolQuery("claimable", "Query what the messages that claim and sweep would pay now", "--owner alita1...", queryClaimable)
	claimable.Flags().String(flagOwner, "", "owner of records whose rewards are asked")
	candles := poolQuery("candles", "Query open, high, low, close and volume by the hour or the day, newest first", "--interval day --limit 30", queryCandles)
	candles.Flags().String(flagInterval, "hour", "hour or day")
	candles.Flags().Int64(flagBefore, 0, "Unix time before which the candles begin; by default now")
	candles.Flags().Uint32(flagLimit, 0, "number of candles; by default 100")
	cmd.AddCommand(pool, stats, safety, twap, claimable, candles, newTradesCmd(), newPositionCmd())
	return cmd
}

// poolQuery returns a command that finds a pool and prints what is asked of it.
func poolQuery(
	name, short, moreArgs string, ask func(context.Context, *cobra.Command, types.QueryClient, types.Pool) (gogoproto.Message, error),
) *cobra.Command {
	cmd := &cobra.Command{
		Use:     name + " POOL",
		Short:   short,
		Long:    short + ". The pool is a number, a symbol or a denom.",
		Example: strings.TrimSpace("alitad query datapool " + name + " SPEED " + moreArgs),
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, err := client.GetClientQueryContext(cmd)
			if err != nil {
				return err
			}
			m := trader.New(txflags.Conn(ctx))
			p, err := findPool(cmd.Context(), m, args[0])
			if err != nil {
				return err
			}
			res, err := ask(cmd.Context(), cmd, m.Pools, p)
			if err != nil {
				return errors.New(tx.Plain(err))
			}
			switch r := res.(type) {
			case *types.QuerySafetyResponse:
				if ctx.OutputFormat != flags.OutputFormatJSON {
					if err := ctx.PrintString(trader.SafetyText(r)); err != nil {
						return err
					}
				}
			case *types.QueryPoolStatsResponse:
				return printStats(cmd.Context(), ctx, m, p, r)
			}
			return ctx.PrintProto(res)
		},
	}
	flags.AddQueryFlagsToCmd(cmd)
	return cmd
}

// printStats prints the figures of a pool with what has happened in a day.
func printStats(ctx context.Context, clientCtx client.Context, m trader.Market, p types.Pool, stats *types.QueryPoolStatsResponse) error {
	day, err := m.Day(ctx, p, time.Now())
	if err != nil {
		return errors.New(tx.Plain(err))
	}
	if clientCtx.OutputFormat != flags.OutputFormatJSON {
		if err := clientCtx.PrintString(day.Text(p.Symbol)); err != nil {
			return err
		}
		return clientCtx.PrintProto(stats)
	}
	bz, err := clientCtx.Codec.MarshalJSON(stats)
	if err != nil {
		return err
	}
	bz, err = txflags.Joined(bz, "day", day)
	if err != nil {
		return err
	}
	return clientCtx.PrintRaw(bz)
}

func queryTwap(ctx context.Context, cmd *cobra.Command, q types.QueryClient, p types.Pool) (gogoproto.Message, error) {
	window, err := cmd.Flags().GetUint64(flagWindow)
	if err != nil {
		return nil, err
	}
	return q.Twap(ctx, &types.QueryTwapRequest{PoolId: p.Id, Window: window})
}

func queryClaimable(ctx context.Context, cmd *cobra.Command, q types.QueryClient, p types.Pool) (gogoproto.Message, error) {
	owner, err := cmd.Flags().GetString(flagOwner)
	if err != nil {
		return nil, err
	}
	return q.Claimable(ctx, &types.QueryClaimableRequest{PoolId: p.Id, Owner: owner})
}

func queryCandles(ctx context.Context, cmd *cobra.Command, q types.QueryClient, p types.Pool) (gogoproto.Message, error) {
	name, err := cmd.Flags().GetString(flagInterval)
	if err != nil {
		return nil, err
	}
	interval := map[string]types.CandleInterval{"hour": types.CANDLE_INTERVAL_HOUR, "day": types.CANDLE_INTERVAL_DAY}[name]
	if interval == types.CANDLE_INTERVAL_UNSPECIFIED {
		return nil, fmt.Errorf("--%s: expected hour or day, got %q", flagInterval, name)
	}
	before, err := cmd.Flags().GetInt64(flagBefore)
	if err != nil {
		return nil, err
	}
	limit, err := cmd.Flags().GetUint32(flagLimit)
	if err != nil {
		return nil, err
	}
	return q.Candles(ctx, &types.QueryCandlesRequest{PoolId: p.Id, Interval: interval, Before: before, Limit: limit})
}

// findPool finds a pool by its number, a denom or its symbol. If it is not there, the error says how to find one.
func findPool(ctx context.Context, m trader.Market, ref string) (types.Pool, error) {
	p, err := m.Pool(ctx, ref)
	switch status.Code(err) {
	case codes.NotFound, codes.InvalidArgument:
		return p, fmt.Errorf("%s; the pools are listed by: alitad query datapool pools", tx.Plain(err))
	}
	return p, err
}
