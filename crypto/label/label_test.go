package label_test

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/label"
)

func TestHashInputIsLengthPrefixed(t *testing.T) {
	input := []byte("\x00\x00\x00\x00\x00\x00\x00\x03tag\x00\x00\x00\x00\x00\x00\x00\x02ab\x00\x00\x00\x00\x00\x00\x00\x00")
	require.Equal(t, sha256.Sum256(input), label.Hash("tag", []byte("ab"), nil))
	require.Equal(t, []byte{0, 0, 0, 0, 0, 0, 1, 2}, label.Uint64(258))
}

// TestLengths compares with a hash that is fed piece by piece, around the length at which an input no longer fits the stack.
func TestLengths(t *testing.T) {
	for _, n := range []int{0, 1, 400, 472, 473, 474, 1000, 1 << 20} {
		field, h := bytes.Repeat([]byte{7}, n), sha256.New()
		for _, part := range [][]byte{[]byte("alita/test/v1"), field, []byte("ab")} {
			h.Write(label.Uint64(uint64(len(part))))
			h.Write(part)
		}
		got := label.Hash("alita/test/v1", field, []byte("ab"))
		require.Equal(t, h.Sum(nil), got[:], "a field of %d bytes", n)
	}
}

// TestShortInputsAllocateNothing: rows are hashed by the million.
func TestShortInputsAllocateNothing(t *testing.T) {
	salt, index, row := make([]byte, 32), make([]byte, 8), make([]byte, 400)
	require.Zero(t, testing.AllocsPerRun(100, func() { label.Hash("alita/row/v1", salt, index, row) }))
}

func TestDifferentSplitsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOfN(rapid.Byte(), 2, 40).Draw(t, "whole")
		a := rapid.IntRange(0, len(whole)).Draw(t, "a")
		b := rapid.IntRange(0, len(whole)).Draw(t, "b")
		ha := label.Hash("t", whole[:a], whole[a:])
		hb := label.Hash("t", whole[:b], whole[b:])
		if (a == b) != bytes.Equal(ha[:], hb[:]) {
			t.Fatalf("splits at %d and %d: %x %x", a, b, ha, hb)
		}
	})
}

func BenchmarkHash(b *testing.B) {
	salt, index, row := make([]byte, 32), make([]byte, 8), make([]byte, 40)
	for b.Loop() {
		label.Hash("alita/row/v1", salt, index, row)
	}
}
