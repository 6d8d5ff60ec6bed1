package document_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/client/publisher/document"
	rules "github.com/alita-network/alita/terms/text"
	"github.com/alita-network/alita/testutil/datasets"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

func TestExportImportRoundTrip(t *testing.T) {
	require.Empty(t, errorsOf(types.FindingsOf(datasets.Full())), "the fixture is what a chain accepts")
	for name, d := range map[string]types.Dataset{"full": datasets.Full(), "minimal": datasets.Minimal()} {
		for _, profile := range []string{jsonld.ProfileSchemaOrg, jsonld.ProfileCroissant} {
			for _, n := range []jsonld.Network{datasets.Network, {ChainID: "alita-1"}} {
				t.Run(name+" "+profile+" "+n.AccessBaseURL, func(t *testing.T) {
					doc := datasets.Export(t, d, profile, n)
					require.Equal(t, doc, datasets.Export(t, d, profile, n), "the same bytes each time")
					out := mustImport(t, string(doc), document.Options{})
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

// TestExportImportProperty draws cores that a chain accepts: what is exported comes back as it was.
func TestExportImportProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDataset(t)
		require.Empty(t, errorsOf(types.FindingsOf(d)), "the generator draws what a chain accepts")
		profile := rapid.SampledFrom([]string{jsonld.ProfileSchemaOrg, jsonld.ProfileCroissant}).Draw(t, "profile")
		n := rapid.SampledFrom([]jsonld.Network{datasets.Network, {ChainID: "alita_1-x.y"}}).Draw(t, "network")
		out, err := document.Import(datasets.Export(t, d, profile, n), document.Options{})
		require.NoError(t, err)
		require.Equal(t, d, out.Dataset)
		require.True(t, out.Accepted())
	})
}

func drawDataset(t *rapid.T) types.Dataset {
	text := func(name string, least, most int) string {
		inner := rapid.StringOfN(rapid.RuneFrom([]rune("aZ09 é語😀\"\\<>&;,/'#@{}[]:%")), least, most-2, -1).Draw(t, name)
		return strings.Join(strings.Fields("x"+inner+"."), " ")
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
		UsageTerms:           list("usage", "DUO:0000042", "odrl:use", "https://example.org/terms", "urn:example:y"),
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
	var names rules.Names
	for range rapid.IntRange(0, 5).Draw(t, "columns") {
		c := types.Column{
			Name: text("column", 0, 20), Type: datapooltypes.ColumnType(rapid.IntRange(0, 6).Draw(t, "type")),
			Unit: optional("unit", func() string { return text("unit", 0, 10) }), Description: optional("about", func() string { return lines("about", 0, 40) }),
			Sensitive: rapid.Bool().Draw(t, "sensitive"),
		}
		if names.Add(c.Name) == nil {
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
		d.IsBasedOn = []types.VersionRef{{RecordId: datasets.RecordID, Version: pick("based on", "1.0.0", "0.1.0-rc.1+b.2")}}
	}
	return d
}
