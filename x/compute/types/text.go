package types

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Bounds of texts.
const (
	MaxNameRunes        = 64
	MaxDescriptionBytes = 4096
	MaxColumnRunes      = 128
	MaxPurposeRunes     = 128
)

// validateLine accepts one line of low to high characters.
func validateLine(s string, low, high int) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("not UTF-8")
	}
	if n := utf8.RuneCountInString(s); n < low || n > high {
		return fmt.Errorf("%d characters, expected %d to %d", n, low, high)
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return fmt.Errorf("character %U, expected printable characters", r)
		}
	}
	return nil
}

// validateText accepts at most high bytes of text in any number of lines.
func validateText(s string, high int) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("not UTF-8")
	}
	if len(s) > high {
		return fmt.Errorf("%d bytes, expected at most %d", len(s), high)
	}
	for _, r := range s {
		if !unicode.IsPrint(r) && r != '\n' && r != '\t' {
			return fmt.Errorf("character %U, expected printable characters", r)
		}
	}
	return nil
}
