package light

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// Layer is one layer of a proof as a node sends it: first the one of a store's tree, then the one of the tree of stores.
type Layer struct {
	Type string
	Data []byte // ics23.CommitmentProof
}

// Types of the two layers.
const (
	typeStore  = "ics23:iavl"
	typeStores = "ics23:simple"
)

// Entry is a key of a store and its value, which may be empty.
type Entry struct{ Key, Value []byte }

// Proof is what layers prove of a key: that it has a value, or that it lies between two neighbours and has none.
type Proof struct {
	// Found is nil if the key is absent.
	Found *Entry
	// Left and Right are the neighbours of an absent key; one of them is nil at the end of the store.
	Left, Right *Entry
}

// maxPath bounds the way from a leaf to the root.
const maxPath = 128

// CheckProof returns what the layers of an answer prove of a store's key under an app hash. The error is ErrProof or
// ErrMalformed. The value that a node sends in addition is of no use.
func CheckProof(appHash []byte, store string, key []byte, layers []Layer) (Proof, error) {
	if len(layers) != 2 || layers[0].Type != typeStore || layers[1].Type != typeStores {
		return Proof{}, fmt.Errorf("%w: layers: expected %s and %s, got others", ErrProof, typeStore, typeStores)
	}
	if size := len(layers[0].Data) + len(layers[1].Data); size > MaxAnswerBytes {
		return Proof{}, fmt.Errorf("%w: proof: expected at most %d bytes, got %d", ErrMalformed, MaxAnswerBytes, size)
	}
	p, root, err := checkTree(storeTree, layers[0].Data, key)
	if err != nil {
		return Proof{}, fmt.Errorf("store %s: %w", store, err)
	}
	stores, top, err := checkTree(treeOfStores, layers[1].Data, []byte(store))
	switch {
	case err != nil:
		return Proof{}, fmt.Errorf("tree of stores: %w", err)
	case stores.Found == nil:
		return Proof{}, fmt.Errorf("%w: store %s: expected one of the tree of stores, got none", ErrProof, store)
	case !bytes.Equal(stores.Found.Value, root), len(appHash) != sha256.Size, !bytes.Equal(top, appHash):
		return Proof{}, fmt.Errorf("%w: store %s: expected a way to the header's app hash, got another root", ErrProof, store)
	}
	return p, nil
}

// step is a node on the way from a leaf to the root.
type step struct {
	prefix, suffix []byte
	fromRight      bool // the way comes from the right child
}

// existence is ics23.ExistenceProof.
type existence struct {
	Entry
	leafPrefix []byte
	path       []step
}

// tree says how the nodes of a tree look. All trees hash by SHA-256, and a leaf over the lengths, the key and the hashed value.
type tree struct {
	// isLeaf reports whether a leaf can have the prefix.
	isLeaf func(prefix []byte) bool
	// setSide reports whether a step can be a node above so many others, and sets the side that the way comes from.
	setSide func(s *step, layer int) bool
}

// storeTree is IAVL's: a node's prefix is its height, size and version as varints; an inner one's then has the length, 32, of
// each child's hash before the child.
var storeTree = tree{
	isLeaf: func(prefix []byte) bool {
		height, size, rest, ok := iavlPrefix(prefix)
		return ok && height == 0 && size == 1 && len(rest) == 0
	},
	setSide: func(s *step, layer int) bool {
		height, _, rest, ok := iavlPrefix(s.prefix)
		if !ok || height < int64(layer) {
			return false
		}
		s.fromRight = len(rest) == 2+sha256.Size
		if s.fromRight {
			return rest[0] == sha256.Size && rest[1+sha256.Size] == sha256.Size && len(s.suffix) == 0
		}
		return len(rest) == 1 && rest[0] == sha256.Size && len(s.suffix) == 1+sha256.Size && s.suffix[0] == sha256.Size
	},
}

// treeOfStores is CometBFT's simple tree, the one of RFC 6962.
var treeOfStores = tree{
	isLeaf: func(prefix []byte) bool { return len(prefix) == 1 && prefix[0] == 0 },
	setSide: func(s *step, _ int) bool {
		if len(s.prefix) == 0 || s.prefix[0] != 1 {
			return false
		}
		s.fromRight = len(s.prefix) == 1+sha256.Size
		return s.fromRight && len(s.suffix) == 0 || len(s.prefix) == 1 && len(s.suffix) == sha256.Size
	},
}

func iavlPrefix(b []byte) (height, size int64, rest []byte, ok bool) {
	var numbers [3]int64 // height, size, version
	for i := range numbers {
		v, n := binary.Varint(b)
		if n <= 0 || v < 0 {
			return 0, 0, nil, false
		}
		numbers[i], b = v, b[n:]
	}
	return numbers[0], numbers[1], b, true
}

// Parameters of ics23.LeafOp that both trees have: SHA-256 over the key as it is and the hash of the value, each after its length.
const (
	opHash         = 1 // SHA256
	opPrehashKey   = 0 // NO_HASH
	opPrehashValue = 1 // SHA256
	opLength       = 1 // VAR_PROTO
)

func decodeExistence(b []byte) (*existence, error) {
	var e existence
	err := decode("existence", b, decoders{
		1: raw("key", MaxAnswerBytes, &e.Key),
		2: raw("value", MaxAnswerBytes, &e.Value),
		3: message(func(b []byte) error {
			var hash, key, value, length uint32
			err := decode("leaf", b, decoders{
				1: number("hash", &hash), 2: number("prehash_key", &key), 3: number("prehash_value", &value), 4: number("length", &length),
				5: raw("prefix", MaxAnswerBytes, &e.leafPrefix),
			})
			if err == nil && (hash != opHash || key != opPrehashKey || value != opPrehashValue || length != opLength) {
				err = fmt.Errorf("%w: leaf: expected SHA-256 over lengths, key and hashed value, got another operation", ErrProof)
			}
			return err
		}),
		4: message(func(b []byte) error {
			if len(e.path) == maxPath {
				return fmt.Errorf("%w: path: expected at most %d nodes, got more", ErrMalformed, maxPath)
			}
			var s step
			var hash uint32
			err := decode("node", b, decoders{
				1: number("hash", &hash), 2: raw("prefix", MaxAnswerBytes, &s.prefix), 3: raw("suffix", MaxAnswerBytes, &s.suffix),
			})
			if err == nil && hash != opHash {
				err = fmt.Errorf("%w: node: expected SHA-256, got another operation", ErrProof)
			}
			e.path = append(e.path, s)
			return err
		}),
	})
	switch {
	case err != nil:
		return nil, err
	case len(e.Key) == 0 || e.leafPrefix == nil:
		return nil, fmt.Errorf("%w: existence: expected a key and a leaf, got none", ErrProof)
	}
	return &e, nil
}

// root walks from the leaf to the root. It sets the sides of the path.
func (e *existence) root(t tree) ([]byte, error) {
	if !t.isLeaf(e.leafPrefix) {
		return nil, fmt.Errorf("%w: leaf: expected the prefix of one, got another one", ErrProof)
	}
	valueHash := hashOf(e.Value)
	leaf := binary.AppendUvarint(bytes.Clone(e.leafPrefix), uint64(len(e.Key)))
	leaf = binary.AppendUvarint(append(leaf, e.Key...), uint64(len(valueHash)))
	hash := hashOf(leaf, valueHash)
	for i := range e.path {
		s := &e.path[i]
		if !t.setSide(s, i+1) {
			return nil, fmt.Errorf("%w: node %d: expected an inner one of two children, got another one", ErrProof, i)
		}
		hash = hashOf(s.prefix, hash, s.suffix)
	}
	return hash, nil
}

// isEdge reports whether all steps come from the same side: then nothing lies beyond the leaf on that side.
func isEdge(path []step, right bool) bool {
	for _, s := range path {
		if s.fromRight != right {
			return false
		}
	}
	return true
}

// areNeighbours reports whether nothing lies between two leaves of one tree: from the lowest node that both ways share, one comes
// from the left child and its last leaf, the other from the right child and its first one.
func areNeighbours(left, right []step) bool {
	for len(left) > 0 && len(right) > 0 {
		l, r := left[len(left)-1], right[len(right)-1]
		left, right = left[:len(left)-1], right[:len(right)-1]
		if !bytes.Equal(l.prefix, r.prefix) || !bytes.Equal(l.suffix, r.suffix) {
			return !l.fromRight && r.fromRight && isEdge(left, true) && isEdge(right, false)
		}
	}
	return false
}

// checkTree returns what one layer says of a key, and the root that it leads to.
func checkTree(t tree, data, key []byte) (p Proof, root []byte, err error) {
	var present, absent []byte
	err = decode("proof", data, decoders{
		1: {protowire.BytesType, func(v value) error { present = v.bytes; return nil }},
		2: {protowire.BytesType, func(v value) error { absent = v.bytes; return nil }},
	})
	switch {
	case err != nil:
		return Proof{}, nil, err
	case len(present) == 0 == (len(absent) == 0):
		return Proof{}, nil, fmt.Errorf("%w: proof: expected one of existence or of absence, got neither or both", ErrProof)
	case len(absent) > 0:
		return checkAbsence(t, absent, key)
	}
	e, err := decodeExistence(present)
	if err != nil {
		return Proof{}, nil, err
	}
	if !bytes.Equal(e.Key, key) {
		return Proof{}, nil, fmt.Errorf("%w: key: expected the one that was asked for, got another one", ErrProof)
	}
	root, err = e.root(t)
	if err != nil {
		return Proof{}, nil, err
	}
	return Proof{Found: &e.Entry}, root, nil
}

// checkAbsence checks ics23.NonExistenceProof: the neighbours of the key are in the tree, on either side of it, and nothing
// lies between them.
func checkAbsence(t tree, data, key []byte) (p Proof, root []byte, err error) {
	var left, right *existence
	neighbour := func(out **existence) decoder {
		return message(func(b []byte) (err error) {
			*out, err = decodeExistence(b)
			return err
		})
	}
	if err := decode("absence", data, decoders{2: neighbour(&left), 3: neighbour(&right)}); err != nil {
		return Proof{}, nil, err
	}
	for _, side := range []struct {
		of    *existence
		order int // of the neighbour to the key
	}{{left, -1}, {right, 1}} {
		if side.of == nil {
			continue
		}
		r, err := side.of.root(t)
		if err != nil {
			return Proof{}, nil, err
		}
		if bytes.Compare(side.of.Key, key) != side.order {
			return Proof{}, nil, fmt.Errorf("%w: neighbours: expected them on either side of the key, got others", ErrProof)
		}
		if root != nil && !bytes.Equal(r, root) {
			return Proof{}, nil, fmt.Errorf("%w: neighbours: expected two of one tree, got two trees", ErrProof)
		}
		root = r
	}
	switch {
	case left == nil && right == nil:
	case left == nil && isEdge(right.path, false):
		return Proof{Right: &right.Entry}, root, nil
	case right == nil && isEdge(left.path, true):
		return Proof{Left: &left.Entry}, root, nil
	case left != nil && right != nil && areNeighbours(left.path, right.path):
		return Proof{Left: &left.Entry, Right: &right.Entry}, root, nil
	}
	return Proof{}, nil, fmt.Errorf("%w: neighbours: expected nothing between them, got a gap", ErrProof)
}
