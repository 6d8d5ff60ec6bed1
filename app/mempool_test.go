package app_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/baseapp/txnrunner"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/app/mempool"
	apptest "github.com/alita-network/alita/testutil/app"
)

// arrives has a transaction come to the node and returns the code of its checks.
func arrives(t testing.TB, chain *apptest.Chain, tx []byte, kind abci.CheckTxType) uint32 {
	t.Helper()
	res, err := chain.App.CheckTx(&abci.RequestCheckTx{Tx: tx, Type: kind})
	require.NoError(t, err)
	return res.Code
}

// signer signs a transaction of several.
type signer struct {
	apptest.Account

	sequence uint64
	expires  time.Time // makes the transaction unordered
	keyless  bool      // without the public key, which the account has
}

// signedBy returns a transaction with the signatures of its signers, in their order.
func signedBy(t testing.TB, chain *apptest.Chain, fee txtypes.Fee, msg sdk.Msg, signers ...signer) []byte {
	t.Helper()
	message, err := codectypes.NewAnyWithValue(msg)
	require.NoError(t, err)
	body, info := txtypes.TxBody{Messages: []*codectypes.Any{message}}, txtypes.AuthInfo{Fee: &fee}
	direct := &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Single_{Single: &txtypes.ModeInfo_Single{Mode: signing.SignMode_SIGN_MODE_DIRECT}}}
	for _, s := range signers {
		var key *codectypes.Any
		if !s.keyless {
			key, err = codectypes.NewAnyWithValue(s.Key.PubKey())
			require.NoError(t, err)
		}
		info.SignerInfos = append(info.SignerInfos, &txtypes.SignerInfo{PublicKey: key, ModeInfo: direct, Sequence: s.sequence})
		if !s.expires.IsZero() {
			body.Unordered, body.TimeoutTimestamp = true, &s.expires
		}
	}
	doc := txtypes.SignDoc{ChainId: apptest.ChainID}
	doc.BodyBytes, err = body.Marshal()
	require.NoError(t, err)
	doc.AuthInfoBytes, err = info.Marshal()
	require.NoError(t, err)
	raw := txtypes.TxRaw{BodyBytes: doc.BodyBytes, AuthInfoBytes: doc.AuthInfoBytes}
	for _, s := range signers {
		doc.AccountNumber = chain.App.AccountKeeper.GetAccount(chain.Ctx(), s.Address()).GetAccountNumber()
		bz, err := doc.Marshal()
		require.NoError(t, err)
		signature, err := s.Key.Sign(bz)
		require.NoError(t, err)
		raw.Signatures = append(raw.Signatures, signature)
	}
	bz, err := raw.Marshal()
	require.NoError(t, err)
	return bz
}

// proposes is what the node would propose next.
func proposes(t testing.TB, chain *apptest.Chain) [][]byte {
	t.Helper()
	res, err := chain.App.PrepareProposal(&abci.RequestPrepareProposal{Height: chain.Height(), Time: chain.Time(), MaxTxBytes: app.MaxBlockBytes})
	require.NoError(t, err)
	return res.Txs
}

// announced is a runner that says how many transactions of a block it has executed.
type announced struct {
	sdk.TxRunner
	executed chan int
}

func (a announced) Run(ctx context.Context, ms storetypes.MultiStore, txs [][]byte, deliver sdk.DeliverTxFunc) ([]*abci.ExecTxResult, error) {
	res, err := a.TxRunner.Run(ctx, ms, txs, deliver)
	a.executed <- len(txs)
	return res, err
}

// announcing returns a chain whose executions of blocks come over a channel.
func announcing(t testing.TB, opts ...apptest.Option) (*apptest.Chain, chan int) {
	t.Helper()
	executed := make(chan int, 1<<12)
	chain := apptest.New(t, append(opts, apptest.WithFees(), apptest.WithSetup(func(a *app.App) {
		a.SetBlockSTMTxRunner(announced{txnrunner.NewDefaultRunner(a.TxConfig().TxDecoder()), executed})
	}))...)
	<-executed // the first block
	return chain, executed
}

// TestAttackUndecidedProposals: a proposer whose proposals are executed and never decided takes no transaction out of the
// other nodes' pools.
func TestAttackUndecidedProposals(t *testing.T) {
	chain, executed := announcing(t, apptest.WithFunded(1_000_000, "alice", "bob"))
	send := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))
	txs := [][]byte{send(200_000, ualita(500)), send(200_000, ualita(500))}
	for _, tx := range txs {
		require.Zero(t, arrives(t, chain, tx, abci.CheckTxType_New))
	}
	for round := range 1_000 {
		res, err := chain.App.ProcessProposal(&abci.RequestProcessProposal{
			Height: chain.Height(), Time: chain.Time(), Txs: txs, Hash: fmt.Appendf(nil, "round %d", round),
		})
		require.NoError(t, err)
		require.Equal(t, abci.ResponseProcessProposal_ACCEPT, res.Status)
		require.Equal(t, len(txs), <-executed)
	}
	require.Equal(t, txs, proposes(t, chain))
	chain.NextBlock() // another block is decided
	for _, tx := range txs {
		require.Zero(t, arrives(t, chain, tx, abci.CheckTxType_Recheck))
	}
	require.Equal(t, txs, proposes(t, chain))
	chain.NextBlock(txs...)
	require.Zero(t, chain.App.Mempool().CountTx())
	require.Empty(t, proposes(t, chain))
}

// several signs n transactions of an account, before the first of them arrives.
func several(n int, send func(uint64, sdk.Coins) []byte, fee sdk.Coins) [][]byte {
	txs := make([][]byte, n)
	for i := range txs {
		txs[i] = send(200_000, fee)
	}
	return txs
}

// TestAttackFullPool: who fills the pool first keeps nobody out who pays more, and nobody's answers out of places of their own.
func TestAttackFullPool(t *testing.T) {
	places := mempool.DefaultLimits()[mempool.General].Txs
	names := []string{"bob", "carol"}
	for i := range places / mempool.MaxOfSender {
		names = append(names, fmt.Sprint("spammer", i))
	}
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000, names...), apptest.WithoutInvariants())
	bob, carol := apptest.NamedAccount("bob"), apptest.NamedAccount("carol")
	var last []byte
	for _, name := range names[2:] {
		for _, tx := range several(mempool.MaxOfSender, sends(chain, apptest.NamedAccount(name), bob), ualita(500)) {
			require.Zero(t, arrives(t, chain, tx, abci.CheckTxType_New))
			last = tx
		}
	}
	require.Equal(t, places, chain.App.Mempool().CountTx())
	full := sdkerrors.ErrMempoolIsFull.ABCICode()
	carols := func(fee int64) []byte {
		return signedBy(t, chain, txtypes.Fee{GasLimit: 200_000, Amount: ualita(fee)}, banktypes.NewMsgSend(carol.Address(), bob.Address(), ualita(1)), signer{Account: carol})
	}
	require.Equal(t, full, arrives(t, chain, carols(500), abci.CheckTxType_New), "as cheap as the others")
	dear := sends(chain, bob, carol)(200_000, ualita(502))
	require.Zero(t, arrives(t, chain, dear, abci.CheckTxType_New))
	require.Equal(t, places, chain.App.Mempool().CountTx())
	require.Equal(t, dear, proposes(t, chain)[0])
	// What comes after the one that was given up could not be executed, whatever it offers.
	spammer := apptest.NamedAccount(names[len(names)-1])
	tx := signedBy(t, chain, txtypes.Fee{GasLimit: 200_000, Amount: ualita(10_000)}, banktypes.NewMsgSend(spammer.Address(), bob.Address(), ualita(1)),
		signer{Account: spammer, sequence: mempool.MaxOfSender})
	res, err := chain.App.CheckTx(&abci.RequestCheckTx{Tx: tx, Type: abci.CheckTxType_New})
	require.NoError(t, err)
	require.Equal(t, full, res.Code, res.Log)
	require.Zero(t, arrives(t, chain, carols(501), abci.CheckTxType_New), "what was refused has used no sequence")
	require.Equal(t, places, chain.App.Mempool().CountTx())
	chain.NextBlock()
	require.Equal(t, full, arrives(t, chain, last, abci.CheckTxType_Recheck), "CometBFT drops what the pool has dropped")
	require.Zero(t, arrives(t, chain, dear, abci.CheckTxType_Recheck))
}

// TestAttackCoSignedPlaces: transactions that no block can take yet, because another of their signers signs others that pay
// less, hold no places: whatever waits can be proposed.
func TestAttackCoSignedPlaces(t *testing.T) {
	const accounts, each = 10, 4
	names := []string{"bob", "carol"}
	for i := range accounts {
		names = append(names, fmt.Sprint("accomplice", i))
	}
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000, names...))
	bob, carol := apptest.NamedAccount("bob"), apptest.NamedAccount("carol")
	accepted := 0
	for i := range each {
		for k, name := range names[2:] {
			// Carol pays for all. The later her sequence, the better the offer.
			accomplice := apptest.NamedAccount(name)
			tx := signedBy(t, chain, txtypes.Fee{GasLimit: 200_000, Amount: ualita(int64(1_000 + k)), Payer: carol.String()},
				banktypes.NewMsgSend(accomplice.Address(), bob.Address(), ualita(1)),
				signer{Account: accomplice, sequence: uint64(i)}, signer{Account: carol, sequence: uint64(accepted)})
			if arrives(t, chain, tx, abci.CheckTxType_New) == 0 {
				accepted++
			}
		}
	}
	require.Len(t, proposes(t, chain), accepted)
	require.Equal(t, accepted, chain.App.Mempool().CountTx())
	require.Equal(t, each, accepted, "one account's, in their order")

	own := banktypes.NewMsgSend(carol.Address(), bob.Address(), ualita(1))
	dear := txtypes.Fee{GasLimit: 200_000, Amount: ualita(100_000)}
	full := sdkerrors.ErrMempoolIsFull.ABCICode()
	require.Equal(t, full, arrives(t, chain, signedBy(t, chain, dear, own, signer{Account: carol, sequence: uint64(accepted)}), abci.CheckTxType_New))
	chain.NextBlock(proposes(t, chain)...)
	require.Zero(t, arrives(t, chain, signedBy(t, chain, dear, own, signer{Account: carol, sequence: uint64(accepted)}), abci.CheckTxType_New))
}

// TestAttackGasByOrder: a transaction whose checks pass in the order of arrival and not in the order of the proposal leaves
// the pool when it was tried.
func TestAttackGasByOrder(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	dave := apptest.NamedAccount("dave")
	gift := banktypes.NewMsgSend(alice.Address(), dave.Address(), ualita(100_000))
	require.True(t, chain.NextBlock(chain.SignWithFee(alice, 200_000, ualita(500), gift)).TxResults[0].IsOK())
	transfer := banktypes.NewMsgSend(dave.Address(), bob.Address(), ualita(1))
	// Dave's account has no key yet: the first transaction brings it, the other ones rely on it and offer more.
	at := func(after time.Duration) time.Time { return chain.Time().Add(time.Minute + after) }
	first := signedBy(t, chain, txtypes.Fee{GasLimit: 200_000, Amount: ualita(500)}, transfer, signer{Account: dave, expires: at(0)})
	require.Zero(t, arrives(t, chain, first, abci.CheckTxType_New))
	for i := range 5 {
		tx := signedBy(t, chain, txtypes.Fee{GasLimit: 200_000, Amount: ualita(5_000)}, transfer, signer{Account: dave, expires: at(time.Duration(i + 1)), keyless: true})
		require.Zero(t, arrives(t, chain, tx, abci.CheckTxType_New))
	}
	require.Equal(t, [][]byte{first}, proposes(t, chain))
	require.Equal(t, 1, chain.App.Mempool().CountTx())
}

// TestAttackManyOfOneSender: one account holds at most 64 places.
func TestAttackManyOfOneSender(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000_000, "alice", "bob"))
	send := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))
	for i, tx := range several(100, send, ualita(50_000)) {
		code := arrives(t, chain, tx, abci.CheckTxType_New)
		require.Equal(t, i < mempool.MaxOfSender, code == 0, "%d", i)
	}
	require.Equal(t, mempool.MaxOfSender, chain.App.Mempool().CountTx())
}

// TestAttackRefusedProposal: a proposer's bad block in a later round changes nothing about the good one that was executed
// before it and is decided after all.
func TestAttackRefusedProposal(t *testing.T) {
	decide := func(refuse bool) []byte {
		chain, executed := announcing(t, apptest.WithFunded(1_000_000, "alice", "bob"))
		tx := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))(200_000, ualita(500))
		process := func(hash string, txs ...[]byte) abci.ResponseProcessProposal_ProposalStatus {
			res, err := chain.App.ProcessProposal(&abci.RequestProcessProposal{Height: chain.Height(), Time: chain.Time(), Txs: txs, Hash: []byte(hash)})
			require.NoError(t, err)
			return res.Status
		}
		require.Equal(t, abci.ResponseProcessProposal_ACCEPT, process("good", tx))
		require.Equal(t, 1, <-executed)
		if refuse {
			require.Equal(t, abci.ResponseProcessProposal_REJECT, process("bad", []byte("garbage")))
		}
		res, err := chain.App.FinalizeBlock(&abci.RequestFinalizeBlock{Height: chain.Height(), Time: chain.Time(), Txs: [][]byte{tx}, Hash: []byte("good")})
		require.NoError(t, err)
		require.Len(t, res.TxResults, 1)
		require.True(t, res.TxResults[0].IsOK(), res.TxResults[0].Log)
		return res.AppHash
	}
	require.Equal(t, decide(false), decide(true))
}

// TestAttackLostExecution: a node that proposes in a later round, while it still executes an earlier proposal, can execute
// that one if it is decided after all.
func TestAttackLostExecution(t *testing.T) {
	started := make(chan struct{})
	chain := apptest.New(t, apptest.WithFees(), apptest.WithFunded(1_000_000, "alice", "bob"), apptest.WithSetup(func(a *app.App) {
		a.SetBlockSTMTxRunner(&slow{TxRunner: txnrunner.NewDefaultRunner(a.TxConfig().TxDecoder()), started: started})
	}))
	tx := sends(chain, apptest.NamedAccount("alice"), apptest.NamedAccount("bob"))(200_000, ualita(500))
	res, err := chain.App.ProcessProposal(&abci.RequestProcessProposal{Height: chain.Height(), Time: chain.Time(), Txs: [][]byte{tx}, Hash: []byte("decided")})
	require.NoError(t, err)
	require.Equal(t, abci.ResponseProcessProposal_ACCEPT, res.Status)
	<-started
	proposes(t, chain)
	decided, err := chain.App.FinalizeBlock(&abci.RequestFinalizeBlock{Height: chain.Height(), Time: chain.Time(), Txs: [][]byte{tx}, Hash: []byte("decided")})
	require.NoError(t, err)
	require.Len(t, decided.TxResults, 1)
	require.True(t, decided.TxResults[0].IsOK(), decided.TxResults[0].Log)
	chain.Commit()
	chain.NextBlock()
}

// slow is a runner whose first execution of transactions lasts until it is given up.
type slow struct {
	sdk.TxRunner

	once    sync.Once
	started chan struct{}
}

func (s *slow) Run(ctx context.Context, ms storetypes.MultiStore, txs [][]byte, deliver sdk.DeliverTxFunc) ([]*abci.ExecTxResult, error) {
	if len(txs) > 0 {
		s.once.Do(func() {
			close(s.started)
			<-ctx.Done()
		})
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.TxRunner.Run(ctx, ms, txs, deliver)
}

// BenchmarkRecheck checks a waiting transfer again, as happens for each one after each block.
func BenchmarkRecheck(b *testing.B) {
	const senders = 1_000
	names := make([]string, senders)
	for i := range names {
		names[i] = fmt.Sprint("sender", i)
	}
	chain := apptest.New(b, apptest.WithFees(), apptest.WithFunded(1_000_000_000, names...), apptest.WithoutInvariants())
	txs := make([][]byte, senders)
	for i, name := range names {
		txs[i] = sends(chain, apptest.NamedAccount(name), apptest.NamedAccount(names[0]))(200_000, ualita(500))
		require.Zero(b, arrives(b, chain, txs[i], abci.CheckTxType_New))
	}
	for b.Loop() {
		b.StopTimer()
		chain.NextBlock()
		b.StartTimer()
		for _, tx := range txs {
			require.Zero(b, arrives(b, chain, tx, abci.CheckTxType_Recheck))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/senders, "µs/tx")
}
