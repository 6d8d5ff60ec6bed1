// Command sorted is a program compiled by Go for the tests of the metering: it collects a column in a slice that grows, counts
// in a map, sorts, computes in floating point and recurses. Its vector is the number of rows, the median, a count
// and the bits of a root.
package main

import (
	"math"
	"sort"
	"unsafe"
)

//go:wasmimport alita next
func next() int32

//go:wasmimport alita read
func read(column int32, values, valid unsafe.Pointer)

//go:wasmimport alita emit
func emit(vector unsafe.Pointer, count int32)

//go:wasmimport alita fail
func fail(code int32)

var (
	values [1024]int64
	valid  [1024]byte
)

func depth(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + depth(n-1)
}

//go:wasmexport run
func run() {
	var all []int64
	ends := map[int64]int64{}
	sum := 0.0
	for n := next(); n > 0; n = next() {
		read(0, unsafe.Pointer(&values), unsafe.Pointer(&valid))
		for _, v := range values[:n] {
			all = append(all, (v*7919)%1009)
			ends[v%10]++
			sum += math.Sqrt(float64(v)) / 3
		}
	}
	if depth(100) != 100 {
		fail(1)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	keys := make([]int64, 0, len(ends))
	for k := range ends {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	vector := [4]int64{int64(len(all)), all[len(all)/2], 0, int64(math.Float64bits(sum))}
	for _, k := range keys {
		vector[2] = vector[2]*31 + ends[k]
	}
	emit(unsafe.Pointer(&vector), 4)
}

func main() {}
