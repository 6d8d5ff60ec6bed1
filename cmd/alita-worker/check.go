package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
)

var errCheck = errors.New("the check found something that is not right")

func newCheckCommand(o *options) *cobra.Command {
	var offline bool
	var output string
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
			if output != "text" && output != "json" {
				return fmt.Errorf("--output %q: text or json is expected", output)
			}
			if len(args) == 1 {
				return checkProgram(cmd.Context(), cmd.OutOrStdout(), output, args[0], program)
			}
			passphrase, err := o.passphrase(cmd.ErrOrStderr(), false)
			if err != nil {
				return err
			}
			findings, err := check(cmd.Context(), o.worker(), passphrase, offline)
			if err != nil {
				return err
			}
			if err := writeFindings(cmd.OutOrStdout(), output, findings); err != nil {
				return err
			}
			if !allOK(findings) {
				return errCheck
			}
			return nil
		},
	}
	program.add(cmd.Flags())
	cmd.Flags().BoolVar(&offline, "offline", false, "look only at what lies on this machine")
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return cmd
}

func check(ctx context.Context, h worker.Home, passphrase string, offline bool) (findings []worker.Finding, err error) {
	findings, keys, policy := worker.CheckLocal(h, passphrase)
	if offline || !allOK(findings) {
		return findings, nil
	}
	client, err := chain.Dial(policy.Node)
	if err != nil {
		return append(findings, worker.Finding{What: "node", Detail: err.Error()}), nil
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	return append(findings, worker.CheckChain(ctx, client, policy, keys)...), nil
}

func allOK(findings []worker.Finding) bool {
	for _, f := range findings {
		if !f.OK {
			return false
		}
	}
	return true
}

func writeFindings(w io.Writer, output string, findings []worker.Finding) error {
	if output == "json" {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(findings)
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
