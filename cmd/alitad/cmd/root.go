// Package cmd holds the commands of alitad.
package cmd

import (
	"fmt"
	"os"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/cobra"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/config"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/server"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/client/proved"
	"github.com/alita-network/alita/cmd/alitad/cmd/trust"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
)

// NewRootCmd returns the root command of alitad.
func NewRootCmd() (*cobra.Command, error) {
	app.Configure()
	// An application without state supplies the codecs and the modules' commands.
	blank := app.New(log.NewNopLogger(), dbm.NewMemDB(), false, noOptions{})

	clientCtx := client.Context{}.
		WithCodec(blank.AppCodec()).
		WithInterfaceRegistry(blank.InterfaceRegistry()).
		WithTxConfig(blank.TxConfig()).
		WithLegacyAmino(blank.LegacyAmino()).
		WithInput(os.Stdin).
		WithAccountRetriever(authtypes.AccountRetriever{}).
		WithHomeDir(app.DefaultNodeHome).
		WithViper(app.EnvPrefix)

	root := &cobra.Command{
		Use:           app.Name,
		Short:         "Run and query the Alita data exchange",
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SetContext(trust.WithApplication(cmd.Context(), queries(blank)))
			return prepare(cmd, clientCtx)
		},
	}
	addCommands(root, blank)

	opts := blank.AutoCLIOptions()
	opts.ClientCtx = clientCtx
	addModuleCommands(&opts)
	node := nodeservice.NewNodeCommands()
	opts.ModuleOptions[node.Name()] = node.AutoCLIOptions()
	if err := opts.EnhanceRootCommand(root); err != nil {
		return nil, fmt.Errorf("generated commands: %w", err)
	}
	if err := submitModuleCommands(root); err != nil {
		return nil, err
	}
	boundFees(root)
	return root, nil
}

// boundFees gives the commands that make a transaction a bound of its fee. The ones next to the modules' own, such as sign, take a
// transaction as it is.
func boundFees(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "compute":
			txflags.AddMaxFee(cmd)
		case "tx":
			for _, module := range cmd.Commands() {
				txflags.AddMaxFee(module)
			}
		}
	}
}

// queries are those of the chain's modules, which run here over what the chain proves.
func queries(blank *app.App) proved.Application {
	return proved.Application{
		Router: blank.GRPCQueryRouter(), Codec: blank.AppCodec().(codec.GRPCCodecProvider).GRPCCodec(), Versions: blank.ModuleManager.GetVersionMap(),
	}
}

// noOptions are the options of an application that only supplies codecs and commands.
type noOptions struct{}

// Get returns nil, which is the default of every option.
func (noOptions) Get(string) any { return nil }

// prepare reads the configuration files of the node's home, which it writes
// if they are missing, into the contexts of the command.
func prepare(cmd *cobra.Command, clientCtx client.Context) error {
	cmd.SetOut(cmd.OutOrStdout())
	cmd.SetErr(cmd.ErrOrStderr())
	clientCtx, err := client.ReadPersistentCommandFlags(clientCtx.WithCmdContext(cmd.Context()).WithOutput(cmd.OutOrStdout()), cmd.Flags())
	if err != nil {
		return err
	}
	clientCtx, err = config.ReadFromClientConfig(clientCtx)
	if err != nil {
		return err
	}
	if clientCtx, err = txflags.Bounded(clientCtx, cmd.Flags()); err != nil {
		return err
	}
	if err := client.SetCmdClientContextHandler(clientCtx, cmd); err != nil {
		return err
	}
	if err := txflags.NameSender(cmd); err != nil {
		return err
	}
	template, cfg := app.DefaultServerConfig()
	return server.InterceptConfigsPreRunHandler(cmd, template, cfg, app.DefaultCometConfig())
}
