package oracle_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/sandbox"
)

var update = flag.Bool("update", false, "write metering/testdata/golden.json")

const (
	testdata   = "../../metering/testdata"
	goldenFile = testdata + "/golden.json"
)

// golden is an entry of golden.json.
type golden struct {
	Name       string  `json:"name"`
	Limit      uint64  `json:"limit"`
	Outcome    string  `json:"outcome"`
	Fuel       uint64  `json:"fuel"`
	Operations uint64  `json:"operations"`
	Vector     []int64 `json:"vector"`
}

// source is the rows of the golden runs.
type source struct{ at int }

func (*source) Columns() int { return 1 }

func (s *source) Next(context.Context) (sandbox.Batch, error) {
	n := min(goldenRows-s.at, sandbox.MaxBatchRows)
	if n == 0 {
		return sandbox.Batch{}, io.EOF
	}
	c := sandbox.Column{}
	for range n {
		s.at++
		c.Values, c.Valid = append(c.Values, int64(s.at)), append(c.Valid, 1)
	}
	return sandbox.Batch{Rows: n, Columns: []sandbox.Column{c}}, nil
}

// vectorDiffers names the modules whose original gives another vector than the metered module, and why.
var vectorDiffers = map[string]string{
	"nan":            "the bits of NaNs are what the processor makes them",
	"memory_maximum": "the metered memory has a lower maximum",
	"table_maximum":  "the metered table has a maximum",
}

// compare runs a module in every way and returns what they agree on.
func compare(t *testing.T, boxes map[string]*sandbox.Sandbox, name string, code []byte, most uint64) golden {
	t.Helper()
	unweighted, _, err := metering.InjectUnweighted(code, metering.DefaultLimits())
	require.NoError(t, err)
	weighted, _, err := metering.Inject(code, metering.DefaultLimits())
	require.NoError(t, err)

	fuel := wasmtimeRun(t, code, false, most)
	plain := wasmtimeRun(t, unweighted, true, most)
	full := wasmtimeRun(t, weighted, true, most)

	g := golden{Name: name, Limit: most, Fuel: fuel.fuel, Operations: full.counted}
	switch {
	case full.negative:
		g.Outcome = "operations"
	case full.err != nil && full.depth > metering.MaxDepth:
		g.Outcome = "depth"
	case full.err != nil:
		g.Outcome = "trap"
	default:
		g.Outcome, g.Vector = "ok", full.vector
	}
	switch g.Outcome {
	case "ok":
		// This is the relation: what is counted without surcharges is wasmtime's fuel.
		require.NoError(t, fuel.err)
		require.NoError(t, plain.err)
		require.Equal(t, fuel.fuel, plain.counted, "%s: fuel and unweighted operations", name)
		require.Equal(t, fuel.rows, full.rows)
		if _, differs := vectorDiffers[name]; !differs {
			require.Equal(t, fuel.vector, full.vector, name)
		}
	case "trap", "operations":
		require.Error(t, fuel.err, name)
		// wasmtime leaves out the segment that traps, the injected code charges all of it.
		require.LessOrEqual(t, fuel.fuel, plain.counted, name)
	case "depth":
		// wasmtime limits the bytes of the stack, not the calls: its fuel says nothing about the metered run.
		g.Fuel = 0
	}
	for engine, box := range boxes {
		p, err := box.Compile(t.Context(), code)
		require.NoError(t, err)
		r, err := box.Run(t.Context(), p, sandbox.Shape{Columns: 1, Length: 4}, []byte(goldenInput), &source{}, most)
		require.Equal(t, g.Outcome, outcome(err), "%s, %s: %v", name, engine, err)
		require.Equal(t, g.Operations, r.Operations, "%s, %s", name, engine)
		require.Equal(t, g.Vector, r.Vector, "%s, %s", name, engine)
		require.NoError(t, p.Close(t.Context()))
	}
	return g
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, sandbox.ErrTrap):
		return "trap"
	case errors.Is(err, sandbox.ErrDepth):
		return "depth"
	case errors.Is(err, sandbox.ErrOperations):
		return "operations"
	}
	return err.Error()
}

func sandboxes(t *testing.T) map[string]*sandbox.Sandbox {
	t.Helper()
	boxes := map[string]*sandbox.Sandbox{}
	for name, engine := range map[string]sandbox.Engine{"compiler": sandbox.Compiler, "interpreter": sandbox.Interpreter} {
		box, err := sandbox.New(t.Context(), sandbox.Config{Engine: engine})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, box.Close(context.Background())) })
		boxes[name] = box
	}
	return boxes
}

// TestGolden compares the hand-written modules and checks or writes their golden values.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob(testdata + "/wasm/*.wasm")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 20)
	boxes := sandboxes(t)
	all := make([]golden, 0, len(files))
	for _, file := range files {
		code, err := os.ReadFile(file)
		require.NoError(t, err)
		name := strings.TrimSuffix(filepath.Base(file), ".wasm")
		most := limit
		if strings.HasPrefix(name, "endless") {
			most = 1_000_000
		}
		all = append(all, compare(t, boxes, name, code, most))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	require.NoError(t, enc.Encode(all))
	if *update {
		require.NoError(t, os.WriteFile(goldenFile, b.Bytes(), 0o644))
		return
	}
	want, err := os.ReadFile(goldenFile)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}
