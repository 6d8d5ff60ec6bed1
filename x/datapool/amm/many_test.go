package amm_test

import (
	"math/big"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/datapool/amm"
)

// TestMillionSwaps: in a million swaps over reserves of 1 to 10^30, guarded and not, k never
// falls and nobody does better than the opening price. A chain of trades on one pool
// each, so that states are met that trades lead to.
func TestMillionSwaps(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)
	any := func(most *big.Int) *amm.Int {
		// Every length as likely as another.
		v := new(big.Int).Rand(r, new(big.Int).Lsh(big.NewInt(1), uint(1+r.Intn(most.BitLen()))))
		if v.Sign() == 0 {
			v.SetInt64(1)
		}
		if v.Cmp(most) > 0 {
			v.Set(most)
		}
		var z amm.Int
		z.SetFromBig(v)
		return &z
	}
	swaps, guarded := 0, 0
	for swaps < 1_000_000 {
		b := &block{reserves: [2]amm.Int{*any(most), *any(most)}, guard: r.Intn(2) == 0}
		b.opening = b.reserves
		b.fees = amm.Fees{Swap: []uint32{0, 1, 3000, 100_000, 500_000}[r.Intn(5)], Maker: uint32(r.Intn(500_001)), Rewards: uint32(r.Intn(500_001))}
		for range 20 {
			in := r.Intn(2)
			x, y := &b.reserves[in], &b.reserves[1-in]
			var s amm.Trade
			var err error
			if r.Intn(2) == 0 {
				s, err = amm.GuardedSwapExactIn(b.side(in), x, y, any(x.ToBig()), b.fees)
			} else {
				s, err = amm.GuardedSwapExactOut(b.side(in), x, y, any(y.ToBig()), b.fees)
			}
			swaps++
			if err != nil {
				require.NotErrorIs(t, err, amm.ErrInvariant)
				continue
			}
			if after, before := mul(s.ReserveIn.ToBig(), s.ReserveOut.ToBig()), mul(x.ToBig(), y.ToBig()); after.Cmp(before) < 0 {
				require.Fail(t, "k fell", "from %s to %s", before, after)
			}
			if b.guard {
				requireNotBetter(t, b.side(in), &s)
			}
			if !s.Surcharge.IsZero() {
				guarded++
			}
			b.reserves[in], b.reserves[1-in] = s.ReserveIn, s.ReserveOut
		}
	}
	require.Greater(t, guarded, 10_000, "the guard was met")
}
