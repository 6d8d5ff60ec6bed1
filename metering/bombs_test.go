package metering_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
)

// bomb is a function whose compilation takes long, or much memory, for its size.
type bomb struct {
	name string
	// function returns the body of a function () -> () with a parts of the kind.
	function func(a int) []byte
	parts    int // the most that the benchmark tries
	globals  int // mutable globals of the module
	cheap    int // 1: many small functions cost no more than their bytes; 2: large ones neither
}

func get(i int) []byte { return cat([]byte{0x20}, u(i)) }
func set(i int) []byte { return cat([]byte{0x21}, u(i)) }

// locals is a function with n locals of type i32, of which the first is read by the parts.
func locals(n int, code ...[]byte) []byte {
	return withLocals(vec(cat(u(n), []byte{0x7f})), cat(code...)...)
}

func times(n int, code ...byte) []byte { return slices.Repeat(code, n) }

func each(n int, f func(i int) []byte) []byte {
	var out []byte
	for i := range n {
		out = append(out, f(i)...)
	}
	return out
}

func bombs() []bomb {
	read := func(n int) []byte { return each(n, func(i int) []byte { return cat(get(1+i), []byte{0x1a}) }) }
	merges := func(a, n int) []byte { // n locals that may change in each of a places
		changes := each(a, func(i int) []byte { return cat([]byte{0x20, 0, 0x04, 0x40, 0x20, 0}, set(1+i%n), []byte{0x0b}) })
		return locals(n+1, []byte{0x03, 0x40}, changes, read(n), []byte{0x20, 0, 0x0d, 0, 0x0b})
	}
	addresses := func(a int) []byte {
		return each(a, func(i int) []byte { return cat([]byte{0x41}, s(i), []byte{0x28, 0, 0, 0x1a}) })
	}
	return []bomb{
		{"labels of a br_table", func(a int) []byte {
			return locals(1, []byte{0x02, 0x40, 0x20, 0, 0x0e}, u(a), make([]byte, a+1), []byte{0x0b})
		}, 60000, 0, 1},
		{"locals by blocks", func(a int) []byte { return merges(a, 1000) }, 16000, 0, 0},
		{"some locals by blocks", func(a int) []byte { return merges(a, 30) }, 16000, 0, 0},
		{"branches to one label", func(a int) []byte { return locals(1, []byte{0x02, 0x40}, times(a, 0x20, 0, 0x0d, 0), []byte{0x0b}) }, 30000, 0, 0},
		{"addresses by blocks", func(a int) []byte {
			return locals(1, []byte{0x02, 0x40}, addresses(a), times(a, 0x20, 0, 0x0d, 0), []byte{0x0b})
		}, 8000, 0, 0},
		{"calls", func(a int) []byte { return locals(1, times(a, 0x10, 0)) }, 20000, 0, 0},
		{"calls by reference", func(a int) []byte { return locals(1, times(a, 0x20, 0, 0x11, 0, 0)) }, 20000, 0, 0},
		{"calls by globals", func(a int) []byte { return locals(1, times(a, 0x10, 0)) }, 20000, 1000, 0},
		{"loops in loops", func(a int) []byte {
			return locals(301, times(a, 0x03, 0x40), read(300), times(a, 0x20, 0, 0x0d, 0, 0x0b))
		}, 300, 0, 0},
		{"loops after loops", func(a int) []byte { return locals(1, times(a, 0x03, 0x40, 0x0b)) }, 20000, 0, 0},
		{"loops by locals", func(a int) []byte {
			return locals(301, []byte{0x03, 0x40}, times(a, 0x03, 0x40, 0x20, 0, 0x0d, 0, 0x0b), read(300), []byte{0x20, 0, 0x0d, 0, 0x0b})
		}, 10000, 0, 0},
		{"blocks in blocks", func(a int) []byte {
			return locals(1, times(a, 0x02, 0x40), each(a, func(i int) []byte { return cat([]byte{0x20, 0, 0x0d}, u(i)) }), times(a, 0x0b))
		}, 16000, 0, 0},
		{"ifs", func(a int) []byte { return locals(1, times(a, 0x20, 0, 0x04, 0x40, 0x0b)) }, 20000, 0, 0},
		{"ifs in ifs", func(a int) []byte { return locals(1, times(a, 0x20, 0, 0x04, 0x40), times(a, 0x0b)) }, 16000, 0, 0},
		{"returns", func(a int) []byte { return locals(1, times(a, 0x20, 0, 0x04, 0x40, 0x0f, 0x0b)) }, 20000, 0, 0},
		{"filling of memory", func(a int) []byte { return locals(1, times(a, 0x20, 0, 0x20, 0, 0x20, 0, 0xfc, 0x0b, 0)) }, 10000, 0, 0},
		{"filling of tables", func(a int) []byte { return locals(1, times(a, 0x20, 0, 0xd0, 0x70, 0x20, 0, 0xfc, 0x11, 0)) }, 10000, 0, 0},
		{"growing", func(a int) []byte { return locals(1, times(a, 0x20, 0, 0x40, 0, 0x1a)) }, 20000, 0, 0},
		{"stores", func(a int) []byte { return locals(1, times(a, 0x41, 8, 0x20, 0, 0x36, 0, 0)) }, 18000, 0, 2},
		{"divisions", func(a int) []byte { return locals(2, get(1), times(a, 0x20, 0, 0x6d), set(1)) }, 43000, 0, 2},
		{"truncations", func(a int) []byte {
			return withLocals(vec(cat(u(1), []byte{0x7c})), times(a, 0x20, 0, 0xaa, 0x1a)...)
		}, 32000, 0, 2},
		{"truncations that saturate", func(a int) []byte {
			return withLocals(vec(cat(u(1), []byte{0x7c})), times(a, 0x20, 0, 0xfc, 2, 0x1a)...)
		}, 26000, 0, 2},
		{"stores of fractions", func(a int) []byte {
			return withLocals(vec(cat(u(1), []byte{0x7c})), times(a, 0x41, 8, 0x20, 0, 0x39, 0, 0)...)
		}, 18000, 0, 2},
		{"signs of fractions", func(a int) []byte {
			return withLocals(vec(cat(u(1), []byte{0x7c})), cat(get(0), times(a, 0x20, 0, 0xa6), []byte{0x1a})...)
		}, 43000, 0, 2},
		{"empty functions", func(a int) []byte { return locals(a) }, 1024, 0, 2},
	}
}

// s is a signed number of the binary format.
func s(n int) []byte {
	if n < 64 {
		return []byte{byte(n)}
	}
	return append([]byte{byte(n&0x7f) | 0x80}, s(n>>7)...)
}

// module has the bomb's function so many times, each with a parts.
func (b bomb) module(functions, a int) []byte {
	f := b.function(a)
	p := program().with(3, vec(repeat(u(0), functions+1)...)).with(4, vec([]byte{0x70, 0, 1})).
		with(10, vec(append([][]byte{body()}, repeat(f, functions)...)...))
	if b.globals > 0 {
		p = p.with(6, vec(repeat([]byte{0x7e, 1, 0x42, 0, 0x0b}, b.globals)...))
	}
	return p.encode()
}

// stored are the limits of a network with the parameters that it begins with.
var stored = metering.LimitsOf(1 << 20)

// most returns the largest n up to bound for which a module is accepted by such a network.
func most(bound int, module func(n int) []byte) int {
	low, high := 0, bound+1
	for high-low > 1 {
		if n := (low + high) / 2; metering.Check(module(n), stored) == nil {
			low = n
		} else {
			high = n
		}
	}
	return low
}

// worst returns the largest accepted modules of a kind: with functions as large as they may be, a tenth and a hundredth of that.
func (b bomb) worst() map[string][]byte {
	out := map[string][]byte{}
	largest := most(b.parts, func(n int) []byte { return b.module(1, n) })
	for a := largest; a > 0 && a > largest/1000; a /= 10 {
		n := most(min(16000, stored.CodeBytes/len(b.function(a))), func(n int) []byte { return b.module(n, a) })
		out[fmt.Sprintf("%d functions of %d", n, a)] = b.module(n, a)
	}
	return out
}

// TestAttackCompileBomb: what takes a compiler far longer than it takes to send is refused, however it is spread over functions, and
// the message says what to do.
func TestAttackCompileBomb(t *testing.T) {
	for _, b := range bombs() {
		t.Run(b.name, func(t *testing.T) {
			if b.cheap == 2 {
				require.NoError(t, metering.Check(b.module(1, b.parts), metering.DefaultLimits()))
				return
			}
			for i, c := range [][2]int{{1, b.parts}, {100, max(64, b.parts/10)}, {16000, max(64, b.parts/100)}} {
				if i > 0 && b.cheap == 1 {
					continue
				}
				f := len(b.function(c[1]))
				n := min(c[0], (metering.DefaultLimits().CodeBytes-1<<16)/(f+8))
				err := metering.Check(b.module(n, c[1]), metering.DefaultLimits())
				require.ErrorIs(t, err, metering.ErrLimit, "%d functions of %d", n, c[1])
				require.Contains(t, err.Error(), "; ", "the remedy")
			}
		})
	}
}

// TestCompileLimits: each limit on what compiling costs, by a module that is just above it.
func TestCompileLimits(t *testing.T) {
	kinds := map[string]bomb{}
	for _, b := range bombs() {
		kinds[b.name] = b
	}
	for _, c := range []struct {
		kind         string
		functions, a int
		want         string
	}{
		{"loops in loops", 1, 64, ""},
		{"loops in loops", 1, 65, "loops in one another: expected at most 64, got 65; move the inner ones into a function of their own"},
		{"labels of a br_table", 1, 16382, ""},
		{"labels of a br_table", 1, 16383, "basic blocks of a metered function: expected at most 16384, got 16385; split the function"},
		{"locals by blocks", 1, 3000, "values of a function, in all its basic blocks: expected at most 2097152, got"},
		{"calls by globals", 1, 1100, "values of a function, in all its basic blocks: expected at most 2097152, got"},
		{"calls", 1, 2730, ""},
		{"calls", 7, 2730, "steps to compile the module up to this function: expected at most 419430400, got"},
	} {
		err := metering.Check(kinds[c.kind].module(c.functions, c.a), metering.DefaultLimits())
		if c.want == "" {
			require.NoError(t, err, c.kind)
			continue
		}
		require.ErrorIs(t, err, metering.ErrLimit, "%s, %d by %d", c.kind, c.functions, c.a)
		var e *metering.Error
		require.True(t, errors.As(err, &e))
		require.True(t, strings.HasPrefix(e.Detail, c.want), e.Detail)
		require.Positive(t, e.Offset)
	}
}
