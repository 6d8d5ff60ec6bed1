package chain_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	sdksecp256k1 "github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	txsigning "github.com/cosmos/cosmos-sdk/x/tx/signing"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/node/chain"
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

// sdkConfig is the SDK's own transaction code.
func sdkConfig(t testing.TB) client.TxConfig {
	t.Helper()
	// The SDK's builder writes the granter with the prefix of the process.
	sdk.GetConfig().SetBech32PrefixForAccount(chain.AddressPrefix, chain.AddressPrefix+"pub")
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: gogoproto.HybridResolver,
		SigningOptions: txsigning.Options{
			AddressCodec:          address.NewBech32Codec(chain.AddressPrefix),
			ValidatorAddressCodec: address.NewBech32Codec(chain.AddressPrefix + "valoper"),
		},
	})
	require.NoError(t, err)
	cryptocodec.RegisterInterfaces(registry)
	computetypes.RegisterInterfaces(registry)
	return authtx.NewTxConfig(codec.NewProtoCodec(registry), authtx.DefaultSignModes)
}

// The bytes are those that the SDK's own transaction code builds and signs with the same key, for both messages of
// a worker and any envelope.
func TestSignIsTheSDKsSignature(t *testing.T) {
	config := sdkConfig(t)
	granter, err := address.NewBech32Codec(chain.AddressPrefix).BytesToString(make([]byte, 20))
	require.NoError(t, err)
	rapid.Check(t, func(r *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, "key")
		secret[0] = 1 // above zero, below the order of the group
		own, err := chain.NewSigner(secp256k1.PrivKeyFromBytes(secret))
		if err != nil {
			r.Fatal(err)
		}
		key := &sdksecp256k1.PrivKey{Key: secret}
		text, blob := rapid.StringMatching(`[0-9a-f]{0,32}`), rapid.SliceOfN(rapid.Byte(), 0, 300)
		msg, theirs := drawMessage(r, own.Address(), text, blob)
		e := chain.Envelope{
			ChainID: rapid.StringMatching(`[a-z]{1,10}-[1-9]`).Draw(r, "chain"), AccountNumber: rapid.Uint64().Draw(r, "number"),
			Sequence: rapid.Uint64().Draw(r, "sequence"), Gas: rapid.Uint64().Draw(r, "gas"),
			FeeGranter: rapid.SampledFrom([]string{"", granter}).Draw(r, "granter"), TimeoutHeight: rapid.Uint64().Draw(r, "timeout"),
		}
		fee := rapid.Int64Range(0, 1<<62).Draw(r, "fee")
		if fee > 0 {
			e.Fee = chain.Coin{Denom: "ualita", Amount: math.NewInt(fee)}
		}

		b := config.NewTxBuilder()
		if err := b.SetMsgs(theirs); err != nil {
			r.Fatal(err)
		}
		b.SetGasLimit(e.Gas)
		b.SetFeeAmount(sdk.NewCoins(sdk.NewInt64Coin("ualita", fee)))
		b.SetTimeoutHeight(e.TimeoutHeight)
		if e.FeeGranter != "" {
			b.SetFeeGranter(make([]byte, 20))
		}
		signature := func(bytes []byte) signing.SignatureV2 {
			return signing.SignatureV2{
				PubKey: key.PubKey(), Sequence: e.Sequence,
				Data: &signing.SingleSignatureData{SignMode: signing.SignMode_SIGN_MODE_DIRECT, Signature: bytes},
			}
		}
		if err := b.SetSignatures(signature([]byte{})); err != nil {
			r.Fatal(err)
		}
		same(r, config, b, func() ([]byte, error) { return own.ForSimulation(msg, e) })
		signed, err := clienttx.SignWithPrivKey(t.Context(), signing.SignMode_SIGN_MODE_DIRECT, authsigning.SignerData{
			Address: own.Address(), ChainID: e.ChainID, AccountNumber: e.AccountNumber, Sequence: e.Sequence, PubKey: key.PubKey(),
		}, b, key, config, e.Sequence)
		if err != nil {
			r.Fatal(err)
		}
		if err := b.SetSignatures(signed); err != nil {
			r.Fatal(err)
		}
		same(r, config, b, func() ([]byte, error) { return own.Sign(msg, e) })
	})
}

// drawMessage draws the same message as the worker's type and as the chain's.
func drawMessage(r *rapid.T, worker string, text *rapid.Generator[string], blob *rapid.Generator[[]byte]) (proto.Message, sdk.Msg) {
	job, record := text.Draw(r, "job"), text.Draw(r, "record")
	if rapid.Bool().Draw(r, "deliver") {
		enc, ciphertext := blob.Draw(r, "enc"), blob.Draw(r, "ciphertext")
		return &computev1.MsgDeliver{Worker: worker, JobId: job, RecordId: record, Sealed: &computev1.SealedVector{Enc: enc, Ciphertext: ciphertext}},
			&computetypes.MsgDeliver{Worker: worker, JobId: job, RecordId: record, Sealed: computetypes.SealedVector{Enc: enc, Ciphertext: ciphertext}}
	}
	a := computetypes.Attestation{
		JobId: job, RecordId: record, Version: text.Draw(r, "version"), RowRoot: blob.Draw(r, "root"), Rows: rapid.Uint64().Draw(r, "rows"),
		Operations: rapid.Uint64().Draw(r, "operations"), ResultCommitment: blob.Draw(r, "result"),
	}
	return &computev1.MsgContribute{Worker: worker, Attestation: &computev1.Attestation{
		JobId: a.JobId, RecordId: a.RecordId, Version: a.Version, RowRoot: a.RowRoot, Rows: a.Rows,
		Operations: a.Operations, ResultCommitment: a.ResultCommitment,
	}}, &computetypes.MsgContribute{Worker: worker, Attestation: a}
}

func same(r *rapid.T, config client.TxConfig, b client.TxBuilder, ours func() ([]byte, error)) {
	want, err := config.TxEncoder()(b.GetTx())
	if err != nil {
		r.Fatal(err)
	}
	got, err := ours()
	if err != nil {
		r.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		r.Fatalf("got %x\nwant %x", got, want)
	}
}

// The SDK's own transaction code reads what is signed here, and its verification accepts it.
func TestTheSDKAcceptsTheSignature(t *testing.T) {
	s := newSigner(t)
	config := sdkConfig(t)
	granter, err := address.NewBech32Codec(chain.AddressPrefix).BytesToString(make([]byte, 20))
	require.NoError(t, err)
	msg := &computev1.MsgDeliver{Worker: s.Address(), JobId: "j", RecordId: "r", Sealed: &computev1.SealedVector{Enc: []byte{1}, Ciphertext: []byte{2}}}
	e := chain.Envelope{
		ChainID: "alita-test-1", AccountNumber: 7, Sequence: 3, Gas: 123_456,
		Fee: chain.Coin{Denom: "ualita", Amount: math.NewInt(99)}, FeeGranter: granter, TimeoutHeight: 1234,
	}
	raw, err := s.Sign(msg, e)
	require.NoError(t, err)
	tx, err := config.TxDecoder()(raw)
	require.NoError(t, err)

	full, ok := tx.(authsigning.Tx)
	require.True(t, ok)
	require.Equal(t, []sdk.Msg{&computetypes.MsgDeliver{
		Worker: s.Address(), JobId: "j", RecordId: "r", Sealed: computetypes.SealedVector{Enc: []byte{1}, Ciphertext: []byte{2}},
	}}, full.GetMsgs())
	require.Equal(t, sdk.NewCoins(sdk.NewInt64Coin("ualita", 99)), full.GetFee())
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
	for _, bad := range []string{"ualita", "-1ualita", "x", "1", "1ua", "1000000000000000001ualita", "1.0000000000000000001ualita", "1 2ualita"} {
		_, err := chain.FeeFor(1, bad)
		require.Error(t, err, bad)
	}
}

// Every price that is read is read as the SDK reads it, and the greatest fee is in range.
func TestFeeForIsTheSDKsPrice(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		price := rapid.StringMatching(`\.?[0-9]{0,3}\.?[0-9]{0,19}[ \-]?[a-z/0-9]{0,4}`).Draw(r, "price")
		gas := rapid.Uint64().Draw(r, "gas")
		fee, err := chain.FeeFor(gas, price)
		want, wantErr := sdk.ParseDecCoin(price)
		if strings.TrimSpace(price) == "" {
			return // free here, an error there
		}
		if wantErr == nil && want.Amount.GT(math.LegacyNewDec(1_000_000_000_000_000_000)) {
			if err == nil {
				r.Fatalf("%q: expected a refusal of more than 10^18", price)
			}
			return
		}
		if (err == nil) != (wantErr == nil) {
			r.Fatalf("%q: %v, the SDK says %v", price, err, wantErr)
		}
		if err != nil {
			return
		}
		coins := sdk.NewCoins(sdk.NewCoin(want.Denom, want.Amount.MulInt(math.NewIntFromUint64(gas)).Ceil().TruncateInt()))
		if coins.String() != fee.String() {
			r.Fatalf("%d at %q: %s, by the SDK %s", gas, price, fee, coins)
		}
	})
	fee, err := chain.FeeFor(1<<64-1, "1000000000000000000ualita")
	require.NoError(t, err)
	require.Equal(t, "18446744073709551615000000000000000000ualita", fee.String())
}

// Addresses are the SDK's, both ways.
func TestAddressesAreTheSDKs(t *testing.T) {
	ac := address.NewBech32Codec(chain.AddressPrefix)
	rapid.Check(t, func(r *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 1, 255).Draw(r, "address")
		text, err := ac.BytesToString(raw)
		if err != nil {
			r.Fatal(err)
		}
		got, err := chain.ParseAddress(text)
		if err != nil || !bytes.Equal(raw, got) {
			r.Fatalf("%x: got %x, %v", raw, got, err)
		}
		i := rapid.IntRange(0, len(text)-1).Draw(r, "place")
		changed := text[:i] + string(rapid.RuneFrom([]rune("abcdefg1QZ ")).Draw(r, "letter")) + text[i+1:]
		_, wantErr := ac.StringToBytes(changed)
		if _, err := chain.ParseAddress(changed); (err == nil) != (wantErr == nil) {
			r.Fatalf("%q: %v, the SDK says %v", changed, err, wantErr)
		}
	})
	_, err := chain.ParseAddress(strings.Repeat(" ", 5))
	require.Error(t, err)
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
