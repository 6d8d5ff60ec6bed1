package consumer_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/x/compute/types"
)

// opening is a chain on which a payer can open the job of a quote.
func opening(t *testing.T) (*fakeNode, *consumer.Client, *consumer.Quote, *ownersChain) {
	t.Helper()
	_, run, c := newRun(t, moments, 1, false)
	n, node := newNode(t, "first", c)
	n.opened = func(msg *types.MsgOpenJob) {
		c.job.Spec.ReaderKey = msg.Spec.ReaderKey
		c.job.Id = types.JobID(payerAt(t, "", node).Sender.Signer.PubKey().Address().Bytes(), msg.Salt)
	}
	quote := consumer.NewQuote(run.Question, c.job.Spec)
	quote.DrawFee = math.NewInt(5)
	quote.Plot = "plot.svg"
	return n, payerAt(t, t.TempDir(), node), quote, c
}

// followTo sees a job through.
func followTo(t *testing.T, run *consumer.Run, c *ownersChain) consumer.Answer {
	t.Helper()
	require.Equal(t, c.job.Id, run.JobID())
	run.Hurry()
	c.job.Spec.Secure.PublicResult = true // nothing is to be sent
	_, err := run.Follow(t.Context(), nil)
	require.NoError(t, err)
	return run.Answer()
}

func TestOpen(t *testing.T) {
	_, payer, quote, c := opening(t)
	run, err := payer.Open(t.Context(), quote)
	require.NoError(t, err)
	require.EqualValues(t, 12, run.OpenedHeight())
	saved, err := consumer.ReadSaved(payer.Home, run.JobID())
	require.NoError(t, err)
	require.Equal(t, "plot.svg", saved.Plot)
	require.Equal(t, "2016", followTo(t, run, c).Result.Table.Rows[0][2])
	require.NoError(t, run.Answer().Err())

	again, err := payer.Resume(t.Context(), run.JobID())
	require.NoError(t, err)
	require.Equal(t, "2016", followTo(t, again, c).Result.Table.Rows[0][2])
	kept, err := again.Forget()
	require.NoError(t, err)
	require.Equal(t, consumer.AsideFile(payer.Home, run.JobID()), kept, "that the job is over is the node's word")
	require.FileExists(t, kept)

	payer.Sender.State = shown{payer.Sender.Conn, 20}
	again, err = payer.Resume(t.Context(), run.JobID())
	require.NoError(t, err)
	require.Equal(t, "2016", followTo(t, again, c).Result.Table.Rows[0][2])
	kept, err = again.Forget()
	require.NoError(t, err)
	require.Empty(t, kept)
	_, err = payer.Resume(t.Context(), run.JobID())
	require.ErrorContains(t, err, "not found")
}

// shown is a State of one height.
type shown struct {
	conn   grpc.ClientConnInterface
	height int64
}

func (s shown) At(context.Context) (grpc.ClientConnInterface, int64, error) {
	return s.conn, s.height, nil
}

// A node takes the job and says that it has refused it: the key is not lost.
func TestNodeLiesAboutOpening(t *testing.T) {
	n, payer, quote, c := opening(t)
	full := sdkerrors.ErrMempoolIsFull
	n.checked = &sdk.TxResponse{TxHash: "AB", Codespace: full.Codespace(), Code: full.ABCICode()}
	_, err := payer.Open(t.Context(), quote)
	require.ErrorIs(t, err, full)
	require.NoFileExists(t, consumer.RunFile(payer.Home, c.job.Id))
	require.FileExists(t, consumer.AsideFile(payer.Home, c.job.Id))
	run, err := payer.Resume(t.Context(), c.job.Id)
	require.NoError(t, err)
	require.Equal(t, "2016", followTo(t, run, c).Result.Table.Rows[0][2])
	kept, err := run.Forget()
	require.NoError(t, err)
	require.FileExists(t, kept)
}

// Before a signature there is nothing that a key could be needed for.
func TestOpenRefused(t *testing.T) {
	n, payer, quote, _ := opening(t)
	n.simulated = status.Error(codes.Unknown, "message index: 0: pool is paused")
	_, err := payer.Open(t.Context(), quote)
	require.ErrorContains(t, err, "open the job: the chain would refuse it: pool is paused")
	entries, err := os.ReadDir(payer.Home + "/compute")
	require.NoError(t, err)
	require.Empty(t, entries)
}

// A price that has moved since the quote has an error of its own, whether a node tries the job or takes it.
func TestOpenAtAMovedPrice(t *testing.T) {
	n, payer, quote, _ := opening(t)
	n.simulated = status.Error(codes.FailedPrecondition, "message index: 0: max_data_per_alita: expected at least 5, the price now, got 4: "+types.ErrDataPrice.Error()+" [x/compute/keeper/msg_open_job.go:58]")
	_, err := payer.Open(t.Context(), quote)
	require.ErrorIs(t, err, consumer.ErrPriceMoved)
	require.ErrorContains(t, err, "open the job: the chain would refuse it: max_data_per_alita: expected at least 5, the price now, got 4")

	n.simulated, n.checked = nil, &sdk.TxResponse{TxHash: "AB", Codespace: types.ErrDataPrice.Codespace(), Code: types.ErrDataPrice.ABCICode()}
	_, err = payer.Open(t.Context(), quote)
	require.ErrorIs(t, err, consumer.ErrPriceMoved)

	n.simulated = status.Error(codes.Unknown, "message index: 0: pool is paused")
	_, err = payer.Open(t.Context(), quote)
	require.NotErrorIs(t, err, consumer.ErrPriceMoved)
}

func TestOpenNeedsBalance(t *testing.T) {
	n, payer, quote, c := opening(t)
	n.balance = c.job.Spec.Budget.Alita.Int64() + 4
	_, err := payer.Open(t.Context(), quote)
	var balance *consumer.BalanceError
	require.ErrorAs(t, err, &balance)
	require.Equal(t, "1000005ualita", balance.Needs.String())
	require.Equal(t, "1000004ualita", balance.Has.String())
	require.NoDirExists(t, payer.Home+"/compute")
}

// provedState is a State whose height grows; absent says that it has no job.
type provedState struct {
	grpc.ClientConnInterface

	height int64
	absent bool
}

func (s *provedState) At(context.Context) (grpc.ClientConnInterface, int64, error) {
	s.height++
	return s, s.height, nil
}

func (s *provedState) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) error {
	if _, ok := req.(*types.QueryJobRequest); ok && s.absent {
		return types.ErrJobNotFound
	}
	return s.ClientConnInterface.Invoke(ctx, method, req, reply, opts...)
}

// The key of an opening that a node has refused is deleted when the chain proves that the job can never be opened, and not before.
func TestKeyOfARefusedOpening(t *testing.T) {
	n, payer, quote, c := opening(t)
	full := sdkerrors.ErrMempoolIsFull
	n.checked = &sdk.TxResponse{Codespace: full.Codespace(), Code: full.ABCICode()}
	state := &provedState{ClientConnInterface: payer.Sender.Conn, height: 20, absent: true}
	payer.Sender.State = state
	_, err := payer.Open(t.Context(), quote)
	require.ErrorIs(t, err, full)
	aside := consumer.AsideFile(payer.Home, c.job.Id)
	require.FileExists(t, aside)
	for _, step := range []struct {
		height int64
		absent bool
		found  []string
		kept   bool
	}{
		{100, true, nil, true},
		{500, false, []string{c.job.Id}, true},
		{119, true, nil, true},
		{500, true, nil, false},
	} {
		state.height, state.absent = step.height, step.absent
		found, err := payer.Aside(t.Context())
		require.NoError(t, err)
		require.Equal(t, step.found, found)
		if step.kept {
			require.FileExists(t, aside, "block %d", step.height)
		} else {
			require.NoFileExists(t, aside)
		}
	}

	// The chain proves that the refusal was a lie: the run goes on.
	n, payer, quote, c = opening(t)
	n.checked = &sdk.TxResponse{Codespace: full.Codespace(), Code: full.ABCICode()}
	payer.Sender.State = &provedState{ClientConnInterface: payer.Sender.Conn, height: 20}
	run, err := payer.Open(t.Context(), quote)
	require.NoError(t, err)
	require.Equal(t, "2016", followTo(t, run, c).Result.Table.Rows[0][2])
	kept, err := run.Forget()
	require.NoError(t, err)
	require.Empty(t, kept)
	require.NoFileExists(t, consumer.RunFile(payer.Home, c.job.Id))
}
