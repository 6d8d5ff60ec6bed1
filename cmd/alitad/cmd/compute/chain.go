package compute

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/cosmos/cosmos-sdk/client"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/x/compute/types"
)

// chain is what a reader needs of a node.
type chain interface {
	// Job returns a job and the height of the newest block.
	Job(ctx context.Context, jobID string) (types.Job, int64, error)
	// Program returns a program without its code.
	Program(ctx context.Context, id string) (types.Program, error)
	// Sums returns the sums of a round.
	Sums(ctx context.Context, jobID string, round uint32) (types.RoundSums, error)
	// Contributions returns the contributions to the last round.
	Contributions(ctx context.Context, jobID string) ([]types.Contribution, error)
	// Send signs a message and returns once it is in a block.
	Send(ctx context.Context, msg sdk.Msg) error
}

// nodeChain is the chain behind a node.
type nodeChain struct {
	clientCtx client.Context
	flags     *pflag.FlagSet
}

// queries end with a context.
func (c nodeChain) queries(ctx context.Context) types.QueryClient {
	return types.NewQueryClient(c.clientCtx.WithCmdContext(ctx))
}

// Job implements chain.
func (c nodeChain) Job(ctx context.Context, jobID string) (types.Job, int64, error) {
	res, err := c.queries(ctx).Job(ctx, &types.QueryJobRequest{JobId: jobID})
	if err != nil {
		return types.Job{}, 0, err
	}
	node, err := c.clientCtx.Client.Status(ctx)
	if err != nil {
		return types.Job{}, 0, err
	}
	return res.Job, node.SyncInfo.LatestBlockHeight, nil
}

// Program implements chain.
func (c nodeChain) Program(ctx context.Context, id string) (types.Program, error) {
	res, err := c.queries(ctx).Program(ctx, &types.QueryProgramRequest{ProgramId: id})
	if err != nil {
		return types.Program{}, err
	}
	return res.Program, nil
}

// Sums implements chain.
func (c nodeChain) Sums(ctx context.Context, jobID string, round uint32) (types.RoundSums, error) {
	res, err := c.queries(ctx).Sums(ctx, &types.QuerySumsRequest{JobId: jobID, Round: round})
	if err != nil {
		return types.RoundSums{}, fmt.Errorf("sums of round %d: %w", round, err)
	}
	return res.Sums, nil
}

// Contributions implements chain.
func (c nodeChain) Contributions(ctx context.Context, jobID string) ([]types.Contribution, error) {
	var all []types.Contribution
	page := &query.PageRequest{Limit: 100}
	for {
		res, err := c.queries(ctx).Contributions(ctx, &types.QueryContributionsRequest{JobId: jobID, Pagination: page})
		if err != nil {
			return nil, fmt.Errorf("contributions: %w", err)
		}
		all = append(all, res.Contributions...)
		if len(res.Pagination.GetNextKey()) == 0 {
			return all, nil
		}
		page = &query.PageRequest{Key: res.Pagination.NextKey, Limit: 100}
	}
}

// Send implements chain.
func (c nodeChain) Send(ctx context.Context, msg sdk.Msg) error {
	_, err := txflags.Send(ctx, c.clientCtx, c.flags, msg)
	return err
}
