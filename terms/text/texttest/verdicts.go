// Package texttest asks a rule about every code point, so that tests can compare what nodes say that were built with
// different Go toolchains.
package texttest

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"unicode/utf8"
)

// codePoints is the number of code points of Unicode.
const codePoints = 0x110000

// Newer returns characters that Unicode 15.1, 16 and 17 added. Every rule refuses them, whatever the toolchain knows.
func Newer() []rune {
	return []rune{0x2ffc, 0x2ebf0, 0x1c89, 0x1c8a, 0xa7cb, 0xa7da, 0x10d40, 0x1fae9, 0xa7ce, 0x1fac8}
}

// Hash returns the SHA-256, in hexadecimal, of the answers to a text with each code point in its middle, in order,
// each followed by a zero byte. A surrogate, which UTF-8 cannot hold, stands as the three bytes that a careless
// encoder writes for it.
func Hash(answer func(text string) string) string {
	h := sha256.New()
	for r := rune(0); r < codePoints; r++ {
		// The errors of a hash are always nil.
		_, _ = io.WriteString(h, answer("AB"+encode(r)+"CD")+"\x00")
	}
	return hex.EncodeToString(h.Sum(nil))
}

func encode(r rune) string {
	if r >= 0xd800 && r <= 0xdfff {
		return string([]byte{0xe0 | byte(r>>12), 0x80 | byte(r>>6)&0x3f, 0x80 | byte(r)&0x3f})
	}
	return string(utf8.AppendRune(nil, r))
}
