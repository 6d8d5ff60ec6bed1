package chain

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodetypes "github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/types/query"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// ErrNotFound is returned by queries for something that the chain does not hold.
var ErrNotFound = errors.New("not found on the chain")

const (
	callTimeout = 15 * time.Second
	pageSize    = 100
	// maxPages bounds every listing, so that a node cannot keep a worker busy for ever.
	maxPages = 1000
)

// Client asks one node. It may be used from several goroutines; the connection heals by itself.
type Client struct {
	conn     *grpc.ClientConn
	node     nodetypes.ServiceClient
	comet    cmtservice.ServiceClient
	auth     authtypes.QueryClient
	tx       txtypes.ServiceClient
	metadata metadatatypes.QueryClient
	compute  computetypes.QueryClient
}

// Dial sets up a client for "host:port" (plain text, for this machine or a trusted network) or
// "https://host[:port]" (TLS). It does not wait for the connection.
func Dial(target string) (*Client, error) {
	addr, creds, err := transport(target)
	if err != nil {
		return nil, err
	}
	cdc, err := newCodec()
	if err != nil {
		return nil, err
	}
	retry := backoff.DefaultConfig
	retry.MaxDelay = 10 * time.Second
	conn, err := grpc.NewClient(addr,
		grpc.WithTransportCredentials(creds),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: retry, MinConnectTimeout: 5 * time.Second}),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(cdc.GRPCCodec()), grpc.MaxCallRecvMsgSize(32<<20)),
	)
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", target, err)
	}
	return &Client{
		conn:     conn,
		node:     nodetypes.NewServiceClient(conn),
		comet:    cmtservice.NewServiceClient(conn),
		auth:     authtypes.NewQueryClient(conn),
		tx:       txtypes.NewServiceClient(conn),
		metadata: metadatatypes.NewQueryClient(conn),
		compute:  computetypes.NewQueryClient(conn),
	}, nil
}

func transport(target string) (string, credentials.TransportCredentials, error) {
	if host, ok := strings.CutPrefix(target, "https://"); ok {
		host = strings.TrimSuffix(host, "/")
		if _, _, err := net.SplitHostPort(host); err != nil {
			host = net.JoinHostPort(host, "443")
		}
		return host, credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12}), nil
	}
	addr := strings.TrimPrefix(strings.TrimPrefix(target, "tcp://"), "http://")
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", nil, fmt.Errorf("node %q: expected host:port of its gRPC server, or https://host", target)
	}
	return addr, insecure.NewCredentials(), nil
}

// Close closes the connection.
func (c *Client) Close() error { return c.conn.Close() }

// Status is where the node stands.
type Status struct {
	Height int64
	Time   time.Time // of the newest block
}

// Status asks for the newest block that the node has executed.
func (c *Client) Status(ctx context.Context) (Status, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.node.Status(ctx, &nodetypes.StatusRequest{})
	if err != nil {
		return Status{}, describe("status", err)
	}
	s := Status{Height: int64(res.Height)}
	if res.Timestamp != nil {
		s.Time = *res.Timestamp
	}
	return s, nil
}

// ChainID asks which chain the node serves.
func (c *Client) ChainID(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.comet.GetNodeInfo(ctx, &cmtservice.GetNodeInfoRequest{})
	if err != nil {
		return "", describe("node info", err)
	}
	return res.DefaultNodeInfo.GetNetwork(), nil
}

// MinimumGasPrice asks for the least price of gas that the node takes, for example "0.0025ualita"; it may be empty.
func (c *Client) MinimumGasPrice(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.node.Config(ctx, &nodetypes.ConfigRequest{})
	if err != nil {
		return "", describe("node config", err)
	}
	return res.MinimumGasPrice, nil
}

// Account asks for an account's number and sequence.
func (c *Client) Account(ctx context.Context, address string) (number, sequence uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.auth.AccountInfo(ctx, &authtypes.QueryAccountInfoRequest{Address: address})
	if err != nil {
		return 0, 0, describe("account "+address, err)
	}
	return res.Info.AccountNumber, res.Info.Sequence, nil
}

// Worker asks for a registered worker.
func (c *Client) Worker(ctx context.Context, address string) (metadatatypes.Worker, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.metadata.Worker(ctx, &metadatatypes.QueryWorkerRequest{Address: address})
	if err != nil {
		return metadatatypes.Worker{}, describe("worker "+address, err)
	}
	return res.Worker, nil
}

// RecordsByOwner lists the records of an owner.
func (c *Client) RecordsByOwner(ctx context.Context, owner string) ([]metadatatypes.Record, error) {
	return pages(ctx, "records of "+owner, func(ctx context.Context, p *query.PageRequest) ([]metadatatypes.Record, *query.PageResponse, error) {
		res, err := c.metadata.RecordsByOwner(ctx, &metadatatypes.QueryRecordsByOwnerRequest{Owner: owner, Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return res.Records, res.Pagination, nil
	})
}

// AdmittedVersion asks for a record and the version that is computed on.
func (c *Client) AdmittedVersion(ctx context.Context, recordID string) (metadatatypes.Record, metadatatypes.Version, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.metadata.Record(ctx, &metadatatypes.QueryRecordRequest{RecordId: recordID})
	if err != nil {
		return metadatatypes.Record{}, metadatatypes.Version{}, describe("record "+recordID, err)
	}
	return res.Record, res.Version, nil
}

// Grants lists the grants of a record.
func (c *Client) Grants(ctx context.Context, recordID string) ([]metadatatypes.Grant, error) {
	return pages(ctx, "grants of "+recordID, func(ctx context.Context, p *query.PageRequest) ([]metadatatypes.Grant, *query.PageResponse, error) {
		res, err := c.metadata.Grants(ctx, &metadatatypes.QueryGrantsRequest{RecordId: recordID, Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return res.Grants, res.Pagination, nil
	})
}

// JobsByPool lists the jobs of a pool in one status.
func (c *Client) JobsByPool(ctx context.Context, poolID uint64, s computetypes.JobStatus) ([]computetypes.Job, error) {
	return pages(ctx, fmt.Sprintf("jobs of pool %d", poolID), func(ctx context.Context, p *query.PageRequest) ([]computetypes.Job, *query.PageResponse, error) {
		res, err := c.compute.JobsByPool(ctx, &computetypes.QueryJobsByPoolRequest{PoolId: poolID, Status: s, Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return res.Jobs, res.Pagination, nil
	})
}

// Job asks for a job.
func (c *Client) Job(ctx context.Context, id string) (computetypes.Job, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Job(ctx, &computetypes.QueryJobRequest{JobId: id})
	if err != nil {
		return computetypes.Job{}, describe("job "+id, err)
	}
	return res.Job, nil
}

// Program asks for what a program states about itself.
func (c *Client) Program(ctx context.Context, id string) (computetypes.Program, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Program(ctx, &computetypes.QueryProgramRequest{ProgramId: id})
	if err != nil {
		return computetypes.Program{}, describe("program "+id, err)
	}
	return res.Program, nil
}

// ProgramCode asks for a program's code and checks it against its id.
func (c *Client) ProgramCode(ctx context.Context, id string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.ProgramCode(ctx, &computetypes.QueryProgramCodeRequest{ProgramId: id})
	if err != nil {
		return nil, describe("code of program "+id, err)
	}
	if computetypes.ProgramID(res.Code) != id {
		return nil, fmt.Errorf("the node's code of program %s has another hash", id)
	}
	return res.Code, nil
}

// Contribution asks for a record's contribution to a job.
func (c *Client) Contribution(ctx context.Context, jobID, recordID string) (computetypes.Contribution, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Contribution(ctx, &computetypes.QueryContributionRequest{JobId: jobID, RecordId: recordID})
	if err != nil {
		return computetypes.Contribution{}, describe("contribution of "+recordID+" to "+jobID, err)
	}
	return res.Contribution, nil
}

// pages follows a listing to its end.
func pages[T any](ctx context.Context, what string, next func(context.Context, *query.PageRequest) ([]T, *query.PageResponse, error)) ([]T, error) {
	var all []T
	var key []byte
	for range maxPages {
		call, cancel := context.WithTimeout(ctx, callTimeout)
		items, page, err := next(call, &query.PageRequest{Key: key, Limit: pageSize})
		cancel()
		if err != nil {
			return nil, describe(what, err)
		}
		all = append(all, items...)
		if page == nil || len(page.NextKey) == 0 {
			return all, nil
		}
		key = page.NextKey
	}
	return nil, fmt.Errorf("%s: more than %d entries", what, maxPages*pageSize)
}

// describe names the query and turns the code of a missing thing into ErrNotFound.
func describe(what string, err error) error {
	if status.Code(err) == codes.NotFound {
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return fmt.Errorf("%s: %w", what, err)
}
