package document_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher/document"
)

// TestImportIsBounded fills documents of the greatest size with what makes most work.
func TestImportIsBounded(t *testing.T) {
	fill := func(format string) string {
		var b strings.Builder
		for i := 0; ; i++ {
			part := fmt.Sprintf(format, i)
			if b.Len()+len(part)+600 > document.MaxBytes {
				return strings.TrimSuffix(b.String(), ",")
			}
			b.WriteString(part)
		}
	}
	terms := fill(`"t%d":"http://schema.org/x",`)
	for name, doc := range map[string]string{
		"variables":       dataset(`"variableMeasured":[` + fill(`"%d",`) + `]`),
		"keywords":        dataset(`"keywords":"` + fill("%d,") + `"`),
		"creators":        dataset(`"creator":[` + fill(`{"name":"%d"},`) + `]`),
		"unknown members": dataset(fill(`"k%d":0,`)),
		"long key":        `{"@context":"https://schema.org/","@type":"Dataset","` + strings.Repeat("k", 30000) + `":{` + strings.Repeat(`"a":[0`, 1) + strings.Repeat(",0", 14000) + `]}}`,
		"open tags":       strings.Replace(dataset(""), longText, strings.Repeat("<a ", 20000), 1),
		"references":      strings.Replace(dataset(""), longText, strings.Repeat("&amp;", 12000), 1),
		"polygon":         dataset(`"spatialCoverage":{"geo":{"@type":"GeoShape","polygon":"` + strings.Repeat("1.1,1.1 ", 7500) + `"}}`),
		"contexts":        `{"@context":{"@vocab":"http://schema.org/",` + terms[:strings.LastIndexByte(terms[:30000], ',')] + `},"@type":"Dataset","hasPart":[` + strings.Repeat(`{"@context":{}},`, 1800) + `0]}`,
		"record sets":     dataset(`"recordSet":[` + fill(`{"@id":"%d","field":[{"name":"x"}]},`) + `]`),
		"datasets":        `[` + fill(`{"@context":"https://schema.org/","@type":"Dataset","name":"%d"},`) + `]`,
	} {
		t.Run(name, func(t *testing.T) {
			require.LessOrEqual(t, len(doc), document.MaxBytes)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			out, err := document.Import([]byte(doc), document.Options{Select: "0"})
			runtime.ReadMemStats(&after)
			require.NoError(t, err)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(300<<20), "bytes allocated")
			require.LessOrEqual(t, len(out.Findings), 1010, "a thousand warnings, what refuses, and how many are not listed")
		})
	}
}

// TestErrorsAreNeverCutOff hides a missing licence behind more warnings than are listed.
func TestErrorsAreNeverCutOff(t *testing.T) {
	var members strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&members, `,"k%d":0`, i)
	}
	out := mustImport(t, strings.Replace(dataset(members.String()[1:]), `,"license":"CC0-1.0"`, "", 1), document.Options{})
	require.False(t, out.Accepted())
	require.Equal(t, "$.license", out.Findings[0].Path)
	last := out.Findings[len(out.Findings)-1]
	require.Equal(t, "$", last.Path)
	require.Regexp(t, `^not listed: 2\d\d\d further findings$`, last.Message)
}
