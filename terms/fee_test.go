package terms_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
)

func pow2(n uint) math.Int { return math.NewIntFromBigInt(new(big.Int).Lsh(big.NewInt(1), n)) }

func TestFees(t *testing.T) {
	for name, tc := range map[string]struct {
		operations          uint64
		price, dataPerAlita math.Int
		want                terms.Funds
		stakers             int64 // at 5 %
	}{
		"a million":            {1_000_000, math.NewInt(500_000), pow2(64), terms.NewFunds(500_000, 500_000), 25_000},
		"rounds down":          {1, math.NewInt(999_999), pow2(64), terms.NewFunds(0, 0), 0},
		"just one":             {1, math.NewInt(1_000_000), pow2(64), terms.NewFunds(1, 1), 0},
		"half a token an unit": {3_000_000, math.NewInt(1), pow2(63), terms.NewFunds(3, 1), 0},
		"ten tokens an unit":   {3_000_000, math.NewInt(7), pow2(64).MulRaw(10), terms.NewFunds(21, 210), 1},
		"worthless token":      {1_000_000, math.NewInt(1), math.ZeroInt(), terms.NewFunds(1, 0), 0},
		// 29,760,000,007 operations of 33 ualita each million: 982,080.000231
		"large": {29_760_000_007, math.NewInt(33), pow2(64).MulRaw(3), terms.NewFunds(982_080, 2_946_240), 49_104},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := terms.Fees(tc.operations, tc.price, tc.dataPerAlita)
			require.NoError(t, err)
			require.Equal(t, tc.want.Text(), got.Text())
			require.Equal(t, tc.stakers, terms.StakersPart(got.Alita, 50_000).Int64())
		})
	}
}

// 3 seats get 5 ualita for each of 7 records; the owners get 100 ualita and 40 Data Token units; twice.
func TestJobCost(t *testing.T) {
	seats := terms.SeatsFees(math.NewInt(5), 3, 7)
	require.Equal(t, "105", seats.String())
	require.Equal(t, terms.NewFunds(410, 80).Text(), terms.JobCost(terms.NewFunds(100, 40), seats, 2).Text())
	require.Equal(t, terms.NewFunds(100, 40).Text(), terms.JobCost(terms.NewFunds(100, 40), math.ZeroInt(), 1).Text())
}

func TestFeesOverflow(t *testing.T) {
	_, err := terms.Fees(1<<63, pow2(126), pow2(64))
	require.ErrorIs(t, err, terms.ErrOverflow)
	_, err = terms.Fees(1_000_000, pow2(126), pow2(66))
	require.ErrorIs(t, err, terms.ErrOverflow)
	got, err := terms.Fees(1_000_000, pow2(126), pow2(64))
	require.NoError(t, err)
	require.Equal(t, pow2(126), got.Alita)
}

// The parts of a fee add up to it, and neither fee is more than the exact value.
func TestFeesNeverExceedTheExactValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		operations := rapid.Uint64().Draw(t, "operations")
		price := rapid.Uint64Range(1, 1<<40).Draw(t, "price")
		dataPerAlita := new(big.Int).Lsh(new(big.Int).SetUint64(rapid.Uint64().Draw(t, "data")), rapid.UintRange(0, 20).Draw(t, "shift"))
		ppm := rapid.Uint32Range(0, 500_000).Draw(t, "ppm")
		got, err := terms.Fees(operations, math.NewIntFromUint64(price), math.NewIntFromBigInt(dataPerAlita))
		if err != nil {
			t.Fatal(err)
		}
		exact := new(big.Rat).SetInt(new(big.Int).Mul(new(big.Int).SetUint64(operations), new(big.Int).SetUint64(price)))
		exact.Quo(exact, big.NewRat(1_000_000, 1))
		if d := new(big.Rat).Sub(exact, new(big.Rat).SetInt(got.Alita.BigInt())); d.Sign() < 0 || d.Cmp(big.NewRat(1, 1)) >= 0 {
			t.Fatalf("fee %s, exact %s", got.Alita, exact.FloatString(6))
		}
		value := new(big.Rat).SetFrac(dataPerAlita, new(big.Int).Lsh(big.NewInt(1), 64))
		value.Mul(value, new(big.Rat).SetInt(got.Alita.BigInt()))
		if d := new(big.Rat).Sub(value, new(big.Rat).SetInt(got.Data.BigInt())); d.Sign() < 0 || d.Cmp(big.NewRat(1, 1)) >= 0 {
			t.Fatalf("data %s, exact %s", got.Data, value.FloatString(6))
		}
		stakers := terms.StakersPart(got.Alita, ppm)
		if stakers.IsNegative() || stakers.MulRaw(2).GT(got.Alita) {
			t.Fatalf("stakers get %s of %s", stakers, got.Alita)
		}
	})
}
