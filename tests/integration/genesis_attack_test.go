package integration_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// moved moves a coin between accounts in a genesis; the supply stays.
func moved(from sdk.AccAddress, coin sdk.Coin) apptest.GenesisOption {
	return apptest.EditGenesis(banktypes.ModuleName, func(gs *banktypes.GenesisState) {
		for i := range gs.Balances {
			switch gs.Balances[i].Address {
			case from.String():
				gs.Balances[i].Coins = gs.Balances[i].Coins.Sub(coin)
			case consumer.String():
				gs.Balances[i].Coins = gs.Balances[i].Coins.Add(coin)
			}
		}
	})
}

// minted gives the consumer a coin that nobody has minted, and says so in the supply.
func minted(coin sdk.Coin) apptest.GenesisOption {
	return apptest.EditGenesis(banktypes.ModuleName, func(gs *banktypes.GenesisState) {
		for i := range gs.Balances {
			if gs.Balances[i].Address == consumer.String() {
				gs.Balances[i].Coins = gs.Balances[i].Coins.Add(coin)
			}
		}
		gs.Supply = gs.Supply.Add(coin)
	})
}

func poolGenesis(edit func(p *datapooltypes.Pool)) apptest.GenesisOption {
	return apptest.EditGenesis(datapooltypes.ModuleName, func(gs *datapooltypes.GenesisState) { edit(&gs.Pools[0]) })
}

func jobGenesis(id string, edit func(j *computetypes.Job)) apptest.GenesisOption {
	return apptest.EditGenesis(computetypes.ModuleName, func(gs *computetypes.GenesisState) {
		for i := range gs.Jobs {
			if gs.Jobs[i].Id == id {
				edit(&gs.Jobs[i])
			}
		}
	})
}

func computeGenesis(edit func(gs *computetypes.GenesisState)) apptest.GenesisOption {
	return apptest.EditGenesis(computetypes.ModuleName, edit)
}

func recordsGenesis(edit func(gs *metadatatypes.GenesisState)) apptest.GenesisOption {
	return apptest.EditGenesis(metadatatypes.ModuleName, edit)
}

// TestAttackGenesis: whoever writes a genesis file, or sends one to a new validator, gives accounts what pools, jobs and seats owe
// to others, or has records say more than their accounts hold. No application starts from it.
func TestAttackGenesis(t *testing.T) {
	l := newLiving(t)
	require.NoError(t, l.Import(), "the state as it was exported")
	pool, escrow := datapooltypes.PoolAddress(poolID), computetypes.EscrowAddress(l.direct)
	secure := computetypes.EscrowAddress(l.secure)
	bond := computetypes.SeatBondAddress(apptest.NamedAccount("operator 0").Address())
	leaving := computetypes.SeatBondAddress(apptest.NamedAccount("operator 2").Address())
	one := math.OneInt()
	garbage := func(module, text string) apptest.GenesisOption {
		return func(_ codec.Codec, genesis map[string]json.RawMessage) error {
			genesis[module] = json.RawMessage(text)
			return nil
		}
	}
	for name, attack := range map[string]struct {
		edit apptest.GenesisOption
		want string
	}{
		"a pool's ALITA":                   {moved(pool, alita(1)), "pool 1"},
		"a pool's Data Tokens":             {moved(pool, data(1)), "pool 1"},
		"all of a pool":                    {moved(pool, l.App.BankKeeper.GetBalance(l.Ctx(), pool, app.BaseDenom)), "pool 1"},
		"the escrow of a job":              {moved(escrow, alita(1)), "escrow"},
		"the escrow of a sum":              {moved(secure, data(1)), "escrow"},
		"the bond of a seat":               {moved(bond, alita(1)), "bond"},
		"the bond of a seat that leaves":   {moved(leaving, alita(1)), "bond"},
		"Data Tokens beyond the cap":       {minted(data(1)), "supply"},
		"shares of a pool":                 {minted(sdk.NewInt64Coin(datapooltypes.ShareDenom(poolID), 1)), "supply"},
		"coins that the supply leaves out": {apptest.EditGenesis(banktypes.ModuleName, func(gs *banktypes.GenesisState) { gs.Balances[0].Coins = gs.Balances[0].Coins.Add(alita(1)) }), "supply"},

		"a reserve of ALITA":     {poolGenesis(func(p *datapooltypes.Pool) { p.Reserves.Alita = p.Reserves.Alita.Add(one) }), "pool 1"},
		"a reserve of tokens":    {poolGenesis(func(p *datapooltypes.Pool) { p.Reserves.Data = p.Reserves.Data.Add(one) }), "pool 1"},
		"the maker's fees":       {poolGenesis(func(p *datapooltypes.Pool) { p.MakerFees.Alita = p.MakerFees.Alita.Add(one) }), "pool 1"},
		"the protocol's fees":    {poolGenesis(func(p *datapooltypes.Pool) { p.ProtocolFees.Data = p.ProtocolFees.Data.Add(one) }), "pool 1"},
		"the rewards":            {poolGenesis(func(p *datapooltypes.Pool) { p.Rewards.Data = p.Rewards.Data.Add(one) }), "pool 1"},
		"the vested allotment":   {poolGenesis(func(p *datapooltypes.Pool) { p.Vesting.Total = p.Vesting.Total.Add(one) }), "pool 1"},
		"a reserve below zero":   {poolGenesis(func(p *datapooltypes.Pool) { p.Reserves.Alita = p.Reserves.Alita.Neg() }), "pool 1"},
		"no reserve":             {poolGenesis(func(p *datapooltypes.Pool) { p.Reserves.Alita = math.ZeroInt() }), "pool 1"},
		"a fee above the whole":  {poolGenesis(func(p *datapooltypes.Pool) { p.Fees.SwapFeePpm = 2_000_000 }), "pool 1"},
		"the supply of a token":  {poolGenesis(func(p *datapooltypes.Pool) { p.DataSupply = p.DataSupply.Add(one) }), "pool 1"},
		"the shares of a pool":   {poolGenesis(func(p *datapooltypes.Pool) { p.Shares = p.Shares.Sub(one) }), "pool 1"},
		"another pool's account": {poolGenesis(func(p *datapooltypes.Pool) { p.Address = consumer.String() }), "pool 1"},
		"another pool's token":   {poolGenesis(func(p *datapooltypes.Pool) { p.DataDenom = app.BaseDenom }), "pool 1"},
		"one pool twice": {apptest.EditGenesis(datapooltypes.ModuleName, func(gs *datapooltypes.GenesisState) {
			gs.Pools = append(gs.Pools, gs.Pools[0])
		}), "pool"},
		"the number of the next pool": {apptest.EditGenesis(datapooltypes.ModuleName, func(gs *datapooltypes.GenesisState) { gs.NextPoolId = 1 }), "pool"},
		"a price history with a gap":  {apptest.EditGenesis(datapooltypes.ModuleName, func(gs *datapooltypes.GenesisState) { gs.Observations = gs.Observations[1:] }), "pool"},

		"the budget of a job":          {jobGenesis(l.direct, func(j *computetypes.Job) { j.Spec.Budget.Alita = j.Spec.Budget.Alita.Add(one) }), ""},
		"a refund that was not made":   {jobGenesis(l.direct, func(j *computetypes.Job) { j.Refunded.Alita = j.Spec.Budget.Alita }), "refunded"},
		"a payment taken back":         {jobGenesis(l.direct, func(j *computetypes.Job) { j.Paid.Alita = one.Neg() }), ""},
		"fewer owners than the cohort": {jobGenesis(l.direct, func(j *computetypes.Job) { j.Owners = 1 }), ""},
		"an ended job with its escrow": {jobGenesis(l.direct, func(j *computetypes.Job) { j.Status = computetypes.JOB_STATUS_SETTLED }), ""},
		"a job of no status":           {jobGenesis(l.direct, func(j *computetypes.Job) { j.Status = 99 }), ""},
		"a job's id":                   {jobGenesis(l.direct, func(j *computetypes.Job) { j.Id = l.secure }), ""},
		"another reader's sums":        {jobGenesis(l.secure, func(j *computetypes.Job) { j.Spec.MinCohort = 0 }), ""},
		"a seat's bond": {computeGenesis(func(gs *computetypes.GenesisState) {
			for i := range gs.Seats {
				gs.Seats[i].Bond = gs.Seats[i].Bond.Add(alita(1))
			}
		}), "bond"},
		"a seat twice":          {computeGenesis(func(gs *computetypes.GenesisState) { gs.Seats = append(gs.Seats, gs.Seats[0]) }), "seat"},
		"a seat that sits":      {computeGenesis(func(gs *computetypes.GenesisState) { gs.Seats = gs.Seats[:0] }), ""},
		"no contributions":      {computeGenesis(func(gs *computetypes.GenesisState) { gs.Contributions = nil }), ""},
		"a contribution twice":  {computeGenesis(func(gs *computetypes.GenesisState) { gs.Contributions = append(gs.Contributions, gs.Contributions[0]) }), ""},
		"no panel":              {recordsGenesis(func(gs *metadatatypes.GenesisState) { gs.Panels = nil }), ""},
		"a record twice":        {recordsGenesis(func(gs *metadatatypes.GenesisState) { gs.Records = append(gs.Records, gs.Records[0]) }), ""},
		"a record of no pool":   {recordsGenesis(func(gs *metadatatypes.GenesisState) { gs.Records[0].PoolId = 9 }), ""},
		"a version of nothing":  {recordsGenesis(func(gs *metadatatypes.GenesisState) { gs.Versions = gs.Versions[1:] }), ""},
		"what is no JSON":       {garbage(datapooltypes.ModuleName, `"pools"`), ""},
		"fields of no module":   {garbage(computetypes.ModuleName, `{"jobs":[],"gold":1}`), ""},
		"parameters of nothing": {garbage(datapooltypes.ModuleName, `{}`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := l.Import(attack.edit)
			require.Error(t, err)
			require.ErrorContains(t, err, attack.want)
			require.NotContains(t, err.Error(), "nil pointer")
			require.NotContains(t, err.Error(), "index out of range")
		})
	}
}
