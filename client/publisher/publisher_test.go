package publisher_test

import (
	"context"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/metadata/types"
)

// fakeNode takes every transaction, and answers its message as it is told.
type fakeNode struct {
	workers  []types.Worker
	response proto.Message
	sent     sdk.Msg
}

func (n *fakeNode) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "streams")
}

func (n *fakeNode) Invoke(_ context.Context, _ string, req, reply any, _ ...grpc.CallOption) error {
	switch r := req.(type) {
	case *types.QueryWorkersByOwnerRequest:
		reply.(*types.QueryWorkersByOwnerResponse).Workers = n.workers
	case *authtypes.QueryAccountInfoRequest:
		reply.(*authtypes.QueryAccountInfoResponse).Info = &authtypes.BaseAccount{Address: r.Address}
	case *txtypes.BroadcastTxRequest:
		types.RegisterInterfaces(tx.Codec().InterfaceRegistry())
		decoded, err := tx.TxConfig().TxDecoder()(r.TxBytes)
		if err != nil {
			return err
		}
		n.sent = decoded.GetMsgs()[0]
		reply.(*txtypes.BroadcastTxResponse).TxResponse = &sdk.TxResponse{TxHash: "AB"}
	case *txtypes.GetTxRequest:
		answer, err := codectypes.NewAnyWithValue(n.response)
		if err != nil {
			return err
		}
		data, err := proto.Marshal(&sdk.TxMsgData{MsgResponses: []*codectypes.Any{answer}})
		if err != nil {
			return err
		}
		reply.(*txtypes.GetTxResponse).TxResponse = &sdk.TxResponse{TxHash: "AB", Height: 12, Data: hex.EncodeToString(data)}
	default:
		return status.Errorf(codes.Unimplemented, "%T", req)
	}
	return nil
}

// TestPublisher: each method sends its message as the client's account, and returns what the chain answered.
func TestPublisher(t *testing.T) {
	n := &fakeNode{}
	client := &tx.Client{
		Conn: n, Signer: tx.FromKey(secp256k1.GenPrivKeyFromSecret([]byte("ada"))), ChainID: "alita-1",
		Gas: 200_000, Fees: sdk.NewCoins(sdk.NewInt64Coin("ualita", 500)),
	}
	ada, err := client.Address()
	require.NoError(t, err)
	first, _ := newWorker(t, ada, "first")
	second, _ := newWorker(t, ada, "second")
	n.workers = []types.Worker{first, second}
	p := publisher.Publisher{Client: client}
	file, err := publisher.ReadFile(write(t, "data.csv", "weight\n1\n2\n"), "")
	require.NoError(t, err)
	draft, err := publisher.Check([]byte(balance), document.Options{Version: "2.0.0"}, file, nil)
	require.NoError(t, err)
	const id = "00112233445566778899aabbccddeeff"

	n.response = &types.MsgRegisterRecordResponse{Status: types.VERSION_STATUS_PENDING}
	done, err := p.Register(t.Context(), 3, draft)
	require.NoError(t, err)
	register := n.sent.(*types.MsgRegisterRecord)
	require.NoError(t, types.ValidateContent(register.Content, 64<<10))
	require.Equal(t, ada, register.Owner)
	require.EqualValues(t, 3, register.PoolId)
	require.Len(t, register.Content.Location.Sealed().Stanzas, 2)
	require.Equal(t, "2.0.0", done.Version)
	require.Equal(t, types.VERSION_STATUS_PENDING, done.Status)
	require.Equal(t, n.workers, done.Workers)
	require.EqualValues(t, 12, done.Tx.Height)
	account, err := tx.AddressCodec().StringToBytes(ada)
	require.NoError(t, err)
	require.Equal(t, types.RecordID(account, register.Salt), done.RecordID)

	n.response = &types.MsgAddVersionResponse{Number: 2, Status: types.VERSION_STATUS_ADMITTED}
	done, err = p.AddVersion(t.Context(), id, draft, "second")
	require.NoError(t, err)
	require.Equal(t, id, n.sent.(*types.MsgAddVersion).RecordId)
	require.Len(t, n.sent.(*types.MsgAddVersion).Content.Location.Sealed().Stanzas, 1)
	require.Equal(t, types.VERSION_STATUS_ADMITTED, done.Status)
	require.Equal(t, []types.Worker{second}, done.Workers)
	_, err = p.AddVersion(t.Context(), id, draft, "third")
	require.ErrorIs(t, err, publisher.ErrNoWorker)

	n.response = &types.MsgGrantResponse{GrantId: 5}
	terms := types.GrantTerms{Programs: []string{strings.Repeat("a", 64)}, MinCohort: 3, IndividualResults: true}
	grant, err := p.Grant(t.Context(), id, terms)
	require.NoError(t, err)
	require.EqualValues(t, 5, grant)
	require.Equal(t, terms.String(), n.sent.(*types.MsgGrant).Terms.String())

	n.sent = nil
	_, err = p.Grant(t.Context(), id, types.GrantTerms{AnyProgram: true, IndividualResults: true})
	require.ErrorContains(t, err, "list the programs that may run in programs")
	require.Nil(t, n.sent, "what the chain refuses is not sent")

	n.response = &types.MsgRevokeGrantResponse{}
	require.NoError(t, p.Revoke(t.Context(), id, 5))
	require.Equal(t, &types.MsgRevokeGrant{Owner: ada, RecordId: id, GrantId: 5}, n.sent)

	n.response = &types.MsgAdmitVersionResponse{}
	_, err = p.Admit(t.Context(), id, "1.0.0")
	require.NoError(t, err)
	require.Equal(t, &types.MsgAdmitVersion{Maker: ada, RecordId: id, Version: "1.0.0"}, n.sent)

	n.response = &types.MsgRefuseVersionResponse{}
	require.NoError(t, p.Refuse(t.Context(), id, "1.0.0", "too few rows"))
	require.Equal(t, &types.MsgRefuseVersion{Maker: ada, RecordId: id, Version: "1.0.0", Reason: "too few rows"}, n.sent)
}
