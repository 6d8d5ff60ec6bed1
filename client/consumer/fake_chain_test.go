package consumer_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/x/compute/types"
)

const (
	chainID = "alita-test-1"
	seats   = 3
	seatFee = 5
)

// ownersChain is a chain with seats and owners in one process. The protocol and the programs are the real ones; blocks are not: a job goes a
// phase further whenever it is looked at.
type ownersChain struct {
	t       *testing.T
	job     types.Job
	program types.Program
	model   programs.Program
	box     *sandbox.Sandbox
	code    *sandbox.Program
	owners  [][]int64
	rounds  map[uint32]types.RoundSums
	sent    []sdk.Msg
	// tried are all messages, also those that are lost or refused.
	tried []sdk.Msg

	// liar is the seat that seals a wrong sum in the first attempt of a round: the number of the round, or zero.
	liar map[uint32]int
	// tamper changes what the node answers.
	tamper func(*types.RoundSums)
	// failure ends the job in the round failAt.
	failAt  uint32
	failure types.FailureReason
	// broken counts the messages that are lost before they reach a block.
	broken int
}

// newOwnersChain opens the job of a run on a chain whose owners have these values.
func newOwnersChain(t *testing.T, run *consumer.SavedRun, p analysis.Parameters, rounds uint32, public bool, owners ...[]int64) *ownersChain {
	t.Helper()
	session, err := analysis.NewSession(p)
	require.NoError(t, err)
	asked := session.Job()
	box, err := sandbox.New(t.Context(), sandbox.Config{Engine: sandbox.Compiler})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, box.Close(context.Background())) })
	code, err := box.Compile(t.Context(), session.Program().Code)
	require.NoError(t, err)
	key, err := run.AddKey()
	require.NoError(t, err)
	readerKey := key.Public()
	c := &ownersChain{
		t: t, model: session.Program(), box: box, code: code, owners: owners, rounds: map[uint32]types.RoundSums{}, liar: map[uint32]int{},
		program: types.Program{Id: session.Program().Hash, Name: p.Program, Kind: types.VECTOR_KIND_SUM, Bits: 63, Row: session.Program().Row},
		job: types.Job{
			Id: run.JobID, Consumer: "consumer", Round: 1, Attempt: 1, Vdaf: securesum.Draft, Status: types.JOB_STATUS_SEATING, StakersFeePpm: 50_000,
			Paid: types.ZeroFunds(), Refunded: types.ZeroFunds(), DrawFee: math.NewInt(1_000_000),
			Spec: types.JobSpec{
				ProgramId: session.Program().Hash, Columns: asked.Columns, Length: uint32(asked.Length), Input: asked.Input, MinCohort: 2,
				MaxCohort: uint32(len(owners)), PricePerMop: math.NewInt(1), ReaderKey: readerKey.Bytes(), Delivery: types.DELIVERY_SECURE_SUM,
				Budget: types.NewFunds(1_000_000, 1_000_000),
				Secure: &types.SecureSum{Seats: seats, Rounds: rounds, Bits: uint32(asked.Bits), PublicResult: public, Ranges: types.RangesOf(asked.Ranges), MicroRho: asked.MicroRho},
			},
		},
	}
	for i := range seats {
		c.job.Seats = append(c.job.Seats, types.JobSeat{Operator: fmt.Sprint("seat", i), Fee: math.NewInt(seatFee)})
	}
	return c
}

// Job implements the run's chain.
func (c *ownersChain) Job(context.Context, string) (types.Job, int64, error) {
	job := c.job
	job.Seats = slices.Clone(c.job.Seats)
	switch c.job.Status {
	case types.JOB_STATUS_SEATING:
		c.job.Status = types.JOB_STATUS_CONTRIBUTING
	case types.JOB_STATUS_CONTRIBUTING:
		if c.job.Round == c.failAt {
			c.job.Status, c.job.Failure = types.JOB_STATUS_FAILED, c.failure
			break
		}
		c.sum()
		c.job.Status = types.JOB_STATUS_READING
		if c.job.Spec.Secure.PublicResult {
			c.settle()
		}
	}
	return job, 1, nil
}

// settle pays a round, and ends the job after the last one.
func (c *ownersChain) settle() {
	fees := types.NewFunds(100, 10)
	for range c.owners {
		c.job.Paid = c.job.Paid.Add(fees)
	}
	c.job.Paid = c.job.Paid.Add(types.NewFunds(int64(seats*seatFee*len(c.owners)), 0))
	c.job.Status = types.JOB_STATUS_WAITING
	if c.job.Round == c.job.Spec.Secure.Rounds {
		c.close()
	}
}

func (c *ownersChain) close() {
	c.job.Status, c.job.Refunded = types.JOB_STATUS_SETTLED, c.job.Spec.Budget.Sub(c.job.Paid)
}

func (c *ownersChain) Program(context.Context, string) (types.Program, error) { return c.program, nil }

func (c *ownersChain) Sums(_ context.Context, _ string, round uint32) (types.RoundSums, error) {
	sums, found := c.rounds[round]
	require.True(c.t, found, "round %d", round)
	sums.Commitments = slices.Clone(sums.Commitments)
	if c.tamper != nil {
		c.tamper(&sums)
	}
	return sums, nil
}

func (c *ownersChain) Contributions(context.Context, string) ([]types.Contribution, error) {
	var all []types.Contribution
	for i := range c.owners {
		all = append(all, types.Contribution{
			Owner: fmt.Sprint("owner", i), Status: types.CONTRIBUTION_STATUS_PAID, Fee: types.NewFunds(100, 10), Attempt: c.job.Attempt,
			Attestation: types.Attestation{RecordId: fmt.Sprint("record", i), Rows: uint64(len(c.owners[i])), Operations: 7, Round: c.job.Round},
		})
	}
	return all, nil
}

// Delivery implements the run's chain: nobody has delivered.
func (c *ownersChain) Delivery(context.Context, string, string) (types.SealedVector, error) {
	return types.SealedVector{}, status.Error(codes.NotFound, "no delivery")
}

// Send implements the run's chain: what the messages do there.
func (c *ownersChain) Send(_ context.Context, msg sdk.Msg) error {
	c.tried = append(c.tried, msg)
	if c.broken > 0 {
		c.broken--
		return fmt.Errorf("connection lost")
	}
	c.sent = append(c.sent, msg)
	switch m := msg.(type) {
	case *types.MsgAcceptSums:
		require.Equal(c.t, types.JOB_STATUS_READING, c.job.Status)
		c.settle()
	case *types.MsgNextRound:
		require.Equal(c.t, types.JOB_STATUS_WAITING, c.job.Status)
		require.Equal(c.t, c.job.Round+1, m.Round)
		if m.Done {
			require.Empty(c.t, m.Input)
			c.close()
			return nil
		}
		c.job.Spec.Input, c.job.Round, c.job.Attempt, c.job.Status = m.Input, m.Round, 1, types.JOB_STATUS_CONTRIBUTING
	case *types.MsgDisputeSum:
		return c.dispute(m)
	default:
		require.Fail(c.t, "unexpected message", "%T", msg)
	}
	return nil
}

// dispute is the chain's judgement over a seat, by the real protocol.
func (c *ownersChain) dispute(m *types.MsgDisputeSum) error {
	private, err := seal.ParsePrivateKey(m.ReaderPrivateKey)
	require.NoError(c.t, err)
	public := private.Public()
	require.Equal(c.t, c.job.Spec.ReaderKey, public.Bytes())
	require.NotEqual(c.t, c.job.Spec.ReaderKey, m.ReaderKey)
	s := c.rounds[c.job.Round].Sums[m.Seat].Sealed
	opening, err := c.protocol().OpenSealed(private, int(m.Seat), s.Enc, s.Ciphertext)
	if err == nil {
		_, err = c.protocol().VerifyOpening(c.job.Seats[m.Seat].Commitment, uint64(c.job.Valid), opening)
	}
	if err == nil {
		return types.ErrNoFault
	}
	delete(c.rounds, c.job.Round)
	c.job.Lost = append(c.job.Lost, types.LostSeat{Operator: c.job.Seats[m.Seat].Operator, Fault: types.SEAT_FAULT_SUM})
	c.job.Seats[m.Seat].Operator = "substitute"
	c.job.Spec.ReaderKey = m.ReaderKey
	c.job.Attempt++
	c.job.Status = types.JOB_STATUS_SEATING
	return nil
}

func (c *ownersChain) protocol() securesum.Protocol {
	p, err := types.ProtocolOf(chainID, c.job, c.program)
	require.NoError(c.t, err)
	return p
}

// seatKey is the key of a seat for the job.
func (c *ownersChain) seatKey(i int) seal.PrivateKey {
	seed := label.Hash("test/seat", []byte(c.job.Seats[i].Operator))
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(c.t, err)
	return key
}

// vector runs the program of the round over an owner's values.
func (c *ownersChain) vector(values []int64) []uint64 {
	columns, length := len(c.job.Spec.Columns), int(c.job.Spec.Length)
	operations, err := c.model.Cost.Operations(uint64(len(values)), uint32(columns), uint32(length))
	require.NoError(c.t, err)
	res, err := c.box.Run(c.t.Context(), c.code, sandbox.Shape{Columns: columns, Length: length}, c.job.Spec.Input, &oneBatch{values: values}, operations)
	require.NoError(c.t, err)
	out := make([]uint64, len(res.Vector))
	for i, v := range res.Vector {
		out[i] = uint64(v)
	}
	return out
}

// sum is the work of owners and seats in a round.
func (c *ownersChain) sum() {
	t, protocol := c.t, c.protocol()
	verify := label.Hash("test/verify", label.Uint64(uint64(c.job.Round)), label.Uint64(uint64(c.job.Attempt)))
	var keys []seal.PublicKey
	var sums []*securesum.Sum
	for i := range seats {
		key := c.seatKey(i)
		keys, sums = append(keys, key.Public()), append(sums, protocol.NewSum())
		c.job.Seats[i].Commitment = nil
	}
	for o, values := range c.owners {
		who := securesum.Contribution{Record: fmt.Sprint("record", o), Version: "1.0.0", Owner: []byte(fmt.Sprint("owner", o))}
		secret := label.Hash("test/owner", []byte{byte(o)})
		shared, _, err := protocol.Share(who, keys, c.vector(values), secret[:])
		require.NoError(t, err)
		var said [][]byte
		var prepared []securesum.Prepared
		for i := range seats {
			share, p, err := protocol.Prepare(who, shared, verify[:], i, c.seatKey(i))
			require.NoError(t, err)
			said, prepared = append(said, share), append(prepared, p)
		}
		message, err := protocol.Combine(who, shared.PublicShare, said)
		require.NoError(t, err)
		for i := range seats {
			require.NoError(t, sums[i].Add(prepared[i], message))
			c.job.Seats[i].Commitment, err = securesum.AddCommitments(c.job.Seats[i].Commitment, shared.Commitments[i])
			require.NoError(t, err)
		}
	}
	n := uint32(len(c.owners))
	c.job.Contributions, c.job.Owners, c.job.Judged, c.job.Valid, c.job.ValidOwners, c.job.ValidRows = n, n, n, n, n, 0
	for _, values := range c.owners {
		c.job.ValidRows += uint64(len(values))
	}
	round := types.RoundSums{
		Round: c.job.Round, Attempt: c.job.Attempt, Valid: n, Owners: n, Rows: c.job.ValidRows, ReaderKey: c.job.Spec.ReaderKey, Input: c.job.Spec.Input,
	}
	reader, err := seal.ParsePublicKey(c.job.Spec.ReaderKey)
	require.NoError(t, err)
	for i := range seats {
		opening := sums[i].Opening()
		if liar, lies := c.liar[c.job.Round]; lies && liar == i && c.job.Attempt == 1 {
			opening[0] ^= 1
		}
		opened := types.OpenedSum{Sum: opening}
		if !c.job.Spec.Secure.PublicResult {
			sealed, err := protocol.SealOpening(reader, i, opening)
			require.NoError(t, err)
			opened = types.OpenedSum{Sealed: types.SealedVector{Enc: sealed.Enc, Ciphertext: sealed.Ciphertext}}
		}
		round.Operators = append(round.Operators, c.job.Seats[i].Operator)
		round.Commitments = append(round.Commitments, c.job.Seats[i].Commitment)
		round.Sums = append(round.Sums, opened)
	}
	c.rounds[c.job.Round] = round
}

// oneBatch is a column of values.
type oneBatch struct {
	values []int64
	read   bool
}

func (b *oneBatch) Columns() int { return 1 }

func (b *oneBatch) Next(context.Context) (sandbox.Batch, error) {
	if b.read {
		return sandbox.Batch{}, io.EOF
	}
	b.read = true
	valid := make([]byte, len(b.values))
	for i := range valid {
		valid[i] = 1
	}
	return sandbox.Batch{Rows: len(b.values), Columns: []sandbox.Column{{Values: b.values, Valid: valid}}}, nil
}
