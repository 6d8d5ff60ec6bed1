// Package programtest runs programs over rows in memory, for the tests of programs and of the results made from their vectors.
package programtest

import (
	"context"
	"io"
	"math/rand/v2"

	"github.com/alita-network/alita/sandbox"
)

// Table holds rows in memory, column by column.
type Table struct {
	Rows   int
	Values [][]int64
	Valid  [][]byte // 1 if the cell is present, 0 if it is missing
}

// Random returns a table of values below 2^bits. The share missing of its cells, from 0 to 1, holds no value. The same
// arguments give the same table.
func Random(seed uint64, rows, columns, bits int, missing float64) *Table {
	r := rand.New(rand.NewPCG(seed, 1))
	t := &Table{Rows: rows}
	for range columns {
		values, valid := make([]int64, rows), make([]byte, rows)
		for i := range values {
			values[i] = int64(r.Uint64() >> (64 - bits))
			if r.Float64() >= missing {
				valid[i] = 1
			}
		}
		t.Values, t.Valid = append(t.Values, values), append(t.Valid, valid)
	}
	return t
}

// Row returns a table of one row in which no cell is missing.
func Row(values ...int64) *Table {
	t := &Table{Rows: 1}
	for _, v := range values {
		t.Values, t.Valid = append(t.Values, []int64{v}), append(t.Valid, []byte{1})
	}
	return t
}

// Pick returns the rows of the given indices.
func (t *Table) Pick(indices []int) *Table {
	out := &Table{Rows: len(indices)}
	for c := range t.Values {
		values, valid := make([]int64, 0, len(indices)), make([]byte, 0, len(indices))
		for _, i := range indices {
			values, valid = append(values, t.Values[c][i]), append(valid, t.Valid[c][i])
		}
		out.Values, out.Valid = append(out.Values, values), append(out.Valid, valid)
	}
	return out
}

// Source returns the rows for one run.
func (t *Table) Source() sandbox.Source { return &source{table: t} }

// source cuts batches out of a table.
type source struct {
	table *Table
	at    int
}

func (s *source) Columns() int { return len(s.table.Values) }

func (s *source) Next(context.Context) (sandbox.Batch, error) {
	n := min(s.table.Rows-s.at, sandbox.MaxBatchRows)
	if n == 0 {
		return sandbox.Batch{}, io.EOF
	}
	b := sandbox.Batch{Rows: n}
	for c := range s.table.Values {
		b.Columns = append(b.Columns, sandbox.Column{Values: s.table.Values[c][s.at : s.at+n], Valid: s.table.Valid[c][s.at : s.at+n]})
	}
	s.at += n
	return b, nil
}
