package metering_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/sandbox"
)

// golden is an entry of golden.json: how a module of testdata runs in wasmtime, as tests/oracle has found.
type golden struct {
	Name       string  `json:"name"`
	Limit      uint64  `json:"limit"`
	Outcome    string  `json:"outcome"` // ok, trap, depth or operations
	Fuel       uint64  `json:"fuel"`
	Operations uint64  `json:"operations"`
	Vector     []int64 `json:"vector"`
}

// The run that the golden values belong to: one column with the values 1 to 1500, four slots, eight bytes of input.
const (
	goldenRows  = 1500
	goldenInput = "alita-in"
)

type counting struct{ at int }

func (*counting) Columns() int { return 1 }

func (s *counting) Next(context.Context) (sandbox.Batch, error) {
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

// TestGolden compares compiler and interpreter with the committed counts, outcomes and vectors.
func TestGolden(t *testing.T) {
	b, err := os.ReadFile("testdata/golden.json")
	require.NoError(t, err)
	var all []golden
	require.NoError(t, json.Unmarshal(b, &all))
	files, err := filepath.Glob("testdata/wasm/*.wasm")
	require.NoError(t, err)
	require.Len(t, all, len(files), "a module without golden values; run tests/oracle with -update")
	require.GreaterOrEqual(t, len(all), 20)

	for name, engine := range map[string]sandbox.Engine{"compiler": sandbox.Compiler, "interpreter": sandbox.Interpreter} {
		t.Run(name, func(t *testing.T) {
			box, err := sandbox.New(t.Context(), sandbox.Config{Engine: engine})
			require.NoError(t, err)
			defer box.Close(context.Background())
			for _, g := range all {
				code, err := os.ReadFile("testdata/wasm/" + g.Name + ".wasm")
				require.NoError(t, err)
				p, err := box.Compile(t.Context(), code)
				require.NoError(t, err, g.Name)
				r, err := box.Run(t.Context(), p, sandbox.Shape{Columns: 1, Length: 4}, []byte(goldenInput), &counting{}, g.Limit)
				require.Equal(t, g.Outcome, outcome(err), "%s: %v", g.Name, err)
				require.Equal(t, g.Operations, r.Operations, g.Name)
				require.Equal(t, g.Vector, r.Vector, g.Name)
				if g.Outcome == "ok" {
					require.GreaterOrEqual(t, g.Operations, g.Fuel, g.Name)
				}
			}
		})
	}
}

// TestSurcharges compares the costs beyond wasmtime's fuel with numbers worked out by hand from the sources in testdata/wat.
func TestSurcharges(t *testing.T) {
	const call = 256 // of alita.emit, in every module
	want := map[string]uint64{
		"loops":          call,
		"bulk":           call + 6*64 + 250 + 15 + 16 + 0 + 160 + 17,
		"memory_grow":    call + 4*256 + 196608*(0+2+3+2000),
		"memory_maximum": call + 3*256 + 196608*(1022+2+1),
		"tables":         call + 2*256 + 256 + 24*100 + 3*64 + 17 + 16 + 2,
		"table_maximum":  call + 3*256 + 24*(65532+1+4294967295),
		"host":           call + 256 + 256 + (256 + 16384) + 3*256 + 2*(256+6144),
	}
	b, err := os.ReadFile("testdata/golden.json")
	require.NoError(t, err)
	var all []golden
	require.NoError(t, json.Unmarshal(b, &all))
	for _, g := range all {
		if w, ok := want[g.Name]; ok {
			require.Equal(t, w, g.Operations-g.Fuel, g.Name)
			delete(want, g.Name)
		} else if g.Outcome == "ok" && !strings.HasPrefix(g.Name, "trap") {
			require.Equal(t, uint64(call), g.Operations-g.Fuel, g.Name)
		}
	}
	require.Empty(t, want)
}
