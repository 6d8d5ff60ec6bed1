package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/node/worker"
)

var errCheck = errors.New("the check found something that is not right")

func newCheckCommand(o *options) *cobra.Command {
	var offline bool
	var output outputFlag
	var program programFlags
	cmd := &cobra.Command{
		Use:   "check [PROGRAM]",
		Short: "Check folder, key, policy, node, registration, and that each record's file is the committed one; or a program's cost",
		Long: `Check prints one line for each thing that it looked at and exits with status 1 if one is not right.
It changes nothing and sends nothing.

With a program, a .wasm file or the name of one that ships, it runs that over made-up rows of many kinds instead, and counts.
It prints the cost model that the program keeps to, or two runs that differ in nothing but the data and in what they cost. Rows
that were not tried can still differ: a program without branches on values cannot.`,
		Example: "alita-worker check\n" +
			"alita-worker check logistic --rows 20000\n" +
			"alita-worker check program.wasm --shape 1:2 --shape 2:4 --shape 5:10 --bits 16 --input own.bin",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return checkProgram(cmd.Context(), cmd.OutOrStdout(), output, args[0], program)
			}
			passphrase, err := o.passphrase(cmd.ErrOrStderr(), false)
			if err != nil {
				return err
			}
			findings, err := worker.Check(cmd.Context(), o.worker(), passphrase, offline)
			if err != nil {
				return err
			}
			return writeFindings(cmd.OutOrStdout(), output, findings)
		},
	}
	program.add(cmd.Flags())
	cmd.Flags().BoolVar(&offline, "offline", false, "look only at what lies on this machine")
	output.add(cmd.Flags())
	return cmd
}

// writeFindings writes what a check found. The error is errCheck if a finding is not right.
func writeFindings(w io.Writer, output outputFlag, findings []home.Finding) error {
	if err := printFindings(w, output, findings); err != nil {
		return err
	}
	if !home.AllOK(findings) {
		return errCheck
	}
	return nil
}

func printFindings(w io.Writer, output outputFlag, findings []home.Finding) error {
	if output.json {
		return writeJSON(w, findings)
	}
	for _, f := range findings {
		mark := "ok  "
		if !f.OK {
			mark = "FAIL"
		}
		if _, err := fmt.Fprintf(w, "%s  %s: %s\n", mark, f.What, f.Detail); err != nil {
			return err
		}
	}
	return nil
}
