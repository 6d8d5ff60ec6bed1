package document

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Errors of finding the Dataset in a document, matched with errors.Is.
var (
	ErrNoDataset       = errors.New("document describes no Dataset")
	ErrSeveralDatasets = errors.New("document describes several Datasets")
	ErrNoSuchDataset   = errors.New("document has no such Dataset")
)

// maxListed bounds how many Datasets or types an error lists.
const maxListed = 16

// datasets finds the Dataset nodes of a document: at its top, in arrays and graphs, and as values of other nodes
// such as a DataCatalog; not those inside another Dataset. References to nodes elsewhere do not count.
func (g *graph) datasets(n node) []node {
	switch n.v.Kind {
	case Array:
		var out []node
		for _, item := range n.v.Items {
			out = append(out, g.datasets(node{item, n.sc})...)
		}
		return out
	case Object:
		n = node{n.v, g.enterQuietly(n)}
		if g.is(n, "Dataset", "DataFeed") && !isReference(n) {
			return []node{n}
		}
		var out []node
		for _, m := range n.v.Members {
			if m.Key != "@context" {
				out = append(out, g.datasets(node{m.Value, n.sc})...)
			}
		}
		return out
	}
	return nil
}

// enterQuietly is enter without remembering unknown contexts: the index has done so.
func (g *graph) enterQuietly(n node) scope {
	return n.sc.with(n.v.Member("@context"), func(*Value) {})
}

// choose picks the Dataset: the only one, or the one that choice names by @id or by its number from 0.
func (g *graph) choose(choice string) (node, error) {
	found := g.datasets(g.top())
	if len(found) == 0 {
		return node{}, fmt.Errorf("%w: expected an object with \"@type\": \"Dataset\" of schema.org, got %s",
			ErrNoDataset, g.typesFound())
	}
	if choice == "" {
		if len(found) == 1 {
			return found[0], nil
		}
		return node{}, fmt.Errorf("%w: expected --select with the number or @id of one, got none: %s", ErrSeveralDatasets, g.list(found))
	}
	for _, n := range found {
		if g.id(n) == choice {
			return n, nil
		}
	}
	if i, err := strconv.ParseUint(choice, 10, 16); err == nil && i < uint64(len(found)) {
		return found[i], nil
	}
	return node{}, fmt.Errorf("%w: expected one of %s, got --select %s", ErrNoSuchDataset, g.list(found), printable(choice, 100))
}

func (g *graph) list(found []node) string {
	var parts []string
	for i, n := range found {
		if i == maxListed {
			parts = append(parts, fmt.Sprintf("and %d more", len(found)-i))
			break
		}
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d %s", i, g.label(n))))
	}
	return strings.Join(parts, ", ")
}

// typesFound lists the types at the top of a document.
func (g *graph) typesFound() string {
	seen := make(map[string]bool)
	var parts []string
	var visit func(n node)
	visit = func(n node) {
		switch n.v.Kind {
		case Array:
			for _, item := range n.v.Items {
				visit(node{item, n.sc})
			}
		case Object:
			n = node{n.v, g.enterQuietly(n)}
			for _, t := range g.types(n) {
				if t = printable(t, 60); t != "" && !seen[t] && len(parts) < maxListed {
					seen[t] = true
					parts = append(parts, t)
				}
			}
			if graph := n.v.Member("@graph"); graph != nil {
				visit(node{graph, n.sc})
			}
		}
	}
	visit(g.top())
	if len(parts) == 0 {
		return "no known @type"
	}
	return strings.Join(parts, ", ")
}
