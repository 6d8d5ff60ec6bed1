package metering

import "slices"

// Stats says what an injection did.
type Stats struct {
	// Functions is the number of functions with code. Segments is the number of segments: runs of instructions that are charged together.
	Functions, Segments int
	// BytesIn and BytesOut are the sizes of the module before and after.
	BytesIn, BytesOut int
	// Row is the form of a row program, nil of any other.
	Row *RowForm
}

// Inject checks a module as [Check] does and returns it with metering. Every segment of instructions that execute together is
// charged when it is entered. The depth of calls is limited to [MaxDepth]. NaNs are made canonical if a program can see their bits.
// Memory and table get a maximum. Custom sections are left out. The same module always gives the same bytes.
//
// The counter [ExportOperations] begins at 0 and counts down. In every turn of a loop and before every call the code checks it, and
// calls [ImportRefill] if it is negative. There the host grants operations, or ends a run that has used more than its limit or is
// cancelled. The cost of a run is the sum of the granted operations minus the counter at the end. It may be above the limit by the
// charges since the last check; such a run has failed too.
func Inject(code []byte, limits Limits) ([]byte, Stats, error) { return inject(code, limits, true) }

// InjectUnweighted is Inject without the surcharges for sizes, pages and host functions. Its count equals the fuel of wasmtime:
// tests/oracle, which is a module of its own, compares the two. It is not for billing.
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
	j := &injector{m: m, weighted: weighted, counter: uint32(len(m.globals))}
	j.depth, j.mask, j.stats.Row = j.counter+1, j.counter+2, m.row
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
	case secType:
		out := appendU(nil, uint64(len(m.types)+1))
		out = append(out, m.entries(id)...)
		return append(out, 0x60, 1, byte(i64), 1, byte(i64))
	case secImport:
		out := appendU(nil, uint64(len(m.imports)+1))
		out = append(out, m.entries(id)...)
		out = appendName(out, HostModule)
		out = appendName(out, ImportRefill)
		return appendU(append(out, 0), uint64(len(m.types)))
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
		n := len(m.globals) + 2
		if m.row != nil {
			n++
		}
		out := appendU(nil, uint64(n))
		out = append(out, m.entries(id)...)
		out = append(out, byte(i64), 1, opI64Const, 0, opEnd)
		out = append(out, byte(i32), 1, opI32Const, 0, opEnd)
		if m.row != nil {
			out = append(appendS(append(out, byte(i32), 1, opI32Const), int64(m.row.Largest)-1), opEnd)
		}
		return out
	case secExport:
		n := m.exports + 2
		if m.row != nil {
			n += 1 + m.row.Globals
		}
		out := appendU(nil, uint64(n))
		out = append(out, m.entries(id)...)
		out = appendExport(out, ExportOperations, j.counter)
		out = appendExport(out, ExportDepth, j.depth)
		if m.row != nil {
			out = j.rowExports(out)
		}
		return out
	case secElement:
		if s := m.sections[id]; s != nil {
			return m.shifted(*s)
		}
		return nil
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
	return m.shifted(span{r.pos, s.end})
}

// shifted returns the bytes of s with every function index in them one larger: the injected import comes before the functions of
// the module.
func (m *module) shifted(s span) []byte {
	first, _ := slices.BinarySearchFunc(m.indices, s.start, func(i index, at int) int { return i.start - at })
	out := make([]byte, 0, s.end-s.start+8)
	at := s.start
	for _, i := range m.indices[first:] {
		if i.end > s.end {
			break
		}
		out = append(out, m.buf[at:i.start]...)
		out = appendU(out, uint64(i.function)+1)
		at = i.end
	}
	return append(out, m.buf[at:s.end]...)
}

func appendName(out []byte, name string) []byte {
	return append(appendU(out, uint64(len(name))), name...)
}

func appendExport(out []byte, name string, global uint32) []byte {
	out = append(appendName(out, name), 3)
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
