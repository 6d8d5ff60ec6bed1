package chain

import (
	"context"
	"errors"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/light"
)

// State is what workers and seats ask of the chain. *Client believes its node, *Proving only what the chain's state proves.
type State interface {
	Status(ctx context.Context) (Status, error)
	ChainID(ctx context.Context) (string, error)
	Worker(ctx context.Context, address string) (Worker, error)
	RecordsByOwner(ctx context.Context, owner string) ([]Record, error)
	AdmittedVersion(ctx context.Context, recordID string) (Record, Version, error)
	Grants(ctx context.Context, recordID string) ([]Grant, error)
	Membership(ctx context.Context, panelID, recordID string) (Membership, error)
	Panel(ctx context.Context, id string) (Panel, error)
	PanelsByPool(ctx context.Context, poolID uint64) ([]Panel, error)
	JobsByPool(ctx context.Context, poolID uint64, s JobStatus) ([]Job, error)
	JobsBySeat(ctx context.Context, account string) ([]Job, error)
	Job(ctx context.Context, id string) (Job, error)
	Program(ctx context.Context, id string) (Program, error)
	ProgramCode(ctx context.Context, id string) ([]byte, error)
	MaxContributionBytes(ctx context.Context) (uint32, error)
	Contribution(ctx context.Context, jobID, recordID string) (Contribution, error)
	Contributions(ctx context.Context, jobID string) ([]Contribution, error)
	Shares(ctx context.Context, jobID, recordID string) (securesum.Shared, error)
	Preparations(ctx context.Context, jobID, recordID string) (Preparations, error)
	Balance(ctx context.Context, address string) (math.Int, error)
	FeesGranted(ctx context.Context, granter, grantee string) (bool, error)
	SeatOf(ctx context.Context, account string) (Seat, error)
	MinSeatBond(ctx context.Context) (math.Int, error)
}

var (
	_ State = (*Client)(nil)
	_ State = (*Proving)(nil)
)

// Endpoints are the nodes of a process, and what it believes of them.
type Endpoints struct {
	ChainID string
	// Node is the gRPC address of the node that is asked first, and that takes the transactions.
	Node string
	// Witnesses are the addresses of other nodes, of other people.
	Witnesses []string
	Trust     Trust
	// Folder is where the trusted header is kept; empty keeps it in memory only.
	Folder string
}

// Connection is a process's connection to the chain.
type Connection struct {
	// State answers, as far as the trust asks with proofs.
	State State
	// Client sends transactions.
	Client  *Client
	clients []*Client
}

// Connect sets up the clients of a process. It does not wait for the connections.
func Connect(e Endpoints) (c *Connection, err error) {
	if err := e.Trust.Check(); err != nil {
		return nil, err
	}
	c = &Connection{}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	for _, address := range append([]string{e.Node}, e.Witnesses...) {
		client, err := Dial(address)
		if err != nil {
			return c, err
		}
		c.clients = append(c.clients, client)
	}
	c.Client = c.clients[0]
	c.State = c.Client
	if e.Trust.Node {
		return c, nil
	}
	var store *light.Store
	if e.Folder != "" {
		store = light.NewStore(e.Folder)
	}
	cfg := light.Config{ChainID: e.ChainID, Root: e.Trust.Root, Rules: light.DefaultRules, Store: store}
	proving, err := NewProving(cfg, c.clients[0], c.clients[1:]...)
	if err != nil {
		return c, err
	}
	c.State = proving
	return c, nil
}

// Close closes all connections.
func (c *Connection) Close() error {
	var errs []error
	for _, client := range c.clients {
		errs = append(errs, client.Close())
	}
	return errors.Join(errs...)
}

// FindRoot asks a node and its witnesses for a header, 0 for one that is nearly the newest, and returns its root if they agree.
// agreed is how many witnesses have shown the same.
func FindRoot(ctx context.Context, chainID string, height int64, node string, witnesses ...string) (root light.Root, agreed int, err error) {
	var sources []light.Source
	for _, address := range append([]string{node}, witnesses...) {
		client, err := Dial(address)
		if err != nil {
			return light.Root{}, 0, err
		}
		defer func() { err = errors.Join(err, client.Close()) }()
		sources = append(sources, client)
	}
	return light.FindRoot(ctx, chainID, height, sources...)
}
