package main

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/alita-network/alita/devnet/localnet"
)

//go:embed documents/michelson.jsonld
var michelsonDocument []byte

//go:embed documents/penguins.jsonld
var penguinsDocument []byte

//go:embed documents/anes96.jsonld
var votersDocument []byte

// collection is a body of data that several owners hold parts of.
type collection struct {
	title, symbol, maker string

	// data is the whole file: the parts and the yardstick come from it.
	data string

	// document describes each owner's part in schema.org terms.
	document []byte

	// pool holds the choices of the maker.
	pool poolChoice

	// parts are held by the owners, one by each.
	parts []*part

	// part names the part of a row.
	part func(row map[string]string) string

	// columns are the columns that the pool requires.
	columns []string

	// panelTerms are what the owners' panel answers, panel is its id.
	panelTerms panelChoice
	panel      string

	// questions are asked in order.
	questions []question
}

// question is a question of the consumer to a collection, with the check of its answer.
type question struct {
	title string
	// price is the price of a million operations.
	price string
	// args are the arguments of `alitad compute run`.
	args []string
	// microRho is what a question with noise is charged for each record, in millionths of rho; 0 for an exact one. The owners set budgets for it.
	microRho uint64
	// check compares the answer with what one party with all rows would get, and returns what it found.
	check func(c *collection, a answer) ([]string, error)
}

// poolChoice are the figures of a new pool, in whole ALITA and Data Tokens.
type poolChoice struct {
	liquidityALITA, liquidityData, rewardBudget, rewardPerRecord, allotment string
}

// owner is an account with a worker next to its data.
type owner struct {
	localnet.Owner

	address string
	joined  bool
}

// part is an owner's part of a collection.
type part struct {
	*owner

	name, about string

	record string
	rows   int

	file, document string
}

// Name is the owner's.
func (p *part) Name() string { return p.owner.Name }

// people are the owners; each holds a part of every collection.
func people() []*owner {
	var all []*owner
	for _, name := range []string{"anna", "boris", "clara", "dmitri", "emma"} {
		all = append(all, &owner{Owner: localnet.Owner{Name: name}})
	}
	return all
}

// partsOf gives each owner a part, by name and description.
func partsOf(owners []*owner, names ...[2]string) []*part {
	var all []*part
	for i, o := range owners {
		all = append(all, &part{owner: o, name: names[i][0], about: names[i][1]})
	}
	return all
}

func collections(dataDir string, owners []*owner) []*collection {
	standard := poolChoice{
		liquidityALITA: "5000", liquidityData: "500000", rewardBudget: "100000", rewardPerRecord: "200", allotment: "50000",
	}
	return []*collection{
		{
			title: "Michelson 1879: the speed of light", symbol: "LIGHT", maker: "lab",
			data: filepath.Join(dataDir, "michelson.csv"), document: michelsonDocument, pool: standard,
			parts: partsOf(owners, [2]string{"1", "experiment 1"}, [2]string{"2", "experiment 2"}, [2]string{"3", "experiment 3"},
				[2]string{"4", "experiment 4"}, [2]string{"5", "experiment 5"}),
			part:    func(row map[string]string) string { return row["experiment"] },
			columns: []string{"speed_km_s"},
			panelTerms: panelChoice{questions: []string{
				`{"program": "moments", "columns": [{"name": "speed_km_s", "offset": 299000, "bits": 11}]}`,
			}},
			questions: []question{{
				title: "mean and deviation of the speed of light", price: smallPrice,
				args:  []string{"--program", "moments", "--columns", "speed_km_s", "--offset", "299000", "--bits", "11", "--max-rows", "1000"},
				check: certifiedMoments("299852.4", "79.0105478190518", "NIST StRD Michelso"),
			}},
		},
		{
			title: "Palmer penguins", symbol: "PENGUIN", maker: "station",
			data: filepath.Join(dataDir, "penguins.csv"), document: penguinsDocument, pool: standard,
			parts: partsOf(owners, [2]string{"Torgersen Adelie", "the Adelie penguins of Torgersen island"},
				[2]string{"Biscoe Adelie", "the Adelie penguins of Biscoe island"}, [2]string{"Biscoe Gentoo", "the Gentoo penguins of Biscoe island"},
				[2]string{"Dream Adelie", "the Adelie penguins of Dream island"}, [2]string{"Dream Chinstrap", "the Chinstrap penguins of Dream island"}),
			part:    func(row map[string]string) string { return row["island"] + " " + row["species"] },
			columns: []string{"beak_depth_mm", "flipper_length_mm"},
			panelTerms: panelChoice{questions: []string{
				`{"program": "histogram", "columns": [{"name": "flipper_length_mm", "bits": 8, "lower": "170", "width": "10", "bins": 7}]}`,
				`{"program": "contingency", "columns": [{"name": "flipper_length_mm", "bits": 8, "lower": "170", "width": "20", "bins": 3},
				  {"name": "beak_depth_mm", "decimals": 1, "bits": 8, "lower": "13", "width": "3", "bins": 3}]}`,
				`{"program": "contingency", "columns": [{"name": "species", "labels": ["Adelie", "Chinstrap", "Gentoo"]},
				  {"name": "island", "labels": ["Biscoe", "Dream", "Torgersen"]}]}`,
				`{"program": "moments", "columns": [{"name": "body_mass_g", "bits": 13}]}`,
			}},
			questions: []question{
				{
					title: "a histogram of the penguins' flippers", price: smallPrice,
					args: []string{
						"--program", "histogram", "--columns", "flipper_length_mm", "--bits", "8", "--max-rows", "1000",
						"--lower", "170", "--width", "10", "--bins", "7",
					},
					check: pooledHistogram(axis{column: "flipper_length_mm", lower: 170, width: 10, bins: 7}),
				},
				{
					title: "a table of flippers by beaks, with chi-square", price: smallPrice,
					args: []string{
						"--program", "contingency", "--columns", "flipper_length_mm,beak_depth_mm", "--decimals", "0,1", "--bits", "8", "--max-rows", "1000",
						"--lower", "170,13", "--width", "20,3", "--bins", "3,3",
					},
					check: pooledContingency(axis{column: "flipper_length_mm", lower: 170, width: 20, bins: 3}, axis{column: "beak_depth_mm", lower: 13, width: 3, bins: 3}),
				},
				{
					title: "a table of species by islands, which are texts", price: smallPrice,
					args: []string{
						"--program", "contingency", "--columns", "species,island", "--max-rows", "1000",
						"--labels", "species=Adelie,Chinstrap,Gentoo", "--labels", "island=Biscoe,Dream,Torgersen",
					},
					check: pooledContingency(labels("species", "Adelie", "Chinstrap", "Gentoo"), labels("island", "Biscoe", "Dream", "Torgersen")),
				},
			},
		},
		{
			title: "American National Election Study 1996", symbol: "VOTE", maker: "institute",
			data: filepath.Join(dataDir, "anes96.csv"), document: votersDocument, pool: standard,
			parts: partsOf(owners, [2]string{"countryside", "voters outside of towns"}, [2]string{"9", "places below 10,000"},
				[2]string{"39", "places below 40,000"}, [2]string{"199", "places below 200,000"}, [2]string{"city", "the greater cities"}),
			part: func(row map[string]string) string {
				switch n := atoi(row["popul"]); {
				case n == 0:
					return "countryside"
				case n < 10:
					return "9"
				case n < 40:
					return "39"
				case n < 200:
					return "199"
				default:
					return "city"
				}
			},
			columns:    []string{"vote", "popul", "selflr", "age", "educ", "income"},
			panelTerms: panelChoice{programs: []string{"logistic_row"}},
			questions: []question{{
				title: "a logistic regression in rounds: who votes for Dole", price: largePrice,
				args: []string{
					"--program", "logistic_row", "--columns", "vote,popul,selflr,age,educ,income", "--decimals", "0,1,0,0,0,0",
					"--bits", "1,17,3,7,3,5", "--log", "popul=0.1", "--max-rows", "1000", "--rounds", "12",
				},
				check: pooledRegression("vote", "popul", "selflr", "age", "educ", "income"),
			}, {
				title: "the mean age of the voters, with noise that hides each of them", price: smallPrice, microRho: 100_000,
				args: []string{
					"--program", "moments", "--columns", "age", "--bits", "7", "--max-rows", "1000", "--noise", "--rho", "0.1", "--lower", "17", "--upper", "97",
				},
				check: noisedMean("age"),
			}},
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
	for _, p := range c.parts {
		p.rows = len(parts[p.name])
		total += p.rows
		p.Dir = filepath.Join(dir, p.owner.Name)
		home := filepath.Join(p.Dir, "data")
		if err := os.MkdirAll(home, 0o700); err != nil {
			return err
		}
		base := filepath.Base(c.data)
		p.file, p.document = filepath.Join(home, base), filepath.Join(home, strings.TrimSuffix(base, ".csv")+".jsonld")
		if err := writeCSV(p.file, header, parts[p.name]); err != nil {
			return err
		}
		if err := os.WriteFile(p.document, c.document, 0o600); err != nil {
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
