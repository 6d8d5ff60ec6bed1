package types_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/terms/iri"
	"github.com/alita-network/alita/x/metadata/types"
)

// checkAll runs a check over texts that must and must not pass.
func checkAll(t *testing.T, check func(string) error, valid, invalid []string) {
	t.Helper()
	for _, s := range valid {
		require.NoError(t, check(s), "%q", s)
	}
	for _, s := range invalid {
		require.Error(t, check(s), "%q", s)
	}
}

func TestCheckLicense(t *testing.T) {
	checkAll(t, types.ValidateLicense,
		[]string{
			"CC0-1.0", "CC-BY-4.0", "Apache-2.0", "ODbL-1.0", "MIT", "GPL-3.0", "0BSD", "zlib-acknowledgement",
			"https://creativecommons.org/licenses/by/4.0/", "https://example.org/terms?v=1#two",
		},
		[]string{
			"", "cc0-1.0", "CC0", "CC-BY", "GPL", " MIT", "MIT ", "http://creativecommons.org/licenses/by/4.0/", "https://", "MIT OR Apache-2.0",
			"https://user:pw@example.org/", "ftp://example.org/x", "public domain",
		})
	ids := types.SPDXIdentifiers()
	require.Len(t, ids, 734)
	for i, id := range ids {
		require.True(t, types.IsSPDX(id))
		if i > 0 {
			require.Less(t, ids[i-1], id)
		}
	}
}

func TestCheckLanguage(t *testing.T) {
	checkAll(t, types.ValidateLanguage,
		[]string{
			"en", "de-CH", "zh-Hant-TW", "sl-rozaj-biske", "de-1996", "es-419", "zh-cmn-Hans-CN", "en-x-twain", "x-whatever", "de-DE-u-co-phonebk",
			"en-a-bbb-x-a-ccc", "sr-Latn", "hy-Latn-IT-arevela", "ENG",
		},
		[]string{
			"", "e", "en_US", "en-", "-en", "en--US", "abcdefghi", "x", "en-x", "de-DE-1901-1901", "en-a", "en-a-bbb-a-ccc", "en-US-DE", "12", "deutsch!", "en-é",
			"en-" + strings.Repeat("abcde-", 12) + "abcde",
		})
}

func TestCheckTemporal(t *testing.T) {
	checkAll(t, types.ValidateTemporal,
		[]string{
			"1879", "1879-06", "1879-06-05", "2007/2009", "2007-11-11/2009-11-29", "2015/..", "../2015-03", "2000-02-29", "2007-11-11T00:00:00Z/2007-11-12T00:00Z",
			"2016-06-30T23:59:60+02:00", "2020-01-01T00:00:00.123456789Z",
		},
		[]string{
			"", "79", "1879-13", "1879-00", "1879-06-31", "1900-02-29", "2001-02-29", "2009/2007", "2007-12/2007-11", "../..", "2007/2008/2009", "2007-11-11T25:00Z",
			"2007-11-11T00:00", "2007T00:00Z", "yesterday", "2007-1-1", "20070101", "2007-11-11T00:00:00.Z", "2007-11-11T00:00:00+15:00", "١٩٧٩", "2007/",
		})
	require.Error(t, types.ValidateDate("2007/2008"))
}

func TestCheckMediaType(t *testing.T) {
	checkAll(t, types.ValidateMediaType,
		[]string{"text/csv", "application/vnd.apache.parquet", "application/ld+json", "application/x-ndjson"},
		[]string{"", "csv", "text/", "/csv", "text/csv; charset=utf-8", "text/c sv", "text/csv/x", ".a/b", strings.Repeat("a", 128) + "/b"})
}

// recordIDByHand was computed with Python hashlib.
const recordIDByHand = "105edd36c20e4615bdc8cb386c2be4b1"

func TestRecordID(t *testing.T) {
	owner := []byte("owner_______________")
	salt := []byte("0123456789abcdef")
	require.Equal(t, recordIDByHand, types.RecordID(owner, salt))
	require.NotEqual(t, types.RecordID(owner, salt), types.RecordID(owner[1:], salt))
	require.NoError(t, types.ValidateRecordID(recordIDByHand))
	for _, bad := range []string{"", recordIDByHand[1:], strings.ToUpper(recordIDByHand), recordIDByHand[1:] + "g"} {
		require.Error(t, types.ValidateRecordID(bad), bad)
	}
}

func FuzzCheckLicense(f *testing.F) {
	for _, s := range []string{"MIT", "CC-BY-4.0", "https://example.org/", "mit", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if types.ValidateLicense(s) == nil {
			require.True(t, types.IsSPDX(s) || iri.HTTPS(s) == nil)
		}
	})
}

func FuzzCheckTemporal(f *testing.F) {
	for _, s := range []string{"1879", "2007-02-30", "2007/2009", "../2009", "2007-11-11T00:00:00Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_ = types.ValidateTemporal(s)
		if len(s) == len(time.DateOnly) {
			_, err := time.Parse(time.DateOnly, s)
			require.Equal(t, err == nil, types.ValidateDate(s) == nil, "the standard library agrees on %q", s)
		}
	})
}

func FuzzCheckLanguage(f *testing.F) {
	for _, s := range []string{"en", "zh-Hant-TW", "x-a", "en-a-bb-x-c", "de-1996"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if types.ValidateLanguage(s) == nil {
			require.NoError(t, types.ValidateLanguage(strings.ToUpper(s)), "tags do not depend on case")
		}
	})
}
