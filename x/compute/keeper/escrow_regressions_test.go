package keeper_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"

	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
)

// These tests keep out faults that other compute markets have had; each names
// the report.

// AgenC#60, iexec-worker#244, yagna#3348, akash support#180: nobody traps money
// by walking away, in any phase. Every phase ends by itself.
func TestAbandonedInAnyPhaseReturnsTheMoney(t *testing.T) {
	for name, tc := range map[string]struct {
		contribute, deliver int
		want                types.FailureReason
	}{
		"nobody contributes":       {0, 0, types.FAILURE_REASON_COHORT},
		"too few contribute":       {1, 0, types.FAILURE_REASON_COHORT},
		"nobody delivers":          {3, 0, types.FAILURE_REASON_DELIVERY},
		"too few deliver":          {3, 1, types.FAILURE_REASON_DELIVERY},
		"one of three is missing":  {3, 2, types.FAILURE_REASON_UNSPECIFIED},
		"one of two is missing":    {2, 1, types.FAILURE_REASON_DELIVERY},
		"the smallest cohort does": {2, 2, types.FAILURE_REASON_UNSPECIFIED},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			consumer := account("consumer")
			f.fund(consumer, 20_000, 80_000)
			spec := f.spec()
			spec.MaxCohort = 4
			job := f.open(consumer, 1, spec)
			owners := []string{"ada", "bob", "cyd"}
			for _, o := range owners[:tc.contribute] {
				f.contribute(job, f.addRecord(o, account(o), 100))
			}
			f.endBlocks(11)
			for _, o := range owners[:tc.deliver] {
				f.deliver(job, recordID(o))
			}
			f.endBlocks(6)
			got := f.job(job)
			require.False(t, got.Open())
			require.Equal(t, tc.want, got.Failure)
			require.Equal(t, types.NewFunds(2487*int64(tc.deliver), 9948*int64(tc.deliver)), got.Paid)
			require.True(t, f.funds(types.EscrowAddress(job)).IsZero())
			require.Equal(t, got.Refunded, f.funds(consumer))
		})
	}
}

// akash support#441: an error at one object aborted the loop over the others.
// Here a consumer cannot take its refund back, for a while.
func TestFailingJobStopsNoOther(t *testing.T) {
	f := newFixture(t)
	refuses := true
	var stuck sdk.AccAddress = account("consumer 0")
	f.bank.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
		if refuses && to.Equals(stuck) {
			return nil, errors.New("no")
		}
		return to, nil
	})
	refuses = false
	jobs := make([]string, 4)
	for i := range jobs {
		consumer := account("consumer " + string(rune('0'+i)))
		f.fund(consumer, 20_000, 80_000)
		jobs[i] = f.open(consumer, uint64(i), f.spec())
	}
	refuses = true
	f.endBlocks(11)
	require.Equal(t, types.JOB_STATUS_CONTRIBUTING, f.job(jobs[0]).Status)
	require.Equal(t, types.NewFunds(20_000, 80_000), f.funds(types.EscrowAddress(jobs[0])))
	for _, job := range jobs[1:] {
		require.Equal(t, types.JOB_STATUS_FAILED, f.job(job).Status)
	}
	// The stuck job keeps its money, and does not block the queue for ever.
	refuses = false
	f.endBlocks(keeper.RetryBlocks)
	require.Equal(t, types.JOB_STATUS_FAILED, f.job(jobs[0]).Status)
	require.Equal(t, types.NewFunds(20_000, 80_000), f.funds(stuck))
}

// A panic inside one job is such an error, too.
func TestPanickingJobStopsNoOther(t *testing.T) {
	f := newFixture(t)
	var bad sdk.AccAddress = account("bad")
	armed := false
	f.bank.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
		if armed && to.Equals(bad) {
			panic("division by zero")
		}
		return to, nil
	})
	good := account("good")
	f.fund(bad, 20_000, 80_000)
	f.fund(good, 20_000, 80_000)
	first, second := f.open(bad, 1, f.spec()), f.open(good, 1, f.spec())
	armed = true
	f.endBlocks(11)
	require.True(t, f.job(first).Open())
	require.False(t, f.job(second).Open())
}

// rejectPayments makes the bank ask, at each payment to an account, whether it is refused.
func (f *fixture) rejectPayments(who sdk.AccAddress, reject func() error) {
	f.bank.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
		if to.Equals(who) {
			return nil, reject()
		}
		return to, nil
	})
}

// iexec PoCo#15: a payee that rejects its money blocked the settlement of all.
// Here it goes back to the consumer, and the others are paid.
func TestRejectingPayeeBlocksNobody(t *testing.T) {
	for name, reject := range map[string]func(f *fixture, who sdk.AccAddress){
		"blocked address": func(f *fixture, who sdk.AccAddress) { f.blocked[who.String()] = true },
		"send restriction": func(f *fixture, who sdk.AccAddress) {
			f.rejectPayments(who, func() error { return errors.New("no") })
		},
		"panic": func(f *fixture, who sdk.AccAddress) {
			f.rejectPayments(who, func() error { panic("no") })
		},
		// The owner's part has left the escrow when the stakers' part is rejected: both return.
		"half-way": func(f *fixture, who sdk.AccAddress) {
			paidToAda := false
			f.bank.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
				if to.Equals(f.auth.GetModuleAddress(authtypes.FeeCollectorName)) && paidToAda {
					paidToAda = false
					return nil, errors.New("no")
				}
				paidToAda = to.Equals(who)
				return to, nil
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			consumer, ada, bob := account("consumer"), account("ada"), account("bob")
			f.fund(consumer, 20_000, 80_000)
			job := f.open(consumer, 1, f.spec())
			f.contribute(job, f.addRecord("first", ada, 100))
			f.contribute(job, f.addRecord("second", bob, 100))
			f.endBlocks(11)
			f.deliver(job, recordID("first"))
			f.deliver(job, recordID("second"))
			reject(f, ada)
			f.endBlock()
			got := f.job(job)
			require.Equal(t, types.JOB_STATUS_SETTLED, got.Status)
			require.Equal(t, types.ZeroFunds(), f.funds(ada))
			require.Equal(t, types.NewFunds(2363, 9948), f.funds(bob))
			require.Equal(t, types.NewFunds(17_513, 70_052), f.funds(consumer))
			c, err := f.keeper.Contribution(f.ctx, job, recordID("first"))
			require.NoError(t, err)
			require.Equal(t, types.CONTRIBUTION_STATUS_UNPAID, c.Status)
		})
	}
}

// A consumer whose refund could not return may not open a job.
func TestBlockedConsumerIsRefused(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 20_000, 80_000)
	f.blocked[consumer.String()] = true
	_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(1), Spec: f.spec()})
	require.ErrorIs(t, err, types.ErrBlockedPayee)
}

// akash node#1635: leases ran on after their account was overdrawn. Here each
// contribution reserves its fee, and the one that does not fit is refused.
func TestBudgetIsNeverOverdrawn(t *testing.T) {
	for name, budget := range map[string]types.Funds{
		"ALITA":       types.NewFunds(2*2487+2486, 80_000),
		"Data Tokens": types.NewFunds(20_000, 2*9948+9947),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			consumer := account("consumer")
			f.fund(consumer, 20_000, 80_000)
			spec := f.spec()
			spec.Budget = budget
			job := f.open(consumer, 1, spec)
			f.contribute(job, f.addRecord("first", account("ada"), 100))
			f.contribute(job, f.addRecord("second", account("bob"), 100))
			msg := f.attest(job, f.addRecord("third", account("cyd"), 100))
			before := f.state()
			_, err := f.msg.Contribute(f.ctx, msg)
			require.ErrorIs(t, err, types.ErrBudgetExhausted)
			require.True(t, before == f.state())
			// A smaller one still fits.
			f.contribute(job, f.addRecord("fourth", account("dan"), 1))
		})
	}
}

// Two jobs of one consumer share no money.
func TestJobsShareNoEscrow(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 40_000, 160_000)
	first, second := f.open(consumer, 1, f.spec()), f.open(consumer, 2, f.spec())
	require.NotEqual(t, types.EscrowAddress(first), types.EscrowAddress(second))
	_, err := f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(consumer), JobId: first})
	require.NoError(t, err)
	require.Equal(t, types.NewFunds(20_000, 80_000), f.funds(types.EscrowAddress(second)))
}

// ocean-node, yagna, lilypad: the payee states what it is owed. Here the chain
// computes it, and a claim that differs is refused in both directions.
func TestBillIsComputedByTheChain(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 20_000, 80_000)
	job := f.open(consumer, 1, f.spec())
	msg := f.attest(job, f.addRecord("first", account("ada"), 100))
	honest := msg.Attestation.Operations
	for _, claim := range []uint64{0, 1, honest - 1, honest + 1, 2 * honest, 1<<64 - 1} {
		msg.Attestation.Operations = claim
		_, err := f.msg.Contribute(f.ctx, msg)
		require.ErrorIs(t, err, types.ErrWrongOperations)
	}
	msg.Attestation.Operations = honest
	res, err := f.msg.Contribute(f.ctx, msg)
	require.NoError(t, err)
	require.Equal(t, types.NewFunds(2487, 9948), res.Fee)
}

// ocean C2D: five seconds are billed as a minute. Here nothing is rounded up:
// 717 operations at 1,394 ualita a million are 0.999 ualita, and cost none.
func TestSmallRunsAreNotRoundedUp(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 20_000, 80_000)
	for price, want := range map[int64]types.Funds{1394: types.NewFunds(0, 0), 1395: types.NewFunds(1, 4), 2790: types.NewFunds(2, 8)} {
		spec := f.spec()
		spec.PricePerMop, spec.Budget = math.NewInt(price), types.NewFunds(100, 400)
		job := f.open(consumer, uint64(price), spec)
		require.Equal(t, want, f.contribute(job, f.addRecord("first", account("ada"), 1)))
	}
}

// akash support#403: a wrong reason was stored. Here the reason is stored and
// decides who is paid.
func TestReasonDecidesWhoIsPaid(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 40_000, 160_000)
	for _, o := range []string{"ada", "bob"} {
		f.addRecord(o, account(o), 100)
	}
	cohort, delivery := f.open(consumer, 1, f.spec()), f.open(consumer, 2, f.spec())
	f.contribute(cohort, recordID("ada"))
	f.contribute(delivery, recordID("ada"))
	f.contribute(delivery, recordID("bob"))
	f.endBlocks(11)
	f.deliver(delivery, recordID("bob"))
	f.endBlocks(5)
	require.Equal(t, types.FAILURE_REASON_COHORT, f.job(cohort).Failure)
	require.Equal(t, types.FAILURE_REASON_DELIVERY, f.job(delivery).Failure)
	for job, want := range map[string]map[string]types.ContributionStatus{
		cohort:   {"ada": types.CONTRIBUTION_STATUS_UNPAID},
		delivery: {"ada": types.CONTRIBUTION_STATUS_UNPAID, "bob": types.CONTRIBUTION_STATUS_PAID},
	} {
		for o, status := range want {
			c, err := f.keeper.Contribution(f.ctx, job, recordID(o))
			require.NoError(t, err)
			require.Equal(t, status, c.Status)
		}
	}
}

// Coins that anybody sends to an escrow belong to no job: they change no
// payment and no end of a job. An account that somebody made at the escrow's
// address beforehand changes nothing either.
func TestForeignCoinsInAnEscrowChangeNothing(t *testing.T) {
	f := newFixture(t)
	consumer, eve := account("consumer"), account("eve")
	f.fund(consumer, 20_000, 80_000)
	f.fund(eve, 1_000, 0)
	escrow := types.EscrowAddress(types.JobID(consumer, salt(1)))
	gift := types.NewFunds(1_000, 0).Coins(poolID)
	base := f.auth.NewAccountWithAddress(f.ctx, escrow).(*authtypes.BaseAccount)
	vesting, err := vestingtypes.NewDelayedVestingAccount(base, gift, 1<<40)
	require.NoError(t, err)
	f.auth.SetAccount(f.ctx, vesting)
	require.NoError(t, f.bank.SendCoins(f.ctx, eve, escrow, gift))

	job := f.open(consumer, 1, f.spec())
	f.contribute(job, f.addRecord("first", account("ada"), 100))
	f.contribute(job, f.addRecord("second", account("bob"), 100))
	f.endBlocks(11)
	f.deliver(job, recordID("first"))
	f.deliver(job, recordID("second"))
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_SETTLED, f.job(job).Status)
	require.Equal(t, types.NewFunds(2363, 9948), f.funds(account("ada")))
	require.Equal(t, types.NewFunds(15_026, 60_104), f.funds(consumer))
	require.Equal(t, types.NewFunds(1_000, 0), f.funds(escrow))
}

// A block does bounded work: one job and one payment here. Everybody gets there.
func TestWorkPerBlockIsBounded(t *testing.T) {
	f := newFixture(t)
	params := testParams()
	params.MaxJobsPerBlock, params.MaxPaymentsPerBlock = 1, 1
	require.NoError(t, f.keeper.Params.Set(f.ctx, params))
	consumer := account("consumer")
	f.fund(consumer, 40_000, 160_000)
	owners := []string{"ada", "bob", "cyd"}
	jobs := []string{f.open(consumer, 1, f.spec()), f.open(consumer, 2, f.spec())}
	for _, o := range owners {
		f.addRecord(o, account(o), 100)
		for _, job := range jobs {
			f.contribute(job, recordID(o))
		}
	}
	f.endBlock()
	delivering := 0
	for _, job := range jobs {
		if f.job(job).Status == types.JOB_STATUS_DELIVERING {
			delivering++
		}
	}
	require.Equal(t, 1, delivering)
	f.endBlock()
	for _, job := range jobs {
		for _, o := range owners {
			f.deliver(job, recordID(o))
		}
	}
	for paid := 1; paid <= 6; paid++ {
		f.endBlock()
		total := int64(0)
		for _, job := range jobs {
			total += f.job(job).Paid.Alita.Int64()
		}
		require.EqualValues(t, 2487*paid, total)
	}
	for _, job := range jobs {
		require.Equal(t, types.JOB_STATUS_SETTLED, f.job(job).Status)
	}
}

// The last job pays in the block in which it can, also if others wait before it.
func TestQueueServesTheLongestDueFirst(t *testing.T) {
	f := newFixture(t)
	params := testParams()
	params.MaxJobsPerBlock = 1
	require.NoError(t, f.keeper.Params.Set(f.ctx, params))
	consumer := account("consumer")
	f.fund(consumer, 100_000, 400_000)
	var order []string
	for i := range 3 {
		spec := f.spec()
		spec.ContributeBlocks = uint32(10 - i)
		order = append([]string{f.open(consumer, uint64(i), spec)}, order...)
	}
	f.endBlocks(8)
	for i := range order {
		f.endBlock()
		for j, job := range order {
			require.Equal(t, j > i, f.job(job).Open(), "job %d after step %d", j, i)
		}
	}
}

// The same faults in jobs with seats, attempts and rounds. TestEveryPhaseEnds tests that every phase ends by itself, and
// TestEarlierAttemptIsNeverPaid that an earlier attempt is never paid. That each escrow holds its job's balance is an invariant,
// which is checked after every block.

// finished checks that nothing is left of a secure sum: no escrow, no waiting contribution, no seat that still sits.
func (f *secureFixture) finished(id string) {
	f.t.Helper()
	job := f.job(id)
	require.False(f.t, job.Open(), job.Status)
	require.Equal(f.t, job.Spec.Budget.Text(), job.Paid.Add(job.Refunded).Text())
	require.True(f.t, f.funds(types.EscrowAddress(id)).IsZero())
	f.requireClean(id)
	for _, o := range f.operators {
		has, err := f.keeper.SeatJobs.Has(f.ctx, collections.Join([]byte(o), id))
		require.NoError(f.t, err)
		require.False(f.t, has)
	}
}

// akash support#441, iexec-worker#244: a refund that fails holds up its own job only, and no seat's bond for longer than that.
func TestFailingRefundOfASecureSumStopsNoOther(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	refuses := false
	stuck := account("another consumer")
	f.fund(stuck, 20_000+drawFee, 80_000)
	f.bank.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
		if refuses && to.Equals(stuck) {
			return nil, errors.New("no")
		}
		return to, nil
	})
	first, second := f.open(stuck, 1, f.secureSpec()), f.open(f.consumer, 1, f.secureSpec())
	f.endBlocks(2)
	f.takeSeats(first)
	f.takeSeats(second)
	refuses = true
	// Nobody contributes.
	f.endBlocks(int(f.job(first).DeadlineHeight-f.ctx.BlockHeight()) + 12)
	require.True(t, f.job(first).Open())
	f.finished(second)
	for _, o := range f.operators {
		seat, err := f.keeper.Seats.Get(f.ctx, o)
		require.NoError(t, err)
		require.EqualValues(t, 1, seat.Jobs, "it sits in the stuck one")
	}
	refuses = false
	f.endBlocks(keeper.RetryBlocks)
	f.finished(first)
	require.Equal(t, types.NewFunds(20_000, 80_000), f.funds(stuck))
}

// iexec PoCo#15: a seat or an owner whose payment is rejected, or makes the chain panic, blocks nobody and leaves nothing
// behind. The fee returns to the consumer.
func TestRejectingPayeeOfASecureSumBlocksNobody(t *testing.T) {
	for name, reject := range map[string]func(f *secureFixture, who sdk.AccAddress){
		"blocked": func(f *secureFixture, who sdk.AccAddress) { f.blocked[who.String()] = true },
		"refused": func(f *secureFixture, who sdk.AccAddress) {
			f.rejectPayments(who, func() error { return errors.New("no") })
		},
		"panic": func(f *secureFixture, who sdk.AccAddress) {
			f.rejectPayments(who, func() error { panic("no") })
		},
	} {
		for _, seat := range []bool{true, false} {
			t.Run(name+map[bool]string{true: ", seat", false: ", owner"}[seat], func(t *testing.T) {
				f := newSecureFixture(t, 3, 3)
				before := f.funds(f.consumer)
				who := f.owners[1]
				if seat {
					who = seatAccount(f.operators[1])
				}
				id := f.toVerifying(f.secureSpec())
				reserved := f.job(id).Reserved
				reject(f, who)
				f.finish(id)
				f.finished(id)
				require.True(t, f.funds(who).IsZero())
				lost := types.NewFunds(3*10, 0)
				if !seat {
					c, err := f.keeper.Contribution(f.ctx, id, f.records[1])
					require.NoError(t, err)
					require.Equal(t, types.CONTRIBUTION_STATUS_UNPAID, c.Status)
					lost = c.Fee
				}
				require.Equal(t, reserved.Sub(lost).Text(), f.job(id).Paid.Text(), "all others are paid")
				require.Equal(t, spentOn(f.job(id)).Text(), before.Sub(f.funds(f.consumer)).Text())
			})
		}
	}
}

// akash node#1635: the seats' fees are reserved with each contribution, so that no budget is overdrawn by them, in any round.
func TestSeatsNeverOverdrawTheBudget(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	spec := f.secureSpec()
	spec.Secure.Rounds, spec.Secure.NextBlocks = 2, 5
	fees := types.ZeroFunds()
	for i := range f.records {
		program, err := f.keeper.Program(f.ctx, spec.ProgramId)
		require.NoError(t, err)
		operations, err := program.Cost.Operations(f.registry.records[f.records[i]].Rows, 1, spec.Length)
		require.NoError(t, err)
		fee, err := types.Fees(operations, spec.PricePerMop, onePerFour)
		require.NoError(t, err)
		fees = fees.Add(fee).Add(types.NewFunds(3*10, 0))
	}
	// The price of two rounds for all, less one ualita.
	spec.Budget = types.Funds{Alita: fees.Alita.MulRaw(2).SubRaw(1), Data: fees.Data.MulRaw(2)}
	id := f.toVerifying(spec)
	f.prepareAll(id)
	f.endBlock()
	f.openAll(id)
	f.endBlocks(7)
	require.Equal(t, types.JOB_STATUS_WAITING, f.job(id).Status)
	require.Equal(t, fees.Text(), f.job(id).Paid.Text())
	_, err := f.msg.NextRound(f.ctx, &types.MsgNextRound{Consumer: bech(f.consumer), JobId: id, Round: 2, Input: []byte("next")})
	require.NoError(t, err)
	for i := range f.records[:2] {
		_, err := f.msg.Contribute(f.ctx, f.shared(id, i))
		require.NoError(t, err)
	}
	f.refused(types.ErrBudgetExhausted, func() error { _, err := f.msg.Contribute(f.ctx, f.shared(id, 2)); return err })
	require.True(t, f.job(id).Spec.Budget.Covers(f.job(id).Reserved))
}

// lilypad: a result was accepted twice and paid twice. Here each message counts once, and none after its time.
func TestNothingOfASecureSumCountsTwice(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	spec := f.secureSpec()
	spec.Secure.Rounds, spec.Secure.NextBlocks = 2, 5
	id := f.open(f.consumer, 1, spec)
	f.endBlocks(2)
	seat := f.job(id).Seats[0]
	take := &types.MsgTakeSeat{Account: seat.Account, JobId: id, Key: f.seatKey(seat.Operator, id).Public().Bytes()}
	f.takeSeats(id)
	f.refused(types.ErrSeatTaken, func() error { _, err := f.msg.TakeSeat(f.ctx, take); return err })
	f.endBlock()
	f.refused(types.ErrWrongPhase, func() error { _, err := f.msg.TakeSeat(f.ctx, take); return err })

	contribution := f.shared(id, 0)
	f.contributeAll(id)
	f.refused(types.ErrAlreadyContributed, func() error { _, err := f.msg.Contribute(f.ctx, contribution); return err })
	f.endBlocks(int(f.job(id).DeadlineHeight-f.ctx.BlockHeight()) + 1)
	f.refused(types.ErrWrongPhase, func() error { _, err := f.msg.Contribute(f.ctx, contribution); return err })

	said := f.preparations(id, 0)
	f.prepareAll(id)
	f.refused(types.ErrSeatTaken, func() error { _, err := f.msg.Prepare(f.ctx, said); return err })
	f.endBlock()
	f.refused(types.ErrWrongPhase, func() error { _, err := f.msg.Prepare(f.ctx, said); return err })

	opened := f.openMsg(id, 0, f.opening(id, 0))
	f.openAll(id)
	f.refused(types.ErrSeatTaken, func() error { _, err := f.msg.OpenSum(f.ctx, opened); return err })
	f.endBlock()
	f.refused(types.ErrWrongPhase, func() error { _, err := f.msg.OpenSum(f.ctx, opened); return err })

	accept := &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id}
	_, err := f.msg.AcceptSums(f.ctx, accept)
	require.NoError(t, err)
	f.endBlock()
	paid := f.job(id).Paid
	f.refused(types.ErrWrongPhase, func() error { _, err := f.msg.AcceptSums(f.ctx, accept); return err })
	done := &types.MsgNextRound{Consumer: bech(f.consumer), JobId: id, Round: 2, Done: true}
	_, err = f.msg.NextRound(f.ctx, done)
	require.NoError(t, err)
	f.endBlock()
	f.finished(id)
	require.Equal(t, paid.Text(), f.job(id).Paid.Text())
	f.refused(types.ErrWrongPhase, func() error { _, err := f.msg.NextRound(f.ctx, done); return err })
	f.refused(types.ErrWrongPhase, func() error { _, err := f.msg.Contribute(f.ctx, contribution); return err })
}

// ocean-node, yagna: the payee states what it is owed. Here an owner in a secure sum gets the fee of the cost model, and a seat
// the fee with which it was drawn, even if it asks for another one since.
func TestFeesOfASecureSumAreThoseOfItsOpening(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	id := f.open(f.consumer, 1, f.secureSpec())
	f.endBlocks(2)
	f.takeSeats(id)
	f.endBlock()
	for _, o := range f.operators {
		require.NoError(t, f.register(o, seatAccount(o), 0, 1_000))
	}
	greedy := f.shared(id, 0)
	greedy.Attestation.Operations++
	f.refused(types.ErrWrongOperations, func() error { _, err := f.msg.Contribute(f.ctx, greedy); return err })
	f.contributing(id)
	f.finish(id)
	f.finished(id)
	require.Equal(t, types.NewFunds(3*3*10, 0).Text(), f.seatsHold().Text())
}

// AgenC#60: nobody traps money by claiming a job and walking away. A consumer can take its money back until somebody has
// contributed. Later the job ends by itself, and its seats are free.
func TestCancelledSecureSumFreesItsSeats(t *testing.T) {
	for name, bring := range map[string]func(f *secureFixture, id string){
		"before the draw":  func(*secureFixture, string) {},
		"seats are drawn":  func(f *secureFixture, _ string) { f.endBlocks(2) },
		"a seat has a key": func(f *secureFixture, id string) { f.endBlocks(2); f.takeSeats(id, f.job(id).Seats[1].Operator) },
		"contributing":     func(f *secureFixture, id string) { f.endBlocks(2); f.takeSeats(id); f.endBlock() },
	} {
		t.Run(name, func(t *testing.T) {
			f := newSecureFixture(t, 3, 3)
			before := f.funds(f.consumer)
			id := f.open(f.consumer, 1, f.secureSpec())
			bring(f, id)
			_, err := f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(f.consumer), JobId: id})
			require.NoError(t, err)
			f.finished(id)
			require.Equal(t, drawn(before).Text(), f.funds(f.consumer).Text())
			f.endBlocks(20)
			for _, o := range f.operators {
				seat, err := f.keeper.Seats.Get(f.ctx, o)
				require.NoError(t, err)
				require.EqualValues(t, seatBond, seat.Bond.Amount.Int64(), "no seat is slashed for a job that is over")
			}
			// A new job with the same seats is not hindered by the old one.
			next := f.open(f.consumer, 2, f.secureSpec())
			f.attempt(next)
			f.finish(next)
			f.finished(next)
		})
	}
}

// akash support#180: a deposit was locked in what could not be closed. Here a seat that has lied in one job and is honest in
// another comes to the end of both. Nothing is left of its bond, and it can leave.
func TestBondIsNotLockedByJobs(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	f.unbondAfter(3)
	spec := f.secureSpec()
	spec.Secure.PublicResult = true
	first, second := f.open(f.consumer, 1, spec), f.open(f.consumer, 2, f.secureSpec())
	f.endBlocks(2)
	for _, id := range []string{first, second} {
		f.takeSeats(id)
	}
	f.endBlock()
	for _, id := range []string{first, second} {
		f.contributeAll(id)
	}
	f.endBlocks(int(max(f.job(first).DeadlineHeight, f.job(second).DeadlineHeight)-f.ctx.BlockHeight()) + 1)
	for _, id := range []string{first, second} {
		f.prepareAll(id)
	}
	f.endBlock()
	liar := f.job(first).Seats[0].Operator
	opening := f.opening(first, 0)
	opening[0] ^= 1
	_, err := f.msg.OpenSum(f.ctx, f.openMsg(first, 0, opening))
	require.NoError(t, err)
	require.True(t, f.bondOf(liar).IsZero())
	for _, o := range f.operators {
		f.leave(o)
	}
	f.openAll(second)
	f.endBlock()
	_, err = f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: second})
	require.NoError(t, err)
	f.endBlocks(keeper.RetryBlocks + 10)
	f.finished(second)
	require.Equal(t, types.JOB_STATUS_SETTLED, f.job(second).Status)
	f.finished(first)
	require.Equal(t, types.FAILURE_REASON_SEATS, f.job(first).Failure, "the others leave, too")
	res, err := f.query.Seats(f.ctx, &types.QuerySeatsRequest{})
	require.NoError(t, err)
	require.Empty(t, res.Seats)
	for _, o := range f.operators {
		text, err := valoperCodec.BytesToString(o)
		require.NoError(t, err)
		want := int64(seatBond)
		if text == liar {
			want = 0
		}
		require.EqualValues(t, want, f.funds(o).Alita.Int64())
		require.True(t, f.funds(types.SeatBondAddress(o)).IsZero())
	}
}

// Coins that anybody sends to the escrow of a secure sum or to the account of a bond change no payment, no slash and no return.
func TestForeignCoinsAtSeatsChangeNothing(t *testing.T) {
	f := newSecureFixture(t, 4, 3)
	f.unbondAfter(3)
	eve := account("eve")
	f.fund(eve, 100, 0)
	gift := types.NewFunds(10, 0).Coins(poolID)
	for _, o := range f.operators {
		require.NoError(t, f.bank.SendCoins(f.ctx, eve, types.SeatBondAddress(o), gift))
	}
	id := f.toVerifying(f.secureSpec())
	require.NoError(t, f.bank.SendCoins(f.ctx, eve, types.EscrowAddress(id), gift))
	silent := f.job(id).Seats[0].Operator
	for _, i := range []int{1, 2} {
		_, err := f.msg.Prepare(f.ctx, f.preparations(id, i))
		require.NoError(t, err)
	}
	f.endBlocks(6)
	f.requireLost(id, silent, types.SEAT_FAULT_SILENT, stalled)
	f.again(id)
	require.Equal(t, types.NewFunds(10, 0).Text(), f.funds(types.EscrowAddress(id)).Text())
	for _, o := range f.operators {
		f.leave(o)
	}
	f.endBlocks(4)
	for _, o := range f.operators {
		require.Equal(t, types.NewFunds(10, 0).Text(), f.funds(types.SeatBondAddress(o)).Text())
	}
}

// A block does bounded work: here one payment, and the seats' after the last one. Nobody is paid twice or forgotten.
func TestWorkPerBlockOfASecureSumIsBounded(t *testing.T) {
	f := newSecureFixture(t, 3, 4)
	params := testParams()
	params.MaxJobsPerBlock, params.MaxPaymentsPerBlock = 1, 1
	require.NoError(t, f.keeper.Params.Set(f.ctx, params))
	id := f.toVerifying(f.secureSpec())
	reserved := f.job(id).Reserved
	f.prepareAll(id)
	f.endBlock()
	f.openAll(id)
	f.endBlock()
	_, err := f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id})
	require.NoError(t, err)
	paid := func() (n int) {
		for _, o := range f.owners {
			if !f.funds(o).IsZero() {
				n++
			}
		}
		return n
	}
	for n := 1; n <= len(f.owners); n++ {
		require.True(t, f.job(id).Open())
		f.endBlock()
		require.Equal(t, n, paid())
	}
	f.finished(id)
	require.Equal(t, reserved.Text(), f.job(id).Paid.Text())
	require.Equal(t, types.NewFunds(4*3*10, 0).Text(), f.seatsHold().Text())
}
