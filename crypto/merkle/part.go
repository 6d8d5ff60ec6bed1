package merkle

import "fmt"

// Part is consecutive leaves of a tree, hashed apart from the leaves before them, so that the parts of a tree
// can be hashed at the same time. It holds as few hashes as a Tree does, up to twice as many.
type Part struct {
	first, size uint64
	peaks       []peak
}

// NewPart returns the part of a tree that begins with the leaf of the given index, from 0.
func NewPart(first uint64) *Part { return &Part{first: first} }

// Append adds a leaf with the given content.
func (p *Part) Append(data []byte) {
	new, start := peak{hash: LeafHash(data)}, p.first+p.size
	// A subtree that is the right half of the next larger one joins its left half, if the part has it.
	for n := len(p.peaks); n > 0 && p.peaks[n-1].level == new.level && start>>new.level&1 == 1; n-- {
		start -= 1 << new.level
		new = peak{hash: NodeHash(p.peaks[n-1].hash, new.hash), level: new.level + 1}
		p.peaks = p.peaks[:n-1]
	}
	p.peaks = append(p.peaks, new)
	p.size++
}

// AppendPart adds the leaves of a part: the tree is the one that Append makes leaf by leaf. It panics unless the
// part begins where the tree ends.
func (t *Tree) AppendPart(p *Part) {
	if p.first != t.size {
		panic(fmt.Sprintf("merkle: part: expected leaf %d first, got %d", t.size, p.first))
	}
	for _, new := range p.peaks {
		leaves := uint64(1) << new.level
		for n := len(t.peaks); n > 0 && t.peaks[n-1].level == new.level; n-- {
			new = peak{hash: NodeHash(t.peaks[n-1].hash, new.hash), level: new.level + 1}
			t.peaks = t.peaks[:n-1]
		}
		t.peaks = append(t.peaks, new)
		t.size += leaves
	}
}
