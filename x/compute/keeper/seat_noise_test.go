package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/x/compute/types"
)

// contributable brings a new job with noise to its window for contributions.
func (f *secureFixture) contributable(spec types.JobSpec) string {
	f.t.Helper()
	id := f.open(f.consumer, 1, spec)
	f.endBlocks(2)
	f.takeSeats(id)
	f.endBlock()
	require.Equal(f.t, types.JOB_STATUS_CONTRIBUTING, f.job(id).Status)
	return id
}

// contribute lets all owners contribute, without the seats' noise.
func (f *secureFixture) ownersContribute(id string) {
	f.t.Helper()
	for i := range f.records {
		_, err := f.msg.Contribute(f.ctx, f.shared(id, i))
		require.NoError(f.t, err)
	}
}

func (f *secureFixture) toDeadline(id string) {
	f.t.Helper()
	f.endBlocks(int(f.job(id).DeadlineHeight-f.ctx.BlockHeight()) + 1)
}

// TestAttackSeatGivesNoNoise: a seat that hands in no noise within the window is silent: it loses a part of its bond, the attempt begins again
// with another seat, and nothing is opened or charged.
func TestAttackSeatGivesNoNoise(t *testing.T) {
	f := newSecureFixture(t, 5, 4)
	id := f.contributable(f.secureSpec())
	operator := f.job(id).Seats[1].Operator
	f.addNoise(id, 1)
	f.ownersContribute(id)
	require.Equal(t, []int{1}, f.job(id).WithoutNoise())
	f.toDeadline(id)
	job := f.job(id)
	require.Equal(t, types.JOB_STATUS_SEATING, job.Status)
	require.EqualValues(t, 2, job.Attempt)
	require.Zero(t, job.OpenedAttempts)
	f.requireLost(id, operator, types.SEAT_FAULT_SILENT, stalled)
	for _, s := range job.Seats {
		require.Nil(t, s.Noise, "noise of another attempt is of no use")
	}
	f.requireValid()
	f.again(id)
}

// TestAttackSeatNoiseOutOfRange: noise that is out of its bounds by one is refused when it is handed in, whatever its seat says: the proof is
// everybody's to check. A seat with no other noise is silent.
func TestAttackSeatNoiseOutOfRange(t *testing.T) {
	f := newSecureFixture(t, 5, 4)
	id := f.contributable(f.secureSpec())
	operator := f.job(id).Seats[0].Operator
	f.addNoise(id, 0)
	job := f.job(id)
	asked := job.SecureSum(chainID)
	most, err := asked.Ranges.NoiseBounds()
	require.NoError(t, err)
	program, err := f.keeper.Program(f.ctx, job.Spec.ProgramId)
	require.NoError(t, err)
	vector := make([]uint64, len(most))
	for i := range most {
		most[i]++ // in as many bits
		vector[i] = most[i]
	}
	bound := asked.RangesHash()
	session := asked.Session
	session.Terms = bound[:]
	wide, err := securesum.New(securesum.Shape{
		Kind: securesum.SumVec, Length: asked.Length, Bits: asked.SlotBits(program.Terms()), Seats: asked.Seats, Noise: most,
	}, session)
	require.NoError(t, err)
	cheat, _ := wide.Noise()
	msg := f.noiseUnder(cheat, id, 0, vector)
	f.refusedSaying(types.ErrInvalidShares, "expected a proof of these bounds, got another one", func() error {
		_, err := f.msg.AddNoise(f.ctx, msg)
		return err
	})
	f.ownersContribute(id)
	f.toDeadline(id)
	f.requireLost(id, operator, types.SEAT_FAULT_SILENT, stalled)
	f.again(id)
}

// TestAttackSeatNoiseDoesNotOpen: noise whose shares do not open their commitments is found by the seats that got them. If its seat cannot show that
// one of them lies, it loses what silence costs, and nothing is opened.
func TestAttackSeatNoiseDoesNotOpen(t *testing.T) {
	f := newSecureFixture(t, 5, 4)
	id := f.contributable(f.secureSpec())
	f.addNoise(id, 0)
	msg := f.noiseMsg(id, 0, nil)
	msg.Shared.Commitments[1], msg.Shared.Commitments[2] = msg.Shared.Commitments[2], msg.Shared.Commitments[1]
	_, err := f.msg.AddNoise(f.ctx, msg)
	require.NoError(t, err, "their sum is right, and nobody sees more yet")
	f.ownersContribute(id)
	f.toDeadline(id)
	require.Equal(t, types.JOB_STATUS_VERIFYING, f.job(id).Status)
	operator := f.job(id).Seats[0].Operator
	f.prepareAll(id)
	f.endBlock()
	job := f.job(id)
	require.Equal(t, types.JOB_STATUS_CONTESTING, job.Status, "all contributions are valid, one noise is not")
	require.Equal(t, []int{0}, job.InvalidNoise())
	f.requireValid()
	for seat := range 3 {
		require.ErrorIs(t, f.accuseOfNoise(id, 0, seat), types.ErrNoFault, "everybody has judged it rightly")
	}
	f.toDeadline(id)
	require.Equal(t, types.JOB_STATUS_SEATING, f.job(id).Status)
	require.Zero(t, f.job(id).OpenedAttempts, "nothing was opened")
	f.requireLost(id, operator, types.SEAT_FAULT_NOISE, stalled)
	f.again(id)
}

// accuseOfNoise lets a seat accuse another one of having judged its noise falsely.
func (f *secureFixture) accuseOfNoise(id string, of, seat int) error {
	job := f.job(id)
	evidence := f.evidence[fmt.Sprint(id, job.Round, job.Attempt, job.Seats[of].Operator)]
	_, err := f.msg.AccuseSeat(f.ctx, &types.MsgAccuseSeat{
		Worker: job.Seats[of].Account, JobId: id, RecordId: job.Seats[of].Operator, Seat: uint32(seat), Randomness: evidence[seat],
	})
	return err
}

// TestAttackSeatJudgesNoiseFalsely: a seat that refuses another one's noise, though its share is right, is accused and loses its bond; the other
// one keeps its own. A seat that says anything else than that it accepts or refuses is found out at once.
func TestAttackSeatJudgesNoiseFalsely(t *testing.T) {
	for _, refuse := range []bool{false, true} {
		f := newSecureFixture(t, 5, 4)
		id := f.contributable(f.secureSpec())
		f.addNoise(id)
		f.ownersContribute(id)
		f.toDeadline(id)
		victim, liar := f.job(id).Seats[0].Operator, f.job(id).Seats[2].Operator
		for i := range 3 {
			msg := f.preparations(id, i)
			for j, p := range msg.Preparations {
				if i == 2 && p.RecordId == victim {
					if refuse {
						msg.Preparations[j].Share = nil
					} else {
						msg.Preparations[j].Share[3] ^= 1
					}
				}
			}
			_, err := f.msg.Prepare(f.ctx, msg)
			require.NoError(t, err)
		}
		if refuse {
			f.endBlock()
			job := f.job(id)
			require.Equal(t, types.JOB_STATUS_CONTESTING, job.Status)
			require.ErrorIs(t, f.accuseOfNoise(id, 0, 1), types.ErrNoFault, "an honest seat")
			_, err := f.msg.AccuseSeat(f.ctx, &types.MsgAccuseSeat{
				Worker: job.Seats[1].Account, JobId: id, RecordId: victim, Seat: 2, Randomness: f.evidence[fmt.Sprint(id, job.Round, job.Attempt, victim)][2],
			})
			require.ErrorIs(t, err, types.ErrNotSeat, "another one's noise")
			require.NoError(t, f.accuseOfNoise(id, 0, 2))
		}
		require.Equal(t, types.JOB_STATUS_SEATING, f.job(id).Status)
		f.requireLost(id, liar, types.SEAT_FAULT_PREPARATION, 0)
		require.Equal(t, fmt.Sprint(seatBond), f.bondOf(victim).String())
		f.again(id)
	}
}

// TestAttackSeatSilentAboutNoise: a seat that judges all contributions but not the noise is silent.
func TestAttackSeatSilentAboutNoise(t *testing.T) {
	f := newSecureFixture(t, 5, 4)
	id := f.toVerifying(f.secureSpec())
	operator := f.job(id).Seats[1].Operator
	for i := range 3 {
		msg := f.preparations(id, i)
		if i == 1 {
			msg.Preparations = msg.Preparations[:len(f.records)+1]
		}
		_, err := f.msg.Prepare(f.ctx, msg)
		require.NoError(t, err)
	}
	require.EqualValues(t, 4, f.job(id).Judged)
	require.False(t, f.job(id).Complete())
	f.requireValid()
	f.toDeadline(id)
	f.requireLost(id, operator, types.SEAT_FAULT_SILENT, stalled)
	f.again(id)
}

// A cohort that is full waits for the noise, and no longer.
func TestFullCohortWaitsForNoise(t *testing.T) {
	for _, last := range []string{"noise", "owner"} {
		f := newSecureFixture(t, 3, 3)
		spec := f.secureSpec()
		spec.MaxCohort = 3
		id := f.contributable(spec)
		if last == "owner" {
			f.addNoise(id)
		}
		f.ownersContribute(id)
		f.endBlock()
		if last == "noise" {
			require.Equal(t, types.JOB_STATUS_CONTRIBUTING, f.job(id).Status)
			f.addNoise(id, 2)
			f.endBlock()
			require.Equal(t, types.JOB_STATUS_CONTRIBUTING, f.job(id).Status)
			f.addNoise(id)
			f.endBlock()
		}
		require.Equal(t, types.JOB_STATUS_VERIFYING, f.job(id).Status, last)
	}
}

func TestNoiseIsRefused(t *testing.T) {
	f := newSecureFixture(t, 5, 4)
	id := f.contributable(f.secureSpec())
	add := func(change func(m *types.MsgAddNoise)) func() error {
		msg := f.noiseMsg(id, 1, nil)
		change(msg)
		return func() error {
			_, err := f.msg.AddNoise(f.ctx, msg)
			return err
		}
	}
	f.refused(types.ErrNotSeat, add(func(m *types.MsgAddNoise) { m.Account = bech(f.owners[0]) }))
	f.refused(types.ErrWrongAttempt, add(func(m *types.MsgAddNoise) { m.Round = 2 }))
	f.refused(types.ErrWrongAttempt, add(func(m *types.MsgAddNoise) { m.Shared.Attempt = 2 }))
	f.refused(types.ErrInvalidShares, add(func(m *types.MsgAddNoise) { m.Shared.Shares = m.Shared.Shares[1:] }))
	f.refused(types.ErrInvalidShares, add(func(m *types.MsgAddNoise) { m.Shared.PublicShare = nil }))
	f.refused(types.ErrInvalidShares, add(func(m *types.MsgAddNoise) { m.Shared.Commitments[0] = make([]byte, 31) }))
	f.addNoise(id)
	f.refused(types.ErrSeatTaken, add(func(*types.MsgAddNoise) {}))
	f.ownersContribute(id)
	f.toDeadline(id)
	f.refused(types.ErrWrongPhase, add(func(*types.MsgAddNoise) {}))

	// A window that leaves seats no time is refused.
	spec := f.secureSpec()
	params, err := f.keeper.Params.Get(f.ctx)
	require.NoError(t, err)
	spec.ContributeBlocks = params.MinWindowBlocks - 1
	_, err = f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(f.consumer), Salt: salt(9), Spec: spec})
	require.ErrorIs(t, err, types.ErrInvalidWindow)
	require.ErrorContains(t, err, "contribute_blocks of a sum with noise")
}

// A histogram of 1,024 bins has noise, which a seat's part of a block has room for. Beyond the largest proof a job is refused when it is opened.
func TestNoiseOfLongVectors(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	spec := f.secureSpec()
	spec.ProgramId = f.storeHistogram(nil)
	spec.Length, spec.Secure.Bits, spec.Budget = 1024, 7, types.NewFunds(500_000, 1_000_000)
	spec.Secure.Ranges = []types.SlotRange{{Count: 1024, High: 1, Variance: 10_000}}
	_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(f.consumer), Salt: salt(9), Spec: spec})
	require.ErrorIs(t, err, types.ErrInvalidSecure)
	require.ErrorContains(t, err, "bits of the noise: expected at most 12288, got 13312")
	spec.Secure.Ranges[0].Variance = 101
	id := f.contributable(spec)
	msg := f.noiseMsg(id, 0, nil)
	gas, written := f.metered(func(ctx sdk.Context) error { _, err := f.msg.AddNoise(ctx, msg); return err })
	t.Logf("noise of 1024 slots: %d bits, %d gas, %d bytes written", f.noiseProtocol(id).ProvedBits(), gas, written)
	require.Less(t, gas, uint64(5_500_000))
}

// A seat's noise is awaited until it is there, and what defends it when it was found invalid.
func TestNoiseIsAwaited(t *testing.T) {
	f := newSecureFixture(t, 5, 4)
	id := f.contributable(f.secureSpec())
	msg := f.noiseMsg(id, 0, nil)
	require.Equal(t, f.job(id).Seats[0].Operator, f.seatText(f.keeper.AwaitedSeat(f.ctx, msg)))
	early := *msg
	early.Shared.Attempt++
	require.Nil(t, f.keeper.AwaitedSeat(f.ctx, &early), "another attempt")
	early = *msg
	early.Account = bech(f.owners[0])
	require.Nil(t, f.keeper.AwaitedSeat(f.ctx, &early), "no seat")
	f.addNoise(id)
	require.Nil(t, f.keeper.AwaitedSeat(f.ctx, msg), "it is there")
	f.ownersContribute(id)
	f.toDeadline(id)
	victim := f.job(id).Seats[0]
	for i := range 3 {
		msg := f.preparations(id, i)
		for j, p := range msg.Preparations {
			if i == 2 && p.RecordId == victim.Operator {
				msg.Preparations[j].Share = nil
			}
		}
		_, err := f.msg.Prepare(f.ctx, msg)
		require.NoError(t, err)
	}
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_CONTESTING, f.job(id).Status)
	f.requireValid()
	accusation := &types.MsgAccuseSeat{Worker: victim.Account, JobId: id, RecordId: victim.Operator, Seat: 2}
	require.Equal(t, victim.Operator, f.seatText(f.keeper.AwaitedSeat(f.ctx, accusation)))
	require.False(t, f.keeper.Awaited(f.ctx, accusation), "in the seats' part of a block, not in the owners'")
	accusation.Worker = f.job(id).Seats[1].Account
	require.Nil(t, f.keeper.AwaitedSeat(f.ctx, accusation), "another one's noise")
}

// Exact sums over panels take no noise.
func TestNoNoiseInExactSums(t *testing.T) {
	p := newPanelFixture(t)
	members := p.registerAll(names("owner", 3)...)
	id, err := p.openOver(p.over(p.found(p.namedTerms(3), members...)))
	require.NoError(t, err)
	p.endBlocks(2)
	p.takeSeats(id)
	p.endBlock()
	job := p.job(id)
	require.Equal(t, types.JOB_STATUS_CONTRIBUTING, job.Status)
	_, err = p.msg.AddNoise(p.ctx, &types.MsgAddNoise{Account: job.Seats[0].Account, JobId: id, Round: 1, Shared: types.SharedVector{Attempt: 1}})
	require.ErrorIs(t, err, types.ErrInvalidShares)
	require.ErrorContains(t, err, "noise: expected none in an exact sum")
}

// A state is exported and imported with the noise in every phase, and damaged noise is refused.
func TestGenesisWithNoise(t *testing.T) {
	f := newSecureFixture(t, 5, 4)
	id := f.contributable(f.secureSpec())
	f.addNoise(id, 2)
	f.requireValid()
	f.addNoise(id)
	f.ownersContribute(id)
	f.requireValid()
	f.toDeadline(id)
	_, err := f.msg.Prepare(f.ctx, f.preparations(id, 0))
	require.NoError(t, err)
	f.requireValid()
	for name, change := range map[string]func(gs *types.GenesisState){
		"none":        func(gs *types.GenesisState) { gs.Noises = nil },
		"one missing": func(gs *types.GenesisState) { gs.Noises = gs.Noises[1:] },
		"twice":       func(gs *types.GenesisState) { gs.Noises[1] = gs.Noises[0] },
		"another job": func(gs *types.GenesisState) { gs.Noises[1].JobId = "00" + id[2:] },
		"other shares": func(gs *types.GenesisState) {
			gs.Noises[0].Shared, gs.Noises[1].Shared = gs.Noises[1].Shared, gs.Noises[0].Shared
		},
		"no shares":      func(gs *types.GenesisState) { gs.Noises[0].Shared = types.SharedVector{} },
		"a message":      func(gs *types.GenesisState) { gs.Noises[0].Message = make([]byte, 32) },
		"no preparation": func(gs *types.GenesisState) { gs.Noises[0].Preparations = nil },
		"not judged":     func(gs *types.GenesisState) { gs.Jobs[0].Seats[0].Noise.Status = types.CONTRIBUTION_STATUS_VALID },
		"judged by more": func(gs *types.GenesisState) { gs.Jobs[0].Seats[0].Noise.Prepared = 1 << 5 },
		"seat without":   func(gs *types.GenesisState) { gs.Jobs[0].Seats[0].Noise = nil },
	} {
		gs, err := f.keeper.ExportGenesis(f.ctx)
		require.NoError(t, err)
		require.Len(t, gs.Noises, 3)
		change(gs)
		require.ErrorIs(t, gs.Validate(), types.ErrInvalidGenesis, name)
	}
	for i := 1; i < 3; i++ {
		_, err := f.msg.Prepare(f.ctx, f.preparations(id, i))
		require.NoError(t, err)
	}
	f.endBlock()
	f.requireValid()
	f.openSums(id, 0)
	f.requireValid()
	f.openSums(id, 1, 2)
	f.endBlock()
	f.requireValid()
	_, err = f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id})
	require.NoError(t, err)
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_SETTLED, f.job(id).Status)
	f.requireValid()
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	require.Empty(t, gs.Noises, "nothing is left of it")
}

// requireValid checks that the invariants hold and that the state can be exported and is valid.
func (f *secureFixture) requireValid() {
	f.t.Helper()
	require.NoError(f.t, f.keeper.Invariants(f.ctx))
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(f.t, err)
	require.NoError(f.t, gs.Validate())
}
