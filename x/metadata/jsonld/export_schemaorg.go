package jsonld

import (
	"encoding/hex"
	"fmt"
	"strings"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
	"github.com/alita-network/alita/x/metadata/types"
)

// schemaOrg writes the profile schema.org: what Google Dataset Search requires and recommends and what
// science-on-schema.org 1.2.3 asks for, in the namespace http://schema.org/. The context is inline, so nothing has
// to be fetched.
func (e exporter) schemaOrg() object {
	out := object{
		{"@context", object{{"@vocab", vocab.Schema}, {"cr", vocab.Croissant}}},
		{"@type", "Dataset"},
		{"@id", e.iri()},
	}
	out = e.description(out, "")
	out = out.with("citation", e.core.Citation)
	out = out.with("variableMeasured", e.variables())
	return out.with("distribution", e.downloads("DataDownload", nil))
}

// description adds the properties that the profiles of schema.org's vocabulary share. Texts in the default language
// are plain.
func (e exporter) description(out object, language string) object {
	c := e.core
	out = out.with("name", localizedValues(c.Names, language))
	out = out.with("description", localizedValues(c.Descriptions, language))
	out = out.with("url", e.pageURL())
	out = out.with("identifier", oneOrMany(stringValues(e.identifiers())))
	out = out.with("sameAs", stringValues(e.sameAs()))
	out = out.with("version", e.version.Content.Version)
	out = out.with("license", e.licenseIRI())
	creators := make([]any, 0, len(c.Creators))
	for _, a := range e.creators() {
		creators = append(creators, agentValue(a))
	}
	out = out.with("creator", creators)
	if c.Publisher != nil {
		out = out.with("publisher", agentValue(*c.Publisher))
	}
	out = out.with("keywords", keywordValues(c.Keywords))
	out = out.with("inLanguage", oneOrManyOrNone(stringValues(c.Languages)))
	out = out.with("dateCreated", c.DateCreated)
	out = out.with("datePublished", blockTime(e.record.PublishedAt))
	out = out.with("dateModified", blockTime(e.record.ModifiedAt))
	out = out.with("temporalCoverage", c.TemporalCoverage)
	out = out.with("spatialCoverage", e.place())
	out = out.with("measurementTechnique", c.MeasurementTechnique)
	out = out.with("isAccessibleForFree", false)
	out = out.with("conditionsOfAccess", e.conditions())
	out = out.with("usageInfo", references(e.usageIRIs()))
	sources := make([]string, len(c.IsBasedOn))
	for i, r := range c.IsBasedOn {
		sources[i] = vocab.VersionIRI(e.net.ChainID, r.RecordId, r.Version)
	}
	out = out.with("isBasedOn", references(sources))
	return out.with("includedInDataCatalog", object{
		{"@type", "DataCatalog"}, {"name", "Alita " + e.net.ChainID},
	}.with("url", e.net.AccessBaseURL))
}

func oneOrManyOrNone(values []any) any {
	if len(values) == 0 {
		return nil
	}
	return oneOrMany(values)
}

func agentValue(a types.Agent) object {
	kind := "Organization"
	if a.Type == types.AGENT_TYPE_PERSON {
		kind = "Person"
	}
	return object{{"@type", kind}}.with("@id", a.Id).with("name", a.Name)
}

// keywordValues writes keywords with a comma as terms, because readers split texts at commas.
func keywordValues(keywords []string) []any {
	out := make([]any, len(keywords))
	for i, k := range keywords {
		out[i] = k
		if strings.Contains(k, ",") {
			out[i] = object{{"@type", "DefinedTerm"}, {"name", k}}
		}
	}
	return out
}

func (e exporter) place() object {
	out := object{}.with("name", e.core.SpatialName)
	if b := e.core.SpatialCoverage; b != nil {
		out = out.with("geo", object{
			{"@type", "GeoShape"},
			{"box", fmt.Sprintf("%s %s %s %s", degrees(b.South), degrees(b.West), degrees(b.North), degrees(b.East))},
		})
	}
	if len(out) == 0 {
		return nil
	}
	return append(object{{"@type", "Place"}}, out...)
}

func (e exporter) variables() []any {
	out := make([]any, len(e.core.Columns))
	for i, c := range e.core.Columns {
		v := object{{"@type", "PropertyValue"}, {"name", c.Name}}
		v = v.with("description", c.Description).with("unitText", c.Unit)
		if t, ok := typeNames[c.Type]; ok {
			v = v.with("cr:dataType", object{{"@id", vocab.Schema + t}})
		}
		if c.Sensitive {
			v = v.with(vocab.Sensitive, true)
		}
		out[i] = v
	}
	return out
}

// typeNames are the data types of schema.org for the types of columns.
var typeNames = map[datapooltypes.ColumnType]string{
	datapooltypes.COLUMN_TYPE_INTEGER:  "Integer",
	datapooltypes.COLUMN_TYPE_DECIMAL:  "Float",
	datapooltypes.COLUMN_TYPE_TEXT:     "Text",
	datapooltypes.COLUMN_TYPE_CATEGORY: "Enumeration",
	datapooltypes.COLUMN_TYPE_BOOLEAN:  "Boolean",
	datapooltypes.COLUMN_TYPE_DATETIME: "DateTime",
}

// downloads describes the files; id gives each an @id, and is nil if the profile needs none.
func (e exporter) downloads(kind string, id func(int) string) []any {
	out := make([]any, len(e.core.Files))
	for i, f := range e.core.Files {
		d := object{{"@type", kind}}
		if id != nil {
			d = d.with("@id", id(i))
		}
		out[i] = d.with("name", f.Name).with("contentUrl", e.accessURL(i)).with("encodingFormat", f.EncodingFormat).
			with("contentSize", fmt.Sprintf("%d B", f.ContentSize)).with("sha256", hex.EncodeToString(f.Sha256))
	}
	return out
}
