//go:build !linux && !darwin

package sandbox

// limitChild does nothing: here only ChildTime limits the process that compiles.
func limitChild() error { return nil }
