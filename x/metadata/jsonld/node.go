package jsonld

import (
	"strings"
)

// node is a value together with what the contexts around it say.
type node struct {
	v  *Value
	sc scope
}

// document is a document with an index of its nodes by @id.
type document struct {
	root     *Value
	byID     map[string]node
	contexts []*Value // addresses of contexts that are not known here
}

func newDocument(root *Value) *document {
	d := &document{root: root, byID: make(map[string]node)}
	d.index(d.top())
	return d
}

// top is the root before any context: bare names are taken for schema.org's until a context says otherwise.
func (d *document) top() node { return node{d.root, scope{vocab: nsSchema, assumed: true}} }

// index remembers every object that says more than its @id.
func (d *document) index(n node) {
	switch n.v.Kind {
	case Array:
		for _, item := range n.v.Items {
			d.index(node{item, n.sc})
		}
	case Object:
		n = d.enter(n)
		if id := d.id(n); id != "" && !isReference(n) {
			if _, known := d.byID[id]; !known {
				d.byID[id] = n
			}
		}
		for _, m := range n.v.Members {
			if m.Key != "@context" {
				d.index(node{m.Value, n.sc})
			}
		}
	}
}

// enter applies the @context of an object.
func (d *document) enter(n node) node {
	if n.v.Kind == Object {
		n.sc = n.sc.with(n.v.Member("@context"), func(c *Value) { d.contexts = append(d.contexts, c) })
	}
	return n
}

// id returns the @id of an object, "" where it has none.
func (d *document) id(n node) string {
	for _, m := range n.v.Members {
		if n.sc.iri(m.Key) == "@id" && m.Value.Kind == String {
			return m.Value.Text
		}
	}
	return ""
}

// types returns the terms of an object's @type.
func (d *document) types(n node) []string {
	var out []string
	for _, m := range n.v.Members {
		if n.sc.iri(m.Key) != "@type" {
			continue
		}
		items := []*Value{m.Value}
		if m.Value.Kind == Array {
			items = m.Value.Items
		}
		for _, item := range items {
			if item.Kind == String {
				out = append(out, n.sc.term(item.Text))
			}
		}
	}
	return out
}

// is reports whether an object has one of the types.
func (d *document) is(n node, types ...string) bool {
	for _, have := range d.types(n) {
		for _, want := range types {
			if have == want {
				return true
			}
		}
	}
	return false
}

// isReference reports whether an object only names another one: it has an @id and nothing else but a type.
func isReference(n node) bool {
	named := false
	for _, m := range n.v.Members {
		switch n.sc.iri(m.Key) {
		case "@id":
			named = true
		case "@type", "@context":
		default:
			return false
		}
	}
	return named
}

// follow replaces a reference by the node it names, where the document has it.
func (d *document) follow(n node) node {
	if n.v.Kind != Object || !isReference(n) {
		return n
	}
	if to, ok := d.byID[d.id(n)]; ok {
		return to
	}
	return n
}

// label is a node's name or @id for a list of choices.
func (d *document) label(n node) string {
	name := ""
	for _, m := range n.v.Members {
		if n.sc.term(m.Key) == "name" && m.Value.Kind == String {
			name = m.Value.Text
		}
	}
	parts := make([]string, 0, 2)
	if id := d.id(n); id != "" {
		parts = append(parts, printable(id, 100))
	}
	if name != "" {
		parts = append(parts, `"`+printable(name, 60)+`"`)
	}
	return strings.Join(parts, " ")
}
