package metering_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/alita-network/alita/metering"
)

// FuzzCheck changes modules. Check returns for every sequence of bytes. An engine's own validator accepts every module that Check
// accepts, before and after the injection. A second injection gives the same bytes.
func FuzzCheck(f *testing.F) {
	for _, code := range accepted(f) {
		f.Add(code)
	}
	f.Add(rowProgram(0x41, 0, 0x42, 1, 0x37, 3, 5).encode())
	for _, m := range append(refusedModules(), refusedRowModules()...) {
		if len(m.code) < 1<<16 {
			f.Add(m.code)
		}
	}
	limits := metering.DefaultLimits()
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().
		WithCoreFeatures(api.CoreFeaturesV2&^api.CoreFeatureSIMD))
	f.Cleanup(func() { _ = runtime.Close(ctx) })
	f.Fuzz(func(t *testing.T, code []byte) {
		err := metering.Check(code, limits)
		if err != nil {
			require.IsType(t, &metering.Error{}, err)
			return
		}
		form, err := metering.Inspect(code, limits)
		require.NoError(t, err)
		if form != nil {
			require.Zero(t, form.Base&(form.Largest-1))
			require.Positive(t, form.MaxSlots())
			require.LessOrEqual(t, form.Window(form.MaxSlots()), form.Largest)
		}
		metered, stats, err := metering.Inject(code, limits)
		require.NoError(t, err)
		require.Equal(t, form, stats.Row)
		require.Equal(t, len(metered), stats.BytesOut)
		again, _, err := metering.Inject(code, limits)
		require.NoError(t, err)
		require.Equal(t, metered, again)
		for _, b := range [][]byte{code, metered} {
			m, err := runtime.CompileModule(ctx, b)
			if err != nil && strings.Contains(err.Error(), "custom section") {
				continue // wazero reads the names; the specification says that errors in them do not count
			}
			require.NoError(t, err)
			require.NoError(t, m.Close(ctx))
		}
	})
}
