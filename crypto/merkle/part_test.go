package merkle_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/merkle"
)

// TestParts: a tree of parts, wherever it is cut, is the tree of their leaves.
func TestParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var leaf uint64
		var whole, parts merkle.Tree
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 70), 0, 12).Draw(t, "lengths") {
			part := merkle.NewPart(leaf)
			for range n {
				data := binary.BigEndian.AppendUint64(nil, leaf)
				part.Append(data)
				whole.Append(data)
				leaf++
			}
			parts.AppendPart(part)
			if parts.Size() != whole.Size() || parts.Root() != whole.Root() {
				t.Fatalf("%d leaves with root %x: expected %d with %x", parts.Size(), parts.Root(), whole.Size(), whole.Root())
			}
		}
	})
}

func TestPartOutOfPlace(t *testing.T) {
	var tree merkle.Tree
	require.PanicsWithValue(t, "merkle: part: expected leaf 0 first, got 1", func() { tree.AppendPart(merkle.NewPart(1)) })
}
