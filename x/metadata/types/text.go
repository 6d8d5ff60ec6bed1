package types

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/rangetable"
)

// textUnicodeVersion is the Unicode version whose characters texts may use. The normalization tables of
// x/text follow the Go toolchain that a node was built with, and newer tables know more characters.
// Unicode guarantees that a string of characters assigned in one version normalizes the same way in every
// later one, so refusing all others makes the rule the same on every node.
const textUnicodeVersion = "15.0.0"

var assigned = rangetable.Assigned(textUnicodeVersion)

// checkText returns what is wrong with a text, or "". A text is valid UTF-8 in normal form C of minRunes to
// maxRunes characters, without control characters (lines allows line feed and tab), characters that reorder
// what a reader sees, or characters newer than Unicode 15.0; it neither begins nor ends with white space.
func checkText(s string, minRunes, maxRunes int, lines bool) string {
	if !utf8.ValidString(s) {
		return "not valid UTF-8"
	}
	if n := utf8.RuneCountInString(s); n < minRunes || n > maxRunes {
		return fmt.Sprintf("%d characters, expected %d to %d", n, minRunes, maxRunes)
	}
	for i, r := range s {
		switch {
		case lines && (r == '\n' || r == '\t'):
		case r < 0x20 || r >= 0x7f && r < 0xa0:
			return fmt.Sprintf("control character U+%04X at byte %d; remove it", r, i)
		case isBidiControl(r):
			return fmt.Sprintf("direction control U+%04X at byte %d, which can hide text; remove it", r, i)
		case !unicode.Is(assigned, r):
			return fmt.Sprintf("character U+%04X at byte %d is not in Unicode %s; replace it", r, i, textUnicodeVersion)
		}
	}
	if strings.TrimFunc(s, isSpace) != s {
		return "begins or ends with white space; trim it"
	}
	// Every character is assigned, so this answer does not depend on the version of the tables.
	if !norm.NFC.IsNormalString(s) {
		return "not in Unicode normal form C; normalize it"
	}
	return ""
}

// isBidiControl reports embeddings, overrides and isolates (Unicode Standard Annex 9, section 2).
func isBidiControl(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// isSpace is White_Space of Unicode 15.0 as a fixed list.
func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff:
		return true
	}
	return r >= 0x2000 && r <= 0x200a
}

// looksLikeMarkup reports an HTML or XML tag, which readers would see as it stands.
func looksLikeMarkup(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] != '<' {
			continue
		}
		c := s[i+1]
		if (c == '/' || c == '!' || isASCIILetter(c)) && strings.IndexByte(s[i:], '>') > 0 {
			return true
		}
	}
	return false
}

// looksLikeEmail reports an address inside a text.
func looksLikeEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && strings.IndexByte(s[at:], '.') > 1
}

func isASCIILetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isASCIIDigit(c byte) bool { return c >= '0' && c <= '9' }

func isASCIIAlnum(c byte) bool { return isASCIILetter(c) || isASCIIDigit(c) }
