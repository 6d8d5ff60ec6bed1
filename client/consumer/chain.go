package consumer

import (
	"context"
	"fmt"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/compute/types"
)

// chain has the queries of a run.
type chain interface {
	witnessChain
	// Delivery returns the sealed vector of a record.
	Delivery(ctx context.Context, jobID, recordID string) (types.SealedVector, error)
	// Send signs a message and returns once it is in a block.
	Send(ctx context.Context, msg sdk.Msg) error
}

// witnessChain is the part of a chain that second nodes are asked for.
type witnessChain interface {
	// Job returns a job and the height at which it was read. If the chain proves that there is none, the height is that of the proof.
	Job(ctx context.Context, jobID string) (types.Job, int64, error)
	// Program returns a program without its code.
	Program(ctx context.Context, id string) (types.Program, error)
	// Sums returns the sums of a round.
	Sums(ctx context.Context, jobID string, round uint32) (types.RoundSums, error)
	// Contributions returns the contributions to the last round.
	Contributions(ctx context.Context, jobID string) ([]types.Contribution, error)
}

// nodeChain is the chain behind a node, or what the sender's State proves of it. Without a sender it sends nothing.
type nodeChain struct {
	// conn answers what is asked between two questions for a Job: all of one height if it is proved.
	conn   grpc.ClientConnInterface
	sender *tx.Client
}

func (c *nodeChain) queries() types.QueryClient { return types.NewQueryClient(c.conn) }

// Job implements witnessChain.
func (c *nodeChain) Job(ctx context.Context, jobID string) (types.Job, int64, error) {
	var proved int64
	if c.sender != nil {
		conn, height, err := c.sender.At(ctx)
		if err != nil {
			return types.Job{}, 0, err
		}
		c.conn, proved = conn, height
	}
	var header metadata.MD
	res, err := c.queries().Job(ctx, &types.QueryJobRequest{JobId: jobID}, grpc.Header(&header))
	if err != nil {
		return types.Job{}, proved, err
	}
	height := proved
	if at := header.Get(grpctypes.GRPCBlockHeightHeader); len(at) == 1 && height == 0 {
		height, _ = strconv.ParseInt(at[0], 10, 64) // it is only shown
	}
	return res.Job, height, nil
}

// Program implements witnessChain.
func (c *nodeChain) Program(ctx context.Context, id string) (types.Program, error) {
	res, err := c.queries().Program(ctx, &types.QueryProgramRequest{ProgramId: id})
	if err != nil {
		return types.Program{}, err
	}
	return res.Program, nil
}

// Sums implements witnessChain.
func (c *nodeChain) Sums(ctx context.Context, jobID string, round uint32) (types.RoundSums, error) {
	res, err := c.queries().Sums(ctx, &types.QuerySumsRequest{JobId: jobID, Round: round})
	if err != nil {
		return types.RoundSums{}, fmt.Errorf("sums of round %d: %w", round, err)
	}
	return res.Sums, nil
}

// Contributions implements witnessChain.
func (c *nodeChain) Contributions(ctx context.Context, jobID string) ([]types.Contribution, error) {
	var all []types.Contribution
	page := &query.PageRequest{Limit: 100}
	for {
		res, err := c.queries().Contributions(ctx, &types.QueryContributionsRequest{JobId: jobID, Pagination: page})
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

// Delivery implements chain.
func (c *nodeChain) Delivery(ctx context.Context, jobID, recordID string) (types.SealedVector, error) {
	res, err := c.queries().Delivery(ctx, &types.QueryDeliveryRequest{JobId: jobID, RecordId: recordID})
	if err != nil {
		return types.SealedVector{}, err
	}
	return res.Sealed, nil
}

// Send implements chain.
func (c *nodeChain) Send(ctx context.Context, msg sdk.Msg) error {
	_, err := c.sender.Send(ctx, msg)
	return err
}
