package metering_test

import (
	"encoding/binary"
	"slices"
)

// parts are the sections of a module under construction, by their number; those left out are missing.
type parts map[byte][]byte

var header = []byte("\x00asm\x01\x00\x00\x00")

var order = []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11}

func u(n int) []byte { return binary.AppendUvarint(nil, uint64(n)) }

func cat(parts ...[]byte) []byte { return slices.Concat(parts...) }

// vec is a vector of entries.
func vec(entries ...[]byte) []byte { return cat(append([][]byte{u(len(entries))}, entries...)...) }

func name(s string) []byte { return cat(u(len(s)), []byte(s)) }

func section(id byte, contents []byte) []byte { return cat([]byte{id}, u(len(contents)), contents) }

// fn is a function type, from strings of i (i32), I (i64), f (f32), F (f64), r (funcref).
func fn(params, results string) []byte {
	types := func(s string) []byte {
		out := u(len(s))
		for _, c := range s {
			out = append(out, map[rune]byte{'i': 0x7f, 'I': 0x7e, 'f': 0x7d, 'F': 0x7c, 'r': 0x70, 'v': 0x7b, 'e': 0x6f}[c])
		}
		return out
	}
	return cat([]byte{0x60}, types(params), types(results))
}

// body is a function body without locals; the end is added.
func body(code ...byte) []byte { return withLocals(vec(), code...) }

func withLocals(locals []byte, code ...byte) []byte {
	b := cat(locals, code, []byte{0x0b})
	return cat(u(len(b)), b)
}

func export(s string, kind byte, index int) []byte { return cat(name(s), []byte{kind}, u(index)) }

var (
	exportMemory = export("memory", 2, 0)
	exportRun    = export("run", 0, 0)
)

// program is the smallest program; its run has the given code.
func program(code ...byte) parts {
	return parts{
		1:  vec(fn("", "")),
		3:  vec(u(0)),
		5:  vec([]byte{0, 1}),
		7:  vec(exportMemory, exportRun),
		10: vec(body(code...)),
	}
}

// with replaces sections; nil removes one.
func (p parts) with(id byte, contents []byte) parts {
	q := parts{}
	for k, v := range p {
		q[k] = v
	}
	if contents == nil {
		delete(q, id)
	} else {
		q[id] = contents
	}
	return q
}

func (p parts) encode() []byte {
	out := slices.Clone(header)
	for _, id := range order {
		if c, ok := p[id]; ok {
			out = append(out, section(id, c)...)
		}
	}
	return out
}
