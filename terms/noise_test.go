package terms_test

import (
	"bytes"
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

// The bound is ceil(sqrt(ceil(2 * 65 * ln 2 * variance))), about 9.5 standard deviations: 91 -> 10, 9011 -> 95, 901092 -> 950.
func TestNoise(t *testing.T) {
	for _, tc := range []struct {
		variance uint64
		bits     uint32
		bound    uint64
		maxRows  uint64
		text     string // of the refusal
	}{
		{variance: 1, bits: 63, bound: 10, maxRows: 1<<63 - 21},
		{variance: 1, bits: 5, bound: 10, maxRows: 11},
		{variance: 1, bits: 4, text: "expected at most 7 in a slot of 4 bits, got 10"},
		{variance: 100, bits: 16, bound: 95, maxRows: 65535 - 190},
		{variance: 10_000, bits: 11, bound: 950, maxRows: 147},
		{variance: 10_000, bits: 10, text: "expected at most 511 in a slot of 10 bits, got 950"},
		{variance: 0, bits: 63, text: "numerator: expected 1 to 4611686018427387904, got 0"},
		{variance: dgauss.MaxNum + 1, bits: 63, text: "expected 1 to 4611686018427387904"},
		{variance: dgauss.MaxNum, bits: 63, bound: 20385166942, maxRows: 1<<63 - 1 - 2*20385166942},
		{variance: 1, bits: 0, text: "bits: expected 1 to 63, got 0"},
		{variance: 1, bits: 64, text: "bits: expected 1 to 63, got 64"},
		{variance: 1, bits: 1, text: "expected at most 0"},
	} {
		n, err := terms.NewNoise(tc.variance, tc.bits)
		if tc.text != "" {
			require.ErrorContains(t, err, tc.text)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, tc.bound, n.Bound())
		require.Equal(t, tc.maxRows, n.MaxRows())
	}
}

// rho = sensitivity / (2 variance), rounded up to a millionth.
func TestMicroRho(t *testing.T) {
	for _, tc := range []struct{ sensitivity, variance, want uint64 }{
		{1, 1, 500_000}, {1, 3, 166_667}, {1, 100, 5_000}, {2, 100, 10_000}, {1, 500_000, 1}, {1, 500_001, 1}, {64, 32, 1_000_000},
	} {
		n, err := terms.NewNoise(tc.variance, 63)
		require.NoError(t, err)
		got, err := n.MicroRho(tc.sensitivity)
		require.NoError(t, err)
		require.Equal(t, tc.want, got)
	}
	n, err := terms.NewNoise(1, 63)
	require.NoError(t, err)
	_, err = n.MicroRho(0)
	require.ErrorContains(t, err, "expected at least 1")
	_, err = n.MicroRho(math.MaxUint64)
	require.ErrorIs(t, err, dgauss.ErrBudget)
}

// For all counts: the shared slots are in the range that the shares prove, and taking the bounds away leaves the sum of
// the counts and of the noise.
func TestNoiseStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.Uint32Range(5, 63).Draw(t, "bits")
		variance := rapid.Uint64Range(1, 1<<(2*min(bits, 31)-8)).Draw(t, "variance")
		n, err := terms.NewNoise(variance, bits)
		if err != nil {
			require.GreaterOrEqual(t, 20*math.Sqrt(float64(variance))+2, math.Pow(2, float64(bits)), "refused where there is room: %v", err)
			return
		}
		rows := rapid.OneOf(rapid.Uint64Range(0, n.MaxRows()), rapid.Just(n.MaxRows())).Draw(t, "rows")
		random := stream(rapid.Byte().Draw(t, "seed"))
		sum, counts := make([]*big.Int, 3), make([]uint64, 3)
		for i := range sum {
			sum[i] = new(big.Int)
		}
		contributions := rapid.IntRange(1, 4).Draw(t, "contributions")
		want := []*big.Int{new(big.Int), new(big.Int), new(big.Int)}
		for range contributions {
			for i := range counts {
				counts[i] = rapid.OneOf(rapid.Uint64Range(0, rows), rapid.Just(rows)).Draw(t, "count")
				want[i].Add(want[i], new(big.Int).SetUint64(counts[i]))
			}
			noised, err := n.Add(random, rows, counts)
			require.NoError(t, err)
			for i, x := range noised {
				require.Less(t, x, uint64(1)<<bits)
				distance := new(big.Int).Sub(new(big.Int).SetUint64(x), new(big.Int).SetUint64(counts[i]))
				distance.Sub(distance, new(big.Int).SetUint64(n.Bound()))
				require.LessOrEqual(t, distance.CmpAbs(new(big.Int).SetUint64(n.Bound())), 0)
				want[i].Add(want[i], distance)
				sum[i].Add(sum[i], new(big.Int).SetUint64(x))
			}
		}
		for i, x := range n.Remove(sum, uint64(contributions)) {
			require.Zero(t, x.Cmp(want[i]), "%s, expected %s", x, want[i])
		}
	})
}

func TestNoiseRefuses(t *testing.T) {
	n, err := terms.NewNoise(10_000, 11)
	require.NoError(t, err)
	_, err = n.Add(stream(1), 148, []uint64{0})
	require.ErrorContains(t, err, "rows: expected at most 147")
	_, err = n.Add(stream(1), 147, []uint64{147, 148})
	require.ErrorContains(t, err, "slot 1: expected at most the number of rows, 147, got more")
	require.NotContains(t, err.Error(), "148")
	_, err = n.Add(bytes.NewReader([]byte{1, 2, 3}), 147, []uint64{1})
	require.ErrorIs(t, err, dgauss.ErrRandom)
	counts := []uint64{1, 2, 3}
	first, err := n.Add(stream(1), 147, counts)
	require.NoError(t, err)
	again, err := n.Add(stream(1), 147, counts)
	require.NoError(t, err)
	require.Equal(t, first, again, "one stream, one noise")
	require.Equal(t, []uint64{1, 2, 3}, counts, "what is given stays")
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
	n, err := terms.NewNoise(400, 20)
	require.NoError(t, err)
	random := stream(7)
	total := make([]*big.Int, sums)
	counts := make([]uint64, sums)
	for i := range total {
		total[i], counts[i] = new(big.Int), uint64(i)
	}
	for range contributions {
		noised, err := n.Add(random, sums, counts)
		require.NoError(t, err)
		for i, x := range noised {
			total[i].Add(total[i], new(big.Int).SetUint64(x))
		}
	}
	var samples []float64
	for i, x := range n.Remove(total, contributions) {
		samples = append(samples, float64(x.Int64()-int64(contributions*i)))
	}
	checkNoise(t, samples, 10_000)
}

// The whole way: noise, shares and proofs of 24 owners, the seats' sums, the reader's sum. Its noise has the variance that
// the contributions add up to; without noise the sum would be exact.
func TestNoiseThroughTheSecureSum(t *testing.T) {
	const owners, slots, bits, rows = 24, 128, 16, 1000
	n, err := terms.NewNoise(900, bits)
	require.NoError(t, err)
	sum, err := securesum.New(securesum.Shape{Kind: securesum.SumVec, Length: slots, Bits: bits, Seats: 2},
		securesum.Session{Chain: "test", Job: "job", Round: 1, Attempt: 1})
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
		noised, err := n.Add(stream(byte(owner)), rows, counts)
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
	var samples []float64
	for i, x := range n.Remove(total, owners) {
		samples = append(samples, float64(x.Int64()-want[i]))
	}
	checkNoise(t, samples, 900*owners)
}
