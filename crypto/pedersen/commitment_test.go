package pedersen_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/cloudflare/circl/group"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/pedersen"
)

var update = flag.Bool("update", false, "make new test vectors; commitments on chains must stay what they are, so think first")

// modulus is the order of the field of the shares, p.
var modulus = bigOf("340282366920938462946865773367900766209")

func bigOf(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		panic(s)
	}
	return n
}

// littleEndian encodes n in size bytes.
func littleEndian(n *big.Int, size int) []byte {
	b := n.FillBytes(make([]byte, size))
	slices.Reverse(b)
	return b
}

func bigLE(b []byte) *big.Int {
	b = slices.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

func encodeShare(values ...*big.Int) []byte {
	var out []byte
	for _, v := range values {
		out = append(out, littleEndian(v, pedersen.ElementSize)...)
	}
	return out
}

// drawElement draws a field element, often one at the edges.
func drawElement(t *rapid.T) *big.Int {
	switch rapid.IntRange(0, 5).Draw(t, "edge") {
	case 0:
		return new(big.Int)
	case 1:
		return new(big.Int).Sub(modulus, big.NewInt(1))
	default:
		n := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 24, 24).Draw(t, "element"))
		return n.Mod(n, modulus)
	}
}

func drawShare(t *rapid.T, s *pedersen.Scheme) []byte {
	values := make([]*big.Int, s.Length())
	for i := range values {
		values[i] = drawElement(t)
	}
	return encodeShare(values...)
}

func drawBlinding(t *rapid.T) pedersen.Blinding {
	r, err := pedersen.NewBlinding(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 64, 64).Draw(t, "blinding")))
	require.NoError(t, err)
	return r
}

func drawScheme(t *rapid.T) *pedersen.Scheme {
	s, err := pedersen.New(rapid.IntRange(1, 6).Draw(t, "length"))
	require.NoError(t, err)
	return s
}

func element(t require.TestingT, enc [32]byte) group.Element {
	e := group.Ristretto255.NewElement()
	require.NoError(t, e.UnmarshalBinary(enc[:]))
	return e
}

// The formula of the package comment, with another library's group.
func TestCommitOfAnotherLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScheme(t)
		share, r := drawShare(t, s), drawBlinding(t)
		want := group.Ristretto255.NewElement()
		addTerm := func(generator [32]byte, n *big.Int) {
			e := element(t, generator)
			want.Add(want, e.Mul(e, group.Ristretto255.NewScalar().SetBigInt(n)))
		}
		const size = pedersen.ElementSize
		for j := range s.Length() {
			addTerm(pedersen.Generator(uint32(j)), bigLE(share[j*size:(j+1)*size]))
		}
		addTerm(pedersen.BlindingGenerator(), bigLE(r.Bytes()))
		addTerm(pedersen.LengthGenerator(), big.NewInt(int64(s.Length())))
		enc, err := want.MarshalBinary()
		require.NoError(t, err)
		got, err := s.Commit(share, r)
		require.NoError(t, err)
		require.Equal(t, enc, got[:])
		require.NoError(t, s.Check(got, share, r))
	})
}

// The sum of commitments opens to the sum of the shares modulo p, and to nothing else.
func TestSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScheme(t)
		p, size := modulus, pedersen.ElementSize
		n := rapid.IntRange(0, 5).Draw(t, "shares")
		want := make([]*big.Int, s.Length())
		for j := range want {
			want[j] = new(big.Int)
		}
		sum, commitments := s.NewSum(), make([]pedersen.Commitment, n)
		for i := range commitments {
			share, r := drawShare(t, s), drawBlinding(t)
			var err error
			commitments[i], err = s.Commit(share, r)
			require.NoError(t, err)
			require.NoError(t, sum.Add(share, r))
			for j := range want {
				want[j].Add(want[j], bigLE(share[j*size:(j+1)*size]))
			}
		}
		total, err := pedersen.Add(commitments...)
		require.NoError(t, err)
		for j := range want {
			want[j].Mod(want[j], p)
		}
		require.Equal(t, uint64(n), sum.Count())
		opening := sum.Opening()
		require.Len(t, opening, s.OpeningSize())
		got, err := s.Verify(total, uint64(n), opening)
		require.NoError(t, err)
		require.Equal(t, encodeShare(want...), got)

		refused := func(err error, why string) {
			require.Error(t, err, why)
			require.True(t, errors.Is(err, pedersen.ErrMismatch) || errors.Is(err, pedersen.ErrOpening), "%s: %v", why, err)
		}
		// Any other byte anywhere.
		changed := slices.Clone(opening)
		changed[rapid.IntRange(0, len(changed)-1).Draw(t, "position")] ^= rapid.ByteRange(1, 255).Draw(t, "flip")
		_, err = s.Verify(total, uint64(n), changed)
		refused(err, "changed")
		// The same sum modulo p, one p more or less: as long as it is within the bound, the commitment refuses it.
		slot, width := rapid.IntRange(0, s.Length()-1).Draw(t, "slot"), pedersen.SumSize
		value := bigLE(opening[slot*width : (slot+1)*width])
		for _, other := range []*big.Int{new(big.Int).Add(value, p), new(big.Int).Sub(value, p)} {
			if other.Sign() < 0 {
				continue
			}
			shifted := slices.Clone(opening)
			copy(shifted[slot*width:], littleEndian(other, width))
			_, err = s.Verify(total, uint64(n), shifted)
			refused(err, "another representative")
		}
		// Another number of shares, fewer or more.
		_, err = s.Verify(total, uint64(n)+1, opening)
		refused(err, "count")
		if n > 0 {
			_, err = s.Verify(total, uint64(n)-1, opening)
			refused(err, "count")
			_, err = s.Verify(commitments[0], uint64(n)+1, opening)
			refused(err, "commitment")
		}
	})
}

// The positions of a vector and its length are part of what is committed.
func TestPositionAndLength(t *testing.T) {
	r := newBlinding(t)
	two, three := newScheme(t, 2), newScheme(t, 3)
	a, b, zero := big.NewInt(5), big.NewInt(6), new(big.Int)
	c, err := two.Commit(encodeShare(a, b), r)
	require.NoError(t, err)
	require.ErrorIs(t, two.Check(c, encodeShare(b, a), r), pedersen.ErrMismatch)
	require.ErrorIs(t, three.Check(c, encodeShare(a, b, zero), r), pedersen.ErrMismatch)
	require.ErrorIs(t, two.Check(c, encodeShare(a, b), newBlinding(t)), pedersen.ErrMismatch)
	require.ErrorIs(t, two.Check(pedersen.Commitment{}, encodeShare(a, b), r), pedersen.ErrMismatch)
	require.ErrorIs(t, two.Check(c, encodeShare(a, b, zero), r), pedersen.ErrShare)
	require.NoError(t, two.Check(c, encodeShare(a, b), r))
}

// The largest sum there is: MaxCount shares of p - 1 everywhere. One more unit or one more share is refused.
func TestLargestSum(t *testing.T) {
	s := newScheme(t, 3)
	top := new(big.Int).Sub(modulus, big.NewInt(1))
	r := newBlinding(t)
	c, err := s.Commit(encodeShare(top, top, top), r)
	require.NoError(t, err)
	n := big.NewInt(pedersen.MaxCount)
	times := group.Ristretto255.NewScalar().SetBigInt(n)
	e := element(t, c)
	enc, err := e.Mul(e, times).MarshalBinary()
	require.NoError(t, err)
	blinding := group.Ristretto255.NewScalar()
	require.NoError(t, blinding.UnmarshalBinary(r.Bytes()))
	rn, err := blinding.Mul(blinding, times).MarshalBinary()
	require.NoError(t, err)
	sum := new(big.Int).Mul(top, n)
	slot := littleEndian(sum, pedersen.SumSize)
	opening := slices.Concat(slot, slot, slot, rn)
	got, err := s.Verify(pedersen.Commitment(enc), pedersen.MaxCount, opening)
	require.NoError(t, err)
	want := new(big.Int).Mod(sum, modulus)
	require.Equal(t, encodeShare(want, want, want), got)

	more := slices.Concat(littleEndian(sum.Add(sum, big.NewInt(1)), pedersen.SumSize), slot, slot, rn)
	_, err = s.Verify(pedersen.Commitment(enc), pedersen.MaxCount, more)
	require.ErrorIs(t, err, pedersen.ErrOpening)
	_, err = s.Verify(pedersen.Commitment(enc), pedersen.MaxCount+1, opening)
	require.ErrorIs(t, err, pedersen.ErrCount)
}

// shares splits a vector, as an owner does.
func shares(t *rapid.T, s *pedersen.Scheme, secret []uint64, n int) [][]byte {
	out := make([][]byte, n)
	for _, v := range secret {
		rest := new(big.Int).SetUint64(v)
		for i := n - 1; i > 0; i-- {
			e := drawElement(t)
			rest.Sub(rest, e)
			out[i] = append(out[i], littleEndian(e, pedersen.ElementSize)...)
		}
		out[0] = append(out[0], littleEndian(rest.Mod(rest, modulus), pedersen.ElementSize)...)
	}
	return out
}

func TestCommitAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScheme(t)
		n, width := rapid.IntRange(2, 8).Draw(t, "shares"), rapid.IntRange(1, 63).Draw(t, "width")
		secret := make([]uint64, s.Length())
		for j := range secret {
			secret[j] = rapid.OneOf(rapid.Uint64Range(0, 1<<width-1), rapid.Just(uint64(1<<width-1))).Draw(t, "slot")
		}
		r := make([]pedersen.Blinding, n)
		for i := range r {
			r[i] = drawBlinding(t)
		}
		all := shares(t, s, secret, n)
		got, err := s.CommitAll(all, r, width)
		require.NoError(t, err)
		for i := range all {
			want, err := s.Commit(all[i], r[i])
			require.NoError(t, err)
			require.Equal(t, want, got[i], "share %d", i)
		}

		secret[rapid.IntRange(0, len(secret)-1).Draw(t, "large")] = 1 << width
		_, err = s.CommitAll(shares(t, s, secret, n), r, width)
		require.ErrorIs(t, err, pedersen.ErrShare)
	})
}

func TestCheckBatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScheme(t)
		batch := make([]pedersen.Opened, rapid.IntRange(0, 20).Draw(t, "size"))
		bad, most := []int{}, rapid.SampledFrom([]int{1, 7, 50}).Draw(t, "faults")
		for i := range batch {
			share, r := drawShare(t, s), drawBlinding(t)
			c, err := s.Commit(share, r)
			require.NoError(t, err)
			o := pedersen.Opened{Commitment: c, Share: share, Blinding: r}
			switch rapid.IntRange(0, most).Draw(t, "fault") {
			case 0:
				o.Share = append([]byte(nil), share...)
				o.Share[0] ^= 1
			case 1:
				o.Blinding = o.Blinding.Add(newOne())
			case 2:
				o.Commitment[31] ^= 1
			case 3:
				o.Share = share[1:]
			case 4:
				o.Commitment = pedersen.Commitment{}
			}
			if s.Check(o.Commitment, o.Share, o.Blinding) != nil {
				bad = append(bad, i)
			}
			batch[i] = o
		}
		got, err := s.CheckBatch(random, batch)
		require.NoError(t, err)
		require.Equal(t, bad, got)
	})
}

// counted counts what is read: 16 bytes for each element of a combination.
type counted struct{ bytes int }

func (c *counted) Read(p []byte) (int, error) {
	c.bytes += len(p)
	return random.Read(p)
}

// Of 16 elements there is a combination over all; over the halves only if it is cheap compared with checking each, as for long vectors. The rest is
// checked one by one.
func TestWorkOfABatch(t *testing.T) {
	for name, tc := range map[string]struct {
		slots int
		bad   func(i int) bool
		want  int
	}{
		"good":           {64, func(int) bool { return false }, 16},
		"all bad":        {64, func(int) bool { return true }, 16 + 8},
		"last bad":       {64, func(i int) bool { return i == 15 }, 16 + 8},
		"short, all bad": {2, func(int) bool { return true }, 16},
		"short, one bad": {2, func(i int) bool { return i == 15 }, 16},
	} {
		s := newScheme(t, tc.slots)
		batch := make([]pedersen.Opened, 16)
		for i := range batch {
			share, r := randomShare(t, s), newBlinding(t)
			c, err := s.Commit(share, r)
			require.NoError(t, err)
			if tc.bad(i) {
				r = r.Add(newOne())
			}
			batch[i] = pedersen.Opened{Commitment: c, Share: share, Blinding: r}
		}
		reader := &counted{}
		bad, err := s.CheckBatch(reader, batch)
		require.NoError(t, err)
		for i := range batch {
			require.Equal(t, tc.bad(i), slices.Contains(bad, i), name)
		}
		require.Equal(t, tc.want, reader.bytes/16, name)
	}
}

func newOne() pedersen.Blinding {
	r, err := pedersen.ParseBlinding(append([]byte{1}, make([]byte, 31)...))
	if err != nil {
		panic(err)
	}
	return r
}

// Two bad ones that cancel in an unweighted sum do not pass.
func TestCheckBatchOfCancellingFaults(t *testing.T) {
	s := newScheme(t, 2)
	r := newBlinding(t)
	five, six, seven := big.NewInt(5), big.NewInt(6), big.NewInt(7)
	c, err := s.Commit(encodeShare(six, six), r)
	require.NoError(t, err)
	bad, err := s.CheckBatch(random, []pedersen.Opened{
		{Commitment: c, Share: encodeShare(five, six), Blinding: r},
		{Commitment: c, Share: encodeShare(six, six), Blinding: r},
		{Commitment: c, Share: encodeShare(seven, six), Blinding: r},
	})
	require.NoError(t, err)
	require.Equal(t, []int{0, 2}, bad)

	good := pedersen.Opened{Commitment: c, Share: encodeShare(six, six), Blinding: r}
	_, err = s.CheckBatch(iotest.ErrReader(errors.New("no entropy")), slices.Repeat([]pedersen.Opened{good}, 64))
	require.ErrorContains(t, err, "no entropy")
}

func TestRefusals(t *testing.T) {
	for _, length := range []int{-1, 0, pedersen.MaxSlots + 1} {
		_, err := pedersen.New(length)
		require.ErrorIs(t, err, pedersen.ErrLength)
	}
	_, err := pedersen.NewBlinding(bytes.NewReader(make([]byte, 63)))
	require.ErrorIs(t, err, pedersen.ErrBlinding)
	order := littleEndian(bigOf("7237005577332262213973186563042994240857116359379907606001950938285454250989"), 32)
	for _, raw := range [][]byte{nil, make([]byte, 31), make([]byte, 33), order, bytes.Repeat([]byte{0xff}, 32)} {
		_, err := pedersen.ParseBlinding(raw)
		require.ErrorIs(t, err, pedersen.ErrBlinding)
	}
	order[0]--
	r, err := pedersen.ParseBlinding(order)
	require.NoError(t, err)
	require.Equal(t, make([]byte, 32), r.Add(newOne()).Bytes(), "blindings add up modulo the order")

	s := newScheme(t, 2)
	for name, share := range map[string][]byte{
		"empty": nil, "short": make([]byte, s.ShareSize()-1), "long": make([]byte, s.ShareSize()+1),
		"first not canonical": encodeShare(modulus, new(big.Int)), "last not canonical": encodeShare(new(big.Int), modulus),
	} {
		_, err := s.Commit(share, r)
		require.ErrorIs(t, err, pedersen.ErrShare, name)
		sum := s.NewSum()
		require.ErrorIs(t, sum.Add(share, r), pedersen.ErrShare, name)
		require.Zero(t, sum.Count())
		_, err = s.CommitAll([][]byte{share, make([]byte, s.ShareSize())}, []pedersen.Blinding{r, r}, 1)
		require.ErrorIs(t, err, pedersen.ErrShare, name)
	}
	good := make([]byte, s.ShareSize())
	for _, width := range []int{0, 64} {
		_, err := s.CommitAll([][]byte{good, good}, []pedersen.Blinding{r, r}, width)
		require.ErrorIs(t, err, pedersen.ErrShare)
	}
	for _, n := range []int{0, 1, 9} {
		_, err := s.CommitAll(slices.Repeat([][]byte{good}, n), make([]pedersen.Blinding, n), 1)
		require.ErrorIs(t, err, pedersen.ErrCount)
	}
	_, err = s.CommitAll([][]byte{good, good}, []pedersen.Blinding{r}, 1)
	require.ErrorIs(t, err, pedersen.ErrCount)
}

func TestSecretsDoNotPrint(t *testing.T) {
	s := newScheme(t, 1)
	r := newBlinding(t)
	sum := s.NewSum()
	require.NoError(t, sum.Add(make([]byte, pedersen.ElementSize), r))
	require.Equal(t, "(secret) (secret) (secret)", fmt.Sprintf("%v %x %#v", r, r, sum))
}

// vectors are commitments of the first version. A chain that holds such commitments needs them to stay as they are.
type vectors struct {
	BlindingGenerator, LengthGenerator []byte
	Generators                         [][]byte
	Cases                              []vector
}

type vector struct {
	Length      int
	Shares      [][]byte
	Blindings   [][]byte
	Commitments [][]byte
	Sum         []byte
	Opening     []byte
	Aggregate   []byte
}

func TestVectors(t *testing.T) {
	if *update {
		writeVectors(t)
	}
	var v vectors
	readJSON(t, "v1.json", &v)
	h, k := pedersen.BlindingGenerator(), pedersen.LengthGenerator()
	require.Equal(t, v.BlindingGenerator, h[:])
	require.Equal(t, v.LengthGenerator, k[:])
	for i, want := range v.Generators {
		g := pedersen.Generator(uint32(i))
		require.Equal(t, want, g[:])
	}
	require.NotEmpty(t, v.Cases)
	for _, c := range v.Cases {
		s := newScheme(t, c.Length)
		sum, commitments := s.NewSum(), make([]pedersen.Commitment, len(c.Shares))
		for i, share := range c.Shares {
			r, err := pedersen.ParseBlinding(c.Blindings[i])
			require.NoError(t, err)
			commitments[i], err = s.Commit(share, r)
			require.NoError(t, err)
			require.Equal(t, c.Commitments[i], commitments[i][:])
			require.NoError(t, sum.Add(share, r))
		}
		total, err := pedersen.Add(commitments...)
		require.NoError(t, err)
		require.Equal(t, c.Sum, total[:])
		require.Equal(t, c.Opening, sum.Opening())
		got, err := s.Verify(total, uint64(len(c.Shares)), c.Opening)
		require.NoError(t, err)
		require.Equal(t, c.Aggregate, got)
	}
}

func writeVectors(t *testing.T) {
	t.Helper()
	h, k := pedersen.BlindingGenerator(), pedersen.LengthGenerator()
	v := vectors{BlindingGenerator: h[:], LengthGenerator: k[:]}
	for i := range uint32(4) {
		g := pedersen.Generator(i)
		v.Generators = append(v.Generators, g[:])
	}
	for _, c := range []vector{{Length: 1}, {Length: 5}} {
		s := newScheme(t, c.Length)
		sum, commitments := s.NewSum(), []pedersen.Commitment(nil)
		for range 3 {
			share, r := randomShare(t, s), newBlinding(t)
			commitment, err := s.Commit(share, r)
			require.NoError(t, err)
			require.NoError(t, sum.Add(share, r))
			c.Shares, c.Blindings = append(c.Shares, share), append(c.Blindings, r.Bytes())
			c.Commitments, commitments = append(c.Commitments, commitment[:]), append(commitments, commitment)
		}
		total, err := pedersen.Add(commitments...)
		require.NoError(t, err)
		c.Sum, c.Opening = total[:], sum.Opening()
		c.Aggregate, err = s.Verify(total, 3, c.Opening)
		require.NoError(t, err)
		v.Cases = append(v.Cases, c)
	}
	raw, err := json.MarshalIndent(v, "", "  ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join("testdata", "v1.json"), append(raw, '\n'), 0o644))
}

// Openings come from strangers: any bytes give an error or the true sum.
func FuzzVerify(f *testing.F) {
	s := newScheme(f, 2)
	share, r := randomShare(f, s), newBlinding(f)
	c, err := s.Commit(share, r)
	require.NoError(f, err)
	sum := s.NewSum()
	require.NoError(f, sum.Add(share, r))
	f.Add(uint64(1), sum.Opening())
	f.Add(uint64(0), make([]byte, s.OpeningSize()))
	f.Add(uint64(pedersen.MaxCount), bytes.Repeat([]byte{0xff}, s.OpeningSize()))
	f.Fuzz(func(t *testing.T, count uint64, opening []byte) {
		got, err := s.Verify(c, count, opening)
		if err == nil {
			require.Equal(t, uint64(1), count)
			require.Equal(t, share, got)
			return
		}
		require.True(t, errors.Is(err, pedersen.ErrOpening) || errors.Is(err, pedersen.ErrMismatch) || errors.Is(err, pedersen.ErrCount), err)
	})
}
