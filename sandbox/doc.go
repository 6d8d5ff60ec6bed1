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
// every machine: there are no arguments, no environment and no files, what is written is discarded, the clock starts at a
// fixed time and goes on by a millisecond with every look at it, and random bytes are always the same.
//
// # What a run is
//
// A run is given operations in portions of some milliseconds. In between the host looks whether the run's context is done and whether
// the limit is reached, and the rest of the process, the garbage collector above all, gets its turn: Go cannot interrupt machine code.
//
// Every run has a fresh instance, so nothing stays from one run to another. The result is the vector and the number of
// operations (see the cost table of package metering), _initialize included. Both are the same on every
// machine, whether compiled or interpreted. A run that fails gives an error of this package and no vector. Memory stays
// flat as rows grow, because a batch is read when the program asks for it.
//
// A program that passed the checks can still be refused by the engine in rare cases, for instance when functions with
// very large frames are nested deeply; that is ErrEngine, and no result.
package sandbox
