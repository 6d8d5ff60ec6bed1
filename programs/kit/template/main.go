//go:build wasip1

// Command template is a program to begin with: for each column the number of values below a limit, which is the input, and the number of
// missing cells. Copy it, change the work on a batch, and measure its cost:
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o program.wasm
//	alita-worker check program.wasm --shape 1:2 --shape 3:6 --input limit.bin
package main

import (
	"encoding/binary"

	"github.com/alita-network/alita/programs/kit"
)

// maxColumns is the largest number of columns that this program takes.
const maxColumns = 64

// One column of a batch, and the vector. They are global, because the cost of an allocation grows with its size in steps.
var (
	values [kit.MaxBatchRows]int64
	valid  [kit.MaxBatchRows]byte
	slots  [2 * maxColumns]int64
)

//go:wasmexport run
func run() {
	k := kit.Columns()
	if k > maxColumns || kit.Length() != 2*k {
		kit.Fail(2)
	}
	own := kit.Input()
	if len(own) != 8 {
		kit.Fail(3)
	}
	limit := int64(binary.LittleEndian.Uint64(own))
	if limit < 0 {
		kit.Fail(3)
	}
	for rows := kit.Next(); rows > 0; rows = kit.Next() {
		for c := range k {
			kit.Read(c, &values, &valid)
			var below, missing int64
			for i := range rows {
				present := int64(valid[i])
				below += kit.Less(values[i], limit) & present
				missing += 1 - present
			}
			slots[2*c] += below
			slots[2*c+1] += missing
		}
	}
	kit.Emit(slots[:2*k])
}

func main() {}
