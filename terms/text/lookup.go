package text

import (
	"cmp"
	"slices"

	"github.com/alita-network/alita/terms/text/internal/class"
)

// valueAt returns the value of the run that holds the code point.
func valueAt(runs []uint32, r rune) uint8 {
	i, found := slices.BinarySearchFunc(runs, uint32(r), func(run, r uint32) int { return cmp.Compare(run>>8, r) })
	if !found {
		i--
	}
	return uint8(runs[i])
}

// classOf returns the class of a code point, and whether normal form C allows it only in some places.
func classOf(r rune) (c class.Class, unsettled bool) {
	if r > ' ' && r < 0x7f {
		return class.Visible, false
	}
	v := valueAt(classes[:], r)
	return class.Class(v &^ class.Unsettled), v&class.Unsettled != 0
}

// combiningClass returns the canonical combining class.
func combiningClass(r rune) uint8 {
	if r < 0x300 {
		return 0
	}
	return valueAt(combining[:], r)
}

// mapping leads from code points to texts: keys in order, and where the text of each ends.
type mapping struct {
	keys []uint32
	ends []uint16
	text string
}

func (m *mapping) at(r rune) (string, bool) {
	i, found := slices.BinarySearch(m.keys, uint32(r))
	if !found {
		return "", false
	}
	start := uint16(0)
	if i > 0 {
		start = m.ends[i-1]
	}
	return m.text[start:m.ends[i]], true
}
