package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/seat"
)

func newSeatInitCommand(o *options) *cobra.Command {
	var settings seat.Settings
	var bond, fee string
	var trust trustFlags
	var output outputFlag
	cmd := &cobra.Command{
		Use:     "init",
		Short:   "Make the seat's key and a configuration file, and print what the operator has to do",
		Example: `  alita-worker seat init --node 127.0.0.1:9090 --chain-id alita-1 --witness node.example.org:9090 --bond 1000000000ualita --fee 500`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var found *foundRoot
			var err error
			if settings.Trust, found, err = trust.find(cmd.Context(), settings.ChainID, settings.Node); err != nil {
				return err
			}
			settings.Witnesses = trust.witnesses
			passphrase, err := o.passphrase(cmd.ErrOrStderr(), true)
			if err != nil {
				return err
			}
			made, err := seat.Init(o.seat(), settings, passphrase, bond, fee)
			if err != nil {
				return err
			}
			if output.json {
				return writeJSON(cmd.OutOrStdout(), made)
			}
			if found != nil {
				if err := found.write(cmd.OutOrStdout()); err != nil {
					return err
				}
			}
			return writeSeat(cmd.OutOrStdout(), made)
		},
	}
	f := cmd.Flags()
	f.StringVar(&settings.Node, "node", "127.0.0.1:9090", "gRPC address of a node: host:port, or https://host[:port]")
	f.StringVar(&settings.ChainID, "chain-id", "", "id of the chain")
	f.StringVar(&settings.FeeGranter, "fee-granter", "", "account whose fee grant pays for transactions; empty: the seat's own account")
	f.StringVar(&settings.GasPrice, "gas-price", "", "price of gas such as 0.0025ualita; empty takes the node's minimum")
	f.IntVar(&settings.CPUs, "cpus", 0, "how many contributions are judged at a time; 0: as many as the machine has processors")
	f.StringVar(&bond, "bond", "1000000000ualita", "bond in the printed command")
	f.StringVar(&fee, "fee", "500", "fee for a contribution in the printed command, in ualita")
	trust.add(f)
	output.add(f)
	if err := cmd.MarkFlagRequired("chain-id"); err != nil {
		panic(err)
	}
	return cmd
}

func writeSeat(w io.Writer, m seat.Initialized) error {
	text := fmt.Sprintf("Seat address:       %s\nKey file:           %s\nConfiguration file: %s\n\nThe validator's operator now runs:\n\n",
		m.Seat, m.KeyFile, m.ConfigFile)
	for _, c := range m.Commands {
		text += "  " + c + "\n"
	}
	text += "\nThen: alita-worker seat run\n"
	_, err := io.WriteString(w, text)
	return err
}
