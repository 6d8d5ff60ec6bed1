package merkle_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

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

// The audit paths of the same reference tests.
func TestCertificateTransparencyPaths(t *testing.T) {
	for _, tc := range []struct {
		index, size uint64
		path        []string
	}{
		{0, 1, nil},
		{0, 8, []string{
			"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
		}},
		{5, 8, []string{
			"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
			"ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
			"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		}},
		{2, 3, []string{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
		{1, 5, []string{
			"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
		}},
	} {
		t.Run(fmt.Sprintf("leaf %d of %d", tc.index, tc.size), func(t *testing.T) {
			prover := merkle.NewProver(tc.index)
			for _, leaf := range ctLeaves[:tc.size] {
				prover.Append(unhex(t, leaf))
			}
			proof, root, err := prover.Proof()
			require.NoError(t, err)
			require.Equal(t, ctRoots[tc.size-1], hexOf(root))
			var path []string
			for _, h := range proof.Path {
				path = append(path, hexOf(h))
			}
			require.Equal(t, tc.path, path)
		})
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

// naivePath is the recursive definition of RFC 6962 section 2.1.1.
func naivePath(m int, leaves [][]byte) []merkle.Hash {
	if len(leaves) == 1 {
		return []merkle.Hash{}
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	if m < k {
		return append(naivePath(m, leaves[:k]), naiveRoot(leaves[k:]))
	}
	return append(naivePath(m-k, leaves[k:]), naiveRoot(leaves[:k]))
}

func TestEverySmallTreeEqualsTheDefinition(t *testing.T) {
	var leaves [][]byte
	for size := 1; size <= 70; size++ {
		leaves = append(leaves, []byte{byte(size), 0xaa})
		want := naiveRoot(leaves)
		for index := range leaves {
			prover := merkle.NewProver(uint64(index))
			for _, leaf := range leaves {
				prover.Append(leaf)
			}
			proof, root, err := prover.Proof()
			require.NoError(t, err)
			require.Equal(t, want, root)
			require.Equal(t, naivePath(index, leaves), append([]merkle.Hash{}, proof.Path...), "leaf %d of %d", index, size)
			require.NoError(t, proof.Verify(root, leaves[index]))

			encoded, err := proof.MarshalBinary()
			require.NoError(t, err)
			var decoded merkle.Proof
			require.NoError(t, decoded.UnmarshalBinary(encoded))
			require.NoError(t, decoded.Verify(root, leaves[index]))
		}
	}
}

func TestProofMidwayThroughTheStream(t *testing.T) {
	prover := merkle.NewProver(3)
	var tree merkle.Tree
	for i := range 100 {
		_, _, err := prover.Proof()
		if i <= 3 {
			require.ErrorIs(t, err, merkle.ErrIndex)
		} else {
			require.NoError(t, err)
		}
		leaf := []byte{byte(i)}
		prover.Append(leaf)
		tree.Append(leaf)
		if i >= 3 {
			proof, root, err := prover.Proof()
			require.NoError(t, err)
			require.Equal(t, tree.Root(), root)
			require.NoError(t, proof.Verify(root, []byte{3}))
		}
	}
}

func TestForgeriesAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 200).Draw(t, "size")
		index := rapid.IntRange(0, size-1).Draw(t, "index")
		prover := merkle.NewProver(uint64(index))
		for i := range size {
			prover.Append([]byte{byte(i), byte(i >> 8)})
		}
		proof, root, err := prover.Proof()
		if err != nil {
			t.Fatal(err)
		}
		content := []byte{byte(index), byte(index >> 8)}
		if err := proof.Verify(root, content); err != nil {
			t.Fatal(err)
		}
		if proof.Verify(root, append(content, 0)) == nil {
			t.Fatal("other content accepted")
		}
		forged := proof
		forged.Index = uint64(rapid.IntRange(0, size+2).Draw(t, "other index"))
		if forged.Index != proof.Index && forged.Verify(root, content) == nil {
			t.Fatalf("leaf %d accepted at %d", index, forged.Index)
		}
		if len(proof.Path) > 0 {
			i := rapid.IntRange(0, len(proof.Path)-1).Draw(t, "sibling")
			forged = proof
			forged.Path = append([]merkle.Hash(nil), proof.Path...)
			forged.Path[i][rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			if forged.Verify(root, content) == nil {
				t.Fatal("changed sibling accepted")
			}
			forged.Path = proof.Path[:len(proof.Path)-1]
			if forged.Verify(root, content) == nil {
				t.Fatal("shortened path accepted")
			}
		}
		forged = proof
		forged.Path = append(append([]merkle.Hash(nil), proof.Path...), merkle.Hash{})
		if forged.Verify(root, content) == nil {
			t.Fatal("lengthened path accepted")
		}
		// An inner node must not pass for a leaf.
		if size == 2 {
			node := append(append([]byte{1}, leafOf(0)...), leafOf(1)...)
			if (merkle.Proof{Index: 0, Size: 1}).Verify(root, node) == nil {
				t.Fatal("inner node accepted as a leaf")
			}
		}
	})
}

func leafOf(i byte) []byte {
	h := merkle.LeafHash([]byte{i, 0})
	return h[:]
}

func FuzzProofDecoder(f *testing.F) {
	prover := merkle.NewProver(5)
	for i := range 11 {
		prover.Append([]byte{byte(i)})
	}
	proof, root, err := prover.Proof()
	require.NoError(f, err)
	encoded, err := proof.MarshalBinary()
	require.NoError(f, err)
	f.Add(encoded)
	f.Add([]byte{})
	f.Add(append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}, encoded[8:]...))
	f.Add(make([]byte, 48))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p merkle.Proof
		if p.UnmarshalBinary(data) != nil {
			return
		}
		again, err := p.MarshalBinary()
		require.NoError(t, err)
		require.Equal(t, data, again, "the encoding is unique")
		// A proof that leads to the root must be the honest one.
		if p.Size == proof.Size && p.Verify(root, []byte{5}) == nil {
			require.Equal(t, encoded, data)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	var tree merkle.Tree
	leaf := make([]byte, 32)
	for b.Loop() {
		tree.Append(leaf)
	}
}

func hexOf(h merkle.Hash) string { return hex.EncodeToString(h[:]) }
