// Package text has the rules of the texts that the chain stores, and of names that must not look alike.
//
// Every node must judge a text alike, whichever Go it was built with, and so must the clients that warn before they
// send. The tables of package unicode and of golang.org/x/text change with the toolchain. So this package asks
// neither: its own tables are of Unicode 15.0.0 and change only with the rules of the chain.
//
// # Rules
//
// A text is valid UTF-8 and holds only characters that are assigned in Unicode 15.0.0 and that a reader sees:
// letters, marks, numbers, punctuation, symbols, and U+0020 as the one space. So these are refused: controls, controls
// of the direction of writing, separators of lines and paragraphs, everything that is drawn as nothing (joiners, tags,
// variation selectors, fillers, soft hyphens), other format characters, spaces other than U+0020, blank signs,
// characters for private use, surrogates and noncharacters. A text neither begins nor ends with white space, shows
// something, has at most [MaxMarks] combining marks in a row, and is in normal form C (Unicode Standard Annex 15).
//
//   - A [Line] has no two spaces in a row.
//   - [Lines] may hold line feeds and tabs, and any number of spaces in a row.
//   - A [Name] is a line without < and >, and does not begin with a mark.
//   - A [Symbol] is a letter from A to Z and then letters from A to Z and digits.
//
// [Rule] adds bounds in characters (code points) and bytes. The empty text is accepted if the bounds allow it.
//
// # Look-alikes
//
// [Skeleton] is the same for texts that look the same (Unicode Technical Standard 39, section 4): "speed" with the
// Cyrillic letter U+0435 has the skeleton of "speed". [Names] refuses a name with the skeleton of an earlier one.
//
// Not promised: skeletons do not fold case, do not see what reordering by direction does to mixed writing, and know
// only the pairs that Unicode lists. Words that need a joiner, as some in Persian and in the scripts of India do, and
// emoji that are joined from others, are refused or written without it.
//
// The tables were made by maketables. testdata/text has vectors for programs in other languages.
package text

// Version is the version of Unicode whose characters texts may use.
const Version = "15.0.0"
