package jsonld_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/testutil/datasets"
	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

func TestExportSchemaOrg(t *testing.T) {
	var doc map[string]any
	raw := datasets.Export(t, datasets.Full(), jsonld.ProfileSchemaOrg, datasets.Network)
	require.NoError(t, json.Unmarshal(raw, &doc))
	require.NotContains(t, string(raw), "<", "the document can stand in a page")
	require.Equal(t, "alita:alita-1/dataset/"+datasets.RecordID, doc["@id"])
	require.Equal(t, "Dataset", doc["@type"])
	require.Equal(t, []any{"alita:alita-1/dataset/" + datasets.RecordID, "https://doi.org/10.1000/182", "ark:/99152/x1"}, doc["identifier"])
	require.Equal(t, "https://example.org/balance", doc["url"])
	require.Equal(t, []any{"https://example.com/balance", "https://gateway.example.org/alita/metadata/v1/records/" + datasets.RecordID}, doc["sameAs"])
	require.Equal(t, "https://spdx.org/licenses/CC-BY-4.0", doc["license"])
	require.Equal(t, false, doc["isAccessibleForFree"])
	require.Equal(t, "2026-11-21T08:00:00Z", doc["datePublished"])
	require.Equal(t, "2026-11-21T09:00:00Z", doc["dateModified"])
	require.Equal(t, "-90 179.9999999 0.0000001 -76.4840001", doc["spatialCoverage"].(map[string]any)["geo"].(map[string]any)["box"])
	file := doc["distribution"].([]any)[1].(map[string]any)
	require.Equal(t, "https://gateway.example.org/alita/metadata/v1/records/"+datasets.RecordID+"/versions/1.2.0/files/1", file["contentUrl"])
	require.Equal(t, strings.Repeat("01", 32), file["sha256"])

	require.NoError(t, json.Unmarshal(datasets.Export(t, datasets.Minimal(), "", jsonld.Network{ChainID: "alita-1"}), &doc))
	require.Equal(t, "alita:alita-1/dataset/"+datasets.RecordID, doc["url"], "without gateways there is the record's IRI")
	require.Contains(t, doc["conditionsOfAccess"], "stay with their owner")
	require.Equal(t, datasets.Owner, doc["creator"].([]any)[0].(map[string]any)["name"])
}

func TestExportUnknownProfile(t *testing.T) {
	record, version := datasets.State(datasets.Minimal())
	_, err := jsonld.Export(record, version, "dublin-core", datasets.Network)
	require.ErrorIs(t, err, jsonld.ErrProfile)
	require.ErrorContains(t, err, "schema.org, croissant, dcat")
}

func TestExportExpands(t *testing.T) {
	const (
		so   = "http://schema.org/"
		sos  = "https://schema.org/"
		cr   = "http://mlcommons.org/croissant/"
		dcat = "http://www.w3.org/ns/dcat#"
		dct  = "http://purl.org/dc/terms/"
		foaf = "http://xmlns.com/foaf/0.1/"
	)
	prefixed := func(ns string, terms ...string) []string {
		out := make([]string, len(terms))
		for i, term := range terms {
			out[i] = ns + term
		}
		return out
	}
	for name, c := range map[string]struct {
		profile  string
		required map[string][]string // properties that every node of a type has
	}{
		"schema.org": {jsonld.ProfileSchemaOrg, map[string][]string{
			so + "Dataset": prefixed(so, "name", "description", "url", "identifier", "version", "license", "creator",
				"datePublished", "dateModified", "isAccessibleForFree", "conditionsOfAccess", "distribution", "includedInDataCatalog"),
			so + "DataDownload": prefixed(so, "name", "contentUrl", "encodingFormat", "contentSize", "sha256"),
		}},
		"croissant": {jsonld.ProfileCroissant, map[string][]string{
			sos + "Dataset": append(prefixed(sos, "name", "description", "license", "url", "creator", "datePublished", "version", "distribution"),
				dct+"conformsTo"),
			cr + "FileObject": prefixed(sos, "name", "contentUrl", "encodingFormat", "contentSize", "sha256"),
		}},
		"dcat": {jsonld.ProfileDCAT, map[string][]string{
			dcat + "Dataset":      append(prefixed(dct, "title", "description", "identifier", "creator", "publisher", "issued", "modified", "accessRights"), dcat+"distribution", dcat+"version", dcat+"landingPage"),
			dcat + "Distribution": append(prefixed(dct, "title", "license", "rights"), prefixed(dcat, "accessURL", "mediaType", "byteSize")...),
			foaf + "Agent":        {foaf + "name"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, d := range map[string]types.Dataset{"full": datasets.Full(), "minimal": datasets.Minimal()} {
				for _, n := range []jsonld.Network{datasets.Network, {ChainID: "alita-1"}} {
					nodes := datasets.Expand(t, datasets.Export(t, d, c.profile, n))
					for want, properties := range c.required {
						require.NotEmpty(t, nodes[want], "%s: a node of type %s", kind, want)
						for _, node := range nodes[want] {
							if id, named := node["@id"].(string); named {
								require.Contains(t, id, ":", "an absolute IRI")
							}
							for _, p := range properties {
								require.NotEmpty(t, node[p], "%s: %s of %s", kind, p, want)
							}
						}
					}
				}
			}
		})
	}
	nodes := datasets.Expand(t, datasets.Export(t, datasets.Full(), jsonld.ProfileCroissant, datasets.Network))
	require.Len(t, nodes[cr+"RecordSet"], 1)
	require.Len(t, nodes[cr+"Field"], 7)
	for _, f := range nodes[cr+"Field"] {
		source := f[cr+"source"].([]any)[0].(map[string]any)
		require.NotEmpty(t, source[cr+"extract"].([]any)[0].(map[string]any)[cr+"column"])
		require.Equal(t, "alita:alita-1/dataset/"+datasets.RecordID+"/version/1.2.0/file/0", source[cr+"fileObject"].([]any)[0].(map[string]any)["@id"])
	}
	require.Len(t, datasets.Expand(t, datasets.Export(t, datasets.Full(), jsonld.ProfileSchemaOrg, datasets.Network))["http://schema.org/PropertyValue"], 7)
}
