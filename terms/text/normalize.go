package text

import (
	"slices"
	"unicode/utf8"
)

// Hangul syllables are composed by arithmetic (The Unicode Standard, section 3.12).
const (
	hangulS, hangulL, hangulV, hangulT = 0xac00, 0x1100, 0x1161, 0x11a7
	hangulVs, hangulTs                 = 21, 28
	hangulLs                           = 19
	hangulSs                           = hangulLs * hangulVs * hangulTs
)

// NFC returns a text of Unicode 15.0.0 in normal form C (Unicode Standard Annex 15). Bytes that are not UTF-8
// become U+FFFD.
func NFC(s string) string {
	if settled(s) {
		return s
	}
	return string(compose(decompose(s)))
}

// NFD returns a text of Unicode 15.0.0 in normal form D. Bytes that are not UTF-8 become U+FFFD.
func NFD(s string) string {
	if isASCII(s) {
		return s
	}
	return string(decompose(s))
}

// settled reports whether every character is allowed everywhere in normal form C, which then needs no work.
func settled(s string) bool {
	if isASCII(s) {
		return true
	}
	for _, r := range s {
		if _, unsettled := classOf(r); unsettled || r == utf8.RuneError {
			return false
		}
	}
	return true
}

func decompose(s string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if n := r - hangulS; n >= 0 && n < hangulSs {
			out = append(out, hangulL+n/(hangulVs*hangulTs), hangulV+n/hangulTs%hangulVs)
			if t := n % hangulTs; t != 0 {
				out = append(out, hangulT+t)
			}
		} else if d, ok := decompositions.at(r); ok && r >= utf8.RuneSelf {
			out = append(out, []rune(d)...)
		} else {
			out = append(out, r)
		}
	}
	order(out)
	return out
}

// order sorts each row of combining marks by their classes; equal classes stay as they are.
func order(runes []rune) {
	for i := 0; i < len(runes); i++ {
		if combiningClass(runes[i]) == 0 {
			continue
		}
		end := i + 1
		for end < len(runes) && combiningClass(runes[end]) != 0 {
			end++
		}
		slices.SortStableFunc(runes[i:end], func(a, b rune) int { return int(combiningClass(a)) - int(combiningClass(b)) })
		i = end
	}
}

// compose joins characters in normal form D with the starters before them (The Unicode Standard, section 3.11, D117),
// in place.
func compose(runes []rune) []rune {
	out := runes[:0]
	starter, last := -1, uint8(0)
	for _, r := range runes {
		c := combiningClass(r)
		// A mark is blocked from its starter by one of the same or a greater class between them.
		if adjacent := starter == len(out)-1; starter >= 0 && (adjacent || last != 0 && last < c) {
			if joined, ok := pair(out[starter], r); ok {
				out[starter] = joined
				continue
			}
		}
		if c == 0 {
			starter = len(out)
		}
		last = c
		out = append(out, r)
	}
	return out
}

// pair returns the character that two compose to.
func pair(a, b rune) (rune, bool) {
	if l, v := a-hangulL, b-hangulV; l >= 0 && l < hangulLs && v >= 0 && v < hangulVs {
		return hangulS + (l*hangulVs+v)*hangulTs, true
	}
	if s, t := a-hangulS, b-hangulT; s >= 0 && s < hangulSs && s%hangulTs == 0 && t > 0 && t < hangulTs {
		return a + t, true
	}
	i, found := slices.BinarySearchFunc(compositions[:], [2]rune{a, b}, func(p [3]rune, want [2]rune) int {
		return slices.Compare(p[:2], want[:])
	})
	if !found {
		return 0, false
	}
	return compositions[i][2], true
}
