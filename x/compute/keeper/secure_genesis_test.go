package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/compute/types"
)

// TestSecureGenesisRoundTrip exports a secure sum in each of its phases, loads it into a new store and lets both go on: they
// end in the same state.
func TestSecureGenesisRoundTrip(t *testing.T) {
	phases := map[types.JobStatus]func(f *secureFixture) string{
		types.JOB_STATUS_SEATING: func(f *secureFixture) string {
			id := f.open(f.consumer, 1, f.secureSpec())
			f.endBlocks(2)
			f.takeSeats(id, f.job(id).Seats[0].Operator)
			return id
		},
		types.JOB_STATUS_CONTRIBUTING: func(f *secureFixture) string {
			id := f.open(f.consumer, 1, f.secureSpec())
			f.endBlocks(2)
			f.takeSeats(id)
			f.endBlock()
			f.contributeAll(id)
			return id
		},
		types.JOB_STATUS_VERIFYING: func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			_, err := f.msg.Prepare(f.ctx, f.preparations(id, 0))
			require.NoError(f.t, err)
			return id
		},
		types.JOB_STATUS_CONTESTING: func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			for i := range 3 {
				msg := f.preparations(id, i)
				if i == 1 {
					msg.Preparations[0].Share = nil
				}
				_, err := f.msg.Prepare(f.ctx, msg)
				require.NoError(f.t, err)
			}
			f.endBlock()
			return id
		},
		types.JOB_STATUS_AGGREGATING: func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			f.prepareAll(id)
			f.endBlock()
			_, err := f.msg.OpenSum(f.ctx, f.openMsg(id, 1, f.opening(id, 1)))
			require.NoError(f.t, err)
			return id
		},
		types.JOB_STATUS_READING: func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			f.prepareAll(id)
			f.endBlock()
			f.openAll(id)
			f.endBlock()
			return id
		},
		types.JOB_STATUS_WAITING: func(f *secureFixture) string {
			spec := f.secureSpec()
			spec.Secure.Rounds, spec.Secure.NextBlocks = 3, 7
			id := f.toVerifying(spec)
			f.prepareAll(id)
			f.endBlock()
			f.openAll(id)
			f.endBlocks(7)
			return id
		},
	}
	for status, reach := range phases {
		t.Run(status.String(), func(t *testing.T) {
			f := newSecureFixture(t, 5, 3)
			id := reach(f)
			require.Equal(t, status, f.job(id).Status)
			_, err := f.msg.LeaveSeat(f.ctx, &types.MsgLeaveSeat{Operator: bech(f.operators[4])})
			require.NoError(t, err)
			g := restarted(t, f.fixture)
			for range 40 {
				a, err := f.keeper.ExportGenesis(f.ctx)
				require.NoError(t, err)
				b, err := g.keeper.ExportGenesis(g.ctx)
				require.NoError(t, err)
				require.Equal(t, string(f.cdc.MustMarshalJSON(a)), string(f.cdc.MustMarshalJSON(b)))
				f.endBlock()
				g.endBlock()
			}
			require.False(t, f.job(id).Open())
		})
	}
}
