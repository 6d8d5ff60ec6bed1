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
func TestNoiseVectors(t *testing.T) {
	sum, _ := noised()
	// Two contributions of 10 rows together: sums 10, 7, -450 and 2, shifted by 300 and 1 for each row.
	shifted := [][]uint64{{6, 4, 6*300 - 300, 6 + 1}, {4, 3, 4*300 - 150, 4 + 1}}
	all := []*big.Int{new(big.Int), new(big.Int), new(big.Int), new(big.Int)}
	for i, want := range [][]uint64{
		{25, 20, 8935, 20637781373},
		{22, 19, 8544, 18918543489},
	} {
		got, err := sum.Ranges.AddNoise(stream(byte(i)), shifted[i])
		require.NoError(t, err)
		require.Equal(t, want, got)
		for j, x := range got {
			all[j].Add(all[j], new(big.Int).SetUint64(x))
		}
	}
	got, err := sum.Reveal(all, 2, 10)
	require.NoError(t, err)
	require.Equal(t, "[9 1 1053 -1214009032]", texts(got))

	// The noise is what is left without the slots and the bounds.
	for j, bound := range []int64{19, 19, 6713, 20385166942} {
		least := []int64{0, 0, -300, -1}[j]
		noise := new(big.Int).Sub(all[j], big.NewInt(2*bound))
		require.Zero(t, noise.Add(noise, big.NewInt(10*least)).Cmp(got[j]))
	}
}

// Without noise nothing but the shift is taken away.
func TestRevealExactSums(t *testing.T) {
	sum := terms.SecureSum{Ranges: terms.Ranges{{Count: 1, High: 1}, {Count: 1, Low: -3, High: 4}}}
	slots, err := sum.Ranges.AddNoise(nil, []uint64{2, 9})
	require.NoError(t, err)
	require.Equal(t, []uint64{2, 9}, slots)
	got, err := sum.Reveal([]*big.Int{big.NewInt(2), big.NewInt(9)}, 1, 2)
	require.NoError(t, err)
	require.Equal(t, "[2 3]", texts(got))
	plain := []*big.Int{big.NewInt(7)}
	got, err = terms.SecureSum{}.Reveal(plain, 3, 9)
	require.NoError(t, err)
	require.Equal(t, plain, got, "a program that takes batches")
	_, err = sum.Reveal(plain, 1, 2)
	require.ErrorIs(t, err, terms.ErrRanges)
}

func TestNoises(t *testing.T) {
	sum, _ := noised()
	require.EqualValues(t, 7, sum.Noises(7), "each contribution adds its own")
	sum.MicroRho = 0
	require.Zero(t, sum.Noises(7))
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
		"just room for a row":      {func(s *terms.SecureSum, _ *terms.Program) { s.Bits = 36 }, ""}, // 2 * 20385166942 + 2 is above 2^35
		"no room for a row":        {func(s *terms.SecureSum, _ *terms.Program) { s.Bits = 35 }, "bits: expected at least 36 for the sum of 1 rows and its noise, got 35"},
		"no room in the program's": {func(_ *terms.SecureSum, p *terms.Program) { p.Bits = 35 }, "bits: expected at least 36"},
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
	require.NoError(t, sum.CheckRows(program, 25), "25 + 38 = 63")
	require.ErrorContains(t, sum.CheckRows(program, 26), "expected at least 7 for the sum of 26 rows")
	program.Row = false
	require.NoError(t, sum.CheckRows(program, math.MaxUint64), "batches")
}

// For all ranges: the shared slots are in the range that the shares prove, and Reveal leaves the sum of the rows and of the noise.
func TestNoiseStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Custom(func(t *rapid.T) int64 {
			return rapid.Int64Range(0, 1<<30).Draw(t, "size") >> rapid.IntRange(0, 30).Draw(t, "shift")
		})
		sum := terms.SecureSum{MicroRho: terms.MaxMicroRho, Ranges: terms.Ranges{{Count: 1, High: 1, Variance: 4}}}
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
		random := stream(rapid.Byte().Draw(t, "seed"))
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
			shifted := make([]uint64, len(vector))
			for i, v := range vector {
				shifted[i] = uint64(v)
			}
			noised, err := sum.Ranges.AddNoise(random, shifted)
			require.NoError(t, err)
			at := 0
			for _, s := range sum.Ranges {
				bound, err := dgauss.Bound(dgauss.Variance{Num: s.Variance, Den: 1}, terms.NoiseBits)
				require.NoError(t, err)
				for range s.Count {
					require.Less(t, noised[at], uint64(1)<<bits)
					noise := int64(noised[at]) - vector[at] - bound
					require.True(t, -bound <= noise && noise <= bound)
					want[at].Add(want[at], big.NewInt(noise))
					total[at].Add(total[at], new(big.Int).SetUint64(noised[at]))
					at++
				}
			}
		}
		got, err := sum.Reveal(total, uint64(contributions), uint64(contributions)*rows)
		require.NoError(t, err)
		require.Equal(t, texts(want), texts(got))
	})
}

func TestNoiseRefuses(t *testing.T) {
	sum, _ := noised()
	_, err := sum.Ranges.AddNoise(stream(1), []uint64{1, 2, 3})
	require.ErrorContains(t, err, "slots: expected 4, got 3")
	slots := []uint64{1, 2, 3, 4}
	_, err = sum.Ranges.AddNoise(bytes.NewReader([]byte{1, 2, 3}), slots)
	require.ErrorIs(t, err, dgauss.ErrRandom)
	first, err := sum.Ranges.AddNoise(stream(1), slots)
	require.NoError(t, err)
	again, err := sum.Ranges.AddNoise(stream(1), slots)
	require.NoError(t, err)
	require.Equal(t, first, again, "one stream, one noise")
	require.Equal(t, []uint64{1, 2, 3, 4}, slots, "what is given stays")
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

// The noise of many sums, without shares.
func TestNoiseOfSums(t *testing.T) {
	const contributions, sums = 25, 4000
	sum := terms.SecureSum{MicroRho: 1, Ranges: terms.Ranges{{Count: sums, High: sums, Variance: 400}}}
	random := stream(7)
	total := make([]*big.Int, sums)
	counts := make([]uint64, sums)
	for i := range total {
		total[i], counts[i] = new(big.Int), uint64(i)
	}
	for range contributions {
		noised, err := sum.Ranges.AddNoise(random, counts)
		require.NoError(t, err)
		for i, x := range noised {
			total[i].Add(total[i], new(big.Int).SetUint64(x))
		}
	}
	var samples []float64
	got, err := sum.Reveal(total, contributions, 0)
	require.NoError(t, err)
	for i, x := range got {
		samples = append(samples, float64(x.Int64()-int64(contributions*i)))
	}
	checkNoise(t, samples, 10_000)
}

// The whole way: noise, shares and proofs of 24 owners, the seats' sums, the reader's sum. Its noise has the variance that
// the contributions add up to; without noise the sum would be exact.
func TestNoiseThroughTheSecureSum(t *testing.T) {
	const owners, slots, bits, rows = 24, 128, 16, 1000
	job := terms.SecureSum{
		Draft: securesum.Draft, Session: securesum.Session{Chain: "test", Job: "job", Round: 1, Attempt: 1}, Length: slots, Bits: bits, Seats: 2,
		MicroRho: 1, Ranges: terms.Ranges{{Count: slots, High: 1, Variance: 900}},
	}
	sum, err := job.Protocol(terms.Program{Kind: terms.VectorSum, Bits: 63, Row: true})
	require.NoError(t, err)
	keys, public := make([]seal.PrivateKey, 2), make([]seal.PublicKey, 2)
	for i := range keys {
		seed := label.Hash("test/seat", []byte{byte(i)})
		keys[i], err = seal.ParsePrivateKey(seed[:])
		require.NoError(t, err)
		public[i] = keys[i].Public()
	}
	verifyKey := make([]byte, 32)
	seats := []*securesum.Sum{sum.NewSum(), sum.NewSum()}
	commitments, want := make([][]byte, 2), make([]int64, slots)
	for owner := range owners {
		counts := make([]uint64, slots)
		for i := range counts {
			counts[i] = uint64((owner*slots + i*i) % (rows + 1))
			want[i] += int64(counts[i])
		}
		noised, err := job.Ranges.AddNoise(stream(byte(owner)), counts)
		require.NoError(t, err)
		c := securesum.Contribution{Record: "record", Version: "1.0.0", Owner: []byte{byte(owner)}}
		secret := label.Hash("test/owner", []byte{byte(owner)})
		shared, _, err := sum.Share(c, public, noised, secret[:])
		require.NoError(t, err)
		var (
			shares   [][]byte
			prepared []securesum.Prepared
		)
		for i, key := range keys {
			share, p, err := sum.Prepare(c, shared, verifyKey, i, key)
			require.NoError(t, err)
			shares, prepared = append(shares, share), append(prepared, p)
			commitments[i], err = securesum.AddCommitments(commitments[i], shared.Commitments[i])
			require.NoError(t, err)
		}
		message, err := sum.Combine(c, shared.PublicShare, shares)
		require.NoError(t, err, "the noised slots are in the proven range")
		for i := range seats {
			require.NoError(t, seats[i].Add(prepared[i], message))
		}
	}
	var parts [][]byte
	for i, seat := range seats {
		part, err := sum.VerifyOpening(commitments[i], owners, seat.Opening())
		require.NoError(t, err)
		parts = append(parts, part)
	}
	total, err := sum.Unshard(parts, owners)
	require.NoError(t, err)
	got, err := job.Reveal(total, owners, owners*rows)
	require.NoError(t, err)
	var samples []float64
	for i, x := range got {
		samples = append(samples, float64(x.Int64()-want[i]))
	}
	checkNoise(t, samples, 900*owners)
}

// texts writes numbers.
func texts(all []*big.Int) string { return fmt.Sprint(all) }
