package metering

// Section numbers of the binary format.
const (
	secCustom    = 0
	secType      = 1
	secImport    = 2
	secFunction  = 3
	secTable     = 4
	secMemory    = 5
	secGlobal    = 6
	secExport    = 7
	secStart     = 8
	secElement   = 9
	secCode      = 10
	secData      = 11
	secDataCount = 12
)

// sectionOrder lists the sections in the order in which they must come.
var sectionOrder = []byte{
	secType, secImport, secFunction, secTable, secMemory, secGlobal, secExport, secStart, secElement, secDataCount, secCode, secData,
}

func sectionRank(id byte) int {
	for i, s := range sectionOrder {
		if s == id {
			return i
		}
	}
	return -1
}

// span is a range of bytes in the module.
type span struct{ start, end int }

// index is a function index outside the code, with its place in the module.
type index struct {
	span
	function uint32
}

// globalType is the type of a global.
type globalType struct {
	typ     valType
	mutable bool
	value   uint32 // initial, of an i32
	at      int
}

// bounds are the limits of a memory or a table.
type bounds struct {
	min    uint32
	max    uint32
	hasMax bool
}

// module is a decoded module, as far as Check and Inject need it.
type module struct {
	buf      []byte
	limits   Limits
	sections [secDataCount + 1]*span // contents of the sections that are present

	types     []funcType
	imports   []hostFunc
	funcs     []uint32 // type index of every function, the imported ones first
	tables    []bounds
	memories  []bounds
	globals   []globalType
	exports   int // number of entries
	elements  int
	dataCount int // announced by the data count section, -1 without one
	declared  []bool
	bodies    []span   // of the functions that are not imported
	row       *RowForm // of a row program
	indices   []index
}

func (m *module) funcType(i uint32) funcType { return m.types[m.funcs[i]] }

// parse decodes and validates a whole module.
func parse(code []byte, limits Limits) (*module, error) {
	if len(code) > limits.CodeBytes {
		return nil, &Error{Cause: ErrLimit, Detail: sizeDetail(len(code), limits.CodeBytes)}
	}
	m := &module{buf: code, limits: limits, dataCount: -1}
	r := &reader{buf: code}
	m.header(r)
	last := -1
	for !r.done() {
		at := r.pos
		id := r.byte()
		body := r.sub(r.u32())
		if !r.ok() {
			break
		}
		if id == secCustom {
			body.name(len(code))
			r.err = body.err
			continue
		}
		if id == 13 {
			r.fail(ErrUnsupported, at, "section: expected core WebAssembly 2.0 without SIMD, got the tags of exception handling")
			break
		}
		rank := sectionRank(id)
		if rank < 0 {
			r.fail(ErrMalformed, at, "section: expected 0 to 12, got %d", id)
			break
		}
		if rank <= last {
			r.fail(ErrMalformed, at, "section %d: expected in order and once, got out of order or twice", id)
			break
		}
		last = rank
		m.sections[id] = &span{body.pos, len(body.buf)}
		m.section(id, at, body)
		if body.ok() && body.pos != len(body.buf) {
			body.fail(ErrMalformed, body.pos, "section %d: expected nothing after its contents, got %d bytes", id, len(body.buf)-body.pos)
		}
		r.err = body.err
	}
	if r.ok() {
		m.finish(r)
	}
	if r.err != nil {
		return nil, r.err
	}
	return m, nil
}

func (m *module) header(r *reader) {
	if magic := r.bytes(4); r.ok() && string(magic) != "\x00asm" {
		r.fail(ErrMalformed, 0, "module: expected to begin with the bytes 00 61 73 6d, got others")
	}
	version := r.bytes(4)
	if !r.ok() {
		return
	}
	switch string(version) {
	case "\x01\x00\x00\x00":
	case "\x0d\x00\x01\x00":
		r.fail(ErrUnsupported, 4, "module: expected a core module, got a component")
	default:
		r.fail(ErrMalformed, 4, "version: expected 01 00 00 00, got % x", version)
	}
}

func (m *module) section(id byte, at int, r *reader) {
	switch id {
	case secType:
		m.typeSection(r)
	case secImport:
		m.importSection(r)
	case secFunction:
		m.functionSection(r)
	case secTable:
		m.tableSection(r)
	case secMemory:
		m.memorySection(r)
	case secGlobal:
		m.globalSection(r)
	case secExport:
		m.exportSection(r)
	case secStart:
		r.fail(ErrStart, at, "start function: expected none, got one; export _initialize instead, or do the work in run")
	case secElement:
		m.elementSection(r)
	case secDataCount:
		m.dataCount = r.count0("data segments", m.limits.Segments)
	case secCode:
		m.codeSection(r)
	case secData:
		m.dataSection(r)
	}
}

// finish checks what can only be decided when all sections have been read.
func (m *module) finish(r *reader) {
	end := len(m.buf)
	if defined := len(m.funcs) - len(m.imports); defined != len(m.bodies) {
		r.fail(ErrMalformed, end, "function bodies: expected %d, one for each declared function, got %d", defined, len(m.bodies))
	}
	if m.dataCount > 0 && m.sections[secData] == nil {
		r.fail(ErrMalformed, end, "data segments: expected %d, as announced, got none", m.dataCount)
	}
	if m.sections[secExport] == nil {
		r.fail(ErrExport, end, "exports: expected the memory as \"memory\" and a function \"run\" or \"row\" of type () -> (), got none")
	}
}
