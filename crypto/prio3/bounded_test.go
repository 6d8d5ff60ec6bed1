package prio3_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/prio3"
)

// sums are all sums of some of the weights.
func sums(weights []uint64) map[uint64]bool {
	all := map[uint64]bool{0: true}
	for _, w := range weights {
		for _, s := range slices.Sorted(maps.Keys(all)) {
			all[s+w] = true
		}
	}
	return all
}

// weightsOf reads the weights off FoldSlots: the share of a slot of which one bit is 1.
func weightsOf(t require.TestingT, largest uint64) []uint64 {
	out := make([]uint64, bits.Len64(largest))
	for i := range out {
		one := make([]*big.Int, len(out))
		for j := range one {
			one[j] = new(big.Int)
		}
		one[i] = big.NewInt(1)
		out[i] = folded(t, []uint64{largest}, one)[0].Uint64()
	}
	return out
}

func folded(t require.TestingT, largest []uint64, elements []*big.Int) []*big.Int {
	raw, err := prio3.FoldSlots(largest, encodeElements(elements))
	require.NoError(t, err)
	out := make([]*big.Int, len(largest))
	for i := range out {
		b := slices.Clone(raw[16*i : 16*(i+1)])
		slices.Reverse(b)
		out[i] = new(big.Int).SetBytes(b)
	}
	return out
}

// Whatever bits an owner shares, a slot is from 0 to its bound, and every number there can be shared: by enumeration of all bits.
func TestBitsOfSlots(t *testing.T) {
	for largest := uint64(1); largest <= 300; largest++ {
		got := sums(weightsOf(t, largest))
		require.Len(t, got, int(largest)+1, "bound %d", largest)
		for v := range largest + 1 {
			require.True(t, got[v], "%d within %d", v, largest)
			unfolded := prio3.UnfoldSlots([]uint64{largest}, []uint64{v})
			elements := make([]*big.Int, len(unfolded))
			for i, bit := range unfolded {
				require.LessOrEqual(t, bit, uint64(1))
				elements[i] = new(big.Int).SetUint64(bit)
			}
			require.Equal(t, v, folded(t, []uint64{largest}, elements)[0].Uint64(), "%d within %d", v, largest)
		}
	}
}

// For bounds of any size the weights add up to the bound, and each but the last is twice the one before.
func TestWeightsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		largest := rapid.Uint64Range(1, 1<<prio3.MaxBits-1).Draw(t, "largest")
		weights, total := weightsOf(t, largest), uint64(0)
		for i, w := range weights {
			total += w
			if i < len(weights)-1 {
				require.Equal(t, uint64(1)<<i, w)
			}
		}
		require.Equal(t, largest, total)
		v := rapid.Uint64Range(0, largest).Draw(t, "slot")
		back := uint64(0)
		for i, bit := range prio3.UnfoldSlots([]uint64{largest}, []uint64{v}) {
			back += bit * weights[i]
		}
		require.Equal(t, v, back)
	})
}

// The shares of a slot are the shares of its bits, added up with their weights: linear, against math/big.
func TestFoldIsLinear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		largest := rapid.SliceOfN(rapid.Uint64Range(1, 1<<prio3.MaxBits-1), 1, 4).Draw(t, "largest")
		random := drawStream(t)
		var elements, want []*big.Int
		for _, m := range largest {
			sum := new(big.Int)
			for _, w := range weightsOf(t, m) {
				var raw [24]byte
				_, _ = random.Read(raw[:])
				x := mod(new(big.Int).SetBytes(raw[:]))
				elements = append(elements, x)
				sum = mod(sum.Add(sum, new(big.Int).Mul(x, new(big.Int).SetUint64(w))))
			}
			want = append(want, sum)
		}
		got := folded(t, largest, elements)
		for i := range want {
			require.Zero(t, want[i].Cmp(got[i]), "slot %d", i)
		}
	})
}

// Bounded is Prio3SumVec of bits, byte for byte, but for the output shares.
func TestBoundedIsSumVecOfBits(t *testing.T) {
	largest, vector := []uint64{1, 5, 200, 1000, 6}, []uint64{1, 0, 137, 1000, 6}
	p, err := prio3.NewBounded(3, largest)
	require.NoError(t, err)
	unfolded := prio3.UnfoldSlots(largest, vector)
	ofBits, err := prio3.NewSumVec(3, len(unfolded), 1)
	require.NoError(t, err)
	require.Equal(t, ofBits.Chunk, p.Chunk)
	got, err := newInstance(t, p).Shard(stream(5), vector)
	require.NoError(t, err)
	want, err := newInstance(t, ofBits).Shard(stream(5), unfolded)
	require.NoError(t, err)
	require.Equal(t, want.Public, got.Public)
	require.Equal(t, want.Inputs, got.Inputs)
	for i, out := range want.Outputs {
		folded, err := prio3.FoldSlots(largest, out)
		require.NoError(t, err)
		require.Equal(t, folded, got.Outputs[i])
	}
}

// Fixed vectors: every version must get the same bytes.
func TestBoundedVectors(t *testing.T) {
	for _, tc := range []struct {
		largest, vector       []uint64
		seats, elements       int
		shares, outputs, said string // SHA-256 of the owner's shares, the output shares and the preparation shares
	}{
		{
			[]uint64{1, 5, 200, 1000, 6}, []uint64{1, 0, 137, 1000, 6}, 3, 25,
			"ba333b4492aba04103566a617bdedabd0578b2efb7b8da9de0512691fed78a22",
			"824cd874b454524de5835b22182bdd3b1a25c998d7f94ae4c5a5e7498dc13651",
			"8aeea3ba55080bf3701b0ee543b93cd6388f5eab23f3a50e5a156387ea72449a",
		},
		{
			[]uint64{1<<63 - 1, 76, 76, 1 << 40}, []uint64{1 << 62, 38, 0, 1 << 40}, 2, 118,
			"d8a1ccc0d16521a818ab66f97ee1cc27bb98184167496e9560a0c7998a5745be",
			"c84db4e04450d5bf1e7be7104531d3aabbf2196f2fe1d575e66fa808eb02411f",
			"9875e5cfba8ba6ebb15e536f9d9a5072f6ca8d1d0f440183e975d40b8b909c21",
		},
	} {
		p, err := prio3.NewBounded(tc.seats, tc.largest)
		require.NoError(t, err)
		require.Equal(t, tc.elements*16, p.InputShareSize(0)-32-16*(2*p.Chunk+2*(1<<bits.Len(uint((tc.elements+p.Chunk-1)/p.Chunk)))-1))
		v := newInstance(t, p)
		shares, err := v.Shard(stream(77), tc.vector)
		require.NoError(t, err)
		said := make([][]byte, tc.seats)
		for i := range said {
			_, said[i], err = v.Prepare(testKey, i, shares.Public, shares.Inputs[i])
			require.NoError(t, err)
		}
		hash := func(parts ...[]byte) string {
			sum := sha256.Sum256(bytes.Join(parts, nil))
			return hex.EncodeToString(sum[:])
		}
		require.Equal(t, [3]string{tc.shares, tc.outputs, tc.said},
			[3]string{hash(append(shares.Inputs, shares.Public)...), hash(shares.Outputs...), hash(said...)})
		got, err := prio3.Unshard(p, shares.Outputs, 1)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(tc.vector), fmt.Sprint(got))
	}
}

// An owner who cheats as well as the proof system lets him: a slot one above its bound, or below 0, has no bits.
func TestCheatingOwnerOfBounds(t *testing.T) {
	largest := []uint64{6, 38}
	p, err := prio3.NewBounded(2, largest)
	require.NoError(t, err)
	ofBits, err := prio3.NewSumVec(2, 9, 1)
	require.NoError(t, err)
	seeds := make([]byte, 2*2*32)
	for name, tc := range map[string]struct {
		meas  []*big.Int
		slots [2]int64
		valid bool
	}{
		"at the bounds":            {elements(1, 1, 1, 1, 1, 1, 1, 1, 1), [2]int64{6, 38}, true},
		"one above a bound":        {elements(2, 1, 1, 0, 0, 0, 0, 0, 0), [2]int64{7, 0}, false},
		"one below 0":              {elements(-1, 0, 0, 0, 0, 0, 0, 0, 0), [2]int64{-1, 0}, false},
		"far above":                {elements(0, 0, 0, 1<<40, 0, 0, 0, 0, 0), [2]int64{0, 1 << 40}, false},
		"within, from a bit of 2":  {elements(2, 0, 0, 0, 0, 0, 0, 0, 0), [2]int64{2, 0}, false},
		"within, by a bit below 0": {elements(0, 1, -1, 0, 0, 0, 0, 0, 0), [2]int64{-1, 0}, false},
	} {
		for _, forge := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/forged=%v", name, forge), func(t *testing.T) {
				if tc.valid && forge {
					t.Skip("there is nothing to forge")
				}
				for i, x := range folded(t, largest, tc.meas) {
					require.Zero(t, mod(big.NewInt(tc.slots[i])).Cmp(x), "slot %d", i)
				}
				o := owner{params: ofBits, context: testBinding.Context(), nonce: []byte("sixteen bytes ok")}
				v, err := prio3.NewWithNonce(p, o.context, [16]byte(o.nonce))
				require.NoError(t, err)
				public, inputs := o.shard(tc.meas, seeds, forge)
				_, err = run(v, public, inputs)
				if tc.valid {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, prio3.ErrInvalid)
			})
		}
	}
}

// A sum of vectors of several bounds is checked against all of them.
func TestUnshardParts(t *testing.T) {
	vectors, err := prio3.NewSumVec(2, 2, 3)
	require.NoError(t, err)
	noise, err := prio3.NewBounded(2, []uint64{10, 38})
	require.NoError(t, err)
	share := func(a, b byte) []byte {
		out := make([]byte, 32)
		out[0], out[16] = a, b
		return out
	}
	parts := []prio3.Part{{Params: vectors, Count: 3}, {Params: noise, Count: 2}}
	got, err := prio3.UnshardParts([][]byte{share(41, 90), share(0, 7)}, parts...)
	require.NoError(t, err)
	require.Equal(t, "[41 97]", fmt.Sprint(got), "3 * 7 + 2 * 10 and 3 * 7 + 2 * 38")
	for name, shares := range map[string][][]byte{"first slot": {share(42, 0), share(0, 0)}, "second slot": {share(0, 90), share(0, 8)}} {
		_, err := prio3.UnshardParts(shares, parts...)
		require.ErrorIs(t, err, prio3.ErrAggregate, name)
	}
	other, err := prio3.NewBounded(2, []uint64{10})
	require.NoError(t, err)
	seats, err := prio3.NewBounded(3, []uint64{10, 38})
	require.NoError(t, err)
	for name, parts := range map[string][]prio3.Part{"none": nil, "another length": {parts[0], {Params: other}}, "other seats": {parts[0], {Params: seats}}} {
		_, err := prio3.UnshardParts([][]byte{share(0, 0), share(0, 0)}, parts...)
		require.ErrorIs(t, err, prio3.ErrParams, name)
	}
	_, err = prio3.UnshardParts([][]byte{share(0, 0), share(0, 0)}, parts[0], prio3.Part{Params: noise, Count: prio3.MaxContributions - 2})
	require.ErrorIs(t, err, prio3.ErrAggregate)
}

// Every encoding gets an answer and no panic, and what is accepted has the right size.
func FuzzFold(f *testing.F) {
	largest := []uint64{1, 5, 200, 1000, 6}
	f.Add(make([]byte, 25*16))
	f.Add(bytes.Repeat([]byte{0xff}, 25*16))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := prio3.FoldSlots(largest, raw)
		if err != nil {
			require.False(t, errors.Is(err, prio3.ErrInvalid))
			return
		}
		require.Len(t, raw, 25*16)
		require.Len(t, out, 5*16)
	})
}

// TestSharerAmongTheSeats is a limit of the proofs: they hold against owners and not against an owner and a seat who work together, and whoever
// shares a vector and judges it as a seat is both. It knows what the others will say once the key is out, and says what makes the sum of all
// preparation shares one of a valid vector. Nothing that anybody else sees contradicts that.
func TestSharerAmongTheSeats(t *testing.T) {
	largest := []uint64{6, 38}
	p, err := prio3.NewBounded(2, largest)
	require.NoError(t, err)
	ofBits, err := prio3.NewSumVec(2, 9, 1)
	require.NoError(t, err)
	o := owner{params: ofBits, context: testBinding.Context(), nonce: []byte("sixteen bytes ok")}
	v, err := prio3.NewWithNonce(p, o.context, [16]byte(o.nonce))
	require.NoError(t, err)
	const moved = 1_000_000
	public, inputs := o.shard(elements(moved, 0, 0, 0, 0, 0, 0, 0, 0), make([]byte, 2*2*32), false)
	states, prepared := make([]*prio3.State, 2), make([][]byte, 2)
	for i := range prepared {
		states[i], prepared[i], err = v.Prepare(testKey, i, public, inputs[i])
		require.NoError(t, err)
	}
	_, err = v.Combine(public, prepared)
	require.ErrorIs(t, err, prio3.ErrInvalid, "judged by honest seats it is found out")
	// The verifier of a vector of zeros with a proof of zeros is zero everywhere.
	verifier := len(prepared[1]) - 32
	for at := 0; at < verifier; at += 16 {
		other := slices.Clone(prepared[0][at : at+16])
		slices.Reverse(other)
		x := new(big.Int).SetBytes(other)
		copy(prepared[1][at:], encodeElements([]*big.Int{mod(x.Neg(x))}))
	}
	message, err := v.Combine(public, prepared)
	require.NoError(t, err, "judged by whoever has shared it, too, it is not")
	outputs := make([][]byte, 2)
	for i, state := range states {
		outputs[i], err = state.Next(message)
		require.NoError(t, err)
	}
	sum, err := prio3.Add(p, outputs...)
	require.NoError(t, err)
	slices.Reverse(sum[:16])
	require.EqualValues(t, moved, new(big.Int).SetBytes(sum[:16]).Uint64(), "of a slot from 0 to 6")
}
