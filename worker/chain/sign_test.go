package chain_test

import (
	"fmt"
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	txsigning "github.com/cosmos/cosmos-sdk/x/tx/signing"

	"github.com/alita-network/alita/worker/chain"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

func newSigner(t testing.TB) *chain.Signer {
	t.Helper()
	key, err := secp256k1.GeneratePrivateKey()
	require.NoError(t, err)
	s, err := chain.NewSigner(key)
	require.NoError(t, err)
	return s
}

// The SDK's own transaction code reads what is signed here, and its verification accepts it.
func TestTheSDKAcceptsTheSignature(t *testing.T) {
	s := newSigner(t)
	ac := address.NewBech32Codec(chain.AddressPrefix)
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles:     proto.HybridResolver,
		SigningOptions: txsigning.Options{AddressCodec: ac, ValidatorAddressCodec: address.NewBech32Codec(chain.AddressPrefix + "valoper")},
	})
	require.NoError(t, err)
	cryptocodec.RegisterInterfaces(registry)
	computetypes.RegisterInterfaces(registry)
	config := authtx.NewTxConfig(codec.NewProtoCodec(registry), authtx.DefaultSignModes)

	granter, err := ac.BytesToString(make([]byte, 20))
	require.NoError(t, err)
	msg := &computetypes.MsgDeliver{Worker: s.Address(), JobId: "j", RecordId: "r", Sealed: computetypes.SealedVector{Enc: []byte{1}, Ciphertext: []byte{2}}}
	e := chain.Envelope{
		ChainID: "alita-test-1", AccountNumber: 7, Sequence: 3, Gas: 123_456,
		Fee: sdk.NewCoins(sdk.NewInt64Coin("ualita", 99)), FeeGranter: granter, TimeoutHeight: 1234,
	}
	raw, err := s.Sign(msg, e)
	require.NoError(t, err)
	tx, err := config.TxDecoder()(raw)
	require.NoError(t, err)

	full, ok := tx.(authsigning.Tx)
	require.True(t, ok)
	require.Equal(t, []sdk.Msg{msg}, full.GetMsgs())
	require.Equal(t, e.Fee, full.GetFee())
	require.Equal(t, e.Gas, full.GetGas())
	require.Equal(t, make([]byte, 20), full.FeeGranter())
	require.Equal(t, e.TimeoutHeight, full.GetTimeoutHeight())
	signers, err := full.GetSigners()
	require.NoError(t, err)
	own, err := chain.ParseAddress(s.Address())
	require.NoError(t, err)
	require.Equal(t, [][]byte{own}, signers)
	require.Equal(t, own, full.FeePayer())

	sigs, err := full.GetSignaturesV2()
	require.NoError(t, err)
	require.Len(t, sigs, 1)
	require.Equal(t, uint64(3), sigs[0].Sequence)
	require.Equal(t, signing.SignMode_SIGN_MODE_DIRECT, sigs[0].Data.(*signing.SingleSignatureData).SignMode)
	verify := func(chainID string, number uint64) error {
		public := sigs[0].PubKey
		adaptable, ok := tx.(authsigning.V2AdaptableTx)
		require.True(t, ok)
		return authsigning.VerifySignature(t.Context(), public, txsigning.SignerData{
			Address: s.Address(), ChainID: chainID, AccountNumber: number, Sequence: 3,
		}, sigs[0].Data, config.SignModeHandler(), adaptable.GetSigningTxData())
	}
	require.NoError(t, verify("alita-test-1", 7))
	require.Error(t, verify("alita-test-2", 7), "another chain")
	require.Error(t, verify("alita-test-1", 8), "another account")
}

func TestFeeFor(t *testing.T) {
	for _, tc := range []struct {
		gas   uint64
		price string
		want  string
	}{
		{100_000, "0.0025ualita", "250ualita"},
		{100_001, "0.0025ualita", "251ualita"},
		{1, "0.0025ualita", "1ualita"},
		{100_000, "0.0025ualita,1other", "250ualita"},
		{100_000, "0ualita", ""},
		{100_000, "", ""},
	} {
		fee, err := chain.FeeFor(tc.gas, tc.price)
		require.NoError(t, err)
		require.Equal(t, tc.want, fee.String(), "%d at %s", tc.gas, tc.price)
	}
	for _, bad := range []string{"ualita", "-1ualita", "x", "1"} {
		_, err := chain.FeeFor(1, bad)
		require.Error(t, err, bad)
	}
}

func TestSignerNeverPrintsItsKey(t *testing.T) {
	s := newSigner(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		require.Equal(t, s.Address(), fmt.Sprintf(verb, s), verb)
	}
	_, err := chain.NewSigner(nil)
	require.Error(t, err)
}

func TestParseAddress(t *testing.T) {
	s := newSigner(t)
	b, err := chain.ParseAddress(s.Address())
	require.NoError(t, err)
	require.Len(t, b, 20)
	for _, bad := range []string{"", "alita1", "cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a", s.Address()[1:], s.Address() + "q"} {
		_, err := chain.ParseAddress(bad)
		require.Error(t, err, bad)
	}
}
