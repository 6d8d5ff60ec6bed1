package metering

import "fmt"

// Opcodes that the validator or the injector treats on its own.
const (
	opUnreachable  = 0x00
	opNop          = 0x01
	opBlock        = 0x02
	opLoop         = 0x03
	opIf           = 0x04
	opElse         = 0x05
	opEnd          = 0x0b
	opBr           = 0x0c
	opBrIf         = 0x0d
	opBrTable      = 0x0e
	opReturn       = 0x0f
	opCall         = 0x10
	opCallIndirect = 0x11
	opDrop         = 0x1a
	opSelect       = 0x1b
	opSelectTyped  = 0x1c
	opLocalGet     = 0x20
	opLocalSet     = 0x21
	opLocalTee     = 0x22
	opGlobalGet    = 0x23
	opGlobalSet    = 0x24
	opTableGet     = 0x25
	opTableSet     = 0x26
	opI32Store     = 0x36
	opF32Store     = 0x38
	opF64Store     = 0x39
	opI32Store8    = 0x3a
	opI32Store16   = 0x3b
	opI64Store32   = 0x3e
	opMemoryGrow   = 0x40
	opI32Const     = 0x41
	opI64Const     = 0x42
	opF32Const     = 0x43
	opF64Const     = 0x44
	opI32LtS       = 0x48
	opI32GtS       = 0x4a
	opI32GeU       = 0x4f
	opI64LtS       = 0x53
	opI64GeU       = 0x5a
	opF32Eq        = 0x5b
	opF64Eq        = 0x61
	opI32Add       = 0x6a
	opI32Sub       = 0x6b
	opI32And       = 0x71
	opI32Or        = 0x72
	opI64Sub       = 0x7d
	opI64Mul       = 0x7e
	opI64DivU      = 0x80
	opI64And       = 0x83
	opF32Copysign  = 0x98
	opF64Copysign  = 0xa6
	opI64ExtendU32 = 0xad
	opI32Reinterp  = 0xbc
	opI64Reinterp  = 0xbd
	opRefNull      = 0xd0
	opRefIsNull    = 0xd1
	opRefFunc      = 0xd2
	opPrefixFC     = 0xfc
)

// Opcodes after the prefix 0xfc.
const (
	subMemoryInit = 8
	subDataDrop   = 9
	subMemoryCopy = 10
	subMemoryFill = 11
	subTableInit  = 12
	subElemDrop   = 13
	subTableCopy  = 14
	subTableGrow  = 15
	subTableSize  = 16
	subTableFill  = 17
)

// immediate is the kind of what follows an opcode in the code.
type immediate byte

const (
	immNone immediate = iota
	immBlock
	immLabel
	immLabels
	immIndex      // one index
	immTypeTable  // a type index and a table index
	immAccess     // alignment and offset of a memory access
	immZero       // the memory index, which must be zero
	immI32        // the constants
	immI64        //
	immF32        //
	immF64        //
	immSelect     // the types of a typed select
	immRefType    // a reference type
	immIndexZero  // an index and a memory index that must be zero
	immZeroZero   // two memory indices that must be zero
	immIndexIndex // two indices
)

// opInfo describes an instruction: its immediate and, if it is always the same, its type.
type opInfo struct {
	allowed bool
	imm     immediate
	align   uint32 // of a memory access: the largest allowed exponent
	typ     funcType
	typed   bool
}

var (
	ops   [256]opInfo
	opsFC [18]opInfo
)

func init() {
	plain := func(imm immediate, codes ...byte) {
		for _, c := range codes {
			ops[c] = opInfo{allowed: true, imm: imm}
		}
	}
	typed := func(from, to byte, s string) {
		for c := int(from); c <= int(to); c++ {
			ops[c] = opInfo{allowed: true, typ: sig(s), typed: true}
		}
	}
	access := func(code byte, align uint32, s string) {
		ops[code] = opInfo{allowed: true, imm: immAccess, align: align, typ: sig(s), typed: true}
	}
	constant := func(code byte, imm immediate, s string) {
		ops[code] = opInfo{allowed: true, imm: imm, typ: sig(s), typed: true}
	}

	plain(immNone, opUnreachable, opNop, opElse, opEnd, opReturn, opDrop, opSelect, opRefIsNull)
	plain(immBlock, opBlock, opLoop, opIf)
	plain(immLabel, opBr, opBrIf)
	plain(immLabels, opBrTable)
	plain(immIndex, opCall, opLocalGet, opLocalSet, opLocalTee, opGlobalGet, opGlobalSet, opTableGet, opTableSet, opRefFunc)
	plain(immTypeTable, opCallIndirect)
	plain(immSelect, opSelectTyped)
	plain(immRefType, opRefNull)

	for i, align := range []uint32{2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2} { // loads 0x28 to 0x35
		access(0x28+byte(i), align, "i>"+string("iIfFiiiiIIIIII"[i]))
	}
	for i, align := range []uint32{2, 3, 2, 3, 0, 1, 0, 1, 2} { // stores 0x36 to 0x3e
		access(0x36+byte(i), align, "i"+string("iIfFiiIII"[i])+">")
	}
	constant(0x3f, immZero, ">i") // memory.size
	constant(opMemoryGrow, immZero, "i>i")
	constant(opI32Const, immI32, ">i")
	constant(opI64Const, immI64, ">I")
	constant(opF32Const, immF32, ">f")
	constant(opF64Const, immF64, ">F")

	typed(0x45, 0x45, "i>i")  // i32.eqz
	typed(0x46, 0x4f, "ii>i") // comparisons
	typed(0x50, 0x50, "I>i")
	typed(0x51, 0x5a, "II>i")
	typed(0x5b, 0x60, "ff>i")
	typed(0x61, 0x66, "FF>i")
	typed(0x67, 0x69, "i>i") // arithmetic
	typed(0x6a, 0x78, "ii>i")
	typed(0x79, 0x7b, "I>I")
	typed(0x7c, 0x8a, "II>I")
	typed(0x8b, 0x91, "f>f")
	typed(0x92, 0x98, "ff>f")
	typed(0x99, 0x9f, "F>F")
	typed(0xa0, 0xa6, "FF>F")
	for i, s := range []string{ // conversions 0xa7 to 0xbf
		"I>i", "f>i", "f>i", "F>i", "F>i", "i>I", "i>I", "f>I", "f>I", "F>I", "F>I", "i>f", "i>f", "I>f", "I>f", "F>f",
		"i>F", "i>F", "I>F", "I>F", "f>F", "f>i", "F>I", "i>f", "I>F",
	} {
		typed(0xa7+byte(i), 0xa7+byte(i), s)
	}
	typed(0xc0, 0xc1, "i>i") // sign extension
	typed(0xc2, 0xc4, "I>I")

	for i, s := range []string{"f>i", "f>i", "F>i", "F>i", "f>I", "f>I", "F>I", "F>I"} { // saturating truncation
		opsFC[i] = opInfo{allowed: true, typ: sig(s), typed: true}
	}
	bulk := func(sub int, imm immediate, s string) {
		opsFC[sub] = opInfo{allowed: true, imm: imm, typ: sig(s), typed: true}
	}
	bulk(subMemoryInit, immIndexZero, "iii>")
	bulk(subDataDrop, immIndex, ">")
	bulk(subMemoryCopy, immZeroZero, "iii>")
	bulk(subMemoryFill, immZero, "iii>")
	bulk(subTableInit, immIndexIndex, "iii>")
	bulk(subElemDrop, immIndex, ">")
	bulk(subTableCopy, immIndexIndex, "iii>")
	bulk(subTableGrow, immIndex, "ri>i")
	bulk(subTableSize, immIndex, ">i")
	bulk(subTableFill, immIndex, "iri>")
}

// refusedFeature names the feature that a refused opcode belongs to.
func refusedFeature(op byte) string {
	switch {
	case op >= 0x06 && op <= 0x0a, op == 0x18, op == 0x19, op == 0x1f:
		return "exception handling"
	case op == 0x12, op == 0x13:
		return "a tail call"
	case op == 0x14, op == 0x15, op >= 0xd3 && op <= 0xd6:
		return "a typed function reference"
	case op == 0xfb:
		return "garbage collection"
	case op == 0xfd:
		return "SIMD"
	case op == 0xfe:
		return "threads and atomics"
	}
	return fmt.Sprintf("an unknown opcode 0x%02x", op)
}
