package document

import (
	"strings"

	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
)

// node is a value with the scope of the contexts around it.
type node struct {
	v  *Value
	sc scope
}

// graph is a document with an index of its nodes by @id.
type graph struct {
	root     *Value
	byID     map[string]node
	contexts []*Value // addresses of contexts that are not known here
}

func newGraph(root *Value) *graph {
	g := &graph{root: root, byID: make(map[string]node)}
	g.index(g.top())
	return g
}

// top is the root before any context: bare names are taken for schema.org's until a context says otherwise.
func (g *graph) top() node { return node{g.root, scope{vocab: vocab.Schema, assumed: true}} }

// index remembers every object that says more than its @id.
func (g *graph) index(n node) {
	switch n.v.Kind {
	case Array:
		for _, item := range n.v.Items {
			g.index(node{item, n.sc})
		}
	case Object:
		n = g.enter(n)
		if id := g.id(n); id != "" && !isReference(n) {
			if _, known := g.byID[id]; !known {
				g.byID[id] = n
			}
		}
		for _, m := range n.v.Members {
			if m.Key != "@context" {
				g.index(node{m.Value, n.sc})
			}
		}
	}
}

// enter applies the @context of an object.
func (g *graph) enter(n node) node {
	if n.v.Kind == Object {
		n.sc = n.sc.with(n.v.Member("@context"), func(c *Value) { g.contexts = append(g.contexts, c) })
	}
	return n
}

// id returns the @id of an object, or "".
func (g *graph) id(n node) string {
	for _, m := range n.v.Members {
		if n.sc.iri(m.Key) == "@id" && m.Value.Kind == String {
			return m.Value.Text
		}
	}
	return ""
}

// types returns the terms of an object's @type.
func (g *graph) types(n node) []string {
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
func (g *graph) is(n node, types ...string) bool {
	for _, have := range g.types(n) {
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

// follow replaces a reference by the node that it names, if the document has it.
func (g *graph) follow(n node) node {
	if n.v.Kind != Object || !isReference(n) {
		return n
	}
	if to, ok := g.byID[g.id(n)]; ok {
		return to
	}
	return n
}

// label is a node's name or @id for a list of choices.
func (g *graph) label(n node) string {
	name := ""
	for _, m := range n.v.Members {
		if n.sc.term(m.Key) == "name" && m.Value.Kind == String {
			name = m.Value.Text
		}
	}
	parts := make([]string, 0, 2)
	if id := g.id(n); id != "" {
		parts = append(parts, printable(id, 100))
	}
	if name != "" {
		parts = append(parts, `"`+printable(name, 60)+`"`)
	}
	return strings.Join(parts, " ")
}
