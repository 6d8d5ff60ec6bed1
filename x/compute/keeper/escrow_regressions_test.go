package keeper_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"

	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
)

// These tests keep out faults that other compute markets have had; each names
// the report.

// AgenC#60, iexec-worker#244, yagna#3348, akash support#180: whoever walks away,
// in whatever phase, traps no money. Every phase ends by itself.
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
	// The stuck job keeps its money, and takes no block's place for ever.
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

// iexec PoCo#15: a payee that rejects its money blocked the settlement of all.
// Here it goes back to the consumer, and the others are paid.
func TestRejectingPayeeBlocksNobody(t *testing.T) {
	for name, reject := range map[string]func(f *fixture, who sdk.AccAddress){
		"blocked address": func(f *fixture, who sdk.AccAddress) { f.blocked[who.String()] = true },
		"send restriction": func(f *fixture, who sdk.AccAddress) {
			f.bank.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
				if to.Equals(who) {
					return nil, errors.New("no")
				}
				return to, nil
			})
		},
		"panic": func(f *fixture, who sdk.AccAddress) {
			f.bank.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
				if to.Equals(who) {
					panic("no")
				}
				return to, nil
			})
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
// payment and keep no job from its end. Nor does an account that somebody made
// at the escrow's address beforehand.
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
	params := types.DefaultParams()
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

// The last job pays in the block in which it can, whatever waits before it.
func TestQueueServesTheLongestDueFirst(t *testing.T) {
	f := newFixture(t)
	params := types.DefaultParams()
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
