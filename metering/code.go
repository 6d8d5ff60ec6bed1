package metering

func (m *module) codeSection(r *reader) {
	at := r.pos
	n := r.count("function bodies", m.limits.Functions)
	if r.ok() && n != len(m.funcs)-len(m.imports) {
		r.fail(ErrMalformed, at, "function bodies: expected %d, one for each declared function, got %d", len(m.funcs)-len(m.imports), n)
	}
	v := &validator{m: m}
	for _, g := range m.globals {
		if g.mutable {
			v.effort.globals++
		}
	}
	for i := 0; i < n && r.ok(); i++ {
		at := r.pos
		size := r.u32()
		if r.ok() && uint64(size) > uint64(m.limits.FunctionBytes) {
			r.fail(ErrLimit, at, "function body: expected at most %d bytes, got %d; split the function", m.limits.FunctionBytes, size)
		}
		body := r.sub(size)
		if !r.ok() {
			return
		}
		m.bodies = append(m.bodies, span{body.pos, len(body.buf)})
		v.function(body, m.funcType(uint32(len(m.imports)+i)))
		r.err = body.err
	}
}

// locals reads the declaration of the locals of a function and appends their types.
func (m *module) locals(r *reader, locals []valType) []valType {
	groups := r.count("groups of locals", m.limits.Locals)
	for i := 0; i < groups && r.ok(); i++ {
		at := r.pos
		n := r.u32()
		t := r.valType()
		if r.ok() && uint64(len(locals))+uint64(n) > uint64(m.limits.Locals) {
			r.fail(ErrLimit, at, "locals of a function: expected at most %d, got more", m.limits.Locals)
		}
		for j := uint32(0); j < n && r.ok(); j++ {
			locals = append(locals, t)
		}
	}
	return locals
}
