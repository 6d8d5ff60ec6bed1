package document

import (
	"fmt"
	"strings"
	"unicode"
)

// maxPathKey bounds what a path shows of a key, in bytes.
const maxPathKey = 128

// Path returns the place of the value in its document as a JSON path, such as "$.creator[0].name". Keys that are no
// plain names are in the bracket form of RFC 9535; characters that would not print are escaped and very long keys
// are cut.
func (v *Value) Path() string {
	var steps []string
	for at := v; at.parent != nil; at = at.parent {
		if at.index >= 0 {
			steps = append(steps, fmt.Sprintf("[%d]", at.index))
		} else {
			steps = append(steps, keyStep(at.key))
		}
	}
	var b strings.Builder
	b.WriteByte('$')
	for i := len(steps) - 1; i >= 0; i-- {
		b.WriteString(steps[i])
	}
	return b.String()
}

func keyStep(key string) string {
	if plainKey(key) {
		return "." + key
	}
	var b strings.Builder
	b.WriteString("['")
	for i, r := range key {
		if i >= maxPathKey {
			b.WriteString("...")
			break
		}
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, "\\U%08x", r)
		default:
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	b.WriteString("']")
	return b.String()
}

func plainKey(key string) bool {
	if key == "" || len(key) > maxPathKey {
		return false
	}
	for i := range len(key) {
		c := key[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}
