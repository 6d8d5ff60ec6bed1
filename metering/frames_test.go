package metering_test

import (
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/sandbox"
)

// TestLargeFrames nests calls as deep as is allowed of a function with as many locals and values on the stack as are allowed, all needed
// after the call: no engine may run out of stack before the depth is reached.
func TestLargeFrames(t *testing.T) {
	const depth, locals, values = 1000, 1000, 1000
	var code []byte
	add := func(b ...byte) { code = append(code, b...) }
	indexed := func(op byte, i int) { code = binary.AppendUvarint(append(code, op), uint64(i)) }
	// Each local is the parameter plus its own number.
	for i := 1; i < locals; i++ {
		indexed(0x20, 0)
		add(0x41)
		code = append(code, byte(i%64))
		add(0x6a)
		indexed(0x21, i)
	}
	for i := range values {
		indexed(0x20, i)
	}
	// if the parameter is not 1, call itself with one less
	add(0x20, 0, 0x41, 1, 0x47, 0x04, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x10, 2, 0x0b)
	for range values {
		indexed(0x21, 1)
		indexed(0x20, 1)
		add(0x24, 0)
	}
	p := parts{
		1:  vec(fn("", ""), fn("i", ""), fn("ii", "")),
		2:  vec(cat(name("alita"), name("emit"), []byte{0}, u(2))),
		3:  vec(u(0), u(1)),
		5:  vec([]byte{0, 1}),
		6:  vec([]byte{0x7f, 1, 0x41, 0, 0x0b}),
		7:  vec(exportMemory, export("run", 0, 1)),
		10: vec(body(cat([]byte{0x41}, []byte{0xe8, 0x07}, []byte{0x10, 2, 0x41, 0, 0x23, 0, 0x36, 2, 0, 0x41, 0, 0x41, 4, 0x10, 0})...), withLocals(vec(cat(u(locals-1), []byte{0x7f})), code...)),
	}
	var first sandbox.Result
	for _, engine := range []sandbox.Engine{sandbox.Compiler, sandbox.Interpreter} {
		box, err := sandbox.New(t.Context(), sandbox.Config{Engine: engine})
		require.NoError(t, err)
		defer box.Close(context.Background())
		program, err := box.Compile(t.Context(), p.encode())
		require.NoError(t, err)
		r, err := box.Run(t.Context(), program, sandbox.Shape{Columns: 1, Length: 4}, nil, &counting{}, 1<<40)
		require.NoError(t, err)
		if first.Vector == nil {
			first = r
		}
		require.Equal(t, first, r)
	}
	// The outermost call ends last; the value it stores last lies lowest on its stack: its parameter.
	require.EqualValues(t, depth, first.Vector[0])
}
