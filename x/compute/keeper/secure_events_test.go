package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// TestEventsTellTheLifeOfASecureSum: each change of a secure sum has its typed event, in order; a lost seat is named.
func TestEventsTellTheLifeOfASecureSum(t *testing.T) {
	f := newSecureFixture(t, 4, 3)
	var got []string
	note := func() {
		for _, e := range f.events() {
			switch e := e.(type) {
			case *types.EventJobAdvanced:
				got = append(got, e.Status.String())
			case *types.EventSeatsDrawn:
				got = append(got, fmt.Sprint("drawn ", len(e.Operators)))
			case *types.EventSeatTaken:
				got = append(got, "taken")
			case *types.EventContributed:
				got = append(got, "contributed")
			case *types.EventJudged:
				got = append(got, fmt.Sprint("judged ", e.Valid))
			case *types.EventSeatLost:
				got = append(got, fmt.Sprint("lost ", e.Lost.Fault, " ", e.Lost.Slashed))
			case *types.EventNoiseAdded:
				got = append(got, "noise")
			case *types.EventSumOpened:
				got = append(got, "opened")
			case *types.EventSeatPaid:
				got = append(got, "seat paid "+e.Paid)
			case *types.EventPaid:
				got = append(got, "paid")
			case *types.EventJobClosed:
				got = append(got, "closed")
			}
		}
	}
	block := func() {
		require.NoError(t, f.keeper.EndBlock(f.ctx))
		note()
		f.ctx = f.ctx.WithBlockHeight(f.ctx.BlockHeight() + 1).WithEventManager(sdk.NewEventManager())
	}
	f.ctx = f.ctx.WithEventManager(sdk.NewEventManager())
	id := f.open(f.consumer, 1, f.secureSpec())
	block()
	block()
	f.takeSeats(id, f.job(id).Seats[0].Operator)
	for f.job(id).Attempt == 1 {
		block()
	}
	block()
	f.takeSeats(id)
	block()
	f.contributeAll(id)
	for f.job(id).Status == types.JOB_STATUS_CONTRIBUTING {
		block()
	}
	f.prepareAll(id)
	block()
	f.openAll(id)
	block()
	_, err := f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id})
	require.NoError(t, err)
	block()
	require.Equal(t, []string{
		"drawn 3", "taken", "taken", "lost SEAT_FAULT_SILENT 100000000ualita", "JOB_STATUS_SEATING", "drawn 3", "taken",
		"JOB_STATUS_CONTRIBUTING", "noise", "noise", "noise", "contributed", "contributed", "contributed", "JOB_STATUS_VERIFYING",
		"judged true", "judged true", "judged true", "judged true", "judged true", "judged true", "JOB_STATUS_AGGREGATING", "opened", "opened", "opened", "JOB_STATUS_READING",
		"JOB_STATUS_SETTLING", "paid", "paid", "paid", "seat paid 30", "seat paid 30", "seat paid 30", "JOB_STATUS_SETTLED", "closed",
	}, got)
}
