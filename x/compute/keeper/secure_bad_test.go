package keeper_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

func TestSecureSpecRefuses(t *testing.T) {
	tests := map[string]struct {
		change func(s *types.JobSpec)
		want   error
		says   string
	}{
		"no terms":        {func(s *types.JobSpec) { s.Secure = nil }, types.ErrInvalidSecure, "how the sum is made"},
		"one seat":        {func(s *types.JobSpec) { s.Secure.Seats = 1 }, types.ErrInvalidSecure, "expected 2 to 8"},
		"nine seats":      {func(s *types.JobSpec) { s.Secure.Seats = 9 }, types.ErrInvalidSecure, "expected 2 to 8"},
		"no round":        {func(s *types.JobSpec) { s.Secure.Rounds = 0 }, types.ErrInvalidSecure, "expected 1 to 32"},
		"too many rounds": {func(s *types.JobSpec) { s.Secure.Rounds = 33 }, types.ErrInvalidSecure, "expected 1 to 32"},
		"fee missing":     {func(s *types.JobSpec) { s.Secure.MaxSeatFee = math.Int{} }, types.ErrInvalidSecure, "max_seat_fee"},
		"fee negative":    {func(s *types.JobSpec) { s.Secure.MaxSeatFee = math.NewInt(-1) }, types.ErrInvalidSecure, "at least 0"},
		"fee of 200 bits": {func(s *types.JobSpec) {
			s.Secure.MaxSeatFee = math.NewIntFromUint64(1 << 63).Mul(math.NewIntFromUint64(1 << 63)).MulRaw(1 << 62)
		}, types.ErrInvalidSecure, "at most 127"},
		"no time to sit":   {func(s *types.JobSpec) { s.Secure.SeatBlocks = 4 }, types.ErrInvalidWindow, "secure.seat_blocks: expected 5 to 604800, got 4"},
		"no time to judge": {func(s *types.JobSpec) { s.Secure.VerifyBlocks = 4 }, types.ErrInvalidWindow, "secure.verify_blocks: expected 5 to 604800, got 4"},
		"no time to open":  {func(s *types.JobSpec) { s.Secure.OpenBlocks = 4 }, types.ErrInvalidWindow, "secure.open_blocks: expected 5 to 604800, got 4"},
		"no time to go on": {func(s *types.JobSpec) { s.Secure.Rounds = 2 }, types.ErrInvalidWindow, "next_blocks"},
		"endless":          {func(s *types.JobSpec) { s.Secure.OpenBlocks = 1 << 31 }, types.ErrInvalidWindow, "open_blocks"},
		"a seat for years": {func(s *types.JobSpec) {
			s.Secure.Rounds, s.Secure.NextBlocks = 2, 604_800
			s.ContributeBlocks, s.Secure.SeatBlocks = 302_400, 6
			s.Secure.VerifyBlocks, s.Secure.OpenBlocks = 5, 5
		}, types.ErrInvalidWindow, "windows of 2 rounds: expected at most 1209600 blocks together, got 1209646"},
		"window to deliver": {func(s *types.JobSpec) { s.DeliverBlocks = 5 }, types.ErrInvalidWindow, "expected 0"},
		"cohort of one":     {func(s *types.JobSpec) { s.MinCohort = 1 }, types.ErrInvalidCohort, "at least 2"},
		"budget for no seat": {func(s *types.JobSpec) {
			s.Budget = types.NewFunds(1000, 80_000)
			s.Secure.MaxSeatFee = math.NewInt(1000)
		}, types.ErrInvalidBudget, "expected at least"},
		"secure terms direct": {func(s *types.JobSpec) { s.Delivery, s.DeliverBlocks = types.DELIVERY_DIRECT, 5 }, types.ErrInvalidSecure, "direct"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newSecureFixture(t, 3, 3)
			spec := f.secureSpec()
			tc.change(&spec)
			f.refusedSaying(tc.want, tc.says, func() error {
				_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(f.consumer), Salt: salt(1), Spec: spec})
				return err
			})
		})
	}
}

// The bounds of windows are parameters, and what is at them is taken.
func TestWindowsAtTheirBounds(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	params := testParams()
	params.MinWindowBlocks, params.MaxJobBlocks = 17, 1000
	require.NoError(t, f.keeper.Params.Set(f.ctx, params))
	spec := f.secureSpec()
	spec.Secure.SeatBlocks, spec.Secure.VerifyBlocks, spec.Secure.OpenBlocks = 17, 17, 17
	spec.ContributeBlocks, spec.Secure.Rounds, spec.Secure.NextBlocks = 400, 2, 47
	require.EqualValues(t, 1000, spec.SecureBlocks())
	f.open(f.consumer, 1, spec)
	open := func() error {
		_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(f.consumer), Salt: salt(2), Spec: spec})
		return err
	}
	spec.Secure.NextBlocks++
	f.refusedSaying(types.ErrInvalidWindow, "windows of 2 rounds: expected at most 1000 blocks together, got 1001", open)
	spec.Secure.VerifyBlocks = 16
	f.refusedSaying(types.ErrInvalidWindow, "secure.verify_blocks: expected 17 to 604800, got 16", open)
	// An open job can be loaded even if the parameters have changed since.
	params.MinWindowBlocks = 1000
	require.NoError(t, f.keeper.Params.Set(f.ctx, params))
	restarted(t, f.fixture)
}

// refusedSaying is like refused, and also checks what the error says.
func (f *secureFixture) refusedSaying(want error, says string, run func() error) {
	f.t.Helper()
	f.refused(want, func() error {
		err := run()
		require.ErrorContains(f.t, err, says)
		requireGrammar(f.t, err)
		return err
	})
}

func TestSeatMessagesRefuse(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	bond := func(n int64) sdk.Coin { return sdk.NewInt64Coin(datapooltypes.BaseDenom, n) }
	operator := account("fresh")
	f.validators[string(operator)] = 5
	f.fund(operator, 2*seatBond, 0)
	register := func(change func(m *types.MsgRegisterSeat)) func() error {
		return func() error {
			m := &types.MsgRegisterSeat{Operator: bech(operator), Account: bech(account("fresh seat")), Bond: bond(seatBond), Fee: math.ZeroInt()}
			change(m)
			_, err := f.msg.RegisterSeat(f.ctx, m)
			return err
		}
	}
	for name, tc := range map[string]struct {
		run  func() error
		want error
		says string
	}{
		"no validator":  {register(func(m *types.MsgRegisterSeat) { m.Operator = bech(account("nobody")) }), types.ErrNotValidator, "nobody"},
		"no address":    {register(func(m *types.MsgRegisterSeat) { m.Operator = "x" }), types.ErrInvalidAddress, "operator"},
		"no account":    {register(func(m *types.MsgRegisterSeat) { m.Account = "" }), types.ErrInvalidAddress, "account"},
		"other coin":    {register(func(m *types.MsgRegisterSeat) { m.Bond = sdk.NewInt64Coin("data/1", seatBond) }), types.ErrInvalidSeat, "expected ualita"},
		"bond too low":  {register(func(m *types.MsgRegisterSeat) { m.Bond = bond(seatBond - 1) }), types.ErrInvalidSeat, "expected at least"},
		"bond negative": {register(func(m *types.MsgRegisterSeat) { m.Bond.Amount = math.NewInt(-1) }), types.ErrInvalidSeat, "at least 0"},
		"fee missing":   {register(func(m *types.MsgRegisterSeat) { m.Fee = math.Int{} }), types.ErrInvalidSeat, "fee"},
		"taken account": {register(func(m *types.MsgRegisterSeat) { m.Account = bech(seatAccount(f.operators[0])) }), types.ErrInvalidSeat, "no other seat"},
		"leaves unseated": {func() error {
			_, err := f.msg.LeaveSeat(f.ctx, &types.MsgLeaveSeat{Operator: bech(operator)})
			return err
		}, types.ErrSeatNotFound, "alitavaloper"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "no validator" {
				tc.says = bech(account("nobody"))
			}
			f.refusedSaying(tc.want, tc.says, tc.run)
		})
	}
}

// TestSecureMessagesRefuse sends what a stranger, a seat too early or an owner of shares for another attempt could.
func TestSecureMessagesRefuse(t *testing.T) {
	f := newSecureFixture(t, 4, 3)
	id := f.open(f.consumer, 1, f.secureSpec())
	f.endBlocks(2)
	job := f.job(id)
	stranger := bech(account("stranger"))
	key := f.reader.Public().Bytes()
	take := func(account string, key []byte) func() error {
		return func() error {
			_, err := f.msg.TakeSeat(f.ctx, &types.MsgTakeSeat{Account: account, JobId: id, Key: key})
			return err
		}
	}
	f.refusedSaying(types.ErrNotSeat, "seat of job", take(stranger, key))
	f.refusedSaying(types.ErrInvalidSeat, "1216", take(job.Seats[0].Account, key[:9]))
	f.refusedSaying(types.ErrWrongPhase, "VERIFYING", func() error {
		_, err := f.msg.Prepare(f.ctx, &types.MsgPrepare{Account: job.Seats[0].Account, JobId: id, Attempt: 1})
		return err
	})
	f.takeSeats(id)
	f.endBlock()

	good := f.shared(id, 0)
	noPoint := bytes.Repeat([]byte{0xff}, 32) // that of a key may be one
	contribute := func(change func(m *types.MsgContribute)) func() error {
		return func() error {
			m := *good
			shared := *good.Shared
			m.Shared = &shared
			change(&m)
			_, err := f.msg.Contribute(f.ctx, &m)
			return err
		}
	}
	for name, tc := range map[string]struct {
		change func(m *types.MsgContribute)
		want   error
		says   string
	}{
		"no shares":           {func(m *types.MsgContribute) { m.Shared = nil }, types.ErrInvalidShares, "expected the shares"},
		"another attempt":     {func(m *types.MsgContribute) { m.Shared.Attempt = 2 }, types.ErrWrongAttempt, "expected 1"},
		"another round":       {func(m *types.MsgContribute) { m.Attestation.Round = 2 }, types.ErrWrongAttempt, "expected 1"},
		"two shares":          {func(m *types.MsgContribute) { m.Shared.Shares = m.Shared.Shares[:2] }, types.ErrInvalidShares, "expected 3"},
		"no commitments":      {func(m *types.MsgContribute) { m.Shared.Commitments = nil }, types.ErrInvalidShares, "expected 3"},
		"short public share":  {func(m *types.MsgContribute) { m.Shared.PublicShare = m.Shared.PublicShare[1:] }, types.ErrInvalidShares, "expected 96"},
		"commitment no point": {func(m *types.MsgContribute) { m.Shared.Commitments = [][]byte{noPoint, noPoint, noPoint} }, types.ErrInvalidShares, "commitment 0"},
		"another hash":        {func(m *types.MsgContribute) { m.Attestation.ResultCommitment = key[:32] }, types.ErrCommitmentMismatch, "expected"},
	} {
		t.Run(name, func(t *testing.T) { f.refusedSaying(tc.want, tc.says, contribute(tc.change)) })
	}
	f.contributing(id)

	job = f.job(id)
	honest := f.preparations(id, 0)
	prepare := func(change func(m *types.MsgPrepare)) func() error {
		return func() error {
			m := *honest
			m.Preparations = append([]types.Preparation{}, honest.Preparations...)
			change(&m)
			_, err := f.msg.Prepare(f.ctx, &m)
			return err
		}
	}
	f.refusedSaying(types.ErrNotSeat, "seat of job", prepare(func(m *types.MsgPrepare) { m.Account = stranger }))
	f.refusedSaying(types.ErrWrongAttempt, "expected 1", prepare(func(m *types.MsgPrepare) { m.Attempt = 2 }))
	f.refusedSaying(types.ErrInvalidPreparation, "at least one", prepare(func(m *types.MsgPrepare) { m.Preparations = nil }))
	f.refusedSaying(types.ErrInvalidPreparation, "preparation share: expected 288 bytes", prepare(func(m *types.MsgPrepare) { m.Preparations[1].Share = key }))
	f.refusedSaying(types.ErrContributionNotFound, "preparations[0]", prepare(func(m *types.MsgPrepare) { m.Preparations[0].RecordId = recordID("none") }))
	f.refusedSaying(types.ErrWrongPhase, "CONTESTING", func() error { return f.accuse(id, 0, 0) })
	f.prepareAll(id)
	f.endBlock()
	open := func(change func(m *types.MsgOpenSum)) func() error {
		return func() error {
			m := f.openMsg(id, 0, f.opening(id, 0))
			change(m)
			_, err := f.msg.OpenSum(f.ctx, m)
			return err
		}
	}
	f.refusedSaying(types.ErrInvalidSum, "none in the open, since the result is the reader's, got 1120", open(func(m *types.MsgOpenSum) { m.Opened.Sum = key }))
	f.refusedSaying(types.ErrInvalidSum, "expected", open(func(m *types.MsgOpenSum) { m.Opened.Sealed.Ciphertext = key }))
	f.refusedSaying(types.ErrWrongAttempt, "expected 1", open(func(m *types.MsgOpenSum) { m.Attempt = 7 }))
	f.refusedSaying(types.ErrNotSeat, "seat of job", open(func(m *types.MsgOpenSum) { m.Account = stranger }))
	f.refusedSaying(types.ErrWrongPhase, "READING", func() error {
		_, err := f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id})
		return err
	})
	f.refusedSaying(types.ErrWrongPhase, "WAITING", func() error {
		_, err := f.msg.NextRound(f.ctx, &types.MsgNextRound{Consumer: bech(f.consumer), JobId: id, Round: 2})
		return err
	})
	f.openAll(id)
	f.endBlock()
	f.refusedSaying(types.ErrNotConsumer, "expected", func() error {
		_, err := f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: stranger, JobId: id})
		return err
	})
	f.refusedSaying(types.ErrInvalidSeat, "seat: expected below 3, got 3", func() error {
		private, err := f.reader.Bytes()
		require.NoError(t, err)
		_, err = f.msg.DisputeSum(f.ctx, &types.MsgDisputeSum{
			Consumer: bech(f.consumer), JobId: id, Seat: 3, ReaderPrivateKey: private, ReaderKey: f.seatKey("x", "y").Public().Bytes(),
		})
		return err
	})
}

// TestSeatLeaves: the bond returns after the unbonding time, and not before the last job.
func TestSeatLeaves(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	params := testParams()
	params.SeatUnbondBlocks = 3
	require.NoError(t, f.keeper.Params.Set(f.ctx, params))
	id := f.open(f.consumer, 1, f.secureSpec())
	f.endBlocks(2)
	f.takeSeats(id)
	_, err := f.msg.LeaveSeat(f.ctx, &types.MsgLeaveSeat{Operator: bech(f.operators[0])})
	require.NoError(t, err)
	f.endBlock()
	f.contributing(id)
	require.True(t, f.funds(f.operators[0]).IsZero(), "it still sits in a job")
	f.finish(id)
	f.endBlocks(70)
	require.Equal(t, types.NewFunds(seatBond, 0).Text(), f.funds(f.operators[0]).Text())
	res, err := f.query.Seats(f.ctx, &types.QuerySeatsRequest{})
	require.NoError(t, err)
	require.Len(t, res.Seats, 2)

	// Too few seats are left for another job.
	again := f.open(f.consumer, 2, f.secureSpec())
	f.endBlocks(3)
	require.Equal(t, types.FAILURE_REASON_SEATS, f.job(again).Failure)
}
