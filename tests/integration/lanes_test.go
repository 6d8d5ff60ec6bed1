package integration_test

import (
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/crypto/seal"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

// priced is a crowd whose chain has come to these prices of gas, in billionths of a ualita.
func (c *crowd) priced(general, contributions uint64) {
	c.t.Helper()
	ctx := c.App.NewNextBlockContext(cmtproto.Header{ChainID: apptest.ChainID, Height: c.Height()})
	require.NoError(c.t, c.App.FeemarketKeeper.Params.Set(ctx, feemarkettypes.DefaultParams()))
	require.NoError(c.t, c.App.FeemarketKeeper.GasPrice.Set(ctx, feemarkettypes.GasPrice{
		Now: general, Next: general, ContributionsNow: contributions, ContributionsNext: contributions,
	}))
	c.NextBlock()
}

// arrives is the code with which a node answers a transaction that comes to it.
func (c *crowd) arrives(tx []byte) uint32 {
	c.t.Helper()
	res, err := c.App.CheckTx(&abci.RequestCheckTx{Tx: tx, Type: abci.CheckTxType_New})
	require.NoError(c.t, err)
	return res.Code
}

func (c *crowd) proposed() [][]byte {
	c.t.Helper()
	res, err := c.App.PrepareProposal(&abci.RequestPrepareProposal{Height: c.Height(), Time: c.Time(), MaxTxBytes: app.MaxBlockBytes})
	require.NoError(c.t, err)
	return res.Txs
}

func (c *crowd) accepts(txs ...[]byte) bool {
	c.t.Helper()
	res, err := c.App.ProcessProposal(&abci.RequestProcessProposal{Height: c.Height(), Time: c.Time(), Txs: txs, Hash: []byte("block")})
	require.NoError(c.t, err)
	return res.Status == abci.ResponseProcessProposal_ACCEPT
}

// paying signs for a fee at a price.
func (c *crowd) paying(signer apptest.Account, gas, price uint64, msg sdk.Msg) []byte {
	c.t.Helper()
	return c.SignWithFee(signer, gas, alitaCoins(feemarkettypes.Fee(gas, price)), msg)
}

func alitaCoins(ualita uint64) sdk.Coins {
	return sdk.NewCoins(sdk.NewCoin(app.BaseDenom, math.NewIntFromUint64(ualita)))
}

// TestAttackSpamAgainstSeats: whoever fills blocks at whatever price keeps out no answer of a seat and no contribution, and
// cannot use their room.
func TestAttackSpamAgainstSeats(t *testing.T) {
	const floor, dear = 2_500_000, 100_000_000
	c := newCrowdOf(t, 3)
	open := openJobMsg(t, storeMoments(t, c.Chain), 1)
	spec := &open.Spec
	spec.Panels = []string{foundPanel(t, c.Chain, fixedTerms(*spec), c.owners, c.records)}
	spec.Delivery, spec.DeliverBlocks, spec.MinCohort, spec.MaxCohort = computetypes.DELIVERY_SECURE_SUM, 0, 3, 3
	spec.Budget = computetypes.NewFunds(100*whole, 1_000*whole)
	spec.ContributeBlocks = 100
	spec.Secure = &computetypes.SecureSum{Seats: 3, MaxSeatFee: math.NewInt(10), SeatBlocks: 30, VerifyBlocks: 30, OpenBlocks: 30, Rounds: 1}
	c.Must(consumer, open)
	id := computetypes.JobID(consumer.Address(), open.Salt)
	c.NextBlocks(2)
	c.priced(dear/2, floor)

	spam := func(n int) (txs [][]byte) {
		for range n {
			txs = append(txs, c.paying(maker, 19_000_000, dear, banktypes.NewMsgSend(maker.Address(), consumer.Address(), alitaCoins(1))))
		}
		return txs
	}
	take := func(account string) *computetypes.MsgTakeSeat {
		return &computetypes.MsgTakeSeat{Account: account, JobId: id, Key: keyOf(t, id+sdk.ValAddress(c.byAccount[account].Address()).String()).Public().Bytes()}
	}
	seats := c.job(id).Seats
	var keys []seal.PublicKey
	for _, s := range seats {
		keys = append(keys, keyOf(t, id+s.Operator).Public())
	}
	tooLow := feemarkettypes.ErrFeeTooLow.ABCICode()
	stranger := &computetypes.MsgTakeSeat{Account: consumer.String(), JobId: id, Key: keys[0].Bytes()}
	require.Equal(t, tooLow, c.arrives(c.paying(consumer, 300_000, floor, stranger)), "no seat")
	c.NextBlock() // what was signed and not sent is forgotten
	large := c.paying(c.byAccount[seats[0].Account], 8_000_001, floor, take(seats[0].Account))
	require.Equal(t, tooLow, c.arrives(large), "more than one seat's part of a block")
	c.NextBlock()

	full := spam(5)
	require.True(t, c.accepts(full[:4]...), "as much as there is for all")
	require.False(t, c.accepts(full...), "the seats' room")
	for _, tx := range full {
		require.Zero(t, c.arrives(tx))
	}
	var answers [][]byte
	for _, s := range seats {
		tx := c.paying(c.byAccount[s.Account], 300_000, floor, take(s.Account))
		require.Zero(t, c.arrives(tx))
		answers = append(answers, tx)
	}
	block := c.proposed()
	require.Equal(t, answers, block[:3], "before all that pay forty times as much")
	require.Len(t, block, 7)
	require.True(t, c.accepts(block...))
	for _, res := range c.NextBlock(block...).TxResults {
		require.Zero(t, res.Code, res.Log)
	}
	job := c.job(id)
	require.Equal(t, computetypes.JOB_STATUS_CONTRIBUTING, job.Status)
	require.False(t, c.accepts(c.paying(c.byAccount[seats[0].Account], 300_000, floor, take(seats[0].Account))), "nobody waits for it now")
	c.NextBlock()

	// Contributions have a price of their own, and the first part of what is for all.
	for _, tx := range spam(4) {
		require.Zero(t, c.arrives(tx))
	}
	p := c.protocol(job)
	var contributions [][]byte
	for i := range c.owners {
		msg := c.contribution(job, p, keys, i)
		if i == 0 {
			other := *msg
			other.Worker = maker.String()
			require.Equal(t, tooLow, c.arrives(c.paying(maker, 2_000_000, floor, &other)), "no worker of the owner")
		}
		tx := c.paying(c.owners[i], 2_000_000, floor, msg)
		require.Zero(t, c.arrives(tx))
		contributions = append(contributions, tx)
	}
	block = c.proposed()
	require.Equal(t, contributions, block[:3])
	require.Len(t, block, 6, "three of the four others have room left")
	require.True(t, c.accepts(block...))
	first := contributions[0]
	require.Zero(t, c.NextBlock(first).TxResults[0].Code)
	require.Equal(t, tooLow, c.arrives(c.paying(c.owners[0], 2_000_000, floor, c.contribution(job, p, keys, 0))), "a record that has contributed")
	c.NextBlock()
	block = block[1:]
	require.True(t, c.accepts(block...))
	for _, res := range c.NextBlock(block...).TxResults {
		require.Zero(t, res.Code, res.Log)
	}
	require.Equal(t, computetypes.JOB_STATUS_VERIFYING, c.job(id).Status)
}
