package keeper_test

import (
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// supply returns the supply of ualita.
func (f *fixture) supply() math.Int {
	return f.bank.GetSupply(f.ctx, datapooltypes.BaseDenom).Amount
}

// setDrawFee changes the draw fee.
func (f *fixture) setDrawFee(fee int64) {
	f.t.Helper()
	params, err := f.keeper.Params.Get(f.ctx)
	require.NoError(f.t, err)
	params.DrawFee = math.NewInt(fee)
	require.NoError(f.t, f.keeper.Params.Set(f.ctx, params))
}

// The draw of seats costs the consumer a fee that is burned, in addition to the budget. Only the budget goes into escrow.
func TestDrawFeeIsBurned(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	before, supply := f.funds(f.consumer), f.supply()
	spec := f.secureSpec()
	id := f.open(f.consumer, 1, spec)
	require.Equal(t, before.Sub(spec.Budget).Sub(types.NewFunds(drawFee, 0)).Text(), f.funds(f.consumer).Text())
	require.Equal(t, spec.Budget.Text(), f.funds(types.EscrowAddress(id)).Text())
	require.EqualValues(t, drawFee, supply.Sub(f.supply()).Int64())
	require.EqualValues(t, drawFee, f.job(id).DrawFee.Int64())
	require.Contains(t, f.events(), proto.Message(&types.EventJobOpened{
		JobId: id, Consumer: bech(f.consumer), PoolId: poolID, ProgramId: spec.ProgramId,
		Budget: spec.Budget, DeadlineHeight: 2, DrawFee: "1000000",
	}))
	// A new fee holds for jobs that are opened later.
	f.setDrawFee(3)
	require.EqualValues(t, drawFee, f.job(id).DrawFee.Int64())
	require.EqualValues(t, 3, f.job(f.open(f.consumer, 2, spec)).DrawFee.Int64())
	require.EqualValues(t, drawFee+3, supply.Sub(f.supply()).Int64())
}

// Whoever takes a job back to have its seats drawn again pays for each draw.
func TestDrawnAgainIsPaidAgain(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	before := f.funds(f.consumer)
	for n := range uint64(3) {
		id := f.open(f.consumer, n, f.secureSpec())
		f.endBlocks(2)
		require.Len(t, f.job(id).Seats, 3)
		_, err := f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(f.consumer), JobId: id})
		require.NoError(t, err)
		require.EqualValues(t, drawFee, f.job(id).DrawFee.Int64())
	}
	require.Equal(t, before.Sub(types.NewFunds(3*drawFee, 0)).Text(), f.funds(f.consumer).Text())
}

// Further attempts and rounds cost no other draw fee: it is paid once for a job.
func TestDrawFeeIsPaidOnce(t *testing.T) {
	f := newSecureFixture(t, 5, 3)
	before, supply := f.funds(f.consumer), f.supply()
	spec := f.secureSpec()
	spec.Secure.Rounds, spec.Secure.NextBlocks = 2, 5
	id := f.toVerifying(spec)
	for _, i := range []int{1, 2} { // a third one is silent
		_, err := f.msg.Prepare(f.ctx, f.preparations(id, i))
		require.NoError(t, err)
	}
	f.endBlocks(6)
	require.EqualValues(t, 2, f.job(id).Attempt)
	slashed := math.ZeroInt()
	for _, lost := range f.job(id).Lost {
		slashed = slashed.Add(lost.Slashed.Amount)
	}
	for range 2 {
		if f.job(id).Status == types.JOB_STATUS_WAITING {
			_, err := f.msg.NextRound(f.ctx, &types.MsgNextRound{Consumer: bech(f.consumer), JobId: id, Round: 2, Input: []byte("second")})
			require.NoError(t, err)
			f.contributing(id)
		} else {
			f.attempt(id)
		}
		f.prepareAll(id)
		f.endBlock()
		f.openAll(id)
		f.endBlocks(7)
	}
	job := f.job(id)
	require.Equal(t, types.JOB_STATUS_SETTLED, job.Status)
	require.EqualValues(t, 2, job.Round)
	require.Equal(t, spentOn(job).Text(), before.Sub(f.funds(f.consumer)).Text())
	require.EqualValues(t, drawFee, job.DrawFee.Int64())
	require.Equal(t, slashed.AddRaw(drawFee).String(), supply.Sub(f.supply()).String())
}

// A consumer that has the budget but not the fee is told both amounts, and no coin moves.
func TestDrawFeeThatCannotBePaid(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	poor := account("poor")
	f.fund(poor, 20_000+drawFee-1, 80_000)
	open := func() error {
		_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(poor), Salt: salt(1), Spec: f.secureSpec()})
		return err
	}
	f.refusedSaying(types.ErrDrawFee, "expected at least 1020000ualita, the budget of 20000ualita and 1000000 for the opening, got 1019999ualita", open)
	f.fund(poor, 1, 0)
	require.NoError(t, open())
	require.True(t, f.funds(poor).IsZero())
}

// A fee of zero burns nothing.
func TestNoDrawFee(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	supply := f.supply()
	require.True(t, f.job(f.open(f.consumer, 1, f.spec())).DrawFee.IsZero())
	f.setDrawFee(0)
	require.True(t, f.job(f.open(f.consumer, 2, f.secureSpec())).DrawFee.IsZero())
	require.Equal(t, supply.String(), f.supply().String())
}

// A quote has the fee.
func TestQuoteTellsTheDrawFee(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	ask := func(seats uint32) *types.QueryQuoteJobResponse {
		res, err := f.query.QuoteJob(f.ctx, &types.QueryQuoteJobRequest{
			PoolId: poolID, ProgramId: f.program, Columns: 1, Length: 3, PricePerMop: "500000", Seats: seats,
		})
		require.NoError(t, err)
		return res
	}
	f.setDrawFee(7)
	require.EqualValues(t, 7, ask(3).DrawFee.Int64())
	require.True(t, ask(0).DrawFee.IsZero())
}

// A genesis says what was burned for a job: nothing in direct delivery, which draws nobody.
func TestDrawFeeInGenesis(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	id := f.open(f.consumer, 1, f.secureSpec())
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	require.EqualValues(t, drawFee, gs.Jobs[0].DrawFee.Int64())
	load := func(change func(gs *types.GenesisState)) error {
		other := *gs
		other.Jobs = append([]types.Job{}, gs.Jobs...)
		change(&other)
		g := newEmptyFixture(t)
		g.bank.InitGenesis(g.ctx, f.bank.ExportGenesis(f.ctx))
		if err := g.keeper.InitGenesis(g.ctx, other); err != nil {
			return err
		}
		require.Equal(t, f.job(id).DrawFee, g.job(id).DrawFee)
		return nil
	}
	require.NoError(t, load(func(*types.GenesisState) {}))
	for _, fee := range []math.Int{{}, math.NewInt(-1), math.NewInt(1_000_000_000_001)} {
		require.ErrorContains(t, load(func(gs *types.GenesisState) { gs.Jobs[0].DrawFee = fee }), "expected 0 to 1000000000000 ualita")
		require.ErrorIs(t, load(func(gs *types.GenesisState) { gs.Params.DrawFee = fee }), types.ErrInvalidParams)
	}

	direct := newFixture(t)
	direct.fund(account("consumer"), 20_000, 80_000)
	direct.open(account("consumer"), 1, direct.spec())
	gs, err = direct.keeper.ExportGenesis(direct.ctx)
	require.NoError(t, err)
	gs.Jobs[0].DrawFee = math.OneInt()
	require.NoError(t, gs.Validate())
	gs.Params.OpenFee = math.NewInt(-1)
	require.ErrorContains(t, gs.Validate(), "open_fee: expected 0 to 1000000000000 ualita")
}

// TestAttackFreeJobs: the chain has to end each job, so opening one with direct delivery burns a fee and pays for the ends of its phases.
// Jobs for gas alone filled the queue of ends for hours.
func TestAttackFreeJobs(t *testing.T) {
	const openFee = 50_000
	f := newFixture(t)
	params, err := f.keeper.Params.Get(f.ctx)
	require.NoError(t, err)
	require.EqualValues(t, openFee, types.DefaultParams().OpenFee.Int64())
	params.OpenFee = math.NewInt(openFee)
	require.NoError(t, f.keeper.Params.Set(f.ctx, params))
	consumer := account("consumer")
	f.fund(consumer, 20_000+openFee-1, 80_000)
	open := func() error {
		_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(1), Spec: f.spec()})
		return err
	}
	err = open()
	require.ErrorIs(t, err, types.ErrDrawFee)
	require.ErrorContains(t, err, "expected at least 70000ualita, the budget of 20000ualita and 50000 for the opening, got 69999ualita")
	f.fund(consumer, 1, 0)
	supply := f.supply()
	gas, _ := f.metered(func(ctx sdk.Context) error {
		_, err := f.msg.OpenJob(ctx, &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(1), Spec: f.spec()})
		return err
	})
	require.Greater(t, gas, uint64(3*75_000))
	require.EqualValues(t, openFee, supply.Sub(f.supply()).Int64())
	id := types.JobID(consumer, salt(1))
	require.EqualValues(t, openFee, f.job(id).DrawFee.Int64())
	res, err := f.query.QuoteJob(f.ctx, &types.QueryQuoteJobRequest{PoolId: poolID, ProgramId: f.program, Columns: 1, Length: 3, PricePerMop: "500000"})
	require.NoError(t, err)
	require.EqualValues(t, openFee, res.DrawFee.Int64())
}
