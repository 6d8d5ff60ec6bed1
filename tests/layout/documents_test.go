package layout_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// root is the module's folder.
const root = "../.."

// lineLimit is the longest line of a document in characters. Tables, code and links may be longer.
const lineLimit = 100

// documents returns the Markdown files of the tree and their lines.
func documents(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	require.NoError(t, filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			skip := strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".." && entry.Name() != ".github"
			if skip || slices.Contains(words("node_modules third_party build"), entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".md" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, name)
		all[filepath.ToSlash(relative)] = strings.Split(string(text), "\n")
		return err
	}))
	require.Contains(t, all, "docs/DESIGN.md")
	return all
}

var (
	listItem = regexp.MustCompile(`^\s*([-*+]|\d+\.) `)
	// codeSpan is a line of nothing but code.
	codeSpan = regexp.MustCompile("^`[^`]*`[.,:;]?$")
)

// tooLong returns the numbers of the lines that are too long.
func tooLong(lines []string) (numbers []int) {
	fenced, inList := false, false
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "```") {
			fenced = !fenced
		}
		indented := strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t")
		if trimmed != "" && !indented {
			inList = listItem.MatchString(line) || (inList && strings.HasPrefix(line, "  "))
		}
		isCode := fenced || (indented && !inList)
		if utf8.RuneCountInString(line) <= lineLimit || isCode || strings.HasPrefix(trimmed, "|") {
			continue
		}
		if codeSpan.MatchString(trimmed) {
			continue
		}
		// A link cannot be broken, so a line may end in a long one.
		words := strings.Fields(line)
		last := words[len(words)-1]
		start := utf8.RuneCountInString(line) - utf8.RuneCountInString(last)
		if start <= lineLimit && (strings.Contains(last, "](") || strings.Contains(last, "://")) {
			continue
		}
		numbers = append(numbers, i+1)
	}
	return numbers
}

func TestDocumentsAreWrapped(t *testing.T) {
	for name, lines := range documents(t) {
		require.Empty(t, tooLong(lines), "%s: expected lines of at most %d characters", name, lineLimit)
	}
}

func TestTooLong(t *testing.T) {
	long := strings.Repeat("word ", 30)
	link := strings.Repeat("x", 120)
	for name, test := range map[string]struct {
		text string
		want []int
	}{
		"prose":             {"short\n" + long, []int{2}},
		"table":             {"| " + long + "|", nil},
		"fenced":            {"```\n" + long + "\n```\n" + long, []int{4}},
		"indented":          {"Text.\n\n    " + long, nil},
		"in a list":         {"- item\n\n    " + long, []int{3}},
		"nothing but code":  {"`" + long + "`,", nil},
		"ends in a link":    {"see [it](" + link + ")", nil},
		"ends in a word":    {"see " + link, []int{1}},
		"a link, then more": {"see https://" + link + " and", []int{1}},
		"characters":        {strings.Repeat("é", lineLimit), nil},
	} {
		require.Equal(t, test.want, tooLong(strings.Split(test.text, "\n")), name)
	}
}

var (
	// layoutSection is the part of DESIGN that names the folders, a table.
	layoutSection = regexp.MustCompile(`(?s)\n## Layout\n(.*?)\n## `)
	// codeWord is a name in backquotes.
	codeWord = regexp.MustCompile("`([a-z0-9_/-]+)`")
)

// TestDesignNamesFolders: every folder that the layout names exists, and every folder at the top that
// holds packages is named.
func TestDesignNamesFolders(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "DESIGN.md"))
	require.NoError(t, err)
	section := layoutSection.FindSubmatch(text)
	require.NotNil(t, section, "docs/DESIGN.md: expected a section Layout")
	exists := func(folder string) bool {
		info, err := os.Stat(filepath.Join(root, filepath.FromSlash(folder)))
		return err == nil && info.IsDir()
	}
	named := map[string]bool{}
	for line := range strings.Lines(string(section[1])) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue // prose
		}
		for _, folder := range codeWord.FindAllStringSubmatch(cells[1], -1) {
			require.True(t, exists(folder[1]), "docs/DESIGN.md names %s: expected a folder", folder[1])
			top, _, _ := strings.Cut(folder[1], "/")
			named[top] = true
			for _, inside := range codeWord.FindAllStringSubmatch(cells[2], -1) {
				below := folder[1] + "/" + inside[1]
				require.True(t, exists(below), "docs/DESIGN.md names %s: expected a folder", below)
			}
		}
	}
	require.Greater(t, len(named), 15)
	for _, p := range goList(t, "./...") {
		folder, _ := ours(p.ImportPath)
		top, _, _ := strings.Cut(folder, "/")
		require.True(t, named[top], "the layout of docs/DESIGN.md: expected a row for %s", top)
	}
}

var (
	// attackTest is a test of an attack, attackName its name in a text.
	attackTest = regexp.MustCompile(`(?m)^func (TestAttack\w+)\(`)
	attackName = regexp.MustCompile(`TestAttack\w+`)
)

// TestThreatsNameAttacks: docs/security/threats.md names every test of an attack, and no other.
func TestThreatsNameAttacks(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "security", "threats.md"))
	require.NoError(t, err)
	listed, found := map[string]bool{}, map[string]bool{}
	for _, name := range attackName.FindAllString(string(text), -1) {
		listed[name] = name != "TestAttack"
	}
	for _, p := range goList(t, "./...") {
		folder, _ := ours(p.ImportPath)
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), "*_test.go"))
		require.NoError(t, err)
		for _, file := range files {
			code, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, name := range attackTest.FindAllStringSubmatch(string(code), -1) {
				found[name[1]] = true
			}
		}
	}
	require.Greater(t, len(found), 30)
	for name := range found {
		if !listed[name] {
			t.Errorf("docs/security/threats.md: expected a row for %s", name)
		}
	}
	for name := range listed {
		if !found[name] {
			t.Errorf("docs/security/threats.md names %s: expected such a test", name)
		}
	}
}
