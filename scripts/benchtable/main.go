// Command benchtable renders the output of go test -bench on its standard input as a
// table of Markdown, and writes it into a section of a page when told.
//
//	go test -run '^$' -bench . -benchmem -count 5 ./x/datapool/keeper | go run ./scripts/benchtable -base Keeper/bank_send
//	go run ./scripts/benchtable -machine -write docs/benchmarks.md -section machine
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"github.com/alita-network/alita/internal/benchtable"
)

func main() {
	base := flag.String("base", "", "benchmark with which times are compared")
	write := flag.String("write", "", "page to write to; else the standard output alone")
	section := flag.String("section", "keeper", "section of the page")
	machine := flag.Bool("machine", false, "say what the benchmarks run on instead")
	flag.Parse()
	if err := run(*base, *write, *section, *machine); err != nil {
		fmt.Fprintln(os.Stderr, "benchtable:", err)
		os.Exit(1)
	}
}

func run(base, write, section string, machine bool) error {
	text := description()
	if !machine {
		all, err := benchtable.Parse(os.Stdin)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return fmt.Errorf("expected the output of go test -bench on the standard input")
		}
		text = benchtable.Table(all, base)
	}
	fmt.Print(text)
	if write == "" {
		return nil
	}
	return benchtable.Replace(write, section, text)
}

// description is the machine, the Go version and the commit.
func description() string {
	commit := "unknown"
	if out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output(); err == nil {
		commit = strings.TrimSpace(string(out))
	}
	return fmt.Sprintf("%s, %d cores, %s/%s, %s, GOFLAGS %q, commit %s.\n",
		processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), os.Getenv("GOFLAGS"), commit)
}

// processor is the name of the CPU where Linux tells it.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return "unknown processor"
}
