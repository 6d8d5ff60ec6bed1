// Package label hashes tuples of byte strings so that two different tuples, or the same tuple
// used for two purposes, never share a hash input.
package label

import (
	"crypto/sha256"
	"encoding/binary"
)

// Size is the length of a hash in bytes (SHA-256).
const Size = sha256.Size

// onStack is the length of the longest hash input that needs no allocation.
const onStack = 512

// Hash returns SHA-256 over the domain tag and the fields, each preceded by its length as
// eight big-endian bytes. Tags have the form "alita/<what>/v1".
func Hash(tag string, fields ...[]byte) [Size]byte {
	n := 8 + len(tag)
	for _, f := range fields {
		n += 8 + len(f)
	}
	var stack [onStack]byte
	input := stack[:0]
	if n > len(stack) {
		input = make([]byte, 0, n)
	}
	input = binary.BigEndian.AppendUint64(input, uint64(len(tag)))
	input = append(input, tag...)
	for _, f := range fields {
		input = binary.BigEndian.AppendUint64(input, uint64(len(f)))
		input = append(input, f...)
	}
	return sha256.Sum256(input)
}

// Uint64 is the eight-byte big-endian form in which integers enter a hash.
func Uint64(v uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, v)
}
