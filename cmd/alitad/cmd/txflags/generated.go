package txflags

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// SubmitGenerated makes the commands below a command that come from the SDK, written
// there or generated from a module's services, send by Submit as ours do.
func SubmitGenerated(parent *cobra.Command) {
	for _, cmd := range parent.Commands() {
		SubmitGenerated(cmd)
		if cmd.RunE == nil || Submits(cmd) || cmd.Flags().Lookup(flags.FlagGenerateOnly) == nil {
			continue
		}
		Mark(cmd)
		generate := cmd.RunE
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return submitGenerated(cmd, args, generate) }
	}
}

type runE = func(*cobra.Command, []string) error

// submitGenerated lets a command of the SDK make its transactions as --generate-only
// does, and submits what they hold. It is left alone if the flags ask for something
// that is not sent, or not waited for.
func submitGenerated(cmd *cobra.Command, args []string, generate runE) error {
	for _, name := range []string{flags.FlagGenerateOnly, flags.FlagDryRun, flags.FlagAux, flags.FlagOffline} {
		if on, err := cmd.Flags().GetBool(name); err == nil && on {
			return generate(cmd, args)
		}
	}
	if cmd.Flags().Changed(flags.FlagBroadcastMode) {
		return generate(cmd, args)
	}
	all, err := generated(cmd, args, generate)
	if err != nil {
		return plain(err)
	}
	// Some commands take the sender as an argument and have set --from by now.
	clientCtx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := Submit(cmd, clientCtx, t.GetMsgs()...); err != nil {
			return err
		}
	}
	return nil
}

// generated runs a command as --generate-only does and returns the transactions that
// it prints. What else it prints goes where it would have gone.
func generated(cmd *cobra.Command, args []string, generate runE) ([]sdk.Tx, error) {
	clientCtx, stdout := client.GetClientContextFromCmd(cmd), cmd.OutOrStdout()
	var printed bytes.Buffer
	if err := client.SetCmdClientContext(cmd, clientCtx.WithGenerateOnly(true).WithOutput(&printed)); err != nil {
		return nil, err
	}
	cmd.SetOut(&printed)
	restore := generating(cmd, clientCtx)
	err := generate(cmd, args)
	restore()
	cmd.SetOut(stdout)
	if err := errors.Join(err, client.SetCmdClientContext(cmd, clientCtx)); err != nil {
		return nil, err
	}
	var all []sdk.Tx
	for line := range strings.Lines(printed.String()) {
		if !strings.HasPrefix(line, "{") {
			if _, err := io.WriteString(stdout, line); err != nil {
				return nil, err
			}
			continue
		}
		t, err := clientCtx.TxConfig.TxJSONDecoder()([]byte(line))
		if err != nil {
			return nil, fmt.Errorf("transaction of %s: %w", cmd.CommandPath(), err)
		}
		all = append(all, t)
	}
	return all, nil
}

// generating sets the flags while a transaction is made: no gas is simulated, since
// Submit does, and the keyring that is open is not opened again, which could ask for
// its passphrase twice.
func generating(cmd *cobra.Command, clientCtx client.Context) (restore func()) {
	restore = func() {}
	if gas := cmd.Flags().Lookup(flags.FlagGas); gas != nil {
		value := gas.Value.String()
		_ = gas.Value.Set(gas.DefValue)
		restore = func() { _ = gas.Value.Set(value) }
	}
	if ring := cmd.Flags().Lookup(flags.FlagKeyringBackend); ring != nil && clientCtx.Keyring != nil {
		ring.Changed = false
	}
	return restore
}
