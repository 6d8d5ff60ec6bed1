package iri

import (
	"strconv"
	"strings"

	"github.com/alita-network/alita/terms/text"
)

// checkForm looks at what follows the scheme and its colon.
func checkForm(scheme, rest string) error {
	if scheme == "https" || scheme == "http" {
		return checkAuthority(rest)
	}
	if strings.HasPrefix(rest, "//") {
		return refuse(ReasonForm, "expected an identifier after %s:, got a host", scheme)
	}
	// Queries and fragments are no part of the identifier.
	id := rest
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		id = rest[:i]
	}
	form, ok := "", id != ""
	switch scheme {
	case "doi":
		form, ok = "10.1000/182", isDOI(id)
	case "ark":
		form, ok = "/12148/btv1b8449691v", isARK(id)
	case "hdl":
		form, ok = "20.1000/100", isHandle(id)
	case "urn":
		form, ok = "uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", isURN(id)
	case "DUO":
		form, ok = "0000042", len(rest) == 7 && text.All(rest, text.IsDigit)
	case "odrl":
		form, ok = "use", text.All(rest, text.IsLetter)
	default:
		form = "an identifier"
	}
	if !ok {
		return refuse(ReasonForm, "expected %s:%s or the like, got %s", scheme, form, text.Quote(scheme+":"+rest))
	}
	return nil
}

// isDOI reports whether s has the form of a DOI (ISO 26324): a directory indicator 10, a registrant, and a suffix.
func isDOI(s string) bool {
	prefix, suffix, _ := strings.Cut(s, "/")
	registrant, ok := strings.CutPrefix(prefix, "10.")
	if !ok || suffix == "" {
		return false
	}
	for _, part := range strings.Split(registrant, ".") {
		if part == "" || !text.All(part, text.IsDigit) {
			return false
		}
	}
	return true
}

// isARK reports whether s has the form of an archival resource key: the number of an authority and a name.
func isARK(s string) bool {
	authority, name, _ := strings.Cut(strings.TrimPrefix(s, "/"), "/")
	return authority != "" && text.All(authority, text.IsLetterOrDigit) && name != ""
}

// isHandle reports whether s has the form of a handle (RFC 3651, section 3): a naming authority and a local name.
func isHandle(s string) bool {
	prefix, suffix, _ := strings.Cut(s, "/")
	for _, part := range strings.Split(prefix, ".") {
		if part == "" || !text.All(part, text.IsLetterOrDigit) {
			return false
		}
	}
	return suffix != ""
}

// isURN reports whether s has the form of a namespace and a specific string (RFC 8141, section 2).
func isURN(s string) bool {
	namespace, specific, _ := strings.Cut(s, ":")
	return len(namespace) >= 2 && len(namespace) <= 32 && isLabel(namespace) && specific != "" && specific[0] != '/'
}

// checkAuthority looks at the host and port of an address of the web (RFC 9110, section 4.2).
func checkAuthority(rest string) error {
	authority, ok := strings.CutPrefix(rest, "//")
	if end := strings.IndexAny(authority, "/?#"); end >= 0 {
		authority = authority[:end]
	}
	if !ok || authority == "" {
		return refuse(ReasonHost, "expected // and a host after the scheme, got none")
	}
	if strings.IndexByte(authority, '@') >= 0 {
		// Not shown: it may be a password.
		return refuse(ReasonUser, "expected no user information before the host, got some")
	}
	host, port, hasPort := strings.Cut(authority, ":")
	if hasPort && !isPort(port) {
		return refuse(ReasonPort, "expected a port from 1 to 65535, got %s", text.Quote(port))
	}
	if !isHost(host) {
		return refuse(ReasonHost, "expected a host of letters, digits and hyphens, or four numbers, got %s", text.Quote(host))
	}
	return nil
}

// isHost accepts host names (RFC 1123, section 2.1) and addresses of IPv4. A last label of digits is never a name:
// programs read 2130706433 and 127.1 as addresses.
func isHost(s string) bool {
	labels := strings.Split(strings.TrimSuffix(s, "."), ".")
	if s == "" || len(s) > 253 {
		return false
	}
	for _, label := range labels {
		if len(label) > 63 || !isLabel(label) {
			return false
		}
	}
	last := labels[len(labels)-1]
	if text.All(last, text.IsDigit) || len(last) > 1 && (last[:2] == "0x" || last[:2] == "0X") {
		return len(labels) == 4 && isIPv4(labels)
	}
	return true
}

func isIPv4(parts []string) bool {
	for _, p := range parts {
		if n, err := strconv.ParseUint(p, 10, 8); err != nil || strconv.FormatUint(n, 10) != p {
			return false
		}
	}
	return true
}

// isLabel reports whether s is letters, digits and inner hyphens.
func isLabel(s string) bool {
	return s != "" && s[0] != '-' && s[len(s)-1] != '-' && text.All(s, func(c byte) bool { return text.IsLetterOrDigit(c) || c == '-' })
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0 && strconv.FormatUint(n, 10) == s
}
