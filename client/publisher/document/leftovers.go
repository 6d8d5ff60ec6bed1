package document

import (
	"fmt"
	"sort"
	"strings"

	"github.com/alita-network/alita/x/metadata/types"
)

const contactMessage = "not carried: contact data stay off the chain, where nothing can be removed"

// leftovers notes everything in the Dataset that was not carried: a part that has no place in a record as a whole,
// of the others each value.
func (im *importer) leftovers(v *Value) {
	if im.settled[v] || isEmpty(v) {
		return
	}
	if !im.inspected[v] {
		if v.parent != nil && contactTerms[bareTerm(v.key)] {
			im.note(v, contactMessage)
			return
		}
		im.note(v, "not carried: a record has no place for it")
		im.contacts(v)
		return
	}
	for _, item := range v.Items {
		im.leftovers(item)
	}
	for _, m := range v.Members {
		switch {
		case m.Key == "@list" || m.Key == "@set":
			im.leftovers(m.Value)
		case strings.HasPrefix(m.Key, "@") || m.Key == "id" || m.Key == "type":
		default:
			im.leftovers(m.Value)
		}
	}
}

// contacts notes contact data within a part that is not carried as a whole.
func (im *importer) contacts(v *Value) {
	for _, item := range v.Items {
		im.contacts(item)
	}
	for _, m := range v.Members {
		if contactTerms[bareTerm(m.Key)] && !isEmpty(m.Value) && !im.settled[m.Value] {
			im.note(m.Value, contactMessage)
			im.settle(m.Value)
			continue
		}
		im.contacts(m.Value)
	}
}

// bareTerm is a key without prefix or namespace.
func bareTerm(key string) string { return key[strings.LastIndexAny(key, ":/#")+1:] }

func isEmpty(v *Value) bool {
	switch v.Kind {
	case Null:
		return true
	case String:
		return trim(v.Text) == ""
	case Array:
		return len(v.Items) == 0
	case Object:
		return len(v.Members) == 0
	}
	return false
}

// outside notes the nodes outside of the Dataset that nothing in it refers to.
func (im *importer) outside(dataset *Value) {
	var visit func(v *Value)
	visit = func(v *Value) {
		switch {
		case v == dataset:
		case v.Kind == Array:
			for _, item := range v.Items {
				visit(item)
			}
		case v.Kind != Object:
		case im.inspected[v] || im.settled[v]:
			// A node of the graph that the Dataset refers to: its parts are judged one by one.
			im.leftovers(v)
		case v.Member("@graph") != nil:
			visit(v.Member("@graph"))
		case isAncestor(v, dataset):
			for _, m := range v.Members {
				visit(m.Value)
			}
		default:
			im.note(v, "not carried: it is outside of the Dataset")
			im.contacts(v)
		}
	}
	visit(im.graph.root)
}

func isAncestor(v, of *Value) bool {
	for at := of.parent; at != nil; at = at.parent {
		if at == v {
			return true
		}
	}
	return false
}

// check adds the findings of the core's own rules, at the places in the document that the values came from.
func (im *importer) check(dataset *Value, version string) {
	for _, f := range types.FindingsOf(im.out) {
		if im.opts.File == nil && strings.HasPrefix(f.Path, "$.files") {
			continue // name, size and checksum come from the local file
		}
		if f.Severity == types.SeverityWarning && im.opts.Header == nil && strings.HasPrefix(f.Path, "$.columns") {
			continue // the file's header decides
		}
		im.locate(dataset, f)
	}
	if im.opts.File == nil {
		im.add(dataset, Finding{Fix: flagFile, Finding: types.Finding{
			Path: dataset.Path() + ".distribution", Severity: types.SeverityWarning,
			Message: "columns, size and checksum are taken from the local file when the record is registered",
		}})
	}
	if _, err := types.ParseSemVer(version); err != nil {
		im.locate(dataset, types.Finding{Path: "$.version", Severity: types.SeverityError, Message: err.Error()})
	}
}

// documentNames are the properties of a document for the fields of the core.
var documentNames = map[string]string{
	"names": "name", "descriptions": "description", "creators": "creator", "languages": "inLanguage",
	"identifiers": "identifier", "same_as": "sameAs", "date_created": "dateCreated", "temporal_coverage": "temporalCoverage",
	"spatial_coverage": "spatialCoverage", "spatial_name": "spatialCoverage", "measurement_technique": "measurementTechnique",
	"conditions_of_access": "conditionsOfAccess", "usage_terms": "usageInfo", "columns": "variableMeasured",
	"files": "distribution", "is_based_on": "isBasedOn",
}

// locate adds a finding about the core, with its path in the document and the flag that supplies the value.
func (im *importer) locate(dataset *Value, about types.Finding) {
	f := Finding{Finding: about, Fix: fixOf(about.Path)}
	for at := f.Path; at != "$" && at != ""; {
		if v, ok := im.origin[at]; ok && !im.supplied(f.Path) {
			f.Path = v.Path()
			im.add(v, f)
			return
		}
		at = at[:max(0, strings.LastIndexAny(at, ".["))]
	}
	field := strings.TrimPrefix(f.Path, "$.")
	rest := ""
	if i := strings.IndexAny(field, ".["); i >= 0 {
		field, rest = field[:i], field[i:]
	}
	if im.supplied(f.Path) && rest != "" {
		f.Message += fmt.Sprintf(" (given by %s)", f.Fix)
	}
	if name, ok := documentNames[field]; ok {
		field = name
	}
	f.Path = dataset.Path() + "." + field
	im.add(dataset, f)
}

// supplied reports whether a flag supplied the field of a core path.
func (im *importer) supplied(corePath string) bool {
	o := im.opts
	switch {
	case strings.HasPrefix(corePath, "$.names"):
		return o.Name != ""
	case strings.HasPrefix(corePath, "$.descriptions"):
		return o.Description != ""
	case strings.HasPrefix(corePath, "$.license"):
		return o.License != ""
	case strings.HasPrefix(corePath, "$.creators"):
		return len(o.Creators) > 0
	case strings.HasPrefix(corePath, "$.keywords"):
		return len(o.Keywords) > 0
	case strings.HasPrefix(corePath, "$.version"):
		return o.Version != ""
	}
	return false
}

// sorted returns the findings: errors first, then by their place in the document, without repetitions.
func (im *importer) sorted() []Finding {
	sort.SliceStable(im.found, func(i, j int) bool {
		a, b := im.found[i], im.found[j]
		if (a.Severity == types.SeverityError) != (b.Severity == types.SeverityError) {
			return a.Severity == types.SeverityError
		}
		return im.order[a.at] < im.order[b.at]
	})
	seen := make(map[Finding]bool)
	var out []Finding
	for _, f := range im.found {
		if !seen[f.Finding] {
			seen[f.Finding] = true
			out = append(out, f.Finding)
		}
	}
	if im.unlisted > 0 {
		out = append(out, Finding{Finding: types.Finding{
			Path: "$", Severity: types.SeverityWarning,
			Message: fmt.Sprintf("not listed: %d further findings", im.unlisted),
		}})
	}
	return out
}
