package metering

// Stats says what an injection did.
type Stats struct {
	// Functions is the number of functions with code, Segments that of the runs of instructions charged together.
	Functions, Segments int
	// BytesIn and BytesOut are the sizes of the module before and after.
	BytesIn, BytesOut int
}

// Inject checks a module as [Check] does and returns it with metering: every segment of instructions that execute together
// is charged when it is entered, the depth of calls is limited to [MaxDepth], NaNs are made canonical where their bits can
// be seen, and memory and table get a maximum. Custom sections are left out. The same bytes always give the same bytes.
//
// The host sets the global [ExportOperations] to the limit before a run, at most [MaxOperations], and calls the run
// exhausted if the global is negative after it.
func Inject(code []byte, limits Limits) ([]byte, Stats, error) { return inject(code, limits, true) }

// InjectUnweighted is Inject without the surcharges for sizes, pages and host functions. What it counts is what wasmtime calls
// fuel, which is how the injection is tested; it is not for billing.
func InjectUnweighted(code []byte, limits Limits) ([]byte, Stats, error) {
	return inject(code, limits, false)
}

func inject(code []byte, limits Limits, weighted bool) ([]byte, Stats, error) {
	m, err := parse(code, limits)
	if err != nil {
		return nil, Stats{}, err
	}
	out := make([]byte, 0, len(code)+len(code)/2)
	out = append(out, code[:8]...)
	j := &injector{m: m, weighted: weighted, counter: uint32(len(m.globals)), depth: uint32(len(m.globals)) + 1}
	for _, id := range sectionOrder {
		if contents := j.section(id); contents != nil {
			out = append(out, id)
			out = appendU(out, uint64(len(contents)))
			out = append(out, contents...)
		}
	}
	j.stats.Functions = len(m.bodies)
	j.stats.BytesIn, j.stats.BytesOut = len(code), len(out)
	return out, j.stats, nil
}

// section returns the contents of a section of the metered module, nil if it has none.
func (j *injector) section(id byte) []byte {
	m := j.m
	switch id {
	case secTable:
		if len(m.tables) == 0 {
			return nil
		}
		out := appendU(nil, uint64(len(m.tables)))
		for _, t := range m.tables {
			out = append(out, byte(funcref))
			out = appendBounds(out, t, m.limits.TableElements)
		}
		return out
	case secMemory:
		out := appendU(nil, uint64(len(m.memories)))
		for _, b := range m.memories {
			out = appendBounds(out, b, m.limits.MemoryPages)
		}
		return out
	case secGlobal:
		out := appendU(nil, uint64(len(m.globals)+2))
		out = append(out, m.entries(id)...)
		out = append(out, byte(i64), 1, opI64Const, 0, opEnd)
		return append(out, byte(i32), 1, opI32Const, 0, opEnd)
	case secExport:
		out := appendU(nil, uint64(m.exports+2))
		out = append(out, m.entries(id)...)
		out = appendExport(out, ExportOperations, j.counter)
		return appendExport(out, ExportDepth, j.depth)
	case secCode:
		if m.sections[id] == nil {
			return nil
		}
		out := appendU(nil, uint64(len(m.bodies)))
		for i, b := range m.bodies {
			body := j.function(b, m.funcType(uint32(len(m.imports)+i)))
			out = appendU(out, uint64(len(body)))
			out = append(out, body...)
		}
		return out
	}
	if s := m.sections[id]; s != nil {
		return m.buf[s.start:s.end]
	}
	return nil
}

// entries returns the contents of a section without the number of entries.
func (m *module) entries(id byte) []byte {
	s := m.sections[id]
	if s == nil {
		return nil
	}
	r := &reader{buf: m.buf[:s.end], pos: s.start}
	r.u32()
	return m.buf[r.pos:s.end]
}

func appendExport(out []byte, name string, global uint32) []byte {
	out = appendU(out, uint64(len(name)))
	out = append(out, name...)
	out = append(out, 3)
	return appendU(out, uint64(global))
}

// appendBounds writes limits with a maximum no larger than the one imposed.
func appendBounds(out []byte, b bounds, limit uint32) []byte {
	most := limit
	if b.hasMax && b.max < limit {
		most = b.max
	}
	out = append(out, 1)
	out = appendU(out, uint64(b.min))
	return appendU(out, uint64(most))
}
