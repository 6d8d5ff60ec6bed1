package sandbox_test

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/worker/sandbox"
)

// rows is a source over columns in memory; a nil validity means that no cell is missing.
type rows struct {
	values [][]int64
	valid  [][]byte
	at     int
}

func (s *rows) Columns() int { return len(s.values) }

func (s *rows) Next(context.Context) (sandbox.Batch, error) {
	n := min(len(s.values[0])-s.at, sandbox.MaxBatchRows)
	if n == 0 {
		return sandbox.Batch{}, io.EOF
	}
	b := sandbox.Batch{Rows: n}
	for c, v := range s.values {
		ok := make([]byte, n)
		for i := range ok {
			ok[i] = 1
		}
		if s.valid != nil {
			copy(ok, s.valid[c][s.at:])
		}
		b.Columns = append(b.Columns, sandbox.Column{Values: v[s.at : s.at+n], Valid: ok})
	}
	s.at += n
	return b, nil
}

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

func TestRunMoments(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		p, err := programs.ByName("moments")
		require.NoError(t, err)
		c, err := s.Compile(t.Context(), p.Code)
		require.NoError(t, err)
		for _, k := range []int{1, 2, 3} {
			for _, n := range []int{0, 1, 2, 1023, 1024, 1025, 2048, 5000} {
				src := &rows{}
				for range k {
					col := make([]int64, n)
					for i := range col {
						col[i] = int64(i % 7)
					}
					src.values = append(src.values, col)
				}
				r, err := s.Run(t.Context(), c, sandbox.Shape{Columns: k, Length: 3 * k}, nil, src, 1<<40)
				require.NoError(t, err)
				want, err := p.Cost.Operations(uint64(n), uint64(k), uint64(3*k))
				require.NoError(t, err)
				require.Equal(t, want, r.Operations, "%d columns, %d rows", k, n)
				require.EqualValues(t, n, r.Rows)
				require.EqualValues(t, n, r.Vector[0])
			}
		}
	})
}
