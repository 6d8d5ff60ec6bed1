package oracle_test

import (
	"encoding/binary"
	"math/rand/v2"
)

// generator writes random programs with structured control flow: blocks, loops and ifs with and without values, branches of every kind to
// every label, early returns, calls, code that cannot be reached, memory and floats. They end, because every loop and
// function counts down a global and returns when it is used up.
type generator struct {
	r      *rand.Rand
	out    []byte
	labels []int // of every open block, what a branch to it carries: 0 or 1 value
	size   int   // statements and expressions that may still be written
	calls  int   // functions after this one
	self   int
}

const (
	genFunctions = 4
	genLocals    = 5 // of type i32, the parameter of a function included
	genBudget    = 3000
)

func (g *generator) op(b ...byte)          { g.out = append(g.out, b...) }
func (g *generator) u(op byte, v int)      { g.out = binary.AppendUvarint(append(g.out, op), uint64(v)) }
func (g *generator) local() int            { return g.r.IntN(genLocals) }
func (g *generator) spend() bool           { g.size--; return g.size > 0 }
func (g *generator) open(values int)       { g.labels = append(g.labels, values) }
func (g *generator) close()                { g.labels = g.labels[:len(g.labels)-1]; g.op(0x0b) }
func (g *generator) blockType(values int)  { g.op([]byte{0x40, 0x7f}[values]) }
func (g *generator) arity(label int) int   { return g.labels[len(g.labels)-1-label] }
func (g *generator) chance(n, of int) bool { return g.r.IntN(of) < n }

// guard returns from the function if the budget is used up.
func (g *generator) guard() {
	g.op(0x23, 0, 0x45, 0x04, 0x40)
	g.leave()
	g.op(0x0b, 0x23, 0, 0x41, 1, 0x6b, 0x24, 0)
}

func (g *generator) leave() {
	g.u(0x20, g.local())
	g.op(0x0f)
}

func (g *generator) statements() {
	for range 1 + g.r.IntN(4) {
		g.statement()
	}
}

func (g *generator) statement() {
	if !g.spend() {
		return
	}
	switch g.r.IntN(16) {
	case 0, 1:
		g.expression()
		g.u(0x21, g.local())
	case 2:
		g.op(0x02, 0x40)
		g.open(0)
		g.statements()
		g.close()
	case 3, 4:
		g.op(0x03, 0x40)
		g.open(0)
		g.guard()
		g.statements()
		g.close()
	case 5, 6:
		g.condition()
		g.op(0x04, 0x40)
		g.open(0)
		g.statements()
		if g.chance(1, 2) {
			g.op(0x05)
			g.statements()
		}
		g.close()
	case 7, 8, 9:
		label := g.r.IntN(len(g.labels))
		if g.arity(label) == 1 {
			g.expression()
		}
		g.condition()
		g.u(0x0d, label)
		if g.arity(label) == 1 {
			g.op(0x1a)
		}
	case 10:
		g.jump()
	case 11:
		if g.chance(1, 4) {
			g.leave()
		}
	case 12: // memory.fill of up to 1023 bytes from 1024 on
		g.op(0x41, 0x80, 0x08, 0x20, 1)
		g.expression()
		g.op(0x41, 0xff, 0x07, 0x71, 0xfc, 11, 0)
	case 13: // store to the first 64 bytes
		g.op(0x41, 0x3f)
		g.expression()
		g.op(0x71)
		g.expression()
		g.op(0x36, 0, 0)
	case 14: // a float store
		g.op(0x41, 0x08)
		g.expression()
		g.op(0xb8, 0x9f) // converted from unsigned, its root: no NaN, whose bits the original leaves open
		g.op(0x39, 3, 0)
	case 15:
		g.op(0x01)
	}
}

// jump branches without a condition, by br or br_table; what follows in the block cannot be reached.
func (g *generator) jump() {
	label := g.r.IntN(len(g.labels))
	arity := g.arity(label)
	if arity == 1 {
		g.expression()
	}
	if g.chance(1, 2) {
		g.u(0x0c, label)
		return
	}
	g.expression()
	g.op(0x41, 7, 0x71)
	targets := []int{}
	for range g.r.IntN(6) {
		if l := g.r.IntN(len(g.labels)); g.arity(l) == arity {
			targets = append(targets, l)
		}
	}
	g.u(0x0e, len(targets))
	for _, l := range append(targets, label) {
		g.out = binary.AppendUvarint(g.out, uint64(l))
	}
}

// function writes the body of a function of type (i32) -> (i32). Index 0 is the import, 1 is run, the others follow and call only later
// ones.
func (g *generator) function(self int) []byte {
	g.out, g.labels, g.self = nil, []int{1}, self
	g.calls = genFunctions + 1 - self
	g.size = 60
	g.guard()
	for g.size > 0 {
		g.statement()
	}
	g.expression()
	g.op(0x0b)
	return append([]byte{1, genLocals - 1, 0x7f}, g.out...)
}

// run writes the body of run: it calls the first function three times and hands over the first 32 bytes of the memory, without signs.
func (g *generator) run() []byte {
	g.out = nil
	for i := range 3 {
		g.op(0x41, byte(8*i), 0x41, byte(i), 0x10, 2, 0x36, 2, 0)
	}
	for i := range 4 {
		g.op(0x41, byte(8*i), 0x41, byte(8*i), 0x29, 3, 0, 0x42, 1, 0x88, 0x37, 3, 0)
	}
	g.op(0x41, 0, 0x41, 4, 0x10, 0, 0x0b)
	return append([]byte{0}, g.out...)
}

func vector(entries ...[]byte) []byte {
	out := binary.AppendUvarint(nil, uint64(len(entries)))
	for _, e := range entries {
		out = append(out, e...)
	}
	return out
}

func sized(b []byte) []byte { return append(binary.AppendUvarint(nil, uint64(len(b))), b...) }

// generate writes the module of a seed.
func generate(seed uint64) []byte {
	g := &generator{r: rand.New(rand.NewPCG(seed, 2))}
	var types, bodies, elements [][]byte
	types, bodies = append(types, []byte{0}), append(bodies, sized(g.run()))
	for i := range genFunctions {
		types = append(types, []byte{1})
		elements = append(elements, []byte{byte(i + 2)})
		bodies = append(bodies, sized(g.function(i+2)))
	}
	text := func(s string) []byte { return sized([]byte(s)) }
	join := func(parts ...[]byte) (out []byte) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	module := []byte("\x00asm\x01\x00\x00\x00")
	add := func(id byte, contents []byte) { module = append(append(module, id), sized(contents)...) }
	add(1, vector([]byte{0x60, 0, 0}, []byte{0x60, 1, 0x7f, 1, 0x7f}, []byte{0x60, 2, 0x7f, 0x7f, 0}))
	add(2, vector(join(text("alita"), text("emit"), []byte{0, 2})))
	add(3, vector(types...))
	add(4, vector(join([]byte{0x70, 0}, binary.AppendUvarint(nil, genFunctions))))
	add(5, vector([]byte{0, 1}))
	budget := join([]byte{0x7f, 1, 0x41}, []byte{0x80 | genBudget&0x7f, genBudget >> 7}, []byte{0x0b})
	add(6, vector(budget, []byte{0x7f, 1, 0x41, 5, 0x0b}))
	add(7, vector(join(text("memory"), []byte{2, 0}), join(text("run"), []byte{0, 1})))
	add(9, vector(join([]byte{0, 0x41, 0, 0x0b}, vector(elements...))))
	add(10, vector(bodies...))
	return module
}
