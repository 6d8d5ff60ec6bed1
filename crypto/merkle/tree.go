// Package merkle is the Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1) over SHA-256,
// built in one pass with memory that grows with the logarithm of the number of leaves.
//
// Leaves and inner nodes are hashed with the prefixes 0x00 and 0x01, so neither can be taken for
// the other. What a leaf means is bound by its content: callers hash their data with a domain tag
// (package label) before they append it. A root alone does not bind the number of leaves; callers
// hash both together.
package merkle

import "crypto/sha256"

// Hash is the hash of a leaf, of an inner node or of a whole tree.
type Hash = [sha256.Size]byte

// LeafHash returns SHA-256(0x00 || data).
func LeafHash(data []byte) Hash {
	var stack [64]byte // what callers hash first is shorter
	return sha256.Sum256(append(append(stack[:0], 0), data...))
}

// NodeHash returns SHA-256(0x01 || left || right).
func NodeHash(left, right Hash) Hash {
	var buf [1 + 2*sha256.Size]byte
	buf[0] = 1
	copy(buf[1:], left[:])
	copy(buf[1+sha256.Size:], right[:])
	return sha256.Sum256(buf[:])
}

// EmptyRoot is the root of the tree without leaves, SHA-256 of the empty string.
func EmptyRoot() Hash { return sha256.Sum256(nil) }

// Tree holds the roots of the perfect subtrees that make up the leaves appended so far, largest
// first: at most 64 of them. The zero value is the empty tree.
type Tree struct {
	peaks []peak
	size  uint64
}

// peak is the root of a perfect subtree of 2^level leaves.
type peak struct {
	hash  Hash
	level uint
}

// Append adds a leaf with the given content. It merges the new leaf with the peaks of equal level.
func (t *Tree) Append(data []byte) {
	p := peak{hash: LeafHash(data)}
	for n := len(t.peaks); n > 0 && t.peaks[n-1].level == p.level; n-- {
		p = peak{hash: NodeHash(t.peaks[n-1].hash, p.hash), level: p.level + 1}
		t.peaks = t.peaks[:n-1]
	}
	t.peaks = append(t.peaks, p)
	t.size++
}

// Size is the number of leaves.
func (t *Tree) Size() uint64 { return t.size }

// Root is the root over the leaves appended so far; more leaves can follow. It joins the peaks from the
// smallest to the largest, as RFC 6962 splits at the largest power of two.
func (t *Tree) Root() Hash {
	if len(t.peaks) == 0 {
		return EmptyRoot()
	}
	root := t.peaks[len(t.peaks)-1].hash
	for i := len(t.peaks) - 2; i >= 0; i-- {
		root = NodeHash(t.peaks[i].hash, root)
	}
	return root
}
