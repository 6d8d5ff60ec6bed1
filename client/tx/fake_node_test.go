package tx_test

import (
	"cmp"
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/datapool/types"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

const (
	chainID       = "alita-test-1"
	accountNumber = 7
	sequence      = 3
)

// fakeNode answers what Send asks. A transaction is in a block after a number of looks.
type fakeNode struct {
	t *testing.T

	simulated error           // why simulations are refused
	checked   *sdk.TxResponse // the answer to broadcasts; nil takes them
	executed  *sdk.TxResponse // what blocks say; nil succeeds
	looks     int             // how often a transaction is not found yet
	lost      error           // why looks fail
	price     string          // of gas; 0.0025ualita if empty
	rising    []string        // prices of gas of the first broadcasts, which pay too little
	busy      int             // how often a simulation is refused for want of a place

	broadcast [][]byte
	asked     []string
}

func (n *fakeNode) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "streams")
}

func (n *fakeNode) Invoke(ctx context.Context, _ string, req, reply any, _ ...grpc.CallOption) error {
	if err := ctx.Err(); err != nil {
		return status.FromContextError(err).Err()
	}
	n.asked = append(n.asked, fmt.Sprintf("%T", req))
	switch r := req.(type) {
	case *authtypes.QueryAccountInfoRequest:
		reply.(*authtypes.QueryAccountInfoResponse).Info = &authtypes.BaseAccount{
			Address: r.Address, AccountNumber: accountNumber, Sequence: sequence,
		}
	case *nodeservice.ConfigRequest:
		reply.(*nodeservice.ConfigResponse).MinimumGasPrice = cmp.Or(n.price, "0.0025ualita")
	case *txtypes.SimulateRequest:
		if n.busy > 0 {
			n.busy--
			return status.Error(codes.ResourceExhausted, "try again")
		}
		if n.simulated != nil {
			return n.simulated
		}
		reply.(*txtypes.SimulateResponse).GasInfo = &sdk.GasInfo{GasUsed: 100_001}
	case *txtypes.BroadcastTxRequest:
		require.Equal(n.t, txtypes.BroadcastMode_BROADCAST_MODE_SYNC, r.Mode)
		n.broadcast = append(n.broadcast, r.TxBytes)
		res := n.checked
		if len(n.rising) > 0 {
			n.price, n.rising = n.rising[0], n.rising[1:]
			res = &sdk.TxResponse{Codespace: feemarkettypes.ModuleName, Code: feemarkettypes.ErrFeeTooLow.ABCICode(), RawLog: "fee: expected more"}
		}
		if res == nil {
			res = &sdk.TxResponse{TxHash: "AB"}
		}
		reply.(*txtypes.BroadcastTxResponse).TxResponse = res
	case *txtypes.GetTxRequest:
		require.Equal(n.t, tx.Hash(n.broadcast[len(n.broadcast)-1]), r.Hash)
		switch {
		case n.lost != nil:
			return n.lost
		case n.looks > 0:
			n.looks--
			return status.Error(codes.NotFound, "tx not found: AB")
		}
		res := n.executed
		if res == nil {
			res = &sdk.TxResponse{TxHash: "AB", Height: 12}
		}
		reply.(*txtypes.GetTxResponse).TxResponse = res
	case *banktypes.QueryDenomMetadataByQueryStringRequest:
		if r.Denom != "data/1" {
			return status.Error(codes.NotFound, "client metadata for denom "+r.Denom)
		}
		reply.(*banktypes.QueryDenomMetadataByQueryStringResponse).Metadata = banktypes.Metadata{
			Base: "data/1", Display: "LIGHT", DenomUnits: []*banktypes.DenomUnit{{Denom: "data/1"}, {Denom: "LIGHT", Exponent: 6}},
		}
	default:
		return status.Errorf(codes.Unimplemented, "%T", req)
	}
	return nil
}

// sent decodes the only transaction that was broadcast, whose signature must be the client's.
func (n *fakeNode) sent(c *tx.Client) authsigning.Tx {
	n.t.Helper()
	require.Len(n.t, n.broadcast, 1)
	types.RegisterInterfaces(tx.Codec().InterfaceRegistry())
	decoded, err := tx.TxConfig().TxDecoder()(n.broadcast[0])
	require.NoError(n.t, err)
	signed := decoded.(authsigning.Tx)
	signatures, err := signed.GetSignaturesV2()
	require.NoError(n.t, err)
	require.Len(n.t, signatures, 1)
	address, err := c.Address()
	require.NoError(n.t, err)
	data := authsigning.SignerData{
		Address: address, ChainID: c.ChainID, AccountNumber: accountNumber, Sequence: signatures[0].Sequence, PubKey: c.Signer.PubKey(),
	}
	bz, err := authsigning.GetSignBytesAdapter(context.Background(), tx.TxConfig().SignModeHandler(), c.Signer.SignMode(), data, signed)
	require.NoError(n.t, err)
	require.True(n.t, c.Signer.PubKey().VerifySignature(bz, signature(signatures[0])))
	return signed
}
