package metering

import (
	"math/bits"
	"strconv"
)

// What a row program exports in addition to its memory: it has no "run".
const (
	// ExportRow is the function () -> () that computes one row.
	ExportRow = "row"
	// ExportWindow is a constant i32 global: the address where the window begins, a power of two and at least RowWindow.
	ExportWindow = "window"
	// ExportScratch is a constant i32 global: how many bytes of the window come after the slots, for the program's own use.
	ExportScratch = "scratch"
)

// What Inject adds to a row program.
const (
	// ExportMask is a mutable i32 global: the size of the window minus one. The host sets it before the program runs for the first time.
	ExportMask = ReservedPrefix + "mask"
	// ExportGlobal and a number from 0 on are the names of the module's mutable globals.
	ExportGlobal = ReservedPrefix + "global_"
)

// Where the host writes for a row program, in bytes from the beginning of the memory. All numbers are little-endian.
const (
	RowColumns    = 0      // i32: the number k of columns
	RowSlots      = 4      // i32: the number L of slots of the vector, slot 0 included
	RowInputBytes = 8      // i32: the length of the job's input
	RowCells      = 64     // i64 for each column: the row's cells, 0 if missing
	RowValid      = 0x9000 // byte for each column: 1 if the cell is present, 0 if it is missing
	RowInput      = 0xa000 // the job's input
	// RowWindow is the least address of a window.
	RowWindow = 0x20000
	// RowGuard is how many bytes after a window a store at its end can reach, and one more.
	RowGuard = 8
	// minWindow is the size of the smallest window.
	minWindow = 64
)

// What the host does for a row costs a row program operations, too, whatever the row is. They are part of the operations of a row.
const (
	// CostRow is for the call, and CostRowColumn for a cell that is written.
	CostRow       = 64
	CostRowColumn = 2
	// CostRowSlot is for a slot: 8 or 16 bytes of the window that are restored, a look, and for one that is not 0 the clamp, a division for the
	// length of the row, and the sum.
	CostRowSlot = 32
	// CostRowGlobal is for a mutable global that is set back.
	CostRowGlobal = 8
	// RowScratchPerOperation is how many bytes of scratch are restored for one operation.
	RowScratchPerOperation = BulkBytesPerOperation
)

// RowForm is the form of a row program.
type RowForm struct {
	// Base is the address of the window, and Scratch the bytes in it after the slots.
	Base, Scratch uint32
	// Largest is the size of the largest window that the memory has room for, a power of two.
	Largest uint32
	// Globals is the number of mutable globals.
	Globals int
}

// MaxSlots is the largest number of slots, slot 0 included, for which there is a window; at least 1.
func (f RowForm) MaxSlots() int { return int(f.Largest-f.Scratch) / 8 }

// Window is the size of the window for a number of slots, 1 to MaxSlots: the smallest power of two, at least 64, that holds them and the scratch.
func (f RowForm) Window(slots int) uint32 {
	return max(minWindow, uint32(1)<<bits.Len32(uint32(8*slots)+f.Scratch-1))
}

// Overhead is what the host's own work for a row costs, in operations. What a row may cost is granted to the program without it.
func (f RowForm) Overhead(columns, slots int) uint64 {
	scratch := (uint64(f.Scratch) + RowScratchPerOperation - 1) / RowScratchPerOperation
	return CostRow + CostRowColumn*uint64(columns) + CostRowSlot*uint64(slots) + CostRowGlobal*uint64(f.Globals) + scratch
}

// exportEntry is an entry of the export section.
type exportEntry struct {
	kind  byte
	index uint32
	at    int
}

// rowForm checks what a row program must have besides its code, which operand refuses where it can keep state. It is called after the
// exports, which are found before the code.
func (m *module) rowForm(r *reader, exports map[string]exportEntry) {
	f := &RowForm{}
	if len(m.imports) > 0 {
		r.fail(ErrImport, m.sections[secImport].start,
			"imports of a row program: expected none, got %d; cells, shape and input are in its memory", len(m.imports))
	}
	memory, memoryAt := bounds{}, 0
	if len(m.memories) > 0 {
		memory, memoryAt = m.memories[0], m.sections[secMemory].start
	}
	if !memory.hasMax || memory.max != memory.min {
		r.fail(ErrMemory, memoryAt,
			"memory of a row program: expected a maximum that equals its minimum, got another or none; what a memory has grown by cannot be undone")
	}
	for i, g := range m.globals {
		if !g.mutable {
			continue
		}
		f.Globals++
		if g.typ == funcref {
			r.fail(ErrState, g.at, "global %d of a row program: expected a number or a constant, got a variable reference; use the index of a table", i)
		}
	}
	f.Base = m.rowConstant(r, exports, ExportWindow)
	f.Scratch = m.rowConstant(r, exports, ExportScratch)
	at := exports[ExportWindow].at
	if r.ok() && (f.Base < RowWindow || bits.OnesCount32(f.Base) != 1) {
		r.fail(ErrWindow, at, "window of a row program: expected a power of two of at least %d, got %d", RowWindow, f.Base)
	}
	if !r.ok() {
		return
	}
	if end, size := uint64(f.Base)+RowGuard, uint64(memory.min)*PageSize; end < size {
		f.Largest = min(f.Base, uint32(1)<<(bits.Len64(size-end)-1))
	}
	if f.Largest < minWindow || uint64(f.Scratch)+8 > uint64(f.Largest) {
		r.fail(ErrWindow, at, "window of a row program: expected room for one slot and %d bytes of scratch from %d on, got a window of at most %d bytes "+
			"in a memory of %d pages; declare more pages or a larger address", f.Scratch, f.Base, f.Largest, memory.min)
	}
	m.row = f
}

// rowConstant returns the value of an exported constant.
func (m *module) rowConstant(r *reader, exports map[string]exportEntry, name string) uint32 {
	e, there := exports[name]
	if !there {
		r.fail(ErrExport, m.sections[secExport].start, "exports of a row program: expected the constant %q of type i32, got none", name)
		return 0
	}
	if e.kind != 3 || m.globals[e.index].typ != i32 || m.globals[e.index].mutable {
		r.fail(ErrExport, e.at, "export %q of a row program: expected a constant global of type i32, got another", name)
		return 0
	}
	return m.globals[e.index].value
}

// stateful names an instruction that keeps state which a host cannot put back before the next row, and says what to do instead.
func stateful(in *instruction) (name, instead string) {
	const window, table = "copy with loads and stores into the window", "fill the table with element segments"
	switch {
	case in.op == opMemoryGrow:
		return "memory.grow", "declare the memory as large as it must be"
	case in.op == opTableSet:
		return "table.set", table
	case in.op != opPrefixFC:
		return "", ""
	}
	switch in.sub {
	case subMemoryInit:
		return "memory.init", "use an active data segment"
	case subDataDrop:
		return "data.drop", "use an active data segment"
	case subMemoryCopy:
		return "memory.copy", window
	case subMemoryFill:
		return "memory.fill", window
	case subTableInit:
		return "table.init", table
	case subElemDrop:
		return "elem.drop", table
	case subTableCopy:
		return "table.copy", table
	case subTableGrow:
		return "table.grow", table
	case subTableFill:
		return "table.fill", table
	}
	return "", ""
}

// isStore reports whether an instruction stores to the memory.
func isStore(op byte) bool { return op >= opI32Store && op <= opI64Store32 }

// storeType is the type of the value that a store writes.
func storeType(op byte) valType {
	switch op {
	case opF32Store:
		return f32
	case opF64Store:
		return f64
	case opI32Store, opI32Store8, opI32Store16:
		return i32
	}
	return i64
}

// window writes a store of a row program so that it cannot leave the window: to ((address + offset) and (size - 1)) or base. In the window that
// is where the program wanted to store. It costs the program nothing more. The value on top of the stack is already canonical.
func (j *injector) window(in *instruction) {
	j.before(in)
	value := uint64(j.local(storeType(in.op)))
	s := appendU(append(j.segment, opLocalSet), value)
	if in.b != 0 {
		s = append(appendS(append(s, opI32Const), int64(int32(in.b))), opI32Add)
	}
	s = j.get(s, j.mask)
	s = append(s, opI32And, opI32Const)
	s = append(appendS(s, int64(int32(j.m.row.Base))), opI32Or)
	s = appendU(append(s, opLocalGet), value)
	s = appendU(append(s, in.op), uint64(in.a))
	s = append(s, 0)
	j.segment, j.copied, j.masked = s, in.end, true
}

// rowExports appends the exports that let the host set the window and put back the module's variables.
func (j *injector) rowExports(out []byte) []byte {
	out = appendExport(out, ExportMask, j.mask)
	n := 0
	for i, g := range j.m.globals {
		if g.mutable {
			out = appendExport(out, ExportGlobal+strconv.Itoa(n), uint32(i))
			n++
		}
	}
	return out
}
