package text_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/alita-network/alita/terms/text"
)

func FuzzRule(f *testing.F) {
	for _, v := range readVectors(f).Rules {
		f.Add(v.Text, uint8(kinds[v.Rule]), uint8(v.Min), uint8(v.Max), uint8(v.Bytes))
	}
	f.Fuzz(func(t *testing.T, s string, kind, least, most, bytes uint8) {
		rule := text.Rule{Kind: text.Kind(kind % 4), MinRunes: int(least), MaxRunes: int(most), MaxBytes: int(bytes)}
		err := rule.Check(s)
		if err != nil {
			var refused *text.Error
			require.True(t, errors.As(err, &refused))
			require.True(t, strings.HasPrefix(err.Error(), "expected ") && strings.Contains(err.Error(), ", got "), "%s", err)
			require.True(t, refused.At < len(s) && refused.Rune <= unicode.MaxRune)
			return
		}
		require.True(t, utf8.ValidString(s))
		require.False(t, strings.ContainsFunc(s, func(r rune) bool {
			return unicode.Is(unicode.C, r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
		}))
		require.Equal(t, strings.TrimSpace(s), s)
		require.True(t, norm.NFC.IsNormalString(s), "%+q", s)
		require.Equal(t, s, text.NFC(s))
		require.True(t, s == "" || text.Skeleton(s) != "")
		require.Equal(t, s, text.Tidy(s, rule.Kind == text.Lines), "an accepted text is tidy")
	})
}

func FuzzSkeleton(f *testing.F) {
	for _, v := range readVectors(f).Skeletons {
		f.Add(v.Text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		skeleton := text.Skeleton(s)
		require.Equal(t, skeleton, text.Skeleton(skeleton))
		var names text.Names
		require.NoError(t, names.Add(s))
		require.Error(t, names.Add(s))
	})
}

func FuzzTidy(f *testing.F) {
	for _, v := range readVectors(f).Tidied {
		f.Add(v.Text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkTidied(t, s, false)
		checkTidied(t, s, true)
	})
}
