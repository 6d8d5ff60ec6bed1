package types

import (
	"fmt"
	"strings"

	"github.com/alita-network/alita/terms/text"
)

// ValidateMediaType reports whether s is a media type without parameters: type/subtype of restricted names
// (RFC 6838 section 4.2), such as text/csv.
func ValidateMediaType(s string) error {
	kind, sub, ok := strings.Cut(s, "/")
	if !ok || !isRestrictedName(kind) || !isRestrictedName(sub) {
		return fmt.Errorf("expected a media type such as text/csv, got %s", quote(s))
	}
	return nil
}

func isRestrictedName(s string) bool {
	if s == "" || len(s) > 127 || !text.IsLetterOrDigit(s[0]) {
		return false
	}
	return text.All(s[1:], func(c byte) bool { return text.IsLetterOrDigit(c) || strings.IndexByte("!#$&-^_.+", c) >= 0 })
}
