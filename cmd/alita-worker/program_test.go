package main

import (
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/sandbox"
)

func TestCheckProgram(t *testing.T) {
	p, err := programs.ByName("linear")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "p.wasm")
	require.NoError(t, os.WriteFile(file, p.Code, 0o600))
	for _, name := range []string{"linear", file} {
		text, err := command(t, "check", name, "--rows", "2100", "--seeds", "1")
		require.NoError(t, err)
		require.Contains(t, text, "ok    program "+p.Hash)
		require.Contains(t, text, "per_row              0          45        14\n")
	}
	text, err := command(t, "check", "moments", "--shape", "1:3", "--shape", "2:6", "--rows", "2100", "-o", "json")
	require.NoError(t, err)
	var got programCheck
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	require.True(t, got.OK)
	require.EqualValues(t, 43, got.Report.Model.PerRow.PerColumn)

	// Labels make the header longer and their column's values fewer; a program's cost may depend on neither.
	own := filepath.Join(t.TempDir(), "own.bin")
	require.NoError(t, os.WriteFile(own, binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 0), 1), 0o600))
	text, err = command(t, "check", "histogram", "--shape", "1:6", "--labels", "1=Adelie,Chinstrap,Gentoo", "--input", own, "--rows", "2100", "--seeds", "1")
	require.NoError(t, err)
	require.Contains(t, text, "per_row             53")

	// A program of metering's test data whose number of steps is what it reads.
	text, err = command(t, "check", "../../analysis/costcheck/testdata/branches.wasm", "--shape", "1:1", "--rows", "2100")
	require.ErrorIs(t, err, errCheck)
	require.Contains(t, text, "FAIL  program ")
	require.Contains(t, text, "the cost depends on the data: with 1 columns and 1 slots, ")

	for want, args := range map[string][]string{
		"--shape: expected columns:slots, as in 2:6, got none": {"../../analysis/costcheck/testdata/branches.wasm"},
		`as in 2:6, got "2"`:                 {"moments", "--shape", "2"},
		`expected one of moments, histogram`: {"median"},
		"at least 2100":                      {"moments", "--rows", "5"},
		"program failed with code 2":         {"moments", "--shape", "2:5"},
		"got \"3\"":                          {"moments", "--shape", "2:6", "--labels", "3=a"},
		"--labels: expected --shape":         {"moments", "--labels", "1=a"},
		"--bits":                             {"moments", "--shape", "2:6", "--bits", "64"},
		`expected text or json, got "xml"`:   {"moments", "-o", "xml"},
		"accepts at most 1 arg(s), rec":      {"moments", "linear"},
	} {
		_, err := command(t, append([]string{"check"}, args...)...)
		require.ErrorContains(t, err, want)
	}
}

// owners spreads the rows of a file of testdata/data over the files of a number of owners.
func owners(t *testing.T, file string, n int) (files []string) {
	t.Helper()
	f, err := os.Open("../../testdata/data/" + file)
	require.NoError(t, err)
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	dir := t.TempDir()
	for i := range n {
		part := [][]string{records[0]}
		for j := 1 + i; j < len(records); j += n {
			part = append(part, records[j])
		}
		files = append(files, filepath.Join(dir, fmt.Sprintf("owner%d.csv", i+1)))
		out, err := os.Create(files[i])
		require.NoError(t, err)
		require.NoError(t, csv.NewWriter(out).WriteAll(part))
		require.NoError(t, out.Close())
	}
	return files
}

// drawing reads a file as XML and returns how often each element is in it.
func drawing(t *testing.T, file string) map[string]int {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	elements := map[string]int{}
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok {
			elements[e.Name.Local]++
		}
	}
}

// TestCompilesElsewhere: check and simulate compile in a process of its own and leave nothing behind.
func TestCompilesElsewhere(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	_, err := command(t, "check", "moments", "--rows", "2100", "--seeds", "1")
	require.NoError(t, err)
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	require.Empty(t, left)

	err = withSandbox(t.Context(), func(box *sandbox.Sandbox) error {
		p, err := programs.ByName("moments")
		require.NoError(t, err)
		_, err = box.Compile(t.Context(), p.Code)
		require.NoError(t, err)
		compiled, err := filepath.Glob(filepath.Join(os.TempDir(), "alita-compiled-*", "*", "*"))
		require.NoError(t, err)
		require.Len(t, compiled, 1, "in the folder that the process has filled")
		return nil
	})
	require.NoError(t, err)
}

func TestCheckRowProgram(t *testing.T) {
	text, err := command(t, "check", "moments_row", "--rows", "2100", "--seeds", "1")
	require.NoError(t, err)
	require.Contains(t, text, "ok    row program "+programs.MomentsRow().Hash)
	require.Contains(t, text, "per_row            105         150         0\n")
	require.Contains(t, text, "20       61     3105            3105  0\n")
	own := filepath.Join(t.TempDir(), "own.bin")
	require.NoError(t, os.WriteFile(own, make([]byte, 16), 0o600))
	args := []string{"check", "linear_row", "--shape", "1:5", "--input", own, "--rows", "2100", "--seeds", "1", "--per-row"}
	text, err = command(t, append(args, "522:0:0")...)
	require.NoError(t, err)
	require.Contains(t, text, "1        5      428             522   0\n")
	text, err = command(t, append(args, "521:0:0")...)
	require.ErrorIs(t, err, errCheck)
	require.Contains(t, text, `more operations than stated: with 1 columns and 5 slots, a row of kind "random" with seed 0: expected at most 521, got 522`)
	_, err = command(t, append(args, "521")...)
	require.ErrorContains(t, err, "--per-row: expected CONSTANT:PER_COLUMN:PER_SLOT")
}

// The rows 3, 4, missing, 5 and 2^33, whose centred value is too large; the column has room for it.
func TestSimulateRows(t *testing.T) {
	dir := t.TempDir()
	own := filepath.Join(dir, "own.bin")
	require.NoError(t, os.WriteFile(own, make([]byte, 16), 0o600))
	var files []string
	for name, rows := range map[string]string{"a.csv": "x\n3\n4\nNA\n", "b.csv": "x\n5\n8589934592\n"} {
		files = append(files, filepath.Join(dir, name))
		require.NoError(t, os.WriteFile(files[len(files)-1], []byte(rows), 0o600))
	}
	args := append([]string{"simulate", "--program", "moments_row", "--column", "x:bits=40", "--input", own, "--range", "1:0:1", "--range", "1:0:1", "--range", "2:-4:20"}, files...)
	for _, seats := range []string{"0", "2"} {
		text, err := command(t, append(args, "--seats", seats)...)
		require.NoError(t, err)
		for _, line := range []string{
			"0     4\n", "1     3\n", "2     12\n", "3     45\n", // 9 + 16 + 20: the square of 5 is clamped
			"a.csv: rows that added nothing: 0 trapped, 0 took more operations than a row is granted, 0 were too long; the others took 255 to 255 operations",
			"b.csv: rows that added nothing: 1 trapped,",
		} {
			require.Contains(t, text, line)
		}
	}
	// With noise the row of 5, with slots 1, 1, 5 and 20, is too long: (1 + 1 + 25 + 400) / 500 is above 2 rho.
	noised := append([]string{
		"simulate", "--program", "moments_row", "--column", "x:bits=40", "--input", own, "--micro-rho", "300000", "-o", "json",
		"--range", "2:0:1:500", "--range", "2:-4:20:500",
	}, files...)
	text, err := command(t, noised...)
	require.NoError(t, err)
	require.Contains(t, text, `"too_long": 1`)
	for want, args := range map[string][]string{
		"--range: expected those of the slots of a row program":   {"--column", "x:bits=4"},
		"--range: invalid ranges: range: expected COUNT:LOW:HIGH": {"--column", "x:bits=4", "--range", "1"},
		"slot 0: expected from 0 to 1":                            {"--column", "x:bits=4", "--range", "4:0:2"},
		"program trapped":                                         {"--column", "x:bits=4", "--range", "3:0:1"},
	} {
		_, err := command(t, append(append([]string{"simulate", "--program", "moments_row", "--input", own}, args...), files...)...)
		require.ErrorContains(t, err, want)
	}
}

func TestSimulate(t *testing.T) {
	plot := filepath.Join(t.TempDir(), "p.svg")
	args := append([]string{
		"simulate", "--program", "linear", "--price", "500000", "--max-rows", "1000", "--plot", plot,
		"--column", "totemp:offset=60000,bits=14", "--column", "gnpdefl:decimals=1,bits=11", "--column", "gnp:bits=20", "--column", "unemp:bits=13",
		"--column", "armed:bits=12", "--column", "pop:bits=18", "--column", "year:bits=11",
	}, owners(t, "longley.csv", 3)...)
	text, err := command(t, args...)
	require.NoError(t, err)
	require.Contains(t, text, "year         1829.15146461355     455.478499142212    4.01589")
	require.Contains(t, text, "74 slots of 25 bits, 1850 bits in a contribution")
	require.Equal(t, 7, drawing(t, plot)["circle"])

	p, err := programs.ByName("linear")
	require.NoError(t, err)
	operations, err := p.Cost.Operations(6, 7, 74)
	require.NoError(t, err)
	require.Contains(t, text, fmt.Sprintf("owner1.csv  6     %d       ", operations))

	args = append([]string{
		"simulate", "--program", "logistic", "-o", "json", "--plot", plot, "--column", "vote:bits=1",
		"--column", "popul:decimals=1,bits=17,log=0.1", "--column", "selflr:bits=3", "--column", "age:bits=7", "--column", "educ:bits=3", "--column", "income:bits=5",
	},
		owners(t, "anes96.csv", 4)...)
	text, err = command(t, args...)
	require.NoError(t, err)
	_, text, _ = strings.Cut(text, "{")
	text = "{" + text
	var got simulateReport
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	require.True(t, got.Result.Converged)
	require.LessOrEqual(t, len(got.Result.Rounds), 7)
	require.Len(t, got.Owners, 4)
	require.EqualValues(t, 236, got.Owners[3].Rows)
	require.Equal(t, 30, got.Length)
	require.Equal(t, 61, got.Bits)
	require.Equal(t, 6+len(got.Result.Rounds), drawing(t, plot)["circle"])

	// The same by a file.
	job := filepath.Join(t.TempDir(), "job.json")
	text2, err := json.Marshal(analysis.Parameters{
		Program: "histogram", Columns: []analysis.Column{{Name: "body_mass_g", Bits: 13, Lower: "2500", Width: "500", Bins: 8}},
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(job, text2, 0o600))
	text, err = command(t, append([]string{"simulate", "--job", job, "--plot", plot}, owners(t, "penguins.csv", 5)...)...)
	require.NoError(t, err)
	require.Contains(t, text, "values   342\nmissing  2\n")
	require.Equal(t, 1+8, drawing(t, plot)["rect"])

	// Texts, through shares, with owners that are lost.
	files := owners(t, "penguins.csv", 5)
	texts := []string{
		"simulate", "--program", "contingency", "--column", "species", "--column", "island", "--labels", "species=Adelie,Chinstrap,Gentoo",
		"--labels", "island=Biscoe,Dream,*", "--max-rows", "400", "--plot", plot,
	}
	text, err = command(t, append(append(texts, "--seats", "3"), files...)...)
	require.NoError(t, err)
	require.Contains(t, text, `species \ island     Biscoe  Dream  other  missing  total
Adelie               44      56     52     0        152
Chinstrap            0       68     0      0        68
Gentoo               124     0      0      0        124
missing or unlisted  0       0      0      0        0
total                168     124    52     0        344
`)
	require.Equal(t, 1+9, drawing(t, plot)["rect"])
	text, err = command(t, append(append(texts, "--lose", "owner2.csv,1"), files...)...)
	require.NoError(t, err)
	require.Contains(t, text, "owner2.csv  69    0           0  lost")
	require.Equal(t, 2, strings.Count(text, "lost"))
	text, err = command(t, append(append(texts, "--rho", "0.0555"), files...)...)
	require.NoError(t, err)
	require.Contains(t, text, "noise hides each row: rho 0.0555 (epsilon 1.99 at delta 1e-09). Each owner's record was charged as much, in each round. Each count has noise with a standard deviation of 5.477; counts below zero are shown as zero")

	// A program that does not ship.
	_, err = command(t, append([]string{"simulate", "--program", "../../analysis/costcheck/testdata/branches.wasm", "--column", "body_mass_g", "--length", "1"},
		owners(t, "penguins.csv", 2)...)...)
	require.ErrorContains(t, err, "the cost depends on the data")

	// Texts in a column of numbers count as missing, and are pointed out.
	text, err = command(t, append([]string{"simulate", "--program", "moments", "--column", "species"}, owners(t, "penguins.csv", 1)...)...)
	require.NoError(t, err)
	require.Contains(t, text, "list those that are to count")

	for want, args := range map[string][]string{
		"--program: expected":                {"a.csv"},
		"expected one of moments, histogram": {"--program", "mode", "a.csv"},
		"key=value":                          {"--program", "moments", "--column", "x:bits", "a.csv"},
		"no plot":                            append([]string{"--program", "moments", "--column", "vote", "--plot", plot}, owners(t, "anes96.csv", 1)...),
		"expected the name of a column":      append([]string{"--program", "moments", "--column", "vote", "--labels", "Vote=a"}, owners(t, "anes96.csv", 1)...),
		"2 to 8":                             append([]string{"--program", "moments", "--column", "vote", "--seats", "1"}, owners(t, "anes96.csv", 1)...),
		"no such column":                     append([]string{"--program", "moments", "--column", "nope"}, owners(t, "anes96.csv", 1)...),
		"requires at least 1 arg":            {"--program", "moments"},
	} {
		_, err := command(t, append([]string{"simulate"}, args...)...)
		require.ErrorContains(t, err, want)
	}
}
