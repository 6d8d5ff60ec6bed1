package integration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// FuzzTransaction runs transactions that were altered at random on a chain with
// a pool, a record and an open job. A simulation executes the messages without
// asking for the signature, so that the alterations reach the modules; none may
// make one panic.
func FuzzTransaction(f *testing.F) {
	chain := apptest.New(f, funded())
	createPool(chain)
	program := storeMoments(f, chain)
	buy(chain, consumer, 100*whole)
	chain.Must(consumer, &datapooltypes.MsgAddLiquidity{
		Sender: consumer.String(), PoolId: poolID, MaxAlita: math.NewInt(whole), MaxData: math.NewInt(10 * whole),
		MinShares: math.OneInt(), Deadline: deadline(chain),
	})
	owner := owners[0]
	chain.Must(owner, registerWorkerMsg(f, owner))
	record := listRecord(f, chain, owner, 30)
	open := openJobMsg(f, program, 1)
	chain.Must(consumer, open)
	jobID := computetypes.JobID(consumer.Address(), open.Salt)
	contribute, deliver := contribution(f, chain, owner, record, jobID, []int64{30, 600, 13_000})

	sound := 0
	for _, seed := range []struct {
		signer apptest.Account
		msg    sdk.Msg
	}{
		{consumer, &datapooltypes.MsgSwapExactIn{
			Sender: consumer.String(), PoolId: poolID, TokenIn: alita(1_000), MinOut: math.OneInt(), Deadline: deadline(chain),
		}},
		{consumer, &datapooltypes.MsgSwapExactOut{
			Sender: consumer.String(), PoolId: poolID, TokenOut: data(1_000), MaxIn: math.NewInt(whole), Deadline: deadline(chain),
		}},
		{consumer, &datapooltypes.MsgAddLiquidity{
			Sender: consumer.String(), PoolId: poolID, MaxAlita: math.NewInt(whole), MaxData: math.NewInt(whole),
			MinShares: math.OneInt(), Deadline: deadline(chain),
		}},
		{consumer, &datapooltypes.MsgRemoveLiquidity{
			Sender: consumer.String(), PoolId: poolID, Shares: math.NewInt(5), MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: deadline(chain),
		}},
		{consumer, &datapooltypes.MsgFundRewards{Sender: consumer.String(), PoolId: poolID, Amount: data(7)}},
		{maker, &datapooltypes.MsgClaimMaker{Maker: maker.String(), PoolId: poolID}},
		{owners[1], registerWorkerMsg(f, owners[1])},
		{owner, registerMsg(f, owner, 2, 31)},
		{maker, admitMsg(record)},
		{owner, grantMsg(owner, record)},
		{owner, &metadatatypes.MsgRevokeGrant{Owner: owner.String(), RecordId: record, GrantId: 1}},
		{owner, &metadatatypes.MsgRetireRecord{Owner: owner.String(), RecordId: record}},
		{consumer, openJobMsg(f, program, 2)},
		{consumer, &computetypes.MsgCancelJob{Consumer: consumer.String(), JobId: jobID}},
		{workerOf(owner), contribute},
		{workerOf(owner), deliver},
	} {
		chain.NextBlock() // every transaction is the next one of its account
		tx := chain.Sign(seed.signer, seed.msg)
		if _, _, err := chain.App.Simulate(tx); err == nil {
			sound++
		} else {
			f.Logf("%T: %v", seed.msg, err)
		}
		f.Add(tx)
	}
	// All but the second admission and a delivery ahead of its time.
	require.Equal(f, 14, sound)
	f.Fuzz(func(t *testing.T, tx []byte) {
		_, _, err := chain.App.Simulate(tx)
		require.NotErrorIs(t, err, sdkerrors.ErrPanic)
	})
}
