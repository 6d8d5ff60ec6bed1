package document

import (
	"fmt"
	"slices"
	"strings"

	check "github.com/alita-network/alita/terms/iri"
	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
	"github.com/alita-network/alita/x/metadata/types"
)

// citation maps Croissant's citeAs, or citation if there is none.
func (im *importer) citation(n node) {
	values := append(im.props(n, "cr:citeAs"), im.props(n, "citation")...)
	var usable []node
	for _, p := range values {
		if p.v.Kind == Object && im.graph.is(p, "Dataset") && im.nameless(p) {
			continue
		}
		usable = append(usable, p)
	}
	for _, p := range usable {
		text, ok := im.plain(p)
		if !ok || text == "" {
			continue
		}
		switch {
		case placeholders[strings.ToLower(text)]:
			im.note(p.v, "not carried: %q stands for no citation", text)
		case len([]rune(text)) > types.MaxText:
			im.note(p.v, "not carried: %d characters, at most %d", len([]rune(text)), types.MaxText)
		case im.out.Citation == "":
			im.out.Citation = text
			im.from("$.citation", p.v)
		case im.out.Citation != text:
			im.note(p.v, "not carried: a record holds one citation, the first was taken")
		}
	}
}

// placeholders are the texts that generators write if they know nothing.
var placeholders = words("none null n/a na nan unknown undefined -")

func (im *importer) nameless(n node) bool {
	_, ok := im.nameOf(n)
	return !ok
}

// access maps conditionsOfAccess and usageInfo.
func (im *importer) access(n node) {
	var conditions []node
	for _, p := range im.props(n, "conditionsOfAccess") {
		if text, _, _, ok := im.text(p); ok && trim(text) == vocab.DefaultConditions {
			im.settle(p.v)
			continue
		}
		conditions = append(conditions, p)
	}
	if p, ok := im.first(conditions); ok {
		if text, _, markup, ok := im.text(p); ok {
			im.settle(p.v)
			im.out.ConditionsOfAccess = im.clean(p.v, text, markup, true)
			im.from("$.conditions_of_access", p.v)
		}
	}
	for _, p := range im.props(n, "usageInfo") {
		iri, ok := im.link(p)
		if !ok || iri == "" {
			continue
		}
		term := usageTerm(p, iri)
		switch {
		case slices.Contains(im.out.UsageTerms, term):
		case check.UsageTerm(term) != nil:
			im.note(p.v, "not carried: %q is no IRI", printable(iri, 100))
		case len(im.out.UsageTerms) == types.MaxUsageTerms:
			im.note(p.v, "not carried: more than %d terms", types.MaxUsageTerms)
		default:
			im.from(fmt.Sprintf("$.usage_terms[%d]", len(im.out.UsageTerms)), p.v)
			im.out.UsageTerms = append(im.out.UsageTerms, term)
		}
	}
}

// usageTerm brings terms of DUO and ODRL into the form that a record holds, and expands other short names.
func usageTerm(n node, s string) string {
	if term, ok := vocab.UsageTerm(s); ok {
		return term
	}
	prefix, _, _ := strings.Cut(s, ":")
	if _, defined := n.sc.terms[prefix]; defined {
		if iri := n.sc.iri(s); iri != s {
			return usageTerm(node{}, iri)
		}
	}
	return s
}

// lineage maps those values of isBasedOn that name versions of records. Other sources have no place in a record,
// because the chain could not check them.
func (im *importer) lineage(values []node) {
	for _, n := range values {
		iri := ""
		if text, _, _, ok := im.text(n); ok {
			iri = trim(text)
		} else if n.v.Kind == Object {
			iri = im.graph.id(n)
		}
		recordID, version, ok := vocab.ParseVersionIRI(iri)
		switch {
		case !ok:
			im.drop(n.v, "it is no version of a record on this chain")
		case len(im.out.IsBasedOn) == types.MaxBasedOn:
			im.drop(n.v, "more than %d versions", types.MaxBasedOn)
		default:
			im.settle(n.v)
			im.from(fmt.Sprintf("$.is_based_on[%d]", len(im.out.IsBasedOn)), n.v)
			im.out.IsBasedOn = append(im.out.IsBasedOn, types.VersionRef{RecordId: recordID, Version: version})
		}
	}
}

// derived settles the properties that the chain states itself.
func (im *importer) derived(n node) {
	for _, p := range im.props(n, "datePublished", "dateModified") {
		if !im.exported {
			im.drop(p.v, "the chain states its own times of publication and change")
		}
		im.settle(p.v)
	}
	for _, p := range im.props(n, "isAccessibleForFree") {
		if text, _, _, ok := im.text(p); ok && !strings.EqualFold(text, "false") && !strings.HasSuffix(text, "/False") {
			im.note(p.v, "not carried: a record says false, because computing on the data is paid for")
		}
		im.settle(p.v)
	}
	for _, p := range im.props(n, "dct:conformsTo", "conformsTo") {
		im.settle(p.v)
	}
	if im.exported {
		for _, p := range im.props(n, "includedInDataCatalog", "sdPublisher") {
			im.settle(p.v)
		}
	}
}
