package merkle_test

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/merkle"
)

// The leaves and roots of the reference tests of Certificate Transparency (RFC 6962).
var (
	ctLeaves = []string{
		"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
	}
	ctRoots = []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func TestCertificateTransparencyVectors(t *testing.T) {
	var tree merkle.Tree
	require.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", hexOf(tree.Root()))
	for i, leaf := range ctLeaves {
		tree.Append(unhex(t, leaf))
		require.Equal(t, ctRoots[i], hexOf(tree.Root()), "tree of %d leaves", i+1)
	}
}

// naiveRoot is the recursive definition of RFC 6962 section 2.1.
func naiveRoot(leaves [][]byte) merkle.Hash {
	switch len(leaves) {
	case 0:
		return merkle.EmptyRoot()
	case 1:
		return merkle.LeafHash(leaves[0])
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return merkle.NodeHash(naiveRoot(leaves[:k]), naiveRoot(leaves[k:]))
}

func TestEverySmallTreeEqualsTheDefinition(t *testing.T) {
	var tree merkle.Tree
	var leaves [][]byte
	for size := range 300 {
		require.EqualValues(t, size, tree.Size())
		require.Equal(t, naiveRoot(leaves), tree.Root(), "tree of %d leaves", size)
		leaf := []byte{byte(size), byte(size >> 8)}
		leaves = append(leaves, leaf)
		tree.Append(leaf)
	}
}

// An inner node does not pass for a leaf.
func TestInnerNodeIsNoLeaf(t *testing.T) {
	var two, one merkle.Tree
	two.Append([]byte{0})
	two.Append([]byte{1})
	left, right := merkle.LeafHash([]byte{0}), merkle.LeafHash([]byte{1})
	one.Append(append(append([]byte{1}, left[:]...), right[:]...))
	require.Equal(t, merkle.NodeHash(left, right), two.Root())
	require.NotEqual(t, two.Root(), one.Root())
}

func BenchmarkAppend(b *testing.B) {
	var tree merkle.Tree
	leaf := make([]byte, 32)
	for b.Loop() {
		tree.Append(leaf)
	}
}

func hexOf(h merkle.Hash) string { return hex.EncodeToString(h[:]) }
