package main

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"

	"github.com/alita-network/alita/testutil/localnet"
)

//go:embed documents/michelson.jsonld
var michelsonDocument []byte

//go:embed documents/penguins.jsonld
var penguinsDocument []byte

// collection is a body of data that several owners hold parts of.
type collection struct {
	title, symbol, maker string

	// data is the whole file: the parts and the yardstick come from it.
	data string

	// document describes each owner's part in schema.org terms.
	document []byte

	// pool is what the maker chooses.
	pool poolChoice

	// owners hold the parts.
	owners []*owner

	// part names the owner of a row.
	part func(row map[string]string) string

	// columns are computed on, with as many decimals as their values have.
	columns  []string
	decimals string

	// histogram is the second question.
	histogram question

	// certified are published digits of the first column: mean and standard deviation.
	certified *certified
}

type certified struct{ mean, deviation, source string }

// question is a histogram of one column.
type question struct{ column, decimals, lower, width, bins string }

// poolChoice are the figures of a new pool, in whole ALITA and Data Tokens.
type poolChoice struct {
	liquidityALITA, liquidityData, rewardBudget, rewardPerRecord, allotment string
}

// owner holds one part of a collection.
type owner struct {
	localnet.Owner

	part, about string

	address, record string
	rows            int
}

func newOwner(name, part, about string) *owner {
	return &owner{Owner: localnet.Owner{Name: name}, part: part, about: about}
}

func collections(dataDir string) []*collection {
	standard := poolChoice{
		liquidityALITA: "5000", liquidityData: "500000", rewardBudget: "100000", rewardPerRecord: "5000", allotment: "50000",
	}
	return []*collection{
		{
			title: "Michelson 1879: the speed of light", symbol: "LIGHT", maker: "lab",
			data: filepath.Join(dataDir, "michelson.csv"), document: michelsonDocument, pool: standard,
			owners: []*owner{
				newOwner("anna", "A", "experiments 1 and 2"),
				newOwner("boris", "B", "experiment 3"),
				newOwner("clara", "C", "experiments 4 and 5"),
			},
			part: func(row map[string]string) string {
				return map[string]string{"1": "A", "2": "A", "3": "B", "4": "C", "5": "C"}[row["experiment"]]
			},
			columns: []string{"speed_km_s"}, decimals: "0",
			histogram: question{column: "speed_km_s", decimals: "0", lower: "299600", width: "50", bins: "10"},
			certified: &certified{mean: "299852.4", deviation: "79.0105478190518", source: "NIST StRD Michelso"},
		},
		{
			title: "Palmer penguins", symbol: "PENGUIN", maker: "station",
			data: filepath.Join(dataDir, "penguins.csv"), document: penguinsDocument, pool: standard,
			owners: []*owner{
				newOwner("biscoe", "Biscoe", "the birds of Biscoe island"),
				newOwner("dream", "Dream", "the birds of Dream island"),
				newOwner("torgersen", "Torgersen", "the birds of Torgersen island"),
			},
			part:      func(row map[string]string) string { return row["island"] },
			columns:   []string{"beak_length_mm", "beak_depth_mm", "flipper_length_mm", "body_mass_g"},
			decimals:  "1",
			histogram: question{column: "flipper_length_mm", decimals: "0", lower: "170", width: "10", bins: "7"},
		},
	}
}

// split writes each owner's rows into a file of its own: from here on nobody has the whole.
func (c *collection) split(dir string) error {
	rows, index, err := readTable(c.data)
	if err != nil {
		return err
	}
	header := make([]string, len(index))
	for name, i := range index {
		header[i] = name
	}
	parts := map[string][][]string{}
	for _, row := range rows {
		named := map[string]string{}
		for i, name := range header {
			named[name] = row[i]
		}
		part := c.part(named)
		parts[part] = append(parts[part], row)
	}
	total := 0
	for _, o := range c.owners {
		o.rows = len(parts[o.part])
		total += o.rows
		o.Dir = filepath.Join(dir, o.Name)
		home := filepath.Join(o.Dir, "data")
		if err := os.MkdirAll(home, 0o700); err != nil {
			return err
		}
		o.File, o.Document = filepath.Join(home, filepath.Base(c.data)), filepath.Join(home, "record.jsonld")
		if err := writeCSV(o.File, header, parts[o.part]); err != nil {
			return err
		}
		if err := os.WriteFile(o.Document, c.document, 0o600); err != nil {
			return err
		}
	}
	if total != len(rows) {
		return fmt.Errorf("%s: %d of %d rows have an owner", c.data, total, len(rows))
	}
	return nil
}

func writeCSV(path string, header []string, rows [][]string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	w := csv.NewWriter(f)
	if err := w.WriteAll(append([][]string{header}, rows...)); err != nil {
		return err
	}
	return f.Close()
}
