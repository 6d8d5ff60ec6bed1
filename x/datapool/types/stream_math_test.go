package types_test

import (
	"math/big"
	"testing"

	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

func pair(alita, data uint64) types.Pair {
	return types.Pair{Alita: *uint256.NewInt(alita), Data: *uint256.NewInt(data)}
}

// TestStreamByHand: 100 a second; ada has served 1, then bob 3.
func TestStreamByHand(t *testing.T) {
	budget := pair(1000, 10_000)
	rate := uint256.NewInt(100)
	var s types.StreamState
	var ada, bob types.StreamShare
	accrue := func(now int64) types.Pair {
		moved, err := s.Accrue(&budget, rate, now)
		require.NoError(t, err)
		return moved
	}
	settle := func(share *types.StreamShare, weight uint64) {
		require.NoError(t, s.Settle(share, weight))
	}
	// Nobody has served: time passes and nothing streams.
	require.Equal(t, types.Pair{}, accrue(1000))
	require.Equal(t, pair(1000, 10_000), budget)
	settle(&ada, 1)
	s.Weight = 1
	// 10 seconds for ada alone: 1,000 of 10,000, and a tenth of the ALITA.
	require.Equal(t, pair(100, 1000), accrue(1010))
	require.Equal(t, pair(900, 9000), budget)
	settle(&bob, 3)
	s.Weight = 4
	// 11 seconds for both: 1,100 Data Tokens, 275 and 825; of 900 ualita 110, 27.5 and 82.5.
	require.Equal(t, pair(110, 1100), accrue(1021))
	// No second passes twice.
	require.Equal(t, types.Pair{}, accrue(1021))
	require.Equal(t, types.Pair{}, accrue(1000))
	for _, tc := range []struct {
		share types.StreamShare
		want  types.Pair
	}{{ada, pair(127, 1275)}, {bob, pair(82, 825)}} {
		got, err := s.Claimable(tc.share)
		require.NoError(t, err)
		require.Equal(t, tc.want, got)
	}
	// The halves are not lost: 9 ualita more to each unit of weight, and ada has 36.5, bob 109.5.
	settle(&ada, 1)
	settle(&bob, 3)
	_, err := s.Accrue(&types.Pair{Alita: *uint256.NewInt(36), Data: *uint256.NewInt(1)}, rate, 1022)
	require.NoError(t, err)
	got, err := s.Claimable(ada)
	require.NoError(t, err)
	require.Equal(t, "136", got.Alita.Dec()) // 127.5 + 9
	got, err = s.Claimable(bob)
	require.NoError(t, err)
	require.Equal(t, "109", got.Alita.Dec()) // 82.5 + 27
	// The budget is the limit, and all of both coins goes with the last of it.
	require.Equal(t, pair(790, 7900), accrue(1_000_000))
	require.True(t, budget.IsZero())
	require.Equal(t, types.Pair{}, accrue(2_000_000))
}

func TestStreamRefuses(t *testing.T) {
	s := types.StreamState{Weight: 1, PerWeight: pair(1, 1)}
	require.ErrorIs(t, s.Settle(&types.StreamShare{Weight: 1, PerWeight: pair(2, 0)}, 1), types.ErrInvariant)

	most := new(amm.Int).SetAllOne()
	s = types.StreamState{Weight: 1, PerWeight: types.Pair{Alita: *most, Data: *most}}
	require.ErrorIs(t, s.Settle(&types.StreamShare{Weight: 2}, 2), types.ErrTooLarge)
	budget := pair(1, 1)
	_, err := s.Accrue(&budget, uint256.NewInt(1), 1)
	require.ErrorIs(t, err, types.ErrTooLarge)
}

// oracleShare is an owner as exact fractions have it.
type oracleShare struct {
	share   types.StreamShare
	weight  uint64
	earned  [2]*big.Rat // ALITA, Data Tokens
	claimed [2]*big.Int
	falls   int64 // how often the weight fell
}

// TestStreamAgainstFractions: over random services, retirements, claims, gifts and
// seconds nobody gets more than its exact part of what has streamed, and loses less
// than one base unit for each time that its weight fell, and 2^-64 of the weight
// for each accrual and each change of its share.
func TestStreamAgainstFractions(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var s types.StreamState
		budget := pair(rapid.Uint64Range(0, 1e12).Draw(r, "alita"), rapid.Uint64Range(0, 1e12).Draw(r, "data"))
		rate := uint256.NewInt(rapid.SampledFrom([]uint64{0, 1, 2, 7, 1000, 1e9}).Draw(r, "rate"))
		owners := make([]*oracleShare, 3)
		for i := range owners {
			owners[i] = &oracleShare{earned: [2]*big.Rat{new(big.Rat), new(big.Rat)}, claimed: [2]*big.Int{new(big.Int), new(big.Int)}}
		}
		total := [2]*big.Int{budget.Alita.ToBig(), budget.Data.ToBig()}
		now, changes, heaviest := int64(0), int64(0), uint64(0)
		accrue := func() {
			before := budget
			at := s.AccruedAt
			moved, err := s.Accrue(&budget, rate, now)
			require.NoError(r, err)
			changes++
			heaviest = max(heaviest, s.Weight)
			// per_second * seconds, or all.
			want := new(big.Int).Mul(rate.ToBig(), big.NewInt(max(0, now-at)))
			if s.Weight == 0 {
				want.SetInt64(0)
			} else if want.Cmp(before.Data.ToBig()) > 0 {
				want = before.Data.ToBig()
			}
			require.Equal(r, want.String(), moved.Data.Dec())
			for i, alita := range []bool{true, false} {
				require.Equal(r, before.Of(alita).Dec(), new(amm.Int).Add(budget.Of(alita), moved.Of(alita)).Dec())
				for _, o := range owners {
					if s.Weight > 0 {
						o.earned[i].Add(o.earned[i], new(big.Rat).Mul(new(big.Rat).SetInt(moved.Of(alita).ToBig()),
							new(big.Rat).SetFrac(new(big.Int).SetUint64(o.weight), new(big.Int).SetUint64(s.Weight))))
					}
				}
			}
		}
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			o := owners[rapid.IntRange(0, 2).Draw(r, "owner")]
			switch rapid.SampledFrom([]string{"time", "time", "serve", "serve", "retire", "claim", "fund", "rate"}).Draw(r, "what") {
			case "time":
				now += rapid.Int64Range(0, 100).Draw(r, "seconds")
			case "serve":
				accrue()
				n := rapid.Uint64Range(1, 1000).Draw(r, "contributions")
				require.NoError(r, s.Settle(&o.share, o.weight+n))
				o.weight += n
				s.Weight += n
				changes++
			case "retire":
				accrue()
				if o.weight > 0 {
					n := rapid.Uint64Range(1, o.weight).Draw(r, "contributions")
					require.NoError(r, s.Settle(&o.share, o.weight-n))
					o.weight -= n
					s.Weight -= n
					o.falls++
					changes++
				}
			case "claim":
				accrue()
				require.NoError(r, s.Settle(&o.share, o.weight))
				changes++
				for i, alita := range []bool{true, false} {
					paid := o.share.Owed.Of(alita)
					o.claimed[i].Add(o.claimed[i], paid.ToBig())
					_, underflow := s.Owed.Of(alita).SubOverflow(s.Owed.Of(alita), paid)
					require.False(r, underflow, "paid more than was owed to all")
					paid.Clear()
				}
			case "fund":
				accrue()
				alita := rapid.Bool().Draw(r, "in alita")
				amount := rapid.Uint64Range(1, 1e9).Draw(r, "gift")
				budget.Of(alita).Add(budget.Of(alita), uint256.NewInt(amount))
				i := map[bool]int{true: 0, false: 1}[alita]
				total[i].Add(total[i], new(big.Int).SetUint64(amount))
			case "rate":
				accrue()
				rate.Add(rate, uint256.NewInt(rapid.Uint64Range(0, 100).Draw(r, "more")))
			}
			heaviest = max(heaviest, s.Weight)
			claimable := [2]*big.Int{new(big.Int), new(big.Int)}
			for _, o := range owners {
				require.Equal(r, o.weight, o.share.Weight)
				could, err := s.Claimable(o.share)
				require.NoError(r, err)
				for i, alita := range []bool{true, false} {
					claimable[i].Add(claimable[i], could.Of(alita).ToBig())
					// What the share holds, fractions included: owed + weight * growth / 2^64.
					growth := new(amm.Int).Sub(s.PerWeight.Of(alita), o.share.PerWeight.Of(alita)).ToBig()
					holds := new(big.Rat).SetFrac(growth.Mul(growth, new(big.Int).SetUint64(o.weight)), new(big.Int).Lsh(big.NewInt(1), amm.PriceBits))
					holds.Add(holds, new(big.Rat).SetInt(o.share.Owed.Of(alita).ToBig()))
					holds.Add(holds, new(big.Rat).SetInt(o.claimed[i]))
					lost := new(big.Rat).Sub(o.earned[i], holds)
					require.GreaterOrEqual(r, lost.Sign(), 0, "more than the exact part")
					bound := new(big.Rat).SetFrac(
						new(big.Int).Mul(big.NewInt(changes), new(big.Int).SetUint64(heaviest)), new(big.Int).Lsh(big.NewInt(1), amm.PriceBits))
					bound.Add(bound, new(big.Rat).SetInt64(o.falls))
					require.LessOrEqual(r, lost.Cmp(bound), 0, "lost %s, expected at most %s", lost.FloatString(20), bound.FloatString(20))
				}
			}
			for i, alita := range []bool{true, false} {
				require.LessOrEqual(r, claimable[i].Cmp(s.Owed.Of(alita).ToBig()), 0, "more to claim than is owed")
				// Nothing comes from nowhere: budget, owed and claimed are what was given.
				sum := new(big.Int).Add(budget.Of(alita).ToBig(), s.Owed.Of(alita).ToBig())
				for _, o := range owners {
					sum.Add(sum, o.claimed[i])
				}
				require.Zero(r, sum.Cmp(total[i]))
			}
		}
	})
}
