package jsonld_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/piprate/json-gold/ld"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

const (
	recordID = "00112233445566778899aabbccddeeff"
	owner    = "alita1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqd4uhrm"
)

var network = jsonld.Network{ChainID: "alita-1", AccessBaseURL: "https://gateway.example.org"}

// stateOf is a record in the state with this core.
func stateOf(d types.Dataset) (types.Record, types.Version) {
	published := time.Date(2026, 11, 21, 8, 0, 0, 123, time.UTC)
	return types.Record{Id: recordID, Owner: owner, PoolId: 1, PublishedAt: published, ModifiedAt: published.Add(time.Hour)},
		types.Version{RecordId: recordID, Number: 1, Content: types.VersionContent{Version: "1.2.0", Dataset: d}}
}

func mustExport(t require.TestingT, d types.Dataset, profile string, n jsonld.Network) []byte {
	record, version := stateOf(d)
	out, err := jsonld.Export(record, version, profile, n)
	require.NoError(t, err)
	return out
}

// fullDataset has something in every field.
func fullDataset() types.Dataset {
	return types.Dataset{
		Names:        []types.LocalizedText{{Language: "en", Text: `The "balance" <of> 1879 & more`}, {Language: "de-CH", Text: "Waage"}},
		Descriptions: []types.LocalizedText{{Language: "en", Text: longText + "\n\n</script><b>Not markup</b> &amp; a tab\t\u2028."}, {Text: longText}},
		License:      "CC-BY-4.0",
		Creators: []types.Agent{
			{Type: types.AGENT_TYPE_PERSON, Name: "Albert A. Michelson", Id: "https://orcid.org/0000-0002-1825-0097"},
			{Type: types.AGENT_TYPE_ORGANIZATION, Name: "NIST", Id: "https://ror.org/05xpvk416"},
			{Type: types.AGENT_TYPE_PERSON, Name: "x@y.example"},
		},
		Publisher:            &types.Agent{Type: types.AGENT_TYPE_ORGANIZATION, Name: "Naval Academy"},
		Keywords:             []string{"light", "speed, of light"},
		Languages:            []string{"en", "de-CH"},
		Identifiers:          []string{"https://doi.org/10.1000/182", "ark:/99152/x1"},
		Url:                  "https://example.org/balance",
		SameAs:               []string{"https://example.com/balance"},
		DateCreated:          "1879-07",
		TemporalCoverage:     "1879-06-05/..",
		SpatialCoverage:      &types.GeoBox{West: 1799999999, South: -900000000, East: -764840001, North: 1},
		SpatialName:          "Annapolis",
		MeasurementTechnique: "rotating mirror; clock\nand tape",
		Citation:             "@article{x,\n title={Y}\n}",
		ConditionsOfAccess:   "For research.\nNo <resale>.",
		UsageTerms:           []string{"DUO:0000042", "odrl:use", "https://example.org/terms"},
		Columns: []types.Column{
			{Name: "v", Type: datapooltypes.COLUMN_TYPE_INTEGER, Unit: "km/s", Description: "velocity\nin air"},
			{Name: "t/°C", Type: datapooltypes.COLUMN_TYPE_DECIMAL},
			{Name: "who", Type: datapooltypes.COLUMN_TYPE_CATEGORY, Sensitive: true},
			{Name: "note", Type: datapooltypes.COLUMN_TYPE_TEXT},
			{Name: "clear", Type: datapooltypes.COLUMN_TYPE_BOOLEAN},
			{Name: "when", Type: datapooltypes.COLUMN_TYPE_DATETIME},
			{Name: "any"},
		},
		Files: []types.File{
			{Name: "light readings.csv", EncodingFormat: "text/csv", ContentSize: 1234, Sha256: bytes.Repeat([]byte{0xab}, 32)},
			{Name: "notes.json", EncodingFormat: "application/json", ContentSize: 1, Sha256: bytes.Repeat([]byte{1}, 32)},
		},
		IsBasedOn: []types.VersionRef{{RecordId: "ffeeddccbbaa99887766554433221100", Version: "0.1.0-rc.1"}},
	}
}

func minimalDataset() types.Dataset {
	return types.Dataset{
		Names:        []types.LocalizedText{{Text: "Balance"}},
		Descriptions: []types.LocalizedText{{Text: longText}},
		License:      "https://data.example.org/licence",
		Files:        []types.File{{Name: "a.csv", EncodingFormat: "text/csv", ContentSize: 9, Sha256: make([]byte, 32)}},
	}
}

func TestExportImportRoundTrip(t *testing.T) {
	require.Empty(t, errorsOf(types.CheckDataset(fullDataset())), "the fixture is what a chain accepts")
	for name, d := range map[string]types.Dataset{"full": fullDataset(), "minimal": minimalDataset()} {
		for _, profile := range []string{jsonld.ProfileSchemaOrg, jsonld.ProfileCroissant} {
			for _, n := range []jsonld.Network{network, {ChainID: "alita-1"}} {
				t.Run(name+" "+profile+" "+n.AccessBaseURL, func(t *testing.T) {
					doc := mustExport(t, d, profile, n)
					require.Equal(t, doc, mustExport(t, d, profile, n), "the same bytes each time")
					out := mustImport(t, string(doc), jsonld.Options{})
					require.Equal(t, d, out.Dataset)
					require.Equal(t, "1.2.0", out.Version)
					require.True(t, out.Accepted())
					for _, f := range out.Findings {
						require.NotContains(t, f.Message, "not carried", "nothing is lost")
						require.NotContains(t, f.Message, "written as", "nothing is changed")
						require.NotContains(t, f.Message, "HTML", "nothing is converted")
					}
				})
			}
		}
	}
}

func TestExportSchemaOrg(t *testing.T) {
	var doc map[string]any
	raw := mustExport(t, fullDataset(), jsonld.ProfileSchemaOrg, network)
	require.NoError(t, json.Unmarshal(raw, &doc))
	require.NotContains(t, string(raw), "<", "the document can stand in a page")
	require.Equal(t, "alita:alita-1/dataset/"+recordID, doc["@id"])
	require.Equal(t, "Dataset", doc["@type"])
	require.Equal(t, []any{"alita:alita-1/dataset/" + recordID, "https://doi.org/10.1000/182", "ark:/99152/x1"}, doc["identifier"])
	require.Equal(t, "https://example.org/balance", doc["url"])
	require.Equal(t, []any{"https://example.com/balance", "https://gateway.example.org/alita/metadata/v1/records/" + recordID}, doc["sameAs"])
	require.Equal(t, "https://spdx.org/licenses/CC-BY-4.0", doc["license"])
	require.Equal(t, false, doc["isAccessibleForFree"])
	require.Equal(t, "2026-11-21T08:00:00Z", doc["datePublished"])
	require.Equal(t, "2026-11-21T09:00:00Z", doc["dateModified"])
	require.Equal(t, "-90 179.9999999 0.0000001 -76.4840001", doc["spatialCoverage"].(map[string]any)["geo"].(map[string]any)["box"])
	file := doc["distribution"].([]any)[1].(map[string]any)
	require.Equal(t, "https://gateway.example.org/alita/metadata/v1/records/"+recordID+"/versions/1.2.0/files/1", file["contentUrl"])
	require.Equal(t, strings.Repeat("01", 32), file["sha256"])

	require.NoError(t, json.Unmarshal(mustExport(t, minimalDataset(), "", jsonld.Network{ChainID: "alita-1"}), &doc))
	require.Equal(t, "alita:alita-1/dataset/"+recordID, doc["url"], "without gateways there is the record's IRI")
	require.Contains(t, doc["conditionsOfAccess"], "stay with their owner")
	require.Equal(t, owner, doc["creator"].([]any)[0].(map[string]any)["name"])
}

func TestExportUnknownProfile(t *testing.T) {
	record, version := stateOf(minimalDataset())
	_, err := jsonld.Export(record, version, "dublin-core", network)
	require.ErrorIs(t, err, jsonld.ErrProfile)
	require.ErrorContains(t, err, "schema.org, croissant, dcat")
}

// noLoader fails where an expansion would fetch anything.
type noLoader struct{}

func (noLoader) LoadDocument(u string) (*ld.RemoteDocument, error) {
	return nil, errors.New("a document asks for " + u)
}

// expand expands a document and returns its nodes by type.
func expand(t *testing.T, doc []byte) map[string][]map[string]any {
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
			for kind, d := range map[string]types.Dataset{"full": fullDataset(), "minimal": minimalDataset()} {
				for _, n := range []jsonld.Network{network, {ChainID: "alita-1"}} {
					nodes := expand(t, mustExport(t, d, c.profile, n))
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
	nodes := expand(t, mustExport(t, fullDataset(), jsonld.ProfileCroissant, network))
	require.Len(t, nodes[cr+"RecordSet"], 1)
	require.Len(t, nodes[cr+"Field"], 7)
	for _, f := range nodes[cr+"Field"] {
		source := f[cr+"source"].([]any)[0].(map[string]any)
		require.NotEmpty(t, source[cr+"extract"].([]any)[0].(map[string]any)[cr+"column"])
		require.Equal(t, "alita:alita-1/dataset/"+recordID+"/version/1.2.0/file/0", source[cr+"fileObject"].([]any)[0].(map[string]any)["@id"])
	}
	require.Len(t, expand(t, mustExport(t, fullDataset(), jsonld.ProfileSchemaOrg, network))["http://schema.org/PropertyValue"], 7)
}

// TestExportImportProperty draws cores that a chain accepts: what is exported comes back as it was.
func TestExportImportProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDataset(t)
		require.Empty(t, errorsOf(types.CheckDataset(d)), "the generator draws what a chain accepts")
		profile := rapid.SampledFrom([]string{jsonld.ProfileSchemaOrg, jsonld.ProfileCroissant}).Draw(t, "profile")
		n := rapid.SampledFrom([]jsonld.Network{network, {ChainID: "alita_1-x.y"}}).Draw(t, "network")
		out, err := jsonld.Import(mustExport(t, d, profile, n), jsonld.Options{})
		require.NoError(t, err)
		require.Equal(t, d, out.Dataset)
		require.True(t, out.Accepted())
	})
}

func drawDataset(t *rapid.T) types.Dataset {
	text := func(name string, least, most int) string {
		inner := rapid.StringOfN(rapid.RuneFrom([]rune("aZ09 é語😀\"\\<>&;,/'#@{}[]:\u2028%")), least, most-2, -1).Draw(t, name)
		return "x" + inner + "."
	}
	lines := func(name string, least, most int) string {
		inner := rapid.StringOfN(rapid.RuneFrom([]rune("ab \n\té\"<b>&amp;,")), least, most-2, -1).Draw(t, name)
		return "x" + inner + "."
	}
	optional := func(name string, value func() string) string {
		if rapid.Bool().Draw(t, name+"?") {
			return value()
		}
		return ""
	}
	pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	localized := func(name string, draw func() string) []types.LocalizedText {
		var out []types.LocalizedText
		for _, l := range rapid.Permutation([]string{"", "en", "de-CH", "zh-Hant"}).Draw(t, name)[:rapid.IntRange(1, 4).Draw(t, name+" n")] {
			out = append(out, types.LocalizedText{Language: l, Text: draw()})
		}
		return out
	}
	list := func(name string, values ...string) []string {
		n := rapid.IntRange(0, len(values)).Draw(t, name)
		if n == 0 {
			return nil
		}
		return rapid.Permutation(values).Draw(t, name+" order")[:n]
	}
	agent := func(name string) types.Agent {
		return types.Agent{
			Type: types.AgentType(rapid.IntRange(1, 2).Draw(t, name+" type")),
			Name: text(name, 0, 60), Id: pick(name+" id", "", "https://orcid.org/0000-0002-1825-0097", "https://www.orcid.org/x", "https://example.org/~a?b=c&d#e"),
		}
	}
	d := types.Dataset{
		Names:                localized("name", func() string { return text("name text", 1, 100) }),
		Descriptions:         localized("description", func() string { return lines("description text", 50, 200) }),
		License:              pick("license", "CC0-1.0", "MIT", "https://data.example.org/l?a=1&b=2"),
		Keywords:             list("keywords", "a", "b, c", "ü", "a<b>", "&amp;"),
		Languages:            list("languages", "en", "de-CH", "fr"),
		Identifiers:          list("identifiers", "https://doi.org/10.1000/182", "doi:10.1000/3", "urn:uuid:1", "ark:/1/2"),
		Url:                  pick("url", "", "https://example.org/a"),
		SameAs:               list("same as", "https://example.org/b", "https://dx.doi.org/10.1000/9"),
		DateCreated:          pick("created", "", "1879", "1879-07", "1879-07-04", "1879-07-04T10:30:00+01:00"),
		TemporalCoverage:     pick("temporal", "", "1879", "../1879-07", "1879-07-04/..", "2019-04-26T00:00:00Z/2019-06-02T18:00:00Z"),
		SpatialName:          optional("place", func() string { return lines("place", 0, 30) }),
		MeasurementTechnique: optional("technique", func() string { return lines("technique", 0, 30) }),
		Citation:             optional("citation", func() string { return lines("citation", 0, 60) }),
		ConditionsOfAccess:   optional("conditions", func() string { return lines("conditions", 0, 60) }),
		UsageTerms:           list("usage", "DUO:0000042", "odrl:use", "https://example.org/terms", "urn:x:y"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "creators") {
		d.Creators = append(d.Creators, agent("creator"))
	}
	if rapid.Bool().Draw(t, "publisher?") {
		p := agent("publisher")
		d.Publisher = &p
	}
	if rapid.Bool().Draw(t, "box?") {
		degrees := func(name string, most int32) int32 {
			return rapid.Int32Range(-most, most).Draw(t, name)
		}
		south, north := degrees("south", 900000000), degrees("north", 900000000)
		d.SpatialCoverage = &types.GeoBox{West: degrees("west", 1800000000), East: degrees("east", 1800000000), South: min(south, north), North: max(south, north)}
	}
	seen := map[string]bool{}
	for range rapid.IntRange(0, 5).Draw(t, "columns") {
		c := types.Column{
			Name: text("column", 0, 20), Type: datapooltypes.ColumnType(rapid.IntRange(0, 6).Draw(t, "type")),
			Unit: optional("unit", func() string { return text("unit", 0, 10) }), Description: optional("about", func() string { return lines("about", 0, 40) }),
			Sensitive: rapid.Bool().Draw(t, "sensitive"),
		}
		if !seen[c.Name] {
			seen[c.Name] = true
			d.Columns = append(d.Columns, c)
		}
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "files") {
		d.Files = append(d.Files, types.File{
			Name: pick("file", "a b.csv", "é.csv", "..x") + string(rune('a'+i)), EncodingFormat: pick("format", "text/csv", "application/vnd.apache.parquet"),
			ContentSize: rapid.Uint64Range(1, types.MaxFileBytes).Draw(t, "size"), Sha256: rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "sha256"),
		})
	}
	if rapid.Bool().Draw(t, "lineage?") {
		d.IsBasedOn = []types.VersionRef{{RecordId: recordID, Version: pick("based on", "1.0.0", "0.1.0-rc.1+b.2")}}
	}
	return d
}
