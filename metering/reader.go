package metering

import (
	"fmt"
	"unicode/utf8"
)

// reader walks over part of a module. Positions are offsets in the whole module. The first error sticks: after it every
// read returns zero, so that a loop needs to look at the error only once a turn.
type reader struct {
	buf []byte // the module up to the end of the part
	pos int
	err error
}

func (r *reader) fail(cause error, at int, format string, args ...any) {
	if r.err == nil {
		r.err = &Error{Cause: cause, Offset: at, Detail: fmt.Sprintf(format, args...)}
	}
}

func (r *reader) ok() bool   { return r.err == nil }
func (r *reader) done() bool { return r.err != nil || r.pos >= len(r.buf) }

func (r *reader) byte() byte {
	if r.err != nil {
		return 0
	}
	if r.pos >= len(r.buf) {
		r.fail(ErrMalformed, r.pos, "end: expected one more byte, got none")
		return 0
	}
	b := r.buf[r.pos]
	r.pos++
	return b
}

func (r *reader) bytes(n uint32) []byte {
	if r.err != nil {
		return nil
	}
	if uint64(n) > uint64(len(r.buf)-r.pos) {
		r.fail(ErrMalformed, r.pos, "bytes: expected %d, as announced, got %d", n, len(r.buf)-r.pos)
		return nil
	}
	b := r.buf[r.pos : r.pos+int(n)]
	r.pos += int(n)
	return b
}

// sub returns a reader of the next n bytes and skips them here.
func (r *reader) sub(n uint32) *reader {
	start := r.pos
	r.bytes(n)
	if r.err != nil {
		return &reader{err: r.err}
	}
	return &reader{buf: r.buf[:r.pos], pos: start}
}

// leb reads a LEB128 number of at most size bits; signed ones are sign-extended.
func (r *reader) leb(size uint, signed bool) uint64 {
	start := r.pos
	var v uint64
	for shift := uint(0); ; shift += 7 {
		if shift >= size {
			r.fail(ErrMalformed, start, "number: expected at most %d bits, got more", size)
			return 0
		}
		b := r.byte()
		if r.err != nil {
			return 0
		}
		left := size - shift // bits that this byte may still carry
		if left < 7 {
			// The bits beyond the size must repeat the sign, or be zero.
			rest := b & 0x7f >> left
			all := byte(0x7f) >> left
			negative := signed && b>>(left-1)&1 == 1
			if b&0x80 != 0 || (negative && rest != all) || (!negative && rest != 0) {
				r.fail(ErrMalformed, start, "number: expected at most %d bits, got more", size)
				return 0
			}
		}
		v |= uint64(b&0x7f) << shift
		if b&0x80 == 0 {
			if signed && b&0x40 != 0 && shift+7 < 64 {
				v |= ^uint64(0) << (shift + 7)
			}
			return v
		}
	}
}

func (r *reader) u32() uint32 { return uint32(r.leb(32, false)) }
func (r *reader) s32() int32  { return int32(r.leb(32, true)) }
func (r *reader) s33() int64  { return int64(r.leb(33, true)) }
func (r *reader) s64() int64  { return int64(r.leb(64, true)) }

// count reads the length of a vector. Every entry takes at least one byte, so a length beyond what is left is refused at once.
func (r *reader) count(what string, limit int) int {
	at := r.pos
	n := r.u32()
	if r.err != nil {
		return 0
	}
	if uint64(n) > uint64(limit) {
		r.fail(ErrLimit, at, "%s: expected at most %d, got %d", what, limit, n)
		return 0
	}
	if uint64(n) > uint64(len(r.buf)-r.pos) {
		r.fail(ErrMalformed, at, "%s: expected at most the %d bytes that are left, got %d", what, len(r.buf)-r.pos, n)
		return 0
	}
	return int(n)
}

func (r *reader) name(limit int) string {
	at := r.pos
	n := r.u32()
	if r.err == nil && uint64(n) > uint64(limit) {
		r.fail(ErrLimit, at, "name: expected at most %d bytes, got %d", limit, n)
	}
	b := r.bytes(n)
	if r.err == nil && !utf8.Valid(b) {
		r.fail(ErrMalformed, at, "name: expected UTF-8, got other bytes")
	}
	if r.err != nil {
		return ""
	}
	return string(b)
}
