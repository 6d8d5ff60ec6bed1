// Package history gathers everything that a chain knows of a job: its state, the contributions, the
// sums of its rounds, and, from a node that indexes events, what happened at which height.
package history

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/x/compute/types"
)

// Job is the history of a job, as the chain knows it.
type Job struct {
	// Job is its present state.
	Job types.Job
	// Contributions are the contributions to the present round, by record.
	Contributions []types.Contribution
	// Rounds are the sums of the rounds that were opened, in order.
	Rounds []types.RoundSums
	// Events are the events of the job, in order.
	Events []Event
	// Unindexed says why Events are missing; empty if they are not.
	Unindexed string
}

// Event is one event of a job.
type Event struct {
	// Height is the block that it happened in.
	Height int64 `json:"height"`
	// Name is the event's name without its package, such as EventJobOpened.
	Name string `json:"name"`
	// Attributes are its fields in the order of the event, as JSON.
	Attributes []Attribute `json:"attributes"`
}

// Attribute is a field of an event.
type Attribute struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Node has the queries for blocks; CometBFT's RPC clients implement it.
type Node interface {
	TxSearch(ctx context.Context, query string, prove bool, page, perPage *int, orderBy string) (*coretypes.ResultTxSearch, error)
	BlockSearch(ctx context.Context, query string, page, perPage *int, orderBy string) (*coretypes.ResultBlockSearch, error)
	BlockResults(ctx context.Context, height *int64) (*coretypes.ResultBlockResults, error)
}

// pageSize is how many entries one query asks for.
const pageSize = 100

// Of asks the chain about a job. The error says so if there is no such job; a node without an index of
// events is no error.
func Of(ctx context.Context, client types.QueryClient, node Node, id string) (Job, error) {
	answer, err := client.Job(ctx, &types.QueryJobRequest{JobId: id})
	if err != nil {
		return Job{}, err
	}
	h := Job{Job: answer.Job}
	for page := (&query.PageRequest{Limit: pageSize}); page != nil; {
		res, err := client.Contributions(ctx, &types.QueryContributionsRequest{JobId: id, Pagination: page})
		if err != nil {
			return h, fmt.Errorf("contributions: %w", err)
		}
		h.Contributions = append(h.Contributions, res.Contributions...)
		if page = nil; len(res.Pagination.GetNextKey()) > 0 {
			page = &query.PageRequest{Limit: pageSize, Key: res.Pagination.NextKey}
		}
	}
	for round := uint32(1); round <= h.Job.Round; round++ {
		res, err := client.Sums(ctx, &types.QuerySumsRequest{JobId: id, Round: round})
		switch {
		case err == nil:
			h.Rounds = append(h.Rounds, res.Sums)
		case ctx.Err() != nil || status.Code(err) == codes.Unavailable:
			return h, fmt.Errorf("sums of round %d: %w", round, err)
		default:
			// Not all are opened. Which code says so depends on the way to the node.
		}
	}
	if h.Events, err = events(ctx, node, id); err != nil {
		h.Unindexed = err.Error()
	}
	return h, nil
}

// events finds the blocks in which something happened to a job, and reads their events.
func events(ctx context.Context, node Node, id string) ([]Event, error) {
	names, err := jobEvents()
	if err != nil {
		return nil, err
	}
	heights := map[int64]bool{}
	for _, name := range names {
		// A typed event holds JSON, so a text has quotes of its own.
		search := fmt.Sprintf(`%s.job_id='"%s"'`, name, id)
		if err := errors.Join(txHeights(ctx, node, search, heights), blockHeights(ctx, node, search, heights)); err != nil {
			return nil, err
		}
	}
	var all []Event
	for _, height := range slices.Sorted(maps.Keys(heights)) {
		res, err := node.BlockResults(ctx, &height)
		if err != nil {
			return nil, fmt.Errorf("block %d: %w", height, err)
		}
		for _, tx := range res.TxsResults {
			all = append(all, about(height, tx.Events, names, id)...)
		}
		all = append(all, about(height, res.FinalizeBlockEvents, names, id)...)
	}
	return all, nil
}

// jobEvents are the full names of the module's events with a job's id.
func jobEvents() (names []string, err error) {
	file, err := proto.HybridResolver.FindFileByPath("alita/compute/v1/event.proto")
	if err != nil {
		return nil, err
	}
	for i := range file.Messages().Len() {
		message := file.Messages().Get(i)
		if field := message.Fields().ByName("job_id"); field != nil && field.Kind() == protoreflect.StringKind {
			names = append(names, string(message.FullName()))
		}
	}
	return names, nil
}

func txHeights(ctx context.Context, node Node, search string, heights map[int64]bool) error {
	perPage := pageSize
	for page, seen := 1, 0; ; page++ {
		res, err := node.TxSearch(ctx, search, false, &page, &perPage, "asc")
		if err != nil {
			return err
		}
		for _, tx := range res.Txs {
			heights[tx.Height] = true
		}
		if seen += len(res.Txs); seen >= res.TotalCount || len(res.Txs) == 0 {
			return nil
		}
	}
}

func blockHeights(ctx context.Context, node Node, search string, heights map[int64]bool) error {
	perPage := pageSize
	for page, seen := 1, 0; ; page++ {
		res, err := node.BlockSearch(ctx, search, &page, &perPage, "asc")
		if err != nil {
			return err
		}
		for _, b := range res.Blocks {
			heights[b.Block.Height] = true
		}
		if seen += len(res.Blocks); seen >= res.TotalCount || len(res.Blocks) == 0 {
			return nil
		}
	}
}

// about picks the events of a job.
func about(height int64, all []abci.Event, names []string, id string) (found []Event) {
	for _, e := range all {
		if !slices.Contains(names, e.Type) {
			continue
		}
		event := Event{Height: height, Name: e.Type[strings.LastIndex(e.Type, ".")+1:]}
		ours := false
		for _, a := range e.Attributes {
			if a.Key == "job_id" {
				ours = strings.Trim(a.Value, `"`) == id
				continue
			}
			if a.Key != "msg_index" {
				event.Attributes = append(event.Attributes, Attribute{Key: a.Key, Value: a.Value})
			}
		}
		if ours {
			found = append(found, event)
		}
	}
	return found
}
