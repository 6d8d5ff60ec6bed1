package costcheck_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
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
			trials, err := costcheck.Trials(p)
			require.NoError(t, err)
			r, err := costcheck.Measure(t.Context(), box, p.Code, trials, costcheck.Options{Rows: 2500, Seeds: 2, OneRow: p.Kind == terms.VectorOneHot})
			require.NoError(t, err)
			require.Equal(t, p.Cost, r.Model)
			counts := 9
			if p.Kind == terms.VectorOneHot {
				counts = 1
			}
			require.Equal(t, len(trials)*counts*11, r.Runs)
			require.Len(t, r.Lines, len(trials))
		})
	}
}

// module reads a program of testdata.
func module(t *testing.T, name string) []byte {
	t.Helper()
	code, err := os.ReadFile("testdata/" + name + ".wasm")
	require.NoError(t, err)
	return code
}

func trial(t *testing.T) []costcheck.Trial {
	t.Helper()
	p, err := programs.ByName("histogram")
	require.NoError(t, err)
	trials, err := costcheck.Trials(p)
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

// TestLabels: made-up rows of a column of labels hold none but their indices. A program that takes as many steps as the
// value it reads costs the same with one label, and not with two.
func TestLabels(t *testing.T) {
	box, o := newBox(t, sandbox.Compiler), costcheck.Options{Rows: costcheck.MinRows, Seeds: 2}
	for _, labels := range [][]string{{"a"}, {"a", "b"}} {
		input, err := fixedpoint.AppendHeader(nil, []fixedpoint.Column{fixedpoint.Labelled(labels, false)})
		require.NoError(t, err)
		_, err = costcheck.Measure(t.Context(), box, module(t, "branches"), []costcheck.Trial{{Columns: 1, Length: 1, Input: input}}, o)
		if len(labels) == 1 {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, costcheck.ErrDepends)
		}
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
	require.ErrorContains(t, err, "columns of the input: expected 2, got 1")
	_, err = costcheck.Measure(t.Context(), box, module(t, "flat"), trial(t), costcheck.Options{Rows: 2100, Seeds: 1, MaxOperations: 10})
	require.ErrorIs(t, err, sandbox.ErrOperations)
}
