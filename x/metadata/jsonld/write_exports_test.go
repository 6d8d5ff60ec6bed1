package jsonld_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/testutil/datasets"
	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

var exportsDir = flag.String("exports", "", "an existing folder into which TestWriteExports writes documents for other validators; empty for a temporary one")

// TestWriteExports writes exported documents for the shapes of tests/shacl.
func TestWriteExports(t *testing.T) {
	dir := *exportsDir
	if dir == "" {
		dir = t.TempDir()
	}
	withKeyword := datasets.Minimal()
	withKeyword.Keywords = []string{"balance"}
	for name, d := range map[string]types.Dataset{"full": datasets.Full(), "minimal": withKeyword} {
		for _, profile := range jsonld.Profiles() {
			file := filepath.Join(dir, name+"-"+profile+".json")
			document := datasets.Export(t, d, profile, datasets.Network)
			require.True(t, json.Valid(document), file)
			require.NoError(t, os.WriteFile(file, document, 0o600))
		}
	}
}
