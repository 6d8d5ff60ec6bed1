package metadata_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/cmd/alitad/cmd/metadata"
)

const balance = `{"@context":"https://schema.org/","@type":"Dataset","name":"Balance",
	"description":"Readings of a balance in a cellar, taken once an hour over one winter.","license":"http://creativecommons.org/licenses/by/4.0/",
	"creator":{"@type":"Person","name":"A B","email":"a@example.org"},"variableMeasured":[{"@type":"PropertyValue","name":"weight","unitText":"g"}]}`

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func check(args ...string) (string, error) {
	cmd := metadata.NewCheckCmd()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	cmd.SetArgs(args)
	err := cmd.Execute()
	return out.String(), err
}

func TestCheck(t *testing.T) {
	good := write(t, "record.jsonld", balance)
	data := write(t, "data.csv", "weight,day\n1.5,2020-01-01\nNA,2020-01-02\n")
	for name, c := range map[string]struct {
		args    []string
		refused bool
		text    []string // parts of the output or of the error
	}{
		"accepted":      {[]string{good}, false, []string{"warning  $.creator.email: not carried: contact data", "accepted: version 1.0.0\n"}},
		"with a file":   {[]string{good, "--file", data, "--record-version", "2.1.0"}, false, []string{"accepted: version 2.1.0"}},
		"flag is wrong": {[]string{good, "--description", "short"}, true, []string{"error    $.description: description: expected 50 to 5000 characters, got 5", "(supply it with --description)"}},
		"no licence":    {[]string{write(t, "x", strings.Replace(balance, "http://creativecommons.org/licenses/by/4.0/", "", 1))}, true, []string{"$.license", "--license"}},
		"other column":  {[]string{write(t, "y", strings.Replace(balance, `"weight"`, `"height"`, 1)), "--file", data}, true, []string{`expected a column of the file, "weight", "day", got "height"`}},
		"duplicate key": {[]string{write(t, "z", `{"a":1,"a":2}`)}, true, []string{"has a key twice: expected $.a once"}},
		"too large":     {[]string{write(t, "l", `"`+strings.Repeat("x", document.MaxBytes-1)+`"`)}, true, []string{"expected at most 65536 bytes, got 65537"}},
		"several":       {[]string{write(t, "s", "["+balance+","+balance+"]")}, true, []string{"--select", `0 "Balance", 1 "Balance"`}},
		"chosen":        {[]string{write(t, "s", "["+balance+","+balance+"]"), "--select", "1"}, false, []string{"accepted"}},
		"wrong type":    {[]string{write(t, "w", strings.Replace(balance, "Dataset", "Book", 1))}, true, []string{"got Book"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := check(c.args...)
			if c.refused {
				require.ErrorIs(t, err, publisher.ErrRefused)
				out += err.Error()
			} else {
				require.NoError(t, err)
			}
			for _, want := range c.text {
				require.Contains(t, out, want)
			}

			// JSON says the same.
			raw, jsonErr := check(append(c.args, "--output", "json")...)
			require.Equal(t, err == nil, jsonErr == nil)
			var v struct {
				Accepted bool
				Error    string
				Findings []document.Finding
			}
			require.NoError(t, json.Unmarshal([]byte(raw), &v))
			require.Equal(t, !c.refused, v.Accepted)
			require.NotNil(t, v.Findings)
			for _, f := range v.Findings {
				require.Contains(t, out, f.String())
			}
		})
	}
}

func TestCheckOtherErrors(t *testing.T) {
	good := write(t, "record.jsonld", balance)
	for _, args := range [][]string{
		{filepath.Join(t.TempDir(), "none")},
		{t.TempDir()},
		{good, "--output", "xml"},
		{good, "--file", filepath.Join(t.TempDir(), "none.csv")},
		{good, "--file", write(t, "data.xyz", "a\n1\n")},
		{good, "--file", write(t, "data.xyz", "a\n1\n"), "--file-format", "xyz"},
		{good, "--file", write(t, "data.csv", "a,a\n1,2\n")},
	} {
		_, err := check(args...)
		require.Error(t, err, args)
		require.NotErrorIs(t, err, publisher.ErrRefused, args)
	}
}
