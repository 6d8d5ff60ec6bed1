//go:build wasip1

package kit

import (
	"encoding/binary"
	"unsafe"
)

//go:wasmimport alita columns
func columns() int32

//go:wasmimport alita length
func length() int32

//go:wasmimport alita input
func input(to unsafe.Pointer, capacity int32) int32

//go:wasmimport alita next
func next() int32

//go:wasmimport alita read
func read(column int32, values, valid unsafe.Pointer)

//go:wasmimport alita emit
func emit(vector unsafe.Pointer, count int32)

//go:wasmimport alita fail
func fail(code int32)

// inputBytes is the size of the largest input.
const inputBytes = 65536

var buffer [inputBytes]byte

// Columns returns the number of columns of the job.
func Columns() int { return int(columns()) }

// Length returns the number of slots of the vector.
func Length() int { return int(length()) }

// Input returns the program's own bytes of the job's input, which follow the header that describes the columns. It ends the run
// with code 3 if there is no header. Every call returns the same memory.
func Input() []byte {
	n := int(input(unsafe.Pointer(&buffer), inputBytes))
	if n < 8 {
		Fail(3)
	}
	header := int(binary.LittleEndian.Uint32(buffer[4:]))
	if header < 8 || header > n {
		Fail(3)
	}
	return buffer[header:n]
}

// Next goes on to the next batch and returns its rows, 0 after the last.
func Next() int { return int(next()) }

// Read writes a column of the current batch. A missing cell has the value 0; valid has 1 for a cell that is present, else 0.
func Read(column int, values *[MaxBatchRows]int64, valid *[MaxBatchRows]byte) {
	read(int32(column), unsafe.Pointer(values), unsafe.Pointer(valid))
}

// Emit hands over the vector. A program must call it exactly once, with the job's length and no negative slot.
func Emit(vector []int64) { emit(unsafe.Pointer(unsafe.SliceData(vector)), int32(len(vector))) }

// Fail ends the run with an error code of the program's own. It does not return.
func Fail(code int) {
	fail(int32(code))
	panic("unreachable")
}
