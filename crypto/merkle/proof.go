package merkle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// Proof shows that a leaf stands at Index in a tree of Size leaves: the audit path of RFC 6962
// section 2.1.1, lowest sibling first.
type Proof struct {
	Index uint64
	Size  uint64
	Path  []Hash
}

// Errors of proofs. They are matched with errors.Is.
var (
	ErrIndex    = errors.New("leaf index outside the tree")
	ErrEncoding = errors.New("malformed inclusion proof")
	ErrMismatch = errors.New("inclusion proof does not lead to the root")
)

// Prover collects the inclusion proof of one leaf while all leaves stream past once.
type Prover struct {
	tree  Tree
	index uint64
	path  []Hash
}

// NewProver returns a prover for the leaf at index, counted from 0.
func NewProver(index uint64) *Prover { return &Prover{index: index} }

// Append adds a leaf with the given content.
func (p *Prover) Append(data []byte) { p.tree.append(LeafHash(data), p.visitInto(&p.path)) }

// Proof returns the proof within the tree of the leaves appended so far, and that tree's root.
// It fails with ErrIndex while the leaf itself has not been appended.
func (p *Prover) Proof() (Proof, Hash, error) {
	if p.index >= p.tree.size {
		return Proof{}, Hash{}, fmt.Errorf("%w: index %d, %d leaves", ErrIndex, p.index, p.tree.size)
	}
	path := append([]Hash(nil), p.path...)
	root := p.tree.root(p.visitInto(&path))
	return Proof{Index: p.index, Size: p.tree.size, Path: path}, root, nil
}

// visitInto records the sibling whenever the subtree that holds the leaf is merged. The leaf lies in
// the right part from its start on, since a merge only ever joins the newest leaves.
func (p *Prover) visitInto(path *[]Hash) func(left, right peak) {
	return func(left, right peak) {
		end := p.tree.size // leaves before the one being appended; right may hold that one too
		switch {
		case p.index > end || p.index < left.start:
			return
		case p.index < right.start:
			*path = append(*path, right.hash)
		default:
			*path = append(*path, left.hash)
		}
	}
}

// Verify checks that the content stands at p.Index in the tree with the given root and p.Size leaves
// (RFC 9162 section 2.1.3.2). The errors are ErrIndex, ErrEncoding (wrong length) and ErrMismatch.
func (p Proof) Verify(root Hash, data []byte) error {
	if p.Index >= p.Size {
		return fmt.Errorf("%w: index %d, %d leaves", ErrIndex, p.Index, p.Size)
	}
	if want := pathLength(p.Index, p.Size); len(p.Path) != want {
		return fmt.Errorf("%w: %d siblings, %d needed", ErrEncoding, len(p.Path), want)
	}
	hash := LeafHash(data)
	index, last := p.Index, p.Size-1
	for _, sibling := range p.Path {
		if index&1 == 1 || index == last {
			hash = NodeHash(sibling, hash)
			// On the right border, levels at which the subtree has no sibling are skipped.
			for index&1 == 0 && index != 0 {
				index >>= 1
				last >>= 1
			}
		} else {
			hash = NodeHash(hash, sibling)
		}
		index >>= 1
		last >>= 1
	}
	if hash != root {
		return ErrMismatch
	}
	return nil
}

// pathLength is the number of siblings of the leaf at index < size: one per level up to where its way
// meets the right border, and from there one per set bit of the index.
func pathLength(index, size uint64) int {
	inner := bits.Len64(index ^ (size - 1))
	return inner + bits.OnesCount64(index>>uint(inner))
}

// MarshalBinary encodes the proof: index and size as eight big-endian bytes each, then the path.
func (p Proof) MarshalBinary() ([]byte, error) {
	if p.Index >= p.Size {
		return nil, fmt.Errorf("%w: index %d, %d leaves", ErrIndex, p.Index, p.Size)
	}
	if want := pathLength(p.Index, p.Size); len(p.Path) != want {
		return nil, fmt.Errorf("%w: %d siblings, %d needed", ErrEncoding, len(p.Path), want)
	}
	out := binary.BigEndian.AppendUint64(nil, p.Index)
	out = binary.BigEndian.AppendUint64(out, p.Size)
	for _, h := range p.Path {
		out = append(out, h[:]...)
	}
	return out, nil
}

// UnmarshalBinary decodes what MarshalBinary wrote and nothing else: the length must be exactly
// what index and size ask for.
func (p *Proof) UnmarshalBinary(data []byte) error {
	if len(data) < 16 {
		return fmt.Errorf("%w: %d bytes, at least 16 needed", ErrEncoding, len(data))
	}
	index, size := binary.BigEndian.Uint64(data), binary.BigEndian.Uint64(data[8:])
	if index >= size {
		return fmt.Errorf("%w: index %d, %d leaves", ErrIndex, index, size)
	}
	n := pathLength(index, size)
	if len(data) != 16+n*len(Hash{}) {
		return fmt.Errorf("%w: %d bytes, %d needed", ErrEncoding, len(data), 16+n*len(Hash{}))
	}
	path := make([]Hash, n)
	for i := range path {
		copy(path[i][:], data[16+i*len(Hash{}):])
	}
	*p = Proof{Index: index, Size: size, Path: path}
	return nil
}
