package jsonld

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
	"github.com/alita-network/alita/x/metadata/types"
)

// The profiles that Export knows.
const (
	ProfileSchemaOrg = "schema.org" // Google Dataset Search and ESIP science-on-schema.org
	ProfileCroissant = "croissant"  // Croissant 1.1
	ProfileDCAT      = "dcat"       // DCAT-AP 3
)

// Profiles are the profiles in the order in which they are documented.
func Profiles() []string { return []string{ProfileSchemaOrg, ProfileCroissant, ProfileDCAT} }

// ErrProfile is returned for a profile that Export does not know.
var ErrProfile = errors.New("unknown profile")

// Network describes the network that the record lives on, for its documents.
type Network struct {
	// ChainID is part of every IRI.
	ChainID string
	// AccessBaseURL is the parameter access_base_url: where gateways answer for files. If it is empty, a document
	// gives IRIs of the scheme alita instead of addresses.
	AccessBaseURL string
}

// Export writes the document of a version of a record in a profile; the empty profile is ProfileSchemaOrg. The
// bytes depend on the arguments alone. The document does not say where the data lie: it gives an address of the
// network's gateways, which answer with the terms of access.
func Export(record types.Record, version types.Version, profile string, network Network) ([]byte, error) {
	e := exporter{record: record, version: version, core: version.Content.Dataset, net: network}
	var out object
	switch profile {
	case ProfileSchemaOrg, "":
		out = e.schemaOrg()
	case ProfileCroissant:
		out = e.croissant()
	case ProfileDCAT:
		out = e.dcat()
	default:
		return nil, fmt.Errorf("%w: expected one of %s, got %.40q", ErrProfile, strings.Join(Profiles(), ", "), profile)
	}
	return out.bytes(), nil
}

// exporter derives what all profiles share.
type exporter struct {
	record  types.Record
	version types.Version
	core    types.Dataset
	net     Network
}

func (e exporter) iri() string { return vocab.RecordIRI(e.net.ChainID, e.record.Id) }

func (e exporter) versionIRI() string {
	return vocab.VersionIRI(e.net.ChainID, e.record.Id, e.version.Content.Version)
}

func (e exporter) fileIRI(i int) string { return fmt.Sprintf("%s/file/%d", e.versionIRI(), i) }

// recordURL is the address of the record at the gateways, or its IRI if there are none.
func (e exporter) recordURL() string {
	if e.net.AccessBaseURL == "" {
		return e.iri()
	}
	return e.net.AccessBaseURL + vocab.RecordPath + e.record.Id
}

// accessURL is the address that answers for a file with the terms of access.
func (e exporter) accessURL(i int) string {
	if e.net.AccessBaseURL == "" {
		return e.fileIRI(i)
	}
	// The only character of a version that can have a meaning in an address is "+", and in a path it stands for itself.
	return fmt.Sprintf("%s/versions/%s/files/%d", e.recordURL(), e.version.Content.Version, i)
}

func (e exporter) pageURL() string {
	if e.core.Url != "" {
		return e.core.Url
	}
	return e.recordURL()
}

// sameAs adds the record's own address to the owner's addresses if the page is another one.
func (e exporter) sameAs() []string {
	out := slices.Clone(e.core.SameAs)
	if e.core.Url != "" {
		out = append(out, e.recordURL())
	}
	return out
}

func (e exporter) identifiers() []string { return append([]string{e.iri()}, e.core.Identifiers...) }

func (e exporter) conditions() string {
	if e.core.ConditionsOfAccess != "" {
		return e.core.ConditionsOfAccess
	}
	return vocab.DefaultConditions
}

func (e exporter) licenseIRI() string {
	if types.IsSPDX(e.core.License) {
		return "https://spdx.org/licenses/" + e.core.License
	}
	return e.core.License
}

// owner is the account that stands as the creator if the core names none.
func (e exporter) owner() types.Agent {
	return types.Agent{Type: types.AGENT_TYPE_ORGANIZATION, Name: e.record.Owner, Id: vocab.AccountIRI(e.net.ChainID, e.record.Owner)}
}

func (e exporter) creators() []types.Agent {
	if len(e.core.Creators) == 0 {
		return []types.Agent{e.owner()}
	}
	return e.core.Creators
}

// usageIRIs returns the usage terms as IRIs.
func (e exporter) usageIRIs() []string {
	out := make([]string, len(e.core.UsageTerms))
	for i, term := range e.core.UsageTerms {
		out[i] = vocab.UsageIRI(term)
	}
	return out
}

// blockTime writes a time of the chain; "" for none.
func blockTime(t time.Time) string {
	if t.IsZero() || t.Unix() <= 0 {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// degree is the number of units of a box in a degree.
const degree = 10_000_000

// degrees writes 1e-7 degrees as a decimal number.
func degrees(v int32) string {
	sign, n := "", int64(v)
	if n < 0 {
		sign, n = "-", -n
	}
	s := fmt.Sprintf("%s%d.%07d", sign, n/degree, n%degree)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// localizedValues returns the texts as JSON-LD values: plain if they are in the default language, else with their own.
func localizedValues(texts []types.LocalizedText, defaultLanguage string) any {
	values := make([]any, 0, len(texts))
	for _, t := range texts {
		switch {
		case t.Language == defaultLanguage:
			values = append(values, t.Text)
		case t.Language == "":
			values = append(values, object{{"@value", t.Text}})
		default:
			values = append(values, object{{"@language", t.Language}, {"@value", t.Text}})
		}
	}
	return oneOrMany(values)
}

func oneOrMany(values []any) any {
	if len(values) == 1 {
		return values[0]
	}
	return values
}

func stringValues(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

func references(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = object{{"@id", s}}
	}
	return out
}
