package layout_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	// drawnBox is a box of the picture: its name and its folder.
	drawnBox = regexp.MustCompile(`(\w+) \[label=<<b>([^<]+)</b>`)
	// drawnArrow is an arrow between two boxes.
	drawnArrow = regexp.MustCompile(`(\w+) -> (\w+)`)
)

// comparePicture compares the imports with docs/architecture.dot. Every arrow of the picture is an import. The picture
// leaves out what follows: every import between two boxes is an arrow or a path of arrows.
func comparePicture(t *testing.T, imports map[arrow]bool) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "architecture.dot"))
	require.NoError(t, err)
	folders := map[string]string{}
	for _, box := range drawnBox.FindAllSubmatch(text, -1) {
		folders[string(box[1])] = string(box[2])
	}
	drawn := map[string][]string{}
	for _, a := range drawnArrow.FindAllSubmatch(text, -1) {
		from, to := folders[string(a[1])], folders[string(a[2])]
		require.NotEmpty(t, from, "%s: expected boxes with a folder", a[0])
		require.NotEmpty(t, to, "%s: expected boxes with a folder", a[0])
		drawn[from] = append(drawn[from], to)
	}
	require.Greater(t, len(drawn), 8)
	// box returns the folder of the box that a room lies in, empty if the picture leaves it out.
	box := func(path string) string {
		for _, folder := range folders {
			if _, ok := under(path, folder); ok {
				return folder
			}
		}
		return ""
	}
	real := map[arrow]bool{}
	for a := range imports {
		if from, to := box(a.from), box(a.to); from != "" && to != "" && from != to {
			real[arrow{from, to}] = true
		}
	}
	for from, all := range drawn {
		for _, to := range all {
			if !real[arrow{from, to}] {
				t.Errorf("docs/architecture.dot: %s -> %s: expected an import", from, to)
			}
		}
	}
	for a := range real {
		if !leads(drawn, a.from, a.to) {
			t.Errorf("docs/architecture.dot: expected a path from %s to %s, which it imports", a.from, a.to)
		}
	}
}

// leads reports whether a path of arrows, which have no circle, goes from one box to another.
func leads(drawn map[string][]string, from, to string) bool {
	for _, next := range drawn[from] {
		if next == to || leads(drawn, next, to) {
			return true
		}
	}
	return false
}
