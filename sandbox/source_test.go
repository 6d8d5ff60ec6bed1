package sandbox_test

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/sandbox"
)

// rows is a source of one column with the given number of rows: cell i is i+1, each third one is missing.
type rows struct {
	n, at int
}

func (*rows) Columns() int { return 1 }

func (s *rows) Next(context.Context) (sandbox.Batch, error) {
	n := min(s.n-s.at, sandbox.MaxBatchRows)
	if n == 0 {
		return sandbox.Batch{}, io.EOF
	}
	c := sandbox.Column{Values: make([]int64, n), Valid: make([]byte, n)}
	for i := range n {
		s.at++
		c.Values[i] = int64(s.at)
		if s.at%3 != 0 {
			c.Valid[i] = 1
		}
	}
	return sandbox.Batch{Rows: n, Columns: []sandbox.Column{c}}, nil
}

// batches is a source that hands over what it is told.
type batches struct {
	list []sandbox.Batch
	err  error
}

func (*batches) Columns() int { return 1 }

func (s *batches) Next(context.Context) (sandbox.Batch, error) {
	if len(s.list) == 0 {
		return sandbox.Batch{}, s.err
	}
	b := s.list[0]
	s.list = s.list[1:]
	return b, nil
}

// engines runs a test in both engines.
func engines(t *testing.T, f func(t *testing.T, s *sandbox.Sandbox)) {
	for name, e := range map[string]sandbox.Engine{"compiler": sandbox.Compiler, "interpreter": sandbox.Interpreter} {
		t.Run(name, func(t *testing.T) {
			s, err := sandbox.New(t.Context(), sandbox.Config{Engine: e})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
			f(t, s)
		})
	}
}
