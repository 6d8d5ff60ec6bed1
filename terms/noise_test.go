package terms_test

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	mathrand "math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/dgauss"
	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/terms"
)

func stream(seed byte) *mathrand.ChaCha8 { return mathrand.NewChaCha8([32]byte{seed}) }

// noised is a sum of four slots: rows used, a count, a number from -300 to 500, and one whose noise is the widest.
func noised() (terms.SecureSum, terms.Program) {
	return terms.SecureSum{
		Length: 4, Seats: 3, MicroRho: 500_000,
		Ranges: terms.Ranges{
			{Count: 2, High: 1, Variance: 4}, {Count: 1, Low: -300, High: 500, Variance: 500_000}, {Count: 1, Low: -1, High: 1, Variance: dgauss.MaxNum},
		},
	}, terms.Program{Kind: terms.VectorSum, Bits: 63, Row: true}
}

// The bound is ceil(sqrt(ceil(2 * 65 * ln 2 * variance))), about 9.5 standard deviations: 361 -> 19, 45054567 -> 6713, and 20385166942.
var bounds = []int64{19, 19, 6713, 20385166942}

func TestNoiseVectors(t *testing.T) {
	sum, _ := noised()
	most, err := sum.Ranges.NoiseBounds()
	require.NoError(t, err)
	require.Equal(t, []uint64{38, 38, 13426, 40770333884}, most, "from -bound to bound, shifted")
	// Rows of two owners, 10 together: sums 10, 7, -450 and 2, shifted by 300 and 1 for each row.
	all := []*big.Int{big.NewInt(10), big.NewInt(7), big.NewInt(10*300 - 450), big.NewInt(10 + 2)}
	want := []int64{10, 7, -450, 2}
	for seat := range 3 {
		got, err := sum.Ranges.Noise(stream(byte(seat)))
		require.NoError(t, err)
		again, err := sum.Ranges.Noise(stream(byte(seat)))
		require.NoError(t, err)
		require.Equal(t, got, again, "one stream, one noise")
		for j, x := range got {
			require.LessOrEqual(t, x, most[j])
			all[j].Add(all[j], new(big.Int).SetUint64(x))
			want[j] += int64(x) - bounds[j]
		}
	}
	got, err := sum.Reveal(all, 10)
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(want), texts(got), "the rows and three seats' noise")
	first, err := sum.Ranges.Noise(stream(0))
	require.NoError(t, err)
	require.Equal(t, []uint64{19, 16, 7435, 20637781366}, first, "fixed: every seat of every version draws the same of the same bits")
}

// Without noise nothing but the shift is taken away.
func TestRevealExactSums(t *testing.T) {
	sum := terms.SecureSum{Seats: 3, Ranges: terms.Ranges{{Count: 1, High: 1}, {Count: 1, Low: -3, High: 4}}}
	got, err := sum.Reveal([]*big.Int{big.NewInt(2), big.NewInt(9)}, 2)
	require.NoError(t, err)
	require.Equal(t, "[2 3]", texts(got))
	plain := []*big.Int{big.NewInt(7)}
	got, err = terms.SecureSum{}.Reveal(plain, 9)
	require.NoError(t, err)
	require.Equal(t, plain, got, "a program that takes batches")
	_, err = sum.Reveal(plain, 2)
	require.ErrorIs(t, err, terms.ErrRanges)
}

func TestNoises(t *testing.T) {
	sum, _ := noised()
	require.EqualValues(t, 3, sum.Noises(), "each seat adds its own")
	sum.MicroRho = 0
	require.Zero(t, sum.Noises())
}

func TestCheckRanges(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(s *terms.SecureSum, p *terms.Program)
		text   string // of the refusal
	}{
		"good":                     {func(*terms.SecureSum, *terms.Program) {}, ""},
		"batches":                  {func(s *terms.SecureSum, p *terms.Program) { p.Row, s.Ranges, s.MicroRho = false, nil, 0 }, ""},
		"batches with ranges":      {func(s *terms.SecureSum, p *terms.Program) { p.Row, s.MicroRho = false, 0 }, "takes batches, got 3 and 0"},
		"batches with noise":       {func(s *terms.SecureSum, p *terms.Program) { p.Row, s.Ranges = false, nil }, "takes batches, got 0 and 500000"},
		"rows without ranges":      {func(s *terms.SecureSum, _ *terms.Program) { s.Ranges, s.MicroRho = nil, 0 }, "expected the length, 4 and at least 1, got 0"},
		"another length":           {func(s *terms.SecureSum, _ *terms.Program) { s.Length = 5 }, "expected the length, 5 and at least 1, got 4"},
		"noise without rho":        {func(s *terms.SecureSum, _ *terms.Program) { s.MicroRho = 0 }, "expected 0 without micro_rho"},
		"just room for a row":      {func(s *terms.SecureSum, _ *terms.Program) { s.Bits = 10 }, ""}, // 800; the noise has slots of its own
		"no room for a row":        {func(s *terms.SecureSum, _ *terms.Program) { s.Bits = 9 }, "bits: expected at least 10 for the sum of 1 rows, got 9"},
		"no room in the program's": {func(_ *terms.SecureSum, p *terms.Program) { p.Bits = 9 }, "bits: expected at least 10"},
	} {
		t.Run(name, func(t *testing.T) {
			sum, program := noised()
			tc.change(&sum, &program)
			err := sum.CheckRanges(program)
			if tc.text == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, terms.ErrRanges)
			require.ErrorContains(t, err, tc.text)
		})
	}
	sum, program := noised()
	sum.Ranges, sum.Length, sum.Bits = sum.Ranges[:1], 2, 6
	require.NoError(t, sum.CheckRows(program, 63))
	require.ErrorContains(t, sum.CheckRows(program, 64), "expected at least 7 for the sum of 64 rows")
	program.Row = false
	require.NoError(t, sum.CheckRows(program, math.MaxUint64), "batches")
}

// For all ranges: shifted rows are in the range that an owner's shares prove, noise is in the range that a seat's prove, and Reveal leaves the
// sum of the rows and of the noise.
func TestNoiseStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Custom(func(t *rapid.T) int64 {
			return rapid.Int64Range(0, 1<<30).Draw(t, "size") >> rapid.IntRange(0, 30).Draw(t, "shift")
		})
		sum := terms.SecureSum{
			Seats: rapid.Uint32Range(2, 8).Draw(t, "seats"), MicroRho: terms.MaxMicroRho, Ranges: terms.Ranges{{Count: 1, High: 1, Variance: 4}},
		}
		for range rapid.IntRange(0, 3).Draw(t, "ranges") {
			sum.Ranges = append(sum.Ranges, terms.SlotRange{
				Count: rapid.Uint32Range(1, 3).Draw(t, "count"), Low: -size.Draw(t, "low"), High: size.Draw(t, "high"),
				Variance: uint64(4 + size.Draw(t, "variance")),
			})
		}
		sum.Length = uint32(sum.Ranges.Length())
		rows := rapid.Uint64Range(0, 1000).Draw(t, "rows")
		bits, err := sum.Ranges.Bits(max(rows, 1))
		require.NoError(t, err)
		sum.Bits = bits
		program := terms.Program{Kind: terms.VectorSum, Bits: 63, Row: true}
		require.NoError(t, sum.CheckRanges(program))
		require.NoError(t, sum.CheckRows(program, rows))
		most, err := sum.Ranges.NoiseBounds()
		require.NoError(t, err)
		contributions := rapid.IntRange(1, 4).Draw(t, "contributions")
		total, want := make([]*big.Int, sum.Length), make([]*big.Int, sum.Length)
		for i := range total {
			total[i], want[i] = new(big.Int), new(big.Int)
		}
		for range contributions {
			vector := make([]int64, 0, sum.Length)
			for _, s := range sum.Ranges {
				for range s.Count {
					v := rapid.OneOf(rapid.Int64Range(s.Low, s.High), rapid.Just(s.Low), rapid.Just(s.High)).Draw(t, "row")
					vector = append(vector, int64(rows)*v)
				}
			}
			for i, v := range vector {
				want[i].Add(want[i], big.NewInt(v))
			}
			sum.Ranges.Shift(rows, vector)
			for i, v := range vector {
				require.Less(t, uint64(v), uint64(1)<<bits)
				total[i].Add(total[i], big.NewInt(v))
			}
		}
		random := stream(rapid.Byte().Draw(t, "seed"))
		for range sum.Noises() {
			noise, err := sum.Ranges.Noise(random)
			require.NoError(t, err)
			at := 0
			for _, s := range sum.Ranges {
				bound, err := dgauss.Bound(dgauss.Variance{Num: s.Variance, Den: 1}, terms.NoiseBits)
				require.NoError(t, err)
				for range s.Count {
					require.LessOrEqual(t, noise[at], most[at])
					require.EqualValues(t, 2*bound, most[at])
					want[at].Add(want[at], big.NewInt(int64(noise[at])-bound))
					total[at].Add(total[at], new(big.Int).SetUint64(noise[at]))
					at++
				}
			}
		}
		got, err := sum.Reveal(total, uint64(contributions)*rows)
		require.NoError(t, err)
		require.Equal(t, texts(want), texts(got))
	})
}

func TestNoiseRefuses(t *testing.T) {
	sum, _ := noised()
	_, err := sum.Ranges.Noise(bytes.NewReader([]byte{1, 2, 3}))
	require.ErrorIs(t, err, dgauss.ErrRandom)
	exact := terms.Ranges{{Count: 1, High: 1}}
	_, err = exact.Noise(stream(1))
	require.ErrorIs(t, err, terms.ErrRanges, "without noise there is none to draw")
}

// checkNoise reports whether samples are normal with mean 0 and a variance, by their mean, their sum of squares and the cells of
// a histogram, each at about one in a million by chance. The streams are fixed, so it never fails by chance.
func checkNoise(t *testing.T, samples []float64, variance float64) {
	t.Helper()
	n, sum, squares := float64(len(samples)), 0.0, 0.0
	// Four cells of equal probability: the quartiles of a normal distribution are at 0.67449 deviations.
	cells, quartile := [4]float64{}, 0.67449*math.Sqrt(variance)
	for _, x := range samples {
		sum, squares = sum+x, squares+x*x
		switch {
		case x < -quartile:
			cells[0]++
		case x < 0:
			cells[1]++
		case x < quartile:
			cells[2]++
		default:
			cells[3]++
		}
	}
	require.Less(t, math.Abs(sum), 4.9*math.Sqrt(n*variance), "mean")
	// Chi-square with n degrees of freedom has variance 2n; Wilson and Hilferty's cube root is near to normal.
	z := (math.Cbrt(squares/variance/n) - (1 - 2/(9*n))) / math.Sqrt(2/(9*n))
	require.Less(t, math.Abs(z), 4.9, "variance %g, expected %g", squares/n, variance)
	chi := 0.0
	for _, c := range cells {
		chi += (c - n/4) * (c - n/4) / (n / 4)
	}
	require.Less(t, chi, 30.66, "chi-square over four cells, three degrees of freedom: %v", cells)
}

// The noise of many sums, without shares: it depends on the seats, not on how many contribute.
func TestNoiseOfSums(t *testing.T) {
	const seats, slots = 3, 4000
	sum := terms.SecureSum{MicroRho: 1, Seats: seats, Ranges: terms.Ranges{{Count: slots, High: slots, Variance: 400}}}
	for _, owners := range []int64{5, 40, 200} {
		random := stream(byte(owners))
		total := make([]*big.Int, slots)
		for i := range total {
			total[i] = big.NewInt(owners * int64(i))
		}
		for range seats {
			noise, err := sum.Ranges.Noise(random)
			require.NoError(t, err)
			for i, x := range noise {
				total[i].Add(total[i], new(big.Int).SetUint64(x))
			}
		}
		got, err := sum.Reveal(total, 0)
		require.NoError(t, err)
		var samples []float64
		for i, x := range got {
			samples = append(samples, float64(x.Int64()-owners*int64(i)))
		}
		checkNoise(t, samples, 400*seats)
	}
}

// seatsOf are the keys of seats.
func seatsOf(t *testing.T, n int) (keys []seal.PrivateKey, public []seal.PublicKey) {
	t.Helper()
	for i := range n {
		seed := label.Hash("test/seat", []byte{byte(i)})
		key, err := seal.ParsePrivateKey(seed[:])
		require.NoError(t, err)
		keys, public = append(keys, key), append(public, key.Public())
	}
	return keys, public
}

// The whole way: shares and proofs of owners and of the seats' noise, the seats' sums, the reader's sum. Its noise has the variance of two
// seats, whether 3 owners contribute or 24.
func TestNoiseThroughTheSecureSum(t *testing.T) {
	const slots, bits, rows, seats = 48, 16, 1000, 2
	job := terms.SecureSum{
		Draft: securesum.Draft, Session: securesum.Session{Chain: "test", Job: "job", Round: 1, Attempt: 1}, Length: slots, Bits: bits, Seats: seats,
		MicroRho: 1_000, Ranges: terms.Ranges{{Count: slots, High: 1, Variance: 900}},
	}
	sum, err := job.Protocol(terms.Program{Kind: terms.VectorSum, Bits: 63, Row: true})
	require.NoError(t, err)
	ofNoise, is := sum.Noise()
	require.True(t, is)
	keys, public := seatsOf(t, seats)
	for _, owners := range []int{3, 24} {
		sums := []*securesum.Sum{sum.NewSum(), sum.NewSum()}
		commitments, want := make([][]byte, seats), make([]int64, slots)
		add := func(p securesum.Protocol, c securesum.Contribution, vector []uint64) {
			secret := label.Hash("test/secret", []byte(c.Record), []byte{byte(owners)})
			shared, _, err := p.Share(c, public, vector, secret[:])
			require.NoError(t, err)
			var (
				shares   [][]byte
				prepared []securesum.Prepared
			)
			for i, key := range keys {
				share, one, err := p.Prepare(c, shared, make([]byte, 32), i, key)
				require.NoError(t, err)
				shares, prepared = append(shares, share), append(prepared, one)
				commitments[i], err = securesum.AddCommitments(commitments[i], shared.Commitments[i])
				require.NoError(t, err)
			}
			message, err := p.Combine(c, shared.PublicShare, shares)
			require.NoError(t, err)
			for i := range sums {
				require.NoError(t, sums[i].Add(prepared[i], message))
			}
		}
		for owner := range owners {
			counts := make([]uint64, slots)
			for i := range counts {
				counts[i] = uint64((owner*slots + i*i) % (rows + 1))
				want[i] += int64(counts[i])
			}
			add(sum, securesum.Contribution{Record: fmt.Sprint("record", owner), Version: "1.0.0", Owner: []byte{byte(owner)}}, counts)
		}
		for seat := range seats {
			noise, err := job.Ranges.Noise(stream(byte(10*owners + seat)))
			require.NoError(t, err)
			add(ofNoise, terms.NoiseOf(fmt.Sprint("operator", seat)), noise)
		}
		var parts [][]byte
		for i, seat := range sums {
			part, err := sum.VerifyOpening(commitments[i], uint64(owners), seat.Opening())
			require.NoError(t, err)
			parts = append(parts, part)
		}
		total, err := sum.Unshard(parts, uint64(owners))
		require.NoError(t, err)
		got, err := job.Reveal(total, uint64(owners)*rows)
		require.NoError(t, err)
		var samples []float64
		for i, x := range got {
			samples = append(samples, float64(x.Int64()-want[i]))
		}
		checkNoise(t, samples, 900*seats)
	}
}

// texts writes numbers.
func texts(all []*big.Int) string { return fmt.Sprint(all) }
