package testutil

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/cosmos/cosmos-sdk/codec"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// Serve answers the queries of the module and of x/bank over gRPC in memory, until the test ends, and returns a
// connection to it.
func (f *Fixture) Serve(tb testing.TB) *grpc.ClientConn {
	tb.Helper()
	coder := f.Codec.(*codec.ProtoCodec).GRPCCodec()
	server := grpc.NewServer(grpc.ForceServerCodec(coder), grpc.UnaryInterceptor(
		func(_ context.Context, req any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
			return handle(f.Ctx, req)
		}))
	types.RegisterQueryServer(server, f.Query)
	banktypes.RegisterQueryServer(server, bankkeeper.NewQuerier(&f.Bank))
	listener := bufconn.Listen(1 << 20)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:///node", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(coder)),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	require.NoError(tb, err)
	tb.Cleanup(func() {
		require.NoError(tb, conn.Close())
		server.Stop()
		require.NoError(tb, <-done)
	})
	return conn
}
