package apptest

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"

	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
)

// defaultGas is enough for any single message of the chain.
const defaultGas = 25_000_000

// txFee is the fee that a transaction offers. Test chains ask for none, unless their
// genesis says otherwise.
type txFee struct {
	gas     uint64
	amount  sdk.Coins
	granter sdk.AccAddress
	// expires makes the transaction unordered: valid once until then, in
	// whatever order, without a sequence.
	expires time.Time
}

// Sign returns an encoded transaction without a fee, for the next block. An
// account may sign several for the same block.
func (c *Chain) Sign(signer Account, msgs ...sdk.Msg) []byte {
	c.t.Helper()
	return c.SignWithFee(signer, defaultGas, nil, msgs...)
}

// SignWithFee is Sign with a gas limit and a fee.
func (c *Chain) SignWithFee(signer Account, gas uint64, fee sdk.Coins, msgs ...sdk.Msg) []byte {
	c.t.Helper()
	ctx := c.Ctx()
	account := c.App.AccountKeeper.GetAccount(ctx, signer.Address())
	require.NotNil(c.t, account, "account %s does not exist", signer.Name)
	sequence := account.GetSequence() + c.used[signer.Name]
	c.used[signer.Name]++
	return c.encoded(c.signed(signer, account.GetAccountNumber(), sequence, txFee{gas: gas, amount: fee}, msgs...))
}

// SignGranted is SignWithFee, but another account pays by a fee grant.
func (c *Chain) SignGranted(signer, granter Account, gas uint64, fee sdk.Coins, msgs ...sdk.Msg) []byte {
	c.t.Helper()
	account := c.App.AccountKeeper.GetAccount(c.Ctx(), signer.Address())
	require.NotNil(c.t, account, "account %s does not exist", signer.Name)
	sequence := account.GetSequence() + c.used[signer.Name]
	c.used[signer.Name]++
	return c.encoded(c.signed(signer, account.GetAccountNumber(), sequence,
		txFee{gas: gas, amount: fee, granter: granter.Address()}, msgs...))
}

// SignUnordered returns an encoded transaction that is valid once until expires.
func (c *Chain) SignUnordered(signer Account, expires time.Time, msgs ...sdk.Msg) []byte {
	c.t.Helper()
	account := c.App.AccountKeeper.GetAccount(c.Ctx(), signer.Address())
	require.NotNil(c.t, account, "account %s does not exist", signer.Name)
	return c.encoded(c.signed(signer, account.GetAccountNumber(), 0, txFee{gas: defaultGas, expires: expires}, msgs...))
}

func (c *Chain) encoded(tx sdk.Tx) []byte {
	c.t.Helper()
	bz, err := c.App.TxConfig().TxEncoder()(tx)
	require.NoError(c.t, err)
	return bz
}

func (c *Chain) signed(signer Account, number, sequence uint64, fee txFee, msgs ...sdk.Msg) authsigning.Tx {
	c.t.Helper()
	cfg := c.App.TxConfig()
	builder := cfg.NewTxBuilder()
	require.NoError(c.t, builder.SetMsgs(msgs...))
	builder.SetGasLimit(fee.gas)
	builder.SetFeeAmount(fee.amount)
	builder.SetFeeGranter(fee.granter)
	if !fee.expires.IsZero() {
		builder.SetUnordered(true)
		builder.SetTimeoutTimestamp(fee.expires)
	}
	// The first round puts the signer's info into the bytes to sign.
	require.NoError(c.t, builder.SetSignatures(signing.SignatureV2{
		PubKey:   signer.Key.PubKey(),
		Data:     &signing.SingleSignatureData{SignMode: signing.SignMode_SIGN_MODE_DIRECT},
		Sequence: sequence,
	}))
	signature, err := clienttx.SignWithPrivKey(context.Background(), signing.SignMode_SIGN_MODE_DIRECT,
		authsigning.SignerData{
			Address: signer.String(), ChainID: ChainID, AccountNumber: number, Sequence: sequence, PubKey: signer.Key.PubKey(),
		}, builder, signer.Key, cfg, sequence)
	require.NoError(c.t, err)
	require.NoError(c.t, builder.SetSignatures(signature))
	return builder.GetTx()
}
