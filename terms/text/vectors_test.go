package text_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/terms/text"
)

var kinds = map[string]text.Kind{"line": text.Line, "lines": text.Lines, "name": text.Name, "symbol": text.Symbol}

type vectors struct {
	Unicode string `json:"unicode"`
	Rules   []struct {
		Rule   string      `json:"rule"`
		Text   string      `json:"text"`
		Hex    string      `json:"hex"`
		Min    int         `json:"min"`
		Max    int         `json:"max"`
		Bytes  int         `json:"bytes"`
		Reason text.Reason `json:"reason"`
		At     *int        `json:"at"`
		Rune   string      `json:"rune"`
	} `json:"rules"`
	Skeletons []struct{ Text, Skeleton string }    `json:"skeletons"`
	Forms     []struct{ Text, NFC, NFD string }    `json:"forms"`
	Tidied    []struct{ Text, Line, Lines string } `json:"tidied"`
}

func readVectors(tb testing.TB) vectors {
	tb.Helper()
	b, err := os.ReadFile("../../testdata/text/vectors.json")
	require.NoError(tb, err)
	var v vectors
	require.NoError(tb, json.Unmarshal(b, &v))
	return v
}

func TestVectors(t *testing.T) {
	v := readVectors(t)
	require.Equal(t, text.Version, v.Unicode)
	require.NotEmpty(t, v.Rules)
	for _, r := range v.Rules {
		s := r.Text
		if r.Hex != "" {
			b, err := hex.DecodeString(r.Hex)
			require.NoError(t, err)
			s = string(b)
		}
		err := text.Rule{Kind: kinds[r.Rule], MinRunes: r.Min, MaxRunes: r.Max, MaxBytes: r.Bytes}.Check(s)
		if r.Reason == "" {
			require.NoError(t, err, "%s %+q", r.Rule, s)
			continue
		}
		var refused *text.Error
		require.ErrorAs(t, err, &refused, "%s %+q", r.Rule, s)
		require.Equal(t, r.Reason, refused.Reason, "%s %+q: %s", r.Rule, s, err)
		if r.At != nil {
			require.Equal(t, *r.At, refused.At, "%s %+q: %s", r.Rule, s, err)
			require.Contains(t, err.Error(), fmt.Sprintf("at byte %d", *r.At))
		}
		if r.Rune != "" {
			require.Equal(t, r.Rune, fmt.Sprintf("U+%04X", refused.Rune), "%s %+q: %s", r.Rule, s, err)
			require.Contains(t, err.Error(), "got "+r.Rune)
		}
	}
	for _, s := range v.Skeletons {
		require.Equal(t, s.Skeleton, text.Skeleton(s.Text), "%+q", s.Text)
	}
	for _, f := range v.Forms {
		require.Equal(t, f.NFC, text.NFC(f.Text), "%+q", f.Text)
		require.Equal(t, f.NFD, text.NFD(f.Text), "%+q", f.Text)
	}
	for _, s := range v.Tidied {
		require.Equal(t, s.Line, text.Tidy(s.Text, false), "%+q", s.Text)
		require.Equal(t, s.Lines, text.Tidy(s.Text, true), "%+q", s.Text)
	}
}

func TestNames(t *testing.T) {
	var names text.Names
	for _, name := range []string{"speed", "Speed", "mass", "m a s s"} {
		require.NoError(t, names.Add(name))
	}
	for name, want := range map[string]struct {
		reason text.Reason
		err    string
	}{
		"mass":       {text.ReasonTwice, `expected each name once, got "mass" twice`},
		"sp\u0435ed": {text.ReasonLookAlike, `expected names that do not look alike, got "speed" and "sp\u0435ed", which differ in U+0435 at byte 2`},
		"rnass":      {text.ReasonLookAlike, `expected names that do not look alike, got "mass" and "rnass", which differ in U+0072 at byte 0`},
	} {
		err := names.Add(name)
		var refused *text.Error
		require.True(t, errors.As(err, &refused))
		require.Equal(t, want.reason, refused.Reason)
		require.EqualError(t, err, want.err)
	}
}

func TestASCII(t *testing.T) {
	require.Equal(t, "abc-\u00c4\u212a", text.Lower("ABC-\u00c4\u212a"), "the Kelvin sign is no K")
	require.True(t, text.EqualFold("de-CH", "DE-ch"))
	require.False(t, text.EqualFold("@", "`"), "the same but for the bit of the case, and no letters")
	require.False(t, text.EqualFold("k", "\u212a"))
	require.False(t, text.EqualFold("a", "ab"))
	for c := range 256 {
		b := byte(c)
		require.Equal(t, b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z', text.IsLetter(b), "%q", b)
		require.Equal(t, b >= '0' && b <= '9', text.IsDigit(b), "%q", b)
		require.Equal(t, b >= '0' && b <= '9' || b >= 'A' && b <= 'F' || b >= 'a' && b <= 'f', text.IsHexDigit(b), "%q", b)
	}
}
