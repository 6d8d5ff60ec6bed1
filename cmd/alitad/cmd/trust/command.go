package trust

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/light"
)

const (
	flagHeight = "root-height"
	flagWrite  = "write"
)

// NewTrustCmd finds and sets the header from which the chain is believed.
func NewTrustCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "trust [HEIGHT:HASH | node]",
		Short: "Find a header to believe the chain from, or set one",
		Long: `Commands that pay, seal or delete keys ask what the chain proves, from a header that the home keeps. The first such
command keeps the node's newest header, and says so.

Without an argument trust asks the node and the witnesses for a header that is nearly the newest one, refuses if they
differ, and prints its height and hash. Compare them with what others publish, and set them with --write. With an argument
it takes your word. The word node means that the node is believed, whatever it says: right only for a node of your own.

A new root is needed after two weeks in which no such command ran, and after two headers of one height were signed.`,
		Example: "alitad trust --witness tcp://node.example.org:26657 --write\nalitad trust 120000:5D0C...E1 --write\nalitad trust node --write",
		Args:    cobra.MaximumNArgs(1),
		RunE:    runTrust,
	}
	cmd.Flags().Int64(flagHeight, 0, "height of the header; 0: nearly the newest one")
	cmd.Flags().Bool(flagWrite, false, "keep it in the home, with the witnesses")
	cmd.Flags().StringArray(flagWitness, nil, "address of a node of other people, tcp://host:26657 or grpc://host:9090, in addition to the home's; can be repeated")
	flags.AddQueryFlagsToCmd(cmd)
	cmd.Flags().String(flags.FlagChainID, "", "name of the chain")
	return cmd
}

func runTrust(cmd *cobra.Command, args []string) error {
	clientCtx, err := client.GetClientQueryContext(cmd)
	if err != nil {
		return err
	}
	if err := CheckChain(clientCtx.ChainID); err != nil {
		return err
	}
	s := settings{}
	if kept, err := read(clientCtx.HomeDir, clientCtx.ChainID); err != nil {
		cmd.PrintErrf("%s\n", err) // it is to be replaced
	} else if kept != nil {
		s.Witnesses = kept.Witnesses
	}
	named, err := cmd.Flags().GetStringArray(flagWitness)
	if err != nil {
		return err
	}
	for _, w := range named {
		if !slices.Contains(s.Witnesses, w) {
			s.Witnesses = append(s.Witnesses, w)
		}
	}
	height, err := cmd.Flags().GetInt64(flagHeight)
	if err != nil {
		return err
	}
	if len(args) == 1 {
		s.Trust, err = light.ParseTrust(args[0])
	} else {
		var agreed int
		s.Trust.Root, agreed, err = findRoot(cmd.Context(), clientCtx, clientCtx.ChainID, height, s.Witnesses)
		if err == nil {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "Trust root:  %s, shown by the node and %d witness(es)\n"+
				"             Compare it with what others publish for this height: whoever gives you a wrong one can show you another chain.\n", s.Trust.Root, agreed)
		}
	}
	if err != nil {
		return err
	}
	if keep, err := cmd.Flags().GetBool(flagWrite); err != nil || !keep {
		return err
	}
	return write(clientCtx.HomeDir, clientCtx.ChainID, s)
}
