package integration_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/x/compute/keeper"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

const (
	// crowdSize is how many owners contribute, batch how many of their transactions are in a block, and panelSize how many of them are in a panel.
	crowdSize = 200
	batch     = 40
	panelSize = 100
	seatBond  = 1_000 * whole
)

// crowd is a chain of four validators with seats, and many owners with a record each.
type crowd struct {
	*apptest.Chain
	t       *testing.T
	owners  []apptest.Account
	records []string
	// byAccount are the seats by their accounts.
	byAccount map[string]apptest.Account
}

func crowdOwner(i int) apptest.Account { return apptest.NamedAccount(fmt.Sprint("crowd ", i)) }

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	return newCrowdOf(t, crowdSize)
}

// newCrowdOf is a crowd of n owners.
func newCrowdOf(t *testing.T, n int) *crowd {
	t.Helper()
	names := []string{maker.Name, consumer.Name, apptest.ValidatorName}
	for i := range n {
		names = append(names, crowdOwner(i).Name)
	}
	operators := []apptest.Account{apptest.NamedAccount(apptest.ValidatorName)}
	for i := range 3 {
		operator := apptest.NamedAccount(fmt.Sprint("operator ", i))
		operators, names = append(operators, operator), append(names, operator.Name)
	}
	c := &crowd{Chain: apptest.New(t, apptest.WithFunded(endowment, names...)), t: t, byAccount: map[string]apptest.Account{}}
	for i, operator := range operators {
		if i > 0 {
			msg, err := stakingtypes.NewMsgCreateValidator(sdk.ValAddress(operator.Address()).String(),
				ed25519.GenPrivKeyFromSecret([]byte(operator.Name)).PubKey(), alita(int64(i)*1_000*whole), stakingtypes.Description{Moniker: operator.Name},
				stakingtypes.NewCommissionRates(math.LegacyNewDecWithPrec(1, 1), math.LegacyNewDecWithPrec(2, 1), math.LegacyNewDecWithPrec(1, 2)), math.OneInt())
			require.NoError(t, err)
			c.Must(operator, msg)
		}
	}
	c.NextBlock()
	for _, operator := range operators {
		c.Must(operator, &computetypes.MsgRegisterSeat{
			Operator: operator.String(), Account: operator.String(), Bond: alita(seatBond), Fee: math.NewInt(10),
		})
		c.byAccount[operator.String()] = operator
	}
	createPool(c.Chain)
	for i := range n {
		owner := crowdOwner(i)
		msg := registerMsg(t, owner, 1, uint64(40+i))
		c.owners = append(c.owners, owner)
		c.records = append(c.records, metadatatypes.RecordID(owner.Address(), msg.Salt))
	}
	c.all(func(i int) (apptest.Account, sdk.Msg) { return c.owners[i], registerWorkerMsg(t, c.owners[i]) })
	c.all(func(i int) (apptest.Account, sdk.Msg) {
		return c.owners[i], registerMsg(t, c.owners[i], 1, uint64(40+i))
	})
	c.all(func(i int) (apptest.Account, sdk.Msg) { return maker, admitMsg(c.records[i]) })
	c.all(func(i int) (apptest.Account, sdk.Msg) { return c.owners[i], grantMsg(c.owners[i], c.records[i]) })
	buy(c.Chain, consumer, 1_000*whole)
	c.NextBlocks(2)
	return c
}

// all delivers a message for each owner, batch by batch, and returns the blocks that it took.
func (c *crowd) all(msg func(i int) (apptest.Account, sdk.Msg)) (blocks int, gas int64) {
	c.t.Helper()
	for from := 0; from < len(c.owners); from += batch {
		var txs [][]byte
		for i := from; i < min(from+batch, len(c.owners)); i++ {
			signer, m := msg(i)
			txs = append(txs, c.Sign(signer, m))
		}
		for _, res := range c.NextBlock(txs...).TxResults {
			require.Zero(c.t, res.Code, res.Log)
			gas += res.GasUsed
		}
		blocks++
	}
	return blocks, gas
}

func (c *crowd) job(id string) computetypes.Job {
	job, err := c.App.ComputeKeeper.Job(c.Ctx(), id)
	require.NoError(c.t, err)
	return job
}

func (c *crowd) protocol(job computetypes.Job) securesum.Protocol {
	program, err := c.App.ComputeKeeper.Program(c.Ctx(), job.Spec.ProgramId)
	require.NoError(c.t, err)
	p, err := computetypes.ProtocolOf(apptest.ChainID, job, program)
	require.NoError(c.t, err)
	return p
}

func crowdVector(i int) []uint64 { return []uint64{uint64(i), uint64(i) << 30, 1} }

func (c *crowd) bound(i int) securesum.Contribution {
	return securesum.Contribution{Record: c.records[i], Version: "1.0.0", Owner: c.owners[i].Address()}
}

// contribution is an owner's message.
func (c *crowd) contribution(job computetypes.Job, p securesum.Protocol, keys []seal.PublicKey, i int) *computetypes.MsgContribute {
	secret := label.Hash("test/crowd", label.Uint64(uint64(i)))
	shared, _, err := p.Share(c.bound(i), keys, crowdVector(i), secret[:])
	require.NoError(c.t, err)
	record, err := c.App.MetadataKeeper.Contributable(c.Ctx(), c.records[i])
	require.NoError(c.t, err)
	program, err := c.App.ComputeKeeper.Program(c.Ctx(), job.Spec.ProgramId)
	require.NoError(c.t, err)
	operations, err := program.Cost.Operations(record.Rows, 1, job.Spec.Length)
	require.NoError(c.t, err)
	hash := securesum.Hash(shared)
	return &computetypes.MsgContribute{Worker: c.owners[i].String(), Attestation: computetypes.Attestation{
		JobId: job.Id, RecordId: c.records[i], Version: "1.0.0", RowRoot: record.RowRoot, Rows: record.Rows,
		Operations: operations, ResultCommitment: hash[:], Round: job.Round,
	}, Shared: computetypes.SharedVectorOf(shared, job.Attempt)}
}

// judge is what a seat says of all contributions, and its opening once they are judged.
func (c *crowd) judge(job computetypes.Job, p securesum.Protocol, seat int, sum *securesum.Sum) []computetypes.Preparation {
	query := keeper.NewQueryServer(c.App.ComputeKeeper)
	var all []computetypes.Preparation
	for i, record := range c.records {
		shares, err := query.Shares(c.Ctx(), &computetypes.QuerySharesRequest{JobId: job.Id, RecordId: record})
		require.NoError(c.t, err)
		share, prepared, err := p.Prepare(c.bound(i), shares.Shared.Proto(), job.VerifyKey, seat, keyOf(c.t, job.Id+job.Seats[seat].Operator))
		require.NoError(c.t, err)
		all = append(all, computetypes.Preparation{RecordId: record, Share: share})
		if sum != nil {
			said, err := query.Preparations(c.Ctx(), &computetypes.QueryPreparationsRequest{JobId: job.Id, RecordId: record})
			require.NoError(c.t, err)
			require.NoError(c.t, sum.Add(prepared, said.Message))
		}
	}
	return all
}

// TestTwoHundredOwners runs a secure sum of 200 owners in two panels over three of four validators' seats on the real application, every message
// a signed transaction, and reads the sum. It logs what went through a block and a minute.
func TestTwoHundredOwners(t *testing.T) {
	c := newCrowd(t)
	open := openJobMsg(t, storeMoments(t, c.Chain), 1)
	spec := &open.Spec
	for from := 0; from < crowdSize; from += panelSize {
		spec.Panels = append(spec.Panels, foundPanel(t, c.Chain, fixedTerms(*spec), c.owners[from:from+panelSize], c.records[from:from+panelSize]))
	}
	slices.Sort(spec.Panels)
	spec.Delivery, spec.DeliverBlocks, spec.MinCohort, spec.MaxCohort = computetypes.DELIVERY_SECURE_SUM, 0, crowdSize, crowdSize
	spec.Budget = computetypes.NewFunds(100*whole, 1_000*whole)
	spec.ContributeBlocks = 100
	spec.Secure = &computetypes.SecureSum{Seats: 3, MaxSeatFee: math.NewInt(10), SeatBlocks: 30, VerifyBlocks: 30, OpenBlocks: 30, Rounds: 1}
	c.Must(consumer, open)
	id := computetypes.JobID(consumer.Address(), open.Salt)
	c.NextBlocks(2)
	var keys []seal.PublicKey
	for _, s := range c.job(id).Seats {
		key := keyOf(t, id+s.Operator).Public()
		keys = append(keys, key)
		c.Must(c.byAccount[s.Account], &computetypes.MsgTakeSeat{Account: s.Account, JobId: id, Key: key.Bytes()})
	}
	job := c.job(id)
	require.Equal(t, computetypes.JOB_STATUS_CONTRIBUTING, job.Status)
	p := c.protocol(job)

	messages := make([]*computetypes.MsgContribute, crowdSize)
	for i := range messages {
		messages[i] = c.contribution(job, p, keys, i)
	}
	began := time.Now()
	blocks, gas := c.all(func(i int) (apptest.Account, sdk.Msg) { return c.owners[i], messages[i] })
	took := time.Since(began)
	t.Logf("%d contributions of %d bytes in %d blocks and %s: %.0f a minute; %d gas each", crowdSize, messages[0].Size(), blocks,
		took.Round(time.Millisecond), crowdSize/took.Minutes(), gas/crowdSize)

	job = c.job(id)
	require.Equal(t, computetypes.JOB_STATUS_VERIFYING, job.Status, "the cohort is full")
	began, gas = time.Now(), 0
	for seat, s := range job.Seats {
		all := c.judge(job, p, seat, nil)
		for from := 0; from < len(all); from += batch {
			res := c.Deliver(c.byAccount[s.Account], &computetypes.MsgPrepare{
				Account: s.Account, JobId: id, Attempt: 1, Preparations: all[from:min(from+batch, len(all))],
			})
			require.Zero(t, res.Code, res.Log)
			gas += res.GasUsed
		}
	}
	t.Logf("judged by three seats in %s; %d gas for each contribution", time.Since(began).Round(time.Millisecond), gas/crowdSize)
	job = c.job(id)
	require.Equal(t, computetypes.JOB_STATUS_AGGREGATING, job.Status)
	require.EqualValues(t, crowdSize, job.Valid)
	reader, err := seal.ParsePublicKey(job.Spec.ReaderKey)
	require.NoError(t, err)
	for seat, s := range job.Seats {
		sum := p.NewSum()
		c.judge(job, p, seat, sum)
		sealed, err := p.SealOpening(reader, seat, sum.Opening())
		require.NoError(t, err)
		c.Must(c.byAccount[s.Account], &computetypes.MsgOpenSum{Account: s.Account, JobId: id, Attempt: 1, Opened: computetypes.OpenedSum{
			Sealed: computetypes.SealedVector{Enc: sealed.Enc, Ciphertext: sealed.Ciphertext},
		}})
	}
	require.Equal(t, crowdSum(crowdSize), c.read(id, p))

	c.Must(consumer, &computetypes.MsgAcceptSums{Consumer: consumer.String(), JobId: id})
	c.NextBlock()
	job = c.job(id)
	require.Equal(t, computetypes.JOB_STATUS_SETTLED, job.Status)
	require.Equal(t, job.Spec.Budget.Text(), job.Paid.Add(job.Refunded).Text())
}

// crowdSum is the sum of the vectors of n owners.
func crowdSum(n uint64) string {
	of := n * (n - 1) / 2
	return fmt.Sprint([]uint64{of, of << 30, n})
}

// read is the sum that the reader opens.
func (c *crowd) read(id string, p securesum.Protocol) string {
	c.t.Helper()
	sums, err := keeper.NewQueryServer(c.App.ComputeKeeper).Sums(c.Ctx(), &computetypes.QuerySumsRequest{JobId: id})
	require.NoError(c.t, err)
	n := uint64(len(c.owners))
	var shares [][]byte
	for seat, s := range sums.Sums.Sums {
		opening := s.Sum
		if len(opening) == 0 {
			opening, err = p.OpenSealed(keyOf(c.t, consumer.Name), seat, s.Sealed.Enc, s.Sealed.Ciphertext)
			require.NoError(c.t, err)
		}
		share, err := p.VerifyOpening(sums.Sums.Commitments[seat], n, opening)
		require.NoError(c.t, err)
		shares = append(shares, share)
	}
	got, err := p.Unshard(shares, n)
	require.NoError(c.t, err)
	return fmt.Sprint(got)
}
