package apptest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/app"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

const (
	// ValidatorName is the account that operates the only validator.
	ValidatorName = "validator"
	validatorBond = 1_000_000_000
)

// validatorKey signs blocks.
var validatorKey = ed25519.GenPrivKeyFromSecret([]byte("alita test validator"))

// GenesisOption changes the genesis state before the chain starts.
type GenesisOption func(codec.Codec, map[string]json.RawMessage) error

// EditGenesis returns a GenesisOption that decodes the state of a module into
// state, calls edit and encodes it again.
func EditGenesis[S any, P interface {
	*S
	proto.Message
}](module string, edit func(state P)) GenesisOption {
	return func(cdc codec.Codec, genesis map[string]json.RawMessage) error {
		state := P(new(S))
		if err := cdc.UnmarshalJSON(genesis[module], state); err != nil {
			return fmt.Errorf("genesis of %s: %w", module, err)
		}
		edit(state)
		bz, err := cdc.MarshalJSON(state)
		genesis[module] = bz
		return err
	}
}

// genesisState returns the network's default genesis with funded accounts and
// one validator, which joins by a genesis transaction as on a real network.
func (c *Chain) genesisState(cfg config) map[string]json.RawMessage {
	c.t.Helper()
	genesis := c.App.DefaultGenesis()
	funds := map[string]sdk.Coins{ValidatorName: sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, 2*validatorBond))}
	for name, coins := range cfg.accounts {
		funds[name] = funds[name].Add(coins...)
	}
	names := make([]string, 0, len(funds))
	for name := range funds {
		names = append(names, name)
	}
	slices.Sort(names)

	edits := []GenesisOption{
		EditGenesis(authtypes.ModuleName, func(gs *authtypes.GenesisState) {
			accounts := make(authtypes.GenesisAccounts, 0, len(names))
			for i, name := range names {
				a := NamedAccount(name)
				accounts = append(accounts, authtypes.NewBaseAccount(a.Address(), a.Key.PubKey(), uint64(i), 0))
			}
			packed, err := authtypes.PackAccounts(accounts)
			require.NoError(c.t, err)
			gs.Accounts = packed
		}),
		EditGenesis(banktypes.ModuleName, func(gs *banktypes.GenesisState) {
			for _, name := range names {
				if !funds[name].IsZero() {
					gs.Balances = append(gs.Balances, banktypes.Balance{Address: NamedAccount(name).String(), Coins: funds[name]})
					gs.Supply = gs.Supply.Add(funds[name]...)
				}
			}
		}),
		// Jobs can be opened a second after their pool.
		EditGenesis(datapooltypes.ModuleName, func(gs *datapooltypes.GenesisState) { gs.Params.TwapWindow = datapooltypes.MinTwapWindow }),
		EditGenesis(genutiltypes.ModuleName, func(gs *genutiltypes.GenesisState) {
			gs.GenTxs = []json.RawMessage{c.genesisTx()}
		}),
	}
	if !cfg.fees {
		edits = append(edits, EditGenesis(feemarkettypes.ModuleName, func(gs *feemarkettypes.GenesisState) {
			gs.Params.MinGasPrice, gs.Params.TargetGas, gs.Params.ContributionsTargetGas = 0, feemarkettypes.MaxGas, feemarkettypes.MaxGas
			gs.GasPrice, gs.ContributionsGasPrice = 0, 0
		}))
	}
	for _, edit := range append(edits, cfg.genesis...) {
		require.NoError(c.t, edit(c.App.AppCodec(), genesis))
	}
	require.NoError(c.t, c.App.BasicModuleManager.ValidateGenesis(c.App.AppCodec(), c.App.TxConfig(), genesis))
	return genesis
}

// genesisTx returns the signed transaction that creates the validator.
func (c *Chain) genesisTx() json.RawMessage {
	c.t.Helper()
	operator := NamedAccount(ValidatorName)
	msg, err := stakingtypes.NewMsgCreateValidator(
		sdk.ValAddress(operator.Address()).String(), validatorKey.PubKey(),
		sdk.NewInt64Coin(app.BaseDenom, validatorBond), stakingtypes.Description{Moniker: ValidatorName},
		stakingtypes.NewCommissionRates(math.LegacyNewDecWithPrec(1, 1), math.LegacyNewDecWithPrec(2, 1), math.LegacyNewDecWithPrec(1, 2)),
		math.OneInt(),
	)
	require.NoError(c.t, err)
	tx := c.signed(operator, 0, 0, txFee{gas: 1_000_000}, msg)
	bz, err := c.App.TxConfig().TxJSONEncoder()(tx)
	require.NoError(c.t, err)
	return bz
}
