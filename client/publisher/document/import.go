package document

import (
	"slices"
	"strings"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
	"github.com/alita-network/alita/x/metadata/types"
)

// Options say how to read a document and supply what it lacks. The values given here take the place of the
// document's and are held to the same rules.
type Options struct {
	// Select chooses among several Datasets, by @id or by number from 0.
	Select string
	// Name is the title.
	Name string
	// Description is the description, 50 to 5,000 characters.
	Description string
	// License is an SPDX identifier, a well-known spelling of a licence, or an https address.
	License string
	// Creators are names, each optionally with an https IRI in angle brackets after it and with "org:" before it
	// for an organization: "Ada Lovelace <https://orcid.org/...>", "org:NIST".
	Creators []string
	// Keywords are search terms.
	Keywords []string
	// Version is a SemVer version.
	Version string
	// Header names the columns of the local file. If it is given, the core's columns are exactly these, in this
	// order, and the document only describes them.
	Header []string
	// Types are the types of the header's columns as the file's values show them, by name.
	Types map[string]datapooltypes.ColumnType
	// File describes the local file; the document's descriptions of other files are not carried.
	File *types.File
}

// Imported is a Dataset that was read from a document.
type Imported struct {
	// Dataset is the typed core.
	Dataset types.Dataset
	// Version is the SemVer version that the document states, or 1.0.0.
	Version string
	// Findings list everything that could not be carried, that was changed on the way, or that refuses the record;
	// the errors first, then in the order of the document.
	Findings []Finding
}

// Accepted reports whether nothing refuses the record.
func (i Imported) Accepted() bool {
	return !slices.ContainsFunc(i.Findings, func(f Finding) bool { return f.Severity == types.SeverityError })
}

// Import maps a schema.org or Croissant document to the typed core. An error means that the document cannot be read
// at all: it is not strict JSON (see Read), or it describes no Dataset, or several without a choice. Everything else
// is a finding. Contact data are never carried. A record is acceptable if no finding is an error.
func Import(doc []byte, opts Options) (Imported, error) {
	root, err := Read(doc)
	if err != nil {
		return Imported{}, err
	}
	g := newGraph(root)
	n, err := g.choose(opts.Select)
	if err != nil {
		return Imported{}, err
	}
	im := newImporter(g, opts)
	for _, c := range g.contexts {
		im.note(c, "a context that is not known here and never fetched; only names of schema.org, Croissant and the document itself are understood")
	}
	if n.sc.assumed && hasPlainNames(n.v) {
		im.note(n.v, "no @context; its plain names are read as schema.org's")
	}
	version := im.dataset(n)
	im.overrides(&version)
	im.leftovers(n.v)
	im.outside(n.v)
	im.check(n.v, version)
	return Imported{Dataset: im.out, Version: version, Findings: im.sorted()}, nil
}

// hasPlainNames reports whether an object has keys that only a context could give a meaning.
func hasPlainNames(v *Value) bool {
	for _, m := range v.Members {
		if !strings.ContainsAny(m.Key, ":@") {
			return true
		}
	}
	return false
}

// dataset maps every property that the core has a place for, and returns the version.
func (im *importer) dataset(n node) string {
	im.inspect(n.v)
	_, im.exported = vocab.ParseRecordIRI(im.graph.id(n))
	im.out.Names = im.localized("$.names", im.props(n, "name"), false)
	im.out.Descriptions = im.localized("$.descriptions", im.props(n, "description"), true)
	im.license(im.props(n, "license"))
	im.people(n)
	im.keywords(im.props(n, "keywords"))
	im.languages(im.props(n, "inLanguage"))
	im.identity(n)
	im.dates(n)
	im.places(im.props(n, "spatialCoverage"))
	im.out.MeasurementTechnique = im.joined("$.measurement_technique", im.props(n, "measurementTechnique"))
	im.citation(n)
	im.access(n)
	im.lineage(im.props(n, "isBasedOn"))
	im.variables(n)
	im.distribution(im.props(n, "distribution"))
	im.derived(n)
	return im.version(im.props(n, "version"))
}

// overrides replaces what the document says by what the caller supplied.
func (im *importer) overrides(version *string) {
	o := im.opts
	if o.Name != "" {
		im.out.Names = []types.LocalizedText{{Text: normalize(o.Name, false)}}
	}
	if o.Description != "" {
		im.out.Descriptions = []types.LocalizedText{{Text: normalize(o.Description, true)}}
	}
	if o.License != "" {
		im.out.License = o.License
		if id, ok := NormalizeLicense(o.License); ok {
			im.out.License = id
		}
	}
	if len(o.Creators) > 0 {
		im.out.Creators = nil
		for _, c := range o.Creators {
			im.out.Creators = append(im.out.Creators, parseCreator(c))
		}
	}
	if len(o.Keywords) > 0 {
		im.out.Keywords = nil
		for _, k := range o.Keywords {
			im.out.Keywords = append(im.out.Keywords, normalize(k, false))
		}
	}
	if o.Version != "" {
		*version = o.Version
	}
}

// parseCreator reads the form that Options.Creators describes.
func parseCreator(s string) types.Agent {
	a := types.Agent{Type: types.AGENT_TYPE_PERSON}
	if rest, ok := strings.CutPrefix(s, "org:"); ok {
		a.Type, s = types.AGENT_TYPE_ORGANIZATION, rest
	}
	if open := strings.LastIndexByte(s, '<'); open >= 0 && strings.HasSuffix(s, ">") {
		a.Id, s = agentID(s[open+1:len(s)-1]), s[:open]
	}
	a.Name = normalize(s, false)
	return a
}
