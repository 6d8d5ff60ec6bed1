//go:build linux

package metering_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/internal/benchtable"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/sandbox"
)

var page = flag.String("page", "", "write the table of BenchmarkCompileBomb to this page")

// moduleToCompile names a file for the process in which TestCompileAlone compiles.
const moduleToCompile = "ALITA_MODULE"

// TestCompileAlone compiles the module that BenchmarkCompileBomb has written, in a process of its own: the time and memory are
// those of one module alone.
func TestCompileAlone(t *testing.T) {
	path := os.Getenv(moduleToCompile)
	if path == "" {
		t.Skip("BenchmarkCompileBomb starts it")
	}
	code, err := os.ReadFile(path)
	require.NoError(t, err)
	box, err := sandbox.New(t.Context(), sandbox.Config{Engine: sandbox.Compiler})
	require.NoError(t, err)
	_, err = box.Compile(t.Context(), code)
	require.NoError(t, err)
	require.NoError(t, box.Close(context.Background()))
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Println("most memory:", strings.Fields(rest)[0], "kB")
}

// compiledAlone returns what compiling a module takes: CPU time of all threads in seconds, and the most memory in MiB.
func compiledAlone(b *testing.B, code []byte) (seconds, memory float64) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "module.wasm")
	require.NoError(b, os.WriteFile(path, code, 0o600))
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run", "^TestCompileAlone$", "-test.count", "1")
	cmd.Env = append(os.Environ(), moduleToCompile+"="+path)
	out, err := cmd.CombinedOutput()
	require.NoError(b, err, string(out))
	_, rest, _ := strings.Cut(string(out), "most memory: ")
	memory, err = strconv.ParseFloat(strings.Fields(rest)[0], 64) // what the system says afterwards includes this process before it started the other
	require.NoError(b, err)
	return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), memory / 1024
}

// steps returns the least limit of steps that accepts a module.
func steps(code []byte) int {
	limits := metering.DefaultLimits()
	low, high := 0, limits.CompileSteps
	for high-low > 1 {
		limits.CompileSteps = (low + high) / 2
		if metering.Check(code, limits) == nil {
			high = limits.CompileSteps
		} else {
			low = limits.CompileSteps
		}
	}
	return high
}

// BenchmarkCompileBomb compiles the worst modules that a network stores, each in a process of its own: their time and memory are the
// bound that the README states. With -args -page it writes the table.
func BenchmarkCompileBomb(b *testing.B) {
	text := "| kind | functions | parts of one | module | steps of the limit | CPU | memory |\n| --- | --- | --- | --- | --- | --- | --- |\n"
	row := func(kind, functions, parts string, code []byte, seconds, memory float64) {
		share := float64(steps(code)) / float64(stored.CompileSteps)
		text += fmt.Sprintf("| %s | %s | %s | %s | %.3g %% | %.2f s | %.0f MiB |\n", kind, functions, parts, kilobytes(len(code)), 100*share, seconds, memory)
	}
	measure := func(b *testing.B, code []byte) (seconds, memory float64) {
		for b.Loop() {
			seconds, memory = compiledAlone(b, code)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(seconds, "cpu-s")
		b.ReportMetric(memory, "MiB")
		b.ReportMetric(float64(len(code)), "bytes")
		return seconds, memory
	}
	for _, k := range bombs() {
		worst := k.worst()
		for _, name := range slices.Sorted(maps.Keys(worst)) {
			b.Run(k.name+"/"+name, func(b *testing.B) {
				seconds, memory := measure(b, worst[name])
				functions, parts, _ := strings.Cut(name, " functions of ")
				row(k.name, functions, parts, worst[name], seconds, memory)
			})
		}
	}
	for name, code := range compared(b) {
		b.Run(name, func(b *testing.B) {
			seconds, memory := measure(b, code)
			row("*"+name+"*", "", "", code, seconds, memory)
		})
	}
	if *page != "" {
		require.NoError(b, benchtable.Replace(*page, "bombs", "\n"+text+"\n"))
	}
}

// compared are modules that nobody has made to harm.
func compared(b *testing.B) map[string][]byte {
	b.Helper()
	return map[string][]byte{
		"a module that does nothing": program().encode(), "a small program of Go": buildGo(b, "sorted"), "a program of Go with fmt": buildGo(b, "words"),
	}
}

func kilobytes(n int) string { return strconv.FormatFloat(float64(n)/1000, 'f', 1, 64) + " kB" }
