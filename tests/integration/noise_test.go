package integration_test

import (
	"fmt"
	mathrand "math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/terms"
	apptest "github.com/alita-network/alita/testutil/app"
	computekeeper "github.com/alita-network/alita/x/compute/keeper"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// sumChain is a chain with two seats and three owners, whose records count 10, 20 and 30 rows in the first of two bins.
type sumChain struct {
	*apptest.Chain
	t       *testing.T
	records []string
	program string
	jobs    uint64
}

var (
	secondValidator = apptest.NamedAccount("second validator")
	thirdValidator  = apptest.NamedAccount("third validator")
)

func newSumChain(t *testing.T) *sumChain {
	t.Helper()
	c := newSeatedChain(t)
	for _, owner := range owners {
		c.list(owner, registerMsg(t, owner, 1, 100))
	}
	c.store("histogram_row")
	buy(c.Chain, consumer, 100*whole)
	return c
}

// newSeatedChain is a chain with a pool, two seats and the owners' workers.
func newSeatedChain(t *testing.T) *sumChain {
	t.Helper()
	c := &sumChain{t: t, Chain: apptest.New(t, funded(), apptest.WithFunded(endowment, secondValidator.Name, thirdValidator.Name))}
	createPool(c.Chain)
	c.validate(secondValidator)
	for _, v := range []apptest.Account{apptest.NamedAccount(apptest.ValidatorName), secondValidator} {
		c.sit(v)
	}
	for _, owner := range owners {
		c.Must(owner, registerWorkerMsg(t, owner))
	}
	return c
}

// validate makes an account a validator.
func (c *sumChain) validate(v apptest.Account) {
	c.t.Helper()
	create, err := stakingtypes.NewMsgCreateValidator(sdk.ValAddress(v.Address()).String(),
		ed25519.GenPrivKeyFromSecret([]byte("alita test "+v.Name)).PubKey(), alita(500*whole), stakingtypes.Description{Moniker: v.Name},
		stakingtypes.NewCommissionRates(math.LegacyNewDecWithPrec(1, 1), math.LegacyNewDecWithPrec(2, 1), math.LegacyNewDecWithPrec(1, 2)), math.OneInt())
	require.NoError(c.t, err)
	c.Must(v, create)
}

// sit registers a validator's seat.
func (c *sumChain) sit(v apptest.Account) {
	c.t.Helper()
	c.Must(v, &computetypes.MsgRegisterSeat{Operator: v.String(), Account: v.String(), Bond: alita(1_000 * whole), Fee: math.NewInt(10)})
}

// list registers an owner's record, admits it, and grants computations over it.
func (c *sumChain) list(owner apptest.Account, msg *metadatatypes.MsgRegisterRecord) {
	c.t.Helper()
	c.Must(owner, msg)
	id := metadatatypes.RecordID(owner.Address(), msg.Salt)
	c.Must(maker, admitMsg(id))
	c.Must(owner, grantMsg(owner, id))
	c.records = append(c.records, id)
}

// store stores a program that ships, for one column and at most 64 slots.
func (c *sumChain) store(name string) {
	c.t.Helper()
	p, err := programs.ByName(name)
	require.NoError(c.t, err)
	c.program = p.Hash
	c.Must(maker, &computetypes.MsgStoreProgram{
		Author: maker.String(), Code: p.Code, Name: p.Name, Kind: computetypes.VectorKind(p.Kind), Bits: uint32(p.Bits),
		Shape: computetypes.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 64},
		Cost:  computetypes.CostModelOf(p.Cost),
	})
}

func (c *sumChain) job(id string) computetypes.Job {
	job, err := c.App.ComputeKeeper.Job(c.Ctx(), id)
	require.NoError(c.t, err)
	return job
}

func (c *sumChain) record(i int) metadatatypes.Record {
	r, err := c.App.MetadataKeeper.Record(c.Ctx(), c.records[i])
	require.NoError(c.t, err)
	return r
}

// open opens a histogram with a public result and brings it to the window for contributions.
func (c *sumChain) open(variance uint64) string {
	c.t.Helper()
	c.jobs++
	return c.seated(c.histogramMsg(variance))
}

// histogramMsg asks for a histogram with a public result, which differs from those before.
func (c *sumChain) histogramMsg(variance uint64) *computetypes.MsgOpenJob {
	c.t.Helper()
	input, length, err := analysis.EncodeHistogram(fixedpoint.Column{Bits: 20}, fmt.Sprint(c.jobs), "10", 2)
	require.NoError(c.t, err)
	return c.openMsg(input, 1+length, 16, ranges(1+length, variance))
}

// ranges are counts whose noise has a variance; 0 is none.
func ranges(length int, variance uint64) []computetypes.SlotRange {
	return computetypes.RangesOf(terms.Ranges{{Count: uint32(length), High: 1, Variance: variance}})
}

// openMsg asks for a sum over the column speed, with a public result.
func (c *sumChain) openMsg(input []byte, length int, bits uint32, ranges []computetypes.SlotRange) *computetypes.MsgOpenJob {
	microRho := uint64(0)
	if len(ranges) > 0 && ranges[0].Variance > 0 {
		microRho = 5_000
	}
	return &computetypes.MsgOpenJob{Consumer: consumer.String(), Salt: salt(c.jobs), Spec: computetypes.JobSpec{
		PoolId: poolID, ProgramId: c.program, Columns: []string{"speed"}, Length: uint32(length), Input: input, Purpose: "research",
		MinCohort: 2, MaxCohort: 3, PricePerMop: math.NewInt(whole), MaxDataPerAlita: anyPrice, Budget: computetypes.NewFunds(whole, 20*whole),
		ContributeBlocks: 30, ReaderKey: keyOf(c.t, consumer.Name).Public().Bytes(), Delivery: computetypes.DELIVERY_SECURE_SUM,
		Secure: &computetypes.SecureSum{
			Seats: 2, MaxSeatFee: math.NewInt(10), SeatBlocks: 30, VerifyBlocks: 30, OpenBlocks: 30, Rounds: 1, PublicResult: true,
			Ranges: ranges, MicroRho: microRho, Bits: bits,
		},
	}}
}

// seated opens a job and brings it to the window for contributions.
func (c *sumChain) seated(msg *computetypes.MsgOpenJob) string {
	c.t.Helper()
	c.Must(consumer, msg)
	id := computetypes.JobID(consumer.Address(), salt(c.jobs))
	c.NextBlocks(2)
	c.takeSeats(id)
	return id
}

func (c *sumChain) takeSeats(id string) {
	c.t.Helper()
	for _, s := range c.job(id).Seats {
		if s.Status == computetypes.SEAT_STATUS_DRAWN {
			c.Must(c.seat(s), &computetypes.MsgTakeSeat{Account: s.Account, JobId: id, Key: c.seatKey(id, s).Public().Bytes()})
		}
	}
	require.Equal(c.t, computetypes.JOB_STATUS_CONTRIBUTING, c.job(id).Status)
}

func (c *sumChain) seat(s computetypes.JobSeat) apptest.Account {
	for _, v := range []apptest.Account{secondValidator, thirdValidator} {
		if s.Account == v.String() {
			return v
		}
	}
	return apptest.NamedAccount(apptest.ValidatorName)
}

func (c *sumChain) seatKey(id string, s computetypes.JobSeat) seal.PrivateKey {
	return keyOf(c.t, id+s.Account)
}

func (c *sumChain) protocol(id string) securesum.Protocol {
	job := c.job(id)
	program, err := c.App.ComputeKeeper.Program(c.Ctx(), job.Spec.ProgramId)
	require.NoError(c.t, err)
	p, err := computetypes.ProtocolOf(apptest.ChainID, job, program)
	require.NoError(c.t, err)
	return p
}

func (c *sumChain) of(i int) securesum.Contribution {
	return securesum.Contribution{Record: c.records[i], Version: "1.0.0", Owner: owners[i].Address()}
}

// contribution is what an owner's worker sends: 10 (i+1) rows in the first bin, the others in the second.
func (c *sumChain) contribution(id string, i int) *computetypes.MsgContribute {
	c.t.Helper()
	return c.share(id, i, []uint64{100, 0, uint64(10 * (i + 1)), uint64(100 - 10*(i+1)), 0, 0})
}

// addNoise hands in the noise of each seat.
func (c *sumChain) addNoise(id string) {
	c.t.Helper()
	for n, s := range c.job(id).Seats {
		c.Must(c.seat(s), c.noise(id, n))
	}
}

// noise is what a seat hands in.
func (c *sumChain) noise(id string, seat int) *computetypes.MsgAddNoise {
	c.t.Helper()
	job := c.job(id)
	operator := job.Seats[seat].Operator
	secret := label.Hash("test/noise", []byte(id), []byte(operator))
	vector, err := job.SecureSum("").Ranges.Noise(mathrand.NewChaCha8(secret))
	require.NoError(c.t, err)
	protocol, noised := c.protocol(id).Noise()
	require.True(c.t, noised)
	shared, _, err := protocol.Share(terms.NoiseOf(operator), c.seatKeys(id), vector, secret[:])
	require.NoError(c.t, err)
	return &computetypes.MsgAddNoise{Account: job.Seats[seat].Account, JobId: id, Round: job.Round, Shared: *computetypes.SharedVectorOf(shared, job.Attempt)}
}

// seatKeys are the public keys of a job's seats.
func (c *sumChain) seatKeys(id string) (keys []seal.PublicKey) {
	for _, s := range c.job(id).Seats {
		keys = append(keys, c.seatKey(id, s).Public())
	}
	return keys
}

// share is what an owner's worker sends for a vector.
func (c *sumChain) share(id string, i int, vector []uint64) *computetypes.MsgContribute {
	c.t.Helper()
	job := c.job(id)
	secret := label.Hash("test/owner", []byte{byte(i)})
	shared, _, err := c.protocol(id).Share(c.of(i), c.seatKeys(id), vector, secret[:])
	require.NoError(c.t, err)
	record, err := c.App.MetadataKeeper.Contributable(c.Ctx(), c.records[i])
	require.NoError(c.t, err)
	program, err := c.App.ComputeKeeper.Program(c.Ctx(), c.program)
	require.NoError(c.t, err)
	operations, err := program.Cost.Operations(record.Rows, 1, job.Spec.Length)
	require.NoError(c.t, err)
	hash := securesum.Hash(shared)
	return &computetypes.MsgContribute{Worker: workerOf(owners[i]).String(), Attestation: computetypes.Attestation{
		JobId: id, RecordId: c.records[i], Version: record.Version, RowRoot: record.RowRoot, Rows: record.Rows, Operations: operations,
		ResultCommitment: hash[:], Round: job.Round,
	}, Shared: computetypes.SharedVectorOf(shared, job.Attempt)}
}

// sum lets the seats add noise, if the job asks for it, verify and open, and returns the slots of the sum.
func (c *sumChain) sum(id string, contributors ...int) []int64 {
	c.t.Helper()
	if !c.job(id).HasNoise() {
		c.addNoise(id)
	}
	for c.job(id).Status == computetypes.JOB_STATUS_CONTRIBUTING {
		c.NextBlock()
	}
	require.Equal(c.t, computetypes.JOB_STATUS_VERIFYING, c.job(id).Status)
	job, protocol, query := c.job(id), c.protocol(id), computekeeper.NewQueryServer(c.App.ComputeKeeper)
	noise, noised := protocol.Noise()
	prepared, ofNoise := make([]map[int]securesum.Prepared, len(job.Seats)), make([]map[string]securesum.Prepared, len(job.Seats))
	for n, s := range job.Seats {
		prepared[n], ofNoise[n] = map[int]securesum.Prepared{}, map[string]securesum.Prepared{}
		msg := &computetypes.MsgPrepare{Account: s.Account, JobId: id, Attempt: job.Attempt}
		for _, i := range contributors {
			res, err := query.Shares(c.Ctx(), &computetypes.QuerySharesRequest{JobId: id, RecordId: c.records[i]})
			require.NoError(c.t, err)
			share, p, err := protocol.Prepare(c.of(i), res.Shared.Proto(), job.VerifyKey, n, c.seatKey(id, s))
			require.NoError(c.t, err)
			prepared[n][i] = p
			msg.Preparations = append(msg.Preparations, computetypes.Preparation{RecordId: c.records[i], Share: share})
		}
		for _, other := range job.Seats {
			if !noised {
				break
			}
			res, err := query.Shares(c.Ctx(), &computetypes.QuerySharesRequest{JobId: id, RecordId: other.Operator})
			require.NoError(c.t, err)
			share, p, err := noise.Prepare(terms.NoiseOf(other.Operator), res.Shared.Proto(), job.VerifyKey, n, c.seatKey(id, s))
			require.NoError(c.t, err)
			ofNoise[n][other.Operator] = p
			msg.Preparations = append(msg.Preparations, computetypes.Preparation{RecordId: other.Operator, Share: share})
		}
		c.Must(c.seat(s), msg)
	}
	require.Equal(c.t, computetypes.JOB_STATUS_AGGREGATING, c.job(id).Status)
	require.EqualValues(c.t, len(contributors), c.job(id).Valid)
	for n, s := range job.Seats {
		sum := protocol.NewSum()
		for _, i := range contributors {
			res, err := query.Preparations(c.Ctx(), &computetypes.QueryPreparationsRequest{JobId: id, RecordId: c.records[i]})
			require.NoError(c.t, err)
			require.NoError(c.t, sum.Add(prepared[n][i], res.Message))
		}
		for operator, p := range ofNoise[n] {
			res, err := query.Preparations(c.Ctx(), &computetypes.QueryPreparationsRequest{JobId: id, RecordId: operator})
			require.NoError(c.t, err)
			require.NoError(c.t, sum.Add(p, res.Message))
		}
		c.Must(c.seat(s), &computetypes.MsgOpenSum{Account: s.Account, JobId: id, Attempt: job.Attempt, Opened: computetypes.OpenedSum{Sum: sum.Opening()}})
	}
	require.Equal(c.t, computetypes.JOB_STATUS_SETTLED, c.job(id).Status)
	res, err := query.Sums(c.Ctx(), &computetypes.QuerySumsRequest{JobId: id})
	require.NoError(c.t, err)
	var shares [][]byte
	for n, s := range res.Sums.Sums {
		share, err := protocol.VerifyOpening(res.Sums.Commitments[n], uint64(res.Sums.Valid), s.Sum)
		require.NoError(c.t, err)
		shares = append(shares, share)
	}
	total, err := protocol.Unshard(shares, uint64(res.Sums.Valid))
	require.NoError(c.t, err)
	total, err = job.SecureSum("").Reveal(total, res.Sums.Rows)
	require.NoError(c.t, err)
	var out []int64
	for _, x := range total {
		out = append(out, x.Int64())
	}
	return out
}

// The budgets of three records over noised and exact sums: noise of variance 101 costs 5,000 millionths of rho.
func TestPrivacyBudgetOfSecureSums(t *testing.T) {
	c := newSumChain(t)
	for i, budget := range []uint64{5_000, 12_000, 10_000} {
		c.Must(owners[i], &metadatatypes.MsgSetPrivacyBudget{Owner: owners[i].String(), RecordId: c.records[i], Budget: budget})
	}
	// What is set aside counts as what is spent.
	spent := func() (out []uint64) {
		for i := range c.records {
			out = append(out, c.record(i).PrivacySpent+c.record(i).PrivacyReserved)
		}
		return out
	}

	first := c.open(101)
	require.EqualValues(t, 5_000, c.job(first).MicroRho)
	for i := range owners {
		c.Must(workerOf(owners[i]), c.contribution(first, i))
	}
	require.Equal(t, []uint64{5_000, 5_000, 5_000}, spent())
	sum := c.sum(first, 0, 1, 2)
	exact, off := []int64{300, 0, 60, 240, 0, 0}, 0
	for i := range exact {
		// Three times the noise of standard deviation 10: beyond 5 deviations of 17.3 it is never, for this fixed stream.
		require.InDelta(t, exact[i], sum[i], 87)
		if exact[i] != sum[i] {
			off++
		}
	}
	require.Positive(t, off, "there is noise")

	second := c.open(101)
	refused := c.contribution(second, 0)
	require.Contains(t, c.Fails(metadatatypes.ErrPrivacyBudget, workerOf(owners[0]), refused), "expected at most 0 of 5000 left, got 5000")
	for _, i := range []int{1, 2} {
		c.Must(workerOf(owners[i]), c.contribution(second, i))
	}
	require.Equal(t, []uint64{5_000, 10_000, 10_000}, spent())
	c.sum(second, 1, 2)

	c.jobs++
	exactly := c.histogramMsg(0)
	require.Contains(t, c.Fails(computetypes.ErrInvalidPanels, consumer, exactly), "name panels, or ask with noise")
	exactly.Spec.Panels, exactly.Spec.MinCohort = []string{foundPanel(t, c.Chain, namedTerms(c.program), owners, c.records)}, 3
	third := c.seated(exactly)
	require.Zero(t, c.job(third).MicroRho)
	for i := range owners {
		c.Must(workerOf(owners[i]), c.contribution(third, i))
	}
	require.Equal(t, exact, c.sum(third, 0, 1, 2), "without noise the sum is exact")
	require.Equal(t, []uint64{5_000, 10_000, 10_000}, spent(), "and charges nothing")
}

// TestAttackSeatWithoutNoise: a seat that hands in no noise, or only noise that is wrong, loses a part of its bond, and the attempt begins again
// with another seat. Nothing is opened and no budget spent before that.
func TestAttackSeatWithoutNoise(t *testing.T) {
	c := newSumChain(t)
	c.validate(thirdValidator)
	c.sit(thirdValidator)
	for i := range owners {
		c.Must(owners[i], &metadatatypes.MsgSetPrivacyBudget{Owner: owners[i].String(), RecordId: c.records[i], Budget: 5_000})
	}
	bond := func(operator string) string {
		res, err := computekeeper.NewQueryServer(c.App.ComputeKeeper).Seats(c.Ctx(), &computetypes.QuerySeatsRequest{})
		require.NoError(t, err)
		for _, s := range res.Seats {
			if s.Operator == operator {
				return s.Bond.Amount.String()
			}
		}
		return ""
	}
	id := c.open(101)
	// The first validator has half of the stake: without it no seats could be drawn.
	lies, holds := 0, 1
	if c.job(id).Seats[0].Account == apptest.NamedAccount(apptest.ValidatorName).String() {
		lies, holds = 1, 0
	}
	liar, honest := c.job(id).Seats[lies], c.job(id).Seats[holds]
	c.Must(c.seat(honest), c.noise(id, holds))
	copied := c.noise(id, holds)
	copied.Account = liar.Account
	require.Contains(t, c.Fails(computetypes.ErrInvalidShares, c.seat(liar), copied), "expected a proof of these bounds", "another seat's noise")
	wrong := c.noise(id, lies)
	wrong.Shared.PublicShare[40] ^= 1
	c.Fails(computetypes.ErrInvalidShares, c.seat(liar), wrong)
	for i := range owners {
		c.Must(workerOf(owners[i]), c.contribution(id, i))
	}
	for c.job(id).Status == computetypes.JOB_STATUS_CONTRIBUTING {
		c.NextBlock()
	}
	job := c.job(id)
	require.Equal(t, computetypes.JOB_STATUS_SEATING, job.Status)
	require.EqualValues(t, 2, job.Attempt)
	require.Zero(t, job.OpenedAttempts)
	require.Len(t, job.Lost, 1)
	require.Equal(t, liar.Operator, job.Lost[0].Operator)
	require.Equal(t, computetypes.SEAT_FAULT_SILENT, job.Lost[0].Fault)
	require.Equal(t, fmt.Sprint(900*whole), bond(liar.Operator), "a tenth is lost")
	require.Equal(t, fmt.Sprint(1_000*whole), bond(honest.Operator))

	c.NextBlocks(2)
	c.takeSeats(id)
	for i := range owners {
		c.Must(workerOf(owners[i]), c.contribution(id, i))
	}
	sum := c.sum(id, 0, 1, 2)
	for i, want := range []int64{300, 0, 60, 240, 0, 0} {
		require.InDelta(t, want, sum[i], 87, "the noise of two seats")
	}
	for i := range c.records {
		require.EqualValues(t, 5_000, c.record(i).PrivacySpent, "one attempt was opened")
	}
}
