package cmd

import (
	"github.com/spf13/cobra"

	"cosmossdk.io/client/v2/autocli"
	"cosmossdk.io/core/appmodule"

	"github.com/alita-network/alita/cmd/alitad/cmd/compute"
	"github.com/alita-network/alita/cmd/alitad/cmd/datapool"
	"github.com/alita-network/alita/cmd/alitad/cmd/metadata"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// withTx is a module with transaction commands that do more than send one message.
type withTx struct {
	appmodule.AppModule
	tx *cobra.Command
}

// GetTxCmd implements autocli.HasCustomTxCommand.
func (m withTx) GetTxCmd() *cobra.Command { return m.tx }

// withTxAndQuery has queries of its own as well.
type withTxAndQuery struct {
	withTx
	query *cobra.Command
}

// GetQueryCmd implements autocli.HasCustomQueryCommand.
func (m withTxAndQuery) GetQueryCmd() *cobra.Command { return m.query }

// addModuleCommands gives the modules their hand-written commands, which the generated ones join. The
// modules themselves know nothing of a command line.
func addModuleCommands(opts *autocli.AppOptions) {
	modules := opts.Modules
	tx := func(name string, cmd *cobra.Command) withTx { return withTx{modules[name], cmd} }
	modules[computetypes.ModuleName] = tx(computetypes.ModuleName, compute.NewTxCmd())
	modules[datapooltypes.ModuleName] = withTxAndQuery{
		tx(datapooltypes.ModuleName, datapool.NewTxCmd()), datapool.NewQueryCmd(),
	}
	modules[metadatatypes.ModuleName] = withTxAndQuery{
		tx(metadatatypes.ModuleName, metadata.NewTxCmd()), metadata.NewQueryCmd(),
	}
}
