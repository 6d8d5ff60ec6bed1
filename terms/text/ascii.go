package text

import (
	"fmt"
	"time"
)

// IsLetter reports whether c is a letter from A to Z or from a to z.
func IsLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// IsDigit reports whether c is a digit from 0 to 9.
func IsDigit(c byte) bool { return c >= '0' && c <= '9' }

// IsLetterOrDigit reports whether c is a letter or a digit of ASCII.
func IsLetterOrDigit(c byte) bool { return IsLetter(c) || IsDigit(c) }

// IsHexDigit reports whether c is a hexadecimal digit in either case.
func IsHexDigit(c byte) bool { return IsDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// All reports whether is holds for every byte of s.
func All(s string, is func(byte) bool) bool {
	for i := 0; i < len(s); i++ {
		if !is(s[i]) {
			return false
		}
	}
	return true
}

// Lower returns s with the letters A to Z in lower case; all else stays.
func Lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// EqualFold reports whether two texts are the same but for the case of the letters of ASCII.
func EqualFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if a[i] != b[i] && (a[i]|0x20 != b[i]|0x20 || !IsLetter(a[i])) {
			return false
		}
	}
	return true
}

// Quote shows at most the first 64 bytes of a foreign text in ASCII, with all else escaped, for errors.
func Quote(s string) string {
	const most = 64
	if len(s) > most {
		return fmt.Sprintf("%+q...", s[:most])
	}
	return fmt.Sprintf("%+q", s)
}

// Timestamp shows a time to the second in UTC (RFC 3339), for errors.
func Timestamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
