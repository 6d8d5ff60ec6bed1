package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/types"
)

// storeOneHot stores a program whose vectors are one-hot.
func (f *fixture) storeOneHot() string {
	f.t.Helper()
	p, err := programs.ByName("choice")
	require.NoError(f.t, err)
	msg := momentsMsg(f.t)
	msg.Code, msg.Name, msg.Kind, msg.Bits, msg.Cost = p.Code, p.Name, types.VECTOR_KIND_ONE_HOT, 1, types.CostModelOf(p.Cost)
	msg.Shape = types.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 1024}
	res, err := f.msg.StoreProgram(f.ctx, msg)
	require.NoError(f.t, err)
	return res.ProgramId
}

// A job over a program of one-hot vectors takes records of exactly one row, in either delivery, and its quote counts no others.
func TestOneHotTakesRecordsOfOneRow(t *testing.T) {
	f := newFixture(t)
	program := f.storeOneHot()
	consumer := account("consumer")
	f.fund(consumer, 100_000, 400_000)
	one := f.addRecord("one", account("ada"), 1)
	others := []string{f.addRecord("two", account("bob"), 2), f.addRecord("batch", account("cyd"), 1024), f.addRecord("more", account("dee"), 1025)}
	quote := func(program string) *types.QueryQuoteJobResponse {
		res, err := f.query.QuoteJob(f.ctx, &types.QueryQuoteJobRequest{PoolId: poolID, ProgramId: program, Columns: 1, Length: 3, PricePerMop: "500000"})
		require.NoError(t, err)
		return res
	}
	stored, err := f.keeper.Program(f.ctx, program)
	require.NoError(t, err)
	operations, err := stored.Cost.Operations(1, 1, 3)
	require.NoError(t, err)
	got := quote(program)
	require.EqualValues(t, 1, got.Records)
	require.EqualValues(t, 1, got.Rows)
	require.Equal(t, operations, got.Operations)
	require.EqualValues(t, 4, quote(f.program).Records, "other programs take all of them")

	spec := f.spec()
	spec.ProgramId, spec.Budget = program, types.NewFunds(50_000, 200_000)
	id := f.open(consumer, 1, spec)
	for _, record := range others {
		before := f.state()
		_, err := f.msg.Contribute(f.ctx, f.attest(id, record))
		require.ErrorIs(t, err, types.ErrWrongRecord)
		require.ErrorContains(t, err, "expected 1 for a program of one_hot")
		require.Equal(t, before, f.state())
	}
	f.contribute(id, one)
}

// Owners of one row each add up, with the proof that each of them counts once. A tenth of a row of 30 cells is a question of three slots.
func TestOneHotSum(t *testing.T) {
	p := newPanelFixture(t)
	p.rows, p.columns, p.program = 1, 30, p.storeOneHot()
	id := p.seatedJob(p.over(p.signed()))
	for i, vector := range [][]uint64{{0, 1, 0}, {1, 0, 0}, {0, 1, 0}} {
		_, err := p.msg.Contribute(p.ctx, p.sharedVector(id, i, vector))
		require.NoError(t, err)
	}
	gs, err := p.keeper.ExportGenesis(p.ctx)
	require.NoError(t, err)
	require.NoError(t, gs.Validate())
	p.untilOver(id)
	p.prepareAll(id)
	p.untilOver(id)
	require.EqualValues(t, 3, p.job(id).Valid)
	p.openAll(id)
	p.endBlock()
	require.Equal(t, []string{"1", "2", "0"}, p.read(id, p.reader))
}
