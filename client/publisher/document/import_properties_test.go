package document_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/x/metadata/types"
)

// TestImportProperties maps one property after the other, with everything that has to be said about it.
func TestImportProperties(t *testing.T) {
	box := func(w, s, e, n int32) *types.GeoBox { return &types.GeoBox{West: w, South: s, East: e, North: n} }
	person := func(name, id string) types.Agent {
		return types.Agent{Type: types.AGENT_TYPE_PERSON, Name: name, Id: id}
	}
	organization := func(name, id string) types.Agent {
		return types.Agent{Type: types.AGENT_TYPE_ORGANIZATION, Name: name, Id: id}
	}
	noPlace := ": not carried: a record has no place for it"
	for name, c := range map[string]struct {
		members string
		want    func(d *types.Dataset)
		lines   []string
	}{
		"nothing more": {"", func(*types.Dataset) {}, nil},
		"languages": {
			`"alternateName":"x","keywords":["a, b","b",{"@value":"c","@language":"en"},{"@type":"DefinedTerm","name":"d, e","termCode":"9"}],"inLanguage":["en","de_CH",{"@type":"Language","name":"French","alternateName":"fr"},"English"]`,
			func(d *types.Dataset) {
				d.Keywords = []string{"a", "b", "c", "d, e"}
				d.Languages = []string{"en", "de-CH", "fr"}
			},
			[]string{
				"warning $.alternateName" + noPlace, "warning $.keywords[3].termCode" + noPlace, "warning $.inLanguage[2].name" + noPlace,
				`warning $.inLanguage[3]: not carried: "English" is not a language tag (BCP 47) such as en`,
			},
		},
		"people": {
			`"creator":{"@list":[
				{"@type":"Person","givenName":"Ada","familyName":"Lovelace","identifier":{"@type":"PropertyValue","propertyID":"ORCID","value":"0000-0002-1825-0097"},"email":"ada@example.org","telephone":"+44 1"},
				{"@type":"schema:Organization","name":"NIST","sameAs":"http://ror.org/05xpvk416"},
				{"@type":"Role","roleName":"chief","creator":{"@type":"Person","name":"Grace Hopper","@id":"https://example.org/grace"}},
				"Jane Roe <jane@example.org>",
				{"affiliation":{"@type":"Organization","name":"X","email":"x@example.org"},"name":"John Doe"}]},
			"publisher":[{"@type":"CollegeOrUniversity","name":{"en":"Uni"}},{"@type":"Organization","name":"Second"}]`,
			func(d *types.Dataset) {
				d.Creators = []types.Agent{
					person("Ada Lovelace", "https://orcid.org/0000-0002-1825-0097"),
					organization("NIST", "https://ror.org/05xpvk416"),
					person("Grace Hopper", "https://example.org/grace"),
					person("Jane Roe", ""), person("John Doe", ""),
				}
				p := organization("Uni", "")
				d.Publisher = &p
			},
			[]string{
				"warning $.creator['@list'][0].email: not carried: contact data stay off the chain, where nothing can be removed",
				"warning $.creator['@list'][0].telephone: not carried: contact data stay off the chain, where nothing can be removed",
				"warning $.creator['@list'][2].roleName" + noPlace,
				"warning $.creator['@list'][3]: not carried: the e-mail address; contact data stay off the chain",
				"warning $.creator['@list'][3]: the creator is given by name alone and was taken for a person; --creator org:NAME says that it is an organization",
				"warning $.creator['@list'][4].affiliation" + noPlace,
				"warning $.creator['@list'][4].affiliation.email: not carried: contact data stay off the chain, where nothing can be removed",
				"warning $.publisher[1]: not carried: a record holds one value here, the first was taken",
			},
		},
		"author where there is no creator": {
			`"author":{"@type":"Person","name":"A B"}`,
			func(d *types.Dataset) { d.Creators = []types.Agent{person("A B", "")} }, nil,
		},
		"the same author and creator": {
			`"creator":[{"@type":"Person","name":"A B"}],"author":[{"@type":"Person","name":"A B"},{"@type":"Person","name":"C D"}]`,
			func(d *types.Dataset) { d.Creators = []types.Agent{person("A B", "")} },
			[]string{"warning $.author[1]" + noPlace},
		},
		"identifiers": {
			`"@id":"https://doi.org/10.1000/1","identifier":["doi:10.1000/1","10.1000/2","ark:/99152/x1",{"@type":"PropertyValue","propertyID":"doi","value":"10.1000/3","url":"https://doi.org/10.1000/3"},"7"],
			"url":["https://example.org/a","https://example.org/b"],"sameAs":["http://dx.doi.org/10.1000/4","http://example.org/plain","https://example.org/a"]`,
			func(d *types.Dataset) {
				d.Identifiers = []string{"https://doi.org/10.1000/1", "https://doi.org/10.1000/2", "ark:/99152/x1", "https://doi.org/10.1000/3"}
				d.Url = "https://example.org/a"
				d.SameAs = []string{"https://example.org/b", "https://doi.org/10.1000/4"}
			},
			[]string{
				`warning $.identifier[4]: not carried: "7" is no IRI, DOI or ARK`,
				`warning $.sameAs[1]: not carried: "http://example.org/plain" is no https address`,
			},
		},
		"dates": {
			`"dateCreated":{"@type":"DateTime","@value":"2020-02-29T10:00:00"},"datePublished":"2021","temporalCoverage":"2001-08-06/","dateModified":null`,
			func(d *types.Dataset) { d.DateCreated, d.TemporalCoverage = "2020-02-29", "2001-08-06/.." },
			[]string{
				`warning $.dateCreated: "2020-02-29T10:00:00" was written as "2020-02-29"`,
				"warning $.datePublished: not carried: the chain states its own times of publication and change",
				`warning $.temporalCoverage: "2001-08-06/" was written as "2001-08-06/.."`,
			},
		},
		"dates that are none": {
			`"dateCreated":"yesterday","temporalCoverage":["2020/2019",{"@type":"Event"}]`,
			func(*types.Dataset) {},
			[]string{
				`warning $.dateCreated: not carried: "yesterday" is no ISO 8601 date`,
				`warning $.temporalCoverage[0]: not carried: "2020/2019" is no ISO 8601 date or interval (start/end)`,
				"warning $.temporalCoverage[1]" + noPlace,
			},
		},
		"box": {
			`"spatialCoverage":{"@type":"Place","name":"Cellar","geo":{"@type":"GeoShape","box":"-68.4817 -75.8183, -65.08 -68.50331234567"}}`,
			func(d *types.Dataset) {
				d.SpatialName = "Cellar"
				d.SpatialCoverage = box(-758183000, -684817000, -685033123, -650800000)
			}, nil,
		},
		"box over the antimeridian": {
			`"spatialCoverage":{"@type":"Place","geo":{"@type":"GeoShape","box":"-20 177 -16 -178"}}`,
			func(d *types.Dataset) { d.SpatialCoverage = box(1770000000, -200000000, -1780000000, -160000000) }, nil,
		},
		"point, also of texts and with an exponent": {
			`"spatialCoverage":[{"@type":"Place","geo":{"@type":"GeoCoordinates","latitude":"47.5","longitude":-1.25E-8,"elevation":3}},"Basel"]`,
			func(d *types.Dataset) { d.SpatialName, d.SpatialCoverage = "Basel", box(-1, 475000000, 0, 475000000) },
			[]string{"warning $.spatialCoverage[0].geo.elevation" + noPlace},
		},
		"two points": {
			`"spatialCoverage":[{"@type":"Place","geo":{"@type":"GeoCoordinates","latitude":1,"longitude":2}},{"@type":"Place","latitude":"3","longitude":"-4"}]`,
			func(d *types.Dataset) { d.SpatialCoverage = box(-40000000, 10000000, 20000000, 30000000) },
			[]string{"warning $.spatialCoverage[1]: 2 shapes were carried as the box around all of them"},
		},
		"polygon": {
			`"spatialCoverage":{"@type":"Place","geo":{"@type":"GeoShape","polygon":"1,2 1,5 4,5 4,2 1,2"}}`,
			func(d *types.Dataset) { d.SpatialCoverage = box(20000000, 10000000, 50000000, 40000000) },
			[]string{"warning $.spatialCoverage.geo.polygon: the polygon was carried as the box around it"},
		},
		"longitude first": {
			`"spatialCoverage":{"@type":"Place","geo":{"@type":"GeoShape","box":"142 10 148 18"}}`,
			func(*types.Dataset) {},
			[]string{"warning $.spatialCoverage.geo.box: not carried: 142 lies outside of 90 degrees latitude and 180 longitude; latitude comes first"},
		},
		"upside down": {
			`"spatialCoverage":{"@type":"Place","geo":{"@type":"GeoShape","box":"5 1 4 2"}}`,
			func(*types.Dataset) {},
			[]string{`warning $.spatialCoverage.geo.box: not carried: south lies north of north; a box is "south west north east"`},
		},
		"access": {
			`"conditionsOfAccess":"On request.","isAccessibleForFree":"true","usageInfo":["http://purl.obolibrary.org/obo/DUO_0000042",{"@id":"http://www.w3.org/ns/odrl/2/use"},"words","https://example.org/terms"]`,
			func(d *types.Dataset) {
				d.ConditionsOfAccess = "On request."
				d.UsageTerms = []string{"DUO:0000042", "odrl:use", "https://example.org/terms"}
			},
			[]string{
				"warning $.isAccessibleForFree: not carried: a record says false, because computing on the data is paid for",
				`warning $.usageInfo[2]: not carried: "words" is no IRI`,
			},
		},
		"technique and citation": {
			`"measurementTechnique":["balance",{"@type":"DefinedTerm","name":"clock"}],"citation":[{"@type":"ScholarlyArticle","name":"On balances","@id":"https://doi.org/10.1000/9","pagination":"1-2"},"second"]`,
			func(d *types.Dataset) { d.MeasurementTechnique, d.Citation = "balance; clock", "On balances" },
			[]string{
				"warning $.citation[0].pagination" + noPlace,
				"warning $.citation[1]: not carried: a record holds one citation, the first was taken",
			},
		},
		"lineage": {
			`"isBasedOn":["https://doi.org/10.1000/5",{"@id":"alita:alita-1/dataset/00112233445566778899aabbccddeeff/version/1.0.0-rc.1"}]`,
			func(d *types.Dataset) {
				d.IsBasedOn = []types.VersionRef{{RecordId: "00112233445566778899aabbccddeeff", Version: "1.0.0-rc.1"}}
			},
			[]string{"warning $.isBasedOn[0]: not carried: it is no version of a record on this chain"},
		},
		"variables": {
			`"variableMeasured":["weight",{"@type":"PropertyValue","name":"t","unitText":"°C","unitCode":"CEL","description":"in the <b>cellar</b>","minValue":1},{"@type":"PropertyValue","value":"old"},{"@type":"PropertyValue","name":"weight"},{"@type":"PropertyValue"}]`,
			func(d *types.Dataset) {
				d.Columns = []types.Column{{Name: "weight"}, {Name: "t", Unit: "°C", Description: "in the cellar"}, {Name: "old"}}
			},
			[]string{
				"warning $.variableMeasured[1]: not carried: a unit code in addition to the unit's name",
				"warning $.variableMeasured[1].description: HTML was converted to plain text",
				"warning $.variableMeasured[1].minValue" + noPlace,
				`warning $.variableMeasured[3]: not carried: the variable "weight" occurs twice`,
				"warning $.variableMeasured[4]: not carried: the variable has no name",
			},
		},
		"files": {
			`"distribution":[{"@type":"DataDownload","contentUrl":"http://example.org/d/rows.csv?x=1","encodingFormat":["CSV"],"contentSize":"1.5 kB","sha256":"` + strings.Repeat("AB", 32) + `","description":"all"},
				{"@type":"DataDownload","name":"two.json","encodingFormat":"application/json; charset=utf-8","contentSize":12,"md5":"x"},"https://example.org/three"]`,
			func(d *types.Dataset) {
				sum := []byte(strings.Repeat("\xab", 32))
				d.Files = []types.File{
					{Name: "rows.csv", EncodingFormat: "text/csv", ContentSize: 1500, Sha256: sum},
					{Name: "two.json", EncodingFormat: "application/json", ContentSize: 12},
				}
			},
			[]string{
				"warning $.distribution[0].contentUrl: not carried: the address of the data; readers are given an address of the chain's gateways",
				"warning $.distribution[0].description" + noPlace,
				`warning $.distribution[1].encodingFormat: not carried: "charset=utf-8"; a media type is kept without parameters`,
				"warning $.distribution[1].md5" + noPlace,
				"warning $.distribution[2]: not carried: the address of the data; readers are given an address of the chain's gateways",
			},
		},
		"SPDX checksum": {
			`"distribution":{"@type":"DataDownload","name":"a","encodingFormat":"text/csv","spdx:checksum":[{"@type":"spdx:Checksum","spdx:algorithm":{"@id":"spdx:checksumAlgorithm_sha256"},"spdx:checksumValue":"` + strings.Repeat("01", 32) + `"}]}`,
			func(d *types.Dataset) {
				d.Files = []types.File{{Name: "a", EncodingFormat: "text/csv", Sha256: []byte(strings.Repeat("\x01", 32))}}
			}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := types.Dataset{
				Names:        []types.LocalizedText{{Text: "Balance"}},
				Descriptions: []types.LocalizedText{{Text: longText}},
				License:      "CC0-1.0",
			}
			c.want(&want)
			out := mustImport(t, dataset(c.members), document.Options{})
			require.Equal(t, want, out.Dataset)
			if c.lines == nil {
				c.lines = []string{}
			}
			require.Equal(t, c.lines, lines(out))
			require.True(t, out.Accepted())
		})
	}
}
