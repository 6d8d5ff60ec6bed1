package datasets

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/piprate/json-gold/ld"
	"github.com/stretchr/testify/require"
)

// noLoader fails if an expansion would fetch anything.
type noLoader struct{}

func (noLoader) LoadDocument(u string) (*ld.RemoteDocument, error) {
	return nil, errors.New("a document asks for " + u)
}

// Expand expands a document by a JSON-LD processor, which must fetch nothing, and returns its nodes by type.
func Expand(t *testing.T, doc []byte) map[string][]map[string]any {
	t.Helper()
	var parsed any
	require.NoError(t, json.Unmarshal(doc, &parsed))
	opts := ld.NewJsonLdOptions("")
	opts.DocumentLoader = noLoader{}
	expanded, err := ld.NewJsonLdProcessor().Expand(parsed, opts)
	require.NoError(t, err)
	nodes := make(map[string][]map[string]any)
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				visit(item)
			}
		case map[string]any:
			if kinds, ok := v["@type"].([]any); ok {
				for _, kind := range kinds {
					nodes[kind.(string)] = append(nodes[kind.(string)], v)
				}
			}
			for key, inner := range v {
				if key != "@type" {
					require.NotContains(t, key, " ", "every key is an IRI or a keyword")
					visit(inner)
				}
			}
		}
	}
	visit(expanded)
	return nodes
}
