package simulate_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/simulate"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/testutil/programtest"
)

// blind is a program that emits one slot and reads no row:
//
//	(module
//	  (import "alita" "emit" (func (param i32 i32)))
//	  (memory (export "memory") 1)
//	  (func (export "run") (call 0 (i32.const 0) (i32.const 1))))
const blind = "\x00asm\x01\x00\x00\x00" +
	"\x01\x09\x02\x60\x02\x7f\x7f\x00\x60\x00\x00" +
	"\x02\x0e\x01\x05alita\x04emit\x00\x00" +
	"\x03\x02\x01\x01" +
	"\x05\x03\x01\x00\x01" +
	"\x07\x10\x02\x06memory\x02\x00\x03run\x00\x01" +
	"\x0a\x0a\x01\x08\x00\x41\x00\x41\x01\x10\x00\x0b"

// changing is a session whose file changes after the owners have committed to theirs, and before the first run.
type changing struct {
	analysis.Session

	change func()
}

func (c changing) Job() analysis.Job {
	c.change()
	return c.Session.Job()
}

// TestChangedFile: a file that is not the committed one is noticed, as the owner's worker does, also with a program that does not read it to
// its end.
func TestChangedFile(t *testing.T) {
	box, files := newBox(t), split(t, 3)
	columns := []analysis.Column{{Name: "body_mass_g", Bits: 13}}
	program, err := box.Compile(t.Context(), []byte(blind))
	require.NoError(t, err)
	run, err := box.Run(t.Context(), program, sandbox.Shape{Columns: 1, Length: 1}, nil, programtest.Row(1).Source(), 1000)
	require.NoError(t, err)
	require.Zero(t, run.Rows)
	model := terms.CostModel{Base: terms.Cost{Constant: run.Operations}}
	session, err := analysis.NewForeignSession("blind", []byte(blind), columns, nil, 1)
	require.NoError(t, err)
	text, err := os.ReadFile(files[1])
	require.NoError(t, err)
	session = changing{session, func() {
		require.NoError(t, os.WriteFile(files[1], bytes.Replace(text, []byte("\nAdelie,"), []byte("\nGentoo,"), 1), 0o600))
	}}
	_, err = simulate.Run(t.Context(), box, session, model, files, simulate.Options{})
	require.ErrorIs(t, err, source.ErrChanged)
	require.ErrorContains(t, err, "owner2.csv")
}
