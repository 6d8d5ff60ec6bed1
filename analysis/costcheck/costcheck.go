// Package costcheck measures the cost model of a program on made-up rows. It counts the operations of runs over rows of many kinds and
// numbers, and computes the model's coefficients. It also looks for a counterexample: two runs that differ only in the data and in
// their count.
//
// A counterexample shows that the program's cost depends on the data. Without one the cost is independent of the data for the rows that
// were tried, not for all rows. So an owner's worker counts each real run too, and throws away a run that does not keep to the model.
package costcheck

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

var (
	// ErrDepends means that the cost depends on the data; the error is a *[Difference].
	ErrDepends = errors.New("the cost depends on the data")
	// ErrShape means that the cost is not linear in rows and batches, or not in columns and slots.
	ErrShape = errors.New("the cost does not follow a cost model")
)

// ErrExceeds means that a row program needs more operations than it states; rows like the one that was found add nothing.
var ErrExceeds = errors.New("more operations than stated")

// Run is a run over made-up rows that can be repeated.
type Run struct {
	Trial  Trial  `json:"-"`
	Kind   Kind   `json:"kind"`
	Seed   uint64 `json:"seed"`
	Rows   int    `json:"rows"`
	Counts uint64 `json:"operations"`
}

func (r Run) String() string {
	return fmt.Sprintf("%d operations over %d rows of kind %q with seed %d", r.Counts, r.Rows, r.Kind, r.Seed)
}

// Difference is a counterexample: two runs that differ only in the data and in their count.
type Difference struct {
	A, B Run
}

func (d *Difference) Error() string {
	return fmt.Sprintf("%s: with %d columns and %d slots, %s and %s", ErrDepends, d.A.Trial.Columns, d.A.Trial.Length, d.A, d.B)
}

// Unwrap returns ErrDepends.
func (d *Difference) Unwrap() error { return ErrDepends }

// Line is the measured cost of one shape: Base + PerBatch * ceil(rows / 1024) + PerRow * rows.
type Line struct {
	Columns  int    `json:"columns"`
	Length   int    `json:"length"`
	Base     uint64 `json:"base"`
	PerBatch uint64 `json:"per_batch"`
	PerRow   uint64 `json:"per_row"`
	// Least and Lost are of a row program: the fewest operations of a row, of which PerRow is the most, and how many rows added nothing because
	// they trapped.
	Least uint64 `json:"least_per_row,omitempty"`
	Lost  uint64 `json:"trapped_rows,omitempty"`
}

// Report holds the measurements.
type Report struct {
	// Runs is the number of counted runs.
	Runs int `json:"runs"`
	// Lines are the costs of the shapes, Model the cost model that gives all of them.
	Lines []Line          `json:"shapes"`
	Model terms.CostModel `json:"model"`
}

// Options bound the runs of a measurement.
type Options struct {
	// Rows is the greatest number of rows of a run, at least 2100 so that there are two full batches and one in part.
	Rows int
	// Seeds is the number of seeds for the kinds that draw random values, at least 1.
	Seeds int
	// MaxOperations bounds each run.
	MaxOperations uint64
	// OneRow is for programs of one-hot vectors, which take exactly one row: the whole cost is in the base.
	OneRow bool
	// Stated, if there is one, is the cost model that a row program states; the model that is measured must not exceed it.
	Stated *terms.CostModel
}

// MinRows is the smallest Options.Rows.
const MinRows = 2100

// rowCounts are the numbers of rows tried: around the ends of batches, and the greatest.
func (o Options) rowCounts() []int { return []int{0, 1, 2, 1023, 1024, 1025, 2048, 2049, o.Rows} }

// Measure counts runs of a program in every trial's shape and computes its cost model. A row program is granted what its model gives, whatever a row
// uses, so of its rows the one that used most counts, and the model is the least one found that covers all shapes.
func Measure(ctx context.Context, box *sandbox.Sandbox, code []byte, trials []Trial, o Options) (Report, error) {
	if o.Rows < MinRows || o.Seeds < 1 || len(trials) == 0 {
		return Report{}, fmt.Errorf("rows, seeds and shapes: expected at least %d, 1 and 1, got %d, %d and %d", MinRows, o.Rows, o.Seeds, len(trials))
	}
	if o.MaxOperations == 0 {
		o.MaxOperations = metering.MaxOperations
	}
	program, err := box.Compile(ctx, code)
	if err != nil {
		return Report{}, err
	}
	defer func() { _ = program.Close(context.WithoutCancel(ctx)) }()
	var report Report
	if program.Row() != nil {
		return measureRows(ctx, box, program, trials, o)
	}
	for _, t := range trials {
		m := measurement{box: box, program: program, trial: t, options: o}
		line, err := m.line(ctx)
		if err != nil {
			return Report{}, err
		}
		report.Runs += m.runs
		report.Lines = append(report.Lines, line)
	}
	report.Model, err = fit(report.Lines)
	return report, err
}

type measurement struct {
	box     *sandbox.Sandbox
	program *sandbox.Program
	trial   Trial
	options Options
	columns []fixedpoint.Column
	runs    int
}

// line measures one shape.
func (m *measurement) line(ctx context.Context) (Line, error) {
	var err error
	if m.columns, err = m.trial.columns(); err != nil {
		return Line{}, err
	}
	if m.options.OneRow {
		operations, err := m.count(ctx, 1)
		return Line{Columns: m.trial.Columns, Length: m.trial.Length, Base: operations}, err
	}
	counts := m.options.rowCounts()
	operations := make([]uint64, len(counts))
	for i, rows := range counts {
		if operations[i], err = m.count(ctx, rows); err != nil {
			return Line{}, err
		}
	}
	l := Line{Columns: m.trial.Columns, Length: m.trial.Length, Base: operations[0], PerRow: operations[2] - operations[1]}
	l.PerBatch = operations[1] - l.Base - l.PerRow
	for i, rows := range counts {
		want, err := l.model().Operations(uint64(rows), 0, 0)
		if err != nil || want != operations[i] {
			return Line{}, fmt.Errorf("%w: with %d columns and %d slots, operations over %d rows: expected %d by the runs over 0, 1 and 2 rows, got %d",
				ErrShape, l.Columns, l.Length, rows, want, operations[i])
		}
	}
	return l, nil
}

func (l Line) model() terms.CostModel {
	return terms.CostModel{
		Base: terms.Cost{Constant: l.Base}, PerBatch: terms.Cost{Constant: l.PerBatch}, PerRow: terms.Cost{Constant: l.PerRow},
	}
}

// count runs over rows of every kind and returns the operations, which must be the same for all.
func (m *measurement) count(ctx context.Context, rows int) (uint64, error) {
	var first *Run
	for _, kind := range kinds {
		for seed := range kind.seeds(m.options) {
			run := Run{Trial: m.trial, Kind: kind, Seed: uint64(seed), Rows: rows}
			shape := sandbox.Shape{Columns: m.trial.Columns, Length: m.trial.Length}
			got, err := m.box.Run(ctx, m.program, shape, m.trial.Input, newMadeUp(kind, run.Seed, m.columns, rows), m.options.MaxOperations)
			if err != nil {
				return 0, fmt.Errorf("with %d columns and %d slots, %d rows of kind %q with seed %d: %w",
					shape.Columns, shape.Length, rows, kind, seed, err)
			}
			if got.Rows != uint64(rows) {
				return 0, fmt.Errorf("%w: rows that the program read: expected %d, got %d", ErrShape, rows, got.Rows)
			}
			m.runs++
			run.Counts = got.Operations
			if first == nil {
				first = &run
			} else if first.Counts != run.Counts {
				return 0, &Difference{*first, run}
			}
		}
	}
	return first.Counts, nil
}

// fit finds whole coefficients, constant + per column * k + per slot * L, that give all lines exactly. If the shapes do not determine
// them, the coefficient of the slots is 0; with a single shape the coefficient of the columns is 0, too.
func fit(lines []Line) (terms.CostModel, error) {
	var m terms.CostModel
	for _, part := range []struct {
		name string
		of   func(Line) uint64
		to   *terms.Cost
	}{
		{"base", func(l Line) uint64 { return l.Base }, &m.Base},
		{"per_batch", func(l Line) uint64 { return l.PerBatch }, &m.PerBatch},
		{"per_row", func(l Line) uint64 { return l.PerRow }, &m.PerRow},
	} {
		exact, ok := solve(lines, part.of)
		x, whole := integers(exact)
		if !ok || !whole {
			return terms.CostModel{}, fmt.Errorf("%w: %s: expected constant + per column * k + per slot * L with whole coefficients of at least 0, got %s",
				ErrShape, part.name, listed(lines, part.of))
		}
		*part.to = terms.Cost{Constant: x[0], PerColumn: x[1], PerSlot: x[2]}
	}
	return m, nil
}

func listed(lines []Line, of func(Line) uint64) (text string) {
	for i, l := range lines {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%d (k = %d, L = %d)", of(l), l.Columns, l.Length)
	}
	return text
}

// solve finds constant, per column and per slot that give a part of the cost of all lines, and reports whether there are such. What is not determined
// is 0.
func solve(lines []Line, of func(Line) uint64) (x [3]*big.Rat, ok bool) {
	rows := make([][4]*big.Rat, 0, len(lines))
	for _, l := range lines {
		rows = append(rows, [4]*big.Rat{
			big.NewRat(1, 1), big.NewRat(int64(l.Columns), 1), big.NewRat(int64(l.Length), 1),
			new(big.Rat).SetInt(new(big.Int).SetUint64(of(l))),
		})
	}
	return eliminate(rows)
}

// integers returns the solution if it is in whole numbers that are not negative, and reports whether it is.
func integers(exact [3]*big.Rat) (x [3]uint64, ok bool) {
	for i, v := range exact {
		if !v.IsInt() || v.Sign() < 0 || !v.Num().IsUint64() {
			return x, false
		}
		x[i] = v.Num().Uint64()
	}
	return x, true
}

// eliminate solves equations of three unknowns and a right side; unknowns that are not determined become 0. It reports whether all equations hold; if
// not, the solution is one of some of them.
func eliminate(rows [][4]*big.Rat) (x [3]*big.Rat, ok bool) {
	at := 0
	var pivots [3]int
	for c := range 3 {
		pivots[c] = -1
		for r := at; r < len(rows); r++ {
			if rows[r][c].Sign() == 0 {
				continue
			}
			rows[at], rows[r] = rows[r], rows[at]
			for i := range rows {
				if i == at || rows[i][c].Sign() == 0 {
					continue
				}
				f := new(big.Rat).Quo(rows[i][c], rows[at][c])
				for j := range 4 {
					rows[i][j] = new(big.Rat).Sub(rows[i][j], new(big.Rat).Mul(f, rows[at][j]))
				}
			}
			pivots[c] = at
			at++
			break
		}
	}
	ok = true
	for _, r := range rows[at:] {
		ok = ok && r[3].Sign() == 0
	}
	for c, p := range pivots {
		x[c] = new(big.Rat)
		if p >= 0 {
			x[c].Quo(rows[p][3], rows[p][c])
		}
	}
	return x, ok
}
