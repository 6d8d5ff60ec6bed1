package costcheck

import (
	"context"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

// maxRowOperations bounds a row that is measured, if the options do not: a row that needs more is taken for one that never ends.
const maxRowOperations = 1 << 32

// rowRange bounds the slots of a row that is measured. Which slots it has does not change what it costs.
const rowRange = 1 << 40

// measureRows is Measure for a row program.
func measureRows(ctx context.Context, box *sandbox.Sandbox, program *sandbox.Program, trials []Trial, o Options) (Report, error) {
	o.MaxOperations = min(o.MaxOperations, maxRowOperations)
	var report Report
	for _, t := range trials {
		line, most, err := rowLine(ctx, box, program, t, o)
		if err != nil {
			return Report{}, err
		}
		report.Runs += most.runs
		report.Lines = append(report.Lines, line)
		if err := most.within(line, o.Stated); err != nil {
			return report, err
		}
	}
	var err error
	report.Model, err = cover(report.Lines)
	return report, err
}

// dearest is the run with the row that used most.
type dearest struct {
	runs int
	kind Kind
	seed uint64
}

// rowLine measures one shape.
func rowLine(ctx context.Context, box *sandbox.Sandbox, program *sandbox.Program, t Trial, o Options) (Line, dearest, error) {
	columns, err := t.columns()
	if err != nil {
		return Line{}, dearest{}, err
	}
	ranges := terms.Ranges{{Count: 1, High: 1}}
	if t.Length > 1 {
		ranges = append(ranges, terms.SlotRange{Count: uint32(t.Length - 1), Low: -rowRange, High: rowRange})
	}
	job := sandbox.RowJob{
		Shape: sandbox.Shape{Columns: t.Columns, Length: t.Length}, Input: t.Input, Base: o.MaxOperations, Row: o.MaxOperations, Ranges: ranges,
	}
	l, most := Line{Columns: t.Columns, Length: t.Length, Least: o.MaxOperations}, dearest{}
	for _, kind := range kinds {
		for seed := range kind.seeds(o) {
			got, err := box.RunRows(ctx, program, job, newMadeUp(kind, uint64(seed), columns, o.Rows))
			if err != nil {
				return Line{}, most, fmt.Errorf("with %d columns and %d slots: %w", t.Columns, t.Length, err)
			}
			most.runs++
			r := got.Report
			if r.OutOfOperations > 0 {
				return Line{}, most, fmt.Errorf("%w: with %d columns and %d slots, a row of kind %q with seed %d did not end within %d operations",
					ErrShape, t.Columns, t.Length, kind, seed, o.MaxOperations)
			}
			l.Base, l.Lost, l.Least = max(got.Base, 1), l.Lost+r.Trapped, min(l.Least, r.Least)
			if r.Most > l.PerRow {
				l.PerRow, most.kind, most.seed = r.Most, kind, uint64(seed)
			}
		}
	}
	if l.PerRow == 0 {
		return Line{}, most, fmt.Errorf("%w: with %d columns and %d slots, every row trapped", ErrShape, t.Columns, t.Length)
	}
	return l, most, nil
}

// within checks a shape against the model that the program states.
func (d dearest) within(l Line, stated *terms.CostModel) error {
	if stated == nil {
		return nil
	}
	base, row, err := stated.RowOperations(uint32(l.Columns), uint32(l.Length))
	switch {
	case err != nil:
		return err
	case l.Base > base:
		return fmt.Errorf("%w: with %d columns and %d slots, before the first row: expected at most %d, got %d", ErrExceeds, l.Columns, l.Length, base, l.Base)
	case l.PerRow > row:
		return fmt.Errorf("%w: with %d columns and %d slots, a row of kind %q with seed %d: expected at most %d, got %d",
			ErrExceeds, l.Columns, l.Length, d.kind, d.seed, row, l.PerRow)
	}
	return nil
}

// cover finds whole coefficients, constant + per column * k + per slot * L, that give at least every line: exactly, if there are such, else the
// solution rounded up, with the constant that is then needed.
func cover(lines []Line) (terms.CostModel, error) {
	if m, err := fit(lines); err == nil {
		return m, nil
	}
	var m terms.CostModel
	for _, part := range []struct {
		name string
		of   func(Line) uint64
		to   *terms.Cost
	}{
		{"base", func(l Line) uint64 { return l.Base }, &m.Base},
		{"per_row", func(l Line) uint64 { return l.PerRow }, &m.PerRow},
	} {
		x, _ := solve(lines, part.of)
		c := terms.Cost{PerColumn: roundUp(x[1]), PerSlot: roundUp(x[2])}
		for _, l := range lines {
			if need, have := part.of(l), c.PerColumn*uint64(l.Columns)+c.PerSlot*uint64(l.Length); need > have {
				c.Constant = max(c.Constant, need-have)
			}
		}
		*part.to = c
	}
	return m, nil
}

// roundUp returns the least whole number that is not negative and at least x.
func roundUp(x *big.Rat) uint64 {
	if x == nil || x.Sign() <= 0 {
		return 0
	}
	n := new(big.Int).Add(x.Num(), x.Denom())
	return n.Sub(n, big.NewInt(1)).Quo(n, x.Denom()).Uint64()
}
