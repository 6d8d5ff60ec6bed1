package text

import (
	"fmt"
	"unicode/utf8"

	"github.com/alita-network/alita/terms/text/internal/class"
)

// Reason says why a text is refused. The vectors in testdata/text use the same values.
type Reason string

// The reasons, in the order in which they are looked for.
const (
	ReasonEncoding     Reason = "encoding"     // not UTF-8
	ReasonLength       Reason = "length"       // too short or too long
	ReasonSymbol       Reason = "symbol"       // not A to Z and digits with a letter first
	ReasonControl      Reason = "control"      // a control character
	ReasonDirection    Reason = "direction"    // a control of the direction of writing
	ReasonSeparator    Reason = "separator"    // a separator of lines or paragraphs
	ReasonInvisible    Reason = "invisible"    // drawn as nothing
	ReasonSpace        Reason = "space"        // a space other than U+0020
	ReasonFormat       Reason = "format"       // another format character
	ReasonBlank        Reason = "blank"        // a letter, mark or symbol that draws nothing
	ReasonPrivate      Reason = "private"      // for private use
	ReasonNoncharacter Reason = "noncharacter" // never to be assigned
	ReasonUnassigned   Reason = "unassigned"   // not in Unicode 15.0.0
	ReasonMarkup       Reason = "markup"       // < or > in a name
	ReasonMarks        Reason = "marks"        // too many marks in a row, or a mark that begins a name
	ReasonSpacing      Reason = "spacing"      // white space at an end, or two spaces in a row
	ReasonNothing      Reason = "nothing"      // marks and spaces alone
	ReasonForm         Reason = "form"         // not in normal form C
	ReasonTwice        Reason = "twice"        // a name that is there already
	ReasonLookAlike    Reason = "look-alike"   // a name that looks like one that is there already
)

// Error says why a text is refused, and where.
type Error struct {
	Reason Reason
	Rune   rune // the code point that is refused; -1 if the reason is not one
	At     int  // where it begins, in bytes; -1 if the reason is not one code point
	text   string
}

// Error is the sentence "expected ..., got ..."; the caller puts what was looked at before it.
func (e *Error) Error() string { return e.text }

func refuse(reason Reason, format string, args ...any) *Error {
	return &Error{Reason: reason, Rune: -1, At: -1, text: fmt.Sprintf(format, args...)}
}

// refuseAt refuses the character that begins at byte at of s.
func refuseAt(reason Reason, s string, at int, expected, why string) *Error {
	r, _ := utf8.DecodeRuneInString(s[at:])
	if why != "" {
		why = " (" + why + ")"
	}
	return &Error{Reason: reason, Rune: r, At: at, text: fmt.Sprintf("expected %s, got U+%04X at byte %d%s", expected, r, at, why)}
}

// refusals has the reason and its words for every class that is not printed.
var refusals = map[class.Class]struct {
	reason Reason
	why    string
}{
	class.Control:      {ReasonControl, "a control character"},
	class.Direction:    {ReasonDirection, "a control of the direction of writing"},
	class.Separator:    {ReasonSeparator, "a separator of lines or paragraphs"},
	class.Invisible:    {ReasonInvisible, "an invisible character"},
	class.OtherSpace:   {ReasonSpace, "a space other than U+0020"},
	class.Format:       {ReasonFormat, "a format character"},
	class.Blank:        {ReasonBlank, "a sign that draws nothing"},
	class.Private:      {ReasonPrivate, "for private use"},
	class.Noncharacter: {ReasonNoncharacter, "not a character"},
	class.Unassigned:   {ReasonUnassigned, "not assigned in Unicode " + Version},
}
