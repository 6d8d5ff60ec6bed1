package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// storeHistogram stores the shipped row program of counts, changed.
func (f *fixture) storeHistogram(change func(m *types.MsgStoreProgram)) string {
	f.t.Helper()
	p, err := programs.ByName("histogram_row")
	require.NoError(f.t, err)
	msg := momentsMsg(f.t)
	msg.Code, msg.Name, msg.Cost = p.Code, p.Name, types.CostModelOf(p.Cost)
	msg.Shape = types.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 1024}
	if change != nil {
		change(msg)
	}
	res, err := f.msg.StoreProgram(f.ctx, msg)
	require.NoError(f.t, err)
	return res.ProgramId
}

// noisedSpec asks for a histogram of three slots with noise: 5,000 millionths of rho.
func (f *secureFixture) noisedSpec(program string) types.JobSpec {
	s := f.secureSpec()
	s.ProgramId, s.Secure.MicroRho, s.Secure.Ranges = program, 5_000, []types.SlotRange{{Count: 3, High: 1, Variance: 101}}
	return s
}

func TestNoiseRefused(t *testing.T) {
	wide := []types.SlotRange{{Count: 1, High: 1, Variance: 101}, {Count: 2, High: 200, Variance: 101}}
	for name, tc := range map[string]struct {
		program func(m *types.MsgStoreProgram)
		change  func(s *types.SecureSum)
		says    string
	}{
		"no ranges":          {nil, func(s *types.SecureSum) { s.Ranges = nil }, "slots of all ranges: expected the length, 3 and at least 1, got 0"},
		"another length":     {nil, func(s *types.SecureSum) { s.Ranges[0].Count = 4 }, "slots of all ranges: expected the length, 3 and at least 1, got 4"},
		"rho without noise":  {nil, func(s *types.SecureSum) { s.Ranges[0].Variance = 0 }, "variance: expected 4 to"},
		"no row fits":        {nil, func(s *types.SecureSum) { s.MicroRho = 4_000 }, "or no row could be used"},
		"too narrow job":     {nil, func(s *types.SecureSum) { s.Bits, s.Ranges = 7, wide }, "bits: expected at least 8 for the sum of 1 rows, got 7"},
		"too narrow program": {func(m *types.MsgStoreProgram) { m.Bits = 7 }, func(s *types.SecureSum) { s.Ranges = wide }, "bits: expected at least 8"},
		"beyond the sampler": {nil, func(s *types.SecureSum) { s.Ranges[0].Variance = 1<<62 + 1 }, "variance: expected 4 to 4611686018427387904"},
		"many ranges":        {nil, func(s *types.SecureSum) { s.Ranges = make([]types.SlotRange, types.MaxRanges+1) }, "secure.ranges: expected at most 4096, got 4097"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newSecureFixture(t, 3, 2)
			spec := f.noisedSpec(f.storeHistogram(tc.program))
			tc.change(spec.Secure)
			before := f.state()
			_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(f.consumer), Salt: salt(1), Spec: spec})
			require.ErrorIs(t, err, types.ErrInvalidSecure)
			require.ErrorContains(t, err, tc.says)
			require.Equal(t, before, f.state())
		})
	}
	p := newPanelFixture(t)
	panel := p.over(p.found(p.namedTerms(3), p.registerAll(names("owner", 3)...)...))
	panel.Secure.Ranges = []types.SlotRange{{Count: 3, High: 1, Variance: 101}}
	_, err := p.openOver(panel)
	require.ErrorIs(t, err, types.ErrInvalidSecure)
	require.ErrorContains(t, err, "variance: expected 0 without micro_rho, got 101")

	f := newSecureFixture(t, 3, 2)
	batches := f.noisedSpec(f.program)
	_, err = f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(f.consumer), Salt: salt(1), Spec: batches})
	require.ErrorIs(t, err, types.ErrInvalidSecure, "nobody bounds what a row changes")
	require.ErrorContains(t, err, "expected neither ranges nor micro_rho for a program that takes batches, got 1 and 5000")
	direct := f.spec()
	direct.ProgramId = f.storeHistogram(nil)
	_, err = f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(f.consumer), Salt: salt(1), Spec: direct})
	require.ErrorIs(t, err, types.ErrInvalidSecure)
	require.ErrorContains(t, err, "delivery of a row program: expected DELIVERY_SECURE_SUM")
}

// The code says whether a program is a row program, and its statement has to be right for one.
func TestRowPrograms(t *testing.T) {
	f := newFixture(t)
	id := f.storeHistogram(nil)
	program, err := f.keeper.Program(f.ctx, id)
	require.NoError(t, err)
	require.True(t, program.Row)
	program, err = f.keeper.Program(f.ctx, f.program)
	require.NoError(t, err)
	require.False(t, program.Row)
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	require.NoError(t, gs.Validate())
	for i := range gs.Programs {
		gs.Programs[i].Program.Row = !gs.Programs[i].Program.Row
		require.ErrorContains(t, gs.Validate(), "row: expected")
		gs.Programs[i].Program.Row = !gs.Programs[i].Program.Row
	}
	p, err := programs.ByName("contingency_row")
	require.NoError(t, err)
	for says, change := range map[string]func(m *types.MsgStoreProgram){
		"per_batch of a row program: expected 0":             func(m *types.MsgStoreProgram) { m.Cost.PerBatch.Constant = 1 },
		"which the host's work for a row costs, and more":    func(m *types.MsgStoreProgram) { m.Cost.PerRow = types.Cost{Constant: 1} },
		"kind of a row program: expected sum or histogram":   func(m *types.MsgStoreProgram) { m.Kind, m.Bits = types.VECTOR_KIND_ONE_HOT, 1 },
		"base: expected at least 1 operation, a run without": func(m *types.MsgStoreProgram) { m.Cost.Base = types.Cost{} },
	} {
		msg := momentsMsg(t)
		msg.Code, msg.Cost, msg.Shape = p.Code, types.CostModelOf(p.Cost), types.Shape{MinColumns: 2, MaxColumns: 2, MaxLength: 1024}
		change(msg)
		_, err = f.msg.StoreProgram(f.ctx, msg)
		require.ErrorIs(t, err, types.ErrInvalidProgram, says)
		require.ErrorContains(t, err, says)
	}
}

// All programs that ship can be stored, as the command line states them.
func TestShippedRowProgramsAreStored(t *testing.T) {
	f := newFixture(t)
	for _, p := range programs.Rows() {
		msg := momentsMsg(t)
		msg.Code, msg.Name, msg.Cost, msg.Kind = p.Code, p.Name, types.CostModelOf(p.Cost), types.VectorKind(p.Kind)
		msg.Shape = types.Shape{MinColumns: uint32(p.Shape.MinColumns), MaxColumns: min(uint32(p.Shape.MaxColumns), types.MaxColumns)}
		if pairs := p.Shape.Pairs; pairs.PerPair == 0 && pairs.PerColumn > 0 {
			msg.Shape.LengthConstant, msg.Shape.LengthPerColumn = uint32(pairs.Constant), uint32(pairs.PerColumn)
		} else {
			msg.Shape.MaxLength = min(uint32(p.Shape.MaxLength), types.DefaultParams().MaxVectorLength)
		}
		_, err := f.msg.StoreProgram(f.ctx, msg)
		require.NoError(t, err, p.Name)
	}
}

// A job charges what it states.
func TestMicroRhoOfJobs(t *testing.T) {
	for _, tc := range []struct{ variance, microRho uint64 }{{4, 500_000}, {101, 5_000}, {1 << 40, 1}} {
		f := newSecureFixture(t, 3, 2)
		spec := f.noisedSpec(f.storeHistogram(nil))
		spec.Secure.MicroRho, spec.Secure.Ranges[0].Variance = tc.microRho, tc.variance
		id := f.open(f.consumer, 1, spec)
		require.Equal(t, tc.microRho, f.job(id).MicroRho)

		gs, err := f.keeper.ExportGenesis(f.ctx)
		require.NoError(t, err)
		require.NoError(t, gs.Validate())
		gs.Jobs[0].MicroRho++
		require.ErrorContains(t, gs.Validate(), "micro_rho")
		gs.Jobs[0].MicroRho--
		gs.Jobs[0].Spec.Secure.Ranges[0].Low = 1
		require.ErrorContains(t, gs.Validate(), "low: expected")
	}
}

// A record whose rows do not fit the slots is refused: its sum would wrap, and who comes must not depend on what is in it.
func TestRowsFitTheSlots(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	spec := f.noisedSpec(f.storeHistogram(nil))
	// 20 rows is below 2^7 for 6 rows at most, and the records have 10 and more.
	spec.Secure.Ranges, spec.Secure.Bits = []types.SlotRange{{Count: 1, High: 1, Variance: 101}, {Count: 2, High: 20, Variance: 101}}, 7
	id := f.open(f.consumer, 1, spec)
	f.endBlocks(2)
	f.takeSeats(id)
	f.endBlock()
	before := f.state()
	_, err := f.msg.Contribute(f.ctx, f.sharedVector(id, 0, []uint64{0, 0, 0}))
	require.ErrorIs(t, err, types.ErrWrongRecord)
	require.ErrorContains(t, err, "expected at least 8 for the sum of 10 rows, got 7")
	require.Equal(t, before, f.state())
}

// The sums of a round say how many rows are in them: the reader takes their shift away.
func TestSumsCountRows(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	spec := f.noisedSpec(f.storeHistogram(nil))
	spec.Secure.PublicResult = true
	id := f.toVerifying(spec)
	f.prepareAll(id)
	rows := uint64(0)
	for _, r := range f.records {
		rows += f.registry.records[r].Rows
	}
	require.Equal(t, rows, f.job(id).ValidRows)
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	require.NoError(t, gs.Validate())
	gs.Jobs[0].ValidRows++
	require.ErrorContains(t, gs.Validate(), "valid_rows")
	f.endBlock()
	f.openAll(id)
	f.endBlock()
	res, err := f.query.Sums(f.ctx, &types.QuerySumsRequest{JobId: id})
	require.NoError(t, err)
	require.Equal(t, rows, res.Sums.Rows)
}

// A grant is asked for what the job discloses.
func TestGrantsAreAskedForNoise(t *testing.T) {
	f := newSecureFixture(t, 3, 2)
	histogram := f.storeHistogram(nil)
	f.attempt(f.open(f.consumer, 1, f.noisedSpec(histogram)))
	require.EqualValues(t, 5_000, f.registry.last.MicroRho)
	require.False(t, f.registry.last.Individual)
	f.contribute(f.open(f.consumer, 2, f.spec()), f.records[0])
	require.True(t, f.registry.last.Individual)
	require.Zero(t, f.registry.last.MicroRho)
}

// Each round is another answer: it takes another use of the grant, with its charge.
func TestEachRoundIsCharged(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	spec := f.noisedSpec(f.storeHistogram(nil))
	spec.Secure.Rounds, spec.Secure.NextBlocks = 2, 5
	id := f.toVerifying(spec)
	f.prepareAll(id)
	f.endBlock()
	f.openAll(id)
	f.endBlock()
	_, err := f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id})
	require.NoError(t, err)
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_WAITING, f.job(id).Status)
	f.registry.last = metadatatypes.GrantRequest{}
	_, err = f.msg.NextRound(f.ctx, &types.MsgNextRound{Consumer: bech(f.consumer), JobId: id, Round: 2, Input: []byte{2}})
	require.NoError(t, err)
	f.contributing(id)
	require.EqualValues(t, 5_000, f.registry.last.MicroRho)
	for _, r := range f.records {
		require.Equal(t, 1, f.registry.uses[r], "the first round was opened")
		require.Equal(t, 5_000, f.registry.uses["micro-rho of "+r])
		require.EqualValues(t, 5_000, f.registry.reserved[reservation{r, 0}], "the second one may be")
		require.EqualValues(t, 1, f.registry.reserved[reservation{r, 7}])
	}
}
