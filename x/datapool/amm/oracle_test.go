package amm_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/datapool/amm"
)

// The oracle: the same formulas once more, plainly, over math/big.

var ppm = big.NewInt(1_000_000)

func mul(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }
func add(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }
func sub(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }
func quo(a, b *big.Int) *big.Int { return new(big.Int).Quo(a, b) }
func ceil(a, b *big.Int) *big.Int {
	return quo(sub(add(a, b), big.NewInt(1)), b)
}

func bigExactIn(x, y, dx *big.Int, fee uint32) *big.Int {
	priced := mul(dx, big.NewInt(int64(1_000_000-fee)))
	return quo(mul(y, priced), add(mul(x, ppm), priced))
}

func bigExactOut(x, y, dy *big.Int, fee uint32) *big.Int {
	return ceil(mul(mul(x, ppm), dy), mul(big.NewInt(int64(1_000_000-fee)), sub(y, dy)))
}

// num reads a decimal number of any size.
func num(t testing.TB, text string) *amm.Int {
	t.Helper()
	b, ok := new(big.Int).SetString(text, 10)
	require.True(t, ok, text)
	var z amm.Int
	require.False(t, z.SetFromBig(b), "beyond 2^256: %s", text)
	return &z
}

// anyInt draws an integer of 1 to bits bits, every length as likely as another, so
// that tiny and huge numbers meet.
func anyInt(bits int) *rapid.Generator[*amm.Int] {
	return rapid.Custom(func(t *rapid.T) *amm.Int {
		n := rapid.IntRange(1, bits).Draw(t, "bits")
		b := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "bytes"))
		b.Rsh(b, uint(256-n))
		if b.Sign() == 0 {
			b.SetInt64(1)
		}
		var z amm.Int
		z.SetFromBig(b)
		return &z
	})
}

// anyFees draws rates that are allowed together.
func anyFees() *rapid.Generator[amm.Fees] {
	return rapid.Custom(func(t *rapid.T) amm.Fees {
		maker := rapid.Uint32Range(0, amm.PPM).Draw(t, "maker")
		return amm.Fees{
			Swap:     rapid.SampledFrom([]uint32{0, 1, 3000, 10_000, 500_000, 999_999}).Draw(t, "swap"),
			Maker:    maker,
			Protocol: rapid.Uint32Range(0, amm.PPM).Draw(t, "protocol"),
			Rewards:  rapid.Uint32Range(0, amm.PPM-maker).Draw(t, "rewards"),
		}
	})
}
