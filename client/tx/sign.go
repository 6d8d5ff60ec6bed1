package tx

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/cosmos/go-bip39"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
)

// Sign returns an encoded transaction with messages, for the account's present
// sequence. A *RefusedError says why the chain would refuse it.
func (c *Client) Sign(ctx context.Context, msgs ...sdk.Msg) ([]byte, error) {
	bz, _, err := c.sign(ctx, msgs...)
	return bz, err
}

// sign is Sign, and the sequence that it signed for.
func (c *Client) sign(ctx context.Context, msgs ...sdk.Msg) (bz []byte, sequence uint64, err error) {
	if err := c.check(); err != nil {
		return nil, 0, err
	}
	account, err := c.account(ctx)
	if err != nil {
		return nil, 0, err
	}
	gas, prices, err := c.offer(ctx, account, msgs)
	if err != nil {
		return nil, 0, err
	}
	bz, err = c.signAs(ctx, account, gas, prices, msgs)
	return bz, account.Sequence, err
}

func (c *Client) signAs(ctx context.Context, account authtypes.BaseAccount, gas uint64, prices sdk.DecCoins, msgs []sdk.Msg) ([]byte, error) {
	builder, err := c.build(account, gas, prices, msgs)
	if err != nil {
		return nil, err
	}
	toSign, err := authsigning.GetSignBytesAdapter(ctx, TxConfig().SignModeHandler(), c.Signer.SignMode(), authsigning.SignerData{
		Address: account.Address, ChainID: c.ChainID, AccountNumber: account.AccountNumber, Sequence: account.Sequence,
		PubKey: c.Signer.PubKey(),
	}, builder.GetTx())
	if err != nil {
		return nil, err
	}
	signature, err := c.Signer.Sign(ctx, toSign)
	if err != nil {
		return nil, fmt.Errorf("sign as %s: %w", account.Address, err)
	}
	if err := builder.SetSignatures(c.signature(account, signature)); err != nil {
		return nil, err
	}
	return TxConfig().TxEncoder()(builder.GetTx())
}

// check refuses what no transaction can be made of.
func (c *Client) check() error {
	switch {
	case c.Conn == nil:
		return errors.New("connection: expected one to a node, got none")
	case c.Signer == nil:
		return errors.New("signer: expected the key of an account, got none")
	case c.ChainID == "":
		return errors.New("chain id: expected the name of the chain, got none")
	case !c.GasPrices.IsZero() && !c.Fees.IsZero():
		return errors.New("fee: expected gas prices or fees, got both")
	case c.Unordered && c.TimeoutTimestamp.IsZero():
		return errors.New("unordered transaction: expected a timeout timestamp, got none")
	// Who pastes the words of a key into the note by mistake loses it.
	case c.Memo != "" && bip39.IsMnemonicValid(strings.ToLower(c.Memo)):
		return errors.New("memo: expected a public note, got the words of a key")
	}
	return nil
}

// account returns the signer's account with its number and sequence.
func (c *Client) account(ctx context.Context) (authtypes.BaseAccount, error) {
	address, err := c.Address()
	if err != nil {
		return authtypes.BaseAccount{}, err
	}
	info, err := c.accountInfo(ctx, address)
	if err != nil {
		return authtypes.BaseAccount{}, fmt.Errorf("account %s: %w", address, err)
	}
	account := authtypes.BaseAccount{Address: address, AccountNumber: info.AccountNumber, Sequence: info.Sequence}
	switch {
	case c.Unordered:
		account.Sequence = 0
	case c.Sequence != 0:
		account.Sequence = c.Sequence
	}
	return account, nil
}

// NodeGasPrices returns a node's prices for a unit of gas; empty if it asks nothing.
func NodeGasPrices(ctx context.Context, conn grpc.ClientConnInterface) (sdk.DecCoins, error) {
	res, err := nodeservice.NewServiceClient(conn).Config(ctx, &nodeservice.ConfigRequest{})
	if err != nil {
		return nil, fmt.Errorf("gas price of the node: %w", err)
	}
	prices, err := sdk.ParseDecCoins(res.MinimumGasPrice)
	if err != nil {
		return nil, fmt.Errorf("gas price of the node: %w", err)
	}
	return prices, nil
}

// simulate returns the gas limit of a transaction by what a node says that it takes
// now, and the adjustment.
func (c *Client) simulate(ctx context.Context, node grpc.ClientConnInterface, account authtypes.BaseAccount, msgs []sdk.Msg) (uint64, error) {
	builder, err := c.build(account, 0, nil, msgs)
	if err != nil {
		return 0, err
	}
	bz, err := TxConfig().TxEncoder()(builder.GetTx())
	if err != nil {
		return 0, err
	}
	res, err := trySimulation(ctx, node, bz)
	switch status.Code(err) {
	case codes.OK:
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled:
		return 0, fmt.Errorf("simulation: %w", err)
	default:
		return 0, &RefusedError{Stage: Simulated, Reason: Refusal(err.Error()), err: err}
	}
	if res.GasInfo == nil {
		return 0, errors.New("simulation: expected the gas that was used, got none")
	}
	adjustment := c.GasAdjustment
	if adjustment == 0 {
		adjustment = DefaultGasAdjustment
	}
	if res.GasInfo.GasUsed > maxGas {
		return 0, fmt.Errorf("simulation: %w: gas: expected at most %d, got %d", ErrFee, maxGas, res.GasInfo.GasUsed)
	}
	return uint64(adjustment*float64(res.GasInfo.GasUsed)) + c.SpareGas, nil
}

// trySimulation asks a node for a simulation, and again if the node has too many to do.
func trySimulation(ctx context.Context, node grpc.ClientConnInterface, bz []byte) (*txtypes.SimulateResponse, error) {
	for attempt := 1; ; attempt++ {
		res, err := txtypes.NewServiceClient(node).Simulate(ctx, &txtypes.SimulateRequest{TxBytes: bz})
		if status.Code(err) != codes.ResourceExhausted || attempt == maxAttempts {
			return res, err
		}
		select {
		case <-ctx.Done():
			return nil, status.FromContextError(ctx.Err()).Err()
		case <-time.After(pollEvery):
		}
	}
}

// build makes a transaction with an empty signature, which is what is simulated
// and what the bytes to sign are made of.
func (c *Client) build(account authtypes.BaseAccount, gas uint64, prices sdk.DecCoins, msgs []sdk.Msg) (client.TxBuilder, error) {
	builder := TxConfig().NewTxBuilder()
	if err := builder.SetMsgs(msgs...); err != nil {
		return nil, err
	}
	builder.SetMemo(c.Memo)
	builder.SetGasLimit(gas)
	builder.SetFeeAmount(c.fee(gas, prices))
	// SetFeeGranter would write the address with the prefix of the SDK's global settings.
	fee := builder.(interface{ GetProtoTx() *txtypes.Tx }).GetProtoTx().AuthInfo.Fee
	fee.Granter, fee.Payer = c.FeeGranter, c.FeePayer
	builder.SetTimeoutHeight(c.TimeoutHeight)
	builder.SetTimeoutTimestamp(c.TimeoutTimestamp)
	builder.SetUnordered(c.Unordered)
	return builder, builder.SetSignatures(c.signature(account, nil))
}

// fee is the fee for a gas limit; each coin is rounded up.
func (c *Client) fee(gas uint64, prices sdk.DecCoins) sdk.Coins {
	if prices.IsZero() {
		return c.Fees
	}
	limit := math.LegacyNewDecFromBigInt(new(big.Int).SetUint64(gas))
	fee := make(sdk.Coins, len(prices))
	for i, p := range prices {
		fee[i] = sdk.NewCoin(p.Denom, p.Amount.Mul(limit).Ceil().RoundInt())
	}
	return fee
}

func (c *Client) signature(account authtypes.BaseAccount, signature []byte) signing.SignatureV2 {
	return signing.SignatureV2{
		PubKey:   c.Signer.PubKey(),
		Data:     &signing.SingleSignatureData{SignMode: c.Signer.SignMode(), Signature: signature},
		Sequence: account.Sequence,
	}
}
