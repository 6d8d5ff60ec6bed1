// Package apptest runs the real application in process, block by block, for
// integration tests: genesis, signed transactions, FinalizeBlock and Commit,
// without a network and without CometBFT.
package apptest

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
)

const (
	// ChainID is the chain on which test transactions are valid.
	ChainID = "alita-test-1"
	// BlockTime is the time between blocks unless a test advances the clock.
	BlockTime = time.Second
)

// genesisTime is when every test chain starts.
var genesisTime = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// Invariant is checked after every block; it returns what does not hold.
type Invariant func(ctx sdk.Context, a *app.App) error

// Chain is an application with the block that comes next.
type Chain struct {
	App *app.App

	t          testing.TB
	height     int64
	time       time.Time // of the next block
	last       time.Time // of the last block
	invariants []Invariant
	// used counts, by account, the transactions signed for the next block.
	used map[string]uint64
}

type config struct {
	accounts   map[string]sdk.Coins
	genesis    []GenesisOption
	invariants []Invariant
	appOptions simtestutil.AppOptionsMap
	db         dbm.DB
	baseApp    []func(*baseapp.BaseApp)
	setup      []func(*app.App)
	unchecked  bool
	fees       bool
	height     int64
}

// Option changes how New makes a chain.
type Option func(*config)

// WithAccount gives the account of a name coins at genesis.
func WithAccount(name string, coins ...sdk.Coin) Option {
	return func(c *config) { c.accounts[name] = sdk.NewCoins(coins...) }
}

// WithFunded gives each account amount of the base denomination at genesis.
func WithFunded(amount int64, names ...string) Option {
	return func(c *config) {
		for _, name := range names {
			c.accounts[name] = sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, amount))
		}
	}
}

// WithGenesis changes the genesis state; see EditGenesis.
func WithGenesis(edits ...GenesisOption) Option {
	return func(c *config) { c.genesis = append(c.genesis, edits...) }
}

// WithInvariants checks more after every block than the invariants of the
// modules, which every test chain checks.
func WithInvariants(invariants ...Invariant) Option {
	return func(c *config) { c.invariants = append(c.invariants, invariants...) }
}

// WithAppOption sets a flag or a key of app.toml.
func WithAppOption(key string, value any) Option {
	return func(c *config) { c.appOptions[key] = value }
}

// WithDB keeps the state in db and not in memory.
func WithDB(db dbm.DB) Option {
	return func(c *config) { c.db = db }
}

// WithBaseApp sets what a node sets from its app.toml.
func WithBaseApp(options ...func(*baseapp.BaseApp)) Option {
	return func(c *config) { c.baseApp = append(c.baseApp, options...) }
}

// WithoutInvariants checks none, for states over which it takes too long to walk.
func WithoutInvariants() Option {
	return func(c *config) { c.unchecked = true }
}

// WithFees has the network's price of gas asked for. Other test chains ask for none.
func WithFees() Option {
	return func(c *config) { c.fees = true }
}

// WithInitialHeight has the chain begin at another height than 1.
func WithInitialHeight(height int64) Option {
	return func(c *config) { c.height = height }
}

// WithSetup changes the application before it loads its state.
func WithSetup(setup func(*app.App)) Option {
	return func(c *config) { c.setup = append(c.setup, setup) }
}

// New starts a chain and commits its first block.
func New(t testing.TB, opts ...Option) *Chain {
	t.Helper()
	cfg := newConfig(opts)
	c := newChain(t, cfg)
	genesis := c.genesisState(cfg)
	state, err := json.Marshal(genesis)
	require.NoError(t, err)
	c.initChain(cfg.height, state, nil, genesisTime)
	c.NextBlock()
	return c
}

func newConfig(opts []Option) config {
	cfg := config{accounts: map[string]sdk.Coins{}, appOptions: simtestutil.AppOptionsMap{}, height: 1}
	for _, opt := range opts {
		opt(&cfg)
	}
	return cfg
}

func newChain(t testing.TB, cfg config) *Chain {
	t.Helper()
	var db dbm.DB = dbm.NewMemDB()
	if cfg.db != nil {
		db = cfg.db
	}
	a := app.New(log.NewNopLogger(), db, false, cfg.appOptions, append(cfg.baseApp, baseapp.SetChainID(ChainID))...)
	for _, setup := range cfg.setup {
		setup(a)
	}
	require.NoError(t, a.LoadLatestVersion())
	c := &Chain{App: a, t: t, used: map[string]uint64{}}
	if !cfg.unchecked {
		c.invariants = append(defaultInvariants(), cfg.invariants...)
	}
	return c
}

func (c *Chain) initChain(height int64, state []byte, validators []abci.ValidatorUpdate, at time.Time) {
	c.t.Helper()
	params := app.DefaultConsensusParams().ToProto()
	_, err := c.App.InitChain(&abci.RequestInitChain{
		Time: at, ChainId: ChainID, ConsensusParams: &params, Validators: validators,
		AppStateBytes: state, InitialHeight: height,
	})
	require.NoError(c.t, err)
	c.height, c.time, c.last = height, at, at
}

// Height returns the height of the next block.
func (c *Chain) Height() int64 { return c.height }

// Time returns the time of the next block.
func (c *Chain) Time() time.Time { return c.time }

// Advance moves the time of the next block.
func (c *Chain) Advance(d time.Duration) { c.time = c.time.Add(d) }

// Ctx returns a context over the last committed state, as a query sees it: at
// the height and time of the last block. Writes to it are lost.
func (c *Chain) Ctx() sdk.Context {
	ctx, _ := c.App.NewContext(true).CacheContext()
	return ctx.WithChainID(ChainID).WithBlockHeight(c.height - 1).WithBlockTime(c.last)
}

// Balance returns the balance of an account.
func (c *Chain) Balance(of sdk.AccAddress, denom string) math.Int {
	return c.App.BankKeeper.GetBalance(c.Ctx(), of, denom).Amount
}

// Conn returns a connection on which generated clients query the last committed
// state.
func (c *Chain) Conn() grpc.ClientConnInterface {
	return &baseapp.QueryServiceTestHelper{GRPCQueryRouter: c.App.GRPCQueryRouter(), Ctx: c.Ctx()}
}

// NextBlock executes and commits a block of transactions and checks the
// invariants on the new state.
func (c *Chain) NextBlock(txs ...[]byte) *abci.ResponseFinalizeBlock {
	c.t.Helper()
	res := c.Finalize(txs...)
	c.Commit()
	for _, invariant := range c.invariants {
		require.NoError(c.t, invariant(c.Ctx(), c.App), "after block %d", c.height-1)
	}
	return res
}

// Finalize executes the next block; Commit has to follow. It checks no invariant.
func (c *Chain) Finalize(txs ...[]byte) *abci.ResponseFinalizeBlock {
	c.t.Helper()
	validator := validatorKey.PubKey().Address()
	res, err := c.App.FinalizeBlock(&abci.RequestFinalizeBlock{
		Txs:             txs,
		Height:          c.height,
		Time:            c.time,
		ProposerAddress: validator,
		DecidedLastCommit: abci.CommitInfo{Votes: []abci.VoteInfo{{
			Validator:   abci.Validator{Address: validator, Power: validatorBond / sdk.DefaultPowerReduction.Int64()},
			BlockIdFlag: 2, // voted for the block
		}}},
	})
	require.NoError(c.t, err)
	return res
}

// Commit commits the block that Finalize has executed.
func (c *Chain) Commit() {
	c.t.Helper()
	_, err := c.App.Commit()
	require.NoError(c.t, err)
	c.height++
	c.last = c.time
	c.time = c.time.Add(BlockTime)
	clear(c.used)
}

// NextBlocks commits n empty blocks.
func (c *Chain) NextBlocks(n int) {
	c.t.Helper()
	for range n {
		c.NextBlock()
	}
}

// Deliver executes the messages in one transaction in a block of its own.
func (c *Chain) Deliver(signer Account, msgs ...sdk.Msg) *abci.ExecTxResult {
	c.t.Helper()
	return c.NextBlock(c.Sign(signer, msgs...)).TxResults[0]
}

// Must is Deliver for messages that have to succeed.
func (c *Chain) Must(signer Account, msgs ...sdk.Msg) *abci.ExecTxResult {
	c.t.Helper()
	res := c.Deliver(signer, msgs...)
	require.Zero(c.t, res.Code, "%s %d: %s", res.Codespace, res.Code, res.Log)
	return res
}

// Fails is Deliver for messages that have to be refused with want, a registered
// error. The message of the refusal is returned.
func (c *Chain) Fails(want error, signer Account, msgs ...sdk.Msg) string {
	c.t.Helper()
	var registered *errorsmod.Error
	require.True(c.t, errors.As(want, &registered), "%v is no registered error", want)
	res := c.Deliver(signer, msgs...)
	require.NotZero(c.t, res.Code, "expected %v, got no error", want)
	require.Equal(c.t, []any{registered.Codespace(), registered.ABCICode()}, []any{res.Codespace, res.Code},
		"expected %v, got: %s", want, res.Log)
	return res.Log
}

// Restarted exports the state and returns a new chain started from it, with the
// same clock and invariants, whose next block is the one this chain would make.
func (c *Chain) Restarted(opts ...Option) *Chain {
	c.t.Helper()
	exported, err := c.App.ExportAppStateAndValidators(false, nil, nil)
	require.NoError(c.t, err)
	next := newChain(c.t, newConfig(opts))
	next.invariants = c.invariants
	updates := make([]abci.ValidatorUpdate, 0, len(exported.Validators))
	for _, v := range exported.Validators {
		updates = append(updates, cmttypes.TM2PB.NewValidatorUpdate(v.PubKey, v.Power))
	}
	next.initChain(exported.Height, exported.AppState, updates, c.time)
	return next
}
