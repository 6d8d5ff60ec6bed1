package integration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// TestStreamedRewards: contributions that a job has paid earn their owners the streamed
// rewards in equal parts, until a record is withdrawn.
func TestStreamedRewards(t *testing.T) {
	chain := apptest.New(t, funded())
	createPool(chain)
	pool, err := chain.App.DatapoolKeeper.Pool(chain.Ctx(), poolID)
	require.NoError(t, err)
	policy := pool.RewardPolicy
	policy.PerSecond = math.NewInt(3_000)
	chain.Must(maker, &datapooltypes.MsgUpdatePool{
		Maker: maker.String(), PoolId: poolID, Requirements: pool.Requirements, RewardPolicy: policy,
	})
	program := storeMoments(t, chain)
	records := make([]string, len(owners))
	for i, owner := range owners {
		chain.Must(owner, registerWorkerMsg(t, owner))
		records[i] = listRecord(t, chain, owner, uint64(30+i))
	}
	buy(chain, consumer, 100*whole)
	open := openJobMsg(t, program, 1)
	chain.Must(consumer, open)
	jobID := computetypes.JobID(consumer.Address(), open.Salt)
	deliveries := make([]*computetypes.MsgDeliver, len(owners))
	for i, owner := range owners {
		contribute, deliver := contribution(t, chain, owner, records[i], jobID, []int64{1, 2, 3})
		chain.Must(workerOf(owner), contribute)
		deliveries[i] = deliver
	}
	for i, owner := range owners {
		chain.Must(workerOf(owner), deliveries[i])
	}
	chain.NextBlocks(2)
	stream := func() datapooltypes.Stream {
		p, err := chain.App.DatapoolKeeper.Pool(chain.Ctx(), poolID)
		require.NoError(t, err)
		require.NoError(t, chain.App.DatapoolKeeper.Invariants(chain.Ctx()))
		return p.Stream
	}
	settled := stream()
	require.EqualValues(t, len(owners), settled.Weight, "each contribution that was paid, once")

	// 3,000 units a second for three owners; the first one's record ends.
	chain.Advance(time.Hour)
	chain.Must(owners[0], &metadatatypes.MsgRetireRecord{Owner: owners[0].String(), RecordId: records[0], Reason: "measured again"})
	retired := stream()
	require.EqualValues(t, len(owners)-1, retired.Weight)
	first := retired.AccruedAt - settled.AccruedAt
	require.GreaterOrEqual(t, first, int64(3600))
	chain.Advance(time.Hour)
	denom := datapooltypes.DataDenom(poolID)
	for i, owner := range owners {
		before := chain.Balance(owner.Address(), denom)
		chain.Must(owner, &datapooltypes.MsgClaimStream{Owner: owner.String(), PoolId: poolID})
		want := first * 1_000
		if i > 0 {
			want += (stream().AccruedAt - retired.AccruedAt) * 1_500
		}
		paid := chain.Balance(owner.Address(), denom).Sub(before).Int64()
		// A third of 2^64 is rounded down.
		require.LessOrEqual(t, paid, want, owner.Name)
		require.GreaterOrEqual(t, paid, want-1, owner.Name)
		if i == 0 {
			chain.Fails(datapooltypes.ErrNothingToClaim, owner, &datapooltypes.MsgClaimStream{Owner: owner.String(), PoolId: poolID})
		}
	}
}

// TestMakerOfTheRealChain: the role goes to no account of a module, whoever is asked,
// and the new maker decides on records.
func TestMakerOfTheRealChain(t *testing.T) {
	chain := apptest.New(t, funded())
	createPool(chain)
	for _, module := range []string{"gov", "distribution", "datapool", authtypes.FeeCollectorName} {
		chain.Fails(datapooltypes.ErrInvalidAddress, maker, &datapooltypes.MsgProposeMaker{
			Maker: maker.String(), PoolId: poolID, NewMaker: authtypes.NewModuleAddress(module).String(),
		})
	}
	chain.Fails(datapooltypes.ErrUnauthorized, maker, &datapooltypes.MsgPausePool{Authority: maker.String(), PoolId: poolID, Paused: true})
	heir := owners[1]
	chain.Must(maker, &datapooltypes.MsgProposeMaker{Maker: maker.String(), PoolId: poolID, NewMaker: heir.String()})
	chain.Must(heir, &datapooltypes.MsgAcceptMaker{NewMaker: heir.String(), PoolId: poolID})
	chain.Must(owners[0], registerWorkerMsg(t, owners[0]))
	register := registerMsg(t, owners[0], 1, 30)
	chain.Must(owners[0], register)
	id := metadatatypes.RecordID(owners[0].Address(), register.Salt)
	chain.Fails(metadatatypes.ErrNotMaker, maker, admitMsg(id))
	chain.Must(heir, &metadatatypes.MsgAdmitVersion{Maker: heir.String(), RecordId: id, Version: "1.0.0"})
}
