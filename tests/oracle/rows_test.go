package oracle_test

import (
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/bytecodealliance/wasmtime-go/v37"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/metering"
	shipped "github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

// oneRow is a source of a single row.
type oneRow struct {
	cells []int64
	valid []byte
	done  bool
}

func (r *oneRow) Columns() int { return len(r.cells) }

func (r *oneRow) Next(context.Context) (sandbox.Batch, error) {
	if r.done {
		return sandbox.Batch{}, io.EOF
	}
	r.done = true
	b := sandbox.Batch{Rows: 1}
	for i, v := range r.cells {
		b.Columns = append(b.Columns, sandbox.Column{Values: []int64{v}, Valid: []byte{r.valid[i]}})
	}
	return b, nil
}

// wasmtimeRow runs a row program over one row in wasmtime, with fuel if it is the original. It returns the slots and what the row used.
func wasmtimeRow(t *testing.T, code []byte, metered bool, form metering.RowForm, trial costcheck.Trial, row oneRow) (slots []int64, used uint64, failed bool) {
	t.Helper()
	cfg := wasmtime.NewConfig()
	cfg.SetConsumeFuel(!metered)
	engine := wasmtime.NewEngineWithConfig(cfg)
	store := wasmtime.NewStore(engine)
	if !metered {
		require.NoError(t, store.SetFuel(limit))
	}
	module, err := wasmtime.NewModule(engine, code)
	require.NoError(t, err)
	h := &host{random: rand.NewChaCha8([32]byte{}), grant: int64(limit)}
	linker := wasmtime.NewLinker(engine)
	require.NoError(t, h.define(linker, store))
	instance, err := linker.Instantiate(store, module)
	require.NoError(t, err)
	memory := instance.GetExport(store, metering.ExportMemory).Memory().UnsafeData(store)
	put := binary.LittleEndian
	put.PutUint32(memory[metering.RowColumns:], uint32(trial.Columns))
	put.PutUint32(memory[metering.RowSlots:], uint32(trial.Length))
	put.PutUint32(memory[metering.RowInputBytes:], uint32(len(trial.Input)))
	copy(memory[metering.RowInput:], trial.Input)
	if metered {
		mask := wasmtime.ValI32(int32(form.Window(trial.Length) - 1))
		require.NoError(t, instance.GetExport(store, metering.ExportMask).Global().Set(store, mask))
	}
	spent := func() uint64 {
		if metered {
			return limit - uint64(h.grant) - uint64(instance.GetExport(store, metering.ExportOperations).Global().Get(store).I64())
		}
		left, err := store.GetFuel()
		require.NoError(t, err)
		return limit - left
	}
	if f := instance.GetFunc(store, metering.ExportInitialize); f != nil {
		_, err := f.Call(store)
		require.NoError(t, err)
	}
	before := spent()
	for i, v := range row.cells {
		put.PutUint64(memory[metering.RowCells+8*i:], uint64(v))
		memory[metering.RowValid+i] = row.valid[i]
	}
	_, err = instance.GetFunc(store, metering.ExportRow).Call(store)
	used = spent() - before
	for i := range trial.Length {
		slots = append(slots, int64(put.Uint64(memory[int(form.Base)+8*i:])))
	}
	return slots, used, err != nil
}

// TestRowPrograms compares the row programs that ship, over rows of several kinds: the metered program gives in wasmtime the slots of the original and
// counts its fuel, and the sandbox gives the same slots and operations in both engines.
func TestRowPrograms(t *testing.T) {
	boxes := sandboxes(t)
	for _, p := range shipped.Rows() {
		t.Run(p.Name, func(t *testing.T) {
			form, err := metering.Inspect(p.Code, metering.DefaultLimits())
			require.NoError(t, err)
			metered, _, err := metering.Inject(p.Code, metering.DefaultLimits())
			require.NoError(t, err)
			trials, err := costcheck.Trials(p)
			require.NoError(t, err)
			draw, ran := rand.New(rand.NewPCG(1, 2)), 0
			for _, trial := range trials {
				for range 5 {
					row := oneRow{cells: make([]int64, trial.Columns), valid: make([]byte, trial.Columns)}
					for i := range row.cells {
						if draw.IntN(5) > 0 {
							row.cells[i], row.valid[i] = draw.Int64N(2), 1
							if i > 0 {
								row.cells[i] = draw.Int64N(1 << 10)
							}
						}
					}
					slots, fuel, failed := wasmtimeRow(t, p.Code, false, *form, trial, row)
					got, counted, trapped := wasmtimeRow(t, metered, true, *form, trial, row)
					require.Equal(t, failed, trapped)
					if failed {
						continue
					}
					ran++
					require.Equal(t, slots, got)
					require.Equal(t, fuel, counted)
					slots[0] = 1
					const most = 1 << 60
					base, granted, err := p.Cost.RowOperations(uint32(trial.Columns), uint32(trial.Length))
					require.NoError(t, err)
					for engine, box := range boxes {
						compiled, err := box.Compile(t.Context(), p.Code)
						require.NoError(t, err)
						r, err := box.RunRows(t.Context(), compiled, sandbox.RowJob{
							Shape: sandbox.Shape{Columns: trial.Columns, Length: trial.Length}, Input: trial.Input, Base: base, Row: granted,
							Ranges: terms.Ranges{{Count: 1, High: 1}, {Count: uint32(trial.Length - 1), Low: -most, High: most}},
						}, &row)
						require.NoError(t, err)
						row.done = false
						require.Equal(t, slots, r.Vector, engine)
						require.Equal(t, counted+form.Overhead(trial.Columns, trial.Length), r.Report.Most, engine)
						require.NoError(t, compiled.Close(t.Context()))
					}
				}
			}
			require.Greater(t, ran, len(trials))
		})
	}
}
