package document

import (
	"strings"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// recordSet is a Croissant record set with the columns of its fields.
type recordSet struct {
	node
	id     string
	labels bool // holds the labels of a category or the names of splits, not data
}

// recordSets chooses the record set that describes the data and maps its fields to columns. Record sets that list
// the labels of a category, and further ones, are noted.
func (im *importer) recordSets(values []node) columnSet {
	var sets []recordSet
	labels := make(map[string]bool)
	for _, n := range values {
		if n.v.Kind != Object {
			continue
		}
		set := recordSet{node: n, id: im.graph.id(n), labels: im.holdsLabels(n)}
		if set.labels && set.id != "" {
			labels[set.id] = true
		}
		sets = append(sets, set)
	}
	chosen := im.chooseSet(sets)
	var out columnSet
	for i, set := range sets {
		switch {
		case i == chosen:
			out = im.fields(set, labels)
		case set.labels:
			im.drop(set.v, "the labels of a category or split; a record describes one table")
		default:
			im.drop(set.v, "a further record set; a record describes one table, and the one at %s was taken", sets[chosen].v.Path())
		}
	}
	return out
}

// holdsLabels reports whether a record set is an enumeration, lists splits, or holds its data in the document.
func (im *importer) holdsLabels(n node) bool {
	for _, m := range n.v.Members {
		switch n.sc.term(m.Key) {
		case "cr:data", "data":
			return true
		case "cr:isEnumeration", "isEnumeration":
			return m.Value.Text == "true"
		case "cr:dataType", "dataType":
			for _, t := range append([]*Value{m.Value}, m.Value.Items...) {
				if term := n.sc.term(t.Text); t.Kind == String && (term == "Enumeration" || term == "cr:Split") {
					return true
				}
			}
		}
	}
	return false
}

// chooseSet returns the index of the record set whose fields the file has most of, or of the first one with data, or
// -1 if there is none.
func (im *importer) chooseSet(sets []recordSet) int {
	inFile := make(map[string]bool, len(im.opts.Header))
	for _, name := range im.opts.Header {
		inFile[name] = true
	}
	best, most := -1, -1
	for i, set := range sets {
		if set.labels {
			continue
		}
		count := 0
		for _, name := range fieldNames(set) {
			if inFile[name] {
				count++
			}
		}
		if count > most {
			best, most = i, count
		}
	}
	return best
}

// fieldNames reads the column names of a record set without settling anything.
func fieldNames(set recordSet) []string {
	var out []string
	quiet := newImporterQuiet()
	for _, f := range quiet.props(set.node, "cr:field") {
		if f.v.Kind == Object {
			if c, ok := quiet.field(f, nil); ok {
				out = append(out, c.Name)
			}
		}
	}
	return out
}

// newImporterQuiet is an importer whose findings nobody reads.
func newImporterQuiet() *importer {
	return newImporter(&graph{root: &Value{}, byID: map[string]node{}}, Options{})
}

func (im *importer) fields(set recordSet, labels map[string]bool) columnSet {
	var out columnSet
	im.firstText(set.node, "name")
	for _, p := range im.props(set.node, "cr:key") {
		im.settle(p.v)
	}
	for _, f := range im.props(set.node, "cr:field") {
		if f.v.Kind != Object {
			continue
		}
		c, ok := im.field(f, labels)
		switch {
		case !ok:
			im.drop(f.v, "no column of the data stands behind this field")
		case !out.add(c, f.v):
			im.drop(f.v, "the column %q occurs twice", printable(c.Name, 60))
		}
	}
	return out
}

// field maps a field: its column is the one it is extracted from, or else the last part of its name or @id.
func (im *importer) field(n node, labels map[string]bool) (types.Column, bool) {
	name := im.firstText(n, "name")
	column, computed := "", false
	for _, source := range im.props(n, "cr:source") {
		if source.v.Kind != Object {
			continue
		}
		im.settle(source.v) // the file says itself where the column comes from
		for _, extract := range im.props(source, "cr:extract") {
			if extract.v.Kind != Object {
				continue
			}
			if text := normalize(im.firstText(extract, "cr:column"), false); text != "" {
				column = text
			} else if im.firstText(extract, "cr:fileProperty") != "" {
				computed = true
			}
		}
	}
	if column == "" {
		if name == "" {
			name = im.graph.id(n)
		}
		column = normalize(name[strings.LastIndexByte(name, '/')+1:], false)
	}
	c := types.Column{Name: column}
	if column == "" || computed {
		return c, false
	}
	im.describe(n, &c)
	for _, reference := range im.props(n, "cr:references") {
		if labels[parentOf(referenced(reference))] {
			c.Type = datapooltypes.COLUMN_TYPE_CATEGORY
			im.settle(reference.v)
		}
	}
	return c, true
}

// referenced finds the @id of the field that a reference names: {"field": {"@id": ...}} or {"@id": ...}.
func referenced(n node) string {
	if n.v.Kind != Object {
		return n.v.Text
	}
	for _, m := range n.v.Members {
		switch n.sc.term(m.Key) {
		case "@id":
			return m.Value.Text
		case "cr:field", "field":
			return referenced(node{m.Value, n.sc})
		}
	}
	return ""
}

// parentOf is the @id of the record set of a field: by convention the part before the last "/" or "#".
func parentOf(id string) string {
	if i := strings.LastIndexAny(id, "/#"); i >= 0 {
		return id[:i]
	}
	return ""
}
