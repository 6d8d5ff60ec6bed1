package sandbox

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"github.com/tetratelabs/wazero/api"

	"github.com/alita-network/alita/metering"
)

// Error numbers of wasi_snapshot_preview1.
const (
	wasiOK      = 0
	wasiBadFD   = 8
	wasiInvalid = 28
	wasiNoSys   = 52
)

// Bounds of one call, since each call costs the same.
const (
	wasiMaxRandom  = 1024 // bytes
	wasiMaxVectors = 64   // buffers of one write, or events
)

// wasiStart is the time that the clock starts at, in nanoseconds since 1970: 2022-01-01T00:00:00Z.
const wasiStart = 1640995200 * uint64(1e9)

// wasiState is the memory of the functions during a run.
type wasiState struct {
	clock  uint64
	random *rand.ChaCha8
}

func newWASIState() wasiState {
	return wasiState{clock: wasiStart, random: rand.NewChaCha8([32]byte{})}
}

// hostWASI defines the functions that the runtime of Go needs. They answer the same on every machine.
func (s *Sandbox) hostWASI(ctx context.Context) error {
	i, l := api.ValueTypeI32, api.ValueTypeI64
	b := s.runtime.NewHostModuleBuilder(metering.WASIModule)
	define := func(name string, params []api.ValueType, f func(r *run, mem api.Memory, stack []uint64) uint64) {
		b.NewFunctionBuilder().WithGoModuleFunction(bind(func(_ context.Context, r *run, mem api.Memory, stack []uint64) {
			stack[0] = f(r, mem, stack)
		}), params, []api.ValueType{i}).Export(name)
	}
	constant := func(errno uint64) func(*run, api.Memory, []uint64) uint64 {
		return func(*run, api.Memory, []uint64) uint64 { return errno }
	}
	define("args_get", repeat(i, 2), constant(wasiOK))
	define("args_sizes_get", repeat(i, 2), wasiNoStrings)
	define("environ_get", repeat(i, 2), constant(wasiOK))
	define("environ_sizes_get", repeat(i, 2), wasiNoStrings)
	define("clock_time_get", []api.ValueType{i, l, i}, wasiClock)
	define("fd_close", repeat(i, 1), constant(wasiBadFD))
	define("fd_fdstat_get", repeat(i, 2), wasiDescriptor)
	define("fd_fdstat_set_flags", repeat(i, 2), constant(wasiOK))
	define("fd_prestat_get", repeat(i, 2), constant(wasiBadFD))
	define("fd_prestat_dir_name", repeat(i, 3), constant(wasiBadFD))
	define("fd_write", repeat(i, 4), wasiWrite)
	define("poll_oneoff", repeat(i, 4), wasiPoll)
	define("random_get", repeat(i, 2), wasiRandom)
	define("sched_yield", nil, constant(wasiOK))
	b.NewFunctionBuilder().WithGoModuleFunction(bind(func(_ context.Context, r *run, _ api.Memory, stack []uint64) {
		r.stop(fmt.Errorf("%w with status %d", ErrExit, uint32(stack[0])))
	}), repeat(i, 1), nil).Export("proc_exit")
	_, err := b.Instantiate(ctx)
	return err
}

func wasiNoStrings(r *run, mem api.Memory, stack []uint64) uint64 {
	clear(r.view(mem, "number of strings", stack[0], 4))
	clear(r.view(mem, "size of strings", stack[1], 4))
	return wasiOK
}

// wasiClock goes on by a millisecond with every call, so that a wait for a time ends.
func wasiClock(r *run, mem api.Memory, stack []uint64) uint64 {
	r.wasi.clock += 1e6
	binary.LittleEndian.PutUint64(r.view(mem, "clock", stack[2], 8), r.wasi.clock)
	return wasiOK
}

// wasiDescriptor describes the three standard descriptors as character devices; there are no others.
func wasiDescriptor(r *run, mem api.Memory, stack []uint64) uint64 {
	if uint32(stack[0]) > 2 {
		return wasiBadFD
	}
	b := r.view(mem, "descriptor", stack[1], 24)
	clear(b)
	b[0] = 2
	return wasiOK
}

// wasiWrite discards all output.
func wasiWrite(r *run, mem api.Memory, stack []uint64) uint64 {
	if fd := uint32(stack[0]); fd != 1 && fd != 2 {
		return wasiBadFD
	}
	n := uint64(uint32(stack[2]))
	if n > wasiMaxVectors {
		return wasiInvalid
	}
	var total uint32
	b := r.view(mem, "write", stack[1], n*8)
	for i := uint64(0); i < n; i++ {
		total += binary.LittleEndian.Uint32(b[8*i+4:])
	}
	binary.LittleEndian.PutUint32(r.view(mem, "written", stack[3], 4), total)
	return wasiOK
}

// wasiPoll ends every wait for the clock at once, and sets the clock to the time waited for.
func wasiPoll(r *run, mem api.Memory, stack []uint64) uint64 {
	n := uint64(uint32(stack[2]))
	if n == 0 || n > wasiMaxVectors {
		return wasiInvalid
	}
	in := append([]byte(nil), r.view(mem, "subscriptions", stack[0], n*48)...)
	out := r.view(mem, "events", stack[1], n*32)
	for i := uint64(0); i < n; i++ {
		sub, event := in[48*i:48*i+48], out[32*i:32*i+32]
		clear(event)
		copy(event, sub[:8]) // the caller's tag
		event[10] = sub[8]
		if sub[8] != 0 { // not a clock
			binary.LittleEndian.PutUint16(event[8:], wasiNoSys)
			continue
		}
		timeout := binary.LittleEndian.Uint64(sub[24:])
		if binary.LittleEndian.Uint16(sub[40:])&1 == 0 {
			timeout += r.wasi.clock
		}
		r.wasi.clock = max(r.wasi.clock, timeout)
	}
	binary.LittleEndian.PutUint32(r.view(mem, "number of events", stack[3], 4), uint32(n))
	return wasiOK
}

func wasiRandom(r *run, mem api.Memory, stack []uint64) uint64 {
	n := uint64(uint32(stack[1]))
	if n > wasiMaxRandom {
		return wasiInvalid
	}
	_, _ = r.wasi.random.Read(r.view(mem, "random", stack[0], n)) // never fails
	return wasiOK
}
