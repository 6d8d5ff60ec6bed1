package programs_test

import (
	"context"
	"io"

	"github.com/alita-network/alita/sandbox"
)

// table is a source over columns in memory, in batches that are cut out of it.
type table struct {
	values [][]int64
	valid  [][]byte
	rows   int
	at     int
}

func (s *table) Columns() int { return len(s.values) }

func (s *table) Next(context.Context) (sandbox.Batch, error) {
	n := min(s.rows-s.at, sandbox.MaxBatchRows)
	if n == 0 {
		return sandbox.Batch{}, io.EOF
	}
	b := sandbox.Batch{Rows: n}
	for c := range s.values {
		b.Columns = append(b.Columns, sandbox.Column{Values: s.values[c][s.at : s.at+n], Valid: s.valid[c][s.at : s.at+n]})
	}
	s.at += n
	return b, nil
}
