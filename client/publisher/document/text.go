package document

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	rules "github.com/alita-network/alita/terms/text"
)

// maxUnescape bounds how often escaped markup is unescaped: real documents escape it twice.
const maxUnescape = 3

// clean brings a text into the form that records hold: plain text by the rules of terms/text, on one line unless
// lines is set. It notes what was taken out.
func (im *importer) clean(v *Value, text string, markup, lines bool) string {
	plain, had := text, false
	if !im.exported {
		plain, had = plainText(text)
	}
	if had || markup {
		im.note(v, "HTML was converted to plain text")
	}
	out := normalize(plain, lines)
	if strings.ContainsFunc(text, rules.Unseen) {
		im.note(v, "characters that nobody sees were taken out")
	}
	return out
}

// normalize brings a text into the form that records hold.
func normalize(s string, lines bool) string { return rules.Tidy(s, lines) }

// trim takes white space and byte order marks off both ends.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == 0xfeff || r >= 0x2000 && r <= 0x200a })
}

// printable shortens a text of the document to most runes and replaces characters that would not print.
func printable(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > most {
			b.WriteString("...")
			break
		}
		if !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plainText takes HTML elements and character references out of a text and reports whether there were any.
func plainText(s string) (string, bool) {
	had := false
	for range maxUnescape {
		stripped := stripTags(s)
		unescaped := stripped
		if hasReference(stripped) {
			unescaped = html.UnescapeString(stripped)
		}
		if unescaped == s {
			break
		}
		had, s = true, unescaped
	}
	if had {
		s = tidyLines(s)
	}
	return s, had
}

// hasReference reports whether a text holds a character reference such as &lt; or &#39;. A lone & is none.
func hasReference(s string) bool {
	for i := strings.IndexByte(s, '&'); i >= 0; {
		end := strings.IndexByte(s[i:], ';')
		if end > 1 && end < 12 && html.UnescapeString(s[i:i+end+1]) != s[i:i+end+1] {
			return true
		}
		next := strings.IndexByte(s[i+1:], '&')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// The HTML elements that are taken out: those that end a line, those whose content goes with them, and the rest.
// A "<" before any other word stays, as in "a<b".
var (
	blockElements = words("address article aside blockquote br dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul")
	deadElements  = words("script style template")
	otherElements = words("a abbr b big body center cite code col colgroup del dfn em figcaption figure font head html i img ins kbd link mark meta q s samp small span strike strong sub sup td th title tt u var")
)

func words(list string) map[string]bool {
	out := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

func stripTags(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '<' {
			next := strings.IndexByte(s[i:], '<')
			if next < 0 {
				next = len(s) - i
			}
			b.WriteString(s[i : i+next])
			i += next
			continue
		}
		if strings.HasPrefix(s[i:], "<!--") {
			end := strings.Index(s[i:], "-->")
			if end < 0 {
				break
			}
			i += end + 3
			continue
		}
		name, length := tagAt(s[i:])
		switch {
		case blockElements[name]:
			b.WriteByte('\n')
			if name == "li" && s[i+1] != '/' {
				b.WriteString("- ")
			}
		case deadElements[name] && s[i+1] != '/':
			end := indexFold(s[i+length:], "</"+name)
			if end < 0 {
				return b.String()
			}
			length += end
		case otherElements[name], deadElements[name]:
			if name == "td" || name == "th" {
				b.WriteByte(' ')
			}
		default:
			b.WriteByte('<')
			length = 1
		}
		i += length
	}
	return b.String()
}

// tagAt reads the tag that s starts with: its lower-case name and its length, or "" and 1 if there is none.
func tagAt(s string) (string, int) {
	start := 1
	if start < len(s) && s[start] == '/' {
		start++
	}
	end := start
	for end < len(s) && (s[end]|0x20 >= 'a' && s[end]|0x20 <= 'z' || end > start && s[end] >= '0' && s[end] <= '9') {
		end++
	}
	if end == start || end-start > 16 {
		return "", 1
	}
	if end < len(s) && !strings.ContainsRune(" \t\r\n/>", rune(s[end])) {
		return "", 1
	}
	stop := strings.IndexByte(s[end:], '>')
	if stop < 0 {
		return "", 1
	}
	return strings.ToLower(s[start:end]), end + stop + 1
}

func indexFold(s, lower string) int {
	for i := 0; i+len(lower) <= len(s); i++ {
		if s[i] == '<' && strings.EqualFold(s[i:i+len(lower)], lower) {
			return i
		}
	}
	return -1
}

// tidyLines trims every line and leaves at most one empty line in a row.
func tidyLines(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\u00a0", " ")
	var out []string
	for _, line := range strings.Split(s, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
