package follow_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
)

// sender says what it was told to, and counts.
type sender struct {
	err   error
	sent  int
	limit chain.Limits
}

func (s *sender) Send(_ context.Context, _ proto.Message, limits chain.Limits) (chain.TxResult, error) {
	s.sent++
	s.limit = limits
	return chain.TxResult{Hash: "AB"}, s.err
}

func message(k string) follow.Message[string] {
	return follow.Message[string]{
		Key: k, Body: &emptypb.Empty{}, Limits: chain.Limits{NotAfter: 1000, MostGas: 7}, Name: "answer", Attrs: []any{"job", k},
	}
}

// The attempts after a refusal are 1, 2, 4 and then 8 blocks apart, and the refusal is logged once for each reason.
func TestOutboxSpacesItsAttempts(t *testing.T) {
	var log bytes.Buffer
	s := &sender{err: &chain.TxError{Log: "out of gas"}}
	o := follow.NewOutbox[string](s, slog.New(slog.NewJSONHandler(&log, nil)), 8)
	var heights []int64
	for h := int64(10); h < 50; h++ {
		before, waits := s.sent, o.Waits("a", h)
		_, ok, err := o.Send(t.Context(), h, message("a"))
		require.NoError(t, err)
		require.False(t, ok)
		require.Equal(t, waits, s.sent == before)
		if s.sent > before {
			heights = append(heights, h)
		}
	}
	require.Equal(t, []int64{10, 11, 13, 17, 25, 33, 41, 49}, heights)
	require.Equal(t, chain.Limits{NotAfter: 1000, MostGas: 7}, s.limit)
	require.Equal(t, []string{"answer not taken, will try again"}, messages(t, &log))

	s.err = fmt.Errorf("later: %w", chain.ErrExpired)
	_, ok, err := o.Send(t.Context(), 57, message("a"))
	require.NoError(t, err)
	require.False(t, ok)
	require.Len(t, messages(t, &log), 2, "another reason")

	// Another key does not wait, and what was taken is forgotten.
	s.err = nil
	require.False(t, o.Waits("b", 57))
	_, ok, err = o.Send(t.Context(), 57, message("b"))
	require.NoError(t, err)
	require.True(t, ok)
	_, ok, err = o.Send(t.Context(), 65, message("a"))
	require.NoError(t, err)
	require.True(t, ok)
	require.False(t, o.Waits("a", 65))
}

func TestOutboxKeepsToTheDeadline(t *testing.T) {
	s := &sender{}
	o := follow.NewOutbox[string](s, slog.New(slog.DiscardHandler), 8)
	for h, want := range map[int64]bool{998: true, 999: true, 1000: false, 1001: false} {
		_, ok, err := o.Send(t.Context(), h, message("a"))
		require.NoError(t, err)
		require.Equal(t, want, ok, h)
	}
	require.Equal(t, 2, s.sent)
}

// Trouble with the connection is the caller's, and the next attempt need not wait: the chain may hold the message.
func TestOutboxReturnsTrouble(t *testing.T) {
	s := &sender{err: errDown}
	o := follow.NewOutbox[string](s, slog.New(slog.DiscardHandler), 8)
	_, ok, err := o.Send(t.Context(), 10, message("a"))
	require.ErrorIs(t, err, errDown)
	require.False(t, ok)
	require.False(t, o.Waits("a", 10))
}

func TestOutboxForgets(t *testing.T) {
	for name, tc := range map[string]struct {
		forget func(o *follow.Outbox[string])
		waits  []string
	}{
		"none":  {func(*follow.Outbox[string]) {}, []string{"a", "b", "c"}},
		"one":   {func(o *follow.Outbox[string]) { o.Forget("b") }, []string{"a", "c"}},
		"most":  {func(o *follow.Outbox[string]) { o.Retain(func(k string) bool { return k == "b" }) }, []string{"b"}},
		"reset": {func(o *follow.Outbox[string]) { o.Reset() }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o := follow.NewOutbox[string](&sender{err: chain.ErrExpired}, slog.New(slog.DiscardHandler), 8)
			for _, k := range []string{"a", "b", "c"} {
				_, _, err := o.Send(t.Context(), 10, message(k))
				require.NoError(t, err)
			}
			tc.forget(o)
			var waits []string
			for _, k := range []string{"a", "b", "c"} {
				if o.Waits(k, 10) {
					waits = append(waits, k)
				}
			}
			require.Equal(t, tc.waits, waits)
		})
	}
}
