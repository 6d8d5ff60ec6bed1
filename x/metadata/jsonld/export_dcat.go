package jsonld

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
	"github.com/alita-network/alita/x/metadata/types"
)

// dcatContext holds the prefixes of DCAT-AP 3.
var dcatContext = object{
	{"adms", "http://www.w3.org/ns/adms#"},
	{"dcat", vocab.DCAT},
	{"dct", vocab.DCTerms},
	{"foaf", "http://xmlns.com/foaf/0.1/"},
	{"geo", "http://www.opengis.net/ont/geosparql#"},
	{"prov", vocab.PROV},
	{"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
	{"skos", "http://www.w3.org/2004/02/skos/core#"},
	{"spdx", vocab.SPDX},
	{"xsd", "http://www.w3.org/2001/XMLSchema#"},
}

// restricted is the access right of the EU vocabulary that DCAT-AP prescribes.
const restricted = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"

// dcat writes the profile DCAT-AP 3.
func (e exporter) dcat() object {
	c := e.core
	out := object{
		{"@context", dcatContext},
		{"@type", "dcat:Dataset"},
		{"@id", e.iri()},
	}
	out = out.with("dct:title", localizedValues(c.Names, ""))
	out = out.with("dct:description", localizedValues(c.Descriptions, ""))
	out = out.with("dct:identifier", e.iri())
	out = out.with("adms:identifier", admsIdentifiers(c.Identifiers))
	out = out.with("dcat:version", e.version.Content.Version)
	out = out.with("dcat:landingPage", typedReference(e.pageURL(), "foaf:Document"))
	out = out.with("foaf:page", typedReferences(e.sameAs(), "foaf:Document"))
	creators := make([]any, 0, len(c.Creators))
	for _, a := range e.creators() {
		creators = append(creators, dcatAgent(a))
	}
	out = out.with("dct:creator", creators)
	publisher := e.owner()
	if c.Publisher != nil {
		publisher = *c.Publisher
	}
	out = out.with("dct:publisher", dcatAgent(publisher))
	out = out.with("dcat:keyword", stringValues(c.Keywords))
	languages := make([]any, len(c.Languages))
	for i, l := range c.Languages {
		languages[i] = object{{"@type", "dct:LinguisticSystem"}, {"dct:identifier", l}}
	}
	out = out.with("dct:language", languages)
	out = out.with("dct:created", dateValue(c.DateCreated))
	out = out.with("dct:issued", dateValue(blockTime(e.record.PublishedAt)))
	out = out.with("dct:modified", dateValue(blockTime(e.record.ModifiedAt)))
	out = out.with("dct:temporal", period(c.TemporalCoverage))
	out = out.with("dct:spatial", e.location())
	out = out.with("dct:bibliographicCitation", c.Citation)
	out = out.with("dct:accessRights", typedReference(restricted, "dct:RightsStatement"))
	sources := make([]string, len(c.IsBasedOn))
	for i, r := range c.IsBasedOn {
		sources[i] = vocab.VersionIRI(e.net.ChainID, r.RecordId, r.Version)
	}
	out = out.with("prov:wasDerivedFrom", references(sources))
	out = out.with("dct:provenance", statement("dct:ProvenanceStatement", c.MeasurementTechnique))
	return out.with("dcat:distribution", e.distributions())
}

func (e exporter) distributions() []any {
	out := make([]any, len(e.core.Files))
	for i, f := range e.core.Files {
		rights := append([]any{statement("dct:RightsStatement", e.conditions())}, references(e.usageIRIs())...)
		out[i] = object{
			{"@type", "dcat:Distribution"},
			{"@id", e.fileIRI(i)},
			{"dct:title", f.Name},
			{"dcat:accessURL", typedReference(e.accessURL(i), "rdfs:Resource")},
			{"dct:license", typedReference(e.licenseIRI(), "dct:LicenseDocument")},
			{"dct:rights", rights},
			{"dcat:mediaType", typedReference("https://www.iana.org/assignments/media-types/"+f.EncodingFormat, "dct:MediaType")},
			{"dcat:byteSize", object{{"@type", "xsd:nonNegativeInteger"}, {"@value", fmt.Sprint(f.ContentSize)}}},
			{"spdx:checksum", object{
				{"@type", "spdx:Checksum"},
				{"spdx:algorithm", object{{"@id", "spdx:checksumAlgorithm_sha256"}}},
				{"spdx:checksumValue", object{{"@type", "xsd:hexBinary"}, {"@value", hex.EncodeToString(f.Sha256)}}},
			}},
		}
	}
	return out
}

func dcatAgent(a types.Agent) object {
	kind := "foaf:Organization"
	if a.Type == types.AGENT_TYPE_PERSON {
		kind = "foaf:Person"
	}
	return object{{"@type", []any{"foaf:Agent", kind}}}.with("@id", a.Id).with("foaf:name", a.Name)
}

func admsIdentifiers(identifiers []string) []any {
	out := make([]any, len(identifiers))
	for i, id := range identifiers {
		out[i] = object{{"@type", "adms:Identifier"}, {"skos:notation", id}}
	}
	return out
}

func typedReference(iri, kind string) object { return object{{"@id", iri}, {"@type", kind}} }

func typedReferences(iris []string, kind string) []any {
	out := make([]any, len(iris))
	for i, iri := range iris {
		out[i] = typedReference(iri, kind)
	}
	return out
}

// statement is a statement in words.
func statement(kind, text string) object {
	if text == "" {
		return nil
	}
	return object{{"@type", kind}, {"rdfs:label", text}}
}

// dateValue types a date by its precision.
func dateValue(s string) object {
	if s == "" {
		return nil
	}
	kind := "xsd:date"
	switch {
	case strings.Contains(s, "T"):
		kind = "xsd:dateTime"
	case len(s) == 4:
		kind = "xsd:gYear"
	case len(s) == 7:
		kind = "xsd:gYearMonth"
	}
	return object{{"@type", kind}, {"@value", s}}
}

// period writes a date or an interval, of which one end may be open.
func period(s string) object {
	if s == "" {
		return nil
	}
	from, to, interval := strings.Cut(s, "/")
	if !interval {
		to = from
	}
	out := object{{"@type", "dct:PeriodOfTime"}}
	if from != ".." {
		out = out.with("dcat:startDate", dateValue(from))
	}
	if to != ".." {
		out = out.with("dcat:endDate", dateValue(to))
	}
	return out
}

// location writes the box as well-known text, longitude before latitude (CRS84, GeoSPARQL's default).
func (e exporter) location() object {
	out := object{}
	if b := e.core.SpatialCoverage; b != nil {
		w, s, r, n := degrees(b.West), degrees(b.South), degrees(b.East), degrees(b.North)
		out = out.with("dcat:bbox", object{
			{"@type", "geo:wktLiteral"},
			{"@value", fmt.Sprintf("POLYGON((%s %s,%s %s,%s %s,%s %s,%s %s))", w, s, r, s, r, n, w, n, w, s)},
		})
	}
	out = out.with("skos:prefLabel", e.core.SpatialName)
	if len(out) == 0 {
		return nil
	}
	return append(object{{"@type", "dct:Location"}}, out...)
}
