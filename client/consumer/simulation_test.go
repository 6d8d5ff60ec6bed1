package consumer_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/simulate"
	"github.com/alita-network/alita/sandbox"
)

// TestAsSimulated: a job over owners' files gives, share for share, what the chain's seats and the reader make of the same rows.
func TestAsSimulated(t *testing.T) {
	for _, p := range []analysis.Parameters{moments, median} {
		t.Run(p.Program, func(t *testing.T) {
			home, run, c := newRun(t, p, 20, false)
			dir := t.TempDir()
			var files []string
			for i, values := range c.owners {
				text := "x\n"
				for _, v := range values {
					text += fmt.Sprintln(v)
				}
				files = append(files, filepath.Join(dir, fmt.Sprint(i, ".csv")))
				require.NoError(t, os.WriteFile(files[i], []byte(text), 0o600))
			}
			box, err := sandbox.New(t.Context(), sandbox.Config{})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, box.Close(t.Context())) })
			session, err := analysis.NewSession(p)
			require.NoError(t, err)
			want, err := simulate.Run(t.Context(), box, session, session.Program().Cost, files, simulate.Options{Seats: seats})
			require.NoError(t, err)

			_, answer, _, err := follow(t, c, home, run)
			require.NoError(t, err)
			require.NoError(t, answer.Stuck)
			var simulated, read bytes.Buffer
			require.NoError(t, want.Result.WriteText(&simulated))
			require.NoError(t, answer.Result.WriteText(&read))
			require.Equal(t, simulated.String(), read.String())
		})
	}
}
