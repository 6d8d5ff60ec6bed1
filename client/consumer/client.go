package consumer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc"

	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"

	"github.com/alita-network/alita/client/tx"
)

const (
	// pollEvery is the time between two looks at a job.
	pollEvery = 500 * time.Millisecond
	// witnessTimeout bounds the questions to a second node.
	witnessTimeout = 15 * time.Second
)

// Client opens jobs for one account and reads them. Its fields are set before it
// is used and stay.
type Client struct {
	// Sender signs for the account that pays. Its State answers the queries or, if it has none, its connection.
	Sender *tx.Client
	// Home is the directory that keeps the readers' keys, below "compute".
	Home string

	// Node is the name of the sender's node in errors.
	Node string
	// CheckNodes are second nodes, whose commitments, sums and job must be the same
	// as the first one's before anything is accepted or disputed.
	CheckNodes []Node
	// KeyName is kept with a run for the command that goes on with it; see Saved.
	KeyName string
}

// Node is a second node.
type Node struct {
	// Name is its name in errors; it is kept with a run.
	Name string
	Conn grpc.ClientConnInterface
}

// Check makes sure that the nodes are on the sender's chain and that no two are the
// same. Open and Resume do it first.
func (c *Client) Check(ctx context.Context) error {
	id, err := nodeOnChain(ctx, c.Sender.Conn, c.Sender.ChainID)
	if err != nil {
		return fmt.Errorf("%s: %w", c.node(), err)
	}
	known := map[string]string{id: c.node()}
	for _, n := range c.CheckNodes {
		id, err := nodeOnChain(ctx, n.Conn, c.Sender.ChainID)
		if err != nil {
			return fmt.Errorf("check node %s: %w", n.Name, err)
		}
		if same, twice := known[id]; twice {
			return fmt.Errorf("check node %s: expected another node than %s, got the same", n.Name, same)
		}
		known[id] = n.Name
	}
	return nil
}

// nodeOnChain returns the id of a node, which must be on a chain.
func nodeOnChain(ctx context.Context, conn grpc.ClientConnInterface, chainID string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, witnessTimeout)
	defer cancel()
	res, err := cmtservice.NewServiceClient(conn).GetNodeInfo(ctx, &cmtservice.GetNodeInfoRequest{})
	if err != nil {
		return "", err
	}
	info := res.GetDefaultNodeInfo()
	if info == nil {
		return "", errors.New("expected what the node is, got nothing")
	}
	if info.Network != chainID {
		return "", fmt.Errorf("chain: expected %s, got %s", chainID, info.Network)
	}
	return info.DefaultNodeID, nil
}

func (c *Client) node() string {
	if c.Node == "" {
		return "the node"
	}
	return c.Node
}

// run makes a run of what is kept of it.
func (c *Client) run(saved *savedRun) (*Run, error) {
	r, err := newRun(&nodeChain{conn: c.Sender.Conn, sender: c.Sender}, c.Home, saved)
	if err != nil {
		return nil, err
	}
	r.proved = c.Sender.State != nil
	r.node = c.node()
	for _, n := range c.CheckNodes {
		r.witnesses = append(r.witnesses, witness{name: n.Name, chain: &nodeChain{conn: n.Conn}})
	}
	return r, nil
}
