package keeper_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
)

// wasmModule is the smallest program, with parts to spoil. Section contents are
// written by hand from the WebAssembly binary format.
type wasmModule struct {
	types, imports, memory, start, body []byte
	exports                             []byte
}

func smallest() wasmModule {
	return wasmModule{
		types:   []byte{1, 0x60, 0, 0},
		memory:  []byte{1, 0, 1},
		exports: append(append([]byte{2}, export("memory", 2, 0)...), export("run", 0, 0)...),
		body:    nil,
	}
}

func export(name string, kind, index byte) []byte {
	return append(append([]byte{byte(len(name))}, name...), kind, index)
}

func section(id byte, content []byte) []byte {
	if content == nil {
		return nil
	}
	return append(binary.AppendUvarint([]byte{id}, uint64(len(content))), content...)
}

func (m wasmModule) bytes() []byte {
	body := append(append([]byte{0}, m.body...), 0x0b)
	code := append(binary.AppendUvarint([]byte{1}, uint64(len(body))), body...)
	return bytes.Join([][]byte{
		[]byte("\x00asm\x01\x00\x00\x00"),
		section(1, m.types), section(2, m.imports), section(3, []byte{1, 0}), section(5, m.memory),
		section(7, m.exports), section(8, m.start), section(10, code),
	}, nil)
}

func with(change func(m *wasmModule)) []byte {
	m := smallest()
	change(&m)
	return m.bytes()
}

// badCode returns modules that the chain refuses as programs.
func badCode() map[string][]byte {
	return map[string][]byte{
		"no code":         nil,
		"not WebAssembly": []byte("#!/bin/sh\n"),
		"truncated":       smallest().bytes()[:20],
		"trailing byte":   append(smallest().bytes(), 0),
		"SIMD": with(func(m *wasmModule) {
			m.body = append(append([]byte{0xfd, 0x0c}, make([]byte, 16)...), 0x1a) // v128.const, drop
		}),
		"threads": with(func(m *wasmModule) { m.body = []byte{0xfe, 0x03, 0x00} }), // atomic.fence
		"foreign import": with(func(m *wasmModule) {
			m.imports = []byte("\x01\x03env\x04time\x00\x00")
			m.exports = append(append([]byte{2}, export("memory", 2, 0)...), export("run", 0, 1)...)
		}),
		"a float in a signature": with(func(m *wasmModule) {
			m.types = []byte{2, 0x60, 0, 0, 0x60, 1, 0x7c, 0}
			m.imports = []byte("\x01\x05alita\x04fail\x00\x01")
			m.exports = append(append([]byte{2}, export("memory", 2, 0)...), export("run", 0, 1)...)
		}),
		"start function": with(func(m *wasmModule) { m.start = []byte{0} }),
		"1 GiB of memory": with(func(m *wasmModule) {
			m.memory = binary.AppendUvarint([]byte{1, 0}, 16384)
		}),
		"no memory": with(func(m *wasmModule) {
			m.memory = nil
			m.exports = append([]byte{1}, export("run", 0, 0)...)
		}),
		"no run": with(func(m *wasmModule) { m.exports = append([]byte{1}, export("memory", 2, 0)...) }),
		"reserved name": with(func(m *wasmModule) {
			m.exports = append([]byte{3}, append(m.exports[1:], export("__alita_x", 0, 0)...)...)
		}),
		"2 MiB and a byte": make([]byte, 2<<20+1),
	}
}

func TestStoreProgramAcceptsTheSmallest(t *testing.T) {
	f := newFixture(t)
	msg := momentsMsg(t)
	msg.Code = smallest().bytes()
	res, err := f.msg.StoreProgram(f.ctx, msg)
	require.NoError(t, err)
	require.Equal(t, terms.ProgramID(msg.Code), res.ProgramId)
}

func TestStoreProgramRefusesCode(t *testing.T) {
	f := newFixture(t)
	for name, code := range badCode() {
		t.Run(name, func(t *testing.T) {
			msg := momentsMsg(t)
			msg.Code = code
			before := f.state()
			_, err := f.msg.StoreProgram(f.ctx, msg)
			require.ErrorIs(t, err, types.ErrInvalidCode)
			require.True(t, before == f.state(), "the state changed")
		})
	}
}

func TestStoreProgramRefuses(t *testing.T) {
	tests := map[string]struct {
		spoil func(m *types.MsgStoreProgram)
		want  error
		says  string
	}{
		"not an address":       {func(m *types.MsgStoreProgram) { m.Author = "x" }, types.ErrInvalidAddress, "author"},
		"no name":              {func(m *types.MsgStoreProgram) { m.Name = "" }, types.ErrInvalidProgram, "1 to 64"},
		"long name":            {func(m *types.MsgStoreProgram) { m.Name = strings.Repeat("ä", 65) }, types.ErrInvalidProgram, "1 to 64"},
		"name of two lines":    {func(m *types.MsgStoreProgram) { m.Name = "a\nb" }, types.ErrInvalidProgram, "printed characters"},
		"long description":     {func(m *types.MsgStoreProgram) { m.Description = strings.Repeat("d", 4097) }, types.ErrInvalidProgram, "at most 4096"},
		"description no UTF-8": {func(m *types.MsgStoreProgram) { m.Description = "\xff" }, types.ErrInvalidProgram, "UTF-8"},
		"no kind":              {func(m *types.MsgStoreProgram) { m.Kind = 0 }, types.ErrInvalidProgram, "expected sum, histogram or one_hot, got kind 0"},
		"unknown kind":         {func(m *types.MsgStoreProgram) { m.Kind = 4 }, types.ErrInvalidProgram, "expected sum, histogram or one_hot, got kind 4"},
		"wide one-hot slots":   {func(m *types.MsgStoreProgram) { m.Kind = types.VECTOR_KIND_ONE_HOT }, types.ErrInvalidProgram, "bits: expected 1 for one_hot"},
		"no bits":              {func(m *types.MsgStoreProgram) { m.Bits = 0 }, types.ErrInvalidProgram, "1 to 63"},
		"64 bits":              {func(m *types.MsgStoreProgram) { m.Bits = 64 }, types.ErrInvalidProgram, "1 to 63"},
		"no columns":           {func(m *types.MsgStoreProgram) { m.Shape.MinColumns = 0 }, types.ErrInvalidProgram, "1 to 64"},
		"65 columns":           {func(m *types.MsgStoreProgram) { m.Shape.MaxColumns = 65 }, types.ErrInvalidProgram, "1 to 64"},
		"columns swapped":      {func(m *types.MsgStoreProgram) { m.Shape.MinColumns, m.Shape.MaxColumns = 2, 1 }, types.ErrInvalidProgram, "smaller first"},
		"no length":            {func(m *types.MsgStoreProgram) { m.Shape.LengthPerColumn = 0 }, types.ErrInvalidProgram, "1 to 4096"},
		"two lengths":          {func(m *types.MsgStoreProgram) { m.Shape.MaxLength = 1 }, types.ErrInvalidProgram, "expected 0"},
		"chosen length 4097":   {func(m *types.MsgStoreProgram) { m.Shape.LengthPerColumn, m.Shape.MaxLength = 0, 4097 }, types.ErrInvalidProgram, "1 to 4096"},
		"length 65 a column":   {func(m *types.MsgStoreProgram) { m.Shape.LengthPerColumn = 65 }, types.ErrInvalidProgram, "at most 4096"},
		"length that wraps":    {func(m *types.MsgStoreProgram) { m.Shape.LengthPerColumn = 1 << 26 }, types.ErrInvalidProgram, "at most 4096"},
		"free":                 {func(m *types.MsgStoreProgram) { m.Cost = types.CostModel{} }, types.ErrInvalidProgram, "at least 1 operation"},
		"free without rows":    {func(m *types.MsgStoreProgram) { m.Cost.Base = types.Cost{} }, types.ErrInvalidProgram, "at least 1 operation"},
		"cost that overflows":  {func(m *types.MsgStoreProgram) { m.Cost.PerRow.PerColumn = math.MaxUint64 / 64 }, types.ErrOverflow, "2^64"},
		"base that overflows":  {func(m *types.MsgStoreProgram) { m.Cost.Base = types.Cost{Constant: math.MaxUint64, PerColumn: 1} }, types.ErrOverflow, "2^64"},
		"stored already":       {func(m *types.MsgStoreProgram) {}, types.ErrProgramExists, "use it as it is"},
		"stored under a name":  {func(m *types.MsgStoreProgram) { m.Name = "mine" }, types.ErrProgramExists, "use it as it is"},
	}
	f := newFixture(t)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			msg := momentsMsg(t)
			tc.spoil(msg)
			before := f.state()
			_, err := f.msg.StoreProgram(f.ctx, msg)
			require.ErrorIs(t, err, tc.want)
			require.ErrorContains(t, err, tc.says)
			require.True(t, before == f.state(), "the state changed")
		})
	}
}

// Each byte of code costs gas, before it is looked at.
func TestStoreProgramChargesByTheByte(t *testing.T) {
	f := newFixture(t)
	for _, size := range []int{1 << 10, 1 << 20} {
		ctx := f.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		msg := momentsMsg(t)
		msg.Code = make([]byte, size)
		_, err := f.msg.StoreProgram(ctx, msg)
		require.ErrorIs(t, err, types.ErrInvalidCode)
		require.GreaterOrEqual(t, ctx.GasMeter().GasConsumed(), uint64(size*keeper.CheckGasPerByte))
	}
}

func TestUpdateParams(t *testing.T) {
	f := newFixture(t)
	params := testParams()
	params.MaxCohort = 7
	_, err := f.msg.UpdateParams(f.ctx, &types.MsgUpdateParams{Authority: bech(account("eve")), Params: params})
	require.ErrorContains(t, err, "invalid authority")
	_, err = f.msg.UpdateParams(f.ctx, &types.MsgUpdateParams{Authority: f.authority})
	require.ErrorIs(t, err, types.ErrInvalidParams)
	_, err = f.msg.UpdateParams(f.ctx, &types.MsgUpdateParams{Authority: f.authority, Params: params})
	require.NoError(t, err)
	res, err := f.query.Params(f.ctx, &types.QueryParamsRequest{})
	require.NoError(t, err)
	require.Equal(t, params, res.Params)
	require.NotEmpty(t, f.auth.GetModuleAddress(authtypes.FeeCollectorName))
}

// For any bytes: the chain stores a module that passes the static checks, refuses
// every other one without a trace, and never panics.
func FuzzStoreProgram(f *testing.F) {
	for _, p := range programs.All() {
		f.Add(p.Code)
	}
	f.Add(smallest().bytes())
	for _, code := range badCode() {
		if len(code) < 1<<16 {
			f.Add(code)
		}
	}
	fix := newFixture(f)
	f.Fuzz(func(t *testing.T, code []byte) {
		msg := momentsMsg(t)
		msg.Code = code
		ctx, _ := fix.ctx.CacheContext()
		_, err := fix.msg.StoreProgram(ctx, msg)
		allowed := metering.Check(code, metering.DefaultLimits()) == nil
		if stored := err == nil; stored != (allowed && terms.ProgramID(code) != fix.program) {
			t.Fatalf("allowed %t, got %v", allowed, err)
		}
		if err == nil {
			got, err := fix.keeper.Code.Get(ctx, terms.ProgramID(code))
			require.NoError(t, err)
			require.Equal(t, code, got)
			require.NoError(t, fix.keeper.Invariants(ctx))
		}
	})
}
