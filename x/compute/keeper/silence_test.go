package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// allBut lets all drawn seats but one take their places.
func (f *secureFixture) allBut(operator string, ids ...string) (drawn int) {
	f.t.Helper()
	for _, id := range ids {
		for _, s := range f.job(id).Seats {
			if s.Operator == operator {
				drawn++
				continue
			}
			if s.Status != types.SEAT_STATUS_DRAWN {
				continue
			}
			_, err := f.msg.TakeSeat(f.ctx, &types.MsgTakeSeat{Account: s.Account, JobId: id, Key: f.seatKey(s.Operator, id).Public().Bytes()})
			require.NoError(f.t, err)
		}
	}
	return drawn
}

// TestAttackOneOutageManyJobs: an outage of a seat is one fault, however many jobs it was drawn for until then. Whoever opens fifteen jobs
// while a seat is away took 79 % of its bond. It is not drawn until it answers, is registered again, or some blocks have passed.
func TestAttackOneOutageManyJobs(t *testing.T) {
	const jobs = 6
	f := newSecureFixture(t, 5, 0)
	f.fund(f.consumer, 100*drawFee, 10_000_000)
	open := func(from int) (ids []string) {
		for n := range jobs {
			spec := f.secureSpec()
			spec.Input = fmt.Appendf(nil, "query %d", n)
			ids = append(ids, f.open(f.consumer, uint64(from+n), spec))
		}
		f.endBlocks(2)
		return ids
	}
	ids := open(0)
	silent := f.seatText(f.operators[4])
	require.Greater(t, f.allBut(silent, ids...), 1, "it is drawn more than once")
	before := f.bondOf(silent)
	pass := func(ids []string) {
		for left := 14; left > 0; { // the windows of six jobs end within 12 blocks
			f.endBlock()
			f.allBut(silent, ids...)
			if f.bondOf(silent).LT(before) {
				left--
			}
		}
	}
	pass(ids)
	lost := map[bool]int{}
	for _, id := range ids {
		for _, l := range f.job(id).Lost {
			require.Equal(t, silent, l.Operator)
			require.Equal(t, types.SEAT_FAULT_SILENT, l.Fault)
			lost[l.Slashed.IsPositive()]++
		}
	}
	require.Equal(t, 1, lost[true], "%v", lost)
	require.Positive(t, lost[false])
	bond := math.NewInt(seatBond).MulRaw(9).QuoRaw(10)
	require.Equal(t, bond.String(), f.bondOf(silent).String())

	require.Zero(t, f.allBut(silent, open(100)...), "it is away")
	f.fund(f.operators[4], seatBond/10, 0)
	_, err := f.msg.RegisterSeat(f.ctx, &types.MsgRegisterSeat{
		Operator: bech(f.operators[4]), Account: bech(seatAccount(f.operators[4])),
		Bond: sdk.NewInt64Coin(datapooltypes.BaseDenom, seatBond/10), Fee: math.NewInt(10),
	})
	require.NoError(t, err)
	before = f.bondOf(silent)
	ids = open(200)
	require.Positive(t, f.allBut(silent, ids...), "it is back")
	pass(ids)
	require.Equal(t, bond.String(), f.bondOf(silent).String(), "another silence is another fault")
}
