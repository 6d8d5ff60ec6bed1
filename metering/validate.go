package metering

// instruction checks one instruction and applies it to the stack of types.
func (v *validator) instruction(in *instruction) {
	if v.m.row != nil {
		if name, instead := stateful(in); name != "" {
			v.r.fail(ErrState, in.start, "instruction of a row program: expected none that outlives the row, got %s; %s", name, instead)
			return
		}
	}
	if in.info.typed {
		if v.operands(in) {
			v.apply(in, in.info.typ)
		}
		return
	}
	switch in.op {
	case opUnreachable:
		v.kill()
	case opNop:
	case opBlock, opLoop, opIf, opElse, opEnd:
		v.structure(in)
	case opBr, opBrIf, opBrTable, opReturn:
		v.branch(in)
	case opCall:
		if v.index(in, "function", in.a, len(v.m.funcs)) {
			v.apply(in, v.m.funcType(in.a))
		}
	case opCallIndirect:
		if v.index(in, "type", in.a, len(v.m.types)) && v.index(in, "table", in.b, len(v.m.tables)) {
			v.pop(in, i32)
			v.apply(in, v.m.types[in.a])
		}
	case opDrop:
		v.pop(in, unknown)
	case opSelect, opSelectTyped:
		v.selects(in)
	default:
		v.variable(in)
	}
}

// operands checks the indices of an instruction whose type is always the same.
func (v *validator) operands(in *instruction) bool {
	switch in.info.imm {
	case immAccess, immZero, immZeroZero, immIndexZero:
		if len(v.m.memories) == 0 {
			v.fail(in, "memory: expected one, got none")
			return false
		}
	}
	if in.op != opPrefixFC {
		return true
	}
	switch in.sub {
	case subMemoryInit, subDataDrop:
		if v.m.dataCount < 0 {
			v.fail(in, "data count section: expected one, got none")
			return false
		}
		return v.index(in, "data segment", in.a, v.m.dataCount)
	case subElemDrop:
		return v.index(in, "element segment", in.a, v.m.elements)
	case subTableInit:
		return v.index(in, "element segment", in.a, v.m.elements) && v.index(in, "table", in.b, len(v.m.tables))
	case subTableCopy:
		return v.index(in, "table", in.a, len(v.m.tables)) && v.index(in, "table", in.b, len(v.m.tables))
	case subTableGrow, subTableSize, subTableFill:
		return v.index(in, "table", in.a, len(v.m.tables))
	}
	return true
}

func (v *validator) structure(in *instruction) {
	switch in.op {
	case opBlock, opLoop, opIf:
		t := v.blockType(in)
		if in.op == opIf {
			v.pop(in, i32)
		}
		v.popAll(in, t.params)
		if v.r.ok() {
			v.open(in.op, t)
		}
	case opElse:
		if v.frames[len(v.frames)-1].op != opIf {
			v.fail(in, "else: expected in an if, got outside of one")
			return
		}
		f := v.close(in)
		v.open(opElse, f.typ)
	case opEnd:
		f := v.close(in)
		if f.op == opIf && !sameTypes(f.typ.params, f.typ.results) {
			v.fail(in, "if of type %s: expected an else, got none", f.typ)
		}
		if len(v.frames) > 0 {
			v.push(f.typ.results...)
		}
	}
}

func (v *validator) branch(in *instruction) {
	switch in.op {
	case opBr:
		v.popAll(in, v.label(in, in.a))
		v.kill()
	case opBrIf:
		v.pop(in, i32)
		ts := v.label(in, in.a)
		v.popAll(in, ts)
		v.push(ts...)
	case opBrTable:
		v.brTable(in)
	case opReturn:
		v.popAll(in, v.frames[0].typ.results)
		v.kill()
	}
}

func (v *validator) brTable(in *instruction) {
	v.pop(in, i32)
	last := v.label(in, in.labels[len(in.labels)-1])
	arity := len(last)
	var popped []valType
	for i, l := range in.labels {
		ts := v.label(in, l)
		if !v.r.ok() {
			return
		}
		if len(ts) != arity {
			v.fail(in, "labels of a br_table: expected %d values at each, got %d", arity, len(ts))
			return
		}
		if i < len(in.labels)-1 && sameTypes(ts, last) {
			continue // checked with the last label
		}
		popped = popped[:0]
		for i := len(ts) - 1; i >= 0 && v.r.ok(); i-- {
			// The values go back as they were, so that an unknown one can stand for different types.
			f := &v.frames[len(v.frames)-1]
			have := unknown
			if len(v.values) > f.height {
				have = v.values[len(v.values)-1]
			}
			v.pop(in, ts[i])
			popped = append(popped, have)
		}
		for i := len(popped) - 1; i >= 0; i-- {
			v.push(popped[i])
		}
	}
	if v.r.ok() {
		v.kill()
	}
}

func (v *validator) selects(in *instruction) {
	v.pop(in, i32)
	if in.op == opSelectTyped {
		v.pop(in, in.typ)
		v.pop(in, in.typ)
		v.push(in.typ)
		return
	}
	a := v.pop(in, unknown)
	b := v.pop(in, unknown)
	if a == funcref || b == funcref {
		v.fail(in, "select of references: expected its type, got none")
	}
	if a != b && a != unknown && b != unknown {
		v.fail(in, "select: expected two values of type %s, got one of %s", b, a)
	}
	if a == unknown {
		a = b
	}
	v.push(a)
}

func (v *validator) variable(in *instruction) {
	switch in.op {
	case opLocalGet, opLocalSet, opLocalTee:
		if !v.index(in, "local", in.a, len(v.locals)) {
			return
		}
		t := v.locals[in.a]
		if in.op != opLocalGet {
			v.pop(in, t)
		}
		if in.op != opLocalSet {
			v.push(t)
		}
	case opGlobalGet:
		if v.index(in, "global", in.a, len(v.m.globals)) {
			v.push(v.m.globals[in.a].typ)
		}
	case opGlobalSet:
		if !v.index(in, "global", in.a, len(v.m.globals)) {
			return
		}
		if !v.m.globals[in.a].mutable {
			v.fail(in, "global %d: expected a variable, got a constant", in.a)
		}
		v.pop(in, v.m.globals[in.a].typ)
	case opTableGet, opTableSet:
		if !v.index(in, "table", in.a, len(v.m.tables)) {
			return
		}
		if in.op == opTableSet {
			v.pop(in, funcref)
		}
		v.pop(in, i32)
		if in.op == opTableGet {
			v.push(funcref)
		}
	case opRefNull:
		v.push(in.typ)
	case opRefIsNull:
		if t := v.pop(in, unknown); t != funcref && t != unknown {
			v.fail(in, "value on the stack: expected funcref, got %s", t)
		}
		v.push(i32)
	case opRefFunc:
		switch {
		case !v.index(in, "function", in.a, len(v.m.funcs)):
		case uint64(in.a) < uint64(len(v.m.imports)):
			v.r.fail(ErrImport, in.start, "reference: expected to a function of the module, got an imported one; call it directly")
		case v.m.declared == nil || !v.m.declared[in.a]:
			v.fail(in, "reference to function %d: expected to be declared in an element segment or export, got neither", in.a)
		default:
			v.push(funcref)
		}
	}
}
