package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
)

// leavingHeight is the height after which the bond of a seat returns.
func (f *secureFixture) leavingHeight(operator []byte) int64 {
	f.t.Helper()
	seat, err := f.keeper.Seats.Get(f.ctx, operator)
	require.NoError(f.t, err)
	return seat.LeavingHeight
}

// requireSameAfterRestart exports and imports the state at the present height and compares both stores byte by byte. It
// returns the restarted module.
func (f *secureFixture) requireSameAfterRestart() *secureFixture {
	f.t.Helper()
	g := *f
	g.fixture = restarted(f.t, f.fixture)
	requireSameStore(f.t, f.fixture, g.fixture)
	return &g
}

// requireSameStore compares the stores of two modules entry by entry.
func requireSameStore(t tester, f, g *fixture) {
	t.Helper()
	want, got := f.dump(), g.dump()
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, want[i], got[i])
	}
}

// An import changes no leaving_height. It does not for a seat whose bond waits for its last job and is looked at every 64
// blocks, even if bonds return sooner than that (a random network had 311 instead of 354). And it does not for a seat that
// left when bonds returned later than now.
func TestImportKeepsLeavingHeight(t *testing.T) {
	f := newSecureFixture(t, 4, 3)
	f.unbondAfter(10)
	spec := f.secureSpec()
	spec.ContributeBlocks = 100
	id := f.open(f.consumer, 1, spec)
	f.endBlocks(2)
	f.takeSeats(id)
	f.endBlock()
	operator, err := valoperCodec.StringToBytes(f.job(id).Seats[0].Operator)
	require.NoError(t, err)
	f.leave(operator)
	first := f.leavingHeight(operator)
	for f.ctx.BlockHeight() <= first {
		f.endBlock()
	}
	require.Equal(t, first+keeper.RetryBlocks, f.leavingHeight(operator), "it sits in a job")
	f.requireSameAfterRestart()

	f.unbondAfter(1_000)
	var other []byte
	for _, o := range f.operators {
		if f.leavingHeight(o) == 0 {
			other = o
		}
	}
	f.leave(other)
	f.unbondAfter(10)
	require.Equal(t, f.ctx.BlockHeight()+1_000, f.leavingHeight(other))
	f.requireSameAfterRestart()
}

// An import changes neither the deadlines of seats nor the heights until which they may be at work, so that a job that is
// opened later has the same windows.
func TestImportKeepsTheTimeOfSeats(t *testing.T) {
	const jobs = 6
	f := newSecureFixture(t, 3, 0)
	f.fund(f.consumer, 100*whole, 100*whole)
	var ids []string
	for n := range uint64(jobs) {
		ids = append(ids, f.open(f.consumer, n, f.secureSpec()))
	}
	f.endBlocks(2)
	// All but the last one are cancelled. The last one keeps its deadline, which came after theirs.
	for _, id := range ids {
		if f.blocksLeft(id) == jobs*types.BlocksPerAnswer {
			continue
		}
		_, err := f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(f.consumer), JobId: id})
		require.NoError(t, err)
	}
	f.endBlocks(3)
	g := f.requireSameAfterRestart()
	for _, h := range []*secureFixture{f, g} {
		h.open(h.consumer, jobs, h.secureSpec())
		h.endBlocks(2)
	}
	requireSameStore(t, f.fixture, g.fixture)
	require.EqualValues(t, (jobs+1)*types.BlocksPerAnswer-5, f.blocksLeft(types.JobID(f.consumer, salt(jobs))))
}

// At the first block of a chain the heights of another chain mean nothing: bonds return after the present seat_unbond_blocks.
func TestBondsReturnWhereHeightsBeginAnew(t *testing.T) {
	f := newSecureFixture(t, 2, 0)
	f.unbondAfter(10)
	f.leave(f.operators[0])
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	for i := range gs.Seats {
		if gs.Seats[i].LeavingHeight > 0 {
			gs.Seats[i].LeavingHeight += 5_000_000
		}
	}
	g := *f
	g.fixture = newEmptyFixture(t)
	g.bank.InitGenesis(g.ctx, f.bank.ExportGenesis(f.ctx))
	require.NoError(t, g.keeper.InitGenesis(g.ctx, *gs))
	require.EqualValues(t, 1+10, g.leavingHeight(f.operators[0]))
}
