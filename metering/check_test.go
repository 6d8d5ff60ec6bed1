package metering_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
)

// refused is a module that must be refused, with its cause and a part of what it says.
type refused struct {
	name   string
	code   []byte
	cause  error
	detail string
}

func refusedModules() []refused {
	p := program()
	imp := func(mod, fun string, typ []byte) parts {
		return parts{
			1:  vec(fn("", ""), typ),
			2:  vec(cat(name(mod), name(fun), []byte{0}, u(1))),
			3:  vec(u(0)),
			5:  vec([]byte{0, 1}),
			7:  vec(exportMemory, export("run", 0, 1)),
			10: vec(body()),
		}
	}
	two := func(t []byte, code ...byte) parts { // run and a second function of type t
		return p.with(1, vec(fn("", ""), t)).with(3, vec(u(0), u(1))).with(10, vec(body(), body(code...)))
	}
	table := func(elem []byte) parts {
		return p.with(4, vec([]byte{0x70, 0, 4})).with(9, vec(elem))
	}
	valid := p.encode()
	return []refused{
		// The format.
		{"empty", nil, metering.ErrMalformed, "expected 4, as announced, got 0"},
		{"text", []byte("(module)"), metering.ErrMalformed, "00 61 73 6d"},
		{"version", []byte("\x00asm\x02\x00\x00\x00"), metering.ErrMalformed, "01 00 00 00"},
		{"component", []byte("\x00asm\x0d\x00\x01\x00"), metering.ErrUnsupported, "a core module"},
		{"truncated", valid[:len(valid)-1], metering.ErrMalformed, "as announced"},
		{"no sections", header, metering.ErrExport, `"memory" and a function "run"`},
		{"trailing byte", append(bytes.Clone(valid), 0), metering.ErrMalformed, "expected one more byte"},
		{"section out of order", cat(header, section(3, vec()), section(1, vec())), metering.ErrMalformed, "out of order"},
		{"section twice", cat(header, section(1, vec()), section(1, vec())), metering.ErrMalformed, "twice"},
		{"unknown section", cat(header, section(14, nil)), metering.ErrMalformed, "section: expected 0 to 12, got 14"},
		{"section too long", p.with(1, cat(vec(fn("", "")), []byte{0})).encode(), metering.ErrMalformed, "nothing after its contents"},
		{"number too long", cat(header, []byte{1, 0x80, 0x80, 0x80, 0x80, 0x80, 0}), metering.ErrMalformed, "at most 32 bits"},
		{"number too large", cat(header, []byte{1, 0xff, 0xff, 0xff, 0xff, 0x1f}), metering.ErrMalformed, "at most 32 bits"},
		{"bad name", p.with(7, vec(export("\xff", 2, 0))).encode(), metering.ErrMalformed, "UTF-8"},
		{"bad custom section", cat(header, section(0, []byte{9})), metering.ErrMalformed, "expected 9, as announced, got 0"},
		{"missing code", p.with(10, nil).encode(), metering.ErrMalformed, "function bodies: expected 1"},
		{"missing function", p.with(3, vec()).encode(), metering.ErrInvalid, "expected below 0, got 0"},
		{"too few bodies", p.with(3, vec(u(0), u(0))).encode(), metering.ErrMalformed, "function bodies: expected 2, one for each declared function, got 1"},
		{"code after end", p.with(10, vec(withLocals(vec(), 0x0b))).encode(), metering.ErrMalformed, "nothing after its end"},
		{"no end", p.with(10, vec(cat(u(2), vec(), []byte{1}))).encode(), metering.ErrMalformed, "expected one more byte"},
		{"value type", p.with(1, vec([]byte{0x60, 1, 0x20, 0})).encode(), metering.ErrMalformed, "expected a value type, got 0x20"},
		{"mutability", p.with(6, vec([]byte{0x7f, 2, 0x41, 0, 0x0b})).encode(), metering.ErrMalformed, "0 or 1"},
		{"data count", p.with(12, u(1)).with(11, vec()).encode(), metering.ErrMalformed, "expected 1, as announced, got 0"},
		{"data count without data", p.with(12, u(1)).encode(), metering.ErrMalformed, "expected 1, as announced, got none"},

		// Features.
		{"SIMD", program(0xfd, 12).encode(), metering.ErrUnsupported, "SIMD"},
		{"SIMD type", p.with(1, vec(fn("", ""), fn("v", ""))).encode(), metering.ErrUnsupported, "v128"},
		{"threads", program(0xfe, 3, 0).encode(), metering.ErrUnsupported, "threads"},
		{"shared memory", p.with(5, vec([]byte{3, 1, 1})).encode(), metering.ErrUnsupported, "threads"},
		{"memory64", p.with(5, vec([]byte{4, 1})).encode(), metering.ErrUnsupported, "64-bit"},
		{"several memories", p.with(5, vec([]byte{0, 1}, []byte{0, 1})).encode(), metering.ErrUnsupported, "memories: expected at most 1, got 2"},
		{"memory index", program(0x3f, 1, 0x1a).encode(), metering.ErrUnsupported, "the one memory 0, got 1"},
		{"access of another memory", program(0x41, 0, 0x28, 0x42, 0, 0, 0x1a).encode(), metering.ErrUnsupported, "got one of several"},
		{"exceptions", program(0x06, 0x40, 0x0b).encode(), metering.ErrUnsupported, "exception handling"},
		{"throw", program(0x08, 0).encode(), metering.ErrUnsupported, "exception handling"},
		{"tags", cat(header, section(13, vec())), metering.ErrUnsupported, "exception handling"},
		{"tail call", program(0x12, 0).encode(), metering.ErrUnsupported, "tail call"},
		{"call by reference", program(0x14, 0).encode(), metering.ErrUnsupported, "typed function reference"},
		{"garbage collection", program(0xfb, 0, 0).encode(), metering.ErrUnsupported, "garbage collection"},
		{"structure type", p.with(1, vec([]byte{0x5f, 0})).encode(), metering.ErrUnsupported, "garbage collection"},
		{"externref", p.with(1, vec(fn("", ""), fn("e", ""))).encode(), metering.ErrUnsupported, "externref"},
		{"unknown opcode", program(0x27).encode(), metering.ErrUnsupported, "0x27"},
		{"unknown opcode fc", program(0xfc, 18).encode(), metering.ErrUnsupported, "0xfc 18"},

		// Imports and exports.
		{"foreign import", imp("env", "abort", fn("", "")).encode(), metering.ErrImport, "alita.columns, length"},
		{"unknown import", imp("alita", "clock", fn("", "I")).encode(), metering.ErrImport, "alita.columns, length"},
		{"WASI file", imp("wasi_snapshot_preview1", "path_open", fn("", "i")).encode(), metering.ErrImport, "path_open"},
		{"import signature", imp("alita", "next", fn("", "I")).encode(), metering.ErrImport, "expected () -> (i32)"},
		{"float import", imp("alita", "next", fn("", "F")).encode(), metering.ErrFloat, "expected integers"},
		{"memory import", cat(header, section(2, vec(cat(name("m"), name("m"), []byte{2, 0, 1})))), metering.ErrMemory, "got an import"},
		{"table import", cat(header, section(2, vec(cat(name("m"), name("m"), []byte{1, 0x70, 0, 1})))), metering.ErrTable, "got an import"},
		{"global import", cat(header, section(2, vec(cat(name("m"), name("m"), []byte{3, 0x7f, 0})))), metering.ErrImport, "got a global"},
		{"reference to an import", imp("alita", "next", fn("", "i")).with(4, vec([]byte{0x70, 0, 1})).with(9, vec([]byte{0, 0x41, 0, 0x0b, 1, 0})).encode(), metering.ErrImport, "call it directly"},
		{"import exported", imp("alita", "next", fn("", "i")).with(7, vec(export("run", 0, 1), exportMemory, export("x", 0, 0))).encode(), metering.ErrImport, "call it directly"},
		{"no run", p.with(7, vec(exportMemory)).encode(), metering.ErrExport, `"run"`},
		{"no memory exported", p.with(7, vec(exportRun)).encode(), metering.ErrExport, `"memory"`},
		{"no exports", p.with(7, nil).encode(), metering.ErrExport, "got none"},
		{"run with a parameter", p.with(1, vec(fn("i", ""))).encode(), metering.ErrExport, "() -> ()"},
		{"run a memory", p.with(7, vec(exportMemory, export("run", 2, 0))).encode(), metering.ErrExport, "() -> ()"},
		{"memory a function", p.with(7, vec(export("memory", 0, 0), exportRun)).encode(), metering.ErrExport, "expected a memory, got kind 0"},
		{"_initialize with a result", two(fn("", "i"), 0x41, 0).with(7, vec(exportMemory, exportRun, export("_initialize", 0, 1))).encode(), metering.ErrExport, "() -> ()"},
		{"export twice", p.with(7, vec(exportMemory, exportRun, exportRun)).encode(), metering.ErrInvalid, "twice"},
		{"export of nothing", p.with(7, vec(export("run", 0, 7))).encode(), metering.ErrInvalid, "expected below 1, got 7"},
		{"reserved name", p.with(7, vec(exportMemory, exportRun, export("__alita_operations", 0, 0))).encode(), metering.ErrReserved, "__alita_"},
		{"float export", two(fn("f", "")).with(7, vec(exportMemory, exportRun, export("x", 0, 1))).encode(), metering.ErrFloat, "expected integers"},
		{"float global export", p.with(6, vec(cat([]byte{0x7c, 0, 0x44}, make([]byte, 8), []byte{0x0b}))).with(7, vec(exportMemory, exportRun, export("x", 3, 0))).encode(), metering.ErrFloat, "expected an integer"},
		{"start function", p.with(8, u(0)).encode(), metering.ErrStart, "_initialize"},

		// Limits.
		{"1 GiB of memory", p.with(5, vec(cat([]byte{0}, u(16384)))).encode(), metering.ErrMemory, "at most 1024"},
		{"maximum below minimum", p.with(5, vec([]byte{1, 2, 1})).encode(), metering.ErrInvalid, "expected at least the minimum, 2, got 1"},
		{"maximum beyond 4 GiB", p.with(5, vec(cat([]byte{1, 1}, u(65537)))).encode(), metering.ErrInvalid, "at most 65536, got 65537"},
		{"huge table", p.with(4, vec(cat([]byte{0x70, 0}, u(65537)))).encode(), metering.ErrTable, "at most 65536"},
		{"two tables", p.with(4, vec([]byte{0x70, 0, 1}, []byte{0x70, 0, 1})).encode(), metering.ErrTable, "at most 1"},
		{"locals", p.with(10, vec(withLocals(vec(cat(u(1025), []byte{0x7f}))))).encode(), metering.ErrLimit, "locals of a function: expected at most 1024"},
		{"locals beyond 32 bits", p.with(10, vec(withLocals(vec([]byte{0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f})))).encode(), metering.ErrLimit, "locals of a function: expected at most 1024"},
		{"stack", program(bytes.Repeat([]byte{0x41, 0}, 1025)...).encode(), metering.ErrLimit, "at most 1024, got more"},
		{"parameters", p.with(1, vec(fn("", ""), fn(string(bytes.Repeat([]byte("i"), 65)), ""))).encode(), metering.ErrLimit, "at most 64"},
		{"results", p.with(1, vec(fn("", ""), fn("", string(bytes.Repeat([]byte("i"), 9))))).encode(), metering.ErrLimit, "at most 8"},
		{"nesting", program(cat(bytes.Repeat([]byte{0x02, 0x40}, 4096), bytes.Repeat([]byte{0x0b}, 4096))...).encode(), metering.ErrLimit, "depth of blocks: expected at most 4096"},
		{"function size", program(bytes.Repeat([]byte{1}, 128<<10)...).encode(), metering.ErrLimit, "at most 131072"},
		{"types", p.with(1, vec(repeat(fn("", ""), 4097)...)).encode(), metering.ErrLimit, "at most 4096"},
		{"functions", p.with(3, vec(repeat(u(0), 16385)...)).encode(), metering.ErrLimit, "at most 16384"},
		{"globals", p.with(6, vec(repeat([]byte{0x7f, 0, 0x41, 0, 0x0b}, 1025)...)).encode(), metering.ErrLimit, "at most 1024"},
		{"module size", append(bytes.Clone(valid), make([]byte, 4<<20)...), metering.ErrLimit, "at most 4194304"},
		{"name", p.with(7, vec(export(string(bytes.Repeat([]byte("x"), 257)), 0, 0))).encode(), metering.ErrLimit, "at most 256"},
		{"huge count", p.with(1, []byte{0xff, 0x1f}).encode(), metering.ErrMalformed, "bytes that are left"},

		// Types and indices.
		{"missing value", program(0x1a).encode(), metering.ErrInvalid, "value on the stack: expected"},
		{"wrong value", program(0x42, 0, 0x45, 0x1a).encode(), metering.ErrInvalid, "expected i32, got i64"},
		{"value left", program(0x41, 0).encode(), metering.ErrInvalid, "got 1 values more"},
		{"local", program(0x20, 0, 0x1a).encode(), metering.ErrInvalid, "local: expected below 0, got 0"},
		{"global", program(0x23, 0, 0x1a).encode(), metering.ErrInvalid, "global: expected below 0, got 0"},
		{"constant global set", program(0x41, 0, 0x24, 0).with(6, vec([]byte{0x7f, 0, 0x41, 0, 0x0b})).encode(), metering.ErrInvalid, "constant"},
		{"label", program(0x0c, 1).encode(), metering.ErrInvalid, "label: expected below 1, got 1"},
		{"function", program(0x10, 9).encode(), metering.ErrInvalid, "function: expected below 1, got 9"},
		{"indirect without table", program(0x41, 0, 0x11, 0, 0).encode(), metering.ErrInvalid, "table: expected below 0, got 0"},
		{"else without if", program(0x02, 0x40, 0x05, 0x0b).encode(), metering.ErrInvalid, "outside of one"},
		{"if without else", program(0x41, 1, 0x04, 0x7f, 0x41, 1, 0x0b, 0x1a).encode(), metering.ErrInvalid, "expected an else"},
		{"block type", program(0x02, 5, 0x0b).encode(), metering.ErrInvalid, "type: expected below 1, got 5"},
		{"branch values", program(0x02, 0x7f, 0x0c, 0, 0x0b, 0x1a).encode(), metering.ErrInvalid, "expected i32, got none"},
		{"branch table values", program(0x02, 0x7f, 0x41, 0, 0x41, 0, 0x0e, 1, 0, 1, 0x0b, 0x1a).encode(), metering.ErrInvalid, "labels of a br_table"},
		{"select", program(0x41, 0, 0x42, 0, 0x41, 0, 0x1b, 0x1a).encode(), metering.ErrInvalid, "select: expected two values"},
		{"alignment", program(0x41, 0, 0x28, 3, 0, 0x1a).encode(), metering.ErrInvalid, "at most 2^2, got 2^3"},
		{"no memory", p.with(5, nil).with(7, vec(exportRun)).with(10, vec(body(0x3f, 0, 0x1a))).encode(), metering.ErrExport, "memory"},
		{"memory.init without count", program(0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 8, 0, 0).encode(), metering.ErrInvalid, "data count"},
		{"data segment", program(0xfc, 9, 0).with(12, u(0)).encode(), metering.ErrInvalid, "data segment: expected below 0, got 0"},
		{"element segment", program(0xfc, 13, 0).encode(), metering.ErrInvalid, "element segment: expected below 0, got 0"},
		{"undeclared reference", p.with(7, vec(exportMemory, exportRun)).with(3, vec(u(0), u(0))).with(10, vec(body(0xd2, 1, 0x1a), body())).encode(), metering.ErrInvalid, "to be declared"},
		{"initial value", p.with(6, vec([]byte{0x7f, 0, 0x42, 0, 0x0b})).encode(), metering.ErrInvalid, "type i32"},
		{"initial expression", p.with(6, vec([]byte{0x7f, 0, 0x23, 0, 0x0b})).encode(), metering.ErrInvalid, "single constant"},
		{"data beyond memory", p.with(11, vec([]byte{0, 0x41, 0xff, 0xff, 3, 0x0b, 2, 1, 1})).encode(), metering.ErrInvalid, "at most 65536, the size of the memory"},
		{"data below memory", p.with(11, vec([]byte{0, 0x41, 0x7f, 0x0b, 1, 1})).encode(), metering.ErrInvalid, "at most 65536, the size of the memory"},
		{"elements beyond table", table([]byte{0, 0x41, 4, 0x0b, 1, 0}).encode(), metering.ErrInvalid, "at most 4, the size of the table"},
		{"element of nothing", table([]byte{0, 0x41, 0, 0x0b, 1, 7}).encode(), metering.ErrInvalid, "got 7"},
		{"element flags", table([]byte{8}).encode(), metering.ErrMalformed, "got 8"},
		{"data flags", p.with(11, vec([]byte{3})).encode(), metering.ErrMalformed, "got 3"},
		{"type index", p.with(3, vec(u(1))).encode(), metering.ErrInvalid, "type: expected below 1, got 1"},
	}
}

func repeat(b []byte, n int) [][]byte {
	out := make([][]byte, n)
	for i := range out {
		out[i] = b
	}
	return out
}

func TestCheckRefuses(t *testing.T) {
	for _, tt := range refusedModules() {
		t.Run(tt.name, func(t *testing.T) {
			err := metering.Check(tt.code, metering.DefaultLimits())
			require.ErrorIs(t, err, tt.cause)
			require.ErrorContains(t, err, tt.detail)
			var e *metering.Error
			require.True(t, errors.As(err, &e))
			require.LessOrEqual(t, e.Offset, len(tt.code))
			out, _, injectErr := metering.Inject(tt.code, metering.DefaultLimits())
			require.Equal(t, err, injectErr)
			require.Nil(t, out)
		})
	}
}

// accepted are the modules of testdata.
func accepted(t testing.TB) map[string][]byte {
	files, err := filepath.Glob("testdata/wasm/*.wasm")
	require.NoError(t, err)
	all := map[string][]byte{"smallest": program().encode()}
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		all[filepath.Base(f)] = b
	}
	return all
}

func TestCheckAccepts(t *testing.T) {
	p := program()
	all := accepted(t)
	all["custom sections"] = cat(header, section(0, name("a")), p.encode()[8:], section(0, cat(name("name"), []byte{0xff})))
	all["memory with maximum"] = p.with(5, vec([]byte{1, 1, 2})).encode()
	all["deepest nesting"] = program(cat(bytes.Repeat([]byte{0x02, 0x40}, 4095), bytes.Repeat([]byte{0x0b}, 4095))...).encode()
	all["most locals"] = p.with(10, vec(withLocals(vec(cat(u(1024), []byte{0x7f}))))).encode()
	all["declarative elements"] = p.with(9, vec([]byte{3, 0, 1, 0}, []byte{7, 0x70, 1, 0xd2, 0, 0x0b}, []byte{5, 0x70, 1, 0xd0, 0x70, 0x0b})).encode()
	all["active elements"] = p.with(4, vec([]byte{0x70, 1, 4, 9})).with(9, vec([]byte{0, 0x41, 0, 0x0b, 1, 0}, []byte{2, 0, 0x41, 3, 0x0b, 0, 1, 0},
		[]byte{4, 0x41, 0, 0x0b, 1, 0xd2, 0, 0x0b}, []byte{6, 0, 0x41, 0, 0x0b, 0x70, 1, 0xd0, 0x70, 0x0b})).encode()
	all["data"] = p.with(11, vec([]byte{0, 0x41, 0, 0x0b, 1, 1}, []byte{1, 1, 1}, []byte{2, 0, 0x41, 0, 0x0b, 1, 1})).encode()
	all["unreachable values"] = program(0x00, 0x7c, 0xa7, 0x1b, 0x1a, 0x41, 0, 0x0e, 0, 0).encode()
	for n, code := range all {
		require.NoError(t, metering.Check(code, metering.DefaultLimits()), n)
	}
}

// TestPrefixes checks every beginning of every module: none may be accepted, none may panic.
func TestPrefixes(t *testing.T) {
	for n, code := range accepted(t) {
		for i := range code {
			require.Error(t, metering.Check(code[:i], metering.DefaultLimits()), "%s, %d bytes", n, i)
		}
	}
}
