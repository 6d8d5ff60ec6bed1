package oracle_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/bytecodealliance/wasmtime-go/v37"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
)

// limit is the fuel of a run without another limit; counters start with it too.
const limit = uint64(1) << 40

// run is what a run in wasmtime gave.
type run struct {
	fuel     uint64 // used, of the module as it is
	counted  uint64 // by the injected code, if there is any
	vector   []int64
	err      error
	rows     int
	depth    int32
	negative bool // the counter is used up
}

// host is the other implementation of the program interface: what the sandbox offers, over wasmtime.
type host struct {
	memory []byte
	vector []int64
	at     int // rows handed over
	batch  int // rows of the current batch
	clock  uint64
	random *rand.ChaCha8
	grant  int64 // operations still to be granted

	negative bool // a metered module has used them up
}

// The run that the golden values belong to, as in metering/golden_test.go.
const (
	goldenRows  = 1500
	goldenInput = "alita-in"
)

var errHost = errors.New("stopped by the host")

// wasmtimeRun runs a module in wasmtime: with fuel if it is the original, with the counter set if it is metered.
func wasmtimeRun(t *testing.T, code []byte, metered bool, most uint64) run {
	t.Helper()
	cfg := wasmtime.NewConfig()
	cfg.SetConsumeFuel(!metered)
	engine := wasmtime.NewEngineWithConfig(cfg)
	store := wasmtime.NewStore(engine)
	if !metered {
		require.NoError(t, store.SetFuel(most))
	}
	module, err := wasmtime.NewModule(engine, code)
	require.NoError(t, err)
	h := &host{clock: 1640995200 * uint64(1e9), random: rand.NewChaCha8([32]byte{}), grant: int64(most)}
	linker := wasmtime.NewLinker(engine)
	require.NoError(t, h.define(linker, store))
	instance, err := linker.Instantiate(store, module)
	require.NoError(t, err)
	var r run
	for _, name := range []string{metering.ExportInitialize, metering.ExportRun} {
		f := instance.GetFunc(store, name)
		if f == nil || r.err != nil {
			continue
		}
		_, r.err = f.Call(store)
	}
	r.vector, r.rows = h.vector, h.at
	if metered {
		// What was granted minus the counter; the grant comes with the first look at a negative counter.
		left := instance.GetExport(store, metering.ExportOperations).Global().Get(store).I64()
		used := int64(most) - h.grant - left
		r.negative = h.negative || used > int64(most)
		r.counted = min(uint64(used), most)
		r.depth = instance.GetExport(store, metering.ExportDepth).Global().Get(store).I32()
	} else {
		left, err := store.GetFuel()
		require.NoError(t, err)
		r.fuel = most - left
	}
	return r
}

// with calls f with the memory of the caller.
func (h *host) with(c *wasmtime.Caller, f func(m []byte) int32) (n int32, trap *wasmtime.Trap) {
	memory := c.GetExport(metering.ExportMemory).Memory()
	defer func() {
		if recover() != nil {
			trap = wasmtime.NewTrap(errHost.Error())
		}
	}()
	return f(memory.UnsafeData(c)), nil
}

func put32(m []byte, at int32, v uint32) { binary.LittleEndian.PutUint32(m[uint32(at):], v) }
func put64(m []byte, at int32, v uint64) { binary.LittleEndian.PutUint64(m[uint32(at):], v) }

func (h *host) define(l *wasmtime.Linker, s *wasmtime.Store) error {
	return errors.Join(h.defineAlita(l), h.defineWASI(l))
}

func (h *host) defineAlita(l *wasmtime.Linker) error {
	type caller = *wasmtime.Caller
	type trap = *wasmtime.Trap
	const mod = metering.HostModule
	return errors.Join(
		l.FuncWrap(mod, "columns", func() int32 { return 1 }),
		l.FuncWrap(mod, "length", func() int32 { return 4 }),
		l.FuncWrap(mod, "input", func(c caller, ptr, size int32) (int32, trap) {
			return h.with(c, func(m []byte) int32 {
				n := min(int(uint32(size)), len(goldenInput))
				copy(m[uint32(ptr):][:n], goldenInput)
				return int32(len(goldenInput))
			})
		}),
		l.FuncWrap(mod, "next", func() int32 {
			h.at += h.batch
			h.batch = min(goldenRows-h.at, metering.MaxBatchRows)
			return int32(h.batch)
		}),
		l.FuncWrap(mod, "read", func(c caller, column, values, valid int32) trap {
			_, err := h.with(c, func(m []byte) int32 {
				for i := range h.batch {
					put64(m, values+int32(8*i), uint64(h.at+i+1))
					m[int(valid)+i] = 1
				}
				return 0
			})
			return err
		}),
		l.FuncWrap(mod, "emit", func(c caller, ptr, count int32) trap {
			_, err := h.with(c, func(m []byte) int32 {
				for i := range count {
					h.vector = append(h.vector, int64(binary.LittleEndian.Uint64(m[ptr+8*i:])))
				}
				return 0
			})
			return err
		}),
		l.FuncWrap(mod, metering.ImportRefill, func(counter int64) (int64, trap) {
			if grant := h.grant; grant > 0 {
				h.grant = 0
				if counter += grant; counter >= 0 {
					return counter, nil
				}
			}
			h.negative = true
			return 0, wasmtime.NewTrap(errHost.Error())
		}),
		l.FuncWrap(mod, "fail", func(int32) trap { return wasmtime.NewTrap(errHost.Error()) }),
	)
}

func (h *host) defineWASI(l *wasmtime.Linker) error {
	type caller = *wasmtime.Caller
	type trap = *wasmtime.Trap
	const mod, badFD = metering.WASIModule, 8
	zeros := func(c caller, a, b int32) (int32, trap) {
		return h.with(c, func(m []byte) int32 { put32(m, a, 0); put32(m, b, 0); return 0 })
	}
	return errors.Join(
		l.FuncWrap(mod, "args_get", func(int32, int32) int32 { return 0 }),
		l.FuncWrap(mod, "environ_get", func(int32, int32) int32 { return 0 }),
		l.FuncWrap(mod, "args_sizes_get", zeros),
		l.FuncWrap(mod, "environ_sizes_get", zeros),
		l.FuncWrap(mod, "clock_time_get", func(c caller, _ int32, _ int64, out int32) (int32, trap) {
			return h.with(c, func(m []byte) int32 { h.clock += 1e6; put64(m, out, h.clock); return 0 })
		}),
		l.FuncWrap(mod, "fd_close", func(int32) int32 { return badFD }),
		l.FuncWrap(mod, "fd_fdstat_get", func(c caller, fd, out int32) (int32, trap) {
			return h.with(c, func(m []byte) int32 {
				if fd > 2 {
					return badFD
				}
				clear(m[uint32(out):][:24])
				m[uint32(out)] = 2
				return 0
			})
		}),
		l.FuncWrap(mod, "fd_fdstat_set_flags", func(int32, int32) int32 { return 0 }),
		l.FuncWrap(mod, "fd_prestat_get", func(int32, int32) int32 { return badFD }),
		l.FuncWrap(mod, "fd_prestat_dir_name", func(int32, int32, int32) int32 { return badFD }),
		l.FuncWrap(mod, "fd_write", func(c caller, fd, vectors, n, written int32) (int32, trap) {
			return h.with(c, func(m []byte) int32 {
				var total uint32
				for i := range n {
					total += binary.LittleEndian.Uint32(m[vectors+8*i+4:])
				}
				put32(m, written, total)
				return 0
			})
		}),
		l.FuncWrap(mod, "poll_oneoff", func(int32, int32, int32, int32) int32 { return 52 }),
		l.FuncWrap(mod, "proc_exit", func(int32) trap { return wasmtime.NewTrap(errHost.Error()) }),
		l.FuncWrap(mod, "random_get", func(c caller, ptr, n int32) (int32, trap) {
			return h.with(c, func(m []byte) int32 { _, _ = h.random.Read(m[uint32(ptr):][:n]); return 0 })
		}),
		l.FuncWrap(mod, "sched_yield", func() int32 { return 0 }),
	)
}
