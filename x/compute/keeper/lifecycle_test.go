package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/x/compute/types"
)

// A job with three owners, checked by hand. One column, three slots:
// operations = 352 + (77+245) * batches + 43 * rows.
//
//	rows  100: 352 + 322 + 4300  =  4974; fee 2487 ualita, 9948 data; stakers 124
//	rows 1024: 352 + 322 + 44032 = 44706: too dear for the first job
//	rows    1: 352 + 322 + 43    =   717; fee 358 (358.5), 1432 data; stakers 17 (17.9)
func TestLifecycle(t *testing.T) {
	f := newFixture(t)
	consumer, ada, bob, worker := account("consumer"), account("ada"), account("bob"), account("ada's laptop")
	f.fund(consumer, 100_000, 100_000)
	first, second := f.addRecord("first", ada, 100), f.addRecord("second", bob, 1)
	f.registry.workers[string(worker)] = ada

	job := f.open(consumer, 1, f.spec())
	require.Equal(t, types.NewFunds(20_000, 80_000), f.funds(types.EscrowAddress(job)))
	require.Equal(t, types.NewFunds(80_000, 20_000), f.funds(consumer))
	require.EqualValues(t, 11, f.job(job).DeadlineHeight)

	msg := f.attest(job, first)
	msg.Worker = bech(worker)
	require.EqualValues(t, 4974, msg.Attestation.Operations)
	res, err := f.msg.Contribute(f.ctx, msg)
	require.NoError(t, err)
	require.Equal(t, types.NewFunds(2487, 9948), res.Fee)
	require.True(t, f.registry.last.Individual)
	require.Equal(t, consumer, f.registry.last.Consumer)
	require.Equal(t, "research", f.registry.last.Purpose)
	require.Equal(t, types.NewFunds(358, 1432), f.contribute(job, second))

	f.endBlocks(10)
	require.Equal(t, types.JOB_STATUS_CONTRIBUTING, f.job(job).Status)
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_DELIVERING, f.job(job).Status)
	require.EqualValues(t, 16, f.job(job).DeadlineHeight)

	delivery := f.delivery(job, first)
	delivery.Worker = bech(worker)
	_, err = f.msg.Deliver(f.ctx, delivery)
	require.NoError(t, err)
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_DELIVERING, f.job(job).Status)
	f.deliver(job, second)
	f.endBlock()

	got := f.job(job)
	require.Equal(t, types.JOB_STATUS_SETTLED, got.Status)
	require.Equal(t, types.NewFunds(2845, 11_380), got.Paid)
	require.Equal(t, types.NewFunds(17_155, 68_620), got.Refunded)
	require.EqualValues(t, 5691, got.Operations)
	require.Equal(t, types.NewFunds(2363, 9948), f.funds(ada))
	require.Equal(t, types.NewFunds(341, 1432), f.funds(bob))
	require.Equal(t, types.NewFunds(141, 0), f.funds(f.auth.GetModuleAddress(authtypes.FeeCollectorName)))
	require.Equal(t, types.NewFunds(97_155, 88_620), f.funds(consumer))
	require.Equal(t, types.ZeroFunds(), f.funds(worker))
	require.Equal(t, types.ZeroFunds(), f.funds(types.EscrowAddress(job)))

	// The reader opens what the chain holds.
	sealed, err := f.query.Delivery(f.ctx, &types.QueryDeliveryRequest{JobId: job, RecordId: first})
	require.NoError(t, err)
	vector, err := result.Open(f.reader, result.Binding{
		ChainID: chainID, JobID: job, RecordID: first, Version: "1.0.0", Owner: ada,
	}, 3, result.Sealed{Enc: sealed.Sealed.Enc, Ciphertext: sealed.Sealed.Ciphertext})
	require.NoError(t, err)
	require.Equal(t, []int64{100, 0, 0}, vector)
}

func TestCohortNotReachedRefundsAll(t *testing.T) {
	f := newFixture(t)
	consumer, ada := account("consumer"), account("ada")
	f.fund(consumer, 20_000, 80_000)
	job := f.open(consumer, 1, f.spec())
	// Two records of one owner are one owner.
	f.contribute(job, f.addRecord("first", ada, 10))
	f.contribute(job, f.addRecord("second", ada, 10))
	f.endBlocks(11)
	got := f.job(job)
	require.Equal(t, types.JOB_STATUS_FAILED, got.Status)
	require.Equal(t, types.FAILURE_REASON_COHORT, got.Failure)
	require.EqualValues(t, 1, got.Owners)
	require.EqualValues(t, 2, got.Contributions)
	require.Equal(t, types.NewFunds(20_000, 80_000), f.funds(consumer))
	require.Equal(t, types.ZeroFunds(), f.funds(ada))
	c, err := f.keeper.Contribution(f.ctx, job, recordID("first"))
	require.NoError(t, err)
	require.Equal(t, types.CONTRIBUTION_STATUS_UNPAID, c.Status)
}

func TestDeliveryNotReachedPaysWhoDelivered(t *testing.T) {
	f := newFixture(t)
	consumer, ada, bob := account("consumer"), account("ada"), account("bob")
	f.fund(consumer, 20_000, 80_000)
	job := f.open(consumer, 1, f.spec())
	f.contribute(job, f.addRecord("first", ada, 100))
	f.contribute(job, f.addRecord("second", bob, 100))
	f.endBlocks(11)
	f.deliver(job, recordID("first"))
	f.endBlocks(5)
	got := f.job(job)
	require.Equal(t, types.JOB_STATUS_FAILED, got.Status)
	require.Equal(t, types.FAILURE_REASON_DELIVERY, got.Failure)
	require.Equal(t, types.NewFunds(2487, 9948), got.Paid)
	require.Equal(t, types.NewFunds(2363, 9948), f.funds(ada))
	require.Equal(t, types.ZeroFunds(), f.funds(bob))
	require.Equal(t, types.NewFunds(17_513, 70_052), f.funds(consumer))
}

// The cohort counts owners, not records.
func TestCohortCountsOwners(t *testing.T) {
	f := newFixture(t)
	consumer, ada, bob := account("consumer"), account("ada"), account("bob")
	f.fund(consumer, 20_000, 80_000)
	spec := f.spec()
	spec.MinCohort = 3
	job := f.open(consumer, 1, spec)
	for i, c := range []struct {
		record string
		owner  []byte
		owners uint32
	}{{"first", ada, 1}, {"second", ada, 1}, {"third", bob, 2}, {"fourth", bob, 2}, {"fifth", ada, 2}} {
		f.contribute(job, f.addRecord(c.record, c.owner, 10))
		require.Equal(t, c.owners, f.job(job).Owners)
		require.EqualValues(t, i+1, f.job(job).Contributions)
	}
	f.endBlocks(11)
	require.Equal(t, types.FAILURE_REASON_COHORT, f.job(job).Failure)
	require.Equal(t, types.NewFunds(20_000, 80_000), f.funds(consumer))
}

// A full cohort need not wait for the end of the window.
func TestFullCohortMovesOnAtOnce(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 20_000, 80_000)
	job := f.open(consumer, 1, f.spec())
	for _, owner := range []string{"ada", "bob", "cyd"} {
		f.contribute(job, f.addRecord(owner, account(owner), 10))
	}
	f.addRecord("dan", account("dan"), 10)
	_, err := f.msg.Contribute(f.ctx, f.attest(job, recordID("dan")))
	require.ErrorIs(t, err, types.ErrCohortFull)
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_DELIVERING, f.job(job).Status)
	require.EqualValues(t, 6, f.job(job).DeadlineHeight)
}

func TestCancel(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 20_000, 80_000)
	job := f.open(consumer, 1, f.spec())
	_, err := f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(account("ada")), JobId: job})
	require.ErrorIs(t, err, types.ErrNotConsumer)
	res, err := f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(consumer), JobId: job})
	require.NoError(t, err)
	require.Equal(t, types.NewFunds(20_000, 80_000), res.Refunded)
	require.Equal(t, types.NewFunds(20_000, 80_000), f.funds(consumer))
	require.Equal(t, types.FAILURE_REASON_CANCELLED, f.job(job).Failure)
	f.endBlock()
	_, err = f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(consumer), JobId: job})
	require.ErrorIs(t, err, types.ErrWrongPhase)
}
