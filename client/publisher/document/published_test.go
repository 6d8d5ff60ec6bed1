package document_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/testutil/datasets"
	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

var update = flag.Bool("update", false, "write the golden findings again; read them against the documents afterwards")

const publishedDir = "../../../testdata/jsonld"

// published is a document that somebody else published.
type published struct {
	Name   string
	SHA256 string
	Supply *document.Options // what flags must supply, nil for nothing
}

// golden is what the import must say of a document.
type golden struct {
	Error    string             `json:"error,omitempty"`
	Accepted bool               `json:"accepted"`
	Version  string             `json:"version,omitempty"`
	Core     *coreFacts         `json:"core,omitempty"`
	Findings []document.Finding `json:"findings,omitempty"`
}

// coreFacts are the facts of a core that say whether its parts were found.
type coreFacts struct {
	License     string        `json:"license"`
	Languages   []string      `json:"languages_of_names"`
	DataIn      []string      `json:"languages_of_data,omitempty"`
	Creators    []types.Agent `json:"creators,omitempty"`
	Publisher   string        `json:"publisher,omitempty"`
	PublisherID string        `json:"publisher_id,omitempty"`
	Keywords    int           `json:"keywords"`
	Identifiers []string      `json:"identifiers,omitempty"`
	URL         string        `json:"url,omitempty"`
	SameAs      []string      `json:"same_as,omitempty"`
	Temporal    string        `json:"temporal_coverage,omitempty"`
	Box         *types.GeoBox `json:"box,omitempty"`
	Citation    bool          `json:"citation"`
	Columns     []string      `json:"columns,omitempty"`
	Files       []string      `json:"files,omitempty"`
}

func goldenOf(out document.Imported, err error) golden {
	if err != nil {
		return golden{Error: err.Error()}
	}
	d := out.Dataset
	c := coreFacts{
		License: d.License, Creators: d.Creators, Keywords: len(d.Keywords), Identifiers: d.Identifiers, URL: d.Url,
		SameAs: d.SameAs, Temporal: d.TemporalCoverage, Box: d.SpatialCoverage, Citation: d.Citation != "", Languages: []string{},
		DataIn: d.Languages,
	}
	if d.Publisher != nil {
		c.Publisher, c.PublisherID = d.Publisher.Name, d.Publisher.Id
	}
	for _, n := range d.Names {
		c.Languages = append(c.Languages, n.Language)
	}
	for _, col := range d.Columns {
		c.Columns = append(c.Columns, col.Name+" "+col.Type.String()+" "+col.Unit)
	}
	for _, f := range d.Files {
		c.Files = append(c.Files, f.Name+" "+f.EncodingFormat)
	}
	return golden{Accepted: out.Accepted(), Version: out.Version, Core: &c, Findings: out.Findings}
}

// TestPublishedDocuments imports documents that others published. They are not part of this repository:
// testdata/jsonld/SOURCES.md says which they are and where to put them.
func TestPublishedDocuments(t *testing.T) {
	dir := os.Getenv("ALITA_JSONLD_DOCUMENTS")
	if dir == "" {
		dir = filepath.Join(publishedDir, "published")
	}
	all := readPublished(t, filepath.Join(publishedDir, "published.json"))
	require.GreaterOrEqual(t, len(all), 12)
	for _, p := range all {
		t.Run(p.Name, func(t *testing.T) {
			doc, err := os.ReadFile(filepath.Join(dir, p.Name+".json"))
			if errors.Is(err, fs.ErrNotExist) {
				t.Skipf("%s is not here; testdata/jsonld/SOURCES.md tells where to get it", p.Name)
			}
			require.NoError(t, err)
			checkPublished(t, p, doc)
		})
	}
}

// TestKeptDocuments imports the documents of others that are kept in this repository, so it always runs.
func TestKeptDocuments(t *testing.T) {
	dir := filepath.Join(publishedDir, "documents")
	all := readPublished(t, filepath.Join(dir, "documents.json"))
	require.NotEmpty(t, all)
	for _, p := range all {
		t.Run(p.Name, func(t *testing.T) {
			doc, err := os.ReadFile(filepath.Join(dir, p.Name+".json"))
			require.NoError(t, err)
			checkPublished(t, p, doc)
		})
	}
}

func readPublished(t *testing.T, file string) []published {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	var all []published
	require.NoError(t, json.Unmarshal(raw, &all))
	return all
}

// checkPublished imports a document as it is and with what flags must supply, and compares with the golden findings.
func checkPublished(t *testing.T, p published, doc []byte) {
	t.Helper()
	sum := sha256.Sum256(doc)
	require.Equal(t, p.SHA256, hex.EncodeToString(sum[:]), "the document is the one that was read")

	out, importErr := document.Import(doc, document.Options{})
	got, err := json.MarshalIndent(goldenOf(out, importErr), "", "  ")
	require.NoError(t, err)
	file := filepath.Join(publishedDir, "golden", p.Name+".json")
	if *update {
		require.NoError(t, os.WriteFile(file, append(got, '\n'), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.JSONEq(t, string(want), string(got))

	if p.Supply != nil {
		out, importErr = document.Import(doc, *p.Supply)
		require.NoError(t, importErr)
	}
	if importErr != nil {
		return
	}
	require.True(t, out.Accepted(), "what flags supply makes it acceptable: %v", refusals(out))
	d := out.Dataset
	d.Files = withFile(types.Dataset{}).Files
	require.Empty(t, errorsOf(types.FindingsOf(d)))
	// What was carried comes back from what is exported.
	for _, profile := range []string{jsonld.ProfileSchemaOrg, jsonld.ProfileCroissant} {
		require.Equal(t, d, mustImport(t, string(datasets.Export(t, d, profile, datasets.Network)), document.Options{}).Dataset)
		datasets.Expand(t, datasets.Export(t, d, profile, datasets.Network))
	}
	datasets.Expand(t, datasets.Export(t, d, jsonld.ProfileDCAT, datasets.Network))
}
