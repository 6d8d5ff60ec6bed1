package types_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

const description = "Michelson's 100 determinations of the velocity of light in air, made in 1879 at Annapolis."

// fullDataset uses every field.
func fullDataset() types.Dataset {
	return types.Dataset{
		Names:                []types.LocalizedText{{Language: "en", Text: "Speed of light"}, {Language: "de", Text: "Lichtgeschwindigkeit"}},
		Descriptions:         []types.LocalizedText{{Language: "en", Text: description}},
		License:              "CC0-1.0",
		Creators:             []types.Agent{{Type: types.AGENT_TYPE_PERSON, Name: "Albert A. Michelson", Id: "https://www.wikidata.org/entity/Q127234"}},
		Publisher:            &types.Agent{Type: types.AGENT_TYPE_ORGANIZATION, Name: "National Institute of Standards and Technology"},
		Keywords:             []string{"physics", "velocity of light"},
		Languages:            []string{"en"},
		Identifiers:          []string{"https://doi.org/10.1000/182"},
		Url:                  "https://example.org/michelson",
		SameAs:               []string{"https://example.org/other"},
		DateCreated:          "1879-07-02",
		TemporalCoverage:     "1879-06-05/1879-07-02",
		SpatialCoverage:      &types.GeoBox{West: -764900000, South: 389800000, East: -764800000, North: 389900000},
		SpatialName:          "Annapolis, Maryland",
		MeasurementTechnique: "rotating mirror",
		Citation:             "Michelson, A. A. (1880). Experimental determination of the velocity of light.",
		ConditionsOfAccess:   "Computation by granted programs only.",
		UsageTerms:           []string{"DUO:0000042"},
		Columns:              []types.Column{{Name: "speed", Type: datapooltypes.COLUMN_TYPE_DECIMAL, Unit: "km/s", Description: "velocity of light in air"}},
		Files:                []types.File{{Name: "michelson.csv", EncodingFormat: "text/csv", ContentSize: 1000, Sha256: make([]byte, 32)}},
		IsBasedOn:            []types.VersionRef{{RecordId: recordIDByHand, Version: "1.0.0"}},
	}
}

func TestFullDatasetHasNoFinding(t *testing.T) {
	require.Empty(t, types.FindingsOf(fullDataset()))
	require.NoError(t, types.ValidateDataset(fullDataset()))
}

// Each case breaks one rule of the full core and names the one finding that must follow.
func TestCheckDataset(t *testing.T) {
	for name, tc := range map[string]struct {
		change   func(*types.Dataset)
		path     string
		contains string
		err      error // nil for a warning
	}{
		"no name":                {func(d *types.Dataset) { d.Names = nil }, "$.names", "3 to 256", types.ErrInvalidName},
		"two runes":              {func(d *types.Dataset) { d.Names[0].Text = "éé" }, "$.names[0].text", "expected 3 to 256 characters, got 2", types.ErrInvalidName},
		"257 runes":              {func(d *types.Dataset) { d.Names[0].Text = strings.Repeat("é", 257) }, "$.names[0].text", "3 to 256 characters, got 257", types.ErrInvalidName},
		"name not NFC":           {func(d *types.Dataset) { d.Names[0].Text = "cafe\u0301" }, "$.names[0].text", "normal form C", types.ErrInvalidName},
		"name with newline":      {func(d *types.Dataset) { d.Names[0].Text = "two\nlines" }, "$.names[0].text", "U+000A", types.ErrInvalidName},
		"name with C1 control":   {func(d *types.Dataset) { d.Names[0].Text = "abc\u0085def" }, "$.names[0].text", "U+0085", types.ErrInvalidName},
		"name with override":     {func(d *types.Dataset) { d.Names[0].Text = "abc\u202edef" }, "$.names[0].text", "U+202E", types.ErrInvalidName},
		"name not UTF-8":         {func(d *types.Dataset) { d.Names[0].Text = "abc\xffdef" }, "$.names[0].text", "UTF-8", types.ErrInvalidName},
		"name not in Unicode 15": {func(d *types.Dataset) { d.Names[0].Text = "abc\U0001FAE9" }, "$.names[0].text", "U+1FAE9", types.ErrInvalidName},
		"name with spaces":       {func(d *types.Dataset) { d.Names[0].Text = " abc" }, "$.names[0].text", "white space at the beginning", types.ErrInvalidName},
		"invisible name":         {func(d *types.Dataset) { d.Names[0].Text = "\u3164\u3164\u3164" }, "$.names[0].text", "U+3164 at byte 0", types.ErrInvalidName},
		"two spaces":             {func(d *types.Dataset) { d.Names[0].Text = "a  b" }, "$.names[0].text", "single spaces", types.ErrInvalidName},
		"language twice":         {func(d *types.Dataset) { d.Names[1].Language = "EN" }, "$.names[1].language", "twice", types.ErrInvalidName},
		"language wrong":         {func(d *types.Dataset) { d.Names[1].Language = "en_US" }, "$.names[1].language", "BCP 47", types.ErrInvalidName},
		"no description":         {func(d *types.Dataset) { d.Descriptions = nil }, "$.descriptions", "50 to 5000", types.ErrInvalidDescription},
		"49 runes":               {func(d *types.Dataset) { d.Descriptions[0].Text = strings.Repeat("ä", 49) }, "$.descriptions[0].text", "50 to 5000 characters, got 49", types.ErrInvalidDescription},
		"5001 runes":             {func(d *types.Dataset) { d.Descriptions[0].Text = strings.Repeat("ä", 5001) }, "$.descriptions[0].text", "50 to 5000 characters, got 5001", types.ErrInvalidDescription},
		"markup":                 {func(d *types.Dataset) { d.Descriptions[0].Text = "<p>" + description + "</p>" }, "$.descriptions[0].text", "markup", nil},
		"no licence":             {func(d *types.Dataset) { d.License = "" }, "$.license", "SPDX", types.ErrInvalidLicense},
		"licence unknown":        {func(d *types.Dataset) { d.License = "CC-BY" }, "$.license", "SPDX", types.ErrInvalidLicense},
		"no creator":             {func(d *types.Dataset) { d.Creators = nil }, "$.creators", "owner's account", nil},
		"33 creators":            {func(d *types.Dataset) { d.Creators = make([]types.Agent, 33) }, "$.creators", "got 33", types.ErrInvalidCreator},
		"creator without name":   {func(d *types.Dataset) { d.Creators[0].Name = "" }, "$.creators[0].name", "1 to 256 characters, got 0", types.ErrInvalidCreator},
		"creator without type":   {func(d *types.Dataset) { d.Creators[0].Type = 0 }, "$.creators[0].type", "got 0", types.ErrInvalidCreator},
		"creator by mail":        {func(d *types.Dataset) { d.Creators[0].Id = "mailto:a@example.org" }, "$.creators[0].id", "https", types.ErrInvalidCreator},
		"mail as a name":         {func(d *types.Dataset) { d.Creators[0].Name = "a@example.org" }, "$.creators[0].name", "e-mail", nil},
		"publisher type":         {func(d *types.Dataset) { d.Publisher.Type = 7 }, "$.publisher.type", "got 7", types.ErrInvalidCreator},
		"no keywords":            {func(d *types.Dataset) { d.Keywords = nil }, "$.keywords", "no keywords", nil},
		"65 keywords":            {func(d *types.Dataset) { d.Keywords = make([]string, 65) }, "$.keywords", "got 65", types.ErrInvalidDataset},
		"empty keyword":          {func(d *types.Dataset) { d.Keywords[1] = "" }, "$.keywords[1]", "1 to 128 characters, got 0", types.ErrInvalidDataset},
		"keyword twice":          {func(d *types.Dataset) { d.Keywords[1] = "physics" }, "$.keywords[1]", "twice", types.ErrInvalidDataset},
		"data language":          {func(d *types.Dataset) { d.Languages[0] = "english language" }, "$.languages[0]", "BCP 47", types.ErrInvalidDataset},
		"identifier":             {func(d *types.Dataset) { d.Identifiers[0] = "10.1000/182" }, "$.identifiers[0]", "absolute IRI", types.ErrInvalidDataset},
		"script as identifier":   {func(d *types.Dataset) { d.Identifiers[0] = "javascript:alert(1)" }, "$.identifiers[0]", "with the scheme https, http, ark", types.ErrInvalidDataset},
		"url not https":          {func(d *types.Dataset) { d.Url = "http://example.org" }, "$.url", "https", types.ErrInvalidDataset},
		"same as":                {func(d *types.Dataset) { d.SameAs[0] = "example.org" }, "$.same_as[0]", "absolute IRI", types.ErrInvalidDataset},
		"date":                   {func(d *types.Dataset) { d.DateCreated = "1879-02-30" }, "$.date_created", "ISO 8601", types.ErrInvalidDataset},
		"interval":               {func(d *types.Dataset) { d.TemporalCoverage = "1880/1879" }, "$.temporal_coverage", "end before", types.ErrInvalidDataset},
		"latitude":               {func(d *types.Dataset) { d.SpatialCoverage.North = 900000001 }, "$.spatial_coverage.north", "1e-7", types.ErrInvalidDataset},
		"longitude":              {func(d *types.Dataset) { d.SpatialCoverage.West = -1800000001 }, "$.spatial_coverage.west", "1e-7", types.ErrInvalidDataset},
		"south over north":       {func(d *types.Dataset) { d.SpatialCoverage.South = 389900001 }, "$.spatial_coverage.south", "at most north 389900000, got 389900001", types.ErrInvalidDataset},
		"place":                  {func(d *types.Dataset) { d.SpatialName = strings.Repeat("a", 257) }, "$.spatial_name", "at most 256 characters, got 257", types.ErrInvalidDataset},
		"technique":              {func(d *types.Dataset) { d.MeasurementTechnique = "\x00" }, "$.measurement_technique", "U+0000", types.ErrInvalidDataset},
		"citation":               {func(d *types.Dataset) { d.Citation = strings.Repeat("a", 2001) }, "$.citation", "at most 2000 characters, got 2001", types.ErrInvalidDataset},
		"conditions":             {func(d *types.Dataset) { d.ConditionsOfAccess = "a\u2066b" }, "$.conditions_of_access", "U+2066", types.ErrInvalidDataset},
		"usage term":             {func(d *types.Dataset) { d.UsageTerms[0] = "research only" }, "$.usage_terms[0]", "absolute IRI", types.ErrInvalidDataset},
		"data as usage term":     {func(d *types.Dataset) { d.UsageTerms[0] = "data:text/html,x" }, "$.usage_terms[0]", "with the scheme https, http, urn", types.ErrInvalidDataset},
		"no columns":             {func(d *types.Dataset) { d.Columns = nil }, "$.columns", "no columns", nil},
		"513 columns":            {func(d *types.Dataset) { d.Columns = make([]types.Column, 513) }, "$.columns", "got 513", types.ErrInvalidColumns},
		"column twice":           {func(d *types.Dataset) { d.Columns = append(d.Columns, d.Columns[0]) }, "$.columns[1].name", "twice", types.ErrInvalidColumns},
		"columns alike":          {func(d *types.Dataset) { d.Columns = append(d.Columns, types.Column{Name: "sp\u0435ed", Type: 1}) }, "$.columns[1].name", "U+0435 at byte 2", types.ErrInvalidColumns},
		"column without name":    {func(d *types.Dataset) { d.Columns[0].Name = "" }, "$.columns[0].name", "1 to 128 characters, got 0", types.ErrInvalidColumns},
		"column type unknown":    {func(d *types.Dataset) { d.Columns[0].Type = 7 }, "$.columns[0].type", "expected 0 to 6, got 7", types.ErrInvalidColumns},
		"column without type":    {func(d *types.Dataset) { d.Columns[0].Type = 0 }, "$.columns[0].type", "no type", nil},
		"unit":                   {func(d *types.Dataset) { d.Columns[0].Unit = strings.Repeat("m", 65) }, "$.columns[0].unit", "at most 64 characters, got 65", types.ErrInvalidColumns},
		"column description":     {func(d *types.Dataset) { d.Columns[0].Description = strings.Repeat("m", 1001) }, "$.columns[0].description", "at most 1000 characters, got 1001", types.ErrInvalidColumns},
		"no files":               {func(d *types.Dataset) { d.Files = nil }, "$.files", "1 to 64 files, got 0", types.ErrInvalidFiles},
		"65 files":               {func(d *types.Dataset) { d.Files = make([]types.File, 65) }, "$.files", "got 65", types.ErrInvalidFiles},
		"file with a path":       {func(d *types.Dataset) { d.Files[0].Name = "../x.csv" }, "$.files[0].name", "path", types.ErrInvalidFiles},
		"file twice":             {func(d *types.Dataset) { d.Files = append(d.Files, d.Files[0]) }, "$.files[1].name", "twice", types.ErrInvalidFiles},
		"media type":             {func(d *types.Dataset) { d.Files[0].EncodingFormat = "CSV" }, "$.files[0].encoding_format", "media type", types.ErrInvalidFiles},
		"empty file":             {func(d *types.Dataset) { d.Files[0].ContentSize = 0 }, "$.files[0].content_size", "1 to 2^60 bytes, got 0", types.ErrInvalidFiles},
		"checksum":               {func(d *types.Dataset) { d.Files[0].Sha256 = make([]byte, 20) }, "$.files[0].sha256", "32 bytes, got 20", types.ErrInvalidFiles},
		"lineage id":             {func(d *types.Dataset) { d.IsBasedOn[0].RecordId = "7" }, "$.is_based_on[0].record_id", "32 lower-case", types.ErrInvalidLineage},
		"lineage version":        {func(d *types.Dataset) { d.IsBasedOn[0].Version = "v1" }, "$.is_based_on[0].version", "SemVer", types.ErrInvalidLineage},
		"lineage twice":          {func(d *types.Dataset) { d.IsBasedOn = append(d.IsBasedOn, d.IsBasedOn[0]) }, "$.is_based_on[1]", "twice", types.ErrInvalidLineage},
	} {
		t.Run(name, func(t *testing.T) {
			d := fullDataset()
			tc.change(&d)
			findings := types.FindingsOf(d)
			require.Len(t, findings, 1)
			f := findings[0]
			require.Equal(t, tc.path, f.Path)
			require.Contains(t, f.Message, tc.contains)
			err := types.ValidateDataset(d)
			if tc.err == nil {
				require.Equal(t, types.SeverityWarning, f.Severity)
				require.NoError(t, err)
				return
			}
			require.Equal(t, types.SeverityError, f.Severity)
			require.ErrorIs(t, err, tc.err)
			require.Contains(t, err.Error(), tc.path)
		})
	}
}

func TestBoundsThatPass(t *testing.T) {
	d := fullDataset()
	d.Names = []types.LocalizedText{{Text: "abc"}, {Language: "en", Text: strings.Repeat("é", 256)}}
	d.Descriptions = []types.LocalizedText{{Text: strings.Repeat("ä", 50)}, {Language: "de", Text: "first line\n\tsecond " + strings.Repeat("ä", 4981)}}
	d.SpatialCoverage = &types.GeoBox{West: 1750000000, South: -900000000, East: -1800000000, North: 900000000}
	require.Empty(t, types.FindingsOf(d))
}

func TestManyFindingsAreCounted(t *testing.T) {
	err := types.ValidateDataset(types.Dataset{Columns: make([]types.Column, 20)})
	require.ErrorIs(t, err, types.ErrInvalidName)
	for _, want := range []string{"$.names", "$.descriptions", "$.license", "and 16 more"} {
		require.Contains(t, err.Error(), want)
	}
}

// Whatever is accepted as a name holds no character that Unicode calls a control or has not assigned.
func TestAcceptedTextIsReadable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := fullDataset()
		d.Names[0].Text = rapid.StringN(3, 20, -1).Draw(t, "name")
		if types.ValidateDataset(d) != nil {
			return
		}
		for _, r := range d.Names[0].Text {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("U+%04X", r)
			}
		}
	})
}

// The checks never panic and refuse what is not UTF-8, whatever the fields hold.
func FuzzCheckDataset(f *testing.F) {
	full := fullDataset()
	raw, err := full.Marshal()
	require.NoError(f, err)
	f.Add(raw)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d types.Dataset
		if d.Unmarshal(raw) != nil {
			return
		}
		require.Equal(t, types.FindingsOf(d), types.FindingsOf(d))
		if types.ValidateDataset(d) == nil {
			require.NotEmpty(t, d.Names)
			require.NotEmpty(t, d.License)
			require.NotEmpty(t, d.Files)
		}
	})
}

// The most work that one message can ask for: a core of 64 KiB, almost all of it text beyond ASCII.
func BenchmarkCheckDataset(b *testing.B) {
	d := fullDataset()
	for i := range 14 {
		d.Names = append(d.Names, types.LocalizedText{Language: "en-x-" + string(rune('a'+i)), Text: strings.Repeat("ä", 256)})
		d.Descriptions = append(d.Descriptions, types.LocalizedText{Language: "en-x-" + string(rune('a'+i)), Text: strings.Repeat("ä", 1950)})
	}
	require.Empty(b, types.FindingsOf(d))
	require.InDelta(b, 64<<10, d.Size(), 3<<10)
	b.SetBytes(int64(d.Size()))
	for b.Loop() {
		types.FindingsOf(d)
	}
}
