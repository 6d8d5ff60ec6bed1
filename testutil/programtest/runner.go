package programtest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/sandbox"
)

// Runner is a program that ships, compiled in a sandbox.
type Runner struct {
	Box      *sandbox.Sandbox
	Compiled *sandbox.Program
	Program  programs.Program
}

// New compiles the program of the given name. The test's end frees it.
func New(t *testing.T, name string, engine sandbox.Engine) Runner {
	t.Helper()
	box, err := sandbox.New(t.Context(), sandbox.Config{Engine: engine})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, box.Close(context.Background())) })
	p, err := programs.ByName(name)
	require.NoError(t, err)
	compiled, err := box.Compile(t.Context(), p.Code)
	require.NoError(t, err)
	return Runner{box, compiled, p}
}

// ForEngines runs a test with the program compiled and interpreted.
func ForEngines(t *testing.T, name string, f func(t *testing.T, r Runner)) {
	t.Helper()
	for engine, e := range map[string]sandbox.Engine{"compiler": sandbox.Compiler, "interpreter": sandbox.Interpreter} {
		t.Run(engine, func(t *testing.T) { f(t, New(t, name, e)) })
	}
}

// Run runs the program over a table. The run must succeed and take exactly the operations of the program's cost model.
func (r Runner) Run(t require.TestingT, rows *Table, length int, input []byte) sandbox.Result {
	want, err := r.Program.Cost.Operations(uint64(rows.Rows), uint32(len(rows.Values)), uint32(length))
	require.NoError(t, err)
	// The limit is the model's number, so a single operation more would fail.
	got, err := r.Try(rows, length, input, want)
	require.NoError(t, err)
	require.Equal(t, want, got.Operations, "%s, %d rows, %d columns, %d slots", r.Program.Name, rows.Rows, len(rows.Values), length)
	require.EqualValues(t, rows.Rows, got.Rows)
	return got
}

// Try runs the program over a table with a limit of operations. The run may fail.
func (r Runner) Try(rows *Table, length int, input []byte, limit uint64) (sandbox.Result, error) {
	shape := sandbox.Shape{Columns: len(rows.Values), Length: length}
	return r.Box.Run(context.Background(), r.Compiled, shape, input, rows.Source(), limit)
}
