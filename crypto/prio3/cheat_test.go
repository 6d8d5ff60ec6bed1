package prio3_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/prio3"
)

// A second implementation of an owner's part, over math/big and with its own hash function, written from the draft.
// On honest vectors it must make the same bytes as the package. On others it is an owner who cheats as
// well as the proof system lets him: all shares belong together, the joint randomness is right, and only the statement is false.

var (
	modulus   = bigInt("340282366920938462946865773367900766209")
	generator = new(big.Int).Exp(big.NewInt(7), big.NewInt(4611686018427387897), modulus) // of order 2^66
)

func bigInt(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		panic(s)
	}
	return n
}

func mod(n *big.Int) *big.Int { return n.Mod(n, modulus) }

func encodeElements(v []*big.Int) []byte {
	out := make([]byte, 0, 16*len(v))
	for _, x := range v {
		b := x.FillBytes(make([]byte, 16))
		slices.Reverse(b)
		out = append(out, b...)
	}
	return out
}

// turboShake128 is TurboSHAKE128 of RFC 9861 with domain byte 1: Keccak-p[1600] with 12 rounds, rate 168.
type turboShake128 struct {
	state [25]uint64
	block []byte
}

var roundConstants = [12]uint64{
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
	0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
}

func newTurboShake128(input []byte) *turboShake128 {
	const rate = 168
	t := &turboShake128{}
	padded := append(slices.Clone(input), 1)
	for len(padded)%rate != 0 {
		padded = append(padded, 0)
	}
	padded[len(padded)-1] ^= 0x80
	for ; len(padded) > 0; padded = padded[rate:] {
		for i := range rate / 8 {
			t.state[i] ^= binary.LittleEndian.Uint64(padded[8*i:])
		}
		t.permute()
	}
	t.squeeze()
	return t
}

func (t *turboShake128) squeeze() {
	t.block = nil
	for _, w := range t.state[:21] {
		t.block = binary.LittleEndian.AppendUint64(t.block, w)
	}
}

func (t *turboShake128) next(n int) []byte {
	var out []byte
	for len(out) < n {
		if len(t.block) == 0 {
			t.permute()
			t.squeeze()
		}
		k := min(n-len(out), len(t.block))
		out, t.block = append(out, t.block[:k]...), t.block[k:]
	}
	return out
}

func (t *turboShake128) permute() {
	a := &t.state
	for _, rc := range roundConstants {
		var c, d [5]uint64
		for x := range 5 {
			c[x] = a[x] ^ a[x+5] ^ a[x+10] ^ a[x+15] ^ a[x+20]
		}
		for x := range 5 {
			d[x] = c[(x+4)%5] ^ bits.RotateLeft64(c[(x+1)%5], 1)
		}
		for i := range a {
			a[i] ^= d[i%5]
		}
		var b [25]uint64
		b[0] = a[0]
		x, y := 1, 0
		for i := range 24 {
			b[y+5*((2*x+3*y)%5)] = bits.RotateLeft64(a[x+5*y], (i+1)*(i+2)/2%64)
			x, y = y, (2*x+3*y)%5
		}
		for i := range a {
			row := i / 5 * 5
			a[i] = b[i] ^ (^b[row+(i+1)%5] & b[row+(i+2)%5])
		}
		a[0] ^= rc
	}
}

// owner holds what the hash function is bound to.
type owner struct {
	params  prio3.Params
	context []byte
	nonce   []byte
}

func (o owner) xof(usage uint16, seed []byte, binder ...[]byte) *turboShake128 {
	tag := []byte{12, 0}
	tag = binary.BigEndian.AppendUint32(tag, uint32(o.params.Kind))
	tag = binary.BigEndian.AppendUint16(tag, usage)
	tag = append(tag, o.context...)
	input := binary.LittleEndian.AppendUint16(nil, uint16(len(tag)))
	input = append(append(append(input, tag...), byte(len(seed))), seed...)
	return newTurboShake128(append(input, slices.Concat(binder...)...))
}

func (t *turboShake128) elements(n int) []*big.Int {
	var out []*big.Int
	for len(out) < n {
		b := t.next(16)
		slices.Reverse(b)
		if x := new(big.Int).SetBytes(b); x.Cmp(modulus) < 0 {
			out = append(out, x)
		}
	}
	return out
}

// shard shares any encoded vector. With forge, the proof is bent so that the circuit's output comes out as 0.
func (o owner) shard(meas []*big.Int, seeds []byte, forge bool) (public []byte, inputs [][]byte) {
	take := func() (seed []byte) {
		seed, seeds = seeds[:32], seeds[32:]
		return seed
	}
	n := o.params.Shares
	shares, blinds := make([][]byte, n), make([][]byte, n)
	for i := 1; i < n; i++ {
		shares[i], blinds[i] = take(), take()
	}
	blinds[0] = take()
	leader, parts := slices.Clone(meas), make([][]byte, n)
	for i := 1; i < n; i++ {
		helper := o.xof(1, shares[i], []byte{byte(i)}).elements(len(meas))
		for j := range leader {
			leader[j] = mod(new(big.Int).Sub(leader[j], helper[j]))
		}
		parts[i] = o.xof(7, blinds[i], []byte{byte(i)}, o.nonce, encodeElements(helper)).next(32)
	}
	parts[0] = o.xof(7, blinds[0], []byte{0}, o.nonce, encodeElements(leader)).next(32)
	public = slices.Concat(parts...)

	calls := (len(meas) + o.params.Chunk - 1) / o.params.Chunk
	joint := o.xof(3, o.xof(6, make([]byte, 32), public).next(32), []byte{1}).elements(calls)
	proof := o.prove(meas, o.xof(4, take(), []byte{1}).elements(2*o.params.Chunk), joint, forge)
	for i := 1; i < n; i++ {
		helper := o.xof(2, shares[i], []byte{1, byte(i)}).elements(len(proof))
		for j := range proof {
			proof[j] = mod(new(big.Int).Sub(proof[j], helper[j]))
		}
	}
	inputs = [][]byte{slices.Concat(encodeElements(leader), encodeElements(proof), blinds[0])}
	for i := 1; i < n; i++ {
		inputs = append(inputs, slices.Concat(shares[i], blinds[i]))
	}
	return public, inputs
}

// prove evaluates the range check of the draft, section 7.4.3: in call k, the sum over j of r_k^(j+1) m (m - 1).
func (o owner) prove(meas, seeds, joint []*big.Int, forge bool) []*big.Int {
	calls, one := len(joint), big.NewInt(1)
	size := 1 << bits.Len(uint(calls))
	wires := make([][]*big.Int, len(seeds))
	for i := range wires {
		wires[i] = make([]*big.Int, size)
		for k := range wires[i] {
			wires[i][k] = new(big.Int)
		}
		wires[i][0] = seeds[i]
	}
	for k, r := range joint {
		power := big.NewInt(1)
		for j := range o.params.Chunk {
			m := new(big.Int)
			if at := k*o.params.Chunk + j; at < len(meas) {
				m = meas[at]
			}
			power = mod(new(big.Int).Mul(power, r))
			wires[2*j][k+1] = mod(new(big.Int).Mul(power, m))
			wires[2*j+1][k+1] = mod(new(big.Int).Sub(m, one))
		}
	}
	order := new(big.Int).Lsh(one, uint(66-bits.Len(uint(size-1))))
	root := new(big.Int).Exp(generator, order, modulus)
	inverse, invSize := new(big.Int).ModInverse(root, modulus), new(big.Int).ModInverse(big.NewInt(int64(size)), modulus)
	polys := make([][]*big.Int, len(wires))
	for i, wire := range wires {
		polys[i] = make([]*big.Int, size)
		for c := range polys[i] {
			point := new(big.Int).Exp(inverse, big.NewInt(int64(c)), modulus)
			polys[i][c] = mod(new(big.Int).Mul(evaluate(wire, point), invSize))
		}
	}
	gadget := make([]*big.Int, 2*size-1)
	for i := range gadget {
		gadget[i] = new(big.Int)
	}
	for j := 0; j < len(polys); j += 2 {
		for a, x := range polys[j] {
			for b, y := range polys[j+1] {
				gadget[a+b] = mod(new(big.Int).Add(gadget[a+b], new(big.Int).Mul(x, y)))
			}
		}
	}
	if forge {
		output := new(big.Int)
		for k := range calls {
			output.Add(output, evaluate(gadget, new(big.Int).Exp(root, big.NewInt(int64(k+1)), modulus)))
		}
		share := new(big.Int).Mul(output, new(big.Int).ModInverse(big.NewInt(int64(calls)), modulus))
		gadget[0] = mod(new(big.Int).Sub(gadget[0], share))
	}
	return append(slices.Clone(seeds), gadget...)
}

func evaluate(coefficients []*big.Int, x *big.Int) *big.Int {
	out := new(big.Int)
	for i := len(coefficients) - 1; i >= 0; i-- {
		out = mod(out.Add(out.Mul(out, x), coefficients[i]))
	}
	return out
}

func elements(values ...int64) []*big.Int {
	out := make([]*big.Int, len(values))
	for i, v := range values {
		out[i] = mod(big.NewInt(v))
	}
	return out
}

func TestCheatingOwner(t *testing.T) {
	oneHot, err := prio3.NewOneHot(3, 5)
	require.NoError(t, err)
	sumvec, err := prio3.NewSumVec(2, 2, 3)
	require.NoError(t, err)
	seeds := make([]byte, 2*3*32)
	for i := range seeds {
		seeds[i] = byte(i)
	}
	for _, tc := range []struct {
		name   string
		params prio3.Params
		meas   []*big.Int
		honest []uint64
	}{
		{"honest one-hot", oneHot, elements(0, 0, 1, 0, 0), []uint64{0, 0, 1, 0, 0}},
		{"two-hot", oneHot, elements(1, 1, 0, 0, 0), nil},
		{"none hot", oneHot, elements(0, 0, 0, 0, 0), nil},
		{"counted twice", oneHot, elements(0, 2, 0, 0, 0), nil},
		{"stolen from another bin", oneHot, elements(0, 2, 0, -1, 0), nil},
		{"three hot, one taken away", oneHot, elements(1, 1, 0, -1, 0), nil},
		{"honest vector", sumvec, elements(1, 0, 1, 1, 1, 1), []uint64{5, 7}},
		{"a bit of 2", sumvec, elements(1, 0, 2, 1, 1, 1), nil},
		{"a bit of -1", sumvec, elements(-1, 0, 0, 0, 0, 0), nil},
		{"a large bit", sumvec, elements(0, 0, 1<<40, 0, 0, 0), nil},
		{"two bits that cancel", sumvec, elements(2, -1, 0, 0, 0, 0), nil},
	} {
		for _, forge := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/forged=%v", tc.name, forge), func(t *testing.T) {
				p := tc.params
				o := owner{params: p, context: testBinding.Context(), nonce: []byte("sixteen bytes ok")}
				v, err := prio3.NewWithNonce(p, o.context, [16]byte(o.nonce))
				require.NoError(t, err)
				random := seeds[:2*p.Shares*32]
				public, inputs := o.shard(tc.meas, random, forge)

				states, prepared := make([]*prio3.State, p.Shares), make([][]byte, p.Shares)
				for i := range prepared {
					states[i], prepared[i], err = v.Prepare(testKey, i, public, inputs[i])
					require.NoError(t, err, "the shares belong together")
				}
				outputs, err := finish(v, public, states, prepared)
				if tc.honest == nil {
					require.ErrorIs(t, err, prio3.ErrInvalid)
					var fault *prio3.SeatError
					require.False(t, errors.As(err, &fault), "no seat is to blame")
					return
				}
				require.NoError(t, err)
				shares, err := v.Shard(bytes.NewReader(random), tc.honest)
				require.NoError(t, err)
				require.Equal(t, public, shares.Public)
				require.Equal(t, inputs, shares.Inputs)
				require.Equal(t, outputs, shares.Outputs)
			})
		}
	}
}

// TestSharerAmongTheSeats is a limit of the proofs: they hold against owners and not against an owner and a seat who work together, and whoever
// shares a vector and judges it as a seat is both. It knows what the others will say once the key is out, and says what makes the sum of all
// preparation shares one of a valid vector. Nothing that anybody else sees contradicts that. So the noise of seats has proofs of another kind.
func TestSharerAmongTheSeats(t *testing.T) {
	p, err := prio3.NewSumVec(2, 2, 3)
	require.NoError(t, err)
	o := owner{params: p, context: testBinding.Context(), nonce: []byte("sixteen bytes ok")}
	v, err := prio3.NewWithNonce(p, o.context, [16]byte(o.nonce))
	require.NoError(t, err)
	const moved = 1_000_000
	public, inputs := o.shard(elements(moved, 0, 0, 0, 0, 0), make([]byte, 2*2*32), false)
	states, prepared := make([]*prio3.State, 2), make([][]byte, 2)
	for i := range prepared {
		states[i], prepared[i], err = v.Prepare(testKey, i, public, inputs[i])
		require.NoError(t, err)
	}
	_, err = v.Combine(public, prepared)
	require.ErrorIs(t, err, prio3.ErrInvalid, "judged by honest seats it is found out")
	// The verifier of a vector of zeros with a proof of zeros is zero everywhere.
	for at := 0; at < len(prepared[1])-32; at += 16 {
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
	require.EqualValues(t, moved, new(big.Int).SetBytes(sum[:16]).Uint64(), "of a slot from 0 to 7")
}

// Additive shares add up to the vector, all but one of them say nothing of its size, and a seat's share follows from what it was given.
func TestAdditiveShares(t *testing.T) {
	p, err := prio3.NewSumVec(4, 3, 63)
	require.NoError(t, err)
	vector := []uint64{0, 1<<63 - 1, 77}
	inputs, outputs, err := prio3.Split(stream(4), []byte("context"), 4, vector)
	require.NoError(t, err)
	for seat, in := range inputs {
		require.Len(t, in, prio3.AdditiveSize(seat, 3))
		out, err := prio3.Additive([]byte("context"), seat, 3, in)
		require.NoError(t, err)
		require.Equal(t, outputs[seat], out)
		if seat > 0 {
			other, err := prio3.Additive([]byte("another"), seat, 3, in)
			require.NoError(t, err)
			require.NotEqual(t, out, other)
		}
		_, err = prio3.Additive([]byte("context"), seat, 3, in[1:])
		require.ErrorIs(t, err, prio3.ErrMalformed)
	}
	got, err := prio3.Unshard(p, outputs, 1)
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(vector), fmt.Sprint(got))
	_, err = prio3.Additive(nil, 0, 1, bytes.Repeat([]byte{0xff}, 16))
	require.ErrorIs(t, err, prio3.ErrMalformed)
	for _, seats := range []int{1, 9} {
		_, _, err = prio3.Split(stream(4), nil, seats, vector)
		require.ErrorIs(t, err, prio3.ErrParams)
	}
	_, _, err = prio3.Split(stream(4), nil, 2, nil)
	require.ErrorIs(t, err, prio3.ErrParams)

	// What else is in a sum counts for its bounds.
	small, err := prio3.NewSumVec(2, 1, 3)
	require.NoError(t, err)
	share := make([]byte, 16)
	share[0] = 12
	_, err = prio3.Unshard(small, [][]byte{share, make([]byte, 16)}, 1)
	require.ErrorIs(t, err, prio3.ErrAggregate)
	_, err = prio3.UnshardWith(small, [][]byte{share, make([]byte, 16)}, 1, []*big.Int{big.NewInt(5)})
	require.NoError(t, err, "7 + 5")
	_, err = prio3.UnshardWith(small, [][]byte{share, make([]byte, 16)}, 1, []*big.Int{big.NewInt(4)})
	require.ErrorIs(t, err, prio3.ErrAggregate)
	_, err = prio3.UnshardWith(small, [][]byte{share, make([]byte, 16)}, 1, []*big.Int{})
	require.ErrorIs(t, err, prio3.ErrParams)
}
