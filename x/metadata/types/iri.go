package types

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxIRIBytes bounds every IRI.
const MaxIRIBytes = 2048

// CheckIRI reports whether s is an absolute IRI (RFC 3987): a scheme, a colon and a rest of allowed characters.
// Compact IRIs such as DUO:0000042 have this form, too. The parser is this module's own because that of the
// standard library changes between Go versions and this answer is part of consensus.
func CheckIRI(s string) error {
	if s == "" || len(s) > MaxIRIBytes {
		return fmt.Errorf("%d bytes, expected an IRI of 1 to %d", len(s), MaxIRIBytes)
	}
	colon := strings.IndexByte(s, ':')
	if colon < 1 || colon == len(s)-1 || !isScheme(s[:colon]) {
		return fmt.Errorf("%s is not an absolute IRI, expected scheme:rest such as https://doi.org/10.1000/182", quote(s))
	}
	return checkIRIChars(s)
}

// CheckHTTPS reports whether s is an absolute https IRI with a host and without user information.
func CheckHTTPS(s string) error {
	if err := CheckIRI(s); err != nil {
		return err
	}
	const scheme = "https://"
	if len(s) <= len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return fmt.Errorf("%s is not an https address, expected https://host/path", quote(s))
	}
	rest := s[len(scheme):]
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	if strings.IndexByte(rest, '@') >= 0 {
		return fmt.Errorf("the address holds user information before the host; remove it")
	}
	host, port, hasPort := strings.Cut(rest, ":")
	if hasPort && !isPort(port) {
		return fmt.Errorf("port %s is not a number from 1 to 65535", quote(port))
	}
	if !isHost(host) {
		return fmt.Errorf("%s is not a host name", quote(host))
	}
	return nil
}

func isScheme(s string) bool {
	if !isASCIILetter(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if c := s[i]; !isASCIIAlnum(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// checkIRIChars allows the characters of RFC 3986 and well-formed percent escapes, and beyond ASCII those
// that a text may hold (RFC 3987 ucschar, without white space).
func checkIRIChars(s string) error {
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return fmt.Errorf("not valid UTF-8 at byte %d", i)
			}
			if isSpace(r) {
				return fmt.Errorf("white space at byte %d, expected %%20", i)
			}
			i += size
			continue
		}
		switch {
		case isASCIIAlnum(c) || strings.IndexByte("-._~:/?#[]@!$&'()*+,;=", c) >= 0:
			i++
		case c == '%' && i+2 < len(s) && isHexDigit(s[i+1]) && isHexDigit(s[i+2]):
			i += 3
		default:
			return fmt.Errorf("%q at byte %d is not allowed in an IRI; percent-encode it", c, i)
		}
	}
	if msg := checkText(s, 1, MaxIRIBytes, false); msg != "" {
		return fmt.Errorf("%s", msg)
	}
	return nil
}

// isHost accepts ASCII host names and IPv4 addresses: dot-separated labels of letters, digits and inner hyphens.
func isHost(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for _, part := range strings.Split(strings.TrimSuffix(s, "."), ".") {
		if part == "" || len(part) > 63 || part[0] == '-' || part[len(part)-1] == '-' {
			return false
		}
		for i := 0; i < len(part); i++ {
			if !isASCIIAlnum(part[i]) && part[i] != '-' {
				return false
			}
		}
	}
	return true
}

func isPort(s string) bool {
	if s == "" || len(s) > 5 || s[0] == '0' {
		return false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if !isASCIIDigit(s[i]) {
			return false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n <= 65535
}

func isHexDigit(c byte) bool {
	return isASCIIDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// quote shows at most the first 64 bytes of a value in an error, with everything unprintable escaped.
func quote(s string) string {
	const most = 64
	if len(s) > most {
		return fmt.Sprintf("%+q...", s[:most])
	}
	return fmt.Sprintf("%+q", s)
}
