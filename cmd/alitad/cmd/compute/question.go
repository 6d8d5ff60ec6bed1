package compute

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

const (
	flagProgram   = "program"
	flagColumns   = "columns"
	flagDecimals  = "decimals"
	flagOffset    = "offset"
	flagBits      = "bits"
	flagBins      = "bins"
	flagLower     = "lower"
	flagWidth     = "width"
	flagLog       = "log"
	flagScale     = "scale"
	flagQuantiles = "quantiles"
	flagClusters  = "clusters"
	flagSeed      = "seed"
	flagMaxRows   = "max-rows"
	flagInput     = "input"
	flagLength    = "length"
	flagLabels    = "labels"
	flagUpper     = "upper"
	flagRanges    = "ranges"
)

func addQuestionFlags(f *pflag.FlagSet) {
	f.String(flagProgram, "", "program: a shipped name or the id of a stored one")
	f.StringSlice(flagColumns, nil, "columns that the program reads, in its order; the response first for linear and logistic")
	f.StringSlice(flagDecimals, []string{"0"}, "decimals kept of each column's values; one for all or one for each")
	f.StringSlice(flagOffset, []string{"0"}, "whole number below every value of a column; one for all or one for each")
	f.StringSlice(flagBits, []string{"32"}, "bits that (value - offset) * 10^decimals fits; one for all or one for each; few are best for logistic")
	f.StringArray(flagLabels, nil, "COLUMN=LABEL,LABEL,... reads the column's texts as these labels, in this order, each of which counts as 0, 1 and so on;\n"+
		"a * at the end makes a category of all other texts, which else count as missing; one flag for each column")
	f.StringSlice(flagBins, []string{"0"}, "histogram, contingency: number of bins; one for all or one for each column")
	f.StringSlice(flagLower, []string{"0"}, "histogram, contingency: lower edge of the first bin; with --noise, others: least value, below which values count as it; one for all or one for each column")
	f.StringSlice(flagUpper, nil, "--noise, not histogram and contingency: greatest value, above which values count as it; the narrower the range, the less noise (default: what --bits allows)")
	f.StringSlice(flagRanges, nil, "COUNT:LOW:HIGH or COUNT:LOW:HIGH:VARIANCE,... for a row program that does not ship with this binary: from where to where one row may move so many slots, and their noise; slot 0 is 1:0:1")
	f.StringSlice(flagWidth, []string{"1"}, "histogram, contingency: width of a bin; one for all or one for each column")
	f.StringSlice(flagLog, nil, "logistic: COLUMN=NUMBER takes the logarithm of the column's value + NUMBER")
	f.StringSlice(flagScale, nil, "kmeans: COLUMN=NUMBER multiplies the column's values before distances are taken")
	f.StringSlice(flagQuantiles, nil, "quantiles: which, as in 0.25,0.5,0.75")
	f.Int(flagClusters, 0, "kmeans: number of clusters")
	f.Uint64(flagSeed, 0, "kmeans: what the first places are drawn from")
	f.Uint64(flagMaxRows, 0, fmt.Sprintf("most rows of one owner (default %d); fewer let logistic keep more digits", analysis.DefaultMaxRows))
	f.String(flagInput, "", "file with what a program that does not ship with this binary reads after the header of the columns")
	f.Uint32(flagLength, 0, "slots of the vector of a program that does not ship with this binary")
}

// readQuestion reads what is asked: a program and its columns.
func readQuestion(f *pflag.FlagSet, names []string) (consumer.Question, error) {
	name, _ := f.GetString(flagProgram)
	if name == "" {
		return consumer.Question{}, errors.New("--program: expected a shipped name or the id of a stored program, got none")
	}
	shipped, err := shippedProgram(name)
	if err != nil {
		return consumer.Question{}, err
	}
	columns, err := readColumns(f, names, shipped)
	if err != nil {
		return consumer.Question{}, err
	}
	microRho, err := readRho(f)
	if err != nil {
		return consumer.Question{}, err
	}
	if err := readSpans(f, columns, shipped, microRho > 0); err != nil {
		return consumer.Question{}, err
	}
	if shipped == nil {
		foreign, err := readForeign(f, name, columns)
		if err == nil {
			foreign.MicroRho = microRho
			foreign.Ranges, err = readRanges(f)
		}
		if err == nil && microRho > 0 && len(foreign.Ranges) == 0 {
			err = fmt.Errorf("--%s: expected --%s for a program that does not ship with this binary, got none", flagNoise, flagRanges)
		}
		return consumer.Question{Foreign: foreign}, err
	}
	parameters := readParameters(f, shipped.Name, columns)
	parameters.MicroRho = microRho
	return consumer.Question{Parameters: parameters}, nil
}

// readRho reads what a row may disclose, in millionths of rho; 0 for an exact answer.
func readRho(f *pflag.FlagSet) (uint64, error) {
	if noise, _ := f.GetBool(flagNoise); !noise && !f.Changed(flagRho) {
		return 0, nil
	}
	text, _ := f.GetString(flagRho)
	microRho, err := analysis.ParseRho(text)
	if err != nil {
		return 0, fmt.Errorf("--%s: %w", flagRho, err)
	}
	return microRho, nil
}

// readSpans reads the ranges that a question with noise declares for its columns.
func readSpans(f *pflag.FlagSet, columns []analysis.Column, shipped *programs.Program, noised bool) error {
	if !noised {
		if f.Changed(flagUpper) {
			return fmt.Errorf("--%s: expected none without --%s, got one", flagUpper, flagNoise)
		}
		return nil
	}
	for _, p := range []struct {
		flag string
		set  func(c *analysis.Column, text string)
	}{
		{flagLower, func(c *analysis.Column, text string) { c.Lower = text }},
		{flagUpper, func(c *analysis.Column, text string) { c.Upper = text }},
	} {
		if !f.Changed(p.flag) || p.flag == flagLower && shipped != nil && shipped.Binned {
			continue
		}
		texts, _ := f.GetStringSlice(p.flag)
		if len(texts) != 1 && len(texts) != len(columns) {
			return fmt.Errorf("--%s: expected one for all columns or %d, got %d", p.flag, len(columns), len(texts))
		}
		for i := range columns {
			if i == 0 && len(texts) == 1 && shipped != nil && shipped.Name == "logistic" {
				continue // the response is 0 or 1
			}
			p.set(&columns[i], strings.TrimSpace(texts[i%len(texts)]))
		}
	}
	return nil
}

// readRanges reads the ranges of a row program's slots.
func readRanges(f *pflag.FlagSet) (out terms.Ranges, err error) {
	texts, _ := f.GetStringSlice(flagRanges)
	for _, text := range texts {
		var r terms.SlotRange
		parts := strings.Split(strings.TrimSpace(text), ":")
		bad := len(parts) != 3 && len(parts) != 4
		if !bad {
			count, err0 := strconv.ParseUint(parts[0], 10, 32)
			low, err1 := strconv.ParseInt(parts[1], 10, 64)
			high, err2 := strconv.ParseInt(parts[2], 10, 64)
			r = terms.SlotRange{Count: uint32(count), Low: low, High: high}
			var err3 error
			if len(parts) == 4 {
				r.Variance, err3 = strconv.ParseUint(parts[3], 10, 64)
			}
			bad = errors.Join(err0, err1, err2, err3) != nil
		}
		if bad {
			return nil, fmt.Errorf("--%s: expected COUNT:LOW:HIGH or COUNT:LOW:HIGH:VARIANCE, got %q", flagRanges, text)
		}
		out = append(out, r)
	}
	return out, nil
}

// shippedProgram finds a program of this binary by its name or id; nil for the id of
// another one.
func shippedProgram(name string) (*programs.Program, error) {
	if types.ValidateProgramID(name) == nil {
		if p, found := shippedByID(name); found {
			return &p, nil
		}
		return nil, nil
	}
	p, err := programs.ByName(name)
	return &p, err
}

// readParameters reads what programs that ship are asked, in addition to the columns.
func readParameters(f *pflag.FlagSet, program string, columns []analysis.Column) *analysis.Parameters {
	p := &analysis.Parameters{Program: program, Columns: columns}
	p.Quantiles, _ = f.GetStringSlice(flagQuantiles)
	p.Clusters, _ = f.GetInt(flagClusters)
	p.Seed, _ = f.GetUint64(flagSeed)
	p.MaxRows, _ = f.GetUint64(flagMaxRows)
	rounds, _ := f.GetUint32(flagRounds)
	p.MaxRounds = int(rounds)
	return p
}

// readForeign reads the input of a program that this binary knows nothing of.
func readForeign(f *pflag.FlagSet, program string, columns []analysis.Column) (*consumer.Foreign, error) {
	q := &consumer.Foreign{Program: program, Columns: columns}
	length, _ := f.GetUint32(flagLength)
	if length == 0 {
		return nil, errors.New("--length: expected the number of slots of the program's vector, got none")
	}
	q.Length = int(length)
	if file, _ := f.GetString(flagInput); file != "" {
		own, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		q.Own = own
	}
	return q, nil
}

// readColumns reads how the columns' texts become integers, and what the program does with each.
func readColumns(f *pflag.FlagSet, names []string, shipped *programs.Program) ([]analysis.Column, error) {
	columns := make([]analysis.Column, len(names))
	for i, name := range names {
		columns[i].Name = name
	}
	labels, _ := f.GetStringArray(flagLabels)
	if err := analysis.SetLabels(columns, labels); err != nil {
		return nil, fmt.Errorf("--%s: %w", flagLabels, err)
	}
	binned := shipped != nil && shipped.Binned
	for _, p := range []struct {
		flag  string
		takes bool
		set   func(c *analysis.Column, text string) error
	}{
		{flagDecimals, true, number(8, func(c *analysis.Column, v int64) { c.Decimals = uint8(v) })},
		{flagOffset, true, number(64, func(c *analysis.Column, v int64) { c.Offset = v })},
		{flagBits, true, number(8, func(c *analysis.Column, v int64) { c.Bits = uint8(v) })},
		{flagBins, binned, number(32, func(c *analysis.Column, v int64) { c.Bins = int(v) })},
		{flagLower, binned, func(c *analysis.Column, text string) error { c.Lower = text; return nil }},
		{flagWidth, binned, func(c *analysis.Column, text string) error { c.Width = text; return nil }},
	} {
		if !p.takes {
			continue
		}
		texts, _ := f.GetStringSlice(p.flag)
		if len(texts) != 1 && len(texts) != len(columns) {
			return nil, fmt.Errorf("--%s: expected one for all columns or %d, got %d", p.flag, len(columns), len(texts))
		}
		for i := range columns {
			if len(columns[i].Labels) > 0 {
				continue // all of this follows from them
			}
			if err := p.set(&columns[i], strings.TrimSpace(texts[i%len(texts)])); err != nil {
				return nil, fmt.Errorf("--%s: %w", p.flag, err)
			}
		}
		// One value for all is for the predictors: a response is 0 or 1.
		if shipped != nil && shipped.Name == "logistic" && len(texts) == 1 && len(columns) > 0 && len(columns[0].Labels) == 0 {
			columns[0].Decimals, columns[0].Offset, columns[0].Bits = 0, 0, 1
		}
	}
	if err := named(f, flagLog, columns, func(c *analysis.Column, text string) { c.Log = text }); err != nil {
		return nil, err
	}
	return columns, named(f, flagScale, columns, func(c *analysis.Column, text string) { c.Scale = text })
}

// number sets a whole number of so many bits; numbers of 8 and 32 bits are not negative.
func number(bits int, set func(c *analysis.Column, v int64)) func(c *analysis.Column, text string) error {
	return func(c *analysis.Column, text string) error {
		v, err := strconv.ParseInt(text, 10, bits)
		if err != nil || (bits < 64 && v < 0) {
			return fmt.Errorf("expected a whole number, got %q", text)
		}
		set(c, v)
		return nil
	}
}

// named reads values that are given to some columns by name.
func named(f *pflag.FlagSet, flag string, columns []analysis.Column, set func(c *analysis.Column, text string)) error {
	texts, _ := f.GetStringSlice(flag)
next:
	for _, text := range texts {
		name, value, found := strings.Cut(text, "=")
		if !found || value == "" {
			return fmt.Errorf("--%s: expected COLUMN=NUMBER, got %q", flag, text)
		}
		for i := range columns {
			if columns[i].Name == name {
				set(&columns[i], value)
				continue next
			}
		}
		return fmt.Errorf("--%s: expected one of --%s before the sign, got %q", flag, flagColumns, name)
	}
	return nil
}
