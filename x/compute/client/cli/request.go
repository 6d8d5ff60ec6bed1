package cli

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/worker/fixedpoint"
	"github.com/alita-network/alita/x/compute/types"
)

const (
	flagProgram          = "program"
	flagPool             = "pool"
	flagColumns          = "columns"
	flagDecimals         = "decimals"
	flagOffset           = "offset"
	flagBits             = "bits"
	flagBins             = "bins"
	flagLower            = "lower"
	flagWidth            = "width"
	flagInput            = "input"
	flagLength           = "length"
	flagPurpose          = "purpose"
	flagPrice            = "price"
	flagMinCohort        = "min-cohort"
	flagMaxCohort        = "max-cohort"
	flagBudget           = "budget"
	flagDataBudget       = "data-budget"
	flagContributeBlocks = "contribute-blocks"
	flagDeliverBlocks    = "deliver-blocks"
)

func addRequestFlags(f *pflag.FlagSet) {
	f.String(flagProgram, "", "program: a shipped name or the id of a stored one")
	f.Uint64(flagPool, 0, "pool whose records are asked")
	f.StringSlice(flagColumns, nil, "columns that the program reads, in its order")
	f.StringSlice(flagDecimals, []string{"0"}, "decimals kept of each column's values; one for all or one for each")
	f.StringSlice(flagOffset, []string{"0"}, "whole number below every value of a column; one for all or one for each")
	f.StringSlice(flagBits, []string{"32"}, "bits that (value - offset) * 10^decimals fits; one for all or one for each")
	f.Int(flagBins, 0, "histogram: number of bins")
	f.String(flagLower, "0", "histogram: lower edge of the first bin")
	f.String(flagWidth, "1", "histogram: width of a bin")
	f.String(flagInput, "", "file with the input of a program that does not ship with this binary")
	f.Uint32(flagLength, 0, "slots of the vector of a program that does not ship with this binary")
	f.String(flagPurpose, "", "what the answer is for, as the owners' grants name it")
	f.String(flagPrice, "", "price of a million operations, as in 0.5ALITA")
	f.Uint32(flagMinCohort, 3, "smallest number of owners")
	f.Uint32(flagMaxCohort, 0, "greatest number of owners (default: as many as the pool has records)")
	f.String(flagBudget, "", "ALITA that go into escrow (default: what all records of the pool cost)")
	f.String(flagDataBudget, "", "Data Tokens that go into escrow (default: of the same value, and a tenth more)")
	f.Uint32(flagContributeBlocks, 100, "blocks in which owners can contribute")
	f.Uint32(flagDeliverBlocks, 100, "blocks in which contributors can deliver")
}

// request is what the flags ask for, without what only the chain knows.
type request struct {
	spec    types.JobSpec
	shipped *programs.Program
	// budgets as texts; empty for the default
	budget, dataBudget string
}

// readRequest reads the flags of a run.
func readRequest(f *pflag.FlagSet) (request, error) {
	r := request{spec: types.JobSpec{Delivery: types.DELIVERY_DIRECT}}
	r.spec.PoolId, _ = f.GetUint64(flagPool)
	r.spec.Columns, _ = f.GetStringSlice(flagColumns)
	r.spec.Purpose, _ = f.GetString(flagPurpose)
	r.spec.MinCohort, _ = f.GetUint32(flagMinCohort)
	r.spec.MaxCohort, _ = f.GetUint32(flagMaxCohort)
	r.spec.ContributeBlocks, _ = f.GetUint32(flagContributeBlocks)
	r.spec.DeliverBlocks, _ = f.GetUint32(flagDeliverBlocks)
	r.budget, _ = f.GetString(flagBudget)
	r.dataBudget, _ = f.GetString(flagDataBudget)
	if r.spec.PoolId == 0 {
		return request{}, errors.New("--pool is missing: expected the number of a pool")
	}
	if len(r.spec.Columns) == 0 {
		return request{}, errors.New("--columns is missing: expected at least one column")
	}
	price, _ := f.GetString(flagPrice)
	if price == "" {
		return request{}, errors.New("--price is missing: expected the price of a million operations, as in 0.5ALITA")
	}
	var err error
	if r.spec.PricePerMop, err = alita.parse(price); err != nil {
		return request{}, fmt.Errorf("--price: %w", err)
	}
	return r, r.readProgram(f)
}

// readProgram fills in the program with its input and length.
func (r *request) readProgram(f *pflag.FlagSet) error {
	name, _ := f.GetString(flagProgram)
	if name == "" {
		return errors.New("--program is missing: expected a shipped name or the id of a stored program")
	}
	if types.ValidateProgramID(name) == nil {
		r.spec.ProgramId = name
		p, found := shippedByID(name)
		if !found {
			return r.readForeign(f)
		}
		r.shipped = &p
	} else {
		p, err := programs.ByName(name)
		if err != nil {
			return err
		}
		r.spec.ProgramId, r.shipped = p.Hash, &p
	}
	columns, err := readColumns(f, len(r.spec.Columns))
	if err != nil {
		return err
	}
	options := programs.Options{}
	options.Lower, _ = f.GetString(flagLower)
	options.Width, _ = f.GetString(flagWidth)
	options.Bins, _ = f.GetInt(flagBins)
	input, length, err := r.shipped.EncodeInput(columns, options)
	if err != nil {
		return err
	}
	r.spec.Input, r.spec.Length = input, uint32(length)
	return nil
}

// readForeign takes the input of a program that this binary knows nothing of.
func (r *request) readForeign(f *pflag.FlagSet) error {
	r.spec.Length, _ = f.GetUint32(flagLength)
	if r.spec.Length == 0 {
		return errors.New("--length is missing: expected the slots of the program's vector")
	}
	file, _ := f.GetString(flagInput)
	if file == "" {
		columns, err := readColumns(f, len(r.spec.Columns))
		if err != nil {
			return err
		}
		r.spec.Input, err = fixedpoint.AppendHeader(nil, columns)
		return err
	}
	input, err := os.ReadFile(file)
	r.spec.Input = input
	return err
}

// readColumns reads how the columns' texts become integers.
func readColumns(f *pflag.FlagSet, n int) ([]fixedpoint.Column, error) {
	columns := make([]fixedpoint.Column, n)
	for _, p := range []struct {
		flag string
		bits int
		set  func(c *fixedpoint.Column, v int64)
	}{
		{flagDecimals, 8, func(c *fixedpoint.Column, v int64) { c.Decimals = uint8(v) }},
		{flagOffset, 64, func(c *fixedpoint.Column, v int64) { c.Offset = v }},
		{flagBits, 8, func(c *fixedpoint.Column, v int64) { c.Bits = uint8(v) }},
	} {
		texts, _ := f.GetStringSlice(p.flag)
		if len(texts) != 1 && len(texts) != n {
			return nil, fmt.Errorf("--%s has %d values: expected one for all columns or %d", p.flag, len(texts), n)
		}
		for i := range columns {
			text := strings.TrimSpace(texts[i%len(texts)])
			v, err := strconv.ParseInt(text, 10, p.bits)
			if err != nil || (p.bits == 8 && v < 0) {
				return nil, fmt.Errorf("--%s %q: expected a whole number", p.flag, text)
			}
			p.set(&columns[i], v)
		}
	}
	return columns, nil
}

// fillBudget sets the budget from the flags, or from a quote of the chain. The
// price of the Data Token may move between the quote and the job, and what is
// left returns, so a tenth is added to that part.
func (r *request) fillBudget(quote types.QueryQuoteJobResponse, data unit) error {
	r.spec.Budget = types.Funds{Alita: quote.FeeAlita, Data: quote.FeeData.MulRaw(11).QuoRaw(10).AddRaw(1)}
	for _, b := range []struct {
		flag, text string
		unit       unit
		to         *math.Int
	}{{flagBudget, r.budget, alita, &r.spec.Budget.Alita}, {flagDataBudget, r.dataBudget, data, &r.spec.Budget.Data}} {
		if b.text == "" {
			continue
		}
		amount, err := b.unit.parse(b.text)
		if err != nil {
			return fmt.Errorf("--%s: %w", b.flag, err)
		}
		*b.to = amount
	}
	return nil
}
