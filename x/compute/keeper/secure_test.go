package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

const (
	seatBond = 1000 * whole
	// drawFee is the fee that the opening of a secure sum burns by default.
	drawFee = whole
)

// secureFixture is the module with seats and owners that run the real protocol.
type secureFixture struct {
	*fixture
	operators []sdk.AccAddress
	// evidence holds the owners' randomness by job, attempt and record.
	evidence map[string]securesum.Evidence
	consumer sdk.AccAddress
	// rowProgram is a row program of the shape of moments: sums over whoever comes have noise.
	rowProgram string
	records    []string
	owners     []sdk.AccAddress
}

func newSecureFixture(t tester, seats, owners int) *secureFixture {
	t.Helper()
	f := seated(newFixture(t), seats)
	for i := range owners {
		owner := account(fmt.Sprintf("owner %d", i))
		f.owners = append(f.owners, owner)
		f.records = append(f.records, f.addRecord(fmt.Sprintf("record %d", i), owner, uint64(10+i)))
	}
	return f
}

// seated gives the module some seats and a consumer with money.
func seated(base *fixture, seats int) *secureFixture {
	f := &secureFixture{fixture: base, evidence: map[string]securesum.Evidence{}, consumer: account("consumer")}
	f.rowProgram = f.storeRows()
	for i := range seats {
		f.addSeat(i)
	}
	f.fund(f.consumer, 1_000_000+20*drawFee, 1_000_000)
	return f
}

// addSeat makes a numbered validator a seat.
func (f *secureFixture) addSeat(i int) {
	f.t.Helper()
	operator := account(fmt.Sprintf("validator %d", i))
	f.validators[string(operator)] = int64(100+i) * whole
	f.fund(operator, seatBond, 0)
	_, err := f.msg.RegisterSeat(f.ctx, &types.MsgRegisterSeat{
		Operator: bech(operator), Account: bech(seatAccount(operator)),
		Bond: sdk.NewInt64Coin(datapooltypes.BaseDenom, seatBond), Fee: math.NewInt(10),
	})
	require.NoError(f.t, err)
	f.operators = append(f.operators, operator)
}

// spentOn returns what a job has cost its consumer for good.
func spentOn(job types.Job) types.Funds {
	return job.Paid.Add(types.Funds{Alita: job.DrawFee, Data: math.ZeroInt()})
}

// drawn returns what is left of funds after the draw fee.
func drawn(of types.Funds) types.Funds { return of.Sub(types.NewFunds(drawFee, 0)) }

func seatAccount(operator sdk.AccAddress) sdk.AccAddress {
	return account("seat of " + string(operator))
}

// storeRows stores a row program of the shape of moments.
func (f *secureFixture) storeRows() string {
	f.t.Helper()
	return f.storeHistogram(func(m *types.MsgStoreProgram) {
		m.Code = programs.QuantilesRow().Code // another one than the histogram's, whatever it does
		m.Shape, m.Cost = types.Shape{MinColumns: 1, MaxColumns: 2, LengthPerColumn: 3}, types.CostModel{Base: types.Cost{Constant: 1}, PerRow: types.Cost{Constant: 400}}
	})
}

// secureSpec asks for a sum with noise over whoever comes. The chain cannot see that the noise of these tests is 0.
func (f *secureFixture) secureSpec() types.JobSpec {
	s := f.spec()
	s.ProgramId = f.rowProgram
	s.Delivery, s.DeliverBlocks, s.MaxCohort = types.DELIVERY_SECURE_SUM, 0, 10
	s.Secure = &types.SecureSum{
		Seats: 3, MaxSeatFee: math.NewInt(10), SeatBlocks: 5, VerifyBlocks: 5, OpenBlocks: 5, Rounds: 1,
		MicroRho: 5_000, Ranges: []types.SlotRange{{Count: s.Length, High: 1, Variance: 101}},
	}
	return s
}

// seatKey returns the key that a seat makes for a job.
func (f *secureFixture) seatKey(operator, jobID string) seal.PrivateKey {
	seed := label.Hash("test/seat", []byte(operator), []byte(jobID))
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(f.t, err)
	return key
}

func (f *secureFixture) protocol(jobID string) securesum.Protocol {
	job := f.job(jobID)
	program, err := f.keeper.Program(f.ctx, job.Spec.ProgramId)
	require.NoError(f.t, err)
	p, err := types.ProtocolOf(chainID, job, program)
	require.NoError(f.t, err)
	return p
}

// takeSeats lets the drawn seats give their keys, except the silent ones.
func (f *secureFixture) takeSeats(jobID string, silent ...string) {
	f.t.Helper()
	for _, s := range f.job(jobID).Seats {
		if s.Status != types.SEAT_STATUS_DRAWN || contains(silent, s.Operator) {
			continue
		}
		_, err := f.msg.TakeSeat(f.ctx, &types.MsgTakeSeat{
			Account: s.Account, JobId: jobID, Key: f.seatKey(s.Operator, jobID).Public().Bytes(),
		})
		require.NoError(f.t, err)
	}
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func vectorOf(record string) []uint64 {
	return []uint64{uint64(record[0]), uint64(record[1]) << 40, uint64(record[2])}
}

// shared returns an owner's honest contribution.
func (f *secureFixture) shared(jobID string, i int) *types.MsgContribute {
	f.t.Helper()
	return f.sharedVector(jobID, i, vectorOf(f.records[i]))
}

// sharedVector returns an owner's contribution of a vector.
func (f *secureFixture) sharedVector(jobID string, i int, vector []uint64) *types.MsgContribute {
	f.t.Helper()
	job, record := f.job(jobID), f.records[i]
	c := f.registry.records[record]
	var keys []seal.PublicKey
	for _, s := range job.Seats {
		keys = append(keys, f.seatKey(s.Operator, jobID).Public())
	}
	secret := label.Hash("test/owner", []byte(record))
	shared, evidence, err := f.protocol(jobID).Share(
		securesum.Contribution{Record: record, Version: c.Version, Owner: c.Owner}, keys, vector, secret[:])
	require.NoError(f.t, err)
	f.evidence[fmt.Sprint(jobID, job.Round, job.Attempt, record)] = evidence
	program, err := f.keeper.Program(f.ctx, job.Spec.ProgramId)
	require.NoError(f.t, err)
	operations, err := program.Cost.Operations(c.Rows, uint32(len(job.Spec.Columns)), job.Spec.Length)
	require.NoError(f.t, err)
	hash := securesum.Hash(shared)
	return &types.MsgContribute{Worker: bech(c.Owner), Attestation: types.Attestation{
		JobId: jobID, RecordId: record, Version: c.Version, RowRoot: c.RowRoot, Rows: c.Rows, Operations: operations,
		ResultCommitment: hash[:], Round: job.Round,
	}, Shared: types.SharedVectorOf(shared, job.Attempt)}
}

func (f *secureFixture) contributeAll(jobID string) {
	f.t.Helper()
	f.addNoise(jobID)
	for i := range f.records {
		_, err := f.msg.Contribute(f.ctx, f.shared(jobID, i))
		require.NoError(f.t, err)
	}
}

// preparations returns an honest seat's answers about all contributions.
func (f *secureFixture) preparations(jobID string, seat int) *types.MsgPrepare {
	f.t.Helper()
	job := f.job(jobID)
	msg := &types.MsgPrepare{Account: job.Seats[seat].Account, JobId: jobID, Attempt: job.Attempt}
	for _, record := range f.records {
		share, _, refused := f.judge(jobID, seat, record)
		if refused {
			share = nil
		}
		msg.Preparations = append(msg.Preparations, types.Preparation{RecordId: record, Share: share})
	}
	for _, s := range job.Seats {
		if s.Noise == nil {
			continue
		}
		share, _, refused := f.judgeNoise(jobID, seat, s.Operator)
		if refused {
			share = nil
		}
		msg.Preparations = append(msg.Preparations, types.Preparation{RecordId: s.Operator, Share: share})
	}
	return msg
}

func (f *secureFixture) judge(jobID string, seat int, record string) ([]byte, securesum.Prepared, bool) {
	f.t.Helper()
	job := f.job(jobID)
	res, err := f.query.Shares(f.ctx, &types.QuerySharesRequest{JobId: jobID, RecordId: record})
	require.NoError(f.t, err)
	c := f.registry.records[record]
	share, prepared, err := f.protocol(jobID).Prepare(
		securesum.Contribution{Record: record, Version: c.Version, Owner: c.Owner}, res.Shared.Proto(),
		job.VerifyKey, seat, f.seatKey(job.Seats[seat].Operator, jobID))
	if err != nil {
		require.ErrorIs(f.t, err, securesum.ErrRefused)
	}
	return share, prepared, err != nil
}

func (f *secureFixture) prepareAll(jobID string) {
	f.t.Helper()
	for i := range f.job(jobID).Seats {
		_, err := f.msg.Prepare(f.ctx, f.preparations(jobID, i))
		require.NoError(f.t, err)
	}
}

// prepareAllButOne is prepareAll, but the second seat refuses the third contribution.
func (f *secureFixture) prepareAllButOne(jobID string) {
	f.t.Helper()
	for i := range f.job(jobID).Seats {
		msg := f.preparations(jobID, i)
		if i == 1 {
			msg.Preparations[2].Share = nil
		}
		_, err := f.msg.Prepare(f.ctx, msg)
		require.NoError(f.t, err)
	}
}

// opening returns an honest seat's opening of its sum.
func (f *secureFixture) opening(jobID string, seat int) []byte {
	f.t.Helper()
	sum := f.protocol(jobID).NewSum()
	for _, record := range f.records {
		c, err := f.keeper.Contribution(f.ctx, jobID, record)
		require.NoError(f.t, err)
		if c.Status != types.CONTRIBUTION_STATUS_VALID {
			continue
		}
		_, prepared, refused := f.judge(jobID, seat, record)
		require.False(f.t, refused)
		res, err := f.query.Preparations(f.ctx, &types.QueryPreparationsRequest{JobId: jobID, RecordId: record})
		require.NoError(f.t, err)
		require.NoError(f.t, sum.Add(prepared, res.Message))
	}
	for _, s := range f.job(jobID).Seats {
		if s.Noise == nil {
			continue
		}
		_, prepared, refused := f.judgeNoise(jobID, seat, s.Operator)
		require.False(f.t, refused)
		res, err := f.query.Preparations(f.ctx, &types.QueryPreparationsRequest{JobId: jobID, RecordId: s.Operator})
		require.NoError(f.t, err)
		require.NoError(f.t, sum.Add(prepared, res.Message))
	}
	return sum.Opening()
}

func (f *secureFixture) openMsg(jobID string, seat int, opening []byte) *types.MsgOpenSum {
	f.t.Helper()
	job := f.job(jobID)
	msg := &types.MsgOpenSum{Account: job.Seats[seat].Account, JobId: jobID, Attempt: job.Attempt}
	if job.Spec.Secure.PublicResult {
		msg.Opened.Sum = opening
		return msg
	}
	reader, err := seal.ParsePublicKey(job.Spec.ReaderKey)
	require.NoError(f.t, err)
	sealed, err := f.protocol(jobID).SealOpening(reader, seat, opening)
	require.NoError(f.t, err)
	msg.Opened.Sealed = types.SealedVector{Enc: sealed.Enc, Ciphertext: sealed.Ciphertext}
	return msg
}

func (f *secureFixture) openAll(jobID string) {
	f.t.Helper()
	for i := range f.job(jobID).Seats {
		f.openSums(jobID, i)
	}
}

// openSums opens the sums of some seats.
func (f *secureFixture) openSums(jobID string, seats ...int) {
	f.t.Helper()
	for _, i := range seats {
		_, err := f.msg.OpenSum(f.ctx, f.openMsg(jobID, i, f.opening(jobID, i)))
		require.NoError(f.t, err)
	}
}

// read returns what the reader learns of a round.
func (f *secureFixture) read(jobID string, reader seal.PrivateKey) []string {
	f.t.Helper()
	res, err := f.query.Sums(f.ctx, &types.QuerySumsRequest{JobId: jobID})
	require.NoError(f.t, err)
	protocol := f.protocol(jobID)
	var shares [][]byte
	for i, s := range res.Sums.Sums {
		opening := s.Sum
		if len(opening) == 0 {
			opening, err = protocol.OpenSealed(reader, i, s.Sealed.Enc, s.Sealed.Ciphertext)
			require.NoError(f.t, err)
		}
		share, err := protocol.VerifyOpening(res.Sums.Commitments[i], uint64(res.Sums.Valid), opening)
		require.NoError(f.t, err)
		shares = append(shares, share)
	}
	sum, err := protocol.Unshard(shares, uint64(res.Sums.Valid))
	require.NoError(f.t, err)
	sum, err = f.job(jobID).SecureSum(chainID).Reveal(sum, res.Sums.Rows)
	require.NoError(f.t, err)
	var out []string
	for _, s := range sum {
		out = append(out, s.String())
	}
	return out
}

// want returns the sum of the vectors of records.
func want(records []string) []string {
	sum := make([]uint64, 3)
	for _, r := range records {
		for i, v := range vectorOf(r) {
			sum[i] += v
		}
	}
	out := make([]string, 3)
	for i := range sum {
		out[i] = fmt.Sprint(sum[i])
	}
	return out
}

// toVerifying brings a new job to the phase in which the seats judge.
func (f *secureFixture) toVerifying(spec types.JobSpec) string {
	f.t.Helper()
	id := f.open(f.consumer, 1, spec)
	f.attempt(id)
	return id
}

// attempt brings a job from seating to verifying.
func (f *secureFixture) attempt(id string) {
	f.t.Helper()
	f.endBlocks(2)
	require.Equal(f.t, types.JOB_STATUS_SEATING, f.job(id).Status)
	f.takeSeats(id)
	f.endBlock()
	f.contributing(id)
}

// contributing brings a job from its window for contributions to verifying.
func (f *secureFixture) contributing(id string) {
	f.t.Helper()
	require.Equal(f.t, types.JOB_STATUS_CONTRIBUTING, f.job(id).Status)
	f.contributeAll(id)
	f.endBlocks(int(f.job(id).DeadlineHeight-f.ctx.BlockHeight()) + 1)
	require.Equal(f.t, types.JOB_STATUS_VERIFYING, f.job(id).Status)
}

func TestSecureSum(t *testing.T) {
	for _, public := range []bool{false, true} {
		t.Run(fmt.Sprint("public ", public), func(t *testing.T) {
			f := newSecureFixture(t, 5, 4)
			spec := f.secureSpec()
			spec.Secure.PublicResult = public
			before := f.funds(f.consumer)
			id := f.toVerifying(spec)
			require.Len(t, f.job(id).Seats, 3)
			f.prepareAll(id)
			f.endBlock()
			require.Equal(t, types.JOB_STATUS_AGGREGATING, f.job(id).Status)
			require.EqualValues(t, 4, f.job(id).Valid)
			f.openAll(id)
			f.endBlock()
			if !public {
				require.Equal(t, types.JOB_STATUS_READING, f.job(id).Status)
				require.Equal(t, want(f.records), f.read(id, f.reader))
				_, err := f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id})
				require.NoError(t, err)
				f.endBlock()
			}
			job := f.job(id)
			require.Equal(t, types.JOB_STATUS_SETTLED, job.Status)
			require.Equal(t, want(f.records), f.read(id, f.reader))
			require.Empty(t, job.Lost)
			for _, s := range job.Seats {
				account, err := codecOf.StringToBytes(s.Account)
				require.NoError(t, err)
				require.Equal(t, types.NewFunds(4*10, 0).Text(), f.funds(account).Text(), "ten for each contribution")
			}
			for _, owner := range f.owners {
				require.True(t, f.funds(owner).Alita.IsPositive())
			}
			spent := before.Sub(f.funds(f.consumer))
			require.Equal(t, spentOn(job).Text(), spent.Text(), "what was not paid returned")
		})
	}
}

func TestSecureRounds(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	spec := f.secureSpec()
	spec.Secure.Rounds, spec.Secure.NextBlocks = 3, 5
	id := f.toVerifying(spec)
	for round := uint32(1); ; round++ {
		f.prepareAll(id)
		f.endBlock()
		f.openAll(id)
		f.endBlock()
		require.Equal(t, want(f.records), f.read(id, f.reader))
		_, err := f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id})
		require.NoError(t, err)
		f.endBlock()
		if round == 2 {
			break
		}
		require.Equal(t, types.JOB_STATUS_WAITING, f.job(id).Status)
		_, err = f.msg.NextRound(f.ctx, &types.MsgNextRound{Consumer: bech(f.consumer), JobId: id, Round: round + 1, Input: []byte{byte(round)}})
		require.NoError(t, err)
		f.contributing(id)
	}
	_, err := f.msg.NextRound(f.ctx, &types.MsgNextRound{Consumer: bech(f.consumer), JobId: id, Round: 3, Done: true})
	require.NoError(t, err)
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_SETTLED, f.job(id).Status)
	for _, seat := range f.operators {
		require.Equal(t, types.NewFunds(2*3*10, 0).Text(), f.funds(seatAccount(seat)).Text())
	}
}
