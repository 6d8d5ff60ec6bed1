package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// seatsHold returns what the accounts of all seats hold together.
func (f *secureFixture) seatsHold() types.Funds {
	total := types.ZeroFunds()
	for _, o := range f.operators {
		total = total.Add(f.funds(seatAccount(o)))
	}
	return total
}

// refuseAll lets one seat refuse all contributions.
func (f *secureFixture) refuseAll(id string, liar int) {
	f.t.Helper()
	for i := range f.job(id).Seats {
		msg := f.preparations(id, i)
		if i == liar {
			for j := range f.records {
				msg.Preparations[j].Share = nil
			}
		}
		_, err := f.msg.Prepare(f.ctx, msg)
		require.NoError(f.t, err)
	}
}

// TestRefusingEarnsNothing: a seat that refuses all contributions of owners that are away ends the job, and gets nothing for it.
func TestRefusingEarnsNothing(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	before := f.funds(f.consumer)
	id := f.toVerifying(f.secureSpec())
	f.refuseAll(id, 1)
	f.endBlocks(8)
	require.Equal(t, types.FAILURE_REASON_COHORT, f.job(id).Failure)
	require.True(t, f.seatsHold().IsZero())
	require.Equal(t, drawn(before).Text(), f.funds(f.consumer).Text(), "a full refund")
}

// TestSeatsArePaidForValidContributions: an invalid contribution earns its seats nothing.
func TestSeatsArePaidForValidContributions(t *testing.T) {
	f := newSecureFixture(t, 3, 4)
	id := f.toVerifying(f.secureSpec())
	f.prepareAllButOne(id)
	f.endBlocks(7)
	f.openAll(id)
	f.endBlocks(7)
	job := f.job(id)
	require.Equal(t, types.JOB_STATUS_SETTLED, job.Status)
	require.Equal(t, types.NewFunds(3*3*10, 0).Text(), f.seatsHold().Text())
	c, err := f.keeper.Contribution(f.ctx, id, f.records[2])
	require.NoError(t, err)
	require.Equal(t, types.CONTRIBUTION_STATUS_UNPAID, c.Status)
}

// TestBlockedSeatBlocksNobody: the fee of a seat that may not receive coins returns to the consumer.
func TestBlockedSeatBlocksNobody(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	before := f.funds(f.consumer)
	id := f.toVerifying(f.secureSpec())
	f.blocked[seatAccount(f.operators[0]).String()] = true
	f.finish(id)
	require.Equal(t, types.NewFunds(2*3*10, 0).Text(), f.seatsHold().Text())
	job := f.job(id)
	require.Equal(t, spentOn(job).Text(), before.Sub(f.funds(f.consumer)).Text())
}

// TestEarlierAttemptIsNeverPaid: an owner that contributed to an attempt that failed, and not to the next, gets nothing and
// leaves nothing behind. An owner that contributed to both is paid once.
func TestEarlierAttemptIsNeverPaid(t *testing.T) {
	f := newSecureFixture(t, 5, 4)
	id := f.toVerifying(f.secureSpec())
	silent := f.job(id).Seats[0].Operator
	for _, i := range []int{1, 2} {
		_, err := f.msg.Prepare(f.ctx, f.preparations(id, i))
		require.NoError(t, err)
	}
	f.endBlocks(6)
	f.requireLost(id, silent, types.SEAT_FAULT_SILENT, stalled)
	require.True(t, f.job(id).Reserved.IsZero(), "what the attempt had reserved is free")
	all := f.records
	f.records = all[:3]
	f.again(id)
	gone, err := f.keeper.Contribution(f.ctx, id, all[3])
	require.NoError(t, err)
	require.Equal(t, types.CONTRIBUTION_STATUS_UNPAID, gone.Status)
	require.True(t, f.funds(f.owners[3]).IsZero())
	for i := range 3 {
		c, err := f.keeper.Contribution(f.ctx, id, all[i])
		require.NoError(t, err)
		require.Equal(t, types.CONTRIBUTION_STATUS_PAID, c.Status)
		stakers := terms.StakersPart(c.Fee.Alita, f.job(id).StakersFeePpm)
		require.Equal(t, c.Fee.Sub(types.Funds{Alita: stakers, Data: math.ZeroInt()}).Text(), f.funds(f.owners[i]).Text())
		require.Equal(t, 1, f.registry.uses[all[i]], "an attempt is no other use of a grant")
	}
	f.requireClean(id)
}

// requireClean checks that a job that is over has left no shares and no sums of its attempts behind.
func (f *secureFixture) requireClean(id string) {
	f.t.Helper()
	left := 0
	count := func(string) { left++ }
	walkJob := collections.NewPrefixedPairRange[string, string](id)
	require.NoError(f.t, f.keeper.Shares.Walk(f.ctx, walkJob, func(k collections.Pair[string, string], _ types.SharedVector) (bool, error) {
		count(k.K2())
		return false, nil
	}))
	require.NoError(f.t, f.keeper.Messages.Walk(f.ctx, walkJob, func(k collections.Pair[string, string], _ []byte) (bool, error) {
		count(k.K2())
		return false, nil
	}))
	require.NoError(f.t, f.keeper.Unsettled.Walk(f.ctx, walkJob, func(k collections.Pair[string, string]) (bool, error) {
		count(k.K2())
		return false, nil
	}))
	require.NoError(f.t, f.keeper.Prepared.Walk(f.ctx, nil, func(k collections.Triple[string, string, uint64], _ []byte) (bool, error) {
		if k.K1() == id {
			count(k.K2())
		}
		return false, nil
	}))
	require.NoError(f.t, f.keeper.Sums.Walk(f.ctx, nil, func(k collections.Triple[string, uint64, uint64], _ types.OpenedSum) (bool, error) {
		if k.K1() == id {
			count(k.K1())
		}
		return false, nil
	}))
	require.NoError(f.t, f.keeper.SeatKeys.Walk(f.ctx, walkJob, func(k collections.Pair[string, string], _ []byte) (bool, error) {
		count(k.K2())
		return false, nil
	}))
	require.Zero(f.t, left)
}

// TestSilenceAtTheOpeningLeavesNoSums: no sum of an attempt that failed counts in the next one.
func TestSilenceAtTheOpeningLeavesNoSums(t *testing.T) {
	f := newSecureFixture(t, 4, 3)
	id := f.toVerifying(f.secureSpec())
	f.prepareAll(id)
	f.endBlock()
	f.openSums(id, 0, 2)
	f.toDeadline(id)
	require.Equal(t, types.JOB_STATUS_SEATING, f.job(id).Status)
	require.NoError(t, f.keeper.Sums.Walk(f.ctx, nil, func(collections.Triple[string, uint64, uint64], types.OpenedSum) (bool, error) {
		t.Error("a sum of the earlier attempt is left")
		return true, nil
	}))
	f.again(id)
	f.requireClean(id)
}

// TestBudgetNoLongerCovers: an attempt with dearer seats takes as many contributions as the budget pays, and fails below the
// cohort with a full refund.
func TestBudgetNoLongerCovers(t *testing.T) {
	f := newSecureFixture(t, 4, 4)
	// The spare seat is dearer by far; it is drawn for the second attempt only.
	spec := f.secureSpec()
	spec.Secure.MaxSeatFee = math.NewInt(1000)
	spec.Budget = types.NewFunds(10_000, 80_000)
	require.NoError(t, f.register(f.operators[0], seatAccount(f.operators[0]), 0, 11))
	f.leave(f.operators[0])
	before := f.funds(f.consumer)
	id := f.toVerifying(spec)
	require.EqualValues(t, 4, f.job(id).Contributions)
	require.NoError(t, f.register(f.operators[0], seatAccount(f.operators[0]), 0, 1000))
	f.endBlocks(6) // nobody judges: all three are replaced, one can be drawn
	f.endBlocks(3)
	require.Equal(t, types.FAILURE_REASON_SEATS, f.job(id).Failure)
	require.Equal(t, drawn(before).Text(), f.funds(f.consumer).Text())

	g := newSecureFixture(t, 4, 4)
	require.NoError(t, g.register(g.operators[0], seatAccount(g.operators[0]), 0, 2000))
	spec = g.secureSpec()
	spec.Secure.MaxSeatFee = math.NewInt(2000)
	spec.MinCohort = 2
	g.leave(g.operators[0])
	spec.Budget = types.NewFunds(18_000, 80_000)
	before = g.funds(g.consumer)
	id = g.toVerifying(spec)
	require.NoError(t, g.register(g.operators[0], seatAccount(g.operators[0]), 0, 2000))
	silent := g.job(id).Seats[2].Operator
	for _, i := range []int{0, 1} {
		_, err := g.msg.Prepare(g.ctx, g.preparations(id, i))
		require.NoError(t, err)
	}
	g.endBlocks(6)
	g.requireLost(id, silent, types.SEAT_FAULT_SILENT, stalled)
	g.endBlocks(2)
	g.takeSeats(id)
	g.endBlock()
	g.addNoise(id)
	taken := 0
	for i := range g.records {
		if _, err := g.msg.Contribute(g.ctx, g.shared(id, i)); err != nil {
			require.ErrorIs(t, err, types.ErrBudgetExhausted)
			continue
		}
		taken++
	}
	require.Equal(t, 4, taken, "the second budget covers all four even then")
	g.endBlocks(12)
	g.finish(id)
	require.Equal(t, spentOn(g.job(id)).Text(), before.Sub(g.funds(g.consumer)).Text())
}

// TestLastAttemptFails: a job that fails with contributions to its last attempt keeps books that agree, and can be exported and loaded.
func TestLastAttemptFails(t *testing.T) {
	f := newSecureFixture(t, 4, 3)
	params := testParams()
	params.MaxAttempts, params.MaxPaymentsPerBlock = 1, 1
	require.NoError(t, f.keeper.Params.Set(f.ctx, params))
	before := f.funds(f.consumer)
	id := f.toVerifying(f.secureSpec())
	f.endBlocks(6)
	require.Equal(t, types.JOB_STATUS_SETTLING, f.job(id).Status)
	restarted(t, f.fixture)
	f.endBlocks(3)
	require.Equal(t, types.FAILURE_REASON_SEATS, f.job(id).Failure)
	require.Equal(t, drawn(before).Text(), f.funds(f.consumer).Text())
	restarted(t, f.fixture)
	f.requireClean(id)
}

// TestQueuedOnceWhateverCameBefore: a job is queued once even if one message makes it due in this very block and another
// message of the same block moves it on.
func TestQueuedOnceWhateverCameBefore(t *testing.T) {
	t.Run("seated, then cancelled", func(t *testing.T) {
		f := newSecureFixture(t, 3, 3)
		id := f.open(f.consumer, 1, f.secureSpec())
		f.endBlocks(2)
		f.takeSeats(id)
		_, err := f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(f.consumer), JobId: id})
		require.NoError(t, err)
		f.endBlocks(3)
		require.Equal(t, types.FAILURE_REASON_CANCELLED, f.job(id).Failure)
	})
	t.Run("done, then a next round", func(t *testing.T) {
		f := newSecureFixture(t, 3, 3)
		spec := f.secureSpec()
		spec.Secure.Rounds, spec.Secure.NextBlocks = 2, 5
		id := f.toVerifying(spec)
		f.prepareAll(id)
		f.endBlock()
		f.openAll(id)
		f.endBlocks(7)
		for _, done := range []bool{true, false} {
			_, err := f.msg.NextRound(f.ctx, &types.MsgNextRound{Consumer: bech(f.consumer), JobId: id, Round: 2, Done: done})
			require.NoError(t, err)
		}
		f.endBlock()
		require.Equal(t, types.JOB_STATUS_CONTRIBUTING, f.job(id).Status)
	})
}
