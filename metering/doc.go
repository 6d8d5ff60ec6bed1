// Package metering decides whether a WebAssembly program may run on an owner's data and makes it countable.
//
// [Check] decodes and validates every byte of a module. It refuses everything that could make two hosts disagree, or a
// host do unbounded work. [Inject] returns the same program with code that counts the operations it executes, limits
// the depth of its calls, and gives its NaNs the same bits everywhere.
//
// The package is pure: it depends on no WebAssembly engine and only computes over bytes. A chain can use Check in
// consensus, and an injection gives the same bytes on every machine. The cost table, the rules and the relation of the
// count to the fuel of wasmtime are in README.md.
package metering
