package keeper_test

import (
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// events are the module's own events since the block began, decoded.
func (f *fixture) events() []proto.Message {
	f.t.Helper()
	var all []proto.Message
	for _, e := range f.ctx.EventManager().ABCIEvents() {
		if m, err := sdk.ParseTypedEvent(e); err == nil {
			all = append(all, m)
		}
	}
	return all
}

// The events of a job show all of its phases and payments.
func TestEventsTellTheLifeOfAJob(t *testing.T) {
	f := newFixture(t)
	f.ctx = f.ctx.WithEventManager(sdk.NewEventManager())
	consumer, ada, bob := account("consumer"), account("ada"), account("bob")
	f.fund(consumer, 20_000, 80_000)
	spec := f.spec()
	spec.MinCohort, spec.MaxCohort = 1, 2
	job := f.open(consumer, 1, spec)
	first, second := f.addRecord("first", ada, 100), f.addRecord("second", bob, 1)
	f.contribute(job, first)
	f.contribute(job, second)
	require.NoError(t, f.keeper.EndBlock(f.ctx))
	f.deliver(job, first)
	f.ctx = f.ctx.WithBlockHeight(6)
	require.NoError(t, f.keeper.EndBlock(f.ctx))

	var got []proto.Message
	for _, e := range f.events() {
		switch e.(type) {
		case *types.EventJobOpened, *types.EventContributed, *types.EventDelivered, *types.EventJobAdvanced,
			*types.EventPaid, *types.EventUnpaid, *types.EventJobClosed:
			got = append(got, e)
		}
	}
	paid := &types.EventPaid{JobId: job, RecordId: first, Owner: bech(ada), Paid: types.NewFunds(2363, 9948), Stakers: "124"}
	unpaid := &types.EventUnpaid{JobId: job, RecordId: second, Owner: bech(bob)}
	settlements := []proto.Message{paid, unpaid}
	if second < first {
		settlements = []proto.Message{unpaid, paid}
	}
	want := append(append([]proto.Message{
		&types.EventJobOpened{
			JobId: job, Consumer: bech(consumer), PoolId: poolID, ProgramId: f.program,
			Budget: types.NewFunds(20_000, 80_000), DeadlineHeight: 11, DrawFee: "0",
		},
		&types.EventContributed{JobId: job, RecordId: first, Owner: bech(ada), Rows: 100, Operations: 4974, Fee: types.NewFunds(2487, 9948)},
		&types.EventContributed{JobId: job, RecordId: second, Owner: bech(bob), Rows: 1, Operations: 717, Fee: types.NewFunds(358, 1432)},
		&types.EventJobAdvanced{JobId: job, Status: types.JOB_STATUS_DELIVERING, DeadlineHeight: 6},
		&types.EventDelivered{JobId: job, RecordId: first},
		&types.EventJobAdvanced{JobId: job, Status: types.JOB_STATUS_SETTLING},
	}, settlements...),
		&types.EventJobAdvanced{JobId: job, Status: types.JOB_STATUS_SETTLED},
		&types.EventJobClosed{
			JobId: job, Status: types.JOB_STATUS_SETTLED,
			Paid: types.NewFunds(2487, 9948), Refunded: types.NewFunds(17_513, 70_052),
		},
	)
	require.Equal(t, want, got)
}

// An owner whose account takes no coins can see that it earned something.
func TestRejectedPaymentIsAnEvent(t *testing.T) {
	f := newFixture(t)
	consumer, ada := account("consumer"), account("ada")
	f.fund(consumer, 20_000, 80_000)
	spec := f.spec()
	spec.MinCohort, spec.MaxCohort = 1, 1
	job := f.open(consumer, 1, spec)
	f.contribute(job, f.addRecord("first", ada, 100))
	f.endBlock()
	f.deliver(job, recordID("first"))
	f.blocked[ada.String()] = true
	require.NoError(t, f.keeper.EndBlock(f.ctx))
	require.Contains(t, f.events(), proto.Message(&types.EventUnpaid{JobId: job, RecordId: recordID("first"), Owner: bech(ada), Rejected: true}))
	for _, e := range f.events() {
		_, paid := e.(*types.EventPaid)
		require.False(t, paid)
	}
}
