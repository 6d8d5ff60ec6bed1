// Package chain talks to a node for a worker or a seat: the few queries that they need, and their transactions. It knows the
// chain only through generated clients, and links neither the application nor a node.
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

	authv1beta1 "cosmossdk.io/api/cosmos/auth/v1beta1"
	nodev1beta1 "cosmossdk.io/api/cosmos/base/node/v1beta1"
	queryv1beta1 "cosmossdk.io/api/cosmos/base/query/v1beta1"
	cmtv1beta1 "cosmossdk.io/api/cosmos/base/tendermint/v1beta1"
	txv1beta1 "cosmossdk.io/api/cosmos/tx/v1beta1"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	feemarketv1 "github.com/alita-network/alita/api/feemarket/v1"
	headersv1 "github.com/alita-network/alita/api/headers/v1"
	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/terms"
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
	conn      *grpc.ClientConn
	node      nodev1beta1.ServiceClient
	comet     cmtv1beta1.ServiceClient
	headers   headersv1.QueryClient
	auth      authv1beta1.QueryClient
	tx        txv1beta1.ServiceClient
	metadata  metadatav1.QueryClient
	compute   computev1.QueryClient
	feemarket feemarketv1.QueryClient
}

// Dial sets up a client for "host:port" (plain text, for this machine or a trusted network) or
// "https://host[:port]" (TLS). It does not wait for the connection.
func Dial(target string) (*Client, error) {
	addr, creds, err := transport(target)
	if err != nil {
		return nil, err
	}
	retry := backoff.DefaultConfig
	retry.MaxDelay = 10 * time.Second
	conn, err := grpc.NewClient(addr,
		grpc.WithTransportCredentials(creds),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: retry, MinConnectTimeout: 5 * time.Second}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(32<<20)),
	)
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", target, err)
	}
	return &Client{
		conn:      conn,
		node:      nodev1beta1.NewServiceClient(conn),
		comet:     cmtv1beta1.NewServiceClient(conn),
		headers:   headersv1.NewQueryClient(conn),
		auth:      authv1beta1.NewQueryClient(conn),
		tx:        txv1beta1.NewServiceClient(conn),
		metadata:  metadatav1.NewQueryClient(conn),
		compute:   computev1.NewQueryClient(conn),
		feemarket: feemarketv1.NewQueryClient(conn),
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
		return "", nil, fmt.Errorf("node: expected host:port of its gRPC server, or https://host, got %q", target)
	}
	return addr, insecure.NewCredentials(), nil
}

// Close closes the connection.
func (c *Client) Close() error { return c.conn.Close() }

// Status is the newest block that a node has executed.
type Status struct {
	Height int64
	Time   time.Time // of the newest block
}

// Status asks for the newest block that the node has executed.
func (c *Client) Status(ctx context.Context) (Status, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.node.Status(ctx, &nodev1beta1.StatusRequest{})
	if err != nil {
		return Status{}, describe("status", err)
	}
	s := Status{Height: int64(res.GetHeight())}
	if res.GetTimestamp() != nil {
		s.Time = res.GetTimestamp().AsTime()
	}
	return s, nil
}

// ChainID asks which chain the node serves.
func (c *Client) ChainID(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.comet.GetNodeInfo(ctx, &cmtv1beta1.GetNodeInfoRequest{})
	if err != nil {
		return "", describe("node info", err)
	}
	return res.GetDefaultNodeInfo().GetNetwork(), nil
}

// MinimumGasPrice asks for the least price of gas that the node takes, for example "0.0025ualita"; it may be empty.
func (c *Client) MinimumGasPrice(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.node.Config(ctx, &nodev1beta1.ConfigRequest{})
	if err != nil {
		return "", describe("node config", err)
	}
	return res.MinimumGasPrice, nil
}

// lanePrice asks for the price of gas in a lane, for example "0.0025ualita". It is empty in LaneGeneral.
func (c *Client) lanePrice(ctx context.Context, lane Lane) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	switch lane {
	case LaneSeats:
		res, err := c.feemarket.Params(ctx, &feemarketv1.QueryParamsRequest{})
		if err != nil {
			return "", describe("least price of gas", err)
		}
		return priceText(res.GetParams().GetMinGasPrice()), nil
	case LaneContributions:
		res, err := c.feemarket.GasPrice(ctx, &feemarketv1.QueryGasPriceRequest{})
		if err != nil {
			return "", describe("price of contributions", err)
		}
		// As a node offers four times the general price: eleven full blocks do not raise the price further.
		return priceText(4 * res.GetGasPrice().GetContributionsNext()), nil
	}
	return "", nil
}

// Account asks for an account's number and sequence.
func (c *Client) Account(ctx context.Context, address string) (number, sequence uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.auth.AccountInfo(ctx, &authv1beta1.QueryAccountInfoRequest{Address: address})
	if err != nil {
		return 0, 0, describe("account "+address, err)
	}
	return res.GetInfo().GetAccountNumber(), res.GetInfo().GetSequence(), nil
}

// Worker asks for a registered worker.
func (c *Client) Worker(ctx context.Context, address string) (Worker, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.metadata.Worker(ctx, &metadatav1.QueryWorkerRequest{Address: address})
	if err != nil {
		return Worker{}, describe("worker "+address, err)
	}
	return workerOf(res.GetWorker()), nil
}

// RecordsByOwner lists the records of an owner.
func (c *Client) RecordsByOwner(ctx context.Context, owner string) ([]Record, error) {
	return pages(ctx, "records of "+owner, func(ctx context.Context, p *queryv1beta1.PageRequest) ([]Record, *queryv1beta1.PageResponse, error) {
		res, err := c.metadata.RecordsByOwner(ctx, &metadatav1.QueryRecordsByOwnerRequest{Owner: owner, Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return decodeAll(res.GetRecords(), func(m *metadatav1.Record) (Record, error) { return recordOf(m), nil }, res.GetPagination())
	})
}

// AdmittedVersion asks for a record and the version that is computed on.
func (c *Client) AdmittedVersion(ctx context.Context, recordID string) (Record, Version, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.metadata.Record(ctx, &metadatav1.QueryRecordRequest{RecordId: recordID})
	if err != nil {
		return Record{}, Version{}, describe("record "+recordID, err)
	}
	return recordOf(res.GetRecord()), versionOf(res.GetVersion()), nil
}

// Grants lists the grants of a record.
func (c *Client) Grants(ctx context.Context, recordID string) ([]Grant, error) {
	return pages(ctx, "grants of "+recordID, func(ctx context.Context, p *queryv1beta1.PageRequest) ([]Grant, *queryv1beta1.PageResponse, error) {
		res, err := c.metadata.Grants(ctx, &metadatav1.QueryGrantsRequest{RecordId: recordID, Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return decodeAll(res.GetGrants(), grantOf, res.GetPagination())
	})
}

// JobsByPool lists the jobs of a pool in one status.
func (c *Client) JobsByPool(ctx context.Context, poolID uint64, s JobStatus) ([]Job, error) {
	return pages(ctx, fmt.Sprintf("jobs of pool %d", poolID), func(ctx context.Context, p *queryv1beta1.PageRequest) ([]Job, *queryv1beta1.PageResponse, error) {
		res, err := c.compute.JobsByPool(ctx, &computev1.QueryJobsByPoolRequest{PoolId: poolID, Status: s, Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return decodeAll(res.GetJobs(), jobOf, res.GetPagination())
	})
}

// Job asks for a job.
func (c *Client) Job(ctx context.Context, id string) (Job, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Job(ctx, &computev1.QueryJobRequest{JobId: id})
	if err != nil {
		return Job{}, describe("job "+id, err)
	}
	job, err := jobOf(res.GetJob())
	if err != nil {
		return Job{}, describe("job "+id, err)
	}
	return job, nil
}

// Program asks for a stored program without its code.
func (c *Client) Program(ctx context.Context, id string) (Program, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Program(ctx, &computev1.QueryProgramRequest{ProgramId: id})
	if err != nil {
		return Program{}, describe("program "+id, err)
	}
	return programOf(res.GetProgram()), nil
}

// ProgramCode asks for a program's code and checks it against its id.
func (c *Client) ProgramCode(ctx context.Context, id string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.ProgramCode(ctx, &computev1.QueryProgramCodeRequest{ProgramId: id})
	if err != nil {
		return nil, describe("code of program "+id, err)
	}
	if got := terms.ProgramID(res.Code); got != id {
		return nil, fmt.Errorf("hash of the program's code: expected %s, got %s", id, got)
	}
	return res.Code, nil
}

// Contribution asks for a record's contribution to a job.
func (c *Client) Contribution(ctx context.Context, jobID, recordID string) (Contribution, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Contribution(ctx, &computev1.QueryContributionRequest{JobId: jobID, RecordId: recordID})
	if err != nil {
		return Contribution{}, describe("contribution of "+recordID+" to "+jobID, err)
	}
	contribution, err := contributionOf(res.GetContribution())
	if err != nil {
		return Contribution{}, describe("contribution of "+recordID+" to "+jobID, err)
	}
	return contribution, nil
}

// decodeAll decodes one page of a listing.
func decodeAll[M, T any](messages []M, decode func(M) (T, error), page *queryv1beta1.PageResponse) ([]T, *queryv1beta1.PageResponse, error) {
	out := make([]T, len(messages))
	for i, m := range messages {
		var err error
		if out[i], err = decode(m); err != nil {
			return nil, nil, fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return out, page, nil
}

// pages follows a listing to its end.
func pages[T any](ctx context.Context, what string, next func(context.Context, *queryv1beta1.PageRequest) ([]T, *queryv1beta1.PageResponse, error)) ([]T, error) {
	var all []T
	var key []byte
	for range maxPages {
		call, cancel := context.WithTimeout(ctx, callTimeout)
		items, page, err := next(call, &queryv1beta1.PageRequest{Key: key, Limit: pageSize})
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
	return nil, fmt.Errorf("%s: expected at most %d entries, got more", what, maxPages*pageSize)
}

// describe names the query and turns the code of a missing thing into ErrNotFound.
func describe(what string, err error) error {
	if status.Code(err) == codes.NotFound {
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return fmt.Errorf("%s: %w", what, err)
}
