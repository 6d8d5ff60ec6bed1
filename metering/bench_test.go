package metering_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
)

// heavy are modules near the largest size that take the validator the longest time.
func heavy() map[string][]byte {
	full := func(p parts, unit []byte) []byte {
		n := (120 << 10) / len(unit) // below the limit of a function
		code := body(cat([]byte{0x00}, bytes.Repeat(unit, n))...)
		count := (4<<20 - 1<<10) / (len(code) + 4)
		return p.with(3, vec(repeat(u(0), count)...)).with(10, vec(repeat(code, count)...)).encode()
	}
	wide := string(bytes.Repeat([]byte("i"), 64))
	results := string(bytes.Repeat([]byte("i"), 8))
	p := program().with(1, vec(fn("", ""), fn(wide, ""), fn("", results)))
	labels := cat([]byte{0x02, 2, 0x00, 0x0e, 0xff, 0x3f}, bytes.Repeat([]byte{0}, 8192), []byte{0x0b, 0x00})
	indirect := p.with(4, vec([]byte{0x70, 0, 1}))
	return map[string][]byte{
		"wide calls":    full(indirect, []byte{0x11, 1, 0}),
		"branch tables": full(p, labels),
		"blocks":        full(p, []byte{0x02, 0x40, 0x0b}),
		"constants":     full(p, []byte{0x41, 0, 0x1a}),
	}
}

// TestHeavy: the heavy modules are valid, so that BenchmarkCheck measures all the work.
func TestHeavy(t *testing.T) {
	for name, code := range heavy() {
		require.NoError(t, metering.Check(code, metering.DefaultLimits()), name)
		require.Greater(t, len(code), 3<<20, name)
	}
}

// BenchmarkCheck measures checking and injecting of the largest modules.
func BenchmarkCheck(b *testing.B) {
	modules := heavy()
	if code, err := os.ReadFile(os.Getenv("GO_MODULE")); err == nil {
		modules["GO_MODULE"] = code
	}
	for name, code := range modules {
		b.Run("check/"+name, func(b *testing.B) {
			b.SetBytes(int64(len(code)))
			for b.Loop() {
				if err := metering.Check(code, metering.DefaultLimits()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("inject/"+name, func(b *testing.B) {
			b.SetBytes(int64(len(code)))
			for b.Loop() {
				if _, _, err := metering.Inject(code, metering.DefaultLimits()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
