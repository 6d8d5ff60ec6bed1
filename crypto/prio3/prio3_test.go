package prio3_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/prio3"
)

// messageSize is the length of the message that Combine returns: a seed.
const messageSize = 32

// stream is a stream of uniform bytes that is the same for the same seed.
func stream(seed uint64) *rand.ChaCha8 {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.NewChaCha8(key)
}

// drawStream is a stream whose seed stands in rapid's report of a failure.
func drawStream(t *rapid.T) *rand.ChaCha8 { return stream(rapid.Uint64().Draw(t, "randomness")) }

func drawParams(t *rapid.T) prio3.Params {
	seats := rapid.IntRange(prio3.MinShares, prio3.MaxShares).Draw(t, "seats")
	var p prio3.Params
	var err error
	if rapid.Bool().Draw(t, "one-hot") {
		p, err = prio3.NewOneHot(seats, rapid.IntRange(1, 40).Draw(t, "length"))
	} else {
		p, err = prio3.NewSumVec(seats, rapid.IntRange(1, 12).Draw(t, "length"), rapid.IntRange(1, prio3.MaxBits).Draw(t, "bits"))
	}
	require.NoError(t, err)
	if rapid.Bool().Draw(t, "other chunk") {
		elements := p.Length * max(p.Bits, 1)
		p.Chunk = rapid.IntRange(1, elements).Draw(t, "chunk")
	}
	return p
}

func drawVector(t *rapid.T, p prio3.Params) []uint64 {
	out := make([]uint64, p.Length)
	if p.Kind == prio3.OneHot {
		out[rapid.IntRange(0, p.Length-1).Draw(t, "bin")] = 1
		return out
	}
	for i := range out {
		out[i] = rapid.OneOf(rapid.Uint64Range(0, p.LargestSlot()), rapid.Just(p.LargestSlot())).Draw(t, "slot")
	}
	return out
}

// contributionSize is the length of the public share and of all input shares in bytes.
func contributionSize(p prio3.Params) int {
	return p.PublicShareSize() + p.InputShareSize(0) + (p.Shares-1)*p.InputShareSize(1)
}

var testKey = [prio3.KeySize]byte{1, 2, 3}

// run plays the seats and the chain for one contribution.
func run(v *prio3.Instance, public []byte, inputs [][]byte) ([][]byte, error) {
	states, prepared := make([]*prio3.State, len(inputs)), make([][]byte, len(inputs))
	for i := range inputs {
		var err error
		if states[i], prepared[i], err = v.Prepare(testKey, i, public, inputs[i]); err != nil {
			return nil, err
		}
	}
	return finish(v, public, states, prepared)
}

// errSplit must never happen: the chain accepts, and a seat that has kept to the protocol does not.
var errSplit = errors.New("combined, but a seat refuses the message")

func finish(v *prio3.Instance, public []byte, states []*prio3.State, prepared [][]byte) ([][]byte, error) {
	m, err := v.Combine(public, prepared)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(states))
	for i, state := range states {
		if out[i], err = state.Next(m); err != nil {
			return nil, fmt.Errorf("%w: %w", errSplit, err)
		}
	}
	return out, nil
}

// The sum is exact for every kind, number of seats, number of owners and order; and the sizes are as documented.
func TestExactSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawParams(t)
		owners := rapid.IntRange(0, 4).Draw(t, "owners")
		want, sums := make([]*big.Int, p.Length), make([][]byte, p.Shares)
		for i := range want {
			want[i] = new(big.Int)
		}
		for i := range sums {
			var err error
			sums[i], err = prio3.Add(p)
			require.NoError(t, err)
		}
		for owner := range owners {
			b := testBinding
			b.Owner = []byte{byte(owner)}
			v, err := prio3.New(p, b.Context())
			require.NoError(t, err)
			require.Equal(t, p, v.Params())
			vector := drawVector(t, p)
			shares, err := v.Shard(drawStream(t), vector)
			require.NoError(t, err)
			total := len(shares.Public)
			for i, in := range shares.Inputs {
				require.Len(t, in, p.InputShareSize(i))
				total += len(in)
			}
			require.Equal(t, contributionSize(p), total)
			outputs, err := run(v, shares.Public, shares.Inputs)
			require.NoError(t, err)
			require.Equal(t, shares.Outputs, outputs)
			for i, out := range outputs {
				sums[i], err = prio3.Add(p, out, sums[i])
				require.NoError(t, err)
			}
			for i, x := range vector {
				want[i].Add(want[i], new(big.Int).SetUint64(x))
			}
		}
		got, err := prio3.Unshard(p, sums, uint64(owners))
		require.NoError(t, err)
		for i := range want {
			require.Zero(t, want[i].Cmp(got[i]), "slot %d: %v, expected %v", i, got[i], want[i])
		}
	})
}

// One changed bit in what the owner sends is refused, wherever it is.
func TestChangedContributionIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawParams(t)
		v, err := prio3.New(p, testBinding.Context())
		require.NoError(t, err)
		shares, err := v.Shard(drawStream(t), drawVector(t, p))
		require.NoError(t, err)
		parts := append([][]byte{shares.Public}, shares.Inputs...)
		part := parts[rapid.IntRange(0, len(parts)-1).Draw(t, "part")]
		part[rapid.IntRange(0, len(part)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		_, err = run(v, shares.Public, shares.Inputs)
		require.True(t, errors.Is(err, prio3.ErrInvalid) || errors.Is(err, prio3.ErrMalformed), "%v", err)
		require.NotErrorIs(t, err, errSplit)
	})
}

// One changed bit in what a seat publishes is refused; and the seat is named unless the bit is in the verifier.
func TestChangedPreparationIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawParams(t)
		v, err := prio3.New(p, testBinding.Context())
		require.NoError(t, err)
		shares, err := v.Shard(drawStream(t), drawVector(t, p))
		require.NoError(t, err)
		states, prepared := make([]*prio3.State, p.Shares), make([][]byte, p.Shares)
		for i := range prepared {
			states[i], prepared[i], err = v.Prepare(testKey, i, shares.Public, shares.Inputs[i])
			require.NoError(t, err)
		}
		_, err = finish(v, shares.Public, states, prepared)
		require.NoError(t, err)
		seat := rapid.IntRange(0, p.Shares-1).Draw(t, "seat")
		at := rapid.IntRange(0, p.PrepareShareSize()-1).Draw(t, "byte")
		prepared[seat][at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		_, err = finish(v, shares.Public, states, prepared)
		require.True(t, errors.Is(err, prio3.ErrInvalid) || errors.Is(err, prio3.ErrMalformed), "%v", err)
		require.NotErrorIs(t, err, errSplit)
		var fault *prio3.SeatError
		if errors.As(err, &fault) {
			require.Equal(t, seat, fault.Seat)
			require.ErrorIs(t, fault, prio3.ErrMalformed)
		}
		if at >= p.PrepareShareSize()-32 {
			require.NotNil(t, fault)
		}
	})
}

// A seat that receives another message than its own refuses it.
func TestOtherMessage(t *testing.T) {
	p, err := prio3.NewOneHot(2, 8)
	require.NoError(t, err)
	v := newInstance(t, p)
	shares, err := v.Shard(stream(1), benchVector(p))
	require.NoError(t, err)
	state, _, err := v.Prepare(testKey, 0, shares.Public, shares.Inputs[0])
	require.NoError(t, err)
	_, err = state.Next(make([]byte, messageSize))
	require.ErrorIs(t, err, prio3.ErrInvalid)
	_, err = state.Next(nil)
	require.ErrorIs(t, err, prio3.ErrMalformed)
}

// Shares are bound to every field of the binding, to their seat, and to each other.
func TestReplayIsRefused(t *testing.T) {
	others := map[string]func(*prio3.Binding){
		"chain":   func(b *prio3.Binding) { b.ChainID = "alita-2" },
		"job":     func(b *prio3.Binding) { b.JobID = "00" + b.JobID[2:] },
		"round":   func(b *prio3.Binding) { b.Round++ },
		"attempt": func(b *prio3.Binding) { b.Attempt++ },
		"owner":   func(b *prio3.Binding) { b.Owner = []byte("another one's address") },
		"record":  func(b *prio3.Binding) { b.RecordID = "ff" + b.RecordID[2:] },
		"version": func(b *prio3.Binding) { b.RecordVersion = "1.2.1" },
	}
	for _, p := range onePerKind(t) {
		v := newInstance(t, p)
		shares, err := v.Shard(stream(1), benchVector(p))
		require.NoError(t, err)
		_, err = run(v, shares.Public, shares.Inputs)
		require.NoError(t, err)
		for name, change := range others {
			t.Run(fmt.Sprintf("%s/%s", p.Kind, name), func(t *testing.T) {
				b := testBinding
				change(&b)
				require.NotEqual(t, testBinding.Context(), b.Context())
				other, err := prio3.New(p, b.Context())
				require.NoError(t, err)
				_, err = run(other, shares.Public, shares.Inputs)
				require.ErrorIs(t, err, prio3.ErrInvalid)
			})
		}
		t.Run(fmt.Sprintf("%s/seats exchanged", p.Kind), func(t *testing.T) {
			inputs := slices.Clone(shares.Inputs)
			inputs[1], inputs[2] = inputs[2], inputs[1]
			_, err := run(v, shares.Public, inputs)
			require.ErrorIs(t, err, prio3.ErrInvalid)
		})
		t.Run(fmt.Sprintf("%s/mixed", p.Kind), func(t *testing.T) {
			again, err := v.Shard(stream(2), benchVector(p))
			require.NoError(t, err)
			_, err = run(v, shares.Public, [][]byte{shares.Inputs[0], shares.Inputs[1], again.Inputs[2]})
			require.ErrorIs(t, err, prio3.ErrInvalid)
		})
	}
}

// Two bindings whose fields run into each other differ.
func TestBindingIsUnambiguous(t *testing.T) {
	a := prio3.Binding{ChainID: "ab", JobID: "c"}
	b := prio3.Binding{ChainID: "a", JobID: "bc"}
	require.NotEqual(t, a.Context(), b.Context())
	require.Len(t, a.Context(), 32)
}

// onePerKind returns small parameters of each kind, for three seats.
func onePerKind(t testing.TB) []prio3.Params {
	t.Helper()
	sumvec, err := prio3.NewSumVec(3, 5, 9)
	require.NoError(t, err)
	oneHot, err := prio3.NewOneHot(3, 7)
	require.NoError(t, err)
	return []prio3.Params{sumvec, oneHot}
}

func TestVectorsThatDoNotFit(t *testing.T) {
	params := onePerKind(t)
	for _, tc := range []struct {
		kind   int
		vector []uint64
		want   string
	}{
		{0, nil, "slots: expected 5, got 0"},
		{0, []uint64{1, 2, 3, 4}, "slots: expected 5, got 4"},
		{0, []uint64{1, 2, 3, 512, 5}, "slot 3: expected at most 511"},
		{1, []uint64{0, 0, 0, 0, 0, 0, 0}, "slots: expected exactly one of 1 and the others 0"},
		{1, []uint64{1, 0, 0, 0, 0, 0, 1}, "slots: expected exactly one of 1 and the others 0"},
		{1, []uint64{2, 0, 0, 0, 0, 0, 0}, "slot 0: expected at most 1"},
	} {
		_, err := newInstance(t, params[tc.kind]).Shard(stream(1), tc.vector)
		require.ErrorIs(t, err, prio3.ErrVector)
		require.ErrorContains(t, err, tc.want)
	}
	_, err := newInstance(t, params[0]).Shard(iotest.ErrReader(errors.New("no entropy")), make([]uint64, 5))
	require.ErrorContains(t, err, "no entropy")
}

func TestParams(t *testing.T) {
	good := prio3.Params{Kind: prio3.SumVec, Shares: 3, Length: 4, Bits: 8, Chunk: 5}
	require.NoError(t, good.Validate())
	hot := prio3.Params{Kind: prio3.OneHot, Shares: 2, Length: 4, Chunk: 2}
	require.NoError(t, hot.Validate())
	for name, p := range map[string]prio3.Params{
		"zero":            {},
		"kind count":      with(good, func(p *prio3.Params) { p.Kind = 1 }),
		"kind sum":        with(good, func(p *prio3.Params) { p.Kind = 2 }),
		"kind":            with(good, func(p *prio3.Params) { p.Kind = 5 }),
		"one share":       with(good, func(p *prio3.Params) { p.Shares = 1 }),
		"nine shares":     with(good, func(p *prio3.Params) { p.Shares = 9 }),
		"no length":       with(good, func(p *prio3.Params) { p.Length = 0 }),
		"negative":        with(good, func(p *prio3.Params) { p.Length = -1 }),
		"no bits":         with(good, func(p *prio3.Params) { p.Bits = 0 }),
		"64 bits":         with(good, func(p *prio3.Params) { p.Bits = 64 }),
		"elements":        with(good, func(p *prio3.Params) { p.Length, p.Bits = prio3.MaxElements/8+1, 8 }),
		"no chunk":        with(good, func(p *prio3.Params) { p.Chunk = 0 }),
		"large chunk":     with(good, func(p *prio3.Params) { p.Chunk = 33 }),
		"bits of one-hot": with(hot, func(p *prio3.Params) { p.Bits = 1 }),
		"large one-hot":   with(hot, func(p *prio3.Params) { p.Length = prio3.MaxElements + 1 }),
	} {
		require.ErrorIs(t, p.Validate(), prio3.ErrParams, name)
		_, err := prio3.New(p, []byte("context"))
		require.ErrorIs(t, err, prio3.ErrParams, name)
		_, err = prio3.Add(p)
		require.ErrorIs(t, err, prio3.ErrParams, name)
		_, err = prio3.Unshard(p, nil, 0)
		require.ErrorIs(t, err, prio3.ErrParams, name)
	}
	for _, bad := range [][3]int{{3, 0, 8}, {3, 1 << 40, 8}, {3, 4, 0}, {3, 4, 1 << 40}, {0, 4, 8}, {9, 4, 8}} {
		_, err := prio3.NewSumVec(bad[0], bad[1], bad[2])
		require.ErrorIs(t, err, prio3.ErrParams)
	}
	for _, context := range [][]byte{nil, make([]byte, 1025)} {
		_, err := prio3.New(good, context)
		require.ErrorIs(t, err, prio3.ErrContext)
	}
	require.Equal(t, "sumvec one-hot kind 9", fmt.Sprint(prio3.SumVec, prio3.OneHot, prio3.Kind(9)))
}

func with(p prio3.Params, change func(*prio3.Params)) prio3.Params {
	change(&p)
	return p
}

// The chunk length is the cheapest one of all.
func TestChunkLength(t *testing.T) {
	cost := func(elements, chunk, shares int) int {
		p := prio3.Params{Kind: prio3.OneHot, Shares: shares, Length: elements, Chunk: chunk}
		require.NoError(t, p.Validate())
		return contributionSize(p) + shares*p.PrepareShareSize()
	}
	for shares := prio3.MinShares; shares <= prio3.MaxShares; shares += 3 {
		for elements := 1; elements <= 300; elements++ {
			best := 1
			for chunk := 1; chunk <= elements; chunk++ {
				if cost(elements, chunk, shares) < cost(elements, best, shares) {
					best = chunk
				}
			}
			chosen := prio3.ChunkLength(elements, shares)
			require.Equal(t, cost(elements, best, shares), cost(elements, chosen, shares), "%d elements, %d shares: %d or %d", elements, shares, best, chosen)
		}
	}
	require.Equal(t, 17, prio3.ChunkLength(1024, 3))
}

// The sizes that README.md states, for three seats.
func TestSizes(t *testing.T) {
	for _, tc := range []struct {
		length, bits                                               int // no bits: one-hot
		chunk, first, other, public, prepare, output, contribution int
	}{
		{64, 0, 5, 1712, 64, 96, 224, 1024, 1936},
		{1024, 0, 17, 18992, 64, 96, 608, 16384, 19216},
		{64, 16, 17, 18992, 64, 96, 608, 1024, 19216},
		{256, 16, 33, 70704, 64, 96, 1120, 4096, 70928},
		{1024, 16, 65, 272432, 64, 96, 2144, 16384, 272656},
	} {
		p, err := prio3.NewOneHot(3, tc.length)
		if tc.bits > 0 {
			p, err = prio3.NewSumVec(3, tc.length, tc.bits)
		}
		require.NoError(t, err)
		require.Equal(t, tc.chunk, p.Chunk)
		require.Equal(t, tc.first, p.InputShareSize(0))
		require.Equal(t, tc.other, p.InputShareSize(1))
		require.Equal(t, tc.public, p.PublicShareSize())
		require.Equal(t, tc.prepare, p.PrepareShareSize())
		require.Equal(t, tc.output, p.OutputShareSize())
		require.Equal(t, tc.contribution, contributionSize(p))
	}
}

func TestUnshardRefuses(t *testing.T) {
	p, err := prio3.NewOneHot(2, 3)
	require.NoError(t, err)
	share := func(values ...byte) []byte {
		out := make([]byte, p.OutputShareSize())
		for i, x := range values {
			out[16*i] = x
		}
		return out
	}
	got, err := prio3.Unshard(p, [][]byte{share(1, 2, 0), share(0, 0, 2)}, 5)
	require.NoError(t, err)
	require.Equal(t, "[1 2 2]", fmt.Sprint(got))
	tooLarge := bytes.Repeat([]byte{0xff}, p.OutputShareSize())
	for name, tc := range map[string]struct {
		shares [][]byte
		count  uint64
		want   error
	}{
		"one share":     {[][]byte{share()}, 0, prio3.ErrAggregate},
		"three shares":  {[][]byte{share(), share(), share()}, 0, prio3.ErrAggregate},
		"slot":          {[][]byte{share(6), share()}, 5, prio3.ErrAggregate},
		"total":         {[][]byte{share(1), share(1)}, 3, prio3.ErrAggregate},
		"short":         {[][]byte{share()[1:], share()}, 0, prio3.ErrMalformed},
		"not canonical": {[][]byte{share(), tooLarge}, 0, prio3.ErrMalformed},
		"count":         {[][]byte{share(), share()}, prio3.MaxContributions + 1, prio3.ErrAggregate},
	} {
		_, err := prio3.Unshard(p, tc.shares, tc.count)
		require.ErrorIs(t, err, tc.want, name)
	}
}

func TestSeatsAndLengths(t *testing.T) {
	p := onePerKind(t)[1]
	v := newInstance(t, p)
	shares, err := v.Shard(stream(1), benchVector(p))
	require.NoError(t, err)
	for _, seat := range []int{-1, 3, 256} {
		_, _, err := v.Prepare(testKey, seat, shares.Public, shares.Inputs[1])
		require.ErrorIs(t, err, prio3.ErrSeat)
	}
	_, _, err = v.Prepare(testKey, 0, shares.Public, shares.Inputs[1])
	require.ErrorIs(t, err, prio3.ErrMalformed)
	_, _, err = v.Prepare(testKey, 1, shares.Public[1:], shares.Inputs[1])
	require.ErrorIs(t, err, prio3.ErrMalformed)
	_, err = v.Combine(shares.Public, nil)
	require.ErrorIs(t, err, prio3.ErrMalformed)
	_, err = v.Combine(nil, make([][]byte, 3))
	require.ErrorIs(t, err, prio3.ErrMalformed)
	_, err = v.Combine(shares.Public, make([][]byte, 3))
	var fault *prio3.SeatError
	require.ErrorAs(t, err, &fault)
	require.Zero(t, fault.Seat)
}

func TestSecretsDoNotPrint(t *testing.T) {
	p := onePerKind(t)[0]
	v := newInstance(t, p)
	shares, err := v.Shard(stream(1), benchVector(p))
	require.NoError(t, err)
	state, _, err := v.Prepare(testKey, 0, shares.Public, shares.Inputs[0])
	require.NoError(t, err)
	require.Equal(t, "(secret) (secret) (secret)", fmt.Sprintf("%v %+v %#v", shares, state, shares))
}

// What all seats but one see together of a fixed vector is uniform: chi-square over the low bytes of their summed output shares,
// whichever seat is left out. The bound is the 1 - 10^-9 quantile for 255 degrees of freedom.
func TestSharesAreUniform(t *testing.T) {
	p, err := prio3.NewSumVec(3, 64, 1)
	require.NoError(t, err)
	v := newInstance(t, p)
	for missing := range p.Shares {
		var buckets [256]int
		const runs = 200
		seed := uint64(missing)
		random := stream(seed)
		for range runs {
			shares, err := v.Shard(random, make([]uint64, p.Length))
			require.NoError(t, err)
			sum, err := prio3.Add(p, slices.Delete(slices.Clone(shares.Outputs), missing, missing+1)...)
			require.NoError(t, err)
			for i := 0; i < len(sum); i += prio3.ElementSize {
				buckets[sum[i]]++
			}
		}
		expected, chi := float64(runs*p.Length)/256, 0.0
		for _, n := range buckets {
			chi += (float64(n) - expected) * (float64(n) - expected) / expected
		}
		require.Less(t, chi, 407.0, "without seat %d, seed %d", missing, seed)
	}
}

// Every message of a stranger gets an answer and no panic.
func FuzzPrepare(f *testing.F) {
	params := onePerKind(f)
	for i, p := range params {
		shares, err := newInstance(f, p).Shard(stream(1), benchVector(p))
		require.NoError(f, err)
		for seat, input := range shares.Inputs {
			f.Add(uint8(i), seat, shares.Public, input)
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, seat int, public, input []byte) {
		p := params[int(kind)%len(params)]
		state, share, err := newInstance(t, p).Prepare(testKey, seat, public, input)
		if err == nil {
			require.Len(t, share, p.PrepareShareSize())
			require.Len(t, state.Unverified(), p.OutputShareSize())
			return
		}
		require.True(t, errors.Is(err, prio3.ErrSeat) || errors.Is(err, prio3.ErrMalformed) || errors.Is(err, prio3.ErrInvalid), "%v", err)
	})
}

func FuzzCombine(f *testing.F) {
	params := onePerKind(f)
	for i, p := range params {
		v := newInstance(f, p)
		shares, err := v.Shard(stream(1), benchVector(p))
		require.NoError(f, err)
		prepared := make([][]byte, p.Shares)
		for seat := range prepared {
			_, prepared[seat], err = v.Prepare(testKey, seat, shares.Public, shares.Inputs[seat])
			require.NoError(f, err)
		}
		f.Add(uint8(i), shares.Public, prepared[0], prepared[1], prepared[2])
	}
	f.Fuzz(func(t *testing.T, kind uint8, public, a, b, c []byte) {
		p := params[int(kind)%len(params)]
		m, err := newInstance(t, p).Combine(public, [][]byte{a, b, c})
		if err == nil {
			require.Len(t, m, messageSize)
			return
		}
		require.True(t, errors.Is(err, prio3.ErrMalformed) || errors.Is(err, prio3.ErrInvalid), "%v", err)
	})
}

func FuzzUnshard(f *testing.F) {
	params := onePerKind(f)
	for i, p := range params {
		f.Add(uint8(i), uint64(1), make([]byte, p.OutputShareSize()), make([]byte, p.OutputShareSize()), make([]byte, p.OutputShareSize()))
	}
	f.Fuzz(func(t *testing.T, kind uint8, count uint64, a, b, c []byte) {
		p := params[int(kind)%len(params)]
		got, err := prio3.Unshard(p, [][]byte{a, b, c}, count)
		if err == nil {
			require.Len(t, got, p.Length)
			return
		}
		require.True(t, errors.Is(err, prio3.ErrMalformed) || errors.Is(err, prio3.ErrAggregate), "%v", err)
	})
}
