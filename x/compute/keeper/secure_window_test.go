package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/compute/types"
)

// seatBytes sets how many bytes of shares seats may have to answer about in a block.
func (f *secureFixture) seatBytes(perBlock uint32) {
	f.t.Helper()
	params, err := f.keeper.Params.Get(f.ctx)
	require.NoError(f.t, err)
	params.SeatBytesPerBlock = perBlock
	require.NoError(f.t, f.keeper.Params.Set(f.ctx, params))
}

// judgeAllBut brings a job from verifying to contesting: the seats refuse one contribution, which its owner lets pass.
func (f *secureFixture) judgeAllBut(id string, refused int) {
	f.t.Helper()
	for i := range f.job(id).Seats {
		msg := f.preparations(id, i)
		msg.Preparations[refused].Share = nil
		_, err := f.msg.Prepare(f.ctx, msg)
		require.NoError(f.t, err)
	}
	f.endBlock()
	require.Equal(f.t, types.JOB_STATUS_CONTESTING, f.job(id).Status)
}

// blocksLeft are the blocks in which a job still takes messages.
func (f *secureFixture) blocksLeft(id string) int64 {
	return f.job(id).DeadlineHeight - f.ctx.BlockHeight() + 1
}

// A consumer may ask for the shortest windows. With many contributions the seats still have the time that judging them
// takes, and a seat that uses all of it loses nothing.
func TestSeatsHaveTheTimeTheyNeed(t *testing.T) {
	const owners = 6
	f := newSecureFixture(t, 3, owners)
	spec := f.secureSpec()
	f.seatBytes(1 << 10)
	id := f.toVerifying(spec)
	size, noise := int64(f.protocol(id).SharedSize()), 3*int64(f.noiseProtocol(id).SharedSize())
	require.Less(t, int64(spec.Secure.VerifyBlocks), owners*size>>10)
	require.Equal(t, (owners*size+noise+1023)>>10, f.blocksLeft(id))
	f.endBlocks(int(f.blocksLeft(id)) - 1)
	f.judgeAllBut(id, 2)
	require.EqualValues(t, spec.Secure.VerifyBlocks, f.blocksLeft(id), "owners have what the consumer gave them")
	f.endBlocks(int(f.blocksLeft(id)))
	require.Equal(t, types.JOB_STATUS_AGGREGATING, f.job(id).Status)
	require.Equal(t, ((owners-1)*size+noise+1023)>>10, f.blocksLeft(id), "of the valid ones, and the noise")
	f.endBlocks(int(f.blocksLeft(id)) - 1)
	f.openAll(id)
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_READING, f.job(id).Status)
	require.EqualValues(t, spec.Secure.OpenBlocks, f.blocksLeft(id))
	require.Empty(t, f.job(id).Lost)
}

// If there is little to do, the windows are the consumer's.
func TestWindowsAreTheConsumers(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	spec := f.secureSpec()
	spec.Secure.VerifyBlocks, spec.Secure.OpenBlocks = 17, 23
	id := f.toVerifying(spec)
	require.EqualValues(t, 17, f.blocksLeft(id))
	f.prepareAll(id)
	f.endBlock()
	require.EqualValues(t, 23, f.blocksLeft(id))
}

// A genesis leaves the seats as much time as they had, whether its heights go on or restart.
func TestGenesisKeepsTheTimeOfSeats(t *testing.T) {
	for _, anew := range []bool{false, true} {
		f := newSecureFixture(t, 3, 8)
		f.seatBytes(64 << 10)
		spec := f.sumsSpec(64)
		id := f.open(f.consumer, 1, spec)
		f.endBlocks(2)
		f.takeSeats(id)
		f.endBlock()
		f.addNoise(id)
		for i := range f.records {
			_, err := f.msg.Contribute(f.ctx, f.sharedVector(id, i, make([]uint64, spec.Length)))
			require.NoError(t, err)
		}
		f.endBlocks(int(f.blocksLeft(id)))
		require.Equal(t, types.JOB_STATUS_VERIFYING, f.job(id).Status)
		left := f.blocksLeft(id)
		require.Greater(t, left, int64(spec.Secure.VerifyBlocks))

		gs, err := f.keeper.ExportGenesis(f.ctx)
		require.NoError(t, err)
		g := newEmptyFixture(t)
		if anew {
			gs.Jobs[0].DeadlineHeight += 5_000_000
		} else {
			g.ctx = g.ctx.WithBlockHeight(f.ctx.BlockHeight())
		}
		g.takeOver(f.fixture)
		require.NoError(t, g.keeper.InitGenesis(g.ctx, *gs))
		got := g.job(id).DeadlineHeight - g.ctx.BlockHeight() + 1
		if anew {
			require.Equal(t, left+1, got, "the whole window")
		} else {
			require.Equal(t, left, got)
		}
	}
}
