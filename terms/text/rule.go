package text

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alita-network/alita/terms/text/internal/class"
)

// Kind is the form of a text.
type Kind uint8

// The kinds; the package comment has their rules.
const (
	Line   Kind = iota // one line
	Lines              // any number of lines
	Name               // one line that names something
	Symbol             // letters from A to Z and digits
)

// MaxMarks is the largest number of combining marks in a row. No writing in use stacks more, and a stack of dozens
// draws over the lines around it.
const MaxMarks = 16

// Rule says what a text must be. A bound of zero is none.
type Rule struct {
	Kind     Kind
	MinRunes int // in characters (code points)
	MaxRunes int
	MaxBytes int
}

// Check returns an [*Error] that says why the text is refused, or nil.
func (r Rule) Check(s string) error {
	if err := checkEncoding(s); err != nil {
		return err
	}
	if err := r.checkLength(s); err != nil {
		return err
	}
	if s == "" {
		return nil
	}
	if r.Kind == Symbol {
		return checkSymbol(s)
	}
	for _, check := range [...]func(string, Kind) error{checkCharacters, checkSpacing, checkForm} {
		if err := check(s, r.Kind); err != nil {
			return err
		}
	}
	return nil
}

func checkEncoding(s string) error {
	for i, r := range s {
		if r != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
			err := refuse(ReasonEncoding, "expected UTF-8, got byte 0x%02X at byte %d", s[i], i)
			err.At = i
			return err
		}
	}
	return nil
}

func (r Rule) checkLength(s string) error {
	if r.MaxBytes > 0 && len(s) > r.MaxBytes {
		return refuse(ReasonLength, "expected at most %d bytes, got %d", r.MaxBytes, len(s))
	}
	n := utf8.RuneCountInString(s)
	switch {
	case n >= r.MinRunes && (r.MaxRunes == 0 || n <= r.MaxRunes):
		return nil
	case r.MaxRunes == 0:
		return refuse(ReasonLength, "expected at least %d characters, got %d", r.MinRunes, n)
	case r.MinRunes == 0:
		return refuse(ReasonLength, "expected at most %d characters, got %d", r.MaxRunes, n)
	}
	return refuse(ReasonLength, "expected %d to %d characters, got %d", r.MinRunes, r.MaxRunes, n)
}

func checkSymbol(s string) error {
	for i := 0; i < len(s); i++ {
		if letter := s[i] >= 'A' && s[i] <= 'Z'; !letter && (i == 0 || !IsDigit(s[i])) {
			return refuseAt(ReasonSymbol, s, i, "upper-case letters A to Z and digits with a letter first", "")
		}
	}
	return nil
}

// checkCharacters looks at each character, and for one that a reader sees.
func checkCharacters(s string, kind Kind) error {
	seen, marks := false, 0
	for i, r := range s {
		c, _ := classOf(r)
		switch {
		case c == class.Visible:
			if kind == Name && (r == '<' || r == '>') {
				return refuseAt(ReasonMarkup, s, i, "a name without < and >", "")
			}
			seen, marks = true, 0
		case c == class.Mark:
			if kind == Name && i == 0 {
				return refuseAt(ReasonMarks, s, i, "a name that does not begin with a combining mark", "")
			}
			if marks++; marks > MaxMarks {
				return refuseAt(ReasonMarks, s, i, fmt.Sprintf("at most %d combining marks in a row", MaxMarks), "one more")
			}
		case c == class.Space, kind == Lines && (r == '\n' || r == '\t'):
			marks = 0
		default:
			return refuseAt(refusals[c].reason, s, i, "printed characters", refusals[c].why)
		}
	}
	if !seen {
		return refuse(ReasonNothing, "expected a character that a reader sees, got marks and spaces")
	}
	return nil
}

// checkSpacing looks at white space, of which a text holds no other than a space, a line feed and a tab by now.
func checkSpacing(s string, kind Kind) error {
	const white = " \n\t"
	if strings.IndexByte(white, s[0]) >= 0 {
		return refuseAt(ReasonSpacing, s, 0, "no white space at the beginning", "")
	}
	if last := len(s) - 1; strings.IndexByte(white, s[last]) >= 0 {
		return refuseAt(ReasonSpacing, s, last, "no white space at the end", "")
	}
	if kind == Lines {
		return nil
	}
	if i := strings.Index(s, "  "); i >= 0 {
		return refuseAt(ReasonSpacing, s, i+1, "single spaces", "a second one")
	}
	return nil
}

// checkForm finds where the text first differs from its normal form C.
func checkForm(s string, _ Kind) error {
	form := NFC(s)
	if form == s {
		return nil
	}
	at := 0
	for i := range s {
		at = i
		if i >= len(form) || !strings.HasPrefix(form[i:], firstRune(s[i:])) {
			break
		}
	}
	return refuseAt(ReasonForm, s, at, "a text in Unicode normal form C", "written otherwise in that form")
}

func firstRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}
