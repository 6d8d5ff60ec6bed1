// Package datasets has typed cores of records, for the tests of packages that write documents about them or read such
// documents.
package datasets

import (
	"bytes"
	"time"

	"github.com/stretchr/testify/require"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

const description = "Readings of a balance in a cellar, taken once an hour over one winter."

const (
	// RecordID is the id of the record.
	RecordID = "00112233445566778899aabbccddeeff"
	// Owner is the account that owns it.
	Owner = "alita1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqd4uhrm"
)

// Network has gateways.
var Network = jsonld.Network{ChainID: "alita-1", AccessBaseURL: "https://gateway.example.org"}

// State returns a record with this core, and its only version, as the chain holds them.
func State(d types.Dataset) (types.Record, types.Version) {
	published := time.Date(2026, 11, 21, 8, 0, 0, 123, time.UTC)
	return types.Record{Id: RecordID, Owner: Owner, PoolId: 1, PublishedAt: published, ModifiedAt: published.Add(time.Hour)},
		types.Version{RecordId: RecordID, Number: 1, Content: types.VersionContent{Version: "1.2.0", Dataset: d}}
}

// Export writes the document of a record with this core.
func Export(t require.TestingT, d types.Dataset, profile string, n jsonld.Network) []byte {
	record, version := State(d)
	out, err := jsonld.Export(record, version, profile, n)
	require.NoError(t, err)
	return out
}

// Full returns a core with a value in every field.
func Full() types.Dataset {
	return types.Dataset{
		Names:        []types.LocalizedText{{Language: "en", Text: `The "balance" <of> 1879 & more`}, {Language: "de-CH", Text: "Waage"}},
		Descriptions: []types.LocalizedText{{Language: "en", Text: description + "\n\n</script><b>Not markup</b> &amp; a tab\t."}, {Text: description}},
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

// Minimal returns a core with only what a chain demands.
func Minimal() types.Dataset {
	return types.Dataset{
		Names:        []types.LocalizedText{{Text: "Balance"}},
		Descriptions: []types.LocalizedText{{Text: description}},
		License:      "https://data.example.org/licence",
		Files:        []types.File{{Name: "a.csv", EncodingFormat: "text/csv", ContentSize: 9, Sha256: make([]byte, 32)}},
	}
}
