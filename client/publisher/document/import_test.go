package document_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher/document"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

const longText = "Readings of a balance in a cellar, taken once an hour over one winter."

// dataset is a document with these members besides context, type, name, description and licence.
func dataset(members string) string {
	if members != "" {
		members = "," + members
	}
	return `{"@context":"https://schema.org/","@type":"Dataset","name":"Balance","description":"` + longText +
		`","license":"CC0-1.0"` + members + `}`
}

func mustImport(t *testing.T, doc string, opts document.Options) document.Imported {
	t.Helper()
	out, err := document.Import([]byte(doc), opts)
	require.NoError(t, err)
	return out
}

// lines are the findings as "severity path: message", without those that every document of dataset has.
func lines(out document.Imported) []string {
	got := []string{}
	for _, f := range out.Findings {
		if f.Path == "$.creator" || f.Path == "$.keywords" && f.Fix != "" || f.Path == "$.distribution" && f.Severity == types.SeverityWarning {
			continue
		}
		got = append(got, string(f.Severity)+" "+f.String())
	}
	return got
}

// TestImportForms gives one and the same content in the forms that real documents have.
func TestImportForms(t *testing.T) {
	for name, doc := range map[string]string{
		"plain":            dataset(""),
		"array":            `[` + dataset("") + `]`,
		"http namespace":   strings.Replace(dataset(""), "https://schema.org/", "http://schema.org", 1),
		"vocabulary":       strings.Replace(dataset(""), `"https://schema.org/"`, `{"@vocab":"http://schema.org/"}`, 1),
		"array of context": strings.Replace(dataset(""), `"https://schema.org/"`, `["https://schema.org",{"x":"https://example.org/"}]`, 1),
		"full IRIs":        `{"@type":["http://schema.org/Dataset"],"http://schema.org/name":[{"@value":"Balance"}],"https://schema.org/description":"` + longText + `","http://schema.org/license":[{"@id":"https://spdx.org/licenses/CC0-1.0"}]}`,
		"prefixes":         `{"@context":{"sc":"https://schema.org/"},"@type":"sc:Dataset","sc:name":"Balance","sc:description":"` + longText + `","sc:license":"CC0-1.0"}`,
		"undefined prefix": `{"@context":{},"@type":"schema:Dataset","schema:name":"Balance","schema:description":"` + longText + `","schema:license":"CC0-1.0"}`,
		"aliases":          `{"@context":{"@vocab":"https://schema.org/","type":"@type","title":"name","what":{"@id":"description"}},"type":"Dataset","title":"Balance","what":"` + longText + `","license":"CC0-1.0"}`,
		"graph":            `{"@context":"https://schema.org/","@graph":[{"@type":"Dataset","@id":"#d","name":"Balance","description":"` + longText + `","license":{"@id":"#l"}},{"@id":"#l","@type":"CreativeWork","name":"CC0 1.0"}]}`,
		"catalog":          `{"@context":"https://schema.org/","@type":"DataCatalog","name":"C","dataset":[` + dataset("") + `]}`,
		"typed literals":   strings.Replace(dataset(""), `"name":"Balance"`, `"name":{"@type":"Text","@value":"Balance"}`, 1),
		"language map":     strings.Replace(dataset(""), `"name":"Balance"`, `"name":{"@none":"Balance"}`, 1),
		"licence object":   strings.Replace(dataset(""), `"CC0-1.0"`, `{"@type":"CreativeWork","name":"Zero","url":"http://creativecommons.org/publicdomain/zero/1.0/"}`, 1),
		"licence list":     strings.Replace(dataset(""), `"CC0-1.0"`, `["https://creativecommons.org/publicdomain/zero/1.0/","CC0"]`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			out := mustImport(t, doc, document.Options{})
			require.Equal(t, mustImport(t, dataset(""), document.Options{}).Dataset, out.Dataset)
			require.True(t, out.Accepted())
			require.Equal(t, "1.0.0", out.Version)
		})
	}
}

func TestImportLanguages(t *testing.T) {
	other := "Messwerte einer Waage in einem Keller, stündlich über einen Winter."
	out := mustImport(t, `{"@context":{"@vocab":"https://schema.org/","@language":"en"},"@type":"Dataset","license":"CC0-1.0",
		"name":["Balance",{"@language":"de","@value":"Waage"},{"@language":"DE","@value":"Zweite"}],
		"description":{"en":"`+longText+`","de":["`+other+`"]}}`, document.Options{})
	require.Equal(t, []types.LocalizedText{{Language: "en", Text: "Balance"}, {Language: "de", Text: "Waage"}}, out.Dataset.Names)
	require.Equal(t, []types.LocalizedText{{Language: "en", Text: longText}, {Language: "de", Text: other}}, out.Dataset.Descriptions)
	require.Equal(t, []string{"warning $.name[2]: not carried: a record holds one text per language, the first was taken"}, lines(out))
}

func TestImportMarkup(t *testing.T) {
	for in, want := range map[string]string{
		`<p>One &amp; two</p>\r\n<ul><li>a</li><li>b</li></ul>`:                 "One & two\n\n- a\n\n- b",
		`&lt;p&gt;One&amp;nbsp;two&lt;/p&gt;`:                                   "One two",
		`<a href=\"https://example.org/\">text</a><script>alert(1)</script>end`: "textend",
		`line one<br/>line two<!-- no -->`:                                      "line one\nline two",
		`a < b and c > d, R&D, AT&T; 5 <6>`:                                     "a < b and c > d, R&D, AT&T; 5 <6>",
	} {
		doc := strings.Replace(dataset(""), longText, longText+` `+in, 1)
		out := mustImport(t, doc, document.Options{})
		require.Equal(t, longText+" "+want, strings.ReplaceAll(out.Dataset.Descriptions[0].Text, longText+"\n", longText+" "), in)
		require.Equal(t, strings.ContainsAny(in, "/;") && !strings.HasPrefix(in, "a <"), len(lines(out)) == 1, in)
	}
}

func TestImportVersions(t *testing.T) {
	for in, want := range map[string]string{
		`"1"`: "1.0.0", `1`: "1.0.0", `1.2`: "1.2.0", `"v2.1.0"`: "2.1.0", `"1.0.0-rc.1"`: "1.0.0-rc.1",
		`"2013-11-21"`: "1.0.0", `"DRAFT"`: "1.0.0", `"1.2.3.4"`: "1.0.0", `null`: "1.0.0", `""`: "1.0.0",
	} {
		out := mustImport(t, dataset(`"version":`+in), document.Options{})
		require.Equal(t, want, out.Version, in)
		require.True(t, out.Accepted())
	}
	require.Equal(t, []string{`warning $.version: not carried: "2013-11-21" is no version such as 1.0.0 (SemVer 2.0.0); 1.0.0 was taken (supply it with --record-version)`},
		lines(mustImport(t, dataset(`"version":"2013-11-21"`), document.Options{})))
	out := mustImport(t, dataset(`"version":"2013-11-21"`), document.Options{Version: "2.0"})
	require.False(t, out.Accepted())
	require.Contains(t, lines(out)[0], "error $.version: ")
}

func TestImportRefusals(t *testing.T) {
	short := strings.Repeat("ä", 49)
	bare := `{"@context":"https://schema.org/","@type":"Dataset"}`
	for name, c := range map[string]struct {
		doc   string
		want  []string // path and flag of each error
		fixed document.Options
	}{
		"nothing stated": {
			bare,
			[]string{"$.name --name", "$.description --description", "$.license --license"},
			document.Options{Name: "Balance", Description: longText, License: "MIT License"},
		},
		"no licence":           {strings.Replace(dataset(""), `,"license":"CC0-1.0"`, "", 1), []string{"$.license --license"}, document.Options{License: "http://creativecommons.org/licenses/by/4.0/"}},
		"unknown licence":      {strings.Replace(dataset(""), "CC0-1.0", "Public", 1), []string{"$.license --license"}, document.Options{License: "CC0"}},
		"49 runes":             {strings.Replace(dataset(""), longText, short, 1), []string{"$.description --description"}, document.Options{Description: short + "x"}},
		"empty name":           {strings.Replace(dataset(""), "Balance", " \\n", 1), []string{"$.name --name"}, document.Options{Name: "Balance"}},
		"two runes":            {strings.Replace(dataset(""), "Balance", "Ba", 1), []string{"$.name --name"}, document.Options{Name: "Bal"}},
		"private use":          {strings.Replace(dataset(""), "Balance", "Bal\\ue000ance", 1), []string{"$.name --name"}, document.Options{Name: "Balance"}},
		"5,001 runes":          {strings.Replace(dataset(""), longText, strings.Repeat("a", 5001), 1), []string{"$.description --description"}, document.Options{Description: longText}},
		"one of two languages": {strings.Replace(dataset(""), `"name":"Balance"`, `"name":{"en":"Balance","de":"W"}`, 1), []string{"$.name.de --name"}, document.Options{Name: "Balance"}},
	} {
		t.Run(name, func(t *testing.T) {
			out := mustImport(t, c.doc, document.Options{})
			require.False(t, out.Accepted())
			var got []string
			for _, f := range out.Findings {
				if f.Severity == types.SeverityError {
					got = append(got, f.Path+" "+f.Fix)
				}
			}
			require.Equal(t, c.want, got)
			fixed := mustImport(t, c.doc, c.fixed)
			require.True(t, fixed.Accepted(), "%v", fixed.Findings)
			require.Empty(t, errorsOf(types.FindingsOf(withFile(fixed.Dataset))))
		})
	}
}

// refusals are the findings that refuse the record.
func refusals(out document.Imported) []document.Finding {
	return slices.DeleteFunc(slices.Clone(out.Findings), func(f document.Finding) bool { return f.Severity != types.SeverityError })
}

func errorsOf(findings []types.Finding) []types.Finding {
	var out []types.Finding
	for _, f := range findings {
		if f.Severity == types.SeverityError {
			out = append(out, f)
		}
	}
	return out
}

// withFile adds a file where there is none: the local file gives it when a record is registered.
func withFile(d types.Dataset) types.Dataset {
	if len(d.Files) == 0 {
		d.Files = []types.File{{Name: "a.csv", EncodingFormat: "text/csv", ContentSize: 1, Sha256: make([]byte, 32)}}
	}
	return d
}

func TestChoice(t *testing.T) {
	two := `{"@context":"https://schema.org/","@graph":[{"@type":"Dataset","@id":"https://example.org/1","name":"First"},
		{"@type":"Person","name":"P"},{"@type":"Dataset","name":"Second","description":"` + longText + `","hasPart":{"@type":"Dataset","name":"Inner"}},
		{"@id":"https://example.org/1","@type":"Dataset"}]}`
	_, err := document.Import([]byte(two), document.Options{})
	require.ErrorIs(t, err, document.ErrSeveralDatasets)
	require.ErrorContains(t, err, `--select with the number or @id of one, got none: 0 https://example.org/1 "First", 1 "Second"`)
	for choice, name := range map[string]string{"0": "First", "https://example.org/1": "First", "1": "Second"} {
		require.Equal(t, name, mustImport(t, two, document.Options{Select: choice}).Dataset.Names[0].Text)
	}
	out := mustImport(t, two, document.Options{Select: "1"})
	require.Contains(t, lines(out), "warning $['@graph'][0]: not carried: it is outside of the Dataset")
	require.Contains(t, lines(out), "warning $['@graph'][2].hasPart: not carried: a record has no place for it")
	for _, choice := range []string{"2", "-1", "https://example.org/2", "00"} {
		_, err := document.Import([]byte(two), document.Options{Select: choice})
		if choice == "00" {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, document.ErrNoSuchDataset, choice)
	}
	for doc, text := range map[string]string{
		`{"@context":"https://schema.org/","@type":"Article","name":"x"}`:           "got Article",
		`{"@context":"https://schema.org/","name":"x"}`:                             "got no known @type",
		`{"@context":"http://www.w3.org/ns/dcat#","@type":"Dataset"}`:               "got no known @type",
		`{"@context":{"dcat":"http://www.w3.org/ns/dcat#"},"@type":"dcat:Dataset"}`: "got dcat:Dataset",
		`[]`: "got no known @type", `"Dataset"`: "got no known @type", `7`: "got no known @type",
	} {
		_, err := document.Import([]byte(doc), document.Options{})
		require.ErrorIs(t, err, document.ErrNoDataset, doc)
		require.ErrorContains(t, err, text, doc)
	}
}

func TestUnknownContext(t *testing.T) {
	doc := strings.Replace(dataset(""), `"https://schema.org/"`, `["https://schema.org/","https://example.org/context.jsonld"]`, 1)
	out := mustImport(t, doc, document.Options{})
	require.True(t, out.Accepted())
	require.Contains(t, lines(out)[0], "warning $['@context'][1]: a context that is not known here and never fetched")

	none := strings.Replace(dataset(""), `"@context":"https://schema.org/",`, "", 1)
	require.Equal(t, []string{"warning $: no @context; its plain names are read as schema.org's"}, lines(mustImport(t, none, document.Options{})))
}

const recordSets = `"@type":"sc:Dataset","name":"Balance","description":"` + longText + `","license":"CC0-1.0",
	"recordSet":[
		{"@type":"cr:RecordSet","@id":"rooms","dataType":"sc:Enumeration","field":[{"@type":"cr:Field","@id":"rooms/name","dataType":"sc:Text"}],"data":[{"rooms/name":"cellar"}]},
		{"@type":"cr:RecordSet","@id":"hours","field":[{"@type":"cr:Field","@id":"hours/hour","dataType":"sc:Date"}]},
		{"@type":"cr:RecordSet","@id":"rows","field":[
			{"@type":"cr:Field","@id":"rows/w","name":"rows/w","dataType":["sc:Float","wd:Q1"],"description":"weight","source":{"fileObject":{"@id":"f"},"extract":{"column":"weight"}}},
			{"@type":"cr:Field","@id":"rows/n","dataType":"cr:Int64"},
			{"@type":"cr:Field","@id":"rows/room","dataType":"sc:Text","references":{"field":{"@id":"rooms/name"}}},
			{"@type":"cr:Field","@id":"rows/path","dataType":"sc:Text","source":{"fileSet":{"@id":"s"},"extract":{"fileProperty":"fullpath"}}}]}]`

func TestImportCroissant(t *testing.T) {
	contexts := map[string]string{
		"inline": `{"@vocab":"https://schema.org/","sc":"https://schema.org/","cr":"http://mlcommons.org/croissant/","recordSet":"cr:recordSet","field":"cr:field",
			"dataType":{"@id":"cr:dataType","@type":"@vocab"},"data":{"@id":"cr:data","@type":"@json"},"source":"cr:source","extract":"cr:extract","column":"cr:column",
			"references":"cr:references","fileProperty":"cr:fileProperty","fileObject":"cr:fileObject"}`,
		"by address": `"http://mlcommons.org/croissant/1.1"`,
	}
	decimal, integer := datapooltypes.COLUMN_TYPE_DECIMAL, datapooltypes.COLUMN_TYPE_INTEGER
	for name, context := range contexts {
		t.Run(name, func(t *testing.T) {
			doc := `{"@context":` + context + `,` + recordSets + `}`
			out := mustImport(t, doc, document.Options{Header: []string{"n", "weight", "room", "more"}, Types: map[string]datapooltypes.ColumnType{"more": integer, "weight": integer}})
			require.Equal(t, []types.Column{
				{Name: "n", Type: integer},
				{Name: "weight", Type: decimal, Description: "weight"},
				{Name: "room", Type: datapooltypes.COLUMN_TYPE_CATEGORY},
				{Name: "more", Type: integer},
			}, out.Dataset.Columns)
			got := lines(out)
			require.Contains(t, got, "warning $.recordSet[0]: not carried: the labels of a category or split; a record describes one table")
			require.Contains(t, got, "warning $.recordSet[1]: not carried: a further record set; a record describes one table, and the one at $.recordSet[2] was taken")
			require.Contains(t, got, "warning $.recordSet[2].field[3]: not carried: no column of the data stands behind this field")
			require.Contains(t, got, "warning $.recordSet[2].field[0].dataType[1]: not carried: a record has no place for it")
		})
	}
	// Without the file, the first record set with data stands.
	out := mustImport(t, `{"@context":`+contexts["inline"]+`,`+recordSets+`}`, document.Options{})
	require.Equal(t, []types.Column{{Name: "hour", Type: datapooltypes.COLUMN_TYPE_DATETIME}}, out.Dataset.Columns)
}

func TestImportWithFile(t *testing.T) {
	sum := []byte(strings.Repeat("\x07", 32))
	file := &types.File{Name: "rows.csv", EncodingFormat: "text/csv", ContentSize: 9, Sha256: sum}
	opts := document.Options{Header: []string{"a", "b"}, Types: map[string]datapooltypes.ColumnType{"a": datapooltypes.COLUMN_TYPE_INTEGER}, File: file}

	out := mustImport(t, dataset(`"variableMeasured":[{"@type":"PropertyValue","name":"b","unitText":"kg"}],
		"distribution":[{"@type":"DataDownload","name":"other.csv"},{"@type":"DataDownload","name":"rows.csv","contentSize":"77"}]`), opts)
	require.Equal(t, []types.Column{{Name: "a", Type: datapooltypes.COLUMN_TYPE_INTEGER}, {Name: "b", Unit: "kg"}}, out.Dataset.Columns)
	require.Equal(t, []types.File{*file}, out.Dataset.Files)
	require.Contains(t, lines(out), `warning $.distribution[0]: not carried: "other.csv" is another file than the one given`)
	require.True(t, out.Accepted())
	require.Empty(t, errorsOf(types.FindingsOf(out.Dataset)))

	missing := mustImport(t, dataset(`"variableMeasured":["a","c"]`), opts)
	require.Equal(t, `error $.variableMeasured[1]: expected a column of the file, "a", "b", got "c" (supply it with --file)`, lines(missing)[0])

	wrong := mustImport(t, dataset(`"distribution":{"@type":"DataDownload","name":"rows.csv","sha256":"`+strings.Repeat("08", 32)+`"}`), opts)
	require.False(t, wrong.Accepted())
	require.Contains(t, lines(wrong)[0], "error $.distribution: sha256: expected the file's, ")
	require.Contains(t, lines(wrong)[0], ", got 0808")
}

// TestImportNeverCarriesContacts puts an address wherever a document can hold one.
func TestImportNeverCarriesContacts(t *testing.T) {
	const secret = "leak@example.org"
	out := mustImport(t, dataset(`"email":"`+secret+`","creator":[{"@type":"Person","name":"A `+secret+`","email":"`+secret+`",
		"contactPoint":{"@type":"ContactPoint","email":"`+secret+`"},"address":"`+secret+`"},"B <mailto:`+secret+`>"],
		"publisher":{"@type":"Organization","name":"P","telephone":"`+secret+`"},"funder":{"@type":"Person","email":"`+secret+`"}`), document.Options{})
	got, err := json.Marshal(out.Dataset)
	require.NoError(t, err)
	require.NotContains(t, string(got), secret)
	require.Equal(t, []string{"A", "B"}, []string{out.Dataset.Creators[0].Name, out.Dataset.Creators[1].Name})
	n := 0
	for _, l := range lines(out) {
		if strings.Contains(l, "contact data") {
			n++
		}
	}
	require.Equal(t, 8, n, "%v", lines(out))
}

func TestFlagsAreHeldToTheRules(t *testing.T) {
	out := mustImport(t, dataset(""), document.Options{Name: "x", Description: "y", License: "z", Creators: []string{"org:NIST <https://ror.org/05xpvk416>", ""}, Keywords: []string{"k", "k"}})
	var got []string
	for _, f := range refusals(out) {
		got = append(got, f.Path+" "+f.Fix)
	}
	require.Equal(t, []string{"$.name --name", "$.description --description", "$.license --license", "$.creator --creator", "$.keywords --keyword"}, got)
	require.Equal(t, types.Agent{Type: types.AGENT_TYPE_ORGANIZATION, Name: "NIST", Id: "https://ror.org/05xpvk416"}, out.Dataset.Creators[0])
}
