// Command words is a program compiled by Go for the tests of the metering: it prints, looks at the clock, uses goroutines,
// channels, strings and a panic that it recovers. Its vector is lengths and sums.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"
	"unsafe"
)

//go:wasmimport alita input
func input(ptr unsafe.Pointer, size int32) int32

//go:wasmimport alita emit
func emit(vector unsafe.Pointer, count int32)

func divide(a, b int) (q int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	return a / b, nil
}

//go:wasmexport run
func run() {
	b := make([]byte, 64)
	text := strings.ToUpper(string(b[:input(unsafe.Pointer(&b[0]), 64)]))
	start := time.Now()
	fmt.Println(text, start)
	fmt.Fprintln(os.Stderr, "discarded")

	results := make(chan int)
	for i := range 4 {
		go func() { results <- i * len(text) }()
	}
	total := 0
	for range 4 {
		total += <-results
	}
	_, err := divide(1, total-total)
	vector := [4]int64{int64(len(text)), int64(total), int64(len(err.Error())), int64(len(os.Args) + len(os.Environ()))}
	emit(unsafe.Pointer(&vector), 4)
}

func main() {}
