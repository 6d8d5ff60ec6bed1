package app

import (
	"context"
	goruntime "runtime"

	abci "github.com/cometbft/cometbft/abci/types"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	errorsmod "cosmossdk.io/errors"

	"github.com/cosmos/cosmos-sdk/baseapp"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
)

// simulations bounds what strangers can have a public node compute: few simulations at once, and none that no block would
// take. One that finds no place is refused and does not wait: queries hold CometBFT's lock, so a queue of them would keep
// the node from its blocks.
type simulations chan struct{}

func newSimulations() simulations { return make(simulations, max(1, goruntime.GOMAXPROCS(0)/2)) }

// errBusy is the refusal of a simulation that can be tried again.
var errBusy = errorsmod.Wrap(sdkerrors.ErrInvalidRequest, "simulations: expected a free place on this node, got none; try again, or give a gas limit")

// do runs one simulation, or refuses it.
func (s simulations) do(bytes int, simulate func()) error {
	if bytes > maxTxBytes {
		return errorsmod.Wrapf(sdkerrors.ErrTxTooLarge, "transaction: expected at most %d bytes, got %d", maxTxBytes, bytes)
	}
	select {
	case s <- struct{}{}:
	default:
		return errBusy
	}
	defer func() { <-s }()
	simulate()
	return nil
}

// Simulate runs a transaction over the last committed state; nothing of it stays. Its gas is bounded like every
// transaction's.
func (app *App) Simulate(bz []byte) (info sdk.GasInfo, result *sdk.Result, err error) {
	if refused := app.simulations.do(len(bz), func() { info, result, err = app.BaseApp.Simulate(bz) }); refused != nil {
		return sdk.GasInfo{}, nil, refused
	}
	return info, result, err
}

// Query answers an ABCI query. One of its paths simulates as well, however it is spelled.
func (app *App) Query(ctx context.Context, req *abci.RequestQuery) (res *abci.ResponseQuery, err error) {
	path := baseapp.SplitABCIQueryPath(req.Path)
	if len(path) < 2 || path[0] != baseapp.QueryPathApp || path[1] != "simulate" {
		return app.BaseApp.Query(ctx, req)
	}
	if refused := app.simulations.do(len(req.Data), func() { res, err = app.BaseApp.Query(ctx, req) }); refused != nil {
		return sdkerrors.QueryResult(refused, false), nil
	}
	return res, err
}

// txService is the SDK's service for transactions. What takes a stranger's transaction apart has the bounds of a simulation; the
// code of an error says if it can be tried again.
type txService struct {
	txtypes.ServiceServer
	simulations simulations
}

// guarded serves a request that has a transaction in it.
func guarded[Q interface{ Size() int }, R any](ctx context.Context, s txService, req Q, serve func(context.Context, Q) (*R, error)) (res *R, err error) {
	refused := s.simulations.do(req.Size(), func() { res, err = serve(ctx, req) })
	switch {
	case refused == nil:
		return res, err
	case errorsmod.IsOf(refused, sdkerrors.ErrTxTooLarge):
		return nil, status.Error(codes.InvalidArgument, refused.Error())
	default:
		return nil, status.Error(codes.ResourceExhausted, refused.Error())
	}
}

// Simulate implements txtypes.ServiceServer.
func (s txService) Simulate(ctx context.Context, req *txtypes.SimulateRequest) (*txtypes.SimulateResponse, error) {
	return guarded(ctx, s, req, s.ServiceServer.Simulate)
}

// TxDecode implements txtypes.ServiceServer.
func (s txService) TxDecode(ctx context.Context, req *txtypes.TxDecodeRequest) (*txtypes.TxDecodeResponse, error) {
	return guarded(ctx, s, req, s.ServiceServer.TxDecode)
}

// TxEncode implements txtypes.ServiceServer.
func (s txService) TxEncode(ctx context.Context, req *txtypes.TxEncodeRequest) (*txtypes.TxEncodeResponse, error) {
	return guarded(ctx, s, req, s.ServiceServer.TxEncode)
}

// TxDecodeAmino implements txtypes.ServiceServer.
func (s txService) TxDecodeAmino(ctx context.Context, req *txtypes.TxDecodeAminoRequest) (*txtypes.TxDecodeAminoResponse, error) {
	return guarded(ctx, s, req, s.ServiceServer.TxDecodeAmino)
}

// TxEncodeAmino implements txtypes.ServiceServer.
func (s txService) TxEncodeAmino(ctx context.Context, req *txtypes.TxEncodeAminoRequest) (*txtypes.TxEncodeAminoResponse, error) {
	return guarded(ctx, s, req, s.ServiceServer.TxEncodeAmino)
}
