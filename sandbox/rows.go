package sandbox

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/terms"
)

// RowJob says what a row program computes, what its rows are granted, and what each of them may add to the sum.
type RowJob struct {
	Shape Shape
	Input []byte
	// Base is granted to what the program does once, before the first row; at least 1 if it exports _initialize.
	Base uint64
	// Row is granted to each row. It includes the host's own work, metering.RowForm.Overhead, and is larger than that.
	Row uint64
	// Ranges are those of the slots; a row's slots are clamped to them.
	Ranges terms.Ranges
	// MicroRho bounds the length of a row, in millionths of rho; zero is an exact sum, in which rows have no length.
	MicroRho uint64
}

// RowResult is the sum of the rows.
type RowResult struct {
	// Vector is the sum of the rows, slot by slot. Slot 0 counts the rows that were used.
	Vector []int64
	// Rows is the number of rows of the source.
	Rows uint64
	// Base is what was used before the first row.
	Base uint64
	// Report is for the author of a program.
	Report RowReport
}

// RowReport says how the rows went. It depends on the data, so on an owner's machine it must not leave the function that ran the program.
type RowReport struct {
	// Trapped, OutOfOperations and TooLong count the rows that added nothing, by the reason.
	Trapped         uint64 `json:"trapped"`
	OutOfOperations uint64 `json:"out_of_operations"`
	TooLong         uint64 `json:"too_long"`
	// Least and Most are the fewest and the most operations of a row that neither trapped nor ran out, the host's work included; Least is above Most
	// if there was none.
	Least uint64 `json:"least_operations"`
	Most  uint64 `json:"most_operations"`
}

// Lost is the number of rows that added nothing.
func (r RowReport) Lost() uint64 { return r.Trapped + r.OutOfOperations + r.TooLong }

// RunRows runs a row program over the rows of a source and adds up what they give. Each row begins with the same memory and variables, so what it
// adds depends on that row, the shape and the input alone. A row that traps, runs out of operations or is too long adds nothing; so there is no
// error that depends on a row. The sum is that of the clamped slots, exactly: an error wraps terms.ErrRanges if there could be rows for which it does
// not fit 63 bits.
func (s *Sandbox) RunRows(ctx context.Context, p *Program, job RowJob, source Source) (RowResult, error) {
	if err := job.check(p, source); err != nil {
		return RowResult{}, err
	}
	if err := ctx.Err(); err != nil {
		return RowResult{}, err
	}
	state := &run{shape: job.Shape, input: job.Input}
	inner := context.WithValue(ctx, runKey{}, state)
	m, err := s.runtime.InstantiateModule(inner, p.module, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return RowResult{}, fmt.Errorf("%w: %w", ErrEngine, err)
	}
	defer func() { _ = m.Close(context.WithoutCancel(ctx)) }()
	r := newRowRun(p, job, state, m)
	if err := r.begin(inner, p.starts); err != nil {
		return RowResult{}, err
	}
	if err := r.rows(inner, source); err != nil {
		return RowResult{}, err
	}
	return r.result, nil
}

func (j RowJob) check(p *Program, source Source) error {
	if p.row == nil {
		return fmt.Errorf("%w: program: expected a row program, got one that takes batches", ErrShape)
	}
	if err := checkShape(j.Shape, j.Input, source); err != nil {
		return err
	}
	if most := p.row.MaxSlots(); j.Shape.Length > most {
		return fmt.Errorf("%w: slots: expected at most %d, the room in the program's window, got %d", ErrShape, most, j.Shape.Length)
	}
	if j.Base > metering.MaxOperations || j.Base == 0 && p.starts {
		return fmt.Errorf("%w: operations before the first row: expected 1 to %d, got %d", ErrShape, uint64(metering.MaxOperations), j.Base)
	}
	if least := p.row.Overhead(j.Shape.Columns, j.Shape.Length); j.Row <= least || j.Row > metering.MaxOperations {
		return fmt.Errorf("%w: operations of a row: expected above %d, which the host's work costs, and at most %d; got %d",
			ErrShape, least, uint64(metering.MaxOperations), j.Row)
	}
	if err := j.Ranges.Validate(uint32(j.Shape.Length), j.MicroRho); err != nil {
		return fmt.Errorf("%w: %w", ErrShape, err)
	}
	return nil
}

// rowRun is the state of a run of a row program.
type rowRun struct {
	*run

	job      RowJob
	overhead uint64
	row      api.Function
	module   api.Module

	memory           []byte // of the instance, in full
	window, snapshot []byte // what is restored before each row: the window and the guard after it
	operations       api.MutableGlobal
	depth            api.MutableGlobal
	variables        []api.MutableGlobal
	initial          []uint64 // of the variables

	budget uint64 // of the length of a row
	found  []found
	result RowResult
}

// found is a slot of the present row that is not zero.
type found struct {
	slot  int
	value int64
}

func newRowRun(p *Program, job RowJob, state *run, m api.Module) *rowRun {
	r := &rowRun{
		run: state, job: job, overhead: p.row.Overhead(job.Shape.Columns, job.Shape.Length), row: m.ExportedFunction(metering.ExportRow), module: m,
		budget: terms.RowBudget(job.MicroRho),
		result: RowResult{Vector: make([]int64, job.Shape.Length), Report: RowReport{Least: metering.MaxOperations}},
	}
	variable := func(name string) api.MutableGlobal { return m.ExportedGlobal(name).(api.MutableGlobal) }
	r.operations, r.depth = variable(metering.ExportOperations), variable(metering.ExportDepth)
	for i := range p.row.Globals {
		r.variables = append(r.variables, variable(fmt.Sprint(metering.ExportGlobal, i)))
	}
	size := p.row.Window(job.Shape.Length)
	variable(metering.ExportMask).Set(uint64(size - 1))
	r.memory, _ = m.Memory().Read(0, m.Memory().Size()) // the memory cannot grow, so the slice stays the memory
	r.window = r.memory[p.row.Base : p.row.Base+size+metering.RowGuard]
	binary.LittleEndian.PutUint32(r.memory[metering.RowColumns:], uint32(job.Shape.Columns))
	binary.LittleEndian.PutUint32(r.memory[metering.RowSlots:], uint32(job.Shape.Length))
	binary.LittleEndian.PutUint32(r.memory[metering.RowInputBytes:], uint32(len(job.Input)))
	copy(r.memory[metering.RowInput:], job.Input)
	return r
}

// begin calls _initialize, if there is one, and takes the snapshot that each row begins with. No row has been seen yet, so an error says nothing
// about the data.
func (r *rowRun) begin(ctx context.Context, starts bool) error {
	if starts {
		r.grant(r.job.Base)
		_, err := r.module.ExportedFunction(metering.ExportInitialize).Call(ctx)
		r.result.Base = r.used(int64(r.operations.Get()))
		if err := r.failed(r.module, r.result.Base, err); err != nil {
			return err
		}
	}
	r.snapshot = append([]byte(nil), r.window...)
	for _, g := range r.variables {
		r.initial = append(r.initial, g.Get())
	}
	return nil
}

// grant allows the program that many operations from now on.
func (r *rowRun) grant(operations uint64) {
	r.limit, r.granted = operations, min(operations, quantum)
	r.operations.Set(r.granted)
}

// rows runs the program over all rows of the source.
func (r *rowRun) rows(ctx context.Context, source Source) error {
	last := MaxBatchRows
	for {
		b, err := source.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = b.check(r.shape.Columns)
		}
		if err == nil && last != MaxBatchRows {
			err = fmt.Errorf("%w: rows of a batch before the last: expected %d, got %d", ErrBatch, MaxBatchRows, last)
		}
		if err == nil {
			err = r.job.Ranges.CheckRows(r.result.Rows+uint64(b.Rows), terms.MaxBits)
		}
		if err != nil {
			return err
		}
		for i := range b.Rows {
			if err := r.oneRow(ctx, b, i); err != nil {
				return err
			}
		}
		last = b.Rows
		r.result.Rows += uint64(b.Rows)
	}
}

// oneRow puts everything back, runs the program over row i of a batch and adds what it gives. The error is that of a context that is done.
func (r *rowRun) oneRow(ctx context.Context, b Batch, i int) error {
	copy(r.window, r.snapshot)
	for j, g := range r.variables {
		g.Set(r.initial[j])
	}
	r.depth.Set(0)
	r.grant(r.job.Row - r.overhead)
	for c, column := range b.Columns {
		v, valid := uint64(column.Values[i]), column.Valid[i]
		if valid == 0 {
			v = 0
		}
		binary.LittleEndian.PutUint64(r.memory[metering.RowCells+8*c:], v)
		r.memory[metering.RowValid+c] = valid
	}
	err := r.row.CallWithStack(ctx, nil)
	used := r.used(int64(r.operations.Get()))
	report := &r.result.Report
	switch {
	case used > r.limit:
		report.OutOfOperations++
	case r.failure != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		report.Trapped++
	default:
		report.Least, report.Most = min(report.Least, used+r.overhead), max(report.Most, used+r.overhead)
		if !r.add() {
			report.TooLong++
		}
	}
	r.failure = nil
	return nil
}

// add clamps the slots of the row and adds them to the sum, with a 1 in slot 0. It reports whether the row is short enough; if not, nothing is
// added.
func (r *rowRun) add() bool {
	slots := r.window[:8*len(r.result.Vector)]
	binary.LittleEndian.PutUint64(slots, 1)
	r.found = r.found[:0]
	left, ranges, end := r.budget, r.job.Ranges, int(r.job.Ranges[0].Count)
	for at := 0; at < len(r.result.Vector); at++ {
		if at = nonZero(slots, at); at == len(r.result.Vector) {
			break
		}
		for at >= end {
			ranges = ranges[1:]
			end += int(ranges[0].Count)
		}
		s := &ranges[0]
		v := min(max(int64(binary.LittleEndian.Uint64(slots[8*at:])), s.Low), s.High)
		if s.Variance != 0 {
			length, fits := terms.SlotLength(v, s.Variance)
			if !fits || length > left {
				return false
			}
			left -= length
		}
		r.found = append(r.found, found{at, v})
	}
	for _, f := range r.found {
		r.result.Vector[f.slot] += f.value
	}
	return true
}

// nonZero returns the first slot from at on that is not zero, or the number of slots. Most slots are zero where rows are counted, so it looks at four
// at once.
func nonZero(slots []byte, at int) int {
	get := binary.LittleEndian.Uint64
	for b := slots[8*at:]; len(b) >= 32 && get(b)|get(b[8:])|get(b[16:])|get(b[24:]) == 0; b = b[32:] {
		at += 4
	}
	for ; at < len(slots)/8 && get(slots[8*at:]) == 0; at++ {
	}
	return at
}
