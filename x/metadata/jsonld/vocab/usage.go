package vocab

import (
	"regexp"
	"strings"
)

// The prefixes of usage terms in a record.
const (
	duoPrefix  = "DUO:"
	odrlPrefix = "odrl:"
)

// duoTerm finds the number of a term of the Data Use Ontology in its usual spellings.
var duoTerm = regexp.MustCompile(`^(?i:https?://purl\.obolibrary\.org/obo/DUO_|obo:DUO_|DUO[:_])(\d{7})$`)

// UsageTerm returns a term of the Data Use Ontology or of ODRL in the form that a record holds, such as
// DUO:0000042 or odrl:use, and reports whether it was one of those. Any other text stays as it is.
func UsageTerm(s string) (string, bool) {
	if m := duoTerm.FindStringSubmatch(s); m != nil {
		return duoPrefix + m[1], true
	}
	if rest, ok := strings.CutPrefix(s, ODRL); ok {
		return odrlPrefix + rest, true
	}
	return s, false
}

// UsageIRI returns the IRI of a usage term of a record. A term of another vocabulary is an IRI already and stays
// as it is.
func UsageIRI(term string) string {
	if m := duoTerm.FindStringSubmatch(term); m != nil {
		return DUO + m[1]
	}
	if rest, ok := strings.CutPrefix(term, odrlPrefix); ok {
		return ODRL + rest
	}
	return term
}
