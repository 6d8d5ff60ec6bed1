package app

import (
	"fmt"

	"github.com/spf13/cast"

	"cosmossdk.io/core/store"
	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	authzkeeper "github.com/cosmos/cosmos-sdk/x/authz/keeper"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensuskeeper "github.com/cosmos/cosmos-sdk/x/consensus/keeper"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	evidencekeeper "github.com/cosmos/cosmos-sdk/x/evidence/keeper"
	evidencetypes "github.com/cosmos/cosmos-sdk/x/evidence/types"
	"github.com/cosmos/cosmos-sdk/x/feegrant"
	feegrantkeeper "github.com/cosmos/cosmos-sdk/x/feegrant/keeper"
	govkeeper "github.com/cosmos/cosmos-sdk/x/gov/keeper"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	mintkeeper "github.com/cosmos/cosmos-sdk/x/mint/keeper"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingkeeper "github.com/cosmos/cosmos-sdk/x/slashing/keeper"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	upgradekeeper "github.com/cosmos/cosmos-sdk/x/upgrade/keeper"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"

	"github.com/alita-network/alita/internal/bankstore"
	clockkeeper "github.com/alita-network/alita/x/clock/keeper"
	clocktypes "github.com/alita-network/alita/x/clock/types"
	computekeeper "github.com/alita-network/alita/x/compute/keeper"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapoolkeeper "github.com/alita-network/alita/x/datapool/keeper"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	feemarketkeeper "github.com/alita-network/alita/x/feemarket/keeper"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
	metadatakeeper "github.com/alita-network/alita/x/metadata/keeper"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// Keepers are the modules' keepers, in the order in which they are made.
type Keepers struct {
	ConsensusKeeper consensuskeeper.Keeper
	AccountKeeper   authkeeper.AccountKeeper
	BankKeeper      bankkeeper.BaseKeeper
	StakingKeeper   *stakingkeeper.Keeper
	MintKeeper      mintkeeper.Keeper
	DistrKeeper     distrkeeper.Keeper
	SlashingKeeper  slashingkeeper.Keeper
	FeeGrantKeeper  feegrantkeeper.Keeper
	AuthzKeeper     authzkeeper.Keeper
	UpgradeKeeper   *upgradekeeper.Keeper
	GovKeeper       *govkeeper.Keeper
	EvidenceKeeper  *evidencekeeper.Keeper

	ClockKeeper     *clockkeeper.Keeper
	FeemarketKeeper *feemarketkeeper.Keeper
	DatapoolKeeper  *datapoolkeeper.Keeper
	MetadataKeeper  *metadatakeeper.Keeper
	ComputeKeeper   *computekeeper.Keeper
}

// Authority is the account whose messages may change the modules' parameters:
// governance.
func Authority() string { return authtypes.NewModuleAddress(govtypes.ModuleName).String() }

// newStoreKeys returns the keys of the persistent stores, one for each module,
// and of the stores that live for one block.
func newStoreKeys() (map[string]*storetypes.KVStoreKey, map[string]*storetypes.ObjectStoreKey) {
	keys := storetypes.NewKVStoreKeys(
		consensustypes.StoreKey, authtypes.StoreKey, banktypes.StoreKey, stakingtypes.StoreKey,
		minttypes.StoreKey, distrtypes.StoreKey, slashingtypes.StoreKey, feegrant.StoreKey,
		authzkeeper.StoreKey, upgradetypes.StoreKey, govtypes.StoreKey, evidencetypes.StoreKey,
		clocktypes.StoreKey, feemarkettypes.StoreKey, datapooltypes.StoreKey, metadatatypes.StoreKey, computetypes.StoreKey,
	)
	objects := map[string]*storetypes.ObjectStoreKey{
		banktypes.ObjectStoreKey: storetypes.NewObjectStoreKey(banktypes.ObjectStoreKey),
	}
	return keys, objects
}

// setKeepers makes the keepers, each after those that it needs.
func (app *App) setKeepers(logger log.Logger, appOpts servertypes.AppOptions) {
	cdc, authority := app.appCodec, Authority()
	service := func(key string) store.KVStoreService {
		k, ok := app.keys[key]
		if !ok {
			panic(fmt.Sprintf("no store key %q", key))
		}
		return runtime.NewKVStoreService(k)
	}

	app.ConsensusKeeper = consensuskeeper.NewKeeper(cdc, service(consensustypes.StoreKey), authority, runtime.EventService{})
	app.SetParamStore(app.ConsensusKeeper.ParamsStore)

	app.AccountKeeper = authkeeper.NewAccountKeeper(cdc, service(authtypes.StoreKey), authtypes.ProtoBaseAccount,
		moduleAccounts(), accountCodec, AccountAddressPrefix, authority, authkeeper.WithUnorderedTransactions(true))

	app.BankKeeper = bankkeeper.NewBaseKeeper(cdc, bankstore.New(service(banktypes.StoreKey)), app.AccountKeeper,
		BlockedAddresses(), authority, logger).WithObjStoreKey(app.objectKeys[banktypes.ObjectStoreKey])

	app.StakingKeeper = stakingkeeper.NewKeeper(cdc, service(stakingtypes.StoreKey), app.AccountKeeper,
		app.BankKeeper, authority, validatorCodec, consensusCodec)

	app.ClockKeeper = clockkeeper.NewKeeper(cdc, service(clocktypes.StoreKey))

	supply := func(ctx sdk.Context, denom string) math.Int { return app.BankKeeper.GetSupply(ctx, denom).Amount }
	app.MintKeeper = mintkeeper.NewKeeper(cdc, service(minttypes.StoreKey), app.StakingKeeper, app.AccountKeeper,
		app.BankKeeper, authtypes.FeeCollectorName, authority, mintkeeper.WithMintFn(mintByTime(app.ClockKeeper, supply)))

	app.DistrKeeper = distrkeeper.NewKeeper(cdc, service(distrtypes.StoreKey), app.AccountKeeper, app.BankKeeper,
		app.StakingKeeper, authtypes.FeeCollectorName, authority)

	app.SlashingKeeper = slashingkeeper.NewKeeper(cdc, app.legacyAmino, service(slashingtypes.StoreKey),
		app.StakingKeeper, authority)

	app.StakingKeeper.SetHooks(stakingtypes.NewMultiStakingHooks(app.DistrKeeper.Hooks(), app.SlashingKeeper.Hooks()))

	app.FeeGrantKeeper = feegrantkeeper.NewKeeper(cdc, service(feegrant.StoreKey), app.AccountKeeper)

	app.AuthzKeeper = authzkeeper.NewKeeper(service(authzkeeper.StoreKey), cdc, app.MsgServiceRouter(), app.AccountKeeper)

	skip := map[int64]bool{}
	for _, h := range cast.ToIntSlice(appOpts.Get(server.FlagUnsafeSkipUpgrades)) {
		skip[int64(h)] = true
	}
	app.UpgradeKeeper = upgradekeeper.NewKeeper(skip, service(upgradetypes.StoreKey), cdc,
		cast.ToString(appOpts.Get(flags.FlagHome)), app.BaseApp, authority)

	app.GovKeeper = govkeeper.NewKeeper(cdc, service(govtypes.StoreKey), app.AccountKeeper, app.BankKeeper,
		app.DistrKeeper, app.MsgServiceRouter(), govtypes.DefaultConfig(), authority,
		govkeeper.NewDefaultCalculateVoteResultsAndVotingPower(app.StakingKeeper))
	// Without a legacy router MsgExecLegacyContent dereferences a nil pointer.
	app.GovKeeper.SetLegacyRouter(govv1beta1.NewRouter().AddRoute(govtypes.RouterKey, govv1beta1.ProposalHandler))
	app.GovKeeper.SetHooks(govtypes.NewMultiGovHooks())

	app.EvidenceKeeper = evidencekeeper.NewKeeper(cdc, service(evidencetypes.StoreKey), app.StakingKeeper,
		app.SlashingKeeper, app.AccountKeeper.AddressCodec(), runtime.ProvideCometInfoService())
	app.EvidenceKeeper.SetRouter(evidencetypes.NewRouter())

	app.FeemarketKeeper = feemarketkeeper.NewKeeper(cdc, service(feemarkettypes.StoreKey), accountCodec, authority)

	app.DatapoolKeeper = datapoolkeeper.NewKeeper(cdc, service(datapooltypes.StoreKey), accountCodec,
		app.AccountKeeper, app.BankKeeper, app.DistrKeeper, app.ClockKeeper, authority)

	app.MetadataKeeper = metadatakeeper.NewKeeper(cdc, service(metadatatypes.StoreKey), accountCodec,
		app.DatapoolKeeper, authority)

	app.ComputeKeeper = computekeeper.NewKeeper(cdc, service(computetypes.StoreKey), accountCodec,
		app.AccountKeeper, app.BankKeeper, app.MetadataKeeper, app.DatapoolKeeper, app.StakingKeeper, validatorCodec, authority)
}
