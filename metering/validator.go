package metering

// validator checks the types of a function body, by the algorithm of the appendix of the WebAssembly specification
// ("Validation Algorithm"). Its memory and time are linear in the body.
type validator struct {
	m      *module
	r      *reader
	locals []valType
	values []valType
	frames []frame
	effort effort
}

// frame is a block that is open.
type frame struct {
	op     byte
	typ    funcType
	height int  // values on the stack below the block
	dead   bool // the rest of the block cannot be reached
}

// label returns the types that a branch to the block carries.
func (f *frame) label() []valType {
	if f.op == opLoop {
		return f.typ.params
	}
	return f.typ.results
}

func (v *validator) function(r *reader, t funcType) {
	v.r = r
	v.values = v.values[:0]
	v.frames = v.frames[:0]
	start := r.pos
	v.locals = v.m.locals(r, append(v.locals[:0], t.params...))
	v.effort.begin(len(v.locals), len(r.buf)-start)
	v.open(opBlock, funcType{results: t.results})
	var in instruction
	for r.ok() && len(v.frames) > 0 {
		r.instruction(&in)
		if !r.ok() {
			break
		}
		height := len(v.values)
		v.instruction(&in)
		if r.ok() {
			v.effort.instruction(v, &in, height)
		}
	}
	if r.ok() && r.pos != len(r.buf) {
		r.fail(ErrMalformed, r.pos, "function: expected nothing after its end, got more code")
	}
	if r.ok() {
		v.effort.check(r, start, &v.m.limits)
	}
}

func (v *validator) fail(in *instruction, format string, args ...any) {
	v.r.fail(ErrInvalid, in.start, format, args...)
}

func (v *validator) push(ts ...valType) {
	v.values = append(v.values, ts...)
	if len(v.values) > v.m.limits.Stack {
		v.r.fail(ErrLimit, v.r.pos, "values on the stack of a function: expected at most %d, got more", v.m.limits.Stack)
	}
}

func (v *validator) pop(in *instruction, want valType) valType {
	f := &v.frames[len(v.frames)-1]
	if len(v.values) == f.height {
		if !f.dead {
			v.fail(in, "value on the stack: expected %s, got none", want)
		}
		return want
	}
	have := v.values[len(v.values)-1]
	v.values = v.values[:len(v.values)-1]
	if have != want && have != unknown && want != unknown {
		v.fail(in, "value on the stack: expected %s, got %s", want, have)
	}
	if have == unknown {
		return want
	}
	return have
}

func (v *validator) popAll(in *instruction, ts []valType) {
	for i := len(ts) - 1; i >= 0 && v.r.ok(); i-- {
		v.pop(in, ts[i])
	}
}

func (v *validator) apply(in *instruction, t funcType) {
	v.popAll(in, t.params)
	v.push(t.results...)
}

func (v *validator) open(op byte, t funcType) {
	v.frames = append(v.frames, frame{op: op, typ: t, height: len(v.values)})
	v.push(t.params...)
	if len(v.frames) > v.m.limits.Nesting {
		v.r.fail(ErrLimit, v.r.pos, "depth of blocks: expected at most %d, got more; move the inner ones into a function of their own", v.m.limits.Nesting)
	}
}

func (v *validator) close(in *instruction) frame {
	f := v.frames[len(v.frames)-1]
	v.popAll(in, f.typ.results)
	if v.r.ok() && len(v.values) != f.height {
		v.fail(in, "stack at the end of a block: expected only its results, got %d values more", len(v.values)-f.height)
	}
	v.frames = v.frames[:len(v.frames)-1]
	return f
}

// kill marks the rest of the block as unreachable.
func (v *validator) kill() {
	f := &v.frames[len(v.frames)-1]
	v.values = v.values[:f.height]
	f.dead = true
}

func (v *validator) blockType(in *instruction) funcType {
	switch b := in.block; {
	case b.index >= 0:
		if b.index >= int64(len(v.m.types)) {
			v.fail(in, "type: expected below %d, got %d", len(v.m.types), b.index)
			return funcType{}
		}
		return v.m.types[b.index]
	case b.result != 0:
		return funcType{results: []valType{b.result}}
	}
	return funcType{}
}

// label returns the types that a branch to the given label carries.
func (v *validator) label(in *instruction, depth uint32) []valType {
	if uint64(depth) >= uint64(len(v.frames)) {
		v.fail(in, "label: expected below %d, got %d", len(v.frames), depth)
		return nil
	}
	return v.frames[len(v.frames)-1-int(depth)].label()
}

// index checks that an index is in range.
func (v *validator) index(in *instruction, what string, i uint32, there int) bool {
	if uint64(i) >= uint64(there) {
		v.fail(in, "%s: expected below %d, got %d", what, there, i)
		return false
	}
	return true
}
