package metering

import "strings"

func (m *module) exportSection(r *reader) {
	at := r.pos
	n := r.count("exports", m.limits.Exports)
	m.exports = n
	seen := make(map[string]exportEntry, n)
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
			r.fail(ErrReserved, at, "export: expected a name without the prefix %q, got %q", ReservedPrefix, name)
			return
		}
		if _, twice := seen[name]; twice {
			r.fail(ErrInvalid, at, "export %q: expected once, got twice", name)
			return
		}
		seen[name] = exportEntry{kind, i, at}
		m.export(r, at, name, kind, i, span{indexAt, r.pos})
	}
	if !r.ok() {
		return
	}
	if _, there := seen[ExportMemory]; !there {
		r.fail(ErrExport, at, "exports: expected the memory as \"memory\", got none")
	}
	if _, batches := seen[ExportRun]; batches {
		return // whatever else it exports
	}
	row, rows := seen[ExportRow]
	if !rows {
		r.fail(ErrExport, at, "exports: expected a function \"run\" or \"row\" of type () -> (), got neither")
		return
	}
	if row.kind != 0 || !m.funcType(row.index).equal(funcType{}) {
		r.fail(ErrExport, row.at, "export %q: expected a function of type () -> (), got another", ExportRow)
		return
	}
	m.rowForm(r, seen)
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
		r.fail(ErrUnsupported, at, "export %q: expected a function, table, memory or global, got a tag of exception handling", name)
		return
	default:
		r.fail(ErrMalformed, at, "kind of an export: expected 0 to 3, got %d", kind)
		return
	}
	if uint64(index) >= uint64(there) {
		r.fail(ErrInvalid, at, "index of export %q: expected below %d, got %d", name, there, index)
		return
	}
	switch {
	case name == ExportMemory && kind != 2:
		r.fail(ErrExport, at, "export \"memory\": expected a memory, got kind %d", kind)
	case (name == ExportRun || name == ExportInitialize) && (kind != 0 || !m.funcType(index).equal(funcType{})):
		r.fail(ErrExport, at, "export %q: expected a function of type () -> (), got another", name)
	case kind == 0:
		if t := m.funcType(index); t.float() {
			r.fail(ErrFloat, at, "export %q: expected integers, got %s", name, t)
		}
		m.declare(r, indexAt, index)
	case kind == 3:
		if t := m.globals[index].typ; t.float() {
			r.fail(ErrFloat, at, "exported global %q: expected an integer, got a float", name)
		}
	}
}
