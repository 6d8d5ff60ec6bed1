package costcheck

import (
	"context"
	"io"
	"math/rand/v2"

	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
)

// Kind is a way of making rows up.
type Kind string

// The kinds of rows. Together they reach both sides of the comparisons that programs usually make.
const (
	Random  Kind = "random"    // values over the whole range, a tenth of the cells missing
	Small   Kind = "small"     // values of any magnitude, every third cell missing
	Zeros   Kind = "zeros"     // every value the smallest
	Largest Kind = "largest"   // every value the largest
	Missing Kind = "missing"   // every cell missing
	Rising  Kind = "rising"    // values in order
	Falling Kind = "falling"   // values in reverse order
	Toggle  Kind = "alternate" // smallest and largest in turn
	One     Kind = "one"       // one value is not the smallest
)

// seeds is how many seeds a kind is tried with.
func (k Kind) seeds(o Options) int {
	if k == Random || k == Small {
		return o.Seeds
	}
	return 1
}

var kinds = []Kind{Random, Small, Zeros, Largest, Missing, Rising, Falling, Toggle, One}

// madeUp is a source of made-up rows. The same parameters give the same rows.
type madeUp struct {
	kind Kind
	bits []int   // of each column
	most []int64 // the largest value of each column
	rows int
	at   int
	rand *rand.Rand
}

func newMadeUp(kind Kind, seed uint64, columns []fixedpoint.Column, rows int) *madeUp {
	m := &madeUp{kind: kind, rows: rows, rand: rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // rows that can be made again
	for _, c := range columns {
		most := int64(1)<<c.Bits - 1 // the largest value of 63 bits, too: the shift wraps and the difference is right
		if c.Categorical() {
			most = int64(c.Categories() - 1)
		}
		m.bits, m.most = append(m.bits, int(c.Bits)), append(m.most, most)
	}
	return m
}

func (m *madeUp) Columns() int { return len(m.bits) }

func (m *madeUp) Next(ctx context.Context) (sandbox.Batch, error) {
	if err := ctx.Err(); err != nil {
		return sandbox.Batch{}, err
	}
	n := min(m.rows-m.at, sandbox.MaxBatchRows)
	if n == 0 {
		return sandbox.Batch{}, io.EOF
	}
	b := sandbox.Batch{Rows: n, Columns: make([]sandbox.Column, len(m.bits))}
	for c := range b.Columns {
		b.Columns[c] = sandbox.Column{Values: make([]int64, n), Valid: make([]byte, n)}
	}
	for i := range n {
		for c, bits := range m.bits {
			v, present := m.cell(c, bits)
			if present {
				b.Columns[c].Values[i], b.Columns[c].Valid[i] = v, 1
			}
		}
		m.at++
	}
	return b, nil
}

// cell makes one cell of the present row up.
func (m *madeUp) cell(column, bits int) (value int64, present bool) {
	most := m.most[column]
	switch m.kind {
	case Random:
		return min(most, int64(m.rand.Uint64()>>(64-bits))), m.rand.IntN(10) > 0
	case Small:
		return min(most, int64(m.rand.Uint64()>>(64-bits)>>m.rand.IntN(bits))), m.rand.IntN(3) > 0
	case Largest:
		return most, true
	case Missing:
		return 0, false
	case Rising:
		return min(most, int64(m.at)), true
	case Falling:
		return max(0, most-int64(m.at)), true
	case Toggle:
		return most * int64((m.at+column)&1), true
	case One:
		if m.at == m.rows/2 {
			return most, true
		}
	}
	return 0, true
}
