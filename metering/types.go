package metering

import "strings"

// valType is a value type by its byte in the binary format.
type valType byte

const (
	i32     valType = 0x7f
	i64     valType = 0x7e
	f32     valType = 0x7d
	f64     valType = 0x7c
	funcref valType = 0x70
	// unknown stands for a value popped in unreachable code: it has every type.
	unknown valType = 0
)

func (t valType) String() string {
	switch t {
	case i32:
		return "i32"
	case i64:
		return "i64"
	case f32:
		return "f32"
	case f64:
		return "f64"
	case funcref:
		return "funcref"
	}
	return "any"
}

func (t valType) float() bool { return t == f32 || t == f64 }

// funcType is the type of a function or of a block.
type funcType struct {
	params, results []valType
}

func (f funcType) String() string {
	return "(" + typeList(f.params) + ") -> (" + typeList(f.results) + ")"
}

func (f funcType) equal(g funcType) bool {
	return sameTypes(f.params, g.params) && sameTypes(f.results, g.results)
}

func (f funcType) float() bool {
	for _, t := range f.params {
		if t.float() {
			return true
		}
	}
	for _, t := range f.results {
		if t.float() {
			return true
		}
	}
	return false
}

func typeList(ts []valType) string {
	names := make([]string, len(ts))
	for i, t := range ts {
		names[i] = t.String()
	}
	return strings.Join(names, " ")
}

func sameTypes(a, b []valType) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// valType reads a value type.
func (r *reader) valType() valType {
	at := r.pos
	t := valType(r.byte())
	switch t {
	case i32, i64, f32, f64, funcref:
		return t
	}
	if !r.ok() {
		return 0
	}
	switch t {
	case 0x7b:
		r.fail(ErrUnsupported, at, "type: expected i32, i64, f32, f64 or funcref, got v128 of SIMD")
	case 0x6f:
		r.fail(ErrUnsupported, at, "type: expected i32, i64, f32, f64 or funcref, got externref")
	case 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x71, 0x72, 0x73, 0x74:
		r.fail(ErrUnsupported, at, "type: expected i32, i64, f32, f64 or funcref, got the garbage-collected or typed reference 0x%02x", byte(t))
	default:
		r.fail(ErrMalformed, at, "type: expected a value type, got 0x%02x", byte(t))
	}
	return 0
}

func (r *reader) valTypes(what string, limit int) []valType {
	n := r.count(what, limit)
	ts := make([]valType, 0, n)
	for i := 0; i < n && r.ok(); i++ {
		ts = append(ts, r.valType())
	}
	return ts
}
