package document

import (
	"fmt"
	"slices"

	"github.com/alita-network/alita/x/metadata/types"
)

// maxFindings bounds how many findings one import gives, and apart from that how many errors: warnings never crowd
// out the findings that refuse the document.
const maxFindings = 1000

// importer maps one Dataset node to the typed core. It remembers which values it carried, so that everything else
// can be listed.
type importer struct {
	graph     *graph
	opts      Options
	out       types.Dataset
	inspected map[*Value]bool // looked into: its parts are judged one by one
	settled   map[*Value]bool // carried, or of no meaning for a record
	order     map[*Value]int  // position in the document
	origin    map[string]*Value
	found     []found

	errors   int  // among the findings
	unlisted int  // findings beyond the bound
	exported bool // the document is one that Export wrote
}

// found is a finding with its place in the document.
type found struct {
	at *Value
	Finding
}

func newImporter(g *graph, opts Options) *importer {
	im := &importer{
		graph: g, opts: opts,
		inspected: make(map[*Value]bool), settled: make(map[*Value]bool), order: make(map[*Value]int),
		origin: make(map[string]*Value),
	}
	im.number(g.root)
	return im
}

func (im *importer) number(v *Value) {
	im.order[v] = len(im.order)
	for _, item := range v.Items {
		im.number(item)
	}
	for _, m := range v.Members {
		im.number(m.Value)
	}
}

// note adds a warning about a value.
func (im *importer) note(v *Value, format string, args ...any) {
	im.add(v, Finding{Finding: types.Finding{Severity: types.SeverityWarning, Message: fmt.Sprintf(format, args...)}})
}

// refuse adds an error about a value; flag names the flag that supplies the right value, or is empty.
func (im *importer) refuse(v *Value, flag, format string, args ...any) {
	im.add(v, Finding{Finding: types.Finding{Severity: types.SeverityError, Message: fmt.Sprintf(format, args...)}, Fix: flag})
}

func (im *importer) add(v *Value, f Finding) {
	if len(im.found) >= maxFindings && (f.Severity != types.SeverityError || im.errors >= maxFindings) {
		im.unlisted++
		return
	}
	if f.Severity == types.SeverityError {
		im.errors++
	}
	if f.Path == "" {
		f.Path = v.Path()
	}
	im.found = append(im.found, found{v, f})
}

// drop notes that a value is not carried and why, and settles it.
func (im *importer) drop(v *Value, format string, args ...any) {
	im.note(v, "not carried: "+format, args...)
	im.contacts(v)
	im.settle(v)
}

// settle marks a value that needs no finding any more.
func (im *importer) settle(v *Value) { im.settled[v] = true }

// inspect marks a value whose parts are judged one by one.
func (im *importer) inspect(v *Value) { im.inspected[v] = true }

// from remembers which value a part of the core came from, so that findings about the core can name it.
func (im *importer) from(corePath string, v *Value) { im.origin[corePath] = v }

// props returns the values that an object has for any of the terms, in document order, with arrays, lists and sets
// unfolded. The containers are marked as inspected; the caller settles the values.
func (im *importer) props(n node, terms ...string) []node {
	var out []node
	if n.v.Kind != Object {
		return nil
	}
	im.inspect(n.v)
	for _, m := range n.v.Members {
		term := n.sc.term(m.Key)
		// A context behind an address may define Croissant's terms; they look like schema.org's then.
		if slices.Contains(terms, term) || slices.Contains(terms, "cr:"+term) {
			out = im.unfold(out, node{m.Value, n.sc})
		}
	}
	return out
}

func (im *importer) unfold(out []node, n node) []node {
	switch n.v.Kind {
	case Null:
		im.settle(n.v)
		return out
	case Array:
		im.inspect(n.v)
		for _, item := range n.v.Items {
			out = im.unfold(out, node{item, n.sc})
		}
		return out
	case Object:
		for _, key := range [...]string{"@list", "@set"} {
			if inner := n.v.Member(key); inner != nil {
				im.inspect(n.v)
				return im.unfold(out, node{inner, n.sc})
			}
		}
		n.sc = im.graph.enterQuietly(n)
		if to := im.graph.follow(n); to.v != n.v {
			im.settle(n.v)
			return append(out, to)
		}
	}
	return append(out, n)
}

// first returns the first of several values and drops the others.
func (im *importer) first(values []node) (node, bool) {
	if len(values) == 0 {
		return node{}, false
	}
	for _, extra := range values[1:] {
		im.drop(extra.v, "a record holds one value here, the first was taken")
	}
	return values[0], true
}

// text reads a literal: a string, number or boolean, or an object with @value. markup reports whether its type is HTML.
func (im *importer) text(n node) (text, language string, markup, ok bool) {
	switch n.v.Kind {
	case String:
		return n.v.Text, n.sc.language, false, true
	case Number, Bool:
		return n.v.Text, "", false, true
	case Object:
		for _, m := range n.v.Members {
			switch n.sc.iri(m.Key) {
			case "@value":
				if m.Value.Kind == String || m.Value.Kind == Number || m.Value.Kind == Bool {
					text, ok = m.Value.Text, true
				}
			case "@language":
				language = m.Value.Text
			}
		}
		return text, language, im.isHTML(n), ok
	}
	return "", "", false, false
}

func (im *importer) isHTML(n node) bool {
	for _, m := range n.v.Members {
		if n.sc.iri(m.Key) != "@type" || m.Value.Kind != String {
			continue
		}
		switch n.sc.term(m.Value.Text) {
		case "HTML", "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML", "rdf:HTML":
			return true
		}
	}
	return false
}

// plain reads a literal, or the name or text of an object, as plain text and settles it.
func (im *importer) plain(n node) (string, bool) {
	if text, _, markup, ok := im.text(n); ok {
		im.settle(n.v)
		return im.clean(n.v, text, markup, true), true
	}
	for _, term := range [...]string{"name", "text", "headline"} {
		for _, p := range im.props(n, term) {
			if text, _, markup, ok := im.text(p); ok {
				im.settle(p.v)
				return im.clean(p.v, text, markup, true), true
			}
		}
	}
	return "", false
}

// link reads an IRI: a string, an object with @id, or one with a url.
func (im *importer) link(n node) (string, bool) {
	if text, _, _, ok := im.text(n); ok {
		im.settle(n.v)
		return trim(text), true
	}
	if n.v.Kind != Object {
		return "", false
	}
	im.inspect(n.v)
	if id := im.graph.id(n); isAbsolute(id) {
		return id, true
	}
	for _, p := range im.props(n, "url", "contentUrl") {
		if text, _, _, ok := im.text(p); ok {
			im.settle(p.v)
			return trim(text), true
		}
	}
	return "", false
}
