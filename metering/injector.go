package metering

// injector rewrites the functions of a module. The two globals that it uses come after those of the module, and the locals
// after those of the function, so that no index changes.
type injector struct {
	m              *module
	weighted       bool   // with surcharges
	counter, depth uint32 // indices of the injected globals
	stats          Stats

	// Of the function being rewritten:
	out     []byte // finished code
	segment []byte // code of the current segment, without its charge
	cost    uint64 // of the current segment
	check   bool   // the current segment begins a function or a loop
	copied  int    // the code before this offset is in out or segment
	base    uint32 // index of the first scratch local
	scratch []valType
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
	j.cost, j.check, j.copied = CostFunctionEntry, true, r.pos
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

// instruction adds one instruction to the current segment and begins a new one where control can come or go.
func (j *injector) instruction(in *instruction) {
	j.cost += operatorCost(in.op)
	switch in.op {
	case opCall:
		if int(in.a) < len(j.m.imports) {
			if j.weighted {
				j.cost += j.m.imports[in.a].cost
			}
			return
		}
		j.call(in)
	case opCallIndirect:
		j.call(in)
	case opMemoryGrow:
		j.before(in)
		j.surcharge(CostPage, opI64Mul)
	case opPrefixFC:
		j.bulk(in)
	case opF32Store, opI32Reinterp, opF32Copysign:
		j.before(in)
		j.canonicalise(f32)
	case opF64Store, opI64Reinterp, opF64Copysign:
		j.before(in)
		j.canonicalise(f64)
	case opLoop, opIf, opElse, opEnd, opBr, opBrIf, opBrTable, opReturn, opUnreachable:
		j.flush(in.end)
		j.check = in.op == opLoop
	}
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
	if j.check {
		j.out = j.stopIfNegative(j.out)
	}
	j.out = append(j.out, j.segment...)
	j.segment, j.cost, j.check = j.segment[:0], 0, false
}

func (j *injector) get(out []byte, global uint32) []byte {
	return appendU(append(out, opGlobalGet), uint64(global))
}

func (j *injector) set(out []byte, global uint32) []byte {
	return appendU(append(out, opGlobalSet), uint64(global))
}

// stopIfNegative traps if the counter is used up.
func (j *injector) stopIfNegative(out []byte) []byte {
	out = j.get(out, j.counter)
	return append(out, opI64Const, 0, opI64LtS, opIf, 0x40, opUnreachable, opEnd)
}

// call counts the depth around a call and traps above MaxDepth.
func (j *injector) call(in *instruction) {
	j.before(in)
	s := j.get(j.segment, j.depth)
	s = append(s, opI32Const, 1, opI32Add)
	s = j.set(s, j.depth)
	s = j.get(s, j.depth)
	s = append(s, opI32Const)
	s = appendS(s, MaxDepth)
	j.segment = append(s, opI32GtS, opIf, 0x40, opUnreachable, opEnd)
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
		j.surcharge(BulkBytesPerOperation, opI64DivU)
	case subTableInit, subTableCopy, subTableFill, subTableGrow:
		j.before(in)
		j.surcharge(BulkElementsPerOperation, opI64DivU)
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
	s = j.stopIfNegative(s)
	j.segment = appendU(append(s, opLocalGet), uint64(size))
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
	j.segment = append(s, opSelect)
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
