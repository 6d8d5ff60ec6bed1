package programs_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/terms"
)

// bare runs a module, metered or not, with a host that only counts batches, so that only the module is measured.
type bare struct {
	run  api.Function
	left int
}

func newBare(b *testing.B, p programs.Program, code []byte, columns, length int, input []byte) *bare {
	b.Helper()
	ctx := context.Background()
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigCompiler())
	b.Cleanup(func() { _ = rt.Close(ctx) })
	x := &bare{}
	i, l := api.ValueTypeI32, api.ValueTypeI64
	types := func(t ...api.ValueType) []api.ValueType { return t }
	host := rt.NewHostModuleBuilder(metering.HostModule)
	define := func(name string, params, results []api.ValueType, f func(m api.Module, s []uint64)) {
		host.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(_ context.Context, m api.Module, s []uint64) { f(m, s) }), params, results).Export(name)
	}
	define("columns", nil, types(i), func(_ api.Module, s []uint64) { s[0] = uint64(columns) })
	define("length", nil, types(i), func(_ api.Module, s []uint64) { s[0] = uint64(length) })
	define("input", types(i, i), types(i), func(m api.Module, s []uint64) {
		m.Memory().Write(uint32(s[0]), input)
		s[0] = uint64(len(input))
	})
	define("next", nil, types(i), func(_ api.Module, s []uint64) {
		s[0] = 0
		if x.left > 0 {
			x.left--
			s[0] = terms.BatchRows
		}
	})
	// Some programs compute in place, so that every batch must be written again.
	values, valid := make([]byte, 8*terms.BatchRows), bytes.Repeat([]byte{1}, terms.BatchRows)
	define("read", types(i, i, i), nil, func(m api.Module, s []uint64) {
		m.Memory().Write(uint32(s[1]), values)
		m.Memory().Write(uint32(s[2]), valid)
	})
	// The instance is used again, which a sandbox never does: the next run begins with empty slots.
	define("emit", types(i, i), nil, func(m api.Module, s []uint64) { m.Memory().Write(uint32(s[0]), make([]byte, 8*uint32(s[1]))) })
	define("fail", types(i), nil, func(api.Module, []uint64) { panic("failed") })
	define(metering.ImportRefill, types(l), types(l), func(_ api.Module, s []uint64) { s[0] += 1 << 22 })
	_, err := host.Instantiate(ctx)
	require.NoError(b, err)
	m, err := rt.Instantiate(ctx, code)
	require.NoError(b, err)
	x.run = m.ExportedFunction(metering.ExportRun)
	return x
}

func (x *bare) time(b *testing.B, batches int) time.Duration {
	x.left = batches
	begin := time.Now()
	_, err := x.run.Call(b.Context())
	require.NoError(b, err)
	return time.Since(begin)
}

// maxOverhead is the largest allowed cost of metering: metered run time divided by plain run time.
const maxOverhead = 1.4

// BenchmarkOverhead runs each program plain and metered in turn, on a hundred thousand rows, and reports the ratio of the shortest times.
func BenchmarkOverhead(b *testing.B) {
	const batches, rounds = 100, 40
	for _, p := range programs.All() {
		if p.Kind == terms.VectorOneHot {
			continue // a run has one row
		}
		b.Run(p.Name, func(b *testing.B) {
			trials, err := costcheck.Trials(p)
			require.NoError(b, err)
			job := trials[3]
			if p.Name == "histogram" {
				job = costcheck.Trial{Columns: 1, Length: 103, Input: histogramInput(0, 1000)}
			}
			columns, length := job.Columns, job.Length
			metered, _, err := metering.Inject(p.Code, metering.DefaultLimits())
			require.NoError(b, err)
			plain := newBare(b, p, p.Code, columns, length, job.Input)
			counted := newBare(b, p, metered, columns, length, job.Input)
			ratio := 0.0
			for b.Loop() {
				best := [2]time.Duration{time.Hour, time.Hour}
				for range rounds {
					best[0] = min(best[0], plain.time(b, batches))
					best[1] = min(best[1], counted.time(b, batches))
				}
				ratio = float64(best[1]) / float64(best[0])
				operations, err := p.Cost.Operations(batches*terms.BatchRows, uint32(columns), uint32(length))
				require.NoError(b, err)
				b.ReportMetric(float64(operations)/best[1].Seconds()/1e6, "Mop/s")
			}
			b.ReportMetric(ratio, "metered/plain")
			b.ReportMetric(0, "ns/op")
			if ratio > maxOverhead {
				b.Fatalf("metering costs %.2f times the plain run, at most %.1f is allowed", ratio, maxOverhead)
			}
		})
	}
}
