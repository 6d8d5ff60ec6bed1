package iri

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alita-network/alita/terms/text"
)

// MaxBytes bounds every IRI.
const MaxBytes = 2048

var (
	identifierSchemes = []string{"https", "http", "ark", "doi", "hdl", "igsn", "swh", "urn"}
	usageSchemes      = []string{"https", "http", "urn", "DUO", "odrl"}
	webSchemes        = []string{"https"}
)

// Identifier returns an [*Error] that says why s is not the identifier of a thing, such as
// https://doi.org/10.1000/182 or ark:/12148/btv1b8449691v, or nil.
func Identifier(s string) error { return check(s, identifierSchemes) }

// UsageTerm returns an [*Error] that says why s is not the name of a term of use, such as DUO:0000042 (Data Use
// Ontology), odrl:use (Open Digital Rights Language) or an address, or nil.
func UsageTerm(s string) error { return check(s, usageSchemes) }

// HTTPS returns an [*Error] that says why s is not an address of the scheme https, or nil.
func HTTPS(s string) error { return check(s, webSchemes) }

func check(s string, schemes []string) error {
	if s == "" || len(s) > MaxBytes {
		return refuse(ReasonLength, "expected an IRI of 1 to %d bytes, got %d", MaxBytes, len(s))
	}
	scheme, rest, found := strings.Cut(s, ":")
	if !found || rest == "" || !isScheme(scheme) {
		return refuse(ReasonRelative, "expected an absolute IRI such as https://doi.org/10.1000/182, got %s", text.Quote(s))
	}
	i := slices.IndexFunc(schemes, func(known string) bool { return sameScheme(scheme, known) })
	if i < 0 {
		return refuse(ReasonScheme, "expected an IRI with the scheme %s, got %s", list(schemes), text.Quote(scheme))
	}
	if err := checkCharacters(s); err != nil {
		return err
	}
	return checkForm(schemes[i], rest)
}

// sameScheme compares schemes without case, and the prefixes of compact names, which are no schemes, as they are.
func sameScheme(scheme, known string) bool {
	if known == "DUO" || known == "odrl" {
		return scheme == known
	}
	return text.EqualFold(scheme, known)
}

func list(schemes []string) string {
	if len(schemes) == 1 {
		return schemes[0]
	}
	last := len(schemes) - 1
	return strings.Join(schemes[:last], ", ") + " or " + schemes[last]
}

// isScheme reports whether s has the form of a scheme (RFC 3986, section 3.1).
func isScheme(s string) bool {
	return s != "" && text.IsLetter(s[0]) && text.All(s, func(c byte) bool {
		return text.IsLetterOrDigit(c) || strings.IndexByte("+-.", c) >= 0
	})
}

// checkCharacters allows the characters of RFC 3986, well-formed percent escapes, and beyond ASCII what a line of text
// may hold. A fragment begins once. Brackets stand only around the addresses of IPv6, which no use needs.
func checkCharacters(s string) error {
	fragment := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= utf8.RuneSelf || text.IsLetterOrDigit(c) || strings.IndexByte("-._~:/?@!$&'()*+,;=", c) >= 0:
		case c == '#' && !fragment:
			fragment = true
		case c == '%' && i+2 < len(s) && text.IsHexDigit(s[i+1]) && text.IsHexDigit(s[i+2]):
			i += 2
		default:
			return refuse(ReasonCharacter, "expected a character of an IRI or a percent escape, got U+%04X at byte %d", c, i)
		}
	}
	if err := (text.Rule{Kind: text.Line}).Check(s); err != nil {
		return refuse(ReasonCharacter, "%s", err)
	}
	return nil
}
