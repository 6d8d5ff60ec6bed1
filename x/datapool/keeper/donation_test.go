package keeper_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestDonationEconomics: a maker opens the smallest pool there can be, gives its account
// coins, or trades in it to make a share dear, before the first other provider. The
// maker never gains and the provider loses a thousandth at most, counted in what
// the withdrawal pays at the price of the deposit.
func TestDonationEconomics(t *testing.T) {
	var table strings.Builder
	table.WriteString("| gift of each coin | deposit of each coin | attacker gains, ualita | provider loses, ppm |\n| --- | --- | --- | --- |\n")
	for _, gift := range []int64{0, 1_000, 1_000_000, 1_000_000_000} {
		for _, deposit := range []int64{2_000, 1_000_000, 2_000_000_000} {
			f := testutil.New(t)
			params := types.DefaultParams()
			params.MinLiquidityAlita = math.OneInt()
			require.NoError(t, f.UpdateParams(params))
			id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) {
				m.LiquidityAlita.Amount, m.LiquidityData = math.NewInt(1_001), math.NewInt(1_001)
				m.MakerAllotment, m.VestingSeconds, m.LockSeconds = math.NewInt(10_000_000_000), 0, 0
			})
			maker, text := f.Funded(t, 1, 10_000_000_000)
			_, err := f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: text, PoolId: id})
			require.NoError(t, err)
			provider, other := f.Funded(t, 2, 4_000_000_000)
			denom := types.DataDenom(id)
			require.NoError(t, f.Bank.SendCoins(f.Ctx, maker, provider, sdk.NewCoins(sdk.NewInt64Coin(denom, 4_000_000_000))))

			hadAlita, hadData := f.Balance(maker, types.BaseDenom), f.Balance(maker, denom)
			if gift > 0 {
				require.NoError(t, f.Bank.SendCoins(f.Ctx, maker, types.PoolAddress(id),
					sdk.NewCoins(sdk.NewInt64Coin(types.BaseDenom, gift), sdk.NewInt64Coin(denom, gift))))
			}
			in := add(t, f, other, id, deposit, deposit)
			remove(t, f, text, id, f.Balance(maker, types.ShareDenom(id)))
			gain := f.Balance(maker, types.BaseDenom).Sub(hadAlita).Add(f.Balance(maker, denom).Sub(hadData))
			gain = gain.SubRaw(2) // the one first share that is not locked, a unit of each coin

			out := remove(t, f, other, id, in.Shares.Amount)
			given := in.Used.Alita.Add(in.Used.Data)
			lost := given.Sub(out.Paid.Alita).Sub(out.Paid.Data)
			ppm := new(big.Int).Mul(lost.BigInt(), big.NewInt(1_000_000))
			ppm.Quo(ppm, given.BigInt())
			require.True(t, gain.LTE(math.ZeroInt()), "gift %d, deposit %d: the attacker gains %s", gift, deposit, gain)
			require.LessOrEqual(t, ppm.Int64(), int64(1_000), "gift %d, deposit %d", gift, deposit)
			fmt.Fprintf(&table, "| %d | %d | %s | %s |\n", gift, deposit, gain, ppm)
			require.NoError(t, f.Keeper.Invariants(f.Ctx))
		}
	}
	t.Logf("in a pool of 1,001 units of each coin:\n%s", table.String())
}
