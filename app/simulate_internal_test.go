package app

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
)

// TestAttackBusySimulations: who has a node simulate all the time keeps no lock: another simulation is refused at once, in a
// way that clients try again, and has its place when one is free.
func TestAttackBusySimulations(t *testing.T) {
	s := make(simulations, 1)
	s <- struct{}{}
	require.ErrorIs(t, s.do(1, func() { t.Error("it ran") }), errBusy)
	service := txService{&txtypes.UnimplementedServiceServer{}, s}
	_, err := service.Simulate(t.Context(), &txtypes.SimulateRequest{TxBytes: []byte{1}})
	require.Equal(t, codes.ResourceExhausted, status.Code(err))
	_, err = service.Simulate(t.Context(), &txtypes.SimulateRequest{TxBytes: make([]byte, maxTxBytes)})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	// Decoding and encoding cost as much as a simulation, and have its bounds.
	for name, ask := range map[string]func(bytes int) error{
		"TxDecode": func(n int) error {
			_, err := service.TxDecode(t.Context(), &txtypes.TxDecodeRequest{TxBytes: make([]byte, n)})
			return err
		},
		"TxEncode": func(n int) error {
			_, err := service.TxEncode(t.Context(), &txtypes.TxEncodeRequest{Tx: &txtypes.Tx{Signatures: [][]byte{make([]byte, n)}}})
			return err
		},
		"TxDecodeAmino": func(n int) error {
			_, err := service.TxDecodeAmino(t.Context(), &txtypes.TxDecodeAminoRequest{AminoBinary: make([]byte, n)})
			return err
		},
		"TxEncodeAmino": func(n int) error {
			_, err := service.TxEncodeAmino(t.Context(), &txtypes.TxEncodeAminoRequest{AminoJson: strings.Repeat("1", n)})
			return err
		},
	} {
		require.Equal(t, codes.ResourceExhausted, status.Code(ask(1)), name)
		require.Equal(t, codes.InvalidArgument, status.Code(ask(maxTxBytes)), name)
	}
	<-s
	ran := false
	require.NoError(t, s.do(1, func() { ran = true }))
	require.True(t, ran)
	require.Empty(t, s)
}
