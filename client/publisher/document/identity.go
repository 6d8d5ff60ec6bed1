package document

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	check "github.com/alita-network/alita/terms/iri"
	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
	"github.com/alita-network/alita/x/metadata/types"
)

// identity maps @id, identifier, url and sameAs. IRIs and addresses that a chain gave itself, as in a document that it
// exported, are recognised and left out.
func (im *importer) identity(n node) {
	id := im.graph.id(n)
	if prefix, _, ok := strings.Cut(id, ":"); ok && n.sc.terms[prefix] != "" {
		id = n.sc.iri(id)
	}
	own, _ := vocab.ParseRecordIRI(id)
	for _, p := range im.props(n, "identifier", "cr:identifier") {
		im.identifier(p)
	}
	derivedURL := func(s string) bool {
		return own != "" && (strings.HasSuffix(s, vocab.RecordPath+own) || s == id)
	}
	for _, p := range im.props(n, "url") {
		text, ok := im.link(p)
		switch {
		case !ok || text == "" || derivedURL(text):
		case im.out.Url == "" && check.HTTPS(text) == nil:
			im.out.Url = text
			im.from("$.url", p.v)
		case text == im.out.Url:
		default:
			im.sameAs(p.v, text)
		}
	}
	for _, p := range im.props(n, "sameAs") {
		if text, ok := im.link(p); ok && !derivedURL(text) {
			im.sameAs(p.v, text)
		}
	}
	if iri := im.persistent(id); iri != "" && own == "" && !im.knows(iri) {
		im.addIdentifier(n.v, iri)
	}
}

// knows reports whether an IRI stands in the core already.
func (im *importer) knows(iri string) bool {
	return iri == im.out.Url || slices.Contains(im.out.Identifiers, iri) || slices.Contains(im.out.SameAs, iri)
}

// sameAs maps an address that is, or stands for, an https address.
func (im *importer) sameAs(v *Value, address string) {
	iri := im.persistent(address)
	switch {
	case iri == "" && address == "":
	case iri == "":
		im.note(v, "not carried: %q is no absolute IRI", printable(address, 100))
	case im.knows(iri):
	case check.HTTPS(iri) != nil:
		im.note(v, "not carried: %q is no https address", printable(address, 100))
	case len(im.out.SameAs) == types.MaxSameAs:
		im.note(v, "not carried: more than %d addresses", types.MaxSameAs)
	default:
		im.from(fmt.Sprintf("$.same_as[%d]", len(im.out.SameAs)), v)
		im.out.SameAs = append(im.out.SameAs, iri)
	}
}

// identifier takes IRIs, DOIs and ARKs in their usual spellings, as texts or PropertyValues.
func (im *importer) identifier(n node) {
	if text, _, _, ok := im.text(n); ok {
		im.settle(n.v)
		text = trim(text)
		if _, own := vocab.ParseRecordIRI(text); own || text == "" {
			return
		}
		if iri := im.persistent(text); iri != "" {
			im.addIdentifier(n.v, iri)
		} else {
			im.note(n.v, "not carried: %q is no IRI, DOI or ARK", printable(text, 100))
		}
		return
	}
	if n.v.Kind != Object {
		return
	}
	im.inspect(n.v)
	parts := make(map[string]node)
	for _, term := range [...]string{"value", "url", "propertyID"} {
		for _, p := range im.props(n, term) {
			if _, _, _, ok := im.text(p); ok {
				parts[term] = p
				break
			}
		}
	}
	read := func(term string) string {
		p, ok := parts[term]
		if !ok {
			return ""
		}
		text, _, _, _ := im.text(p)
		return trim(text)
	}
	value := read("value")
	if _, own := vocab.ParseRecordIRI(value); own {
		im.settle(n.v)
		return
	}
	for _, candidate := range [...]string{im.graph.id(n), read("url"), value} {
		if iri := im.persistent(candidate); iri != "" {
			im.addIdentifier(n.v, iri)
			// The other parts say the same.
			for term, p := range parts {
				if term == "propertyID" || im.persistent(read(term)) == iri || strings.HasSuffix(iri, read(term)) {
					im.settle(p.v)
				}
			}
			return
		}
	}
	if value != "" {
		im.note(parts["value"].v, "not carried: %q is no IRI, DOI or ARK", printable(value, 100))
		im.settle(parts["value"].v)
	}
}

func (im *importer) addIdentifier(v *Value, iri string) {
	switch {
	case slices.Contains(im.out.Identifiers, iri):
	case check.Identifier(iri) != nil:
		im.note(v, "not carried: %s", check.Identifier(iri))
	case len(im.out.Identifiers) == types.MaxIdentifiers:
		im.note(v, "not carried: more than %d identifiers", types.MaxIdentifiers)
	default:
		im.from(fmt.Sprintf("$.identifiers[%d]", len(im.out.Identifiers)), v)
		im.out.Identifiers = append(im.out.Identifiers, iri)
	}
}

var (
	doi    = regexp.MustCompile(`^(?:(?i:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*))?(10\.\d{4,9}/\S+)$`)
	scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:\S+$`)
)

// persistent is persistentIRI, but leaves everything in an exported document as it is.
func (im *importer) persistent(s string) string {
	if im.exported {
		return s
	}
	return persistentIRI(s)
}

// persistentIRI brings a DOI into the form https://doi.org/10..., leaves other absolute IRIs as they are, and
// returns "" for everything else.
func persistentIRI(s string) string {
	s = trim(s)
	if m := doi.FindStringSubmatch(s); m != nil {
		return "https://doi.org/" + m[1]
	}
	if !scheme.MatchString(s) || strings.HasPrefix(s, "file:") {
		return ""
	}
	return s
}
