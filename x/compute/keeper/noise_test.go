package keeper_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// storeHistogram stores the shipped program of counts, changed.
func (f *fixture) storeHistogram(change func(m *types.MsgStoreProgram)) string {
	f.t.Helper()
	p, err := programs.ByName("histogram")
	require.NoError(f.t, err)
	msg := momentsMsg(f.t)
	msg.Code, msg.Name, msg.Kind, msg.Sensitivity = p.Code, p.Name, types.VECTOR_KIND_HISTOGRAM, 1
	msg.Shape = types.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 1024}
	if change != nil {
		change(msg)
	}
	res, err := f.msg.StoreProgram(f.ctx, msg)
	require.NoError(f.t, err)
	return res.ProgramId
}

// noisedSpec asks for a histogram of three slots with noise: rho is 1 / (2 * 100), 5,000 millionths.
func (f *secureFixture) noisedSpec(program string) types.JobSpec {
	s := f.secureSpec()
	s.ProgramId, s.Secure.NoiseVariance = program, 100
	return s
}

func TestNoiseRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		program  func(m *types.MsgStoreProgram)
		variance uint64
		bits     uint32
		says     string
	}{
		"sums": {func(m *types.MsgStoreProgram) {
			m.Kind, m.Sensitivity = types.VECTOR_KIND_SUM, 0
		}, 100, 0, "expected none for a program of sum"},
		"one-hot": {func(m *types.MsgStoreProgram) {
			m.Kind, m.Sensitivity, m.Bits = types.VECTOR_KIND_ONE_HOT, 0, 1
		}, 100, 0, "expected none for a program of one_hot, with noise its vector would not be one-hot"},
		"sensitivity not stated": {func(m *types.MsgStoreProgram) { m.Sensitivity = 0 }, 100, 0, "sensitivity: expected at least 1, got 0"},
		"too narrow program":     {func(m *types.MsgStoreProgram) { m.Bits = 7 }, 100, 0, "expected at most 63 in a slot of 7 bits, got 95"},
		"too narrow job":         {nil, 100, 7, "expected at most 63 in a slot of 7 bits, got 95"},
		"beyond the sampler":     {nil, 1<<62 + 1, 0, "expected 1 to 4611686018427387904"},
		"rho beyond 64 bits":     {func(m *types.MsgStoreProgram) { m.Sensitivity = math.MaxUint64 }, 1, 0, "expected less than 2^64 millionths"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newSecureFixture(t, 3, 2)
			spec := f.noisedSpec(f.storeHistogram(tc.program))
			spec.Secure.NoiseVariance, spec.Secure.Bits = tc.variance, tc.bits
			before := f.state()
			_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(f.consumer), Salt: salt(1), Spec: spec})
			require.ErrorIs(t, err, types.ErrInvalidSecure)
			require.ErrorContains(t, err, tc.says)
			require.Equal(t, before, f.state())
		})
	}
	f := newFixture(t)
	msg := momentsMsg(t)
	msg.Code, msg.Sensitivity = smallest().bytes(), 1
	_, err := f.msg.StoreProgram(f.ctx, msg)
	require.ErrorIs(t, err, types.ErrInvalidProgram)
	require.ErrorContains(t, err, "sensitivity: expected 0 for sum, noise is for histogram; got 1")
}

// rho is sensitivity / (2 variance), in millionths and rounded up; 0 without noise.
func TestMicroRhoOfJobs(t *testing.T) {
	for _, tc := range []struct{ sensitivity, variance, want uint64 }{
		{1, 0, 0}, {1, 1, 500_000}, {1, 100, 5_000}, {1, 3, 166_667}, {4, 9, 222_223}, {1, 1 << 40, 1},
	} {
		f := newSecureFixture(t, 3, 2)
		spec := f.noisedSpec(f.storeHistogram(func(m *types.MsgStoreProgram) { m.Sensitivity = tc.sensitivity }))
		spec.Secure.NoiseVariance = tc.variance
		id := f.open(f.consumer, 1, spec)
		require.Equal(t, tc.want, f.job(id).MicroRho)
		program, err := f.keeper.Program(f.ctx, spec.ProgramId)
		require.NoError(t, err)
		require.Equal(t, tc.sensitivity, program.Sensitivity)

		gs, err := f.keeper.ExportGenesis(f.ctx)
		require.NoError(t, err)
		require.NoError(t, gs.Validate())
		gs.Jobs[0].MicroRho++
		require.ErrorContains(t, gs.Validate(), "micro_rho")
	}
}

// A grant is asked for what the job discloses.
func TestGrantsAreAskedForNoise(t *testing.T) {
	f := newSecureFixture(t, 3, 2)
	histogram := f.storeHistogram(nil)
	for n, tc := range []struct {
		variance, want uint64
		exact          bool
	}{{100, 5_000, false}, {0, 0, true}} {
		spec := f.noisedSpec(histogram)
		spec.Secure.NoiseVariance, spec.Input = tc.variance, []byte{byte(n)}
		id := f.open(f.consumer, uint64(n), spec)
		f.attempt(id)
		require.Equal(t, tc.exact, f.registry.last.Exact)
		require.Equal(t, tc.want, f.registry.last.MicroRho)
		require.False(t, f.registry.last.Individual)
		f.finish(id)
	}
	spec := f.spec()
	id := f.open(f.consumer, 9, spec)
	f.contribute(id, f.records[0])
	require.True(t, f.registry.last.Exact)
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
