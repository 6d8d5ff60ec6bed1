package metering

// injector rewrites the functions of a module. Its globals come after the module's globals, and its locals after the function's
// locals. Its import comes after the module's imports and so before the functions, whose indices grow by one.
//
// A loop becomes two, one directly in the other. The inner loop is the original one, with a look at the counter at its head; if the
// counter is negative it leaves for the head of the outer loop, which calls the host. So the machine code of the inner loop has no
// call in it: a call there slows down an engine's register allocation by much (a factor of 1.7 in the loop of the program moments).
type injector struct {
	m              *module
	weighted       bool   // with surcharges
	counter, depth uint32 // indices of the injected globals
	mask           uint32 // of a row program, the third injected global
	stats          Stats

	// Of the function being rewritten:
	out     []byte // finished code
	segment []byte // code of the current segment, without its charge
	cost    uint64 // of the current segment
	masked  bool   // there is an i32.and or i64.and in the current segment
	copied  int    // the code before this offset is in out or segment
	base    uint32 // index of the first scratch local
	scratch []valType
	loops   []int // of every open block: how many loops are open up to it
}

// function returns the metered body of a function.
func (j *injector) function(b span, t funcType) []byte {
	r := &reader{buf: j.m.buf[:b.end], pos: b.start}
	groups := r.u32()
	declared := r.pos
	r.pos = b.start
	j.base = uint32(len(j.m.locals(r, append([]valType(nil), t.params...))))
	locals := j.m.buf[declared:r.pos]

	j.out, j.segment, j.scratch = j.out[:0], j.segment[:0], j.scratch[:0]
	j.cost, j.copied, j.loops = CostFunctionEntry, r.pos, append(j.loops[:0], 0)
	j.masked = false
	var in instruction
	for !r.done() {
		r.instruction(&in)
		j.instruction(&in)
	}
	j.flush(r.pos)

	body := appendU(nil, uint64(groups)+uint64(len(j.scratch)))
	body = append(body, locals...)
	for _, s := range j.scratch {
		body = append(body, 1, byte(s))
	}
	return append(body, j.out...)
}

// instruction adds one instruction to the current segment and begins a new one if control can come in or leave after it.
func (j *injector) instruction(in *instruction) {
	j.cost += operatorCost(in.op)
	if ordering(in.op) {
		j.shield(in)
		return
	}
	switch in.op {
	case opI32And, opI64And:
		j.masked = true
	case opCall, opCallIndirect:
		j.call(in)
	case opRefFunc:
		j.before(in)
		j.segment = appendU(append(j.segment, opRefFunc), uint64(in.a)+1)
		j.copied = in.end
		j.flat(CostReference)
	case opMemoryGrow:
		j.before(in)
		j.flat(CostGrow)
		j.surcharge(CostPage, opI64Mul)
	case opPrefixFC:
		j.bulk(in)
	case opF32Store, opI32Reinterp, opF32Copysign:
		j.before(in)
		j.canonicalise(f32)
	case opF64Store, opI64Reinterp, opF64Copysign:
		j.before(in)
		j.canonicalise(f64)
	case opBlock:
		j.open(0)
	case opLoop:
		j.loop(in)
	case opIf:
		j.open(0)
		j.flush(in.end)
	case opEnd:
		j.end(in)
	case opBr, opBrIf, opBrTable:
		j.branch(in)
	case opElse, opReturn, opUnreachable:
		j.flush(in.end)
	}
	if j.m.row != nil && isStore(in.op) {
		j.window(in)
	}
}

// open notes that a block begins, with one loop more if it is one.
func (j *injector) open(loops int) {
	j.loops = append(j.loops, j.loops[len(j.loops)-1]+loops)
}

// loop writes the heads of both loops.
func (j *injector) loop(in *instruction) {
	j.flush(in.start)
	head := j.m.buf[in.start:in.end]
	j.out = append(j.out, head...)
	j.out = j.refill(j.out)
	j.out = append(j.out, head...)
	j.out = j.negative(j.out)
	j.out = append(j.out, opBrIf, 1)
	j.copied = in.end
	j.open(1)
}

// end ends a block, and the outer loop with the inner one.
func (j *injector) end(in *instruction) {
	j.copyTo(in.end)
	n := len(j.loops)
	if n > 1 && j.loops[n-1] > j.loops[n-2] {
		j.segment = append(j.segment, opEnd)
	}
	j.loops = j.loops[:n-1]
	j.flush(in.end)
}

// branch writes a branch, whose labels grow by the number of loops that it leaves.
func (j *injector) branch(in *instruction) {
	j.before(in)
	label := func(l uint32) uint64 {
		top := len(j.loops) - 1
		return uint64(l) + uint64(j.loops[top]-j.loops[top-int(l)])
	}
	j.segment = append(j.segment, in.op)
	if in.op == opBrTable {
		j.segment = appendU(j.segment, uint64(len(in.labels)-1))
		for _, l := range in.labels {
			j.segment = appendU(j.segment, label(l))
		}
	} else {
		j.segment = appendU(j.segment, label(in.a))
	}
	j.copied = in.end
	j.flush(in.end)
}

// before copies the code up to an instruction, so that what is appended next comes before it.
func (j *injector) before(in *instruction) { j.copyTo(in.start) }

func (j *injector) copyTo(end int) {
	j.segment = append(j.segment, j.m.buf[j.copied:end]...)
	j.copied = end
}

// flush ends the current segment at the given offset and writes it with its charge before it.
func (j *injector) flush(end int) {
	j.copyTo(end)
	if j.cost > 0 {
		j.stats.Segments++
		j.out = j.get(j.out, j.counter)
		j.out = append(j.out, opI64Const)
		j.out = appendS(j.out, int64(j.cost))
		j.out = append(j.out, opI64Sub)
		j.out = j.set(j.out, j.counter)
	}
	j.out = append(j.out, j.segment...)
	j.segment, j.cost, j.masked = j.segment[:0], 0, false
}

func (j *injector) get(out []byte, global uint32) []byte {
	return appendU(append(out, opGlobalGet), uint64(global))
}

func (j *injector) set(out []byte, global uint32) []byte {
	return appendU(append(out, opGlobalSet), uint64(global))
}

// negative pushes 1 if the counter is negative, else 0.
func (j *injector) negative(out []byte) []byte {
	return append(j.get(out, j.counter), opI64Const, 0, opI64LtS)
}

// refill calls the host if the counter is negative.
func (j *injector) refill(out []byte) []byte {
	out = append(j.negative(out), opIf, 0x40)
	out = j.get(out, j.counter)
	out = appendU(append(out, opCall), uint64(len(j.m.imports)))
	out = j.set(out, j.counter)
	return append(out, opEnd)
}

// call writes a call. For a function of the module it looks at the counter before the call, and counts the depth around it: the
// module traps above MaxDepth.
func (j *injector) call(in *instruction) {
	if in.op == opCall && int(in.a) < len(j.m.imports) {
		j.flat(j.m.imports[in.a].cost)
		return
	}
	j.before(in)
	s := j.refill(j.segment)
	s = j.get(s, j.depth)
	s = append(s, opI32Const, 1, opI32Add)
	s = j.set(s, j.depth)
	s = j.get(s, j.depth)
	s = append(s, opI32Const)
	s = appendS(s, MaxDepth)
	s = append(s, opI32GtS, opIf, 0x40, opUnreachable, opEnd)
	if in.op == opCall {
		s = appendU(append(s, opCall), uint64(in.a)+1)
		j.copied = in.end
	}
	j.segment = s
	j.copyTo(in.end)
	s = j.get(j.segment, j.depth)
	s = append(s, opI32Const, 1, opI32Sub)
	j.segment = j.set(s, j.depth)
}

// bulk charges for the size of a bulk operation.
func (j *injector) bulk(in *instruction) {
	switch in.sub {
	case subMemoryInit, subMemoryCopy, subMemoryFill:
		j.before(in)
		j.flat(CostBulk)
		j.surcharge(BulkBytesPerOperation, opI64DivU)
	case subTableInit, subTableCopy, subTableFill:
		j.before(in)
		j.flat(CostBulk)
		j.surcharge(CostElement, opI64Mul)
	case subTableGrow:
		j.before(in)
		j.flat(CostGrow)
		j.surcharge(CostNewElement, opI64Mul)
	}
}

// flat charges for an instruction whatever its size, with its segment.
func (j *injector) flat(cost uint64) {
	if j.weighted {
		j.cost += cost
	}
}

// surcharge charges for the unsigned size on top of the stack and leaves it there.
func (j *injector) surcharge(by uint64, op byte) {
	if !j.weighted {
		return
	}
	size := j.local(i32)
	s := appendU(append(j.segment, opLocalSet), uint64(size))
	s = j.get(s, j.counter)
	s = appendU(append(s, opLocalGet), uint64(size))
	s = append(s, opI64ExtendU32, opI64Const)
	s = appendS(s, int64(by))
	s = append(s, op, opI64Sub)
	s = j.set(s, j.counter)
	s = j.refill(s)
	j.segment = appendU(append(s, opLocalGet), uint64(size))
}

// ordering reports whether an instruction compares integers by order.
func ordering(op byte) bool {
	return op >= opI32LtS && op <= opI32GeU || op >= opI64LtS && op <= opI64GeU
}

// shield keeps a comparison from being merged with the branch on it. wazero's compiler (version 1.12) makes one machine instruction of a
// branch on the order of zero and a and b, which sets the flags as for (a and b, zero): with the zero on the left it branches as
// if the operands were exchanged. For ARM, unsigned comparisons with the zero on the right are wrong in its code, too. The "and" must
// be in the same basic block, which is never longer than a segment; an "or" with zero between comparison and branch is enough.
func (j *injector) shield(in *instruction) {
	if !j.masked {
		return
	}
	j.copyTo(in.end)
	j.segment = append(j.segment, opI32Const, 0, opI32Or)
}

// canonicalise replaces a NaN on top of the stack by the canonical one, whose sign is plus and whose payload is the highest bit alone.
func (j *injector) canonicalise(t valType) {
	x := uint64(j.local(t))
	s := appendU(append(j.segment, opLocalTee), x)
	if t == f32 {
		s = append(s, opF32Const, 0, 0, 0xc0, 0x7f)
	} else {
		s = append(s, opF64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f)
	}
	s = appendU(append(s, opLocalGet), x)
	s = appendU(append(s, opLocalGet), x)
	if t == f32 {
		s = append(s, opF32Eq)
	} else {
		s = append(s, opF64Eq)
	}
	s = append(s, opSelect)
	j.segment = s
}

// local returns the scratch local of a type and declares it at its first use.
func (j *injector) local(t valType) uint32 {
	for i, s := range j.scratch {
		if s == t {
			return j.base + uint32(i)
		}
	}
	j.scratch = append(j.scratch, t)
	return j.base + uint32(len(j.scratch)) - 1
}
