package metering_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/alita-network/alita/metering"
)

var (
	exportRow     = export("row", 0, 0)
	exportWindow  = export("window", 3, 0)
	exportScratch = export("scratch", 3, 1)
	rowExports    = vec(exportMemory, exportRow, exportWindow, exportScratch)
)

// constant is a constant i32 global.
func constant(v int32) []byte { return cat([]byte{0x7f, 0, 0x41}, s32(v), []byte{0x0b}) }

func s32(v int32) []byte {
	var out []byte
	for {
		b := byte(v & 0x7f)
		v >>= 7
		if v == 0 && b&0x40 == 0 || v == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}

// rowProgram is the smallest row program; its row has the given code.
func rowProgram(code ...byte) parts {
	return program(code...).
		with(5, vec([]byte{1, 3, 3})).
		with(6, vec(constant(metering.RowWindow), constant(0))).
		with(7, rowExports)
}

func rowGlobals(more ...[]byte) []byte {
	return vec(append([][]byte{constant(metering.RowWindow), constant(0)}, more...)...)
}

func refusedRowModules() []refused {
	p := rowProgram()
	imported := func(mod, fun string, typ []byte) []byte {
		return parts{
			1: vec(fn("", ""), typ), 2: vec(cat(name(mod), name(fun), []byte{0}, u(1))), 3: vec(u(0)),
			5: p[5], 6: p[6], 7: vec(exportMemory, export("row", 0, 1), exportWindow, exportScratch), 10: vec(body()),
		}.encode()
	}
	table := func(code ...byte) parts { // with a table of functions and a passive segment
		return rowProgram(code...).with(4, vec([]byte{0x70, 1, 4, 4})).with(9, vec([]byte{1, 0, 1, 0}))
	}
	data := func(code ...byte) []byte {
		return rowProgram(code...).with(12, u(1)).with(11, vec([]byte{1, 1, 7})).encode()
	}
	zeros := func(n int, code ...byte) []byte { return cat(bytes.Repeat([]byte{0x41, 0}, n), code) }
	layout := func(window, scratch int32, pages byte) []byte {
		return p.with(5, vec([]byte{1, pages, pages})).with(6, vec(constant(window), constant(scratch))).encode()
	}
	return []refused{
		{"batches imported", imported("alita", "next", fn("", "i")), metering.ErrImport, "imports of a row program: expected none, got 1"},
		{"clock", imported("wasi_snapshot_preview1", "clock_time_get", fn("iIi", "i")), metering.ErrImport, "expected none, got 1"},
		{"random bytes", imported("wasi_snapshot_preview1", "random_get", fn("ii", "i")), metering.ErrImport, "expected none, got 1"},
		{"fail", imported("alita", "fail", fn("i", "")), metering.ErrImport, "cells, shape and input are in its memory"},

		{"memory without maximum", p.with(5, vec([]byte{0, 3})).encode(), metering.ErrMemory, "expected a maximum that equals its minimum"},
		{"memory that can grow", p.with(5, vec([]byte{1, 3, 4})).encode(), metering.ErrMemory, "expected a maximum that equals its minimum"},
		{"memory.grow", rowProgram(zeros(1, 0x40, 0, 0x1a)...).encode(), metering.ErrState, "got memory.grow; declare the memory as large as it must be"},
		{"memory.init", data(zeros(3, 0xfc, 8, 0, 0)...), metering.ErrState, "got memory.init; use an active data segment"},
		{"data.drop", data(0xfc, 9, 0), metering.ErrState, "got data.drop"},
		{"memory.copy", rowProgram(zeros(3, 0xfc, 10, 0, 0)...).encode(), metering.ErrState, "got memory.copy; copy with loads and stores"},
		{"memory.fill", rowProgram(zeros(3, 0xfc, 11, 0)...).encode(), metering.ErrState, "got memory.fill"},
		{"table.set", table(0x41, 0, 0xd0, 0x70, 0x26, 0).encode(), metering.ErrState, "got table.set; fill the table with element segments"},
		{"table.init", table(zeros(3, 0xfc, 12, 0, 0)...).encode(), metering.ErrState, "got table.init"},
		{"elem.drop", table(0xfc, 13, 0).encode(), metering.ErrState, "got elem.drop"},
		{"table.copy", table(zeros(3, 0xfc, 14, 0, 0)...).encode(), metering.ErrState, "got table.copy"},
		{"table.grow", table(0xd0, 0x70, 0x41, 0, 0xfc, 15, 0, 0x1a).encode(), metering.ErrState, "got table.grow"},
		{"table.fill", table(0x41, 0, 0xd0, 0x70, 0x41, 0, 0xfc, 17, 0).encode(), metering.ErrState, "got table.fill"},
		{"refused in dead code", rowProgram(0x00, 0x40, 0, 0x1a).encode(), metering.ErrState, "memory.grow"},
		{
			"refused in another function", p.with(1, vec(fn("", ""))).with(3, vec(u(0), u(0))).with(10, vec(body(), body(zeros(1, 0x40, 0, 0x1a)...))).encode(),
			metering.ErrState, "memory.grow",
		},
		{"variable reference", p.with(6, rowGlobals([]byte{0x70, 1, 0xd0, 0x70, 0x0b})).encode(), metering.ErrState, "global 2 of a row program: expected a number"},

		{"no window", p.with(7, vec(exportMemory, exportRow, exportScratch)).encode(), metering.ErrExport, `the constant "window"`},
		{"no scratch", p.with(7, vec(exportMemory, exportRow, exportWindow)).encode(), metering.ErrExport, `the constant "scratch"`},
		{"window a function", p.with(7, vec(exportMemory, exportRow, export("window", 0, 0), exportScratch)).encode(), metering.ErrExport, "constant global of type i32"},
		{
			"variable window", p.with(6, vec(cat([]byte{0x7f, 1, 0x41}, s32(metering.RowWindow), []byte{0x0b}), constant(0))).encode(),
			metering.ErrExport, `"window" of a row program: expected a constant global`,
		},
		{"long window", p.with(6, vec(constant(metering.RowWindow), []byte{0x7e, 0, 0x42, 0, 0x0b})).encode(), metering.ErrExport, `"scratch" of a row program`},
		{"window on the input", layout(0x10000, 0, 3), metering.ErrWindow, "expected a power of two of at least 131072, got 65536"},
		{"window at 0", layout(0, 0, 3), metering.ErrWindow, "got 0"},
		{"window at three pages", layout(0x30000, 0, 8), metering.ErrWindow, "expected a power of two"},
		{"negative window", layout(math.MinInt32, 0, 3), metering.ErrWindow, "a window of at most 0 bytes"},
		{"window outside of the memory", layout(0x20000, 0, 2), metering.ErrWindow, "a window of at most 0 bytes in a memory of 2 pages"},
		{"no room for a slot", layout(0x20000, 0x8000-7, 3), metering.ErrWindow, "room for one slot and 32761 bytes of scratch from 131072 on, got a window of at most 32768 bytes"},
		{"negative scratch", layout(0x20000, -1, 3), metering.ErrWindow, "4294967295 bytes of scratch"},
		{"row with a parameter", p.with(1, vec(fn("i", ""))).encode(), metering.ErrExport, `export "row": expected a function of type () -> ()`},
		{"row a memory", p.with(7, vec(exportMemory, export("row", 2, 0), exportWindow, exportScratch)).encode(), metering.ErrExport, `export "row"`},
		{"no memory exported", p.with(7, vec(exportRow, exportWindow, exportScratch)).encode(), metering.ErrExport, `"memory"`},
		{"reserved name", p.with(7, vec(exportMemory, exportRow, exportWindow, exportScratch, export("__alita_mask", 3, 0))).encode(), metering.ErrReserved, "__alita_"},
	}
}

// TestAttackStateThatOutlivesARow: whatever could keep something from one row to the next, and a host could not put back, is refused, and so is what
// could tell rows apart by time or chance.
func TestAttackStateThatOutlivesARow(t *testing.T) {
	for _, tt := range refusedRowModules() {
		t.Run(tt.name, func(t *testing.T) {
			form, err := metering.Inspect(tt.code, metering.DefaultLimits())
			require.Nil(t, form)
			require.ErrorIs(t, err, tt.cause)
			require.ErrorContains(t, err, tt.detail)
			require.Equal(t, err, metering.Check(tt.code, metering.DefaultLimits()))
			var e *metering.Error
			require.ErrorAs(t, err, &e)
			require.Positive(t, e.Offset)
			require.LessOrEqual(t, e.Offset, len(tt.code))
			out, _, injectErr := metering.Inject(tt.code, metering.DefaultLimits())
			require.Equal(t, err, injectErr)
			require.Nil(t, out)
		})
	}
}

func TestRowForm(t *testing.T) {
	inspect := func(p parts) *metering.RowForm {
		form, err := metering.Inspect(p.encode(), metering.DefaultLimits())
		require.NoError(t, err)
		return form
	}
	p := rowProgram()
	f := inspect(p)
	require.Equal(t, metering.RowForm{Base: 0x20000, Largest: 0x8000}, *f) // the page's last 8 bytes belong to the guard
	require.Equal(t, 4096, f.MaxSlots())
	for slots, size := range map[int]uint32{1: 64, 8: 64, 9: 128, 64: 512, 65: 1024, 4096: 0x8000} {
		require.Equal(t, size, f.Window(slots), "%d slots", slots)
	}
	require.EqualValues(t, 64+2*3+32*5, f.Overhead(3, 5))

	f = inspect(p.with(5, vec([]byte{1, 9, 9})).with(6, vec(constant(0x40000), constant(100), []byte{0x7e, 1, 0x42, 0, 0x0b}, []byte{0x7d, 1, 0x43, 0, 0, 0, 0, 0x0b})))
	require.Equal(t, metering.RowForm{Base: 0x40000, Scratch: 100, Largest: 0x40000, Globals: 2}, *f)
	require.Equal(t, (0x40000-100)/8, f.MaxSlots())
	require.EqualValues(t, 128, f.Window(1))
	require.EqualValues(t, 128, f.Window(3))
	require.EqualValues(t, 256, f.Window(4))
	require.EqualValues(t, 64+2+32+2*8+25, f.Overhead(1, 1))

	// What keeps no state is allowed: the size of the memory and of the table, reads of the table, constant references.
	quiet := rowProgram(0x3f, 0, 0x1a, 0x41, 0, 0x25, 0, 0x1a, 0xfc, 16, 0, 0x1a).with(4, vec([]byte{0x70, 0, 4})).with(6, rowGlobals([]byte{0x70, 0, 0xd0, 0x70, 0x0b}))
	require.NotNil(t, inspect(quiet))
	require.NotNil(t, inspect(p.with(7, vec(exportMemory, exportRow, exportWindow, exportScratch, export("_initialize", 0, 0)))))

	// With "run" a module takes batches, whatever else it exports.
	require.Nil(t, inspect(program()))
	require.Nil(t, inspect(program().with(6, p[6]).with(7, vec(exportMemory, exportRun, exportRow, exportWindow, exportScratch))))
}

// TestBatchModulesAreUnchanged: the metered bytes of the modules of testdata without surcharges, by the hash of all of them together, are what they
// were before prices of memory, tables and the host's functions came in with versions 2 and 3 of the cost table.
func TestBatchModulesAreUnchanged(t *testing.T) {
	all := accepted(t)
	sum := sha256.New()
	for _, n := range slices.Sorted(maps.Keys(all)) {
		metered, stats, err := metering.InjectUnweighted(all[n], metering.DefaultLimits())
		require.NoError(t, err)
		require.Nil(t, stats.Row)
		fmt.Fprintf(sum, "%s %x\n", n, sha256.Sum256(metered))
	}
	require.Equal(t, batchModules, hex.EncodeToString(sum.Sum(nil)))
}

const batchModules = "bcc80df5ec4f3a5bf10a888e522db31a1cf5cbe253f3eb2c0cb9fd1d75007b88"

// The metered form of a store of a local at the address in a local plus 5, as bytes.
func TestRowVector(t *testing.T) {
	code := rowProgram(0x20, 0, 0x20, 1, 0x37, 3, 5).with(10, vec(withLocals(vec([]byte{1, 0x7f}, []byte{1, 0x7e}), 0x20, 0, 0x20, 1, 0x37, 3, 5))).encode()
	metered, stats, err := metering.Inject(code, metering.DefaultLimits())
	require.NoError(t, err)
	require.EqualValues(t, 0x8000, stats.Row.Largest)
	// Charge 4: one for the function and three instructions. The value goes to local 2; global 4 is the mask, 0x20000 the window.
	want := cat([]byte{0x23, 2, 0x42, 4, 0x7d, 0x24, 2}, []byte{0x20, 0, 0x20, 1},
		[]byte{0x21, 2, 0x41, 5, 0x6a, 0x23, 4, 0x71, 0x41}, s32(0x20000), []byte{0x72, 0x20, 2, 0x37, 3, 0}, []byte{0x0b})
	require.True(t, bytes.Contains(metered, want), "%x", metered)
}

// TestStoresStayInTheWindow stores with every instruction to addresses all over the memory and beyond it: what is within the window is stored
// there, everything else lands in the window, too, and nothing traps.
func TestStoresStayInTheWindow(t *testing.T) {
	const base, mask = metering.RowWindow, 127
	load := map[byte][]byte{ // the value from address 72, as the store takes it
		0x36: {0x28, 0, 0}, 0x37: {0x29, 0, 0}, 0x38: {0x2a, 0, 0}, 0x39: {0x2b, 0, 0},
		0x3a: {0x28, 0, 0}, 0x3b: {0x28, 0, 0}, 0x3c: {0x29, 0, 0}, 0x3d: {0x29, 0, 0}, 0x3e: {0x29, 0, 0},
	}
	size := map[byte]uint32{0x36: 4, 0x37: 8, 0x38: 4, 0x39: 8, 0x3a: 1, 0x3b: 2, 0x3c: 1, 0x3d: 2, 0x3e: 4}
	addresses := []uint32{0, 1, 63, 64, base - 1, base, base + 1, base + 120, base + 127, base + 128, 3*65536 - 1, 3 * 65536, 1 << 31, math.MaxUint32}
	offsets := []uint32{0, 1, 7, 120, base, 3 * 65536, 1 << 31, math.MaxUint32}
	value := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	for op, l := range load {
		for _, offset := range offsets {
			code := rowProgram(cat([]byte{0x41, 0, 0x28, 0, 64, 0x41, 0xc8, 0}, l, []byte{op, 0}, u(int(offset)))...).encode()
			for _, engine := range []wazero.RuntimeConfig{wazero.NewRuntimeConfigCompiler(), wazero.NewRuntimeConfigInterpreter()} {
				m := instantiate(t, engine, code)
				m.ExportedGlobal(metering.ExportMask).(api.MutableGlobal).Set(mask)
				for _, address := range addresses {
					memory, _ := m.Memory().Read(0, m.Memory().Size())
					clear(memory)
					binary.LittleEndian.PutUint32(memory[64:], address)
					copy(memory[72:], value)
					want := bytes.Clone(memory)
					copy(want[(address+offset)&mask|base:], value[:size[op]])
					_, err := m.ExportedFunction("row").Call(t.Context())
					require.NoError(t, err)
					require.True(t, bytes.Equal(want, memory), "store %#x to %#x + %#x", op, address, offset)
				}
			}
		}
	}
}

// instantiate injects a row program and gives it all the operations that it asks for.
func instantiate(t *testing.T, engine wazero.RuntimeConfig, code []byte) api.Module {
	t.Helper()
	ctx := t.Context()
	metered, _, err := metering.Inject(code, metering.DefaultLimits())
	require.NoError(t, err)
	runtime := wazero.NewRuntimeWithConfig(ctx, engine)
	t.Cleanup(func() { _ = runtime.Close(context.Background()) })
	_, err = runtime.NewHostModuleBuilder(metering.HostModule).NewFunctionBuilder().
		WithFunc(func(counter int64) int64 { return counter + 1<<20 }).Export(metering.ImportRefill).Instantiate(ctx)
	require.NoError(t, err)
	m, err := runtime.InstantiateWithConfig(ctx, metered, wazero.NewModuleConfig().WithStartFunctions())
	require.NoError(t, err)
	return m
}

// TestRowStoresAreCounted: a store of a row program costs the compiler more than the same store of a program that takes batches, by what is injected.
func TestRowStoresAreCounted(t *testing.T) {
	const stores = 100
	code := bytes.Repeat([]byte{0x41, 0, 0x42, 1, 0x37, 3, 0}, stores)
	steps := func(p parts) int {
		return sort.Search(1<<20, func(n int) bool {
			limits := metering.DefaultLimits()
			limits.CompileSteps = n
			return metering.Check(p.encode(), limits) == nil
		})
	}
	require.Equal(t, stores*20*64, steps(rowProgram(code...))-steps(program(code...)))
}

// TestMaskShieldsComparisons: the "and" that the injection adds counts for the fault of the engine's compiler, too (see the README, Comparisons). The
// metered row begins a segment with a store, and what compares in it has an "or" with zero after it.
func TestMaskShieldsComparisons(t *testing.T) {
	code := []byte{0x41, 0, 0x42, 1, 0x37, 3, 0, 0x41, 0, 0x41, 1, 0x48, 0x1a}
	metered, _, err := metering.Inject(rowProgram(code...).encode(), metering.DefaultLimits())
	require.NoError(t, err)
	require.True(t, bytes.Contains(metered, []byte{0x41, 0, 0x41, 1, 0x48, 0x41, 0, 0x72, 0x1a}))
	metered, _, err = metering.Inject(program(code...).encode(), metering.DefaultLimits())
	require.NoError(t, err)
	require.True(t, bytes.Contains(metered, []byte{0x41, 0, 0x41, 1, 0x48, 0x1a}))
}
