package chain_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/node/chain"
)

func newSender(t testing.TB) (*node, *chain.Sender, proto.Message) {
	t.Helper()
	n, client := serve(t)
	s := newSigner(t)
	granter := newSigner(t).Address()
	return n, &chain.Sender{Client: client, Signer: s, ChainID: "alita-test-1", FeeGranter: granter},
		&computev1.MsgDeliver{Worker: s.Address(), JobId: "j", RecordId: "r"}
}

func TestSend(t *testing.T) {
	n, s, msg := newSender(t)
	res, err := s.Send(t.Context(), msg, chain.Limits{})
	require.NoError(t, err)
	require.Len(t, res.Hash, 64)
	require.EqualValues(t, 90_000, res.GasUsed)
	require.Len(t, n.seen, 1)
	fee := n.seen[0].AuthInfo.Fee
	// Five quarters of the simulated gas, at the node's minimum price.
	require.EqualValues(t, 125_005, fee.GasLimit)
	require.Equal(t, "1251ualita", fee.Amount.String())
	require.Equal(t, s.FeeGranter, fee.Granter)
	require.EqualValues(t, 101+20, n.seen[0].Body.TimeoutHeight)
	require.EqualValues(t, 5, n.sequence)
}

func TestSendKeepsToTheDeadlineAndThePrice(t *testing.T) {
	n, s, msg := newSender(t)
	s.GasPrice = "0.5ualita"
	_, err := s.Send(t.Context(), msg, chain.Limits{NotAfter: 110})
	require.NoError(t, err)
	require.EqualValues(t, 110, n.seen[0].Body.TimeoutHeight)
	require.Equal(t, "62503ualita", n.seen[0].AuthInfo.Fee.Amount.String())
}

// The price of gas and the gas are the node's word: no transaction costs more than the owner has said, and only ualita.
func TestAttackNodeNamesTheFee(t *testing.T) {
	n, s, msg := newSender(t)
	for price, says := range map[string]string{
		"8.1ualita":    "fee: expected at most 1000000ualita (max_fee), got 1012541ualita for 125005 gas",
		"500000ualita": "expected at most 1000000ualita",
		"0.01data/1":   "expected at most 1000000ualita (max_fee), got 1251data/1",
	} {
		s.GasPrice = price
		_, err := s.Send(t.Context(), msg, chain.Limits{})
		require.ErrorContains(t, err, says)
		require.Empty(t, n.seen)
	}
	s.GasPrice, s.MaxFee = "8.1ualita", 2_000_000
	_, err := s.Send(t.Context(), msg, chain.Limits{})
	require.NoError(t, err)
}

// Messages that jobs wait for pay what their lane asks. The gas of a seat's answer is what it can cost, not what a simulation says,
// and is known to a node that is too busy to simulate.
func TestSendInLanes(t *testing.T) {
	n, s, msg := newSender(t)
	for _, tc := range []struct {
		limits chain.Limits
		busy   int
		fee    string
	}{
		{chain.Limits{Lane: chain.LaneSeats, MostGas: 8_000_000}, 0, "20000ualita"},
		{chain.Limits{Lane: chain.LaneSeats, MostGas: 8_000_000}, 1, "20000ualita"},
		{chain.Limits{Lane: chain.LaneContributions}, 0, "751ualita"},
		{chain.Limits{MostGas: 8_000_000}, 0, "80000ualita"},
	} {
		n.seen, n.busy = nil, tc.busy
		_, err := s.Send(t.Context(), msg, tc.limits)
		require.NoError(t, err)
		require.Len(t, n.seen, 1)
		require.Equal(t, tc.fee, n.seen[0].AuthInfo.Fee.Amount.String())
	}
}

// If others fill a lane, an answer that is not taken in a few blocks offers what everybody pays, and if that is more than the
// owner allows, what the owner allows: the lane may have room again, and asks no more.
func TestAttackFullLane(t *testing.T) {
	n, s, msg := newSender(t)
	n.least = 80_000
	_, err := s.Send(t.Context(), msg, chain.Limits{Lane: chain.LaneSeats, MostGas: 8_000_000})
	require.NoError(t, err)
	require.Len(t, n.seen, 2)
	first, second := n.seen[0], n.seen[1]
	require.Equal(t, "20000ualita", first.AuthInfo.Fee.Amount.String())
	require.Equal(t, "80000ualita", second.AuthInfo.Fee.Amount.String())
	require.Greater(t, second.Body.TimeoutHeight, first.Body.TimeoutHeight)

	n.seen, n.least, s.MaxFee = nil, 50_000, 50_000
	_, err = s.Send(t.Context(), msg, chain.Limits{Lane: chain.LaneSeats, MostGas: 8_000_000})
	require.NoError(t, err)
	require.Equal(t, "50000ualita", n.seen[len(n.seen)-1].AuthInfo.Fee.Amount.String())
	_, err = s.Send(t.Context(), msg, chain.Limits{MostGas: 8_000_000})
	require.ErrorContains(t, err, "expected at most 50000ualita (max_fee), got 80000ualita")
}

func TestSendTakesUpTheNewSequence(t *testing.T) {
	n, s, msg := newSender(t)
	n.raced = 2
	res, err := s.Send(t.Context(), msg, chain.Limits{})
	require.NoError(t, err)
	require.NotEmpty(t, res.Hash)
	require.Len(t, n.seen, 3)
	require.EqualValues(t, 6, n.seen[2].AuthInfo.SignerInfos[0].Sequence)
	require.Len(t, n.txs, 1)

	n.raced = 1000
	_, err = s.Send(t.Context(), msg, chain.Limits{})
	var refused *chain.TxError
	require.ErrorAs(t, err, &refused)
	require.EqualValues(t, 32, refused.Code)
	require.Len(t, n.seen, 3+5, "it gives up after five attempts")
}

// TestSendTriesAgain: a price of gas that has risen meanwhile and a busy node pass by themselves.
func TestSendTriesAgain(t *testing.T) {
	n, s, msg := newSender(t)
	n.rising, n.busy = 2, 2
	_, err := s.Send(t.Context(), msg, chain.Limits{})
	require.NoError(t, err)
	require.Len(t, n.seen, 3)

	n.rising = 1_000
	_, err = s.Send(t.Context(), msg, chain.Limits{})
	var refused *chain.TxError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "feemarket", refused.Codespace)

	n.busy = 1_000
	_, err = s.Send(t.Context(), msg, chain.Limits{})
	require.ErrorContains(t, err, "the node is busy")
}

func TestSendReportsRefusals(t *testing.T) {
	n, s, msg := newSender(t)
	n.refusal = "record r to job j: already contributed"
	_, err := s.Send(t.Context(), msg, chain.Limits{})
	var refused *chain.TxError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "the chain refuses: record r to job j: already contributed", err.Error())
	require.Empty(t, n.seen, "what the simulation refuses is not sent")

	n.refusal, n.failing = "", &sdk.TxResponse{Codespace: "compute", Code: 9, RawLog: "cohort full"}
	_, err = s.Send(t.Context(), msg, chain.Limits{})
	require.EqualError(t, err, "the chain refuses (compute 9): cohort full")

	n.records = -1
	_, err = s.Send(t.Context(), msg, chain.Limits{})
	require.ErrorIs(t, err, chain.ErrNotFound)
	require.ErrorContains(t, err, "grant it fees or send it coins")
}

func TestSendExpires(t *testing.T) {
	n, s, msg := newSender(t)
	n.withhold = true
	_, err := s.Send(t.Context(), msg, chain.Limits{NotAfter: 105})
	require.ErrorIs(t, err, chain.ErrExpired)
}

func TestSendStopsWithItsContext(t *testing.T) {
	n, s, msg := newSender(t)
	n.withhold = true
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := s.Send(ctx, msg, chain.Limits{NotAfter: 1_000_000})
		done <- err
	}()
	for {
		n.mu.Lock()
		sent := len(n.seen) > 0
		n.mu.Unlock()
		if sent {
			break
		}
	}
	cancel()
	require.Error(t, <-done)
}

func TestListingsFollowThePages(t *testing.T) {
	n, s, _ := newSender(t)
	n.records = 25
	records, err := s.Client.RecordsByOwner(t.Context(), "o")
	require.NoError(t, err)
	require.Len(t, records, 25)
	for i, r := range records {
		require.Equal(t, string(rune('a'+i)), r.Id)
	}
	_, err = s.Client.Worker(t.Context(), "w")
	require.ErrorIs(t, err, chain.ErrNotFound)
}

func TestDial(t *testing.T) {
	for _, good := range []string{"127.0.0.1:9090", "tcp://node:9090", "http://node:9090", "https://node", "https://node:9443", "[::1]:9090"} {
		c, err := chain.Dial(good)
		require.NoError(t, err, good)
		require.NoError(t, c.Close())
	}
	for _, bad := range []string{"", "node", "node:", "ftp://node"} {
		_, err := chain.Dial(bad)
		require.Error(t, err, bad)
	}
}
