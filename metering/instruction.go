package metering

// instruction is one decoded instruction.
type instruction struct {
	op         byte
	sub        uint32 // after the prefix 0xfc
	start, end int    // its bytes in the module
	info       *opInfo
	a, b       uint32 // indices; in a memory access the alignment and the offset
	block      blockType
	labels     []uint32 // of br_table, the default last
	typ        valType  // of a typed select or a null reference
	value      int64    // of i32.const
}

// blockType is the type of a block as written: a type index, or one result, or nothing.
type blockType struct {
	index  int64 // negative: no index
	result valType
}

// maxLabels bounds a br_table.
const maxLabels = 65536

// instruction decodes the next instruction into in, whose slices are used again.
func (r *reader) instruction(in *instruction) {
	*in = instruction{start: r.pos, labels: in.labels[:0]}
	in.op = r.byte()
	in.info = &ops[in.op]
	if in.op == opPrefixFC {
		in.sub = r.u32()
		if !r.ok() {
			return
		}
		if in.sub >= uint32(len(opsFC)) {
			r.fail(ErrUnsupported, in.start, "instruction: expected core WebAssembly 2.0 without SIMD, got an unknown opcode 0xfc %d", in.sub)
			return
		}
		in.info = &opsFC[in.sub]
	}
	if !r.ok() {
		return
	}
	if !in.info.allowed {
		r.fail(ErrUnsupported, in.start, "instruction: expected core WebAssembly 2.0 without SIMD, got %s", refusedFeature(in.op))
		return
	}
	r.immediate(in)
	in.end = r.pos
}

func (r *reader) immediate(in *instruction) {
	switch in.info.imm {
	case immBlock:
		in.block = r.blockType()
	case immLabel, immIndex:
		in.a = r.u32()
	case immLabels:
		n := r.count("labels", maxLabels)
		for i := 0; i <= n && r.ok(); i++ {
			in.labels = append(in.labels, r.u32())
		}
	case immTypeTable, immIndexIndex:
		in.a, in.b = r.u32(), r.u32()
	case immAccess:
		at := r.pos
		in.a = r.u32()
		if r.ok() && in.a&0x40 != 0 {
			r.fail(ErrUnsupported, at, "memory: expected the one memory 0, got one of several")
		}
		if r.ok() && in.a > in.info.align {
			r.fail(ErrInvalid, at, "alignment: expected at most 2^%d, got 2^%d", in.info.align, in.a)
		}
		in.b = r.u32()
	case immZero:
		r.zero()
	case immZeroZero:
		r.zero()
		r.zero()
	case immIndexZero:
		in.a = r.u32()
		r.zero()
	case immI32:
		in.value = int64(r.s32())
	case immI64:
		r.s64()
	case immF32:
		r.bytes(4)
	case immF64:
		r.bytes(8)
	case immSelect:
		at := r.pos
		if n := r.u32(); r.ok() && n != 1 {
			r.fail(ErrInvalid, at, "types of a select: expected 1, got %d", n)
		}
		in.typ = r.valType()
	case immRefType:
		in.typ = r.refType()
	}
}

// zero reads the index of a memory, of which there is one.
func (r *reader) zero() {
	at := r.pos
	if i := r.byte(); r.ok() && i != 0 {
		r.fail(ErrUnsupported, at, "memory: expected the one memory 0, got %d", i)
	}
}

func (r *reader) refType() valType {
	at := r.pos
	t := r.valType()
	if r.ok() && t != funcref {
		r.fail(ErrInvalid, at, "reference type: expected funcref, got %s", t)
	}
	return t
}

func (r *reader) blockType() blockType {
	at := r.pos
	if r.pos < len(r.buf) {
		switch b := r.buf[r.pos]; {
		case b == 0x40:
			r.pos++
			return blockType{index: -1}
		case b&0xc0 == 0x40: // a negative number of one byte stands for a value type
			return blockType{index: -1, result: r.valType()}
		}
	}
	i := r.s33()
	if r.ok() && i < 0 {
		r.fail(ErrMalformed, at, "block type: expected a value type or the index of a type, got a negative number")
	}
	return blockType{index: i}
}
