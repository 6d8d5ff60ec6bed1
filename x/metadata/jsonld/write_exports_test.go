package jsonld_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

var exportsDir = flag.String("exports", "", "an existing folder into which TestWriteExports writes documents for other validators")

// TestWriteExports writes exported documents for the shapes of tests/shacl.
func TestWriteExports(t *testing.T) {
	if *exportsDir == "" {
		t.Skip("writes documents for tests/shacl if -exports names a folder")
	}
	withKeyword := minimalDataset()
	withKeyword.Keywords = []string{"balance"}
	for name, d := range map[string]types.Dataset{"full": fullDataset(), "minimal": withKeyword} {
		for _, profile := range jsonld.Profiles() {
			file := filepath.Join(*exportsDir, name+"-"+profile+".json")
			require.NoError(t, os.WriteFile(file, mustExport(t, d, profile, network), 0o600))
		}
	}
}
