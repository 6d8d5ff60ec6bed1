package metadata

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/crypto/seal"
)

// readWorkerKeys reads the public keys of the owner's workers from the workers' own files, by the workers' accounts.
func readWorkerKeys(cmd *cobra.Command) (map[string][]byte, error) {
	named, err := cmd.Flags().GetStringArray(flagWorkerKey)
	if err != nil {
		return nil, err
	}
	known := map[string][]byte{}
	for _, text := range named {
		worker, file, ok := strings.Cut(text, "=")
		if !ok || worker == "" {
			return nil, fmt.Errorf("--%s: expected WORKER=FILE, got %q", flagWorkerKey, text)
		}
		key, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", flagWorkerKey, err)
		}
		// `alita-worker key` prints the same in base64.
		if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(key))); err == nil {
			key = decoded
		}
		if _, err := seal.ParsePublicKey(key); err != nil {
			return nil, fmt.Errorf("--%s: %s: %w", flagWorkerKey, file, err)
		}
		known[worker] = key
	}
	return known, nil
}
