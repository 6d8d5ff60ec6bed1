// Package kit is the program interface, version 1, as Go functions, for programs written in Go.
//
// A program is a main package that is built with
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o program.wasm
//
// and exports the function run. The folder template has one to begin with. The cost of a run should depend on the numbers of rows, columns
// and slots alone: no branch, loop bound or allocation may depend on a value. What is chosen by a value is chosen with arithmetic
// (see Choose) or by an index. Keep batches and vector in global arrays: what an allocation costs depends on its size in steps, and when the
// garbage collector runs depends on all allocations before, so a program that allocates does not keep to a model that is linear.
// `alita-worker check` measures the cost model and says so if a program does not keep to one.
package kit

// MaxBatchRows is the largest number of rows in a batch. It is metering.MaxBatchRows, written out so that a program links
// nothing but this package.
const MaxBatchRows = 1024

// Choose returns a if condition is 1 and b if it is 0, without a branch.
func Choose(condition, a, b int64) int64 { return b ^ (-condition & (a ^ b)) }

// Less returns 1 if a < b, else 0, without a branch. Both must be in [0, 2^63).
func Less(a, b int64) int64 { return int64(uint64(a-b) >> 63) }
