package app

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"cosmossdk.io/math"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"

	"github.com/alita-network/alita/app/mempool"
	computetypes "github.com/alita-network/alita/x/compute/types"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

// TestReadOffer: what decides over the part of a block is read out of the bytes as the decoder reads it.
func TestReadOffer(t *testing.T) {
	message, err := codectypes.NewAnyWithValue(&computetypes.MsgTakeSeat{Account: "a", JobId: "j"})
	require.NoError(t, err)
	encode := func(messages int, fee *txtypes.Fee) []byte {
		body := &txtypes.TxBody{Memo: "note", TimeoutHeight: 7}
		for range messages {
			body.Messages = append(body.Messages, message)
		}
		bodyBytes, err := body.Marshal()
		require.NoError(t, err)
		infoBytes, err := (&txtypes.AuthInfo{Fee: fee}).Marshal()
		require.NoError(t, err)
		raw, err := (&txtypes.TxRaw{BodyBytes: bodyBytes, AuthInfoBytes: infoBytes}).Marshal()
		require.NoError(t, err)
		return raw
	}
	fee := &txtypes.Fee{GasLimit: 12, Amount: sdk.NewCoins(sdk.NewInt64Coin("data", 9), sdk.NewInt64Coin(BaseDenom, 5))}
	one := readOffer(encode(1, fee))
	require.Equal(t, offer{gas: 12, fee: math.NewInt(5), message: "/alita.compute.v1.MsgTakeSeat"}, one)
	require.True(t, awaited[one.message])
	require.True(t, one.pays(2_000, 2_500_000))
	require.False(t, one.pays(2_001, 2_500_000))

	require.Empty(t, readOffer(encode(2, fee)).message, "two messages")
	require.Empty(t, readOffer(encode(0, fee)).message)
	require.Equal(t, offer{fee: math.ZeroInt()}, readOffer(encode(1, nil)), "no fee")
	require.Equal(t, offer{fee: math.ZeroInt()}, readOffer([]byte("garbage")))

	value, err := message.Marshal()
	require.NoError(t, err)
	body := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), value)
	require.Equal(t, message.TypeUrl, onlyMessage(body))
	for name, bad := range map[string][]byte{
		"cut":           body[:len(body)-1],
		"no tag":        slices.Concat(body, []byte{0xff}),
		"no value":      slices.Concat(body, []byte{0x12, 0x05}),
		"another":       slices.Concat(body, body),
		"not a message": {0x0a, 0x02, 0xff, 0xff},
	} {
		require.Empty(t, onlyMessage(bad), name)
	}
}

// TestAttackSeatFillsTheSeatsPart: one seat gets its part of a block's gas and bytes at the least price, the rest of its answers are
// ordinary transactions.
func TestAttackSeatFillsTheSeatsPart(t *testing.T) {
	tx := func(seat byte, gas uint64, size int) []byte {
		info, err := (&txtypes.AuthInfo{Fee: &txtypes.Fee{GasLimit: gas}}).Marshal()
		require.NoError(t, err)
		bz, err := (&txtypes.TxRaw{AuthInfoBytes: info, Signatures: [][]byte{append(make([]byte, size), seat)}}).Marshal()
		require.NoError(t, err)
		return bz
	}
	l := &lanes{
		params: feemarkettypes.DefaultParams(), seats: room{bytes: 200_000, gas: 20_000_000}, oneSeat: room{bytes: 60_000, gas: 6_000_000},
		ofSeat: map[string]room{}, rest: room{bytes: 800_000, gas: 80_000_000},
		wants: func(_ offer, bz []byte) (mempool.Lane, []byte) { return mempool.Seats, bz[len(bz)-1:] },
	}
	for _, step := range []struct {
		seat byte
		gas  uint64
		size int
		want mempool.Lane
	}{
		{1, 1_000_000, 40_000, mempool.Seats},
		{1, 1_000_000, 40_000, mempool.General}, // more than 60,000 bytes
		{1, 1_000_000, 10_000, mempool.Seats},
		{1, 5_000_000, 100, mempool.General}, // more than 6 M units of gas
		{1, 4_000_000, 100, mempool.Seats},
		{2, 6_000_000, 50_000, mempool.Seats},
		{3, 6_000_000, 50_000, mempool.Seats},
		{4, 2_000_001, 100, mempool.General}, // more than 20 M of all
		{4, 2_000_000, 100, mempool.Seats},
	} {
		lane, ok := l.clone().place(tx(step.seat, step.gas, step.size))
		require.True(t, ok)
		require.Equal(t, step.want, lane, step)
		_, _ = l.place(tx(step.seat, step.gas, step.size))
	}
	require.EqualValues(t, 8_000_001, l.feeGas, "the seats' part moves no price")
}

func TestPercent(t *testing.T) {
	require.EqualValues(t, 20_000_000, percent(100_000_000, 20))
	require.EqualValues(t, 838_860, percent(4<<20, 20)) // 838,860.8
	require.EqualValues(t, 3_689_348_814_741_910_323, percent(1<<64-1, 20))
}
