package metering

// PageSize is the size of one page of memory, in bytes.
const PageSize = 65536

// Limits bounds every part of a module that costs a host time or memory before the first operation is counted, or that could
// let two engines disagree about a run.
type Limits struct {
	// CodeBytes is the largest size of a module, in bytes.
	CodeBytes int
	// MemoryPages is the largest memory, in pages of 64 KiB. A smaller declared maximum is kept, any other is replaced by this one.
	MemoryPages uint32
	// TableElements is the largest table, in elements; the maximum is imposed as for memory.
	TableElements uint32
	// Types, Imports, Functions, Globals and Exports bound the number of entries of those sections.
	Types, Imports, Functions, Globals, Exports int
	// Params and Results bound one function or block type.
	Params, Results int
	// Locals bounds the locals of one function, parameters included.
	Locals int
	// Stack bounds the values on the stack of one function: with the locals it bounds the frame that a call in progress needs.
	Stack int
	// FunctionBytes is the largest size of one function body, in bytes.
	FunctionBytes int
	// Nesting bounds how deep blocks lie in one another.
	Nesting int
	// Loops bounds how deep loops lie in one another.
	Loops int
	// Blocks bounds the basic blocks of one function with its metering: a branch, a call and a label of a br_table make some.
	Blocks int
	// Values bounds what a compiler keeps for one function: the sum over its basic blocks of the locals, the values on the stack, a third
	// of the memory accesses before, and for every call 16 times the mutable globals of the module. One takes about 48 bytes.
	Values int
	// CompileSteps bounds what compiling the whole module costs. A step is 5 to 40 ns of wazero's compiler on one core.
	CompileSteps int
	// Segments bounds the number of data segments, and the number of element segments.
	Segments int
	// DataBytes bounds the bytes of all data segments together, Elements the entries of all element segments together.
	DataBytes, Elements int
	// NameBytes bounds the length of an imported or exported name, in bytes.
	NameBytes int
}

const (
	// maxCodeBytes is the largest size of a module.
	maxCodeBytes = 4 << 20
	// stepsPerCodeByte is what compiling may cost for a byte that a module may have. Programs compiled by Go take 93 to 109.
	stepsPerCodeByte = 100
)

// LimitsOf returns the limits of a network whose programs have at most so many bytes. What compiling may cost falls with them.
func LimitsOf(codeBytes int) Limits {
	l := DefaultLimits()
	l.CodeBytes, l.CompileSteps = codeBytes, codeBytes*stepsPerCodeByte
	return l
}

// DefaultLimits returns the widest limits that a network may have. A program compiled by Go 1.26 with the fmt package needs 2.6 MB of code,
// 38 pages, a table of 5,864 elements, 1,768 functions and 30,484 data segments.
func DefaultLimits() Limits {
	return Limits{
		CodeBytes:     maxCodeBytes,
		MemoryPages:   1024,
		TableElements: 65536,
		Types:         4096,
		Imports:       64,
		Functions:     16384,
		Globals:       1024,
		Exports:       1024,
		Params:        64,
		Results:       8,
		Locals:        1024,
		Stack:         1024,
		FunctionBytes: 128 << 10,
		Nesting:       4096,
		Loops:         64,
		Blocks:        16384,
		Values:        1 << 21,
		CompileSteps:  maxCodeBytes * stepsPerCodeByte,
		Segments:      65536,
		DataBytes:     4 << 20,
		Elements:      65536,
		NameBytes:     256,
	}
}
