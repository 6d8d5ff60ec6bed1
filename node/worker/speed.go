package worker

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
)

// Shape of what is measured.
const (
	speedBatches = 400
	speedRows    = 20_000
	speedColumns = 3
	// dear is how much longer an operation may take than those that are measured.
	dear = 4
)

// OpenSpeed reads how fast the machine is from the home, or measures it and writes it there. A worker that runs on another machine than
// before needs the file removed.
func OpenSpeed(ctx context.Context, h Home, box *sandbox.Sandbox) (Speed, error) {
	data, err := os.ReadFile(h.Speed())
	if err == nil {
		var s Speed
		if err := json.Unmarshal(data, &s); err != nil || s.Operations == 0 || s.Cells == 0 || s.Code == 0 {
			return Speed{}, fmt.Errorf("%s: expected the speed of this machine, got something else; remove the file to have it measured", h.Speed())
		}
		return s, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return Speed{}, err
	}
	s, err := MeasureSpeed(ctx, box, h.Cache())
	if err != nil {
		return Speed{}, err
	}
	if data, err = json.Marshal(s); err != nil {
		return Speed{}, err
	}
	return s, os.WriteFile(h.Speed(), append(data, '\n'), 0o600)
}

//go:embed speed.wasm
var speedProgram []byte

// MeasureSpeed runs a program over made-up rows, and reads a made-up file in a folder.
func MeasureSpeed(ctx context.Context, box *sandbox.Sandbox, folder string) (Speed, error) {
	begun := time.Now()
	compiled, err := box.Compile(ctx, speedProgram)
	if err != nil {
		return Speed{}, err
	}
	defer func() { _ = compiled.Close(context.WithoutCancel(ctx)) }()
	compiling := time.Since(begun)

	begun = time.Now()
	got, err := box.Run(ctx, compiled, sandbox.Shape{Columns: 1, Length: 1}, nil, &madeUp{left: speedBatches}, metering.MaxOperations)
	if err != nil {
		return Speed{}, err
	}
	running := time.Since(begun)

	path := filepath.Join(folder, "speed.csv")
	text := "a,b,c\n" + strings.Repeat("123456,0.125,some text\n", speedRows)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return Speed{}, err
	}
	defer func() { _ = os.Remove(path) }()
	begun = time.Now()
	if _, err := source.Commit(path, source.CSV, [source.SeedSize]byte{1}); err != nil {
		return Speed{}, err
	}
	reading := time.Since(begun)
	return Speed{
		Operations: perBlock(got.Operations/dear, running), Cells: perBlock(speedRows*speedColumns, reading), Code: slowest.Code,
		Start: max(slowest.Start, uint64(2*compiling*1000/Block)),
	}, nil
}

// perBlock is how much is done in a Block if n is done in some time; at least 1.
func perBlock(n uint64, in time.Duration) uint64 {
	return max(1, uint64(float64(n)*float64(Block)/float64(max(in, time.Microsecond))))
}

// madeUp is batches of made-up rows.
type madeUp struct {
	left  int
	batch sandbox.Batch
}

func (*madeUp) Columns() int { return 1 }

func (m *madeUp) Next(context.Context) (sandbox.Batch, error) {
	if m.left == 0 {
		return sandbox.Batch{}, io.EOF
	}
	m.left--
	if m.batch.Rows == 0 {
		c := sandbox.Column{Values: make([]int64, sandbox.MaxBatchRows), Valid: make([]byte, sandbox.MaxBatchRows)}
		for i := range c.Values {
			c.Values[i], c.Valid[i] = int64(i), 1
		}
		m.batch = sandbox.Batch{Rows: sandbox.MaxBatchRows, Columns: []sandbox.Column{c}}
	}
	return m.batch, nil
}
