package metering

import "fmt"

// addressablePages is the number of pages of 4 GiB.
const addressablePages = 65536

func sizeDetail(n, limit int) string {
	return fmt.Sprintf("module: expected at most %d bytes, got %d", limit, n)
}

// count0 reads a number that no entries follow.
func (r *reader) count0(what string, limit int) int {
	at := r.pos
	n := r.u32()
	if r.ok() && uint64(n) > uint64(limit) {
		r.fail(ErrLimit, at, "%s: expected at most %d, got %d", what, limit, n)
		return 0
	}
	return int(n)
}

func (m *module) typeSection(r *reader) {
	n := r.count("types", m.limits.Types)
	for i := 0; i < n && r.ok(); i++ {
		at := r.pos
		if form := r.byte(); r.ok() && form != 0x60 {
			switch form {
			case 0x4e, 0x4f, 0x50, 0x5e, 0x5f:
				r.fail(ErrUnsupported, at, "type: expected a function type, got one of garbage collection, form 0x%02x", form)
			default:
				r.fail(ErrMalformed, at, "form of a type: expected 0x60, got 0x%02x", form)
			}
		}
		params := r.valTypes("parameters", m.limits.Params)
		results := r.valTypes("results", m.limits.Results)
		m.types = append(m.types, funcType{params, results})
	}
}

func (m *module) typeIndex(r *reader) uint32 {
	at := r.pos
	i := r.u32()
	if r.ok() && uint64(i) >= uint64(len(m.types)) {
		r.fail(ErrInvalid, at, "type: expected below %d, got %d", len(m.types), i)
		return 0
	}
	return i
}

func (m *module) importSection(r *reader) {
	n := r.count("imports", m.limits.Imports)
	for i := 0; i < n && r.ok(); i++ {
		at := r.pos
		mod, name := r.name(m.limits.NameBytes), r.name(m.limits.NameBytes)
		kind := r.byte()
		if !r.ok() {
			return
		}
		switch kind {
		case 0:
			t := m.typeIndex(r)
			if r.ok() {
				m.importFunction(r, at, mod, name, t)
			}
		case 1:
			r.fail(ErrTable, at, "table %q.%q: expected to be defined in the module, got an import", mod, name)
		case 2:
			r.fail(ErrMemory, at, "memory %q.%q: expected to be defined in the module, got an import", mod, name)
		case 3:
			r.fail(ErrImport, at, "import %q.%q: expected a function of the program interface, got a global", mod, name)
		case 4:
			r.fail(ErrUnsupported, at, "import %q.%q: expected a function of the program interface, got a tag of exception handling", mod, name)
		default:
			r.fail(ErrMalformed, at, "kind of an import: expected 0 to 3, got %d", kind)
		}
	}
}

func (m *module) importFunction(r *reader, at int, mod, name string, t uint32) {
	have := m.types[t]
	if have.float() {
		r.fail(ErrFloat, at, "import %q.%q: expected integers, got %s", mod, name, have)
		return
	}
	host, ok := hostFuncs[mod][name]
	if !ok {
		r.fail(ErrImport, at, "import: expected alita.columns, length, input, next, read, emit or fail, got %q.%q", mod, name)
		return
	}
	if !have.equal(host.typ) {
		r.fail(ErrImport, at, "import %q.%q: expected %s, got %s", mod, name, host.typ, have)
		return
	}
	m.imports = append(m.imports, host)
	m.funcs = append(m.funcs, t)
}

func (m *module) functionSection(r *reader) {
	n := r.count("functions", m.limits.Functions)
	for i := 0; i < n && r.ok(); i++ {
		m.funcs = append(m.funcs, m.typeIndex(r))
	}
}

// bounds reads the limits of a memory or a table.
func (r *reader) bounds() bounds {
	at := r.pos
	flags := r.byte()
	if r.ok() && flags > 1 {
		switch {
		case flags&^7 != 0:
			r.fail(ErrMalformed, at, "flags of limits: expected 0 or 1, got 0x%02x", flags)
		case flags&4 != 0:
			r.fail(ErrUnsupported, at, "addresses: expected 32 bits, got 64-bit")
		default:
			r.fail(ErrUnsupported, at, "memory: expected an unshared one, got one for threads")
		}
	}
	b := bounds{min: r.u32(), hasMax: flags == 1}
	if b.hasMax {
		b.max = r.u32()
		if r.ok() && b.max < b.min {
			r.fail(ErrInvalid, at, "maximum: expected at least the minimum, %d, got %d", b.min, b.max)
		}
	}
	return b
}

func (m *module) tableSection(r *reader) {
	at := r.pos
	n := r.count("tables", len(m.buf))
	if r.ok() && n > 1 {
		r.fail(ErrTable, at, "tables: expected at most 1, got %d", n)
	}
	for i := 0; i < n && r.ok(); i++ {
		at := r.pos
		r.refType()
		b := r.bounds()
		if r.ok() && b.min > m.limits.TableElements {
			r.fail(ErrTable, at, "elements of a table: expected at most %d, got %d", m.limits.TableElements, b.min)
		}
		m.tables = append(m.tables, b)
	}
}

func (m *module) memorySection(r *reader) {
	at := r.pos
	n := r.count("memories", len(m.buf))
	if r.ok() && n > 1 {
		r.fail(ErrUnsupported, at, "memories: expected at most 1, got %d", n)
	}
	for i := 0; i < n && r.ok(); i++ {
		at := r.pos
		b := r.bounds()
		if r.ok() && b.max > addressablePages {
			r.fail(ErrInvalid, at, "maximum of pages: expected at most %d, got %d", addressablePages, b.max)
		}
		if r.ok() && b.min > m.limits.MemoryPages {
			r.fail(ErrMemory, at, "pages of 64 KiB: expected at most %d, got %d", m.limits.MemoryPages, b.min)
		}
		m.memories = append(m.memories, b)
	}
}

func (m *module) globalSection(r *reader) {
	n := r.count("globals", m.limits.Globals)
	for i := 0; i < n && r.ok(); i++ {
		entryAt := r.pos
		t := r.valType()
		at := r.pos
		mutable := r.byte()
		if r.ok() && mutable > 1 {
			r.fail(ErrMalformed, at, "mutability: expected 0 or 1, got %d", mutable)
		}
		value := m.constant(r, t)
		m.globals = append(m.globals, globalType{t, mutable == 1, value, entryAt})
	}
}

// constant reads a constant expression of the given type and returns its value if that is an i32.
func (m *module) constant(r *reader, want valType) uint32 {
	var in, end instruction
	at := r.pos
	r.instruction(&in)
	r.instruction(&end)
	if !r.ok() {
		return 0
	}
	var have valType
	switch in.op {
	case opI32Const:
		have = i32
	case opI64Const:
		have = i64
	case opF32Const:
		have = f32
	case opF64Const:
		have = f64
	case opRefNull:
		have = funcref
	case opRefFunc:
		have = funcref
		m.declare(r, span{in.start + 1, in.end}, in.a)
	default:
		r.fail(ErrInvalid, at, "initial value: expected a single constant, got another instruction")
	}
	if r.ok() && (end.op != opEnd || have != want) {
		r.fail(ErrInvalid, at, "initial value: expected a single constant of type %s, got another", want)
	}
	return uint32(in.value)
}

// declare notes a reference to function i outside the code. A reference to a host function is refused, so that every call of a
// host function is a call instruction that names it.
func (m *module) declare(r *reader, at span, i uint32) {
	switch {
	case !r.ok():
	case uint64(i) >= uint64(len(m.funcs)):
		r.fail(ErrInvalid, at.start, "function: expected below %d, got %d", len(m.funcs), i)
	case uint64(i) < uint64(len(m.imports)):
		r.fail(ErrImport, at.start, "reference: expected to a function of the module, got an imported one; call it directly")
	default:
		if m.declared == nil {
			m.declared = make([]bool, len(m.funcs))
		}
		m.declared[i] = true
		m.indices = append(m.indices, index{at, i})
	}
}
