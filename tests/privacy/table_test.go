package privacy_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/alita-network/alita/internal/benchtable"
)

var write = flag.String("write", "", "the page that gets the table")

// row is what an attack is good for.
type row struct {
	// number is its place in the table.
	number        int
	attack        string
	before, after string
	// most is what is promised.
	most string
}

var table struct {
	sync.Mutex
	rows []row
}

// note adds a row to the table.
func note(r row) {
	table.Lock()
	defer table.Unlock()
	table.rows = append(table.rows, r)
}

// most writes how often an attack may be right.
func most(p float64) string { return fmt.Sprintf("%.3f", p) }

// markdown is the table.
func markdown() string {
	table.Lock()
	defer table.Unlock()
	slices.SortStableFunc(table.rows, func(a, b row) int { return cmp.Compare(a.number, b.number) })
	var b strings.Builder
	b.WriteString("| | attack | before | now | promised |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range table.rows {
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s |\n", r.number, r.attack, r.before, r.after, r.most)
	}
	return b.String()
}

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if testing.Verbose() && len(table.rows) > 0 {
		fmt.Print(markdown())
	}
	if code == 0 && *write != "" {
		if err := benchtable.Replace(*write, "hostile suite", markdown()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}
