package bench_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/testutil/programtest"
)

// priced is a loop around an instruction that has a surcharge, with what its module needs.
type priced struct {
	name         string
	pages, table int    // memory and table at the start
	passive      int    // bytes of the data segment, entries of the element segment
	turns        int    // of the loop
	code         []byte // of a turn
	instructions int    // in it that cost one
	surcharge    int    // of a turn
}

// loopOperations is what the loop itself executes: local.get, i32.const, i32.sub, local.tee and br_if.
const loopOperations = 5

func (p priced) operations() int { return loopOperations + p.instructions + p.surcharge }

func leb(n int) []byte { return binary.AppendUvarint(nil, uint64(n)) }

// constant is an i32.const.
func constant(n int) []byte {
	out := []byte{0x41}
	for {
		b := byte(n & 0x7f)
		n >>= 7
		if n == 0 && b&0x40 == 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}

// module is a program that does so many turns and emits the zero at address 0.
func (p priced) module(turns int) []byte {
	vector := func(entries ...[]byte) []byte { return append(leb(len(entries)), slices.Concat(entries...)...) }
	name := func(text string) []byte { return append(leb(len(text)), text...) }
	out := []byte("\x00asm\x01\x00\x00\x00")
	section := func(id byte, contents []byte) { out = slices.Concat(out, []byte{id}, leb(len(contents)), contents) }
	types, imports := [][]byte{{0x60, 0, 0}}, [][]byte(nil)
	for i, f := range hostCalls {
		types = append(types, slices.Concat([]byte{0x60}, f.signature))
		imports = append(imports, slices.Concat(name(f.module), name(f.name), []byte{0}, leb(i+1)))
	}
	section(1, vector(types...))
	section(2, vector(imports...))
	section(3, vector([]byte{0}))
	section(4, vector(slices.Concat([]byte{0x70, 0}, leb(p.table))))
	section(5, vector(slices.Concat([]byte{0}, leb(p.pages))))
	section(7, vector(append(name(metering.ExportMemory), 2, 0), append(name(metering.ExportRun), 0, byte(len(hostCalls)))))
	section(9, vector(slices.Concat([]byte{1, 0}, leb(p.passive), slices.Repeat(leb(len(hostCalls)), p.passive))))
	section(12, []byte{1})
	code := []byte{1, 1, 0x7f, 0x10, 1, 0x1a} // a counter; next, drop
	if turns > 0 {
		code = slices.Concat(code, constant(turns), []byte{0x21, 0, 0x03, 0x40}, p.code, []byte{0x20, 0}, constant(1), []byte{0x6b, 0x22, 0, 0x0d, 0, 0x0b})
	}
	code = slices.Concat(code, constant(0), constant(1), []byte{0x10, 0, 0x0b})
	section(10, vector(slices.Concat(leb(len(code)), code)))
	section(11, vector(slices.Concat([]byte{1}, leb(p.passive), make([]byte, p.passive))))
	return out
}

// hostCall is a function of the host and the dearest call of it that a program can repeat.
type hostCall struct {
	module, name string
	signature    []byte // as the type section has it
	size         string
	bytes        int // that are written
	arguments    [][]byte
	surcharge    int
}

// hostCalls are imported in this order. Functions that do nothing are left out.
var hostCalls = func() []hostCall {
	const i, l, wasi = 0x7f, 0x7e, metering.WASIModule
	at := constant(65536)
	return []hostCall{
		{metering.HostModule, "emit", []byte{2, i, i, 0}, "", 0, nil, metering.CostHostCall},
		{metering.HostModule, "next", []byte{0, 1, i}, ", after the last batch", 0, nil, metering.CostHostCall},
		{
			metering.HostModule, "read",
			[]byte{3, i, i, i, 0},
			", 1,024 rows", 9216,
			[][]byte{constant(0), at, constant(32768)},
			metering.CostHostCall + metering.CostHostRead,
		},
		{metering.HostModule, "input", []byte{2, i, i, 1, i}, ", 65,536 bytes", 65536, [][]byte{at, at}, metering.CostHostCall + metering.CostHostInput},
		{metering.HostModule, "columns", []byte{0, 1, i}, "", 0, nil, metering.CostHostCall},
		{wasi, "clock_time_get", []byte{3, i, l, i, 1, i}, "", 8, [][]byte{constant(0), {0x42, 0}, at}, metering.CostHostCall},
		{
			wasi, "fd_write",
			[]byte{4, i, i, i, i, 1, i},
			", 64 buffers", 4,
			[][]byte{constant(1), at, constant(64), constant(0)},
			metering.CostHostCall + metering.CostHostWrite,
		},
		{
			wasi, "poll_oneoff",
			[]byte{4, i, i, i, i, 1, i},
			", 64 events", 64 * 32,
			[][]byte{at, constant(32768), constant(64), constant(0)},
			metering.CostHostCall + metering.CostHostPoll,
		},
		{wasi, "random_get", []byte{2, i, i, 1, i}, ", 1,024 bytes", 1024, [][]byte{at, constant(1024)}, metering.CostHostCall + metering.CostHostRandom},
	}
}()

// pricedLoops are loops around the instructions that have a surcharge, from small sizes to large ones.
func pricedLoops() []priced {
	var all []priced
	null, function, drop := []byte{0xd0, 0x70}, slices.Concat([]byte{0xd2}, leb(len(hostCalls))), []byte{0x1a}
	turns := func(bytes int) int { return max(4, min(200_000, (256<<20)/max(bytes, 1))) }
	add := func(name string, p priced, instructions, surcharge int, code ...[]byte) {
		p.name, p.code, p.instructions, p.surcharge, p.pages = name, slices.Concat(code...), instructions, surcharge, max(p.pages, 1)
		all = append(all, p)
	}
	for _, n := range []int{0, 63, 8 << 10, 1 << 20, 24 << 20} {
		half := (n + metering.PageSize - 1) / metering.PageSize * metering.PageSize
		p, of := priced{turns: turns(n), pages: 2 * half / metering.PageSize}, ", "+thousands(n)+" bytes"
		surcharge := metering.CostBulk + n/metering.BulkBytesPerOperation
		add("memory.fill"+of, p, 4, surcharge, constant(0), constant(0), constant(n), []byte{0xfc, 11, 0})
		add("memory.copy"+of, p, 4, surcharge, constant(half), constant(0), constant(n), []byte{0xfc, 10, 0, 0})
		if n <= 8<<10 {
			p.passive = n
			add("memory.init"+of, p, 4, surcharge, constant(0), constant(0), constant(n), []byte{0xfc, 8, 0, 0})
		}
	}
	whole := 1024 * metering.PageSize
	add("memory.fill, the whole memory, once", priced{turns: 1, pages: 1024}, 4, metering.CostBulk+whole/metering.BulkBytesPerOperation,
		constant(0), constant(0), constant(whole), []byte{0xfc, 11, 0})
	for _, n := range []int{0, 1, 4, 16, 64, 256, 1023} {
		p := priced{turns: 1023 / max(n, 1)}
		if n == 0 {
			p.turns = turns(0)
		}
		add("memory.grow by "+thousands(n)+" pages", p, 2, metering.CostGrow+n*metering.CostPage, constant(n), []byte{0x40, 0}, drop)
	}
	for _, n := range []int{0, 7, 512, 65536} {
		p, of := priced{turns: turns(8 * n), table: max(n, 1)}, ", "+thousands(n)+" elements"
		surcharge := metering.CostBulk + n*metering.CostElement
		add("table.fill"+of, p, 4, surcharge, constant(0), null, constant(n), []byte{0xfc, 17, 0})
		add("table.copy"+of, p, 4, surcharge, constant(0), constant(0), constant(n), []byte{0xfc, 14, 0, 0})
		p.passive = n
		add("table.init"+of, p, 4, surcharge, constant(0), constant(0), constant(n), []byte{0xfc, 12, 0, 0})
	}
	for _, n := range []int{0, 1, 7, 512, 8192, 65536} {
		add("table.grow by "+thousands(n), priced{turns: 65536 / max(n, 1)}, 3, metering.CostGrow+n*metering.CostNewElement,
			null, constant(n), []byte{0xfc, 15, 0}, drop)
	}
	add("ref.func", priced{turns: turns(0)}, 1, metering.CostReference, function, drop)
	for i, f := range hostCalls {
		if f.name == "emit" {
			continue // a run calls it once
		}
		call := slices.Concat([]byte{0x10}, leb(i))
		if f.signature[len(f.signature)-2] == 1 {
			call = append(call, drop...)
		}
		add(f.module+"."+f.name+f.size, priced{turns: turns(f.bytes), pages: 4}, len(f.arguments)+1, f.surcharge, slices.Concat(f.arguments...), call)
	}
	// Each turn writes to pages that the system has not yet cleared.
	within := func(bytes int) []byte { return slices.Concat([]byte{0x20, 0}, constant(bytes), []byte{0x6c}) }
	const three, sixteen = 12288, 65536
	add("alita.read, 1,024 rows, the whole memory, once", priced{turns: whole/three - 2, pages: 1024}, 10, metering.CostHostCall+metering.CostHostRead,
		constant(0), within(three), within(three), constant(8192), []byte{0x6a, 0x10, 2})
	add("alita.input, 65,536 bytes, the whole memory, once", priced{turns: whole/sixteen - 1, pages: 1024}, 5, metering.CostHostCall+metering.CostHostInput,
		within(sixteen), constant(sixteen), []byte{0x10, 3}, drop)
	return all
}

// leastOf is the least CPU time of an operation over samples: what other work on the machine adds is left out as well as can be.
func leastOf(samples int, op func()) time.Duration {
	least := cpuOf(1, op)
	for range samples - 1 {
		least = min(least, cpuOf(1, op))
	}
	return least
}

// runner compiles a program and returns a function that runs it over a table and returns the operations.
func runner(tb testing.TB, box *sandbox.Sandbox, code []byte, shape sandbox.Shape, input []byte, table *programtest.Table) func() int {
	tb.Helper()
	p, err := box.Compile(context.Background(), code)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = p.Close(context.Background()) })
	return func() int {
		r, err := box.Run(context.Background(), p, shape, input, table.Source(), metering.MaxOperations)
		require.NoError(tb, err)
		return int(r.Operations)
	}
}

// loop returns a function that runs the loop with so many turns.
func (p priced) loop(tb testing.TB, box *sandbox.Sandbox, turns int) func() int {
	tb.Helper()
	return runner(tb, box, p.module(turns), sandbox.Shape{Columns: 1, Length: 1}, make([]byte, metering.MaxInputBytes),
		programtest.Random(1, metering.MaxBatchRows, 1, 10, 0.5))
}

// enginesOf returns a sandbox that compiles and one that interprets.
func enginesOf(tb testing.TB) [2]*sandbox.Sandbox {
	tb.Helper()
	var boxes [2]*sandbox.Sandbox
	for i, e := range []sandbox.Engine{sandbox.Compiler, sandbox.Interpreter} {
		box, err := sandbox.New(tb.Context(), sandbox.Config{Engine: e})
		require.NoError(tb, err)
		tb.Cleanup(func() { _ = box.Close(context.Background()) })
		boxes[i] = box
	}
	return boxes
}

// typical are the nanoseconds of an operation in each program that ships, in the shapes of its trials but the two smallest, in ascending order.
func typical(tb testing.TB, box *sandbox.Sandbox, samples, rows int) []float64 {
	tb.Helper()
	var all []float64
	for _, p := range programs.All() {
		if p.Kind == terms.VectorOneHot {
			continue // a run has one row
		}
		trials, err := costcheck.Trials(p)
		require.NoError(tb, err)
		for _, t := range trials[2:] {
			table := programtest.Random(1, rows, t.Columns, 10, 0.05)
			if p.Name == "logistic" {
				for i := range table.Values[0] {
					table.Values[0][i] &= 1
				}
			}
			run := runner(tb, box, p.Code, sandbox.Shape{Columns: t.Columns, Length: t.Length}, t.Input, table)
			operations := run()
			all = append(all, float64(leastOf(samples, func() { run() }))/float64(operations))
		}
	}
	slices.Sort(all)
	return all
}

// BenchmarkPrices measures the instructions that have a surcharge against the programs that ship.
func BenchmarkPrices(b *testing.B) {
	for b.Loop() {
		boxes := enginesOf(b)
		t := newTable("", "operations", "ns, compiled", "ns an operation", "against typical", "ns, interpreted", "ns an operation", "against typical")
		var usual [2]float64
		compiled, interpreted := typical(b, boxes[0], *runs, 100_000), typical(b, boxes[1], *runs, 4_000)
		for _, q := range []struct {
			name string
			at   float64
		}{{"the program that ships with the cheapest operations", 0}, {"typical: the median program", 0.5}, {"the one with the dearest", 1}} {
			at := int(q.at * float64(len(compiled)-1))
			if q.at == 0.5 {
				usual = [2]float64{compiled[at], interpreted[at]}
			}
			t.row(q.name, "", "", fmt.Sprintf("%.2f", compiled[at]), "", "", fmt.Sprintf("%.1f", interpreted[at]), "")
		}
		for _, p := range pricedLoops() {
			cells := []string{p.name, thousands(p.operations())}
			for i, box := range boxes {
				turns := p.turns
				if i == 1 && turns > 4 && p.surcharge < metering.CostPage {
					turns /= 4
				}
				full, idle := p.loop(b, box, turns), p.loop(b, box, 0)
				took := leastOf(*runs, func() { full() }) - leastOf(*runs, func() { idle() })
				each := float64(took) / float64(turns)
				one := each / float64(p.operations())
				cells = append(cells, thousands(int(each)), fmt.Sprintf("%.2f", one), fmt.Sprintf("%.2f", one/usual[i]))
			}
			t.row(cells...)
		}
		report(b, "prices", t)
	}
}

// TestPrices: what the benchmark divides by is what both engines count.
func TestPrices(t *testing.T) {
	boxes := enginesOf(t)
	for _, p := range pricedLoops() {
		for _, box := range boxes {
			turns := min(p.turns, 3)
			const setup = 2 // the constant and local.set before the loop
			require.Equal(t, setup+turns*p.operations(), p.loop(t, box, turns)()-p.loop(t, box, 0)(), p.name)
		}
	}
}
