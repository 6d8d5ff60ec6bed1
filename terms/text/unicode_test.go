package text_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/rangetable"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/terms/text"
	"github.com/alita-network/alita/terms/text/texttest"
)

// TestEveryCodePoint compares the answers for every code point with what they were when the rules were written.
// They must be the same under every Go: make test-newest-go runs this under the newest.
func TestEveryCodePoint(t *testing.T) {
	rule := func(kind text.Kind) func(string) string {
		return func(s string) string {
			if err := (text.Rule{Kind: kind}).Check(s); err != nil {
				return err.Error()
			}
			return ""
		}
	}
	for name, c := range map[string]struct {
		answer func(string) string
		want   string
	}{
		"line":     {rule(text.Line), "de3765ac820f8ac597d8aacbcf3df383c8be14e7ad81b5f6e1fcbf91ec559551"},
		"lines":    {rule(text.Lines), "13f557f561fea3537b8a585af68615c8c58dffa445c4085f155085109476ffd8"},
		"name":     {rule(text.Name), "8cd81b6c78ab3dcc8fe42fef144fb03975d4e2725b3bc588f21f6d156041016c"},
		"symbol":   {rule(text.Symbol), "02f35521eef1427f2d5f20510a5f8409c0175f0ce1288aa173eeab8a30a843e6"},
		"NFC":      {text.NFC, "163ff01459aa15cced6182a6eb879c915dc7f56b205c1c452c9eeab7cdc5f88f"},
		"NFD":      {text.NFD, "e19e1641bc0d7675a2f770827aaf3452ef1ed90686e7f3c39c5a7394569f4e4e"},
		"skeleton": {text.Skeleton, "2fa5f0a7a850757c876001b16a7ac189771cbf232df2a398e0d7207568929d5e"},
		"tidy":     {func(s string) string { return text.Tidy(s, true) }, "29dce3e283636a74c0b933d87c23e67ecbccca94cc0e9b940875137338dc2350"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, texttest.Hash(c.answer)) })
	}
}

// alphabet is every code point that is assigned in the version of the rules.
var alphabet = rangetable.Assigned(text.Version)

// TestAgainstGo compares the tables with the tables of Go and of x/text. Their newer versions agree on the characters of
// older ones: Unicode never changes how an assigned character is normalized.
func TestAgainstGo(t *testing.T) {
	require.NotNil(t, alphabet)
	line := text.Rule{Kind: text.Line}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		s := "a" + string(r)
		assigned := unicode.Is(alphabet, r)
		if assigned {
			require.Equal(t, norm.NFC.String(s), text.NFC(s), "%U", r)
			require.Equal(t, norm.NFD.String(s), text.NFD(s), "%U", r)
		}
		accepted := line.Check(s+"b") == nil
		switch {
		case accepted:
			require.True(t, assigned && unicode.IsPrint(r), "%U", r)
			require.False(t, unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r), "%U", r)
			require.True(t, norm.NFC.IsNormalString(s+"b"), "%U", r)
		case assigned && unicode.IsPrint(r) && norm.NFC.IsNormalString(s):
			require.True(t, invisible(r), "%U: nothing that prints is refused without a reason", r)
		}
	}
}

// invisible reports the characters that Go prints and the rules refuse.
func invisible(r rune) bool {
	switch r {
	case 0x34f, 0x2800, 0x13441, 0x13442, 0x16fe4, 0x1d159:
		return true
	}
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}

// word draws texts that are rich in what normalization is about: marks, jamo, and characters that decompose.
func word() *rapid.Generator[string] {
	one := rapid.OneOf(
		rapid.RuneFrom([]rune("aeoqsAIOl10m|<> -.\n\t")),
		rapid.RuneFrom(nil, unicode.M),
		rapid.RuneFrom([]rune{0x1100, 0x1112, 0x1161, 0x1175, 0x11a7, 0x11a8, 0x11c2, 0xac00, 0xac01, 0xd7a3}),
		rapid.RuneFrom(nil, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Oriya, unicode.Tamil, unicode.Balinese),
		rapid.RuneFrom(nil, alphabet),
	).Filter(func(r rune) bool { return utf8.ValidRune(r) && unicode.Is(alphabet, r) })
	return rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(one, 0, 12).Draw(t, "runes"))
	})
}

func TestNormalFormsAgainstGo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := word().Draw(t, "text")
		require.Equal(t, norm.NFC.String(s), text.NFC(s), "%+q", s)
		require.Equal(t, norm.NFD.String(s), text.NFD(s), "%+q", s)
	})
}

func TestSkeletonProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := word().Draw(t, "text")
		skeleton := text.Skeleton(s)
		require.Equal(t, skeleton, text.Skeleton(skeleton), "the skeleton of a skeleton is the same")
		require.Equal(t, skeleton, text.Skeleton(text.NFC(s)), "normal forms look the same")
		require.Equal(t, skeleton, text.Skeleton(text.NFD(s)), "normal forms look the same")
		require.Equal(t, skeleton, text.NFD(skeleton))
	})
}

func TestTidyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := word().Draw(t, "text")
		for _, lines := range []bool{false, true} {
			checkTidied(t, s, lines)
		}
	})
}

// checkTidied requires that a tidied text is accepted, but for what a reader sees.
func checkTidied(t require.TestingT, s string, lines bool) {
	tidied := text.Tidy(s, lines)
	require.Equal(t, tidied, text.Tidy(tidied, lines), "%+q", s)
	kind := text.Line
	if lines {
		kind = text.Lines
	}
	if err := (text.Rule{Kind: kind}).Check(tidied); err != nil {
		var refused *text.Error
		require.ErrorAs(t, err, &refused)
		require.Contains(t, []text.Reason{
			text.ReasonFormat, text.ReasonMarks, text.ReasonNothing,
			text.ReasonPrivate, text.ReasonNoncharacter, text.ReasonUnassigned,
		}, refused.Reason, "%+q", s)
	}
}
