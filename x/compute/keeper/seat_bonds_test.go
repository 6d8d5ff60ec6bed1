package keeper_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

func (f *secureFixture) leave(operator sdk.AccAddress) {
	f.t.Helper()
	_, err := f.msg.LeaveSeat(f.ctx, &types.MsgLeaveSeat{Operator: bech(operator)})
	require.NoError(f.t, err)
}

func (f *secureFixture) register(operator, account sdk.AccAddress, bond, fee int64) error {
	_, err := f.msg.RegisterSeat(f.ctx, &types.MsgRegisterSeat{
		Operator: bech(operator), Account: bech(account), Bond: sdk.NewInt64Coin(datapooltypes.BaseDenom, bond), Fee: math.NewInt(fee),
	})
	return err
}

func (f *secureFixture) unbondAfter(blocks uint32) {
	f.t.Helper()
	params := testParams()
	params.SeatUnbondBlocks = blocks
	require.NoError(f.t, f.keeper.Params.Set(f.ctx, params))
}

// TestBondThatCannotReturnWaits: the return is tried again later. A validator that registers meanwhile is a seat and stays one.
func TestBondThatCannotReturnWaits(t *testing.T) {
	for _, back := range []bool{false, true} {
		f := newSecureFixture(t, 2, 0)
		f.unbondAfter(3)
		operator, refuses := f.operators[0], true
		f.bank.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
			if refuses && to.Equals(operator) {
				return nil, errors.New("no")
			}
			return to, nil
		})
		f.leave(operator)
		f.endBlocks(10)
		require.True(t, f.funds(operator).IsZero())
		refuses = false
		if back {
			require.NoError(t, f.register(operator, seatAccount(operator), 0, 7))
		}
		f.endBlocks(keeper.RetryBlocks + 5)
		res, err := f.query.Seats(f.ctx, &types.QuerySeatsRequest{})
		require.NoError(t, err)
		if back {
			require.Len(t, res.Seats, 2)
			require.True(t, f.funds(operator).IsZero(), "the bond stays")
			continue
		}
		require.Len(t, res.Seats, 1)
		require.Equal(t, types.NewFunds(seatBond, 0).Text(), f.funds(operator).Text())
	}
}

// TestOneBondReturnsOnce: leaving, coming back and leaving again gives back what was put in.
func TestOneBondReturnsOnce(t *testing.T) {
	f := newSecureFixture(t, 1, 0)
	f.unbondAfter(3)
	operator := f.operators[0]
	f.leave(operator)
	f.refused(types.ErrInvalidSeat, func() error {
		_, err := f.msg.LeaveSeat(f.ctx, &types.MsgLeaveSeat{Operator: bech(operator)})
		return err
	})
	f.endBlocks(2)
	f.fund(operator, 5, 0)
	require.NoError(t, f.register(operator, seatAccount(operator), 5, 1))
	f.endBlocks(5)
	require.Equal(t, math.NewInt(seatBond+5), f.bondOf(f.seatText(operator)))
	f.leave(operator)
	f.endBlocks(5)
	require.Equal(t, types.NewFunds(seatBond+5, 0).Text(), f.funds(operator).Text())
	require.True(t, f.funds(types.SeatBondAddress(operator)).IsZero())
}

func (f *secureFixture) seatText(operator sdk.AccAddress) string {
	text, err := valoperCodec.BytesToString(operator)
	require.NoError(f.t, err)
	return text
}

// TestLeavingSeatSitsOn: a validator that leaves, unbonds or vanishes while it sits keeps its duties, its fees and its bond's risk.
func TestLeavingSeatSitsOn(t *testing.T) {
	for _, answers := range []bool{true, false} {
		f := newSecureFixture(t, 4, 3)
		f.unbondAfter(2)
		id := f.toVerifying(f.secureSpec())
		seat := f.job(id).Seats[1]
		operator, err := valoperCodec.StringToBytes(seat.Operator)
		require.NoError(t, err)
		f.leave(operator)
		delete(f.validators, string(operator))
		f.endBlocks(4)
		require.Equal(t, math.NewInt(seatBond), f.bondOf(seat.Operator), "it sits in a job")
		if answers {
			f.finish(id)
			require.Equal(t, types.NewFunds(3*10, 0).Text(), f.funds(seatAccount(operator)).Text())
			f.endBlocks(keeper.RetryBlocks + 3)
			require.Equal(t, types.NewFunds(seatBond, 0).Text(), f.funds(operator).Text())
			continue
		}
		for _, i := range []int{0, 2} {
			_, err := f.msg.Prepare(f.ctx, f.preparations(id, i))
			require.NoError(t, err)
		}
		f.endBlocks(3)
		f.requireLost(id, seat.Operator, types.SEAT_FAULT_SILENT, stalled)
		f.again(id)
		f.endBlocks(keeper.RetryBlocks + 3)
		require.Equal(t, types.NewFunds(stalled, 0).Text(), f.funds(operator).Text())
	}
}

// TestSlashedSeatSitsOnElsewhere: one bond answers for all jobs of a seat. Without it the seat is drawn no more, but finishes.
func TestSlashedSeatSitsOnElsewhere(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	first, second := f.open(f.consumer, 1, f.secureSpec()), f.open(f.consumer, 2, f.secureSpec())
	f.endBlocks(2)
	f.takeSeats(first)
	f.takeSeats(second)
	f.endBlock()
	for _, id := range []string{first, second} {
		f.contributeAll(id)
	}
	f.endBlocks(11)
	liar := f.job(first).Seats[1].Operator
	for i := range 3 {
		msg := f.preparations(first, i)
		if i == 1 {
			msg.Preparations[0].Share = nil
		}
		_, err := f.msg.Prepare(f.ctx, msg)
		require.NoError(t, err)
	}
	f.prepareAll(second)
	f.endBlock()
	require.NoError(t, f.accuse(first, 0, 1))
	require.True(t, f.bondOf(liar).IsZero())
	f.openAll(second)
	f.endBlocks(7)
	require.Equal(t, types.JOB_STATUS_SETTLED, f.job(second).Status)
	require.Equal(t, types.FAILURE_REASON_SEATS, f.job(first).Failure, "nobody is left to be drawn")
	third := f.open(f.consumer, 3, f.secureSpec())
	f.endBlocks(3)
	require.Equal(t, types.FAILURE_REASON_SEATS, f.job(third).Failure)
}

// TestSeatsOfAJobHaveTwoAccounts: a seat that has changed its account keeps the old one in its jobs. A seat that uses the old
// account now is not drawn for them.
func TestSeatsOfAJobHaveTwoAccounts(t *testing.T) {
	f := newSecureFixture(t, 4, 3)
	id := f.open(f.consumer, 1, f.secureSpec())
	f.endBlocks(2)
	job := f.job(id)
	sits := map[string]bool{}
	for _, s := range job.Seats {
		sits[s.Operator] = true
	}
	var spare, first sdk.AccAddress
	for _, o := range f.operators {
		if !sits[f.seatText(o)] {
			spare = o
		}
	}
	bz, err := valoperCodec.StringToBytes(job.Seats[0].Operator)
	require.NoError(t, err)
	first = bz
	require.NoError(t, f.register(first, account("new account"), 0, 10))
	require.NoError(t, f.register(spare, seatAccount(first), 0, 10))
	f.takeSeats(id, job.Seats[1].Operator)
	f.endBlocks(8)
	require.Equal(t, types.FAILURE_REASON_SEATS, f.job(id).Failure, "the spare one cannot be told from the first")
}

// TestDrawLooksAtBondedValidators: no validator is drawn that is not bonded, leaves, has too little bond or asks too high a fee.
func TestDrawLooksAtBondedValidators(t *testing.T) {
	f := newSecureFixture(t, 6, 0)
	delete(f.validators, string(f.operators[0]))
	require.NoError(t, f.register(f.operators[1], seatAccount(f.operators[1]), 0, 11))
	f.leave(f.operators[2])
	for n := range uint64(5) {
		id := f.open(f.consumer, n, f.secureSpec())
		f.endBlocks(2)
		var drawn []string
		for _, s := range f.job(id).Seats {
			drawn = append(drawn, s.Operator)
		}
		require.ElementsMatch(t, []string{f.seatText(f.operators[3]), f.seatText(f.operators[4]), f.seatText(f.operators[5])}, drawn)
		_, err := f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(f.consumer), JobId: id})
		require.NoError(t, err)
	}
}

// TestConsumerDoesNotChooseSeats: neither a fee that only a few ask for nor the others' loss of their bonds leaves the draw to
// those few: the seats that can be drawn hold more than half of the stake of all seats.
func TestConsumerDoesNotChooseSeats(t *testing.T) {
	few := map[string]bool{}
	cheap := func(f *secureFixture, stake int64) {
		for _, o := range f.operators[4:] {
			f.validators[string(o)] = stake
			require.NoError(t, f.register(o, seatAccount(o), 0, 0))
			few[f.seatText(o)] = true
		}
	}
	spec := func(f *secureFixture, fee int64) types.JobSpec {
		s := f.secureSpec()
		s.Secure.Seats, s.Secure.MaxSeatFee = 2, math.NewInt(fee)
		return s
	}
	t.Run("fee", func(t *testing.T) {
		f := newSecureFixture(t, 6, 3)
		cheap(f, whole)
		id := f.open(f.consumer, 1, spec(f, 0))
		f.endBlocks(2)
		require.Empty(t, f.job(id).Seats)
		require.Equal(t, types.FAILURE_REASON_SEATS, f.job(id).Failure)
		id = f.open(f.consumer, 2, spec(f, 10))
		f.endBlocks(2)
		require.Len(t, f.job(id).Seats, 2)
	})
	t.Run("half", func(t *testing.T) {
		f := newSecureFixture(t, 6, 3)
		cheap(f, (100+101+102+103)*whole/2)
		id := f.open(f.consumer, 1, spec(f, 0))
		f.endBlocks(2)
		require.Equal(t, types.FAILURE_REASON_SEATS, f.job(id).Failure, "exactly half")
		f.validators[string(f.operators[4])]++
		id = f.open(f.consumer, 2, spec(f, 0))
		f.endBlocks(2)
		require.Len(t, f.job(id).Seats, 2)
	})
	t.Run("bonds", func(t *testing.T) {
		f := newSecureFixture(t, 6, 3)
		cheap(f, whole)
		params := testParams()
		params.MinSeatBond = math.NewInt(seatBond + 1)
		for _, o := range f.operators[4:] {
			f.fund(o, 1, 0)
			require.NoError(t, f.register(o, seatAccount(o), 1, 0))
		}
		require.NoError(t, f.keeper.Params.Set(f.ctx, params))
		id := f.open(f.consumer, 1, spec(f, 10))
		f.endBlocks(2)
		require.Equal(t, types.FAILURE_REASON_SEATS, f.job(id).Failure)
		for _, o := range f.operators[:4] {
			f.leave(o)
		}
		id = f.open(f.consumer, 2, spec(f, 10))
		f.endBlocks(2)
		for _, s := range f.job(id).Seats {
			require.True(t, few[s.Operator], "the others leave")
		}
		require.Len(t, f.job(id).Seats, 2)
	})
}
