package app_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

func ualita(amount int64) sdk.Coins { return sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, amount)) }

// sends returns a signer of transfers of one ualita with a gas limit and a fee.
func sends(chain *apptest.Chain, from, to apptest.Account) func(gas uint64, fee sdk.Coins) []byte {
	return func(gas uint64, fee sdk.Coins) []byte {
		return chain.SignWithFee(from, gas, fee, banktypes.NewMsgSend(from.Address(), to.Address(), ualita(1)))
	}
}

func refused(t *testing.T, res *abci.ExecTxResult, want interface {
	Codespace() string
	ABCICode() uint32
}) {
	t.Helper()
	require.Equal(t, []any{want.Codespace(), want.ABCICode()}, []any{res.Codespace, res.Code}, res.Log)
}

// TestFeeIsAskedInBlocks: a block pays as well, not only what a node relays.
func TestFeeIsAskedInBlocks(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	send := sends(chain, alice, bob)
	for _, tc := range []struct {
		name string
		gas  uint64
		fee  sdk.Coins
		want interface {
			Codespace() string
			ABCICode() uint32
		}
	}{
		{"nothing", 200_000, nil, feemarkettypes.ErrFeeTooLow},
		{"one less", 200_000, ualita(499), feemarkettypes.ErrFeeTooLow},
		{"more gas than a transaction may use", 25_000_001, ualita(100_000), feemarkettypes.ErrGasLimit},
	} {
		refused(t, chain.NextBlock(send(tc.gas, tc.fee)).TxResults[0], tc.want)
	}
	res := chain.NextBlock(send(200_000, ualita(500))).TxResults[0]
	require.True(t, res.IsOK(), res.Log)
	require.EqualValues(t, 1_000_000-501, chain.Balance(alice.Address(), app.BaseDenom).Int64())

	many := slices.Repeat([]sdk.Msg{banktypes.NewMsgSend(alice.Address(), bob.Address(), ualita(1))}, 65)
	refused(t, chain.NextBlock(chain.SignWithFee(alice, 20_000_000, ualita(50_000), many...)).TxResults[0], feemarkettypes.ErrTooManyMessages)
	res = chain.NextBlock(chain.SignWithFee(alice, 20_000_000, ualita(50_000), many[1:]...)).TxResults[0]
	require.True(t, res.IsOK(), res.Log)
}

// TestGasPriceFollowsBlocks: full blocks make the next ones dearer by an eighth, empty ones cheaper, down to the floor; it
// is the same after an export.
func TestGasPriceFollowsBlocks(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, "alice", "bob"))
	send := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))
	price := func() feemarkettypes.GasPrice {
		p, err := chain.App.FeemarketKeeper.GasPrice.Get(chain.Ctx())
		require.NoError(t, err)
		return p
	}
	full := func() [][]byte {
		var txs [][]byte
		for range 4 {
			txs = append(txs, send(20_000_000, ualita(1_000_000)))
		}
		return txs
	}
	require.Equal(t, feemarkettypes.GasPrice{Height: 1, Now: 2_500_000, Next: 2_500_000}, price())
	for _, next := range []uint64{2_812_500, 3_164_062, 3_559_569} {
		before := price().Next
		for _, res := range chain.NextBlock(full()...).TxResults {
			require.True(t, res.IsOK(), res.Log)
		}
		require.Equal(t, []uint64{before, next}, []uint64{price().Now, price().Next})
	}
	// 200,000 units of gas cost 711.9138 ualita now.
	refused(t, chain.NextBlock(send(200_000, ualita(711))).TxResults[0], feemarkettypes.ErrFeeTooLow)
	require.EqualValues(t, 3_116_848, price().Next, "a block that is nearly empty") // 3,559,569 less 442,721: an eighth of 398/400
	restarted := chain.Restarted(apptest.WithFees())
	restarted.NextBlock()
	p, err := restarted.App.FeemarketKeeper.GasPrice.Get(restarted.Ctx())
	require.NoError(t, err)
	require.EqualValues(t, 3_116_848, p.Now)
	chain.NextBlocks(3)
	require.EqualValues(t, 2_500_000, price().Next)
}

// TestOfferedPrice: what a node tells wallets to offer gets a transaction into a block, also after three more full ones.
func TestOfferedPrice(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, "alice", "bob", "carol"))
	chain.App.RegisterNodeService(client.Context{}, config.Config{})
	offer := func() sdk.DecCoins {
		res, err := nodeservice.NewServiceClient(chain.Conn()).Config(t.Context(), &nodeservice.ConfigRequest{})
		require.NoError(t, err)
		prices, err := sdk.ParseDecCoins(res.MinimumGasPrice)
		require.NoError(t, err)
		return prices
	}
	require.Equal(t, "0.002500000000000000ualita", offer().String())
	send := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))
	fill := func() {
		chain.NextBlock(send(20_000_000, ualita(1_000_000)), send(20_000_000, ualita(1_000_000)),
			send(20_000_000, ualita(1_000_000)), send(20_000_000, ualita(1_000_000)))
	}
	fill()
	require.Equal(t, "0.004218750000000000ualita", offer().String(), "half more than 0.0028125")
	fee := sdk.NewCoins(sdk.NewCoin(app.BaseDenom, offer().AmountOf(app.BaseDenom).MulInt64(200_000).Ceil().TruncateInt()))
	for range 3 {
		fill()
	}
	carol, bob := apptest.NamedAccount("carol"), apptest.NamedAccount("bob")
	res := chain.NextBlock(sends(chain, carol, bob)(200_000, fee)).TxResults[0]
	require.True(t, res.IsOK(), res.Log)
}

// TestAttackFeeDenoms: coins of many kinds get into none of the lists over which x/distribution walks in each block: not
// as fees, not as gifts to its pools, not inside of other messages.
func TestAttackFeeDenoms(t *testing.T) {
	foreign := sdk.NewInt64Coin("zforeign", 1_000)
	chain := apptest.New(t, apptest.WithFees(), apptest.WithAccount("alice", sdk.NewInt64Coin(app.BaseDenom, 1_000_000_000), foreign), apptest.WithFunded(1_000_000, "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	send := sends(chain, alice, bob)
	one := sdk.NewInt64Coin("zforeign", 1)
	for _, fee := range []sdk.Coins{{one}, sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, 100_000), one)} {
		refused(t, chain.NextBlock(send(200_000, fee)).TxResults[0], feemarkettypes.ErrFeeDenom)
	}
	validator := sdk.ValAddress(apptest.NamedAccount(apptest.ValidatorName).Address())
	gifts := []sdk.Msg{
		&distrtypes.MsgFundCommunityPool{Amount: sdk.NewCoins(one), Depositor: alice.String()},
		&distrtypes.MsgFundCommunityPool{Amount: sdk.NewCoins(one, sdk.NewInt64Coin(app.BaseDenom, 1)), Depositor: alice.String()},
		&distrtypes.MsgDepositValidatorRewardsPool{Amount: sdk.NewCoins(one), Depositor: alice.String(), ValidatorAddress: validator.String()},
	}
	for _, gift := range gifts {
		nested := authz.NewMsgExec(alice.Address(), []sdk.Msg{gift})
		for _, msg := range []sdk.Msg{gift, &nested} {
			refused(t, chain.NextBlock(chain.SignWithFee(alice, 1_000_000, ualita(2_500), msg)).TxResults[0], sdkerrors.ErrInvalidCoins)
		}
	}
	res := chain.NextBlock(chain.SignWithFee(alice, 1_000_000, ualita(2_500), &distrtypes.MsgFundCommunityPool{Amount: ualita(7), Depositor: alice.String()})).TxResults[0]
	require.True(t, res.IsOK(), res.Log)
	chain.NextBlocks(2)

	pool, err := chain.App.DistrKeeper.FeePool.Get(chain.Ctx())
	require.NoError(t, err)
	require.Len(t, pool.CommunityPool, 1)
	outstanding, err := chain.App.DistrKeeper.GetValidatorOutstandingRewardsCoins(chain.Ctx(), validator)
	require.NoError(t, err)
	require.Len(t, outstanding, 1)
	require.Equal(t, foreign.Amount, chain.Balance(alice.Address(), "zforeign"))
}

// TestAttackGiftToGovernance: one ualita in the account of governance that is no deposit made every export unusable.
func TestAttackGiftToGovernance(t *testing.T) {
	chain := apptest.New(t, apptest.WithFunded(1_000_000, "alice"))
	alice := apptest.NamedAccount("alice")
	gov := sdk.MustAccAddressFromBech32(app.Authority())
	chain.Fails(sdkerrors.ErrUnauthorized, alice, banktypes.NewMsgSend(alice.Address(), gov, ualita(1)))
	chain.Restarted().NextBlock()
}

// proposal is what an honest node answers to a block.
func proposal(t testing.TB, chain *apptest.Chain, txs ...[]byte) abci.ResponseProcessProposal_ProposalStatus {
	t.Helper()
	res, err := chain.App.ProcessProposal(&abci.RequestProcessProposal{Height: chain.Height(), Time: chain.Time(), Txs: txs, Hash: []byte("block")})
	require.NoError(t, err)
	return res.Status
}

// TestAttackProposersOwnBlock: a proposer's block is refused by every honest node if it has more gas than a block may use,
// or transactions that pay nothing, are not signed, or are no transactions. What an honest node proposes out of the same ones is accepted.
func TestAttackProposersOwnBlock(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, "alice", "bob", "carol"))
	alice, bob, carol := apptest.NamedAccount("alice"), apptest.NamedAccount("bob"), apptest.NamedAccount("carol")
	send := sends(chain, alice, bob)
	var good [][]byte
	for range 5 {
		good = append(good, send(20_000_000, ualita(50_000)))
	}
	require.Equal(t, abci.ResponseProcessProposal_ACCEPT, proposal(t, chain))
	require.Equal(t, abci.ResponseProcessProposal_ACCEPT, proposal(t, chain, good...), "exactly as much gas as a block may use")

	fromCarol := sends(chain, carol, bob)
	little := fromCarol(200_000, ualita(500))
	forged := bytes.Clone(little)
	forged[len(forged)-1] ^= 1 // within the signature
	bad := map[string][]byte{
		"free":    sends(chain, bob, alice)(200_000, nil),
		"forged":  forged,
		"garbage": []byte("garbage"),
		"later":   fromCarol(200_000, ualita(500)), // its sequence comes after the little one's
	}
	require.Equal(t, abci.ResponseProcessProposal_REJECT, proposal(t, chain, append(slices.Clone(good), little)...), "more gas than a block may use")
	for name, tx := range bad {
		require.Equal(t, abci.ResponseProcessProposal_REJECT, proposal(t, chain, tx), name)
	}
	require.Equal(t, abci.ResponseProcessProposal_ACCEPT, proposal(t, chain, little, bad["later"]))
	require.Equal(t, abci.ResponseProcessProposal_REJECT, proposal(t, chain, little, little), "twice")

	for name, tx := range bad {
		if name != "later" {
			require.NotZero(t, arrives(t, chain, tx, abci.CheckTxType_New), name)
		}
	}
	for _, tx := range append(append([][]byte{little}, good...), bad["later"]) {
		require.Zero(t, arrives(t, chain, tx, abci.CheckTxType_New))
	}
	require.NotZero(t, arrives(t, chain, little, abci.CheckTxType_New), "twice")
	made, err := chain.App.PrepareProposal(&abci.RequestPrepareProposal{
		Height: chain.Height(), Time: chain.Time(), MaxTxBytes: app.MaxBlockBytes, Txs: [][]byte{bad["garbage"]},
	})
	require.NoError(t, err)
	// Four of the good ones fit beside the little one, and the later one after them.
	require.Equal(t, append(append([][]byte{little}, good[:4]...), bad["later"]), made.Txs)
	require.Equal(t, abci.ResponseProcessProposal_ACCEPT, proposal(t, chain, made.Txs...))
	for _, res := range chain.NextBlock(made.Txs...).TxResults {
		require.True(t, res.IsOK(), res.Log)
	}

	small, err := chain.App.PrepareProposal(&abci.RequestPrepareProposal{Height: chain.Height(), Time: chain.Time(), MaxTxBytes: 100})
	require.NoError(t, err)
	require.Empty(t, small.Txs, "more bytes than a block may have")
}

// TestProposalsUseTheNextPrice: what is proposed and judged pays the price of the block that it will be in.
func TestProposalsUseTheNextPrice(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, "alice", "bob"))
	send := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))
	var txs [][]byte
	for range 4 {
		txs = append(txs, send(20_000_000, ualita(50_000)))
	}
	chain.NextBlock(txs...)
	low := send(200_000, ualita(562)) // 562.5 from now on
	require.Equal(t, abci.ResponseProcessProposal_REJECT, proposal(t, chain, low))
	res, err := chain.App.CheckTx(&abci.RequestCheckTx{Tx: low, Type: abci.CheckTxType_New})
	require.NoError(t, err)
	require.Equal(t, feemarkettypes.ErrFeeTooLow.ABCICode(), res.Code, res.Log)
	refused(t, chain.NextBlock(low).TxResults[0], feemarkettypes.ErrFeeTooLow)
}

// TestAttackSimulation: strangers cannot have a node compute more than a block would let a transaction use.
func TestAttackSimulation(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	transfer := banktypes.NewMsgSend(alice.Address(), bob.Address(), ualita(1))
	simulated := func(msgs ...sdk.Msg) error {
		tx := chain.SignWithFee(alice, 1, nil, msgs...)
		chain.NextBlock() // the next signature is for the same state
		_, _, err := chain.App.Simulate(tx)
		return err
	}
	require.NoError(t, simulated(transfer), "with any gas limit and no fee")
	require.ErrorIs(t, simulated(slices.Repeat([]sdk.Msg{transfer}, 60_000)...), sdkerrors.ErrTxTooLarge)
	require.ErrorIs(t, simulated(slices.Repeat([]sdk.Msg{transfer}, 65)...), feemarkettypes.ErrTooManyMessages)

	// One message that does as much as a block of others ends at the highest gas limit.
	large := &banktypes.MsgMultiSend{Inputs: []banktypes.Input{banktypes.NewInput(alice.Address(), ualita(2_000))}}
	for i := range uint64(2_000) {
		large.Outputs = append(large.Outputs, banktypes.NewOutput(sdk.AccAddress(sdk.Uint64ToBigEndian(i)), ualita(1)))
	}
	require.ErrorIs(t, simulated(large), sdkerrors.ErrOutOfGas)

	answer, err := chain.App.Query(t.Context(), &abci.RequestQuery{Path: "/app/simulate", Data: make([]byte, 4<<20)})
	require.NoError(t, err)
	require.Equal(t, sdkerrors.ErrTxTooLarge.ABCICode(), answer.Code)
	answer, err = chain.App.Query(t.Context(), &abci.RequestQuery{Path: "/app/simulate", Data: chain.SignWithFee(alice, 1, nil, transfer)})
	require.NoError(t, err)
	require.Zero(t, answer.Code, answer.Log)
}

// TestGenesisPaysNothing: genesis transactions come before there is a price.
func TestGenesisPaysNothing(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees())
	chain.Advance(time.Second)
	chain.NextBlock()
	require.Equal(t, math.NewInt(1_000_000_000), chain.Balance(apptest.NamedAccount(apptest.ValidatorName).Address(), app.BaseDenom))
}
