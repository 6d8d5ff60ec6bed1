package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// secureLives are random secure sums whose seats, owners and readers are honest, silent or liars.
type secureLives struct {
	*secureFixture
	jobs []string
	// readers are the readers' present keys.
	readers map[string]seal.PrivateKey
	// liars are the operators that have lied in a job.
	liars map[string]bool
	next  uint64
}

func newSecureLives(t *rapid.T) *secureLives {
	l := &secureLives{secureFixture: newSecureFixture(t, 5, 4), readers: map[string]seal.PrivateKey{}, liars: map[string]bool{}}
	params := testParams()
	params.MaxJobsPerBlock = rapid.Uint32Range(1, 4).Draw(t, "jobs per block")
	params.MaxPaymentsPerBlock = rapid.Uint32Range(1, 4).Draw(t, "payments per block")
	params.MaxAttempts = rapid.Uint32Range(1, 3).Draw(t, "attempts")
	params.SeatUnbondBlocks = rapid.Uint32Range(1, 20).Draw(t, "unbonding")
	require.NoError(t, l.keeper.Params.Set(l.ctx, params))
	return l
}

// act is a message in a transaction of its own.
func (l *secureLives) act(run func(ctx sdk.Context) error) error {
	cached, write := l.ctx.CacheContext()
	err := run(cached)
	if err == nil {
		write()
	}
	return err
}

func (l *secureLives) open(t *rapid.T) {
	if len(l.jobs) >= 3 {
		t.Skip("few jobs see more of life")
	}
	spec := l.secureSpec()
	spec.MinCohort = rapid.Uint32Range(2, 3).Draw(t, "cohort")
	spec.ContributeBlocks = rapid.Uint32Range(5, 8).Draw(t, "contribute")
	spec.Input = []byte{byte(rapid.IntRange(0, 1).Draw(t, "input"))}
	spec.Secure.Seats = rapid.Uint32Range(2, 3).Draw(t, "seats")
	spec.Secure.PublicResult = rapid.Bool().Draw(t, "public")
	spec.Secure.Rounds, spec.Secure.NextBlocks = rapid.Uint32Range(1, 3).Draw(t, "rounds"), 2
	l.next++
	key := l.readerKey(l.next)
	spec.ReaderKey = key.Public().Bytes()
	id := l.secureFixture.open(l.consumer, l.next, spec)
	l.jobs, l.readers[id] = append(l.jobs, id), key
}

func (l *secureLives) readerKey(n uint64) seal.PrivateKey {
	seed := label.Hash("test/reader", label.Uint64(n))
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(l.t, err)
	return key
}

func (l *secureLives) someJob(t *rapid.T) types.Job {
	if len(l.jobs) == 0 {
		t.Skip("no job")
	}
	return l.job(rapid.SampledFrom(l.jobs).Draw(t, "job"))
}

// manners of a seat: mostly honest.
const (
	silent = 0
	lies   = 1
)

// step lets everybody act in the phase of a job, each in its manner.
func (l *secureLives) step(t *rapid.T) {
	job := l.someJob(t)
	if job.Open() && job.Status != types.JOB_STATUS_SETTLING && l.ctx.BlockHeight() > job.DeadlineHeight {
		// It waits for its turn: others were due before.
		l.endBlock()
		return
	}
	manner := func(i int) int { return rapid.IntRange(0, 9).Draw(t, fmt.Sprint("manner of ", i)) }
	if job.DeadlineHeight < l.ctx.BlockHeight() { // it is over, and waits for a block that moves it
		l.endBlock()
		return
	}
	switch job.Status {
	case types.JOB_STATUS_SEATING:
		for i, s := range job.Seats {
			if s.Status == types.SEAT_STATUS_DRAWN && manner(i) != silent {
				require.NoError(t, l.act(func(ctx sdk.Context) error {
					_, err := l.msg.TakeSeat(ctx, &types.MsgTakeSeat{Account: s.Account, JobId: job.Id, Key: l.seatKey(s.Operator, job.Id).Public().Bytes()})
					return err
				}))
			}
		}
	case types.JOB_STATUS_CONTRIBUTING:
		for _, i := range job.WithoutNoise() {
			if m := manner(i); m != silent {
				msg := l.noiseMsg(job.Id, i, nil)
				if m == lies { // as nobody can see before the seats open their shares
					msg.Shared.Commitments[0], msg.Shared.Commitments[1] = msg.Shared.Commitments[1], msg.Shared.Commitments[0]
				}
				require.NoError(t, l.act(func(ctx sdk.Context) error { _, err := l.msg.AddNoise(ctx, msg); return err }))
			}
		}
		for i := range l.records {
			if manner(i) != silent {
				_ = l.act(func(ctx sdk.Context) error {
					_, err := l.msg.Contribute(ctx, l.shared(job.Id, i))
					return err
				})
			}
		}
	case types.JOB_STATUS_VERIFYING:
		for i := range job.Seats {
			if m := manner(i); m != silent {
				l.prepare(job, i, m == lies)
			}
		}
	case types.JOB_STATUS_CONTESTING:
		for _, of := range job.InvalidNoise() {
			for seat := range job.Seats {
				if l.job(job.Id).Status == types.JOB_STATUS_CONTESTING && manner(seat) != silent {
					_ = l.act(func(ctx sdk.Context) error {
						evidence := l.evidence[fmt.Sprint(job.Id, job.Round, job.Attempt, job.Seats[of].Operator)]
						_, err := l.msg.AccuseSeat(ctx, &types.MsgAccuseSeat{
							Worker: job.Seats[of].Account, JobId: job.Id, RecordId: job.Seats[of].Operator, Seat: uint32(seat), Randomness: evidence[seat],
						})
						return err
					})
				}
			}
		}
		for i := range l.records {
			for seat := range job.Seats {
				if l.job(job.Id).Status == types.JOB_STATUS_CONTESTING && manner(seat) != silent {
					_ = l.act(func(ctx sdk.Context) error {
						evidence := l.evidence[fmt.Sprint(job.Id, job.Round, job.Attempt, l.records[i])]
						if evidence == nil {
							return types.ErrNoFault
						}
						_, err := l.msg.AccuseSeat(ctx, &types.MsgAccuseSeat{
							Worker: bech(l.owners[i]), JobId: job.Id, RecordId: l.records[i], Seat: uint32(seat), Randomness: evidence[seat],
						})
						return err
					})
				}
			}
		}
	case types.JOB_STATUS_AGGREGATING:
		for i, s := range job.Seats {
			m := manner(i)
			if m == silent || s.Status != types.SEAT_STATUS_SEATED || l.job(job.Id).Status != types.JOB_STATUS_AGGREGATING {
				continue
			}
			opening := l.openingOf(job, i)
			if m == lies {
				opening[0] ^= 1
				l.liars[job.Id+s.Operator] = true
			}
			msg := l.openMsg(job.Id, i, opening)
			require.NoError(t, l.act(func(ctx sdk.Context) error { _, err := l.msg.OpenSum(ctx, msg); return err }))
		}
	case types.JOB_STATUS_READING:
		l.reading(t, job, manner)
	case types.JOB_STATUS_WAITING:
		msg := &types.MsgNextRound{Consumer: bech(l.consumer), JobId: job.Id, Round: job.Round + 1}
		switch m := manner(0); {
		case m == silent:
		case m < 3:
			msg.Done = true
			fallthrough
		default:
			if !msg.Done {
				msg.Input = []byte{byte(m)}
			}
			require.NoError(t, l.act(func(ctx sdk.Context) error { _, err := l.msg.NextRound(ctx, msg); return err }))
		}
	}
	l.endBlock()
}

// prepare sends a seat's answers about the contributions that it has not judged. A liar is wrong about one.
func (l *secureLives) prepare(job types.Job, seat int, lying bool) {
	msg := &types.MsgPrepare{Account: job.Seats[seat].Account, JobId: job.Id, Attempt: job.Attempt}
	for _, record := range l.records {
		c, err := l.keeper.Contribution(l.ctx, job.Id, record)
		if err != nil || !job.Current(c) || c.Prepared>>seat&1 == 1 {
			continue
		}
		share, _, refused := l.judge(job.Id, seat, record)
		require.False(l.t, refused)
		if lying {
			lying = false
			l.liars[job.Id+job.Seats[seat].Operator] = true
			if record[0]&1 == 0 {
				share = nil
			} else {
				share[len(share)-1] ^= 1
			}
		}
		msg.Preparations = append(msg.Preparations, types.Preparation{RecordId: record, Share: share})
	}
	for _, s := range job.Seats {
		if s.Noise == nil || s.Noise.Prepared>>seat&1 == 1 {
			continue
		}
		share, _, refused := l.judgeNoise(job.Id, seat, s.Operator)
		if refused {
			share = nil
		} else if lying {
			lying = false
			l.liars[job.Id+job.Seats[seat].Operator] = true
			share = nil
		}
		msg.Preparations = append(msg.Preparations, types.Preparation{RecordId: s.Operator, Share: share})
	}
	if len(msg.Preparations) == 0 || l.job(job.Id).Status != types.JOB_STATUS_VERIFYING {
		return
	}
	require.NoError(l.t, l.act(func(ctx sdk.Context) error { _, err := l.msg.Prepare(ctx, msg); return err }))
}

// openingOf is an honest opening over the valid contributions to the present attempt.
func (l *secureLives) openingOf(job types.Job, seat int) []byte {
	all := l.records
	defer func() { l.records = all }()
	l.records = nil
	for _, record := range all {
		if c, err := l.keeper.Contribution(l.ctx, job.Id, record); err == nil && job.Current(c) {
			l.records = append(l.records, record)
		}
	}
	return l.opening(job.Id, seat)
}

// reading disputes a sum that does not open its commitment, or accepts.
func (l *secureLives) reading(t *rapid.T, job types.Job, manner func(int) int) {
	private, err := l.readers[job.Id].Bytes()
	require.NoError(t, err)
	l.next++
	key := l.readerKey(l.next)
	for seat := range job.Seats {
		if manner(seat) == silent {
			continue
		}
		if l.act(func(ctx sdk.Context) error {
			_, err := l.msg.DisputeSum(ctx, &types.MsgDisputeSum{
				Consumer: bech(l.consumer), JobId: job.Id, Seat: uint32(seat), ReaderPrivateKey: private, ReaderKey: key.Public().Bytes(),
			})
			return err
		}) == nil {
			l.readers[job.Id] = key
			return
		}
	}
	_ = l.act(func(ctx sdk.Context) error {
		_, err := l.msg.AcceptSums(ctx, &types.MsgAcceptSums{Consumer: bech(l.consumer), JobId: job.Id})
		return err
	})
}

func (l *secureLives) cancel(t *rapid.T) {
	job := l.someJob(t)
	_ = l.act(func(ctx sdk.Context) error {
		_, err := l.msg.CancelJob(ctx, &types.MsgCancelJob{Consumer: job.Consumer, JobId: job.Id})
		return err
	})
}

func (l *secureLives) leaveOrReturn(t *rapid.T) {
	operator := rapid.SampledFrom(l.operators).Draw(t, "operator")
	if l.act(func(ctx sdk.Context) error {
		_, err := l.msg.LeaveSeat(ctx, &types.MsgLeaveSeat{Operator: bech(operator)})
		return err
	}) == nil || l.blocked[seatAccount(operator).String()] {
		return
	}
	l.fund(operator, seatBond, 0)
	require.NoError(t, l.act(func(ctx sdk.Context) error {
		_, err := l.msg.RegisterSeat(ctx, &types.MsgRegisterSeat{
			Operator: bech(operator), Account: bech(seatAccount(operator)), Bond: sdk.NewInt64Coin(datapooltypes.BaseDenom, seatBond), Fee: math.NewInt(9),
		})
		return err
	}))
}

func (l *secureLives) block(t *rapid.T) {
	who := rapid.SampledFrom(l.owners).Draw(t, "owner")
	if rapid.Bool().Draw(t, "seat") {
		who = seatAccount(rapid.SampledFrom(l.operators).Draw(t, "operator"))
	}
	l.blocked[who.String()] = !l.blocked[who.String()]
}

// check compares all accounts with the supply, so that no coin is anywhere else. Draw fees and the bonds that seats have lost are
// burned, and nothing else is.
func (l *secureLives) check(t *rapid.T) {
	require.NoError(t, l.keeper.Invariants(l.ctx))
	total := l.funds(l.auth.GetModuleAddress(authtypes.FeeCollectorName)).Add(l.funds(l.consumer))
	for _, o := range l.owners {
		total = total.Add(l.funds(o))
	}
	for _, o := range l.operators {
		total = total.Add(l.funds(o)).Add(l.funds(seatAccount(o))).Add(l.funds(types.SeatBondAddress(o)))
	}
	burned := math.ZeroInt()
	for _, id := range l.jobs {
		job := l.job(id)
		escrow := l.funds(types.EscrowAddress(id))
		require.Equal(t, job.Held().Text(), escrow.Text(), "in equals out, and what is held")
		total = total.Add(escrow)
		burned = burned.Add(job.DrawFee)
		for _, lost := range job.Lost {
			burned = burned.Add(lost.Slashed.Amount)
		}
	}
	require.Equal(t, l.minted.Alita.Sub(burned).String(), total.Alita.String())
	require.Equal(t, l.bank.GetSupply(l.ctx, datapooltypes.BaseDenom).Amount.String(), total.Alita.String())
	require.Equal(t, l.bank.GetSupply(l.ctx, datapooltypes.DataDenom(poolID)).Amount.String(), total.Data.String())
}

// Seats, owners and readers do anything. After every step the books agree with the accounts and no honest seat is convicted. Every
// job ends by itself, with an empty escrow and no shares left.
func TestRandomSecureLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newSecureLives(t)
		t.Repeat(map[string]func(*rapid.T){
			"open": l.open, "step": l.step, "step again": l.step, "and again": l.step, "and on": l.step,
			"cancel": l.cancel, "leave or return": l.leaveOrReturn, "block": l.block,
			"end block": func(*rapid.T) { l.endBlock() },
			"":          l.check,
		})
		open := func() bool {
			for _, id := range l.jobs {
				if l.job(id).Open() {
					return true
				}
			}
			return false
		}
		// Three attempts of five windows of at most five blocks, in each of three jobs; one job and one payment a block at worst.
		for n := 0; open(); n++ {
			require.Less(t, n, 400, "a job does not end")
			l.endBlock()
		}
		l.check(t)
		for _, id := range l.jobs {
			job := l.job(id)
			require.Equal(t, job.Spec.Budget.Text(), job.Paid.Add(job.Refunded).Text())
			require.True(t, l.funds(types.EscrowAddress(id)).IsZero())
			for _, lost := range job.Lost {
				if lost.Fault != types.SEAT_FAULT_SILENT && lost.Fault != types.SEAT_FAULT_NOISE {
					require.True(t, l.liars[id+lost.Operator], "an honest seat was convicted: %v", lost)
				}
			}
			l.requireClean(id)
		}
		require.NoError(t, l.keeper.Seats.Walk(l.ctx, nil, func(_ []byte, s types.Seat) (bool, error) {
			require.Zero(t, s.Jobs)
			return false, nil
		}))
		require.NoError(t, l.keeper.Queue.Walk(l.ctx, nil, func(k collections.Pair[int64, string]) (bool, error) {
			t.Errorf("job %s is still queued", k.K2())
			return true, nil
		}))
	})
}
