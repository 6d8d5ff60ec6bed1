// Package label hashes tuples of byte strings so that two different tuples, or the same tuple
// used for two purposes, never share a hash input.
package label

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
)

// Size is the length of a hash in bytes (SHA-256).
const Size = sha256.Size

// Hash returns SHA-256 over the domain tag and the fields, each preceded by its length as
// eight big-endian bytes. Tags have the form "alita/<what>/v1".
func Hash(tag string, fields ...[]byte) [Size]byte {
	h := sha256.New()
	writeField(h, []byte(tag))
	for _, f := range fields {
		writeField(h, f)
	}
	var out [Size]byte
	h.Sum(out[:0])
	return out
}

// Uint64 is the eight-byte big-endian form in which integers enter a hash.
func Uint64(v uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, v)
}

func writeField(h hash.Hash, field []byte) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(field)))
	h.Write(n[:])
	h.Write(field)
}
