package text

import (
	"strings"

	"github.com/alita-network/alita/terms/text/internal/class"
)

// Tidy brings a text that was written elsewhere closer to a [Line], or to [Lines] if lines is set: it takes out
// controls and what is drawn as nothing, writes line ends as line feeds and other spaces as U+0020, takes white space
// off both ends, and brings the result into normal form C. In one line every row of white space becomes one space.
// Bytes that are not UTF-8 become U+FFFD. What a reader sees stays, so a rule may still refuse the result.
func Tidy(s string, lines bool) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune { return tidyRune(r, lines) }, s)
	if !lines {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
	}
	return NFC(strings.Trim(s, " \n\t"))
}

// Unseen reports whether [Tidy] takes a character out: a control that is no white space, or what is drawn as nothing.
func Unseen(r rune) bool {
	switch c, _ := classOf(r); c {
	case class.Control:
		return (r < '\t' || r > '\r') && r != 0x85
	case class.Direction, class.Invisible:
		return true
	}
	return false
}

func tidyRune(r rune, lines bool) rune {
	switch c, _ := classOf(r); {
	case Unseen(r):
		return -1
	case r == '\r' || r == '\n' || r == '\v' || r == '\f' || r == 0x85 || c == class.Separator:
		if lines {
			return '\n'
		}
		return ' '
	case r == '\t' && lines:
		return r
	case r == '\t' || c == class.OtherSpace || c == class.Blank:
		return ' '
	}
	return r
}
