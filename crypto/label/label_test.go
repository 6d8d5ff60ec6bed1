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
