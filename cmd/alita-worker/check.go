package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/worker"
	"github.com/alita-network/alita/worker/chain"
)

var errCheck = errors.New("the check found something that is not right")

func newCheckCommand(o *options) *cobra.Command {
	var offline bool
	var output string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check folder, key, policy, node, registration, and that each record's file is the committed one",
		Long: `Check prints one line for each thing that it looked at and exits with status 1 if one is not right.
It changes nothing and sends nothing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("--output %q: text or json is expected", output)
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
