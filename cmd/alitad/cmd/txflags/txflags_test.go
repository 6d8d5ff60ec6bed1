package txflags_test

import (
	"context"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
)

// fromFlags reads a command's flags as cobra does.
func fromFlags(t *testing.T, args ...string) (*tx.Client, error) {
	t.Helper()
	keys := keyring.NewInMemory(tx.Codec())
	_, _, err := keys.NewMnemonic("ada", keyring.English, sdk.FullFundraiserPath, "", hd.Secp256k1)
	require.NoError(t, err)
	var (
		c     *tx.Client
		bound error
	)
	cmd := &cobra.Command{SilenceErrors: true, SilenceUsage: true, RunE: func(cmd *cobra.Command, _ []string) error {
		clientCtx, err := client.GetClientTxContext(cmd)
		if err != nil {
			return err
		}
		c, bound = txflags.Client(clientCtx, cmd.Flags())
		return nil
	}}
	flags.AddTxFlagsToCmd(cmd)
	cmd.SetArgs(append([]string{"--chain-id", "alita-test-1"}, args...))
	ctx := client.Context{}.WithCodec(tx.Codec()).WithKeyring(keys)
	require.NoError(t, cmd.ExecuteContext(context.WithValue(t.Context(), client.ClientContextKey, &ctx)))
	return c, bound
}

func TestAddressPrefix(t *testing.T) {
	require.Equal(t, app.AccountAddressPrefix, tx.AddressPrefix)
}

func TestDefaults(t *testing.T) {
	c, err := fromFlags(t, "--from", "ada")
	require.NoError(t, err)
	require.Equal(t, "alita-test-1", c.ChainID)
	require.Zero(t, c.Gas, "simulated")
	require.Zero(t, c.GasAdjustment)
	require.True(t, c.GasPrices.IsZero())
	require.True(t, c.Fees.IsZero())
	require.Equal(t, signing.SignMode_SIGN_MODE_DIRECT, c.Signer.SignMode())
}

func TestFlags(t *testing.T) {
	granter := sdk.AccAddress("granter_____________")
	c, err := fromFlags(t, "--from", "ada", "--gas", "200000", "--fees", "5ualita", "--note", "hello",
		"--timeout-duration", "1m", "--unordered", "--fee-granter", granter.String(), "--sign-mode", "amino-json")
	require.NoError(t, err)
	require.EqualValues(t, 200_000, c.Gas)
	require.Equal(t, "5ualita", c.Fees.String())
	require.Equal(t, "hello", c.Memo)
	require.True(t, c.TimeoutTimestamp.After(time.Now()))
	require.True(t, c.Unordered)
	require.Equal(t, granter.String(), c.FeeGranter)
	require.Equal(t, signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON, c.Signer.SignMode())

	c, err = fromFlags(t, "--from", "ada", "--gas", "auto", "--gas-adjustment", "1.2", "--gas-prices", "0.1ualita",
		"--timeout-height", "9")
	require.NoError(t, err)
	require.Zero(t, c.Gas)
	require.EqualValues(t, 9, c.TimeoutHeight)
	require.Equal(t, 1.2, c.GasAdjustment)
	require.Equal(t, "0.100000000000000000ualita", c.GasPrices.String())
}

func TestRefusedFlags(t *testing.T) {
	_, err := fromFlags(t)
	require.ErrorContains(t, err, "--from: expected a key of the keyring")
	_, err = fromFlags(t, "--from", "ada", "--sign-mode", "textual")
	require.ErrorContains(t, err, `--sign-mode: expected "direct" or "amino-json", got "textual"`)
	_, err = fromFlags(t, "--from", "ada", "--offline", "--account-number", "1", "--sequence", "1")
	require.ErrorContains(t, err, "--offline: expected --generate-only with it, got none")
}
