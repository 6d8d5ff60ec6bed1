package document

import (
	"strings"

	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
)

const (
	maxTermHops    = 4 // how often a term may refer to another one
	maxContextSize = 1024
)

// wellKnownPrefixes hold for a document that uses a prefix without defining it, because a context behind an address
// defines it.
var wellKnownPrefixes = map[string]string{
	"schema": vocab.Schema, "sc": vocab.Schema, "cr": vocab.Croissant, "rai": vocab.RAI, "dct": vocab.DCTerms, "dcterms": vocab.DCTerms,
	"dcat": vocab.DCAT, "odrl": vocab.ODRL, "prov": vocab.PROV, "spdx": vocab.SPDX,
}

// scope holds what the contexts around a node define: the vocabulary of bare names and the meaning of short names.
type scope struct {
	vocab    string
	language string
	terms    map[string]string // short name or prefix to IRI or to another short name
	assumed  bool              // no context at all so far
}

// with returns the scope after a context. Contexts are never fetched: an address of schema.org, Croissant or RO-Crate
// stands for schema.org's vocabulary, on which the latter two build, and any other is handed to unknown.
func (s scope) with(context *Value, unknown func(*Value)) scope {
	if context == nil {
		return s
	}
	if s.assumed {
		s = scope{}
	}
	switch context.Kind {
	case Array:
		for _, c := range context.Items {
			s = s.with(c, unknown)
		}
	case String:
		switch {
		case isSchemaOrg(context.Text), hasAnyPrefix(context.Text, "http://mlcommons.org/croissant", "https://w3id.org/ro/crate/"):
			s.vocab = vocab.Schema
		default:
			unknown(context)
		}
	case Object:
		s = s.defined(context)
	case Null:
		s = scope{}
	}
	return s
}

func (s scope) defined(context *Value) scope {
	terms := make(map[string]string, len(s.terms)+len(context.Members))
	for k, v := range s.terms {
		terms[k] = v
	}
	s.terms = terms
	for _, m := range context.Members {
		if len(terms) >= maxContextSize {
			break
		}
		switch text := m.Value.Text; {
		case m.Key == "@vocab" && m.Value.Kind == String:
			s.vocab = text
		case m.Key == "@language":
			s.language = text
		case strings.HasPrefix(m.Key, "@"):
		case m.Value.Kind == String:
			terms[m.Key] = text
		case m.Value.Kind == Object:
			if id := m.Value.Member("@id"); id != nil && id.Kind == String {
				terms[m.Key] = id.Text
			}
		}
	}
	return s
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// isSchemaOrg reports whether an address is the address of schema.org's context or vocabulary.
func isSchemaOrg(address string) bool {
	rest := strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
	rest = strings.TrimPrefix(rest, "www.")
	return rest == "schema.org" || strings.HasPrefix(rest, "schema.org/")
}

// iri expands a key or a type to its IRI, or to "" if nothing gives it a meaning. Keywords stay as they are.
func (s scope) iri(name string) string {
	for range maxTermHops {
		if strings.HasPrefix(name, "@") {
			return name
		}
		if to, ok := s.terms[name]; ok && to != name {
			name = to
			continue
		}
		prefix, suffix, colon := strings.Cut(name, ":")
		if !colon {
			if s.vocab == "" {
				return ""
			}
			return s.vocab + name
		}
		if strings.HasPrefix(suffix, "//") {
			return name
		}
		if to, ok := s.terms[prefix]; ok {
			name = to + suffix
			continue
		}
		if to, ok := wellKnownPrefixes[prefix]; ok {
			return to + suffix
		}
		return name
	}
	return name
}

// term names a key or a type: bare for schema.org under either scheme, prefixed for the other namespaces known
// here, else the IRI.
func (s scope) term(name string) string {
	iri := s.iri(name)
	for _, ns := range [...]struct{ iri, prefix string }{
		{vocab.Schema, ""},
		{vocab.SchemaHTTPS, ""},
		{vocab.RAI, "rai:"},
		{vocab.Croissant, "cr:"},
		{vocab.CroissantDraft, "cr:"},
		{vocab.DCTerms, "dct:"},
		{vocab.DCAT, "dcat:"},
		{vocab.ODRL, "odrl:"},
		{vocab.PROV, "prov:"},
		{vocab.SPDX, "spdx:"},
	} {
		if rest, ok := strings.CutPrefix(iri, ns.iri); ok && rest != "" {
			return ns.prefix + rest
		}
	}
	return iri
}
