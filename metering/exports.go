package metering

import "strings"

func (m *module) exportSection(r *reader) {
	at := r.pos
	n := r.count("exports", m.limits.Exports)
	m.exports = n
	seen := make(map[string]bool, n)
	for range n {
		at := r.pos
		name := r.name(m.limits.NameBytes)
		kind := r.byte()
		indexAt := r.pos
		i := r.u32()
		if !r.ok() {
			return
		}
		if strings.HasPrefix(name, ReservedPrefix) {
			r.fail(ErrReserved, at, "export %q; no export may begin with %q", name, ReservedPrefix)
			return
		}
		if seen[name] {
			r.fail(ErrInvalid, at, "export %q is there twice", name)
			return
		}
		seen[name] = true
		m.export(r, at, name, kind, i, span{indexAt, r.pos})
	}
	if !r.ok() {
		return
	}
	if !seen[ExportMemory] {
		r.fail(ErrExport, at, "the memory is not exported; export it as \"memory\"")
	}
	if !seen[ExportRun] {
		r.fail(ErrExport, at, "no function \"run\" of type () -> () is exported")
	}
}

func (m *module) export(r *reader, at int, name string, kind byte, index uint32, indexAt span) {
	there := 0
	switch kind {
	case 0:
		there = len(m.funcs)
	case 1:
		there = len(m.tables)
	case 2:
		there = len(m.memories)
	case 3:
		there = len(m.globals)
	case 4:
		r.fail(ErrUnsupported, at, "exception handling (tag %q)", name)
		return
	default:
		r.fail(ErrMalformed, at, "export of kind %d", kind)
		return
	}
	if uint64(index) >= uint64(there) {
		r.fail(ErrInvalid, at, "export %q of index %d, there are %d", name, index, there)
		return
	}
	switch {
	case name == ExportMemory && kind != 2:
		r.fail(ErrExport, at, "\"memory\" is not a memory")
	case (name == ExportRun || name == ExportInitialize) && (kind != 0 || !m.funcType(index).equal(funcType{})):
		r.fail(ErrExport, at, "%q must be a function of type () -> ()", name)
	case kind == 0:
		if t := m.funcType(index); t.float() {
			r.fail(ErrFloat, at, "export %q: %s; hand over integers", name, t)
		}
		m.declare(r, indexAt, index)
	case kind == 3:
		if t := m.globals[index].typ; t.float() {
			r.fail(ErrFloat, at, "exported global %q is a float; export integers", name)
		}
	}
}
