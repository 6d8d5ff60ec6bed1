// Package oracle compares the operations that injected code counts with the fuel that wasmtime counts on its own.
//
// It is a module of its own because wasmtime is a large download and needs cgo. "go test ./..." here checks the golden values in
// metering/testdata/golden.json, which the ordinary tests then check without wasmtime; "go test ./... -update" writes them.
package oracle
