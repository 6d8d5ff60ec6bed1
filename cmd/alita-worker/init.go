package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/programs"
)

func newInitCommand(o *options) *cobra.Command {
	var p worker.Policy
	var name string
	var trust trustFlags
	var output outputFlag
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make the worker's keys and a policy file, and print what the owner has to do",
		Example: `  alita-worker init --owner alita1... --node 127.0.0.1:9090 --chain-id alita-1 \
      --witness node.example.org:9090 --data-dir /home/me/data --program moments_row --min-cohort 3`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for i, d := range p.DataDirs {
				abs, err := filepath.Abs(d)
				if err != nil {
					return err
				}
				p.DataDirs[i] = abs
			}
			var found *foundRoot
			var err error
			if p.Trust, found, err = trust.find(cmd.Context(), p.ChainID, p.Node); err != nil {
				return err
			}
			p.Witnesses = trust.witnesses
			for i, name := range p.Programs {
				if shipped, err := programs.ByName(name); err == nil {
					p.Programs[i] = shipped.Hash
				}
			}
			if _, err := worker.PolicyFile(p); err != nil {
				return err // before a passphrase is asked for
			}
			passphrase, err := o.passphrase(cmd.ErrOrStderr(), true)
			if err != nil {
				return err
			}
			made, err := worker.Init(o.worker(), p, passphrase, name)
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
			return writeInitialized(cmd.OutOrStdout(), made)
		},
	}
	f := cmd.Flags()
	f.StringVar(&p.Owner, "owner", "", "account that the worker works for")
	f.StringVar(&p.Node, "node", "127.0.0.1:9090", "gRPC address of a node: host:port, or https://host[:port]")
	f.StringVar(&p.ChainID, "chain-id", "", "id of the chain")
	f.StringVar(&name, "name", "worker", "name of the worker for people; at most 64 characters")
	f.StringVar(&p.Fees.Payer, "fee-payer", worker.PayerOwner, "who pays for transactions: owner (by a fee grant) or worker")
	f.StringVar(&p.Fees.GasPrice, "gas-price", "", "price of gas such as 0.0025ualita; empty takes the node's minimum")
	f.StringArrayVar(&p.DataDirs, "data-dir", nil, "folder in which data files may lie; can be repeated")
	f.StringArrayVar(&p.Records, "record", nil, "record that takes part; can be repeated; none: all")
	f.StringArrayVar(&p.Programs, "program", nil, "id of a program that may run, or the name of one that ships; can be repeated")
	f.StringArrayVar(&p.Authors, "author", nil, "account whose programs may run; can be repeated")
	f.BoolVar(&p.AnyProgram, "any-program", false, "every program may run that a grant allows, with noise")
	f.StringArrayVar(&p.Consumers, "consumer", nil, "account that may ask; can be repeated; none: any")
	f.StringArrayVar(&p.Purposes, "purpose", nil, "purpose that is allowed; can be repeated; none: any")
	f.Uint64Var(&p.MinPricePerMop, "min-price", 1, "smallest price of a million operations, in ualita")
	f.Uint64Var(&p.MinDataFee, "min-data-fee", 0, "smallest data fee of a million operations, in units of the Data Token")
	f.Uint32Var(&p.MinCohort, "min-cohort", 3, "smallest number of owners of a job")
	f.Uint32Var(&p.MinSeats, "min-seats", worker.DefaultMinSeats, "smallest number of seats of a secure sum")
	f.Uint64Var(&p.MaxOperations, "max-operations", 0, "greatest number of operations of one run; 0: no bound")
	f.StringArrayVar(&p.Panels.IDs, "panel", nil, "panel in which records answer without noise; can be repeated; none: all that the owner has signed")
	f.Uint32Var(&p.Panels.MinThreshold, "min-threshold", worker.DefaultMinThreshold, "smallest threshold of a panel")
	f.StringVar(&p.Panels.Class, "panel-class", worker.ClassFixed, "widest class of a panel: fixed (signed questions) or named (any columns and inputs of named programs)")
	f.BoolVar(&p.IndividualResults, "individual-results", false, "the payer may read this owner's own result")
	trust.add(f)
	output.add(f)
	for _, required := range []string{"owner", "chain-id"} {
		if err := cmd.MarkFlagRequired(required); err != nil {
			panic(err)
		}
	}
	return cmd
}

func writeInitialized(w io.Writer, i worker.Initialized) error {
	text := fmt.Sprintf("Worker address:  %s\nHPKE public key: %s\n\nKey file:        %s\nPublic key file: %s\nPolicy file:     %s\n",
		i.Worker, i.PublicKey, i.KeyFile, i.PublicKeyFile, i.PolicyFile)
	for _, h := range i.Hints {
		text += "Note: " + h + "\n"
	}
	text += "\nThe owner now runs:\n\n"
	for _, c := range i.Commands {
		text += "  " + c + "\n"
	}
	text += "\nThen: alita-worker check, and alita-worker run\n"
	_, err := io.WriteString(w, text)
	return err
}
