package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/alita-network/alita/terms/text/internal/class"
)

// blanks are assigned as letters, marks or symbols, and draw nothing.
var blanks = []rune{0x2800, 0x13441, 0x13442, 0x16fe4, 0x1d159}

// classOf judges a code point as the rules of package text do.
func (db *database) classOf(r rune) class.Class {
	switch c := db.category[r]; {
	case c == "Cs":
		return class.Surrogate
	case r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe:
		return class.Noncharacter
	case c == "Co":
		return class.Private
	case c == "":
		return class.Unassigned
	case c == "Cc":
		return class.Control
	case db.direction[r]:
		return class.Direction
	case c == "Zl" || c == "Zp":
		return class.Separator
	case db.ignorable[r]:
		return class.Invisible
	case r == ' ':
		return class.Space
	case c == "Zs":
		return class.OtherSpace
	case c == "Cf":
		return class.Format
	case slices.Contains(blanks, r):
		return class.Blank
	case c[0] == 'M':
		return class.Mark
	default:
		return class.Visible
	}
}

// printed reports whether the rules accept the code point.
func (db *database) printed(r rune) bool {
	switch db.classOf(r) {
	case class.Visible, class.Mark, class.Space:
		return true
	}
	return false
}

// tables returns the source of the tables, and a line on the size of each.
func (db *database) tables() (source []byte, sizes string, err error) {
	var b bytes.Buffer
	b.WriteString(header)
	size := func(name string, entries, bytes int) {
		sizes += fmt.Sprintf("%-14s %6d entries %7d bytes\n", name, entries, bytes)
	}

	runs := runsOf(func(r rune) uint8 {
		v := uint8(db.classOf(r))
		if db.unsettled[r] || db.combining[r] != 0 {
			v |= class.Unsettled
		}
		return v
	})
	writeNumbers(&b, "classes", "classes has the first code point of each run of one class, shifted by 8 bits, and the class.", runs)
	size("classes", len(runs), 4*len(runs))

	runs = runsOf(func(r rune) uint8 { return db.combining[r] })
	writeNumbers(&b, "combining", "combining has the runs of one canonical combining class in the same form.", runs)
	size("combining", len(runs), 4*len(runs))

	decomposed := make(map[rune][]rune)
	for r := range db.decomposed {
		decomposed[r] = db.decompose([]rune{r})
	}
	n, err := writeMapping(&b, "decompositions", "decompositions has the full canonical decompositions, without Hangul syllables.", decomposed)
	if err != nil {
		return nil, "", err
	}
	size("decompositions", len(decomposed), n)

	var pairs [][3]rune
	for r, d := range db.decomposed {
		if len(d) == 2 && !db.unpaired[r] {
			pairs = append(pairs, [3]rune{d[0], d[1], r})
		}
	}
	slices.SortFunc(pairs, func(a, b [3]rune) int { return slices.Compare(a[:], b[:]) })
	b.WriteString("\n// compositions has the pairs that compose, and what they compose to, in order.\nvar compositions = [...][3]rune{\n")
	for _, p := range pairs {
		fmt.Fprintf(&b, "{%#x, %#x, %#x},\n", p[0], p[1], p[2])
	}
	b.WriteString("}\n")
	size("compositions", len(pairs), 12*len(pairs))

	lookalikes := make(map[rune][]rune)
	for r := range db.lookalike {
		// A text is decomposed first, so that what decomposes is never looked up.
		if db.printed(r) && len(db.decomposed[r]) == 0 {
			prototype, err := db.prototype(r)
			if err != nil {
				return nil, "", err
			}
			if !slices.Equal(prototype, []rune{r}) {
				lookalikes[r] = prototype
			}
		}
	}
	n, err = writeMapping(&b, "prototypes", "prototypes has what stands in a skeleton for characters that look like others.", lookalikes)
	size("prototypes", len(lookalikes), n)
	return b.Bytes(), sizes, err
}

// prototype follows the look-alikes of a code point until nothing changes, so that the skeleton of a skeleton is
// the same.
func (db *database) prototype(r rune) ([]rune, error) {
	at := []rune{r}
	for range 8 {
		var next []rune
		for _, c := range at {
			if to, ok := db.lookalike[c]; ok {
				next = append(next, to...)
			} else {
				next = append(next, c)
			}
		}
		next = db.decompose(next)
		if slices.Equal(next, at) {
			return at, nil
		}
		at = next
	}
	return nil, fmt.Errorf("confusables.txt: expected the look-alikes of %U to come to an end, got %U", r, at)
}

// decompose is the canonical decomposition (The Unicode Standard, section 3.11), for all but Hangul.
func (db *database) decompose(runes []rune) []rune {
	var out []rune
	for _, r := range runes {
		if d, ok := db.decomposed[r]; ok {
			out = append(out, db.decompose(d)...)
		} else {
			out = append(out, r)
		}
	}
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && db.combining[out[j]] != 0 && db.combining[out[j-1]] > db.combining[out[j]]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// runsOf returns the runs of code points that have one value: the first of each, shifted by 8 bits, and the value.
func runsOf(value func(rune) uint8) []uint32 {
	var out []uint32
	for r := range rune(codePoints) {
		if v := value(r); len(out) == 0 || uint8(out[len(out)-1]) != v {
			out = append(out, uint32(r)<<8|uint32(v))
		}
	}
	return out
}

func writeNumbers(b *bytes.Buffer, name, comment string, numbers []uint32) {
	fmt.Fprintf(b, "\n// %s\nvar %s = [...]uint32{", comment, name)
	writeList(b, numbers)
	b.WriteString("}\n")
}

func writeList(b *bytes.Buffer, numbers []uint32) {
	for i, n := range numbers {
		if i%12 == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(b, "%#x, ", n)
	}
	b.WriteByte('\n')
}

// writeMapping writes a mapping from code points to texts, and returns its size in bytes.
func writeMapping(b *bytes.Buffer, name, comment string, m map[rune][]rune) (int, error) {
	var keys, ends []uint32
	var text strings.Builder
	for _, r := range slices.Sorted(maps.Keys(m)) {
		text.WriteString(string(m[r]))
		keys, ends = append(keys, uint32(r)), append(ends, uint32(text.Len()))
	}
	if text.Len() > 0xffff {
		return 0, fmt.Errorf("%s: expected at most 65535 bytes of text, got %d", name, text.Len())
	}
	fmt.Fprintf(b, "\n// %s\nvar %s = mapping{\nkeys: []uint32{", comment, name)
	writeList(b, keys)
	b.WriteString("},\nends: []uint16{")
	writeList(b, ends)
	b.WriteString("},\ntext: \"\" +\n")
	for chunk := range slices.Chunk([]rune(text.String()), 24) {
		fmt.Fprintf(b, "%+q +\n", string(chunk))
	}
	b.WriteString("\"\",\n}\n")
	return 4*len(keys) + 2*len(ends) + text.Len(), nil
}

const header = `// Code generated by maketables from data of Unicode 15.0.0. DO NOT EDIT.
//
// The data are of the Unicode Character Database and of Unicode Technical Standard 39 (confusables.txt),
// copyright 1991-2022 Unicode, Inc., used under the licence in UNICODE-LICENSE. They were changed: selected,
// combined and brought into another form.

package text
`
