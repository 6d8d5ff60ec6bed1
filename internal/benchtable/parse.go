package benchtable

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Benchmark is one benchmark of a run of go test -bench, with a value of each
// metric for each repetition.
type Benchmark struct {
	Name    string
	Metrics map[string][]float64
}

// Parse reads the output of go test -bench. Benchmarks come in the order in which they
// first appear; the number of processors is cut off their names.
func Parse(r io.Reader) ([]Benchmark, error) {
	var all []Benchmark
	index := map[string]int{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || len(fields)%2 != 0 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(fields[0], "Benchmark")
		if i := strings.LastIndex(name, "-"); i > 0 {
			name = name[:i]
		}
		if _, ok := index[name]; !ok {
			index[name] = len(all)
			all = append(all, Benchmark{Name: name, Metrics: map[string][]float64{}})
		}
		for i := 2; i < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("%s: expected a number before %s, got %q", name, fields[i+1], fields[i])
			}
			m := all[index[name]].Metrics
			m[fields[i+1]] = append(m[fields[i+1]], value)
		}
	}
	return all, lines.Err()
}

// Table renders benchmarks with the median of each metric; base names the benchmark
// that the times are compared with, repetition by repetition.
func Table(all []Benchmark, base string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| | gas | allocations | time | times %s |\n| --- | --- | --- | --- | --- |\n", plain(base))
	var baseTimes []float64
	for _, x := range all {
		if x.Name == base {
			baseTimes = x.Metrics["ns/op"]
		}
	}
	for _, x := range all {
		gas, ratio := "", ""
		if v := x.Metrics["gas/op"]; len(v) > 0 {
			gas = strconv.FormatFloat(Median(v), 'f', 0, 64)
		}
		times := x.Metrics["ns/op"]
		if n := min(len(times), len(baseTimes)); n > 0 {
			ratios := make([]float64, n)
			for i := range ratios {
				ratios[i] = times[i] / baseTimes[i]
			}
			ratio = strconv.FormatFloat(Median(ratios), 'f', 2, 64)
		}
		fmt.Fprintf(&b, "| %s | %s | %.0f | %.2f µs | %s |\n", plain(x.Name), gas, Median(x.Metrics["allocs/op"]), Median(times)/1000, ratio)
	}
	return b.String()
}

// plain makes a name of a benchmark readable.
func plain(name string) string {
	name = strings.TrimPrefix(name, "Keeper/")
	return strings.ReplaceAll(strings.ReplaceAll(name, "_", " "), "/", ": ")
}

// Median returns the middle value, of an even number the mean of the middle two; zero
// of none.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	v := slices.Sorted(slices.Values(values))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
