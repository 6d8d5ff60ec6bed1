package tx_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/math"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/datapool/types"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

func signature(s signing.SignatureV2) []byte { return s.Data.(*signing.SingleSignatureData).Signature }

func setup(t *testing.T) (*fakeNode, *tx.Client, sdk.Msg) {
	t.Helper()
	node := &fakeNode{t: t}
	c := &tx.Client{Conn: node, Signer: tx.FromKey(secp256k1.GenPrivKeyFromSecret([]byte("ada"))), ChainID: chainID}
	sender, err := c.Address()
	require.NoError(t, err)
	return node, c, &types.MsgSwapExactIn{
		Sender: sender, PoolId: 1, TokenIn: sdk.NewInt64Coin("ualita", 5), MinOut: math.OneInt(), Deadline: time.Unix(1, 0).UTC(),
	}
}

// Without settings, gas is simulated and half is added; the fee is the node's price, rounded up.
func TestSendWithDefaults(t *testing.T) {
	node, c, msg := setup(t)
	node.looks = 1
	res, err := c.Send(t.Context(), msg)
	require.NoError(t, err)
	require.EqualValues(t, 12, res.Height)
	sent := node.sent(c)
	require.EqualValues(t, 150_001, sent.GetGas())
	require.Equal(t, "376ualita", sent.GetFee().String()) // 375.0025
	require.Equal(t, []sdk.Msg{msg}, sent.GetMsgs())
	require.EqualValues(t, sequence, must(sent.GetSignaturesV2())[0].Sequence)
}

func TestSendWithSettings(t *testing.T) {
	node, c, msg := setup(t)
	granter, err := tx.AddressCodec().BytesToString([]byte("granter_____________"))
	require.NoError(t, err)
	c.Gas, c.Fees, c.FeeGranter = 5, sdk.NewCoins(sdk.NewInt64Coin("ualita", 9)), granter
	c.Memo, c.TimeoutHeight, c.TimeoutTimestamp, c.Unordered = "note", 77, time.Unix(99, 0).UTC(), true
	_, err = c.Send(t.Context(), msg)
	require.NoError(t, err)
	require.NotContains(t, node.asked, "*tx.SimulateRequest")
	require.NotContains(t, node.asked, "*node.ConfigRequest")
	sent := node.sent(c)
	require.EqualValues(t, 5, sent.GetGas())
	require.Equal(t, "9ualita", sent.GetFee().String())
	var raw txtypes.Tx
	require.NoError(t, raw.Unmarshal(node.broadcast[0]))
	require.Equal(t, granter, raw.AuthInfo.Fee.Granter)
	require.Equal(t, "note", sent.GetMemo())
	require.EqualValues(t, 77, sent.GetTimeoutHeight())
	require.Equal(t, c.TimeoutTimestamp, sent.GetTimeoutTimeStamp())
	require.True(t, sent.GetUnordered())
	require.Zero(t, must(sent.GetSignaturesV2())[0].Sequence)
}

// The price of gas and the gas are the node's word: no transaction costs more than
// its sender has said, and nothing is signed that would.
func TestAttackNodeNamesTheFee(t *testing.T) {
	for price, says := range map[string]string{
		"500000ualita":             "fee: expected at most 1000000ualita, got 75000500000ualita for 150001 gas",
		"1data/1,0.0025ualita":     "fee: expected at most 1000000ualita, got 150001data/1,376ualita",
		"1000000000000000.1ualita": "fee: expected at most 1000000ualita",
	} {
		node, c, msg := setup(t)
		node.price = price
		_, err := c.Send(t.Context(), msg)
		require.ErrorIs(t, err, tx.ErrFee)
		require.ErrorContains(t, err, says)
		require.Empty(t, node.broadcast)
	}
	node, c, msg := setup(t)
	node.price, c.MaxFee = "10ualita", 2_000_000
	_, err := c.Send(t.Context(), msg)
	require.NoError(t, err)
	require.Equal(t, "1500010ualita", node.sent(c).GetFee().String())
	c.GasPrices, c.MaxFee = sdk.NewDecCoins(sdk.NewInt64DecCoin("ualita", 10)), 0
	_, err = c.Send(t.Context(), msg)
	require.ErrorIs(t, err, tx.ErrFee, "the gas is the node's word, too")
}

// Before anything is sent its sender knows what it pays; Post does not wait for a block.
func TestSending(t *testing.T) {
	node, c, msg := setup(t)
	var said []string
	c.Sending = func(hash string, fee sdk.Coins, gas uint64) {
		require.Empty(t, node.broadcast)
		said = append(said, fmt.Sprint(hash, " ", fee, " ", gas))
	}
	signed, err := c.Sign(t.Context(), msg)
	require.NoError(t, err)
	require.Empty(t, said)
	require.NoError(t, c.Post(t.Context(), signed))
	require.Equal(t, []string{tx.Hash(signed) + " 376ualita 150001"}, said)
	require.Len(t, node.broadcast, 1)
	require.NotContains(t, node.asked, "*tx.GetTxRequest")
	_, _, err = tx.FeeIn([]byte{1})
	require.ErrorContains(t, err, "transaction: ")
}

// TestPriceRises: a transaction that pays too little by now is signed again at the new price, as far as its sender allows.
func TestPriceRises(t *testing.T) {
	node, c, msg := setup(t)
	node.rising = []string{"0.005ualita", "0.01ualita"}
	_, err := c.Send(t.Context(), msg)
	require.NoError(t, err)
	require.Len(t, node.broadcast, 3)
	node.broadcast = node.broadcast[2:]
	require.Equal(t, "1501ualita", node.sent(c).GetFee().String())

	node, c, msg = setup(t)
	node.rising = []string{"500ualita"}
	_, err = c.Send(t.Context(), msg)
	require.ErrorIs(t, err, tx.ErrFee)

	node, c, msg = setup(t)
	node.rising, c.GasPrices = []string{"0.005ualita"}, sdk.NewDecCoins(sdk.NewDecCoinFromDec("ualita", math.LegacyNewDecWithPrec(1, 3)))
	_, err = c.Send(t.Context(), msg)
	require.ErrorIs(t, err, feemarkettypes.ErrFeeTooLow, "its price was named")
	require.Len(t, node.broadcast, 1)
}

// TestBusyNode: a node that has too many simulations to do is asked again.
func TestBusyNode(t *testing.T) {
	node, c, msg := setup(t)
	node.busy = 2
	_, err := c.Send(t.Context(), msg)
	require.NoError(t, err)
	node.busy = 1_000
	_, err = c.Send(t.Context(), msg)
	require.ErrorContains(t, err, "try again")
}

func TestGasAdjustment(t *testing.T) {
	node, c, msg := setup(t)
	c.GasAdjustment, c.GasPrices = 2, sdk.NewDecCoins(sdk.NewDecCoinFromDec("ualita", math.LegacyNewDecWithPrec(1, 1)))
	_, err := c.Send(t.Context(), msg)
	require.NoError(t, err)
	sent := node.sent(c)
	require.EqualValues(t, 200_002, sent.GetGas())
	require.Equal(t, "20001ualita", sent.GetFee().String()) // 20000.2
}

// A key of a keyring signs as one in memory does, also in the form that a Ledger shows.
func TestKeyring(t *testing.T) {
	keys := keyring.NewInMemory(tx.Codec())
	_, _, err := keys.NewMnemonic("ada", keyring.English, sdk.FullFundraiserPath, "", hd.Secp256k1)
	require.NoError(t, err)
	for _, mode := range []signing.SignMode{signing.SignMode_SIGN_MODE_DIRECT, signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON} {
		node, c, msg := setup(t)
		c.Signer, err = tx.FromKeyringWithMode(keys, "ada", mode)
		require.NoError(t, err)
		msg.(*types.MsgSwapExactIn).Sender, err = c.Address()
		require.NoError(t, err)
		_, err = c.Send(t.Context(), msg)
		require.NoError(t, err)
		node.sent(c)
	}
	s, err := tx.FromKeyring(keys, "ada")
	require.NoError(t, err)
	require.Equal(t, signing.SignMode_SIGN_MODE_DIRECT, s.SignMode())
	_, err = tx.FromKeyring(keys, "bob")
	require.ErrorContains(t, err, `key "bob"`)
}

func TestRefusals(t *testing.T) {
	swapFailed := "failed to execute message; message index: 0: pool 9: pool not found"
	response := func(err sdkError, log string) *sdk.TxResponse {
		return &sdk.TxResponse{TxHash: "AB", Codespace: err.Codespace(), Code: err.ABCICode(), RawLog: log}
	}
	for name, c := range map[string]struct {
		set       func(*fakeNode)
		stage     tx.Stage
		is        error
		says      string
		broadcast int
	}{
		"simulation": {
			func(n *fakeNode) {
				n.simulated = status.Error(codes.Unknown, "rpc error: code = NotFound desc = "+swapFailed+" [/x/baseapp.go:1085] with gas used: '51532'")
			},
			tx.Simulated, nil, "the chain would refuse it: pool 9: pool not found", 0,
		},
		"check": {
			func(n *fakeNode) { n.checked = response(sdkerrors.ErrMempoolIsFull, "") },
			tx.Checked, sdkerrors.ErrMempoolIsFull, "refused: ", 1,
		},
		"block": {
			func(n *fakeNode) { n.executed = response(types.ErrPoolNotFound, swapFailed) },
			tx.Executed, types.ErrPoolNotFound, "failed: pool 9: pool not found (datapool ", 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			node, client, msg := setup(t)
			c.set(node)
			_, err := client.Send(t.Context(), msg)
			var refused *tx.RefusedError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.stage, refused.Stage)
			require.ErrorContains(t, err, c.says)
			require.NotErrorIs(t, err, tx.ErrPending)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			require.Len(t, node.broadcast, c.broadcast)
		})
	}
}

// A node that has the transaction already does not refuse it.
func TestAlreadyInMempool(t *testing.T) {
	node, c, msg := setup(t)
	e := sdkerrors.ErrTxInMempoolCache
	node.checked = &sdk.TxResponse{TxHash: "AB", Codespace: e.Codespace(), Code: e.ABCICode()}
	res, err := c.Send(t.Context(), msg)
	require.NoError(t, err)
	require.EqualValues(t, 12, res.Height)
}

// What is not known is pending: a node that is lost, or a caller that waits no longer.
func TestPending(t *testing.T) {
	node, c, msg := setup(t)
	node.lost = status.Error(codes.Unavailable, "the page was not found")
	_, err := c.Send(t.Context(), msg)
	require.ErrorIs(t, err, tx.ErrPending)

	node, c, msg = setup(t)
	node.looks = 1 << 30
	ctx, cancel := context.WithCancel(t.Context())
	bz, err := c.Sign(ctx, msg)
	require.NoError(t, err)
	time.AfterFunc(time.Millisecond, cancel)
	_, err = c.Broadcast(ctx, bz)
	require.ErrorIs(t, err, tx.ErrPending)

	// A node that cannot be asked refuses nothing, and nothing was signed.
	node, c, msg = setup(t)
	node.simulated = status.Error(codes.Unavailable, "connection refused")
	_, err = c.Send(t.Context(), msg)
	require.ErrorContains(t, err, "simulation: ")
	require.False(t, errors.As(err, new(*tx.RefusedError)))
	require.Empty(t, node.broadcast)
}

func TestSignRefuses(t *testing.T) {
	for says, set := range map[string]func(*tx.Client){
		"connection: expected":             func(c *tx.Client) { c.Conn = nil },
		"signer: expected":                 func(c *tx.Client) { c.Signer = nil },
		"chain id: expected":               func(c *tx.Client) { c.ChainID = "" },
		"fee: expected":                    func(c *tx.Client) { c.Fees, c.GasPrices = coins(1), sdk.NewDecCoinsFromCoins(coins(1)...) },
		"unordered transaction: expected ": func(c *tx.Client) { c.Unordered = true },
		"memo: expected": func(c *tx.Client) {
			c.Memo = "Abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
		},
	} {
		node, c, msg := setup(t)
		set(c)
		_, err := c.Sign(t.Context(), msg)
		require.ErrorContains(t, err, says)
		require.Empty(t, node.asked)
	}
}

func coins(n int64) sdk.Coins { return sdk.NewCoins(sdk.NewInt64Coin("ualita", n)) }

func TestDecodeResponse(t *testing.T) {
	answer, err := codectypes.NewAnyWithValue(&types.MsgSwapExactInResponse{
		TokenOut: sdk.NewInt64Coin("data/1", 3), Surcharge: math.ZeroInt(),
	})
	require.NoError(t, err)
	encode := func(all ...*codectypes.Any) *sdk.TxResponse {
		bz, err := proto.Marshal(&sdk.TxMsgData{MsgResponses: all})
		require.NoError(t, err)
		return &sdk.TxResponse{Data: hex.EncodeToString(bz)}
	}
	var got types.MsgSwapExactInResponse
	require.NoError(t, tx.DecodeResponse(encode(answer), &got))
	require.Equal(t, "3data/1", got.TokenOut.String())
	require.ErrorIs(t, tx.DecodeResponse(encode(), &got), tx.ErrNoResponse)
	require.Error(t, tx.DecodeResponse(&sdk.TxResponse{Data: "x"}, &got))
}

type sdkError interface {
	Codespace() string
	ABCICode() uint32
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
