package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

// programFlags are the flags of check for a program.
type programFlags struct {
	rows   int
	seeds  int
	shapes []string
	bits   []string
	labels []string
	input  string
	oneRow bool
	stated string
}

func (f *programFlags) add(flags *pflag.FlagSet) {
	flags.IntVar(&f.rows, "rows", 5000, fmt.Sprintf("of a program: the most made-up rows of a run, at least %d", costcheck.MinRows))
	flags.IntVar(&f.seeds, "seeds", 5, "of a program: seeds for made-up rows")
	flags.StringArrayVar(&f.shapes, "shape", nil, "of a program: columns:slots, as in 2:6; several tell what columns and slots cost")
	flags.StringSliceVar(&f.bits, "bits", []string{"10"}, "of a program: bits of the made-up columns; the last holds for those that follow")
	flags.StringArrayVar(&f.labels, "labels", nil, "of a program: NUMBER=LABEL,... for a column of labels, the first is number 1; * at the end stands for all others")
	flags.StringVar(&f.input, "input", "", "of a program: file with the bytes that follow the header of its input")
	flags.StringVar(&f.stated, "per-row", "", "of a row program: CONSTANT:PER_COLUMN:PER_SLOT, what it states as the operations of a row; a row that needs more refutes it")
	flags.BoolVar(&f.oneRow, "one-row", false, "of a program: it takes exactly one row, since its vectors are one-hot")
}

// checkProgram measures a program and writes what was found; errCheck if it does not keep to a cost model.
func checkProgram(ctx context.Context, w io.Writer, output outputFlag, name string, f programFlags) error {
	code, shipped, err := readProgram(name)
	if err != nil {
		return err
	}
	trials, err := f.trials(shipped)
	if err != nil {
		return err
	}
	form, err := metering.Inspect(code, metering.DefaultLimits())
	if err != nil {
		return err
	}
	stated, err := f.statedCost(shipped)
	if err != nil {
		return err
	}
	var report costcheck.Report
	err = withSandbox(ctx, func(box *sandbox.Sandbox) error {
		report, err = costcheck.Measure(ctx, box, code, trials, costcheck.Options{
			Rows: f.rows, Seeds: f.seeds, OneRow: f.oneRow || shipped != nil && shipped.Kind == terms.VectorOneHot, Stated: stated,
		})
		return err
	})
	refuted := errors.Is(err, costcheck.ErrDepends) || errors.Is(err, costcheck.ErrShape) || errors.Is(err, costcheck.ErrExceeds)
	if err != nil && !refuted {
		return err
	}
	c := programCheck{Program: terms.ProgramID(code), OK: !refuted, Row: form != nil, Report: report}
	if refuted {
		c.Counterexample = err.Error()
	}
	if output.json {
		err = writeJSON(w, c)
	} else {
		err = c.write(w)
	}
	if err == nil && refuted {
		err = errCheck
	}
	return err
}

// programCheck is the result of a check of a program.
type programCheck struct {
	Program string `json:"program"`
	OK      bool   `json:"ok"`
	// Row reports whether it is a row program.
	Row bool `json:"row"`
	// Counterexample says which runs differ, or what is not linear.
	Counterexample string           `json:"counterexample,omitempty"`
	Report         costcheck.Report `json:"measured"`
}

func (c programCheck) write(w io.Writer) error {
	if !c.OK {
		_, err := fmt.Fprintf(w, "FAIL  program %s: %s\n", c.Program, c.Counterexample)
		return err
	}
	m := c.Report.Model
	if c.Row {
		return c.writeRows(w)
	}
	_, err := fmt.Fprintf(w, `ok    program %s: in %d runs of %d shapes over made-up rows, runs of one shape and number of rows took the same operations

              constant  per column  per slot
base        %10d  %10d  %8d
per_batch   %10d  %10d  %8d
per_row     %10d  %10d  %8d

operations = base + per_batch * ceil(rows / 1024) + per_row * rows
`, c.Program, c.Report.Runs, len(c.Report.Lines),
		m.Base.Constant, m.Base.PerColumn, m.Base.PerSlot,
		m.PerBatch.Constant, m.PerBatch.PerColumn, m.PerBatch.PerSlot,
		m.PerRow.Constant, m.PerRow.PerColumn, m.PerRow.PerSlot)
	if err == nil && len(c.Report.Lines) < 3 {
		_, err = fmt.Fprintln(w, "With fewer than three shapes, what columns and slots cost by themselves is not known: give more with --shape.")
	}
	return err
}

// writeRows writes what was found of a row program.
func (c programCheck) writeRows(w io.Writer) error {
	m := c.Report.Model
	if _, err := fmt.Fprintf(w, `ok    row program %s: in %d runs of %d shapes over made-up rows, no row took more than

              constant  per column  per slot
base        %10d  %10d  %8d
per_row     %10d  %10d  %8d

operations = base + per_row * rows, whatever the rows take; a row that would take more adds nothing to the sum

`, c.Program, c.Report.Runs, len(c.Report.Lines), m.Base.Constant, m.Base.PerColumn, m.Base.PerSlot,
		m.PerRow.Constant, m.PerRow.PerColumn, m.PerRow.PerSlot); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "columns\tslots\tleast of a row\tmost\trows that trapped")
	for _, l := range c.Report.Lines {
		_, _ = fmt.Fprintf(t, "%d\t%d\t%d\t%d\t%d\n", l.Columns, l.Length, l.Least, l.PerRow, l.Lost)
	}
	return t.Flush()
}

// statedCost is the cost model that a row program states: of --per-row, or the one of a program that ships.
func (f programFlags) statedCost(shipped *programs.Program) (*terms.CostModel, error) {
	if f.stated == "" {
		if shipped != nil && shipped.Row {
			return &shipped.Cost, nil
		}
		return nil, nil
	}
	var parts [3]uint64
	texts := strings.Split(f.stated, ":")
	for i, text := range texts {
		n, err := strconv.ParseUint(text, 10, 64)
		if len(texts) != len(parts) || err != nil {
			return nil, fmt.Errorf("--per-row: expected CONSTANT:PER_COLUMN:PER_SLOT in whole numbers, as in 80:20:4, got %q", f.stated)
		}
		parts[i] = n
	}
	return &terms.CostModel{
		Base: terms.Cost{Constant: metering.MaxOperations}, PerRow: terms.Cost{Constant: parts[0], PerColumn: parts[1], PerSlot: parts[2]},
	}, nil
}

// readProgram reads a module from a file, or takes a program that ships.
func readProgram(name string) (code []byte, shipped *programs.Program, err error) {
	if p, err := programs.ByName(name); err == nil {
		return p.Code, &p, nil
	}
	if code, err = os.ReadFile(name); err != nil {
		_, unknown := programs.ByName(name)
		return nil, nil, errors.Join(err, unknown)
	}
	for _, p := range slices.Concat(programs.All(), programs.Rows()) {
		if p.Hash == terms.ProgramID(code) {
			return code, &p, nil
		}
	}
	return code, nil, nil
}

// trials are the shapes asked for, or the ones of a program that ships.
func (f programFlags) trials(shipped *programs.Program) ([]costcheck.Trial, error) {
	if len(f.shapes) == 0 {
		if shipped == nil {
			return nil, errors.New("--shape: expected columns:slots, as in 2:6, got none")
		}
		if len(f.labels) > 0 {
			return nil, errors.New("--labels: expected --shape with them, columns:slots, as in 2:25, got none")
		}
		return costcheck.Trials(*shipped)
	}
	var own []byte
	if f.input != "" {
		var err error
		if own, err = os.ReadFile(f.input); err != nil {
			return nil, err
		}
	}
	var trials []costcheck.Trial
	for _, text := range f.shapes {
		k, l, _ := strings.Cut(text, ":")
		columns, err := strconv.Atoi(k)
		length, err2 := strconv.Atoi(l)
		if err != nil || err2 != nil || columns < 1 || columns > fixedpoint.MaxColumns || length < 1 {
			return nil, fmt.Errorf("--shape: expected columns:slots, as in 2:6, got %q", text)
		}
		described := make([]fixedpoint.Column, columns)
		for i := range described {
			bits, err := strconv.ParseUint(f.bits[min(i, len(f.bits)-1)], 10, 8)
			if err != nil {
				return nil, fmt.Errorf("--bits: expected numbers from 1 to %d, got %q", fixedpoint.MaxBits, f.bits)
			}
			described[i].Bits = uint8(bits)
		}
		if err := setLabels(described, f.labels); err != nil {
			return nil, fmt.Errorf("--labels: %w", err)
		}
		header, err := fixedpoint.AppendHeader(nil, described)
		if err != nil {
			return nil, fmt.Errorf("--bits, --labels: %w", err)
		}
		trials = append(trials, costcheck.Trial{Columns: columns, Length: length, Input: append(header, own...)})
	}
	return trials, nil
}

// setLabels makes columns of labels, which are called by their numbers here.
func setLabels(columns []fixedpoint.Column, texts []string) error {
	named := make([]analysis.Column, len(columns))
	for i := range named {
		named[i].Name = strconv.Itoa(i + 1)
	}
	if err := analysis.SetLabels(named, texts); err != nil {
		return err
	}
	for i, c := range named {
		if len(c.Labels) > 0 {
			columns[i] = c.Fixed()
		}
	}
	return nil
}
