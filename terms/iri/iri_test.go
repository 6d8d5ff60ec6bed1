package iri_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/terms/iri"
	"github.com/alita-network/alita/terms/text/texttest"
)

var uses = map[string]func(string) error{"identifier": iri.Identifier, "usage": iri.UsageTerm, "https": iri.HTTPS}

type vector struct {
	Use    string     `json:"use"`
	IRI    string     `json:"iri"`
	Reason iri.Reason `json:"reason"`
}

func readVectors(tb testing.TB) []vector {
	tb.Helper()
	b, err := os.ReadFile("../../testdata/text/vectors.json")
	require.NoError(tb, err)
	var file struct {
		IRIs []vector `json:"iris"`
	}
	require.NoError(tb, json.Unmarshal(b, &file))
	require.NotEmpty(tb, file.IRIs)
	return file.IRIs
}

func TestVectors(t *testing.T) {
	for _, v := range readVectors(t) {
		err := uses[v.Use](v.IRI)
		if v.Reason == "" {
			require.NoError(t, err, "%s %q", v.Use, v.IRI)
			continue
		}
		var refused *iri.Error
		require.True(t, errors.As(err, &refused), "%s %q", v.Use, v.IRI)
		require.Equal(t, v.Reason, refused.Reason, "%s %q: %s", v.Use, v.IRI, err)
	}
	require.ErrorContains(t, iri.Identifier("https://example.org/\xff"), "expected UTF-8, got byte 0xFF at byte 20")
	require.EqualError(t, iri.HTTPS("javascript:alert(1)"), `expected an IRI with the scheme https, got "javascript"`)
	require.NotContains(t, iri.HTTPS("https://user:secret@example.org/").Error(), "secret")
}

// TestEveryCodePoint compares the answers for every code point with what they were when the rules were written.
func TestEveryCodePoint(t *testing.T) {
	in := func(before, after string) func(string) string {
		return func(s string) string {
			if err := iri.Identifier(before + s + after); err != nil {
				return err.Error()
			}
			return ""
		}
	}
	for name, c := range map[string]struct{ before, after, want string }{
		"path":   {"https://example.org/", "", "7e457506609d25a5595317c2f411eab769df39a8bb5538b099c10a32caaba221"},
		"host":   {"https://", ".org/", "347a60fa2ad0e2bf65d0ec2106c0d1257360c07a183768bec6082a77d935f293"},
		"scheme": {"", ":x", "e1933254a3dea909996109ade82622f087b05c64ba2543f72fdda9e1057d576a"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, texttest.Hash(in(c.before, c.after))) })
	}
}

func FuzzIRI(f *testing.F) {
	for _, v := range readVectors(f) {
		f.Add(v.IRI)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for use, check := range uses {
			if err := check(s); err != nil {
				require.True(t, strings.Contains(err.Error(), "expected ") && strings.Contains(err.Error(), ", got "), "%s", err)
				continue
			}
			require.True(t, utf8.ValidString(s))
			u, err := url.Parse(s)
			require.NoError(t, err, "what is accepted is an address to the standard library")
			require.True(t, u.IsAbs() && u.User == nil)
			switch u.Scheme {
			case "javascript", "data", "file", "vbscript", "blob", "about":
				t.Fatalf("%s accepts %q", use, s)
			}
			require.Equal(t, u.Scheme == "https" || u.Scheme == "http", u.Hostname() != "", "%q", s)
			require.True(t, use != "https" || u.Scheme == "https")
		}
	})
}
