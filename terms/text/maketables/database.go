package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const codePoints = 0x110000

// database has the parts of the files that the tables need.
type database struct {
	category   [codePoints]string // general category; empty for a code point that is not assigned
	combining  [codePoints]uint8  // canonical combining class
	decomposed map[rune][]rune    // canonical decompositions, one step
	unpaired   map[rune]bool      // Full_Composition_Exclusion: decompositions that are not composed again
	unsettled  map[rune]bool      // NFC_Quick_Check is No or Maybe
	direction  map[rune]bool      // Bidi_Control
	ignorable  map[rune]bool      // Default_Ignorable_Code_Point
	lookalike  map[rune][]rune    // confusables.txt
}

func read(files map[string]string) (*database, error) {
	db := &database{
		decomposed: make(map[rune][]rune), unpaired: make(map[rune]bool), unsettled: make(map[rune]bool),
		direction: make(map[rune]bool), ignorable: make(map[rune]bool), lookalike: make(map[rune][]rune),
	}
	if err := db.readCharacters(files["UnicodeData.txt"]); err != nil {
		return nil, err
	}
	for _, p := range []struct {
		file, property string
		values         []string
		set            map[rune]bool
	}{
		{"PropList.txt", "Bidi_Control", nil, db.direction},
		{"DerivedCoreProperties.txt", "Default_Ignorable_Code_Point", nil, db.ignorable},
		{"DerivedNormalizationProps.txt", "Full_Composition_Exclusion", nil, db.unpaired},
		{"DerivedNormalizationProps.txt", "NFC_QC", []string{"N", "M"}, db.unsettled},
	} {
		if err := readProperty(files[p.file], p.property, p.values, p.set); err != nil {
			return nil, fmt.Errorf("%s: %w", p.file, err)
		}
		if len(p.set) == 0 {
			return nil, fmt.Errorf("%s: expected code points with %s, got none", p.file, p.property)
		}
	}
	return db, db.readLookalikes(files["confusables.txt"])
}

// readCharacters reads UnicodeData.txt (Unicode Standard Annex 44, section 4.2.3): code point, name, general
// category, combining class, bidirectional class and decomposition; ranges have a line for each end.
func (db *database) readCharacters(file string) error {
	first := rune(-1)
	for fields := range rows(file) {
		if len(fields) != 15 {
			return fmt.Errorf("UnicodeData.txt: expected 15 fields, got %d", len(fields))
		}
		r, err := codePoint(fields[0])
		if err != nil {
			return err
		}
		class, err := strconv.ParseUint(fields[3], 10, 8)
		if err != nil {
			return err
		}
		from := r
		switch {
		case strings.HasSuffix(fields[1], ", First>"):
			first = r
			continue
		case strings.HasSuffix(fields[1], ", Last>"):
			from = first
		}
		for c := from; c <= r; c++ {
			db.category[c], db.combining[c] = fields[2], uint8(class)
		}
		if fields[5] == "" || fields[5][0] == '<' {
			continue
		}
		if db.decomposed[r], err = sequence(fields[5]); err != nil {
			return err
		}
	}
	return nil
}

// readProperty adds to set the code points that have the property, with one of the values if there are any.
func readProperty(file, property string, values []string, set map[rune]bool) error {
	for fields := range rows(file) {
		if len(fields) < 2 || fields[1] != property || len(values) > 0 && !slices.Contains(values, fields[2]) {
			continue
		}
		from, to, isRange := strings.Cut(fields[0], "..")
		first, err := codePoint(from)
		if err != nil {
			return err
		}
		last := first
		if isRange {
			if last, err = codePoint(to); err != nil {
				return err
			}
		}
		for r := first; r <= last; r++ {
			set[r] = true
		}
	}
	return nil
}

// readLookalikes reads confusables.txt (Unicode Technical Standard 39, section 4): a code point and the sequence
// that stands for everything that looks like it.
func (db *database) readLookalikes(file string) error {
	for fields := range rows(strings.TrimPrefix(file, "\ufeff")) {
		if len(fields) != 3 {
			return fmt.Errorf("confusables.txt: expected 3 fields, got %d", len(fields))
		}
		r, err := codePoint(fields[0])
		if err != nil {
			return err
		}
		if db.lookalike[r], err = sequence(fields[1]); err != nil {
			return err
		}
	}
	return nil
}

// rows yields the fields of every line, without comments and empty lines.
func rows(file string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(file) {
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			fields := strings.Split(line, ";")
			for i := range fields {
				fields[i] = strings.TrimSpace(fields[i])
			}
			if !yield(fields) {
				return
			}
		}
	}
}

func codePoint(s string) (rune, error) {
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil || n >= codePoints {
		return 0, fmt.Errorf("code point: expected a hexadecimal number below %x, got %q", codePoints, s)
	}
	return rune(n), nil
}

func sequence(s string) ([]rune, error) {
	var out []rune
	for _, f := range strings.Fields(s) {
		r, err := codePoint(f)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}
