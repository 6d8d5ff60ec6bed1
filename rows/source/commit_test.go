package source_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/rows/source"
)

var testSeed = [source.SeedSize]byte{1, 2, 3}

func write(t interface {
	Helper()
	TempDir() string
	Fatal(...any)
}, name, content string,
) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func dataFile(name string) string { return filepath.Join("..", "..", "testdata", "data", name) }

func tagged(tag string, fields ...[]byte) []byte {
	var b []byte
	for _, f := range append([][]byte{[]byte(tag)}, fields...) {
		b = binary.BigEndian.AppendUint64(b, uint64(len(f)))
		b = append(b, f...)
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

func u64(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

func treeRoot(leaves [][]byte) []byte {
	switch len(leaves) {
	case 0:
		sum := sha256.Sum256(nil)
		return sum[:]
	case 1:
		sum := sha256.Sum256(append([]byte{0}, leaves[0]...))
		return sum[:]
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	sum := sha256.Sum256(append(append([]byte{1}, treeRoot(leaves[:k])...), treeRoot(leaves[k:])...))
	return sum[:]
}

// naiveRoot is the documented formula, written out over a whole file in memory.
func naiveRoot(seed []byte, columns []string, rows [][]string) []byte {
	var leaves [][]byte
	for j, row := range rows {
		mac := hmac.New(sha256.New, seed)
		mac.Write([]byte("alita/salt/v1"))
		mac.Write(u64(uint64(j)))
		var text []byte
		for _, cell := range row {
			text = append(text, 1)
			text = binary.BigEndian.AppendUint32(text, uint32(len(cell)))
			text = append(text, cell...)
		}
		leaves = append(leaves, tagged("alita/row/v1", mac.Sum(nil), u64(uint64(j)), text))
	}
	var names [][]byte
	for _, c := range columns {
		names = append(names, []byte(c))
	}
	return tagged("alita/rows/v1", u64(uint64(len(rows))), tagged("alita/columns/v1", names...), treeRoot(leaves))
}

func TestCommitRealFiles(t *testing.T) {
	for _, tc := range []struct {
		file string
		rows uint64
		cols int
	}{
		{"michelson.csv", 100, 3}, {"penguins.csv", 344, 7}, {"longley.csv", 16, 8}, {"anes96.csv", 944, 10},
	} {
		t.Run(tc.file, func(t *testing.T) {
			raw, err := os.ReadFile(dataFile(tc.file))
			require.NoError(t, err)
			all, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
			require.NoError(t, err)

			c, err := source.Commit(dataFile(tc.file), source.CSV, testSeed)
			require.NoError(t, err)
			require.Equal(t, tc.rows, c.Rows)
			require.Len(t, c.Columns, tc.cols)
			require.Equal(t, all[0], c.Columns)
			require.Equal(t, uint64(len(raw)), c.Size)
			require.Equal(t, sha256.Sum256(raw), c.SHA256)
			require.Equal(t, naiveRoot(testSeed[:], all[0], all[1:]), c.Root[:])
		})
	}
}

const fixedRoot = "54024248be3837fc71b144792b07c676d04ce2871d053ef6a12830b310bd1831"

// The root is part of records on chain: it must never change for the same rows.
func TestFixedRoot(t *testing.T) {
	path := write(t, "a.csv", "a,b\n1,x\n2,\n")
	c, err := source.Commit(path, source.CSV, testSeed)
	require.NoError(t, err)
	require.Equal(t, fixedRoot, hex.EncodeToString(c.Root[:]))
	require.Equal(t, naiveRoot(testSeed[:], []string{"a", "b"}, [][]string{{"1", "x"}, {"2", ""}}), c.Root[:])

	other, err := source.Commit(path, source.CSV, [source.SeedSize]byte{1})
	require.NoError(t, err)
	require.NotEqual(t, c.Root, other.Root, "another seed, another root")
}

func TestRootBindsRowsOrderNamesAndCells(t *testing.T) {
	commit := func(content string) [32]byte {
		c, err := source.Commit(write(t, "a.csv", content), source.CSV, testSeed)
		require.NoError(t, err)
		return c.Root
	}
	base := commit("a,b\n1,2\n3,4\n")
	require.Equal(t, base, commit("\xef\xbb\xbfa,b\r\n1,2\r\n\r\n\"3\",4"), "spelling does not count")
	for name, content := range map[string]string{
		"order":       "a,b\n3,4\n1,2\n",
		"name":        "a,c\n1,2\n3,4\n",
		"names moved": "b,a\n1,2\n3,4\n",
		"cell":        "a,b\n1,2\n3,5\n",
		"cells moved": "a,b\n12,\n3,4\n",
		"row more":    "a,b\n1,2\n3,4\n3,4\n",
		"row less":    "a,b\n1,2\n",
		"spaces":      "a,b\n1, 2\n3,4\n",
	} {
		require.NotEqual(t, base, commit(content), name)
	}
}

func TestJSONLinesCommitLikeCSV(t *testing.T) {
	c, err := source.Commit(write(t, "a.csv", "a,b\n1,x\n2.50,y\n"), source.CSV, testSeed)
	require.NoError(t, err)
	j, err := source.Commit(write(t, "a.jsonl", "{\"a\":1,\"b\":\"x\"}\n\n {\"b\":\"\\u0079\", \"a\":2.50}"), source.JSONLines, testSeed)
	require.NoError(t, err)
	require.Equal(t, c.Root, j.Root)
	require.Equal(t, c.Columns, j.Columns)

	null, err := source.Commit(write(t, "a.jsonl", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2.50,\"b\":null}"), source.JSONLines, testSeed)
	require.NoError(t, err)
	absent, err := source.Commit(write(t, "a.jsonl", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2.50}"), source.JSONLines, testSeed)
	require.NoError(t, err)
	empty, err := source.Commit(write(t, "a.jsonl", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2.50,\"b\":\"\"}"), source.JSONLines, testSeed)
	require.NoError(t, err)
	require.Equal(t, null.Root, absent.Root)
	require.NotEqual(t, null.Root, empty.Root)
}

func TestRandomTablesCommitByTheFormula(t *testing.T) {
	cell := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{1,5}(\.[0-9]{1,3})?`), rapid.SampledFrom([]string{"", "NA", "\"", ",", "a\nb"}))
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 6).Draw(t, "columns")
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-zäö_ ]{1,8}`), k, k, rapid.ID[string]).Draw(t, "names")
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, k, k), 0, 40).Draw(t, "rows")
		// encoding/csv reads CRLF inside quotes as LF, so a lone CR is the only one that survives.
		for _, r := range rows {
			for i := range r {
				r[i] = strings.ReplaceAll(r[i], "\r", "")
			}
		}
		var csvText, jsonText bytes.Buffer
		w := csv.NewWriter(&csvText)
		_ = w.Write(names)
		_ = w.WriteAll(rows)
		for _, r := range rows {
			jsonText.WriteByte('{')
			for i, v := range r {
				key, _ := json.Marshal(names[i])
				val, _ := json.Marshal(v)
				if i > 0 {
					jsonText.WriteByte(',')
				}
				jsonText.Write(key)
				jsonText.WriteByte(':')
				jsonText.Write(val)
			}
			jsonText.WriteString("}\n")
		}
		want := naiveRoot(testSeed[:], names, rows)
		check := func(file string, format source.Format, text []byte) {
			path := filepath.Join(dir, file)
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := source.Commit(path, format, testSeed)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, c.Root[:]) || c.Rows != uint64(len(rows)) {
				t.Fatalf("%s: %d rows, root %x; want %d, %x", file, c.Rows, c.Root, len(rows), want)
			}
		}
		check("t.csv", source.CSV, csvText.Bytes())
		if len(rows) > 0 {
			check("t.jsonl", source.JSONLines, jsonText.Bytes())
		}
	})
}

func TestUnusableFiles(t *testing.T) {
	long := strings.Repeat("x", source.MaxRecordBytes+10000)
	for name, tc := range map[string]struct {
		file, content string
		want          error
		says          string
	}{
		"empty csv":           {"a.csv", "", source.ErrHeader, "empty"},
		"empty jsonl":         {"a.jsonl", "\n\n", source.ErrHeader, "empty"},
		"same names":          {"a.csv", "a,b,a\n", source.ErrHeader, "columns 1 and 3"},
		"name not UTF-8":      {"a.csv", "a,\xff\n", source.ErrHeader, "column 2"},
		"too many columns":    {"a.csv", strings.Repeat("a,", source.MaxColumns) + "b\n", source.ErrHeader, "at most 4096"},
		"field missing":       {"a.csv", "a,b\n1,2\nSECRET\n", source.ErrRow, "line 3"},
		"field too many":      {"a.csv", "a,b\nSECRET,2,3\n", source.ErrRow, "line 2"},
		"bare quote":          {"a.csv", "a,b\nSEC\"RET,2\n", source.ErrRow, "line 2"},
		"quote left open":     {"a.csv", "a,b\n\"SECRET" + long, source.ErrRow, "quote left open"},
		"long header":         {"a.csv", "\"" + long, source.ErrHeader, "quote left open"},
		"not json":            {"a.jsonl", "{\"a\":1}\nSECRET\n", source.ErrRow, "line 2"},
		"array":               {"a.jsonl", "[1]\n", source.ErrRow, "line 1"},
		"no member":           {"a.jsonl", "{}\n", source.ErrHeader, "none"},
		"member twice, first": {"a.jsonl", "{\"a\":1,\"a\":2}\n", source.ErrHeader, "columns 1 and 2"},
		"member twice, later": {"a.jsonl", "{\"a\":1}\n\n{\"a\":1,\"a\":2}\n", source.ErrRow, "line 3"},
		"new member":          {"a.jsonl", "{\"a\":1}\n{\"SECRET\":1}\n", source.ErrRow, "line 2"},
		"two objects":         {"a.jsonl", "{\"a\":1}{\"a\":2}\n", source.ErrRow, "line 1"},
		"not UTF-8":           {"a.jsonl", "{\"a\":\"\xff\"}\n", source.ErrRow, "UTF-8"},
		"long line":           {"a.jsonl", "{\"a\":1}\n{\"a\":\"" + long + "\"}\n", source.ErrRow, "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, tc.file, tc.content)
			format, err := source.FormatOf(path)
			require.NoError(t, err)
			_, err = source.Commit(path, format, testSeed)
			require.ErrorIs(t, err, tc.want)
			require.ErrorContains(t, err, tc.says)
			require.ErrorContains(t, err, tc.file)
			require.NotContains(t, err.Error(), "SECRET")
			require.NotContains(t, err.Error(), filepath.Dir(path))
		})
	}
	_, err := source.Commit(t.TempDir(), source.CSV, testSeed)
	require.ErrorIs(t, err, source.ErrFile)
	missing := filepath.Join(t.TempDir(), "gone.csv")
	_, err = source.Commit(missing, source.CSV, testSeed)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NotContains(t, err.Error(), filepath.Dir(missing))
	_, err = source.Commit(write(t, "a.csv", "a\n"), "parquet", testSeed)
	require.ErrorIs(t, err, source.ErrFormat)
	_, err = source.FormatOf("a.txt")
	require.ErrorIs(t, err, source.ErrFormat)
}
