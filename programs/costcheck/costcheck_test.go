package costcheck_test

import (
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/programs/costcheck"
	"github.com/alita-network/alita/worker/sandbox"
)

func newBox(t *testing.T, e sandbox.Engine) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.New(t.Context(), sandbox.Config{Engine: e})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, box.Close(context.Background())) })
	return box
}

// TestShippedPrograms measures the cost model of every program that ships; it must be the one that the program states.
func TestShippedPrograms(t *testing.T) {
	box := newBox(t, sandbox.Compiler)
	for _, p := range programs.All() {
		t.Run(p.Name, func(t *testing.T) {
			trials, err := p.Trials()
			require.NoError(t, err)
			r, err := costcheck.Measure(t.Context(), box, p.Code, trials, costcheck.Options{Rows: 2500, Seeds: 2})
			require.NoError(t, err)
			require.Equal(t, p.Cost, r.Model)
			require.Equal(t, len(trials)*9*11, r.Runs)
			require.Len(t, r.Lines, len(trials))
		})
	}
}

// module is a program of one function: body is what it does with the rows of a batch in $n and the batch's first column at 0,
// each on the way being added to the slot.
func module(t *testing.T, name string) []byte {
	t.Helper()
	code, ok := modules[name]
	require.True(t, ok, name)
	return code()
}

// The modules are assembled here from bytes, so that the test needs no toolchain.
var modules = map[string]func() []byte{
	// Counts one operation more for a batch whose first value is odd.
	"branches": func() []byte {
		return assemble([]byte{
			0x41, 0x00, 0x29, 0x03, 0x00, // i64.load(0)
			0x42, 0x01, 0x83, 0xa7, // & 1, i32.wrap
			0x04, 0x40, 0x41, 0x00, 0x1a, 0x0b, // if drop(0) end
		})
	},
	// Does the same for every batch.
	"flat": func() []byte {
		return assemble([]byte{0x41, 0x00, 0x29, 0x03, 0x00, 0x1a})
	},
	// Costs the square of the rows of a batch: two nested loops.
	"square": func() []byte {
		return assemble([]byte{
			0x20, 0x00, 0x21, 0x01, // i = n
			0x03, 0x40, // loop
			0x20, 0x00, 0x21, 0x02, // j = n
			0x03, 0x40, // loop
			0x20, 0x02, 0x41, 0x01, 0x6b, 0x22, 0x02, 0x0d, 0x00, // br_if --j
			0x0b,
			0x20, 0x01, 0x41, 0x01, 0x6b, 0x22, 0x01, 0x0d, 0x00, // br_if --i
			0x0b,
		})
	},
}

// assemble makes a program that does something for each batch, whose rows are in local 0, and emits zeros.
func assemble(each []byte) []byte {
	section := func(id byte, contents ...byte) []byte {
		return append([]byte{id, byte(len(contents))}, contents...)
	}
	name := func(s string) []byte { return append([]byte{byte(len(s))}, s...) }
	var imports []byte
	imports = append(imports, 3)
	for _, f := range []struct {
		name string
		typ  byte
	}{{"next", 0}, {"read", 1}, {"emit", 2}} {
		imports = append(append(imports, name("alita")...), name(f.name)...)
		imports = append(imports, 0, f.typ)
	}
	var exports []byte
	exports = append(exports, 2)
	exports = append(append(exports, name("memory")...), 2, 0)
	exports = append(append(exports, name("run")...), 0, 3)

	body := []byte{1, 3, 0x7f, 0x02, 0x40, 0x03, 0x40} // three i32 locals, block, loop
	body = append(body, 0x10, 0x00, 0x22, 0x00, 0x45, 0x0d, 0x01)
	body = append(body, 0x41, 0x00, 0x41, 0x00, 0x41, 0x80, 0xc0, 0x00, 0x10, 0x01) // read(0, 0, 8192)
	body = append(body, each...)
	body = append(body, 0x0c, 0x00, 0x0b, 0x0b)
	body = append(body, 0x41, 0x80, 0x80, 0x01, 0x41, 0x01, 0x10, 0x02, 0x0b) // emit(16384, 1)
	code := append([]byte{1, byte(len(body))}, body...)

	out := binary.LittleEndian.AppendUint32([]byte("\x00asm"), 1)
	out = append(out, section(1, append([]byte{4}, 0x60, 0, 1, 0x7f, 0x60, 3, 0x7f, 0x7f, 0x7f, 0, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 0, 0)...)...)
	out = append(out, section(2, imports...)...)
	out = append(out, section(3, 1, 3)...)
	out = append(out, section(5, 1, 0, 1)...)
	out = append(out, section(7, exports...)...)
	return append(out, section(10, code...)...)
}

func trial(t *testing.T) []programs.Trial {
	t.Helper()
	p, err := programs.ByName("histogram")
	require.NoError(t, err)
	trials, err := p.Trials()
	require.NoError(t, err)
	trials[0].Length = 1
	return trials[:1]
}

func TestCounterexample(t *testing.T) {
	for name, e := range map[string]sandbox.Engine{"compiler": sandbox.Compiler, "interpreter": sandbox.Interpreter} {
		t.Run(name, func(t *testing.T) {
			box, o := newBox(t, e), costcheck.Options{Rows: 2100, Seeds: 3}
			_, err := costcheck.Measure(t.Context(), box, module(t, "branches"), trial(t), o)
			var d *costcheck.Difference
			require.ErrorAs(t, err, &d)
			require.ErrorIs(t, err, costcheck.ErrDepends)
			require.Equal(t, d.A.Rows, d.B.Rows)
			require.NotEqual(t, d.A.Counts, d.B.Counts)

			r, err := costcheck.Measure(t.Context(), box, module(t, "flat"), trial(t), o)
			require.NoError(t, err)
			require.Zero(t, r.Model.PerRow)
			require.Positive(t, r.Model.PerBatch.Constant)

			_, err = costcheck.Measure(t.Context(), box, module(t, "square"), trial(t), o)
			require.ErrorIs(t, err, costcheck.ErrShape)
		})
	}
}

func TestOptions(t *testing.T) {
	box := newBox(t, sandbox.Interpreter)
	for _, o := range []costcheck.Options{{Rows: costcheck.MinRows - 1, Seeds: 1}, {Rows: costcheck.MinRows}} {
		_, err := costcheck.Measure(t.Context(), box, module(t, "flat"), trial(t), o)
		require.Error(t, err)
	}
	wrong := trial(t)
	wrong[0].Columns = 2
	_, err := costcheck.Measure(t.Context(), box, module(t, "flat"), wrong, costcheck.Options{Rows: 2100, Seeds: 1})
	require.ErrorContains(t, err, "1 columns, it should be 2")
	_, err = costcheck.Measure(t.Context(), box, module(t, "flat"), trial(t), costcheck.Options{Rows: 2100, Seeds: 1, MaxOperations: 10})
	require.ErrorIs(t, err, sandbox.ErrOperations)
}
