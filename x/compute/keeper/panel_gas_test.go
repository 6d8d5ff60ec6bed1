package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
)

// gasOf is the gas that fn takes.
func (p *panelFixture) gasOf(fn func()) uint64 {
	before := p.ctx.GasMeter().GasConsumed()
	fn()
	return p.ctx.GasMeter().GasConsumed() - before
}

// TestCostsOfPanels logs what panels cost in gas, without the transactions. Who opens a job pays for reading every member's content; what
// a member pays does not grow with the others, but for the one whose message begins an edition.
func TestCostsOfPanels(t *testing.T) {
	contribution := map[int]uint64{}
	for _, n := range []int{5, 100} {
		p := newPanelFixture(t)
		p.ctx = p.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		records := p.registerAll(names("owner", n)...)
		var id string
		var err error
		propose := p.gasOf(func() { id, err = p.propose(p.namedTerms(3), records...) })
		require.NoError(t, err)
		var signs, stages []uint64
		for _, r := range records {
			signs = append(signs, p.gasOf(func() { require.NoError(t, p.sign(id, r)) }))
		}
		spec := p.over(id)
		spec.Budget.Alita = spec.Budget.Alita.MulRaw(10)
		spec.Budget.Data = spec.Budget.Data.MulRaw(10)
		p.fund(p.consumer, 20*whole, 1_000_000_000)
		var jobID string
		open := p.gasOf(func() { jobID, err = p.openOver(spec) })
		require.NoError(t, err)
		p.endBlocks(2)
		p.takeSeats(jobID)
		p.endBlock()
		msg := p.shared(jobID, 0)
		p.ctx = p.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		contribution[n] = p.gasOf(func() { _, err = p.msg.Contribute(p.ctx, msg) })
		require.NoError(t, err)
		require.NoError(t, p.keeper.FailJob(p.ctx, jobID))
		p.endBlock()
		p.ctx = p.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		for i, r := range records[:3] {
			version := p.change(r, fmt.Sprint("new rows ", i))
			stages = append(stages, p.gasOf(func() { require.NoError(t, p.stage(r, version)) }))
		}
		t.Logf("%d members: propose %d gas; sign %d, the last %d; open %d; contribute %d; stage %d, the one that begins an edition %d",
			n, propose, signs[0], signs[n-1], open, contribution[n], stages[0], stages[2])
	}
	require.InDelta(t, contribution[5], contribution[100], 2_000, "a contribution pays for itself")
}
