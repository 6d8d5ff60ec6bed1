// Package sandbox runs a metered WebAssembly program over an owner's rows.
//
// # Program interface, version 1
//
// A program is a core WebAssembly module that passes [metering.Check]. It exports its memory as "memory" and the function
// "run: () -> ()". If it exports "_initialize: () -> ()", that is called first. It may import, from the module "alita":
//
//	columns() -> i32                     the number k of columns
//	length() -> i32                      the number L of slots of the vector
//	input(ptr i32, cap i32) -> i32       copies min(cap, total) bytes of the job's input to ptr, returns total
//	next() -> i32                        goes on to the next batch, returns its rows (1 to 1024), 0 after the last
//	read(column i32, values i32, valid i32)
//	                                     writes the column of the current batch: rows i64 to values, rows bytes (1 present, 0 missing)
//	                                     to valid; a missing cell has the value 0
//	emit(ptr i32, count i32)             hands over the vector, count = L values of type i64; exactly once
//	fail(code i32)                       ends the run with an error of the program's own
//
// All numbers are little-endian, all sizes unsigned. Values and slots are in [0, 2^63). A program compiled by Go for wasip1 as
// a c-shared library may also import the functions of wasi_snapshot_preview1 that its runtime needs; they answer the same on
// every machine: there are no arguments, no environment and no files, output is discarded, the clock starts at a fixed time
// and goes on by a millisecond with every call, and random bytes are always the same.
//
// # A run
//
// The host grants a run its operations in portions of some milliseconds. Between two portions it checks the run's context and the
// limit, and the rest of the process gets its turn, above all the garbage collector: Go cannot interrupt machine code.
//
// Every run has an instance of its own, so nothing stays from one run to another. The result is the vector and the number of
// operations (see the cost table of package metering), _initialize included. Both are the same on every machine, compiled or
// interpreted. A run that fails gives an error of this package and no vector. Memory does not grow with the rows, because a
// batch is read when the program asks for it.
//
// # Row programs
//
// A program that exports "row" instead of "run" is run by [Sandbox.RunRows], one row at a time. Before each row the host copies the window and
// the 8 bytes after it back from the snapshot that it took after _initialize, sets every mutable global back, grants the operations of a row and
// writes its cells. After it, it clamps each slot to its range, checks the length of the row (package terms), and adds the row up with a 1 in slot
// 0. A row that traps, runs out of operations or is too long adds nothing. How many there were depends on the data; [RowReport] tells it to the
// author of a program, on files of their own, and nobody else.
//
// In rare cases the engine refuses a program that passed the checks, for instance if functions with very large frames are
// nested deeply. The error is ErrEngine, and there is no result.
//
// # Compiling
//
// Compiling comes before any metering. [metering.Check] bounds what it costs, and [Config].Child moves it into a process of its own,
// which gives the compiled program back through the folder of compiled programs, of which the oldest go when it holds more than
// [CacheBytes]; loading it from there takes less than half a second
// and 240 MB for the worst program. Linux and Android limit that process in memory ([ChildMemory]) and processor time
// ([ChildProcessor]), Darwin in processor time; everywhere it ends after [ChildTime], and with the context. Where programs are
// interpreted there is no such process.
package sandbox
