package main

import (
	"encoding/base64"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/crypto/seal"
)

func newKeyCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "key",
		Short: "Print the worker's public HPKE key in base64, as register-worker takes it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			raw, err := os.ReadFile(o.worker().PublicKey())
			if err != nil {
				return err
			}
			if _, err := seal.ParsePublicKey(raw); err != nil {
				return fmt.Errorf("%s: %w", o.worker().PublicKey(), err)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), base64.StdEncoding.EncodeToString(raw))
			return err
		},
	}
}
