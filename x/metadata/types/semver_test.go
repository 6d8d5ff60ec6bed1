package types_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/metadata/types"
)

// The first list is the example of section 11 of the specification, extended; each entry is less than the next.
func TestSemVerOrder(t *testing.T) {
	ordered := []string{
		"0.0.0-0", "0.0.0", "0.0.1", "0.9.9", "1.0.0-0", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
		"1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "10.0.0",
		"99999999999999999999999.0.0", "100000000000000000000000.0.0",
	}
	for i, a := range ordered {
		for j, b := range ordered {
			v, err := types.ParseSemVer(a)
			require.NoError(t, err)
			w, err := types.ParseSemVer(b)
			require.NoError(t, err)
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			require.Equal(t, want, v.Compare(w), "%s and %s", a, b)
			err = types.CheckNewer(a, b)
			if want > 0 {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, types.ErrInvalidVersion)
			}
		}
	}
}

// The versions are those that the specification's own regular expression is tested with.
func TestSemVerSyntax(t *testing.T) {
	valid := []string{
		"0.0.4", "1.2.3", "10.20.30", "1.1.2-prerelease+meta", "1.1.2+meta", "1.1.2+meta-valid", "1.0.0-alpha", "1.0.0-beta",
		"1.0.0-alpha.beta", "1.0.0-alpha.beta.1", "1.0.0-alpha.1", "1.0.0-alpha0.valid", "1.0.0-alpha.0valid",
		"1.0.0-rc.1+build.1", "2.0.0-rc.1+build.123", "1.2.3-beta", "10.2.3-DEV-SNAPSHOT", "1.2.3-SNAPSHOT-123", "2.0.0+build.1848",
		"2.0.1-alpha.1227", "1.0.0-alpha+beta", "1.2.3----RC-SNAPSHOT.12.9.1--.12+788", "1.2.3----R-S.12.9.1--.12+meta",
		"1.2.3----RC-SNAPSHOT.12.9.1--.12", "1.0.0+0.build.1-rc.10000aaa-kk-0.1", "99999999999999999999999.999999999999999999.9",
		"1.0.0-0A.is.legal",
	}
	for _, s := range valid {
		_, err := types.ParseSemVer(s)
		require.NoError(t, err, s)
	}
	invalid := []string{
		"", "1", "1.2", "1.2.3-0123", "1.2.3-0123.0123", "1.1.2+.123", "+invalid", "-invalid", "-invalid+invalid", "alpha",
		"alpha.beta", "alpha.1", "alpha+beta", "alpha_beta", "alpha.", "alpha..", "beta", "1.0.0-alpha_beta", "-alpha.",
		"1.0.0-alpha..", "1.0.0-alpha..1", "01.1.1", "1.01.1", "1.1.01", "1.2.3.DEV", "1.2-SNAPSHOT", "1.2.31.2.3----RC", "v1.2.3",
		"1.2.3 ", "1.2.3\n", "1.2.3+", "1.2.3-", "1.0.0+a+b", "1.٢.3", strings.Repeat("1", 60) + ".0.0.0", strings.Repeat("1", 61) + ".0.0",
	}
	for _, s := range invalid {
		_, err := types.ParseSemVer(s)
		require.Error(t, err, "%q", s)
	}
}

func TestSemVerIsATotalOrder(t *testing.T) {
	number := rapid.StringMatching(`0|[1-9][0-9]{0,3}`)
	id := rapid.OneOf(number, rapid.StringMatching(`[0-9]{0,2}[a-zA-Z-][0-9A-Za-z-]{0,2}`))
	version := rapid.Custom(func(t *rapid.T) string {
		s := number.Draw(t, "major") + "." + number.Draw(t, "minor") + "." + number.Draw(t, "patch")
		if pre := rapid.SliceOfN(id, 0, 3).Draw(t, "pre"); len(pre) > 0 {
			s += "-" + strings.Join(pre, ".")
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		var v [3]types.SemVer
		for i := range v {
			s := version.Draw(t, "version")
			parsed, err := types.ParseSemVer(s)
			if err != nil {
				t.Fatal(err)
			}
			v[i] = parsed
		}
		if v[0].Compare(v[1]) != -v[1].Compare(v[0]) {
			t.Fatal("not antisymmetric")
		}
		if v[0].Compare(v[1]) <= 0 && v[1].Compare(v[2]) <= 0 && v[0].Compare(v[2]) > 0 {
			t.Fatal("not transitive")
		}
	})
}

func FuzzParseSemVer(f *testing.F) {
	for _, s := range []string{"1.2.3", "1.0.0-rc.1+b", "01.0.0", "1.0.0-", "v1.0.0", "1.0.0-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := types.ParseSemVer(s)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(s), types.MaxVersionBytes)
		again, err := types.ParseSemVer(s)
		require.NoError(t, err)
		require.Zero(t, v.Compare(again))
		// A release is greater than its own pre-release, whatever it is.
		core, _, _ := strings.Cut(s, "+")
		core, _, pre := strings.Cut(core, "-")
		release, err := types.ParseSemVer(core)
		require.NoError(t, err)
		want := 0
		if pre {
			want = 1
		}
		require.Equal(t, want, release.Compare(v))
	})
}
