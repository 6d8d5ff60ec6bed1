package lighttest

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/alita-network/alita/light"
)

// State is the keys and values of stores. Its trees have the nodes of IAVL and of CometBFT's simple tree; they are
// balanced by halves, which IAVL's need not be.
type State map[string]map[string][]byte

// Set sets a key of a store.
func (s State) Set(store string, key, value []byte) {
	if s[store] == nil {
		s[store] = map[string][]byte{}
	}
	s[store][string(key)] = value
}

// Clone returns a copy that can be changed.
func (s State) Clone() State {
	out := State{}
	for name, store := range s {
		out[name] = maps.Clone(store)
	}
	return out
}

func hashOf(parts ...[]byte) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// step is a node on the way to the root, as ics23.InnerOp has it.
type step struct{ prefix, suffix []byte }

// leaf is an entry and its way to the root.
type leaf struct {
	key, value, prefix []byte
	path               []step
}

// shape is how a tree hashes.
type shape struct {
	leafPrefix []byte
	// inner returns the steps from the left and the right child to a node above so many leaves, and the node's hash.
	inner func(height, size int, left, right []byte) (fromLeft, fromRight step)
	// split is how many of n leaves are left.
	split func(n int) int
}

var iavl = shape{
	leafPrefix: numbers(0, 1, 1),
	inner: func(height, size int, left, right []byte) (fromLeft, fromRight step) {
		prefix := append(numbers(int64(height), int64(size), 1), sha256.Size)
		return step{prefix, append([]byte{sha256.Size}, right...)},
			step{prefix: slices.Concat(prefix, left, []byte{sha256.Size})}
	},
	split: func(n int) int { return (n + 1) / 2 },
}

var simple = shape{
	leafPrefix: []byte{0},
	inner: func(_, _ int, left, right []byte) (fromLeft, fromRight step) {
		return step{[]byte{1}, right}, step{prefix: append([]byte{1}, left...)}
	},
	split: func(n int) int {
		k := 1
		for k*2 < n {
			k *= 2
		}
		return k
	},
}

func numbers(n ...int64) (b []byte) {
	for _, v := range n {
		b = binary.AppendVarint(b, v)
	}
	return b
}

// build returns the root of a tree over leaves in their order, and sets their ways.
func (s shape) build(leaves []leaf) (root []byte, height int) {
	switch len(leaves) {
	case 0:
		return hashOf(), 0
	case 1:
		l := &leaves[0]
		l.prefix = s.leafPrefix
		size := binary.AppendUvarint(nil, uint64(len(l.key)))
		return hashOf(l.prefix, size, l.key, []byte{sha256.Size}, hashOf(l.value)), 0
	}
	k := s.split(len(leaves))
	left, a := s.build(leaves[:k])
	right, b := s.build(leaves[k:])
	height = max(a, b) + 1
	fromLeft, fromRight := s.inner(height, len(leaves), left, right)
	for i := range leaves {
		if i < k {
			leaves[i].path = append(leaves[i].path, fromLeft)
		} else {
			leaves[i].path = append(leaves[i].path, fromRight)
		}
	}
	return hashOf(fromLeft.prefix, left, fromLeft.suffix), height
}

func leavesOf(entries map[string][]byte) []leaf {
	var out []leaf
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		out = append(out, leaf{key: []byte(key), value: entries[key]})
	}
	return out
}

// Root is the app hash of the state.
func (s State) Root() []byte {
	root, _ := simple.build(s.stores())
	return root
}

// stores are the leaves of the tree of stores.
func (s State) stores() []leaf {
	roots := map[string][]byte{}
	for name, store := range s {
		roots[name], _ = iavl.build(leavesOf(store))
	}
	return leavesOf(roots)
}

// Prove returns the layers of a proof about a key.
func (s State) Prove(store string, key []byte) ([]light.Layer, error) {
	if len(s[store]) == 0 {
		return nil, fmt.Errorf("store %s: expected one with entries, got none", store)
	}
	stores := s.stores()
	simple.build(stores)
	entries := leavesOf(s[store])
	iavl.build(entries)
	return []light.Layer{
		{Type: "ics23:iavl", Data: prove(entries, key)}, {Type: "ics23:simple", Data: prove(stores, []byte(store))},
	}, nil
}

// prove returns ics23.CommitmentProof.
func prove(leaves []leaf, key []byte) []byte {
	i, found := slices.BinarySearchFunc(leaves, string(key), func(l leaf, key string) int {
		switch {
		case string(l.key) < key:
			return -1
		case string(l.key) > key:
			return 1
		}
		return 0
	})
	if found {
		return field(nil, 1, leaves[i].existence())
	}
	absent := field(nil, 1, key)
	if i > 0 {
		absent = field(absent, 2, leaves[i-1].existence())
	}
	if i < len(leaves) {
		absent = field(absent, 3, leaves[i].existence())
	}
	return field(nil, 2, absent)
}

func (l leaf) existence() []byte {
	op := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 1)
	op = protowire.AppendVarint(protowire.AppendTag(op, 3, protowire.VarintType), 1)
	op = protowire.AppendVarint(protowire.AppendTag(op, 4, protowire.VarintType), 1)
	out := field(field(field(nil, 1, l.key), 2, l.value), 3, field(op, 5, l.prefix))
	for _, s := range l.path {
		inner := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 1)
		out = field(out, 4, field(field(inner, 2, s.prefix), 3, s.suffix))
	}
	return out
}

func field(b []byte, n protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), v)
}
