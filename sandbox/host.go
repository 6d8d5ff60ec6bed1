package sandbox

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/tetratelabs/wazero/api"

	"github.com/alita-network/alita/metering"
)

// hostFunction is a function of the program interface: it finds its arguments in stack and leaves its result in stack[0].
type hostFunction func(ctx context.Context, r *run, mem api.Memory, stack []uint64)

// host makes the program interface known to the runtime.
func (s *Sandbox) host(ctx context.Context) error {
	i := api.ValueTypeI32
	b := s.runtime.NewHostModuleBuilder(metering.HostModule)
	define := func(name string, params, results int, f hostFunction) {
		b.NewFunctionBuilder().WithGoModuleFunction(bind(f), repeat(i, params), repeat(i, results)).Export(name)
	}
	define("columns", 0, 1, func(_ context.Context, r *run, _ api.Memory, stack []uint64) {
		stack[0] = uint64(r.shape.Columns)
	})
	define("length", 0, 1, func(_ context.Context, r *run, _ api.Memory, stack []uint64) {
		stack[0] = uint64(r.shape.Length)
	})
	define("input", 2, 1, hostInput)
	define("next", 0, 1, hostNext)
	define("read", 3, 0, hostRead)
	define("emit", 2, 0, hostEmit)
	define("fail", 1, 0, func(_ context.Context, r *run, _ api.Memory, stack []uint64) {
		r.stop(&FailError{Code: api.DecodeI32(stack[0])})
	})
	b.NewFunctionBuilder().
		WithGoModuleFunction(bind(hostRefill), []api.ValueType{api.ValueTypeI64}, []api.ValueType{api.ValueTypeI64}).
		Export(metering.ImportRefill)
	if _, err := b.Instantiate(ctx); err != nil {
		return err
	}
	return s.hostWASI(ctx)
}

func bind(f hostFunction) api.GoModuleFunc {
	return func(ctx context.Context, m api.Module, stack []uint64) {
		f(ctx, ctx.Value(runKey{}).(*run), m.Memory(), stack)
	}
}

func repeat(t api.ValueType, n int) []api.ValueType {
	ts := make([]api.ValueType, n)
	for i := range ts {
		ts[i] = t
	}
	return ts
}

// view returns the n bytes at ptr of the program's memory or ends the run.
func (r *run) view(mem api.Memory, what string, ptr, n uint64) []byte {
	if n <= math.MaxUint32 {
		if b, ok := mem.Read(uint32(ptr), uint32(n)); ok {
			return b
		}
	}
	r.stop(fmt.Errorf("%w: %s: expected a range in a memory of %d bytes, got %d bytes at %d", ErrPointer, what, mem.Size(), n, uint32(ptr)))
	return nil
}

func hostInput(_ context.Context, r *run, mem api.Memory, stack []uint64) {
	n := min(uint64(uint32(stack[1])), uint64(len(r.input)))
	copy(r.view(mem, "input", stack[0], n), r.input)
	stack[0] = uint64(len(r.input))
}

func hostNext(ctx context.Context, r *run, _ api.Memory, stack []uint64) {
	last := r.batch.Rows
	r.batch = Batch{}
	stack[0] = 0
	if r.ended {
		return
	}
	b, err := r.source.Next(ctx)
	if errors.Is(err, io.EOF) {
		r.ended = true
		return
	}
	if err == nil {
		err = b.check(r.shape.Columns)
	}
	if err == nil && r.rows > 0 && last != MaxBatchRows {
		err = fmt.Errorf("%w: rows of a batch before the last: expected %d, got %d", ErrBatch, MaxBatchRows, last)
	}
	if err != nil {
		r.stop(err)
	}
	r.batch = b
	r.rows += uint64(b.Rows)
	stack[0] = uint64(b.Rows)
}

func hostRead(_ context.Context, r *run, mem api.Memory, stack []uint64) {
	if r.batch.Rows == 0 {
		r.stop(ErrNoBatch)
	}
	column := uint32(stack[0])
	if uint64(column) >= uint64(len(r.batch.Columns)) {
		r.stop(fmt.Errorf("%w: expected below %d, got %d", ErrColumn, len(r.batch.Columns), column))
	}
	c := r.batch.Columns[column]
	values := r.view(mem, "read values", stack[1], uint64(r.batch.Rows)*8)
	valid := r.view(mem, "read valid", stack[2], uint64(r.batch.Rows))
	for i, v := range c.Values {
		binary.LittleEndian.PutUint64(values[8*i:], uint64(v&-int64(c.Valid[i]))) // without a branch: the time does not depend on the cells
	}
	copy(valid, c.Valid)
}

func hostEmit(_ context.Context, r *run, mem api.Memory, stack []uint64) {
	count := uint32(stack[1])
	if r.vector != nil {
		r.stop(ErrEmittedTwice)
	}
	if uint64(count) != uint64(r.shape.Length) {
		r.stop(fmt.Errorf("%w: slots: expected %d, got %d", ErrLength, r.shape.Length, count))
	}
	b := r.view(mem, "emit", stack[0], uint64(count)*8)
	vector := make([]int64, count)
	for i := range vector {
		v := int64(binary.LittleEndian.Uint64(b[8*i:]))
		if v < 0 {
			r.stop(fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrNegativeSlot, i))
		}
		vector[i] = v
	}
	r.vector = vector
}
