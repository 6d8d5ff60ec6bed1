package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// story tells what happens, with the time since the beginning.
type story struct {
	out   io.Writer
	begin time.Time
	mu    sync.Mutex
	step  int
}

func newStory(out io.Writer) *story { return &story{out: out, begin: time.Now()} }

// chapter begins a collection or another great part.
func (s *story) chapter(format string, args ...any) {
	title := fmt.Sprintf(format, args...)
	s.print("\n%s\n%s\n", title, strings.Repeat("=", len([]rune(title))))
}

// begins begins a numbered step.
func (s *story) begins(format string, args ...any) {
	s.step++
	s.print("\n%2d. %-60s [%5.1f s]\n", s.step, fmt.Sprintf(format, args...), time.Since(s.begin).Seconds())
}

// line tells one thing.
func (s *story) line(format string, args ...any) { s.print("    "+format+"\n", args...) }

// table prints rows of cells, the columns aligned to the right.
func (s *story) table(header []string, rows [][]string) {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range append([][]string{header}, rows...) {
		fmt.Fprintln(w, strings.Join(row, "\t")+"\t")
	}
	_ = w.Flush() // a strings.Builder takes everything
	_, _ = (&indented{s}).Write([]byte(text.String()))
}

// indented prints what a command writes, line by line, as a quotation.
type indented struct{ s *story }

// Write implements io.Writer.
func (i *indented) Write(bz []byte) (int, error) {
	for _, l := range strings.Split(strings.TrimRight(string(bz), "\n"), "\n") {
		i.s.print("    | %s\n", l)
	}
	return len(bz), nil
}

func (s *story) print(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.out, format, args...)
}

// working prints a line for every second that something takes, until the returned function is called.
func (s *story) working(what string) func() {
	done, ended := make(chan struct{}), make(chan struct{})
	begin := time.Now()
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				s.print("    ... %s, %d s\n", what, int(time.Since(begin).Seconds()))
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}
