package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// The values of a new network that differ from the SDK's defaults.
const (
	// MaxBlockBytes bounds a block; the SDK's default is 53 MiB.
	MaxBlockBytes = 4 << 20
	// MaxBlockGas bounds the work of a block; the default is unbounded.
	MaxBlockGas = 100_000_000
	// UnbondingTime is how long stake stays at risk after it is withdrawn.
	UnbondingTime = 21 * 24 * time.Hour
	// blockTime is the time between blocks that bounds in blocks assume, as
	// measured on a network of this machine. What can be told in time is.
	blockTime = 650 * time.Millisecond
	// oneALITA is one ALITA in ualita.
	oneALITA = 1_000_000
	// year is a Julian year.
	year = 8766 * time.Hour
)

// DefaultGenesis returns the genesis state of every module by module name.
func (app *App) DefaultGenesis() map[string]json.RawMessage {
	return app.BasicModuleManager.DefaultGenesis(app.appCodec)
}

// DefaultConsensusParams returns the consensus parameters of a new network:
// bounded blocks, and evidence that stays valid for as long as stake is at risk.
func DefaultConsensusParams() *cmttypes.ConsensusParams {
	params := cmttypes.DefaultConsensusParams()
	params.Block.MaxBytes = MaxBlockBytes
	params.Block.MaxGas = MaxBlockGas
	params.Evidence.MaxAgeDuration = UnbondingTime
	params.Evidence.MaxAgeNumBlocks = int64(UnbondingTime / blockTime)
	params.Evidence.MaxBytes = 1 << 20
	return params
}

// checkGenesis refuses a genesis that promises what it does not hold: the accounts of pools, jobs and seats must cover what
// their records owe, and every index must lead to its record.
func (app *App) checkGenesis(ctx sdk.Context) error {
	for _, module := range []struct {
		name       string
		invariants func(context.Context) error
	}{
		{datapooltypes.ModuleName, app.DatapoolKeeper.Invariants},
		{metadatatypes.ModuleName, app.MetadataKeeper.Invariants},
		{computetypes.ModuleName, app.ComputeKeeper.Invariants},
	} {
		if err := module.invariants(ctx); err != nil {
			return fmt.Errorf("genesis of %s: %w", module.name, err)
		}
	}
	return nil
}

// genesisDefaults returns the basic modules whose default genesis is the
// network's own.
func genesisDefaults(manager *module.Manager) map[string]module.AppModuleBasic {
	basics := map[string]module.AppModuleBasic{
		genutiltypes.ModuleName: genutil.NewAppModuleBasic(genutiltypes.DefaultMessageValidator),
	}
	own := map[string]func(codec.JSONCodec) json.RawMessage{
		banktypes.ModuleName:     bankGenesis,
		stakingtypes.ModuleName:  stakingGenesis,
		minttypes.ModuleName:     mintGenesis,
		distrtypes.ModuleName:    distributionGenesis,
		slashingtypes.ModuleName: slashingGenesis,
		govtypes.ModuleName:      govGenesis,
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		basics[name] = moduleWithDefaults{manager.Modules[name].(basicModule), own[name]}
	}
	return basics
}

type basicModule interface {
	module.AppModuleBasic
	module.HasGenesisBasics
}

// moduleWithDefaults is a module with another default genesis.
type moduleWithDefaults struct {
	basicModule

	defaults func(codec.JSONCodec) json.RawMessage
}

// DefaultGenesis implements module.HasGenesisBasics.
func (m moduleWithDefaults) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	return m.defaults(cdc)
}

// bankGenesis describes the coin, so that wallets and explorers can show it.
func bankGenesis(cdc codec.JSONCodec) json.RawMessage {
	gs := banktypes.DefaultGenesisState()
	gs.DenomMetadata = []banktypes.Metadata{{
		Description: "The native coin of the Alita data exchange: fees, stake, escrows and one side of every pool.",
		DenomUnits: []*banktypes.DenomUnit{
			{Denom: BaseDenom, Exponent: 0, Aliases: []string{"microalita"}},
			{Denom: DisplayDenom, Exponent: DisplayExponent, Aliases: []string{DisplaySymbol}},
		},
		Base:    BaseDenom,
		Display: DisplayDenom,
		Name:    "Alita",
		Symbol:  DisplaySymbol,
	}}
	return cdc.MustMarshalJSON(gs)
}

// stakingGenesis keeps commissions above 5 %: below it validators undercut each
// other until only large ones cover their costs.
func stakingGenesis(cdc codec.JSONCodec) json.RawMessage {
	gs := stakingtypes.DefaultGenesisState()
	gs.Params.BondDenom = BaseDenom
	gs.Params.UnbondingTime = UnbondingTime
	gs.Params.MinCommissionRate = math.LegacyNewDecWithPrec(5, 2)
	return cdc.MustMarshalJSON(gs)
}

// mintGenesis starts at 8 % a year and moves between 4 % and 10 % towards two
// thirds of the supply bonded.
func mintGenesis(cdc codec.JSONCodec) json.RawMessage {
	gs := minttypes.DefaultGenesisState()
	gs.Minter = minttypes.InitialMinter(math.LegacyNewDecWithPrec(8, 2))
	gs.Params.MintDenom = BaseDenom
	gs.Params.InflationMin = math.LegacyNewDecWithPrec(4, 2)
	gs.Params.InflationMax = math.LegacyNewDecWithPrec(10, 2)
	gs.Params.InflationRateChange = math.LegacyNewDecWithPrec(6, 2)
	gs.Params.GoalBonded = math.LegacyNewDecWithPrec(67, 2)
	gs.Params.BlocksPerYear = uint64(year / blockTime)
	return cdc.MustMarshalJSON(gs)
}

func distributionGenesis(cdc codec.JSONCodec) json.RawMessage {
	gs := distrtypes.DefaultGenesisState()
	gs.Params.CommunityTax = math.LegacyNewDecWithPrec(2, 2)
	return cdc.MustMarshalJSON(gs)
}

// slashingGenesis jails a validator that signs less than 5 % of some eight
// hours of blocks: an outage over night is no crime.
func slashingGenesis(cdc codec.JSONCodec) json.RawMessage {
	gs := slashingtypes.DefaultGenesisState()
	gs.Params.SignedBlocksWindow = int64(8 * time.Hour / blockTime)
	gs.Params.MinSignedPerWindow = math.LegacyNewDecWithPrec(5, 2)
	gs.Params.DowntimeJailDuration = 10 * time.Minute
	gs.Params.SlashFractionDoubleSign = math.LegacyNewDecWithPrec(5, 2)
	gs.Params.SlashFractionDowntime = math.LegacyNewDecWithPrec(1, 4)
	return cdc.MustMarshalJSON(gs)
}

// govGenesis asks for 1,000 ALITA, a tenth of it at submission, and gives five
// days to vote; 5,000 ALITA buy an expedited day.
func govGenesis(cdc codec.JSONCodec) json.RawMessage {
	gs := govv1.DefaultGenesisState()
	deposit, voting, expedited := 14*24*time.Hour, 5*24*time.Hour, 24*time.Hour
	gs.Params.MinDeposit = sdk.NewCoins(sdk.NewInt64Coin(BaseDenom, 1_000*oneALITA))
	gs.Params.ExpeditedMinDeposit = sdk.NewCoins(sdk.NewInt64Coin(BaseDenom, 5_000*oneALITA))
	gs.Params.MaxDepositPeriod = &deposit
	gs.Params.VotingPeriod = &voting
	gs.Params.ExpeditedVotingPeriod = &expedited
	gs.Params.MinInitialDepositRatio = math.LegacyNewDecWithPrec(1, 1).String()
	return cdc.MustMarshalJSON(gs)
}
