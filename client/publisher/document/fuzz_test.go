package document_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/testutil/datasets"
	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

func addSeeds(f *testing.F) {
	f.Helper()
	for _, doc := range []string{
		`{}`, `[]`, `{"@type":"Dataset"}`, dataset(""), `{"@context":"http://mlcommons.org/croissant/1.1",` + recordSets + `}`,
		dataset(`"spatialCoverage":{"@type":"Place","geo":{"@type":"GeoShape","box":"1 2 3 4","polygon":"1,2 3,4"}},"distribution":{"contentSize":"1e9 GB"}`),
		dataset(`"creator":{"@type":"Role","creator":{"@type":"Role","creator":"x"}},"keywords":"a,b","name":{"en":["x"]}`),
		`{"@context":{"a":"b","b":"a","@vocab":"a"},"@graph":[{"@id":"x","@type":"Dataset","creator":{"@id":"y"}},{"@id":"y","creator":{"@id":"x"}}]}`,
		strings.Repeat("[", 40), `{"a":1,"a":2}`, "\"\xff\"", `"\ud800"`, `{"@context":[[[null]]],"@type":["Dataset",7]}`,
	} {
		f.Add([]byte(doc))
	}
	f.Add(datasets.Export(f, datasets.Full(), jsonld.ProfileSchemaOrg, datasets.Network))
	f.Add(datasets.Export(f, datasets.Full(), jsonld.ProfileCroissant, datasets.Network))
	f.Add(datasets.Export(f, datasets.Full(), jsonld.ProfileDCAT, datasets.Network))
}

func FuzzRead(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		v, err := document.Read(doc)
		if err != nil {
			require.Nil(t, v)
			return
		}
		require.LessOrEqual(t, len(doc), document.MaxBytes)
		require.LessOrEqual(t, depthOf(v), document.MaxDepth)
	})
}

func depthOf(v *document.Value) int {
	deepest := 0
	for _, item := range v.Items {
		deepest = max(deepest, depthOf(item))
	}
	for _, m := range v.Members {
		deepest = max(deepest, depthOf(m.Value))
	}
	if v.Kind == document.Array || v.Kind == document.Object {
		deepest++
	}
	return deepest
}

func FuzzImport(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		out, err := document.Import(doc, document.Options{Select: "0"})
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(out.Findings), 2100)
		for _, finding := range out.Findings {
			require.True(t, strings.HasPrefix(finding.Path, "$"), finding.Path)
			require.NotEmpty(t, finding.Message)
		}
		if out.Accepted() {
			// What a chain checks again agrees, apart from the file, which the document need not describe.
			d := out.Dataset
			d.Files = withFile(types.Dataset{}).Files
			require.Empty(t, errorsOf(types.FindingsOf(d)))
		}
	})
}
