package app_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/server/config"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"

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
},
) {
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
	require.Equal(t, feemarkettypes.GasPrice{
		Height: 1, Now: 2_500_000, Next: 2_500_000, ContributionsNow: 2_500_000, ContributionsNext: 2_500_000,
	}, price())
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

// TestOfferedPrice: what a node tells wallets to offer gets a transaction into a block, also after several more full ones.
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
	require.Equal(t, "0.010000000000000000ualita", offer().String(), "four times the least price")
	fee := sdk.NewCoins(sdk.NewCoin(app.BaseDenom, offer().AmountOf(app.BaseDenom).MulInt64(200_000).Ceil().TruncateInt()))
	send := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))
	for range 11 {
		chain.NextBlock(send(20_000_000, ualita(1_000_000)), send(20_000_000, ualita(1_000_000)),
			send(20_000_000, ualita(1_000_000)), send(20_000_000, ualita(1_000_000)))
	}
	carol, bob := apptest.NamedAccount("carol"), apptest.NamedAccount("bob")
	res := chain.NextBlock(sends(chain, carol, bob)(200_000, fee)).TxResults[0]
	require.True(t, res.IsOK(), res.Log)
}

// TestAttackDrainedPayer: a payer that gives its coins away in the first transaction of a block pays for its others none the
// less: what processProposal accepted, pays.
func TestAttackDrainedPayer(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(300_000, "alice"), apptest.WithFunded(1, "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	give := func(gas uint64, fee, amount int64) []byte {
		return chain.SignWithFee(alice, gas, ualita(fee), banktypes.NewMsgSend(alice.Address(), bob.Address(), ualita(amount)))
	}
	txs := [][]byte{give(100_000, 250, 299_750)}
	for range 3 {
		txs = append(txs, give(24_900_000, 62_250, 1))
	}
	require.Equal(t, abci.ResponseProcessProposal_ACCEPT, proposal(t, chain, txs...))
	res := chain.NextBlock(txs...).TxResults
	refused(t, res[0], sdkerrors.ErrInsufficientFunds)
	for _, r := range res[1:] {
		require.True(t, r.IsOK(), r.Log)
	}
	require.EqualValues(t, 300_000-250-3*62_250-3, chain.Balance(alice.Address(), app.BaseDenom).Int64())
}

// TestChecksRunOnce: gas, events and results of a transaction are the same whether its checks ran with it or before the block.
func TestChecksRunOnce(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000, "alice", "bob"))
	send := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))
	tx := send(200_000, ualita(500))
	info, _, err := chain.App.Simulate(tx)
	require.NoError(t, err)
	res := chain.NextBlock(tx, send(40_000, ualita(100)), send(1_000, ualita(3))).TxResults
	require.True(t, res[0].IsOK(), res[0].Log)
	require.InDelta(t, info.GasUsed, res[0].GasUsed, 2_000)
	require.EqualValues(t, 200_000, res[0].GasWanted)
	var fees []string
	for _, e := range res[0].Events {
		if e.Type == sdk.EventTypeTx && e.Attributes[0].Key == sdk.AttributeKeyFee {
			fees = append(fees, e.Attributes[0].Value)
		}
	}
	require.Equal(t, []string{"500ualita"}, fees)
	refused(t, res[1], sdkerrors.ErrOutOfGas)
	require.Greater(t, res[1].GasUsed, int64(40_000))
	refused(t, res[2], sdkerrors.ErrOutOfGas)
}

// TestAttackTooLate: a transaction that no block can take any more takes no place in pools either.
func TestAttackTooLate(t *testing.T) {
	chain := apptest.New(t, apptest.WithFunded(1_000_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	transfer := banktypes.NewMsgSend(alice.Address(), bob.Address(), ualita(1))
	last := chain.Time().Add(-apptest.BlockTime)
	arrivesWith := func(left time.Duration) uint32 {
		return arrives(t, chain, chain.SignUnordered(alice, last.Add(left), transfer), abci.CheckTxType_New)
	}
	require.Equal(t, sdkerrors.ErrTxTimeout.ABCICode(), arrivesWith(time.Millisecond))
	require.Equal(t, sdkerrors.ErrTxTimeout.ABCICode(), arrivesWith(2*time.Second-time.Millisecond), "the next block comes after 650 ms, or a few times as much")
	require.Zero(t, arrivesWith(2*time.Second))

	tx, err := chain.App.TxDecode(chain.Sign(bob, banktypes.NewMsgSend(bob.Address(), alice.Address(), ualita(1))))
	require.NoError(t, err)
	until := func(height int64) []byte {
		builder, err := chain.App.TxConfig().WrapTxBuilder(tx)
		require.NoError(t, err)
		builder.SetTimeoutHeight(uint64(height))
		bz, err := chain.App.TxConfig().TxEncoder()(builder.GetTx())
		require.NoError(t, err)
		return bz
	}
	require.Equal(t, sdkerrors.ErrTxTimeoutHeight.ABCICode(), arrives(t, chain, until(chain.Height()-1), abci.CheckTxType_New))
	// What is in time goes on to the check of its signature, which is for other bytes.
	require.Equal(t, sdkerrors.ErrUnauthorized.ABCICode(), arrives(t, chain, until(chain.Height()), abci.CheckTxType_New))
}

// TestAttackPanickingFee: no fee makes the checks of a node panic, which would write a stack into its log for nothing.
func TestAttackPanickingFee(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	large := sdk.NewCoins(sdk.NewCoin(app.BaseDenom, math.NewIntWithDecimal(1, 75)))
	require.Equal(t, sdkerrors.ErrInsufficientFunds.ABCICode(), arrives(t, chain, sends(chain, alice, bob)(200_000, large), abci.CheckTxType_New))

	tx, err := chain.App.TxDecode(sends(chain, bob, alice)(200_000, ualita(500)))
	require.NoError(t, err)
	builder, err := chain.App.TxConfig().WrapTxBuilder(tx)
	require.NoError(t, err)
	builder.(interface{ GetProtoTx() *txtypes.Tx }).GetProtoTx().AuthInfo.Fee.Granter = "x"
	bz, err := builder.(interface{ GetProtoTx() *txtypes.Tx }).GetProtoTx().Marshal()
	require.NoError(t, err)
	require.Equal(t, sdkerrors.ErrInvalidAddress.ABCICode(), arrives(t, chain, bz, abci.CheckTxType_New))
	_, _, err = chain.App.Simulate(bz)
	require.ErrorIs(t, err, sdkerrors.ErrInvalidAddress)
}

// TestAttackSignatureWithoutKey: a signature may leave its public key out if the account has it; the pool does not panic.
func TestAttackSignatureWithoutKey(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	require.True(t, chain.NextBlock(sends(chain, alice, bob)(200_000, ualita(500))).TxResults[0].IsOK())
	tx := signedBy(t, chain, txtypes.Fee{GasLimit: 200_000, Amount: ualita(500)}, banktypes.NewMsgSend(alice.Address(), bob.Address(), ualita(1)),
		signer{Account: alice, sequence: 1, keyless: true})
	require.Zero(t, arrives(t, chain, tx, abci.CheckTxType_New))
	require.Equal(t, [][]byte{tx}, proposes(t, chain))
	res := chain.NextBlock(tx).TxResults[0]
	require.True(t, res.IsOK(), res.Log)
	require.Zero(t, chain.App.Mempool().CountTx())
}

// TestAttackAfterAStart: a node that has started and executed no block yet asks the same of transactions and simulations.
func TestAttackAfterAStart(t *testing.T) {
	db := dbm.NewMemDB()
	chain := apptest.New(t, apptest.WithDB(db), apptest.WithFees(), apptest.WithFunded(1_000_000_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	chain.NextBlock()
	large := chain.SignWithFee(alice, 1, nil, manyTransfers(alice))
	free := sends(chain, alice, bob)(200_000, nil)
	good := sends(chain, bob, alice)(200_000, ualita(500))

	again := app.New(log.NewNopLogger(), db, true, simtestutil.AppOptionsMap{}, baseapp.SetChainID(apptest.ChainID))
	res, err := again.CheckTx(&abci.RequestCheckTx{Tx: free, Type: abci.CheckTxType_New})
	require.NoError(t, err)
	require.Equal(t, feemarkettypes.ErrFeeTooLow.ABCICode(), res.Code, res.Log)
	res, err = again.CheckTx(&abci.RequestCheckTx{Tx: good, Type: abci.CheckTxType_New})
	require.NoError(t, err)
	require.Zero(t, res.Code, res.Log)
	require.EqualValues(t, 200_000, res.GasWanted)
	_, _, err = again.Simulate(large)
	require.ErrorIs(t, err, sdkerrors.ErrOutOfGas)
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

// BenchmarkEmptyBlock executes and commits empty blocks, on a chain to which nothing was offered and on one to which 10,000
// kinds of coins were: as fees, and as gifts to the lists over which each block walks.
func BenchmarkEmptyBlock(b *testing.B) {
	for _, kinds := range []int{0, 10_000} {
		b.Run(fmt.Sprint(kinds), func(b *testing.B) {
			coins := sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, 1_000_000_000_000))
			for i := range kinds {
				coins = append(coins, sdk.NewInt64Coin(fmt.Sprintf("z%05d", i), 1_000))
			}
			chain := apptest.New(b, apptest.WithFees(), apptest.WithAccount("alice", coins...), apptest.WithoutInvariants())
			alice := apptest.NamedAccount("alice")
			validator := sdk.ValAddress(apptest.NamedAccount(apptest.ValidatorName).Address()).String()
			for some := range slices.Chunk(coins[1:], 50) {
				gift := &distrtypes.MsgFundCommunityPool{Amount: some, Depositor: alice.String()}
				reward := &distrtypes.MsgDepositValidatorRewardsPool{Amount: some, Depositor: alice.String(), ValidatorAddress: validator}
				res := chain.NextBlock(chain.SignWithFee(alice, 5_000_000, append(ualita(100_000), some...), gift)).TxResults[0]
				require.Equal(b, feemarkettypes.ErrFeeDenom.ABCICode(), res.Code, res.Log)
				for _, msg := range []sdk.Msg{gift, reward} {
					res = chain.NextBlock(chain.SignWithFee(alice, 5_000_000, ualita(100_000), msg)).TxResults[0]
					require.Equal(b, sdkerrors.ErrInvalidCoins.ABCICode(), res.Code, res.Log)
				}
			}
			for b.Loop() {
				chain.NextBlock()
			}
		})
	}
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
	for range 4 {
		good = append(good, send(19_000_000, ualita(47_500)))
	}
	require.Equal(t, abci.ResponseProcessProposal_ACCEPT, proposal(t, chain))
	require.Equal(t, abci.ResponseProcessProposal_ACCEPT, proposal(t, chain, good...), "exactly as much gas as all may use of a block")

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
	require.Equal(t, abci.ResponseProcessProposal_REJECT, proposal(t, chain, append(slices.Clone(good), little)...), "more gas than all may use of a block")
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
	// Three of the good ones fit besides the little one, and the later one after them.
	require.Equal(t, append(append([][]byte{little}, good[:3]...), bad["later"]), made.Txs)
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

// manyTransfers is one message that does as much as a block of others.
func manyTransfers(from apptest.Account) *banktypes.MsgMultiSend {
	msg := &banktypes.MsgMultiSend{Inputs: []banktypes.Input{banktypes.NewInput(from.Address(), ualita(2_000))}}
	for i := range uint64(2_000) {
		msg.Outputs = append(msg.Outputs, banktypes.NewOutput(sdk.AccAddress(sdk.Uint64ToBigEndian(i)), ualita(1)))
	}
	return msg
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
	exec := func(msgs ...sdk.Msg) sdk.Msg {
		msg := authz.NewMsgExec(alice.Address(), msgs)
		return &msg
	}
	require.ErrorIs(t, simulated(exec(slices.Repeat([]sdk.Msg{transfer}, 64)...)), feemarkettypes.ErrTooManyMessages)
	require.ErrorIs(t, simulated(exec(exec(slices.Repeat([]sdk.Msg{transfer}, 40)...), exec(slices.Repeat([]sdk.Msg{transfer}, 40)...))), feemarkettypes.ErrTooManyMessages)
	require.NoError(t, simulated(exec(slices.Repeat([]sdk.Msg{transfer}, 63)...)))
	proposed, err := govv1.NewMsgSubmitProposal(slices.Repeat([]sdk.Msg{transfer}, 64), ualita(1), alice.String(), "", "many", "many", false)
	require.NoError(t, err)
	require.ErrorIs(t, simulated(proposed), feemarkettypes.ErrTooManyMessages)

	// One message that does as much as a block of others ends at the highest gas limit.
	large := manyTransfers(alice)
	require.ErrorIs(t, simulated(large), sdkerrors.ErrOutOfGas)

	for _, path := range []string{"/app/simulate", "app/simulate", "/app/simulate/", "/app/simulate/x"} {
		answer, err := chain.App.Query(t.Context(), &abci.RequestQuery{Path: path, Data: make([]byte, 4<<20)})
		require.NoError(t, err)
		require.Equal(t, sdkerrors.ErrTxTooLarge.ABCICode(), answer.Code, path)
	}
	answer, err := chain.App.Query(t.Context(), &abci.RequestQuery{Path: "/app/simulate", Data: chain.SignWithFee(alice, 1, nil, transfer)})
	require.NoError(t, err)
	require.Zero(t, answer.Code, answer.Log)
}

// TestGenesisPaysNothing: genesis transactions come before there is a price.
func TestGenesisPaysNothing(t *testing.T) {
	for _, height := range []int64{1, 5_000} {
		chain := apptest.New(t, apptest.WithFees(), apptest.WithInitialHeight(height))
		chain.Advance(time.Second)
		chain.NextBlock()
		validator := apptest.NamedAccount(apptest.ValidatorName)
		require.Equal(t, math.NewInt(1_000_000_000), chain.Balance(validator.Address(), app.BaseDenom))
		// Those of the first blocks pay, at whichever height.
		res := chain.NextBlock(chain.SignWithFee(validator, 200_000, nil, banktypes.NewMsgSend(validator.Address(), validator.Address(), ualita(1))))
		refused(t, res.TxResults[0], feemarkettypes.ErrFeeTooLow)
	}
}
