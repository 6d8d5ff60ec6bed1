package bench_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/internal/benchtable"
)

// TestMain sets the collector of garbage as a node does.
func TestMain(m *testing.M) {
	if err := app.TuneCollector(); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

var (
	runs  = flag.Int("runs", 7, "blocks that are measured for each row")
	size  = flag.Int("txs", 5_000, "transactions of a block")
	most  = flag.Int("pools", 100_000, "pools of the largest chain")
	write = flag.String("write", "", "file of which the sections are replaced by the tables")
)

// report prints a table and, where asked, writes it into its section.
func report(b *testing.B, section string, t *table) {
	b.Helper()
	fmt.Fprintf(os.Stdout, "\n%s", t)
	if *write == "" {
		return
	}
	if err := benchtable.Replace(*write, section, t.String()); err != nil {
		b.Fatal(err)
	}
}

var blockColumns = []string{
	"block", "executor", "tx/s", "ms per block", "FinalizeBlock", "Commit", "CPU ms", "against sequential",
	"executions/tx", "allocations/tx", "KiB/tx", "gas/tx",
}

// BenchmarkBlocks measures blocks of swaps over more and fewer pools, and of bank
// sends, with both executors.
func BenchmarkBlocks(b *testing.B) {
	t := newTable(blockColumns...)
	sequential, parallel := kind{}, kind{workers: 2}
	for _, c := range []struct {
		load  *load
		kinds []kind
	}{
		{newLoad(newMarket(1, 1, *size), true), []kind{sequential, parallel}},
		{newLoad(newMarket(1, 1, *size), false), []kind{sequential, parallel}},
		{newLoad(newMarket(10, 10, *size), false), []kind{sequential, parallel}},
		{newLoad(newMarket(100, 100, *size), false), []kind{sequential, parallel, {memory: true}, {workers: 2, memory: true}}},
		{newLoad(newMarket(1_000, 1_000, *size), false), []kind{sequential, parallel}},
		{newLoad(newMarket(100, 100, *size/5), false), []kind{sequential, parallel}},
		{newLoad(newMarket(1, 1, *size/5), true), []kind{sequential, parallel}},
	} {
		blockRows(b, t, c.load, c.kinds)
	}
	report(b, "blocks", t)
}

// BenchmarkSequential is the block to profile:
//
//	go test -run '^$' -bench Sequential -cpuprofile cpu.prof -o bench.test ./tests/bench
//	go tool pprof -top -cum -focus 'Chain..(Finalize|Commit)' bench.test cpu.prof
func BenchmarkSequential(b *testing.B) {
	t := newTable(blockColumns...)
	blockRows(b, t, newLoad(newMarket(100, 100, *size), false), []kind{{}})
	b.Log("\n" + t.String())
}

// blockRows runs a load in a sub-benchmark, so that its nodes end with it.
func blockRows(b *testing.B, t *table, l *load, kinds []kind) {
	b.Helper()
	b.Run(l.String(), func(b *testing.B) {
		for b.Loop() {
			all := compare(b, l, *runs, kinds...)
			n := float64(len(l.traders))
			for i, s := range all {
				total := median(s.samples, func(s sample) float64 { return ms(s.total()) })
				// The ratio is the median of the ratios of the same blocks.
				base := all[i-i%2].samples
				ratios := make([]float64, len(base))
				for j := range base {
					ratios[j] = float64(base[j].total()) / float64(s.samples[j].total())
				}
				of := func(value func(sample) float64) float64 { return median(s.samples, value) }
				t.row(l.String(), s.kind.String(),
					thousands(int(n/total*1_000)), fmt.Sprintf("%.0f", total),
					fmt.Sprintf("%.0f", of(func(s sample) float64 { return ms(s.finalize) })),
					fmt.Sprintf("%.0f", of(func(s sample) float64 { return ms(s.commit) })),
					fmt.Sprintf("%.0f", of(func(s sample) float64 { return ms(s.cpu) })),
					fmt.Sprintf("%.2f", median(ratios, func(r float64) float64 { return r })),
					fmt.Sprintf("%.3f", of(func(s sample) float64 { return float64(s.executions) / n })),
					fmt.Sprintf("%.0f", of(func(s sample) float64 { return float64(s.mallocs) / n })),
					fmt.Sprintf("%.1f", of(func(s sample) float64 { return float64(s.bytes) / n / 1024 })),
					thousands(int(of(func(s sample) float64 { return float64(s.gas) / n }))))
			}
		}
	})
}
