// Package kit is the program interface, version 1, as Go functions, for programs written in Go.
//
// A program is a main package that is built with
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o program.wasm
//
// and exports the function run. The folder template has one to begin with.
//
// The cost of a run may depend only on the numbers of rows, columns and slots. So no branch, loop bound or allocation may depend on a
// value; to choose by a value, use arithmetic (see Choose) or an index. Keep batches and the vector in global arrays. The cost of an
// allocation grows with its size in steps, and the garbage collector runs at a time that depends on all earlier allocations, so a
// program that allocates has no linear cost model. `alita-worker check` measures the cost model, or reports that there is none.
package kit

// MaxBatchRows is the largest number of rows in a batch. It equals metering.MaxBatchRows, and is written out so that a program
// links only this package.
const MaxBatchRows = 1024

// Choose returns a if condition is 1 and b if it is 0, without a branch.
func Choose(condition, a, b int64) int64 { return b ^ (-condition & (a ^ b)) }

// Less returns 1 if a < b, else 0, without a branch. Both must be in [0, 2^63).
func Less(a, b int64) int64 { return int64(uint64(a-b) >> 63) }
