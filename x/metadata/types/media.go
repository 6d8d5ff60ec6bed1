package types

import (
	"fmt"
	"strings"
)

// CheckMediaType reports whether s is a media type without parameters: type/subtype of restricted names
// (RFC 6838 section 4.2), such as text/csv.
func CheckMediaType(s string) error {
	kind, sub, ok := strings.Cut(s, "/")
	if !ok || !isRestrictedName(kind) || !isRestrictedName(sub) {
		return fmt.Errorf("%s is not a media type, expected type/subtype such as text/csv", quote(s))
	}
	return nil
}

func isRestrictedName(s string) bool {
	if s == "" || len(s) > 127 || !isASCIIAlnum(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !isASCIIAlnum(s[i]) && strings.IndexByte("!#$&-^_.+", s[i]) < 0 {
			return false
		}
	}
	return true
}
