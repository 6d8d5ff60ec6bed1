package light_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/lighttest"
)

func TestSnapshot(t *testing.T) {
	w := newWorld(t, 4, 0, 10)
	c := w.client(t, w)
	s, err := c.Advance(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 9, s.Height)
	require.Equal(t, w.now, s.Time)
	require.Zero(t, c.Agreed())
	value, found, err := s.Get(t.Context(), "s", []byte("height"))
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, []byte{9}, value)
	value, found, err = s.Get(t.Context(), "s", []byte("index"))
	require.NoError(t, err)
	require.True(t, found)
	require.Empty(t, value)
	for _, absent := range []string{"a", "hh", "z"} {
		_, found, err = s.Get(t.Context(), "s", []byte(absent))
		require.NoError(t, err)
		require.False(t, found)
	}
	_, _, err = s.Get(t.Context(), "t", []byte("height"))
	require.Error(t, err)

	// The snapshot stays as it is while the chain goes on, and the next one is of the new height.
	w.grow(3)
	value, _, err = s.Get(t.Context(), "s", []byte("height"))
	require.NoError(t, err)
	require.Equal(t, []byte{9}, value)
	s, err = c.Advance(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 12, s.Height)
}

// A witness answers if the node lies, and shows what the node hides.
func TestWitnesses(t *testing.T) {
	w := newWorld(t, 4, 0, 10)
	forged := liar{Source: w, block: func(b *light.Block) { b.Header.AppHash = make([]byte, 32) }}
	_, err := w.client(t, forged).Advance(t.Context())
	require.Error(t, err)
	c := w.client(t, forged, w, w)
	s, err := c.Advance(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, c.Agreed(), "a header that is not signed says nothing")

	s2, err := w.client(t, liar{Source: w, proof: func(l []light.Layer) { l[0].Data = nil }}, w).Advance(t.Context())
	require.NoError(t, err)
	for _, s := range []*light.Snapshot{s, s2} {
		value, found, err := s.Get(t.Context(), "s", []byte("height"))
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, []byte{9}, value)
	}
	c = w.client(t, liar{Source: w, err: errors.New("down")}, w)
	_, err = c.Advance(t.Context())
	require.NoError(t, err)
}

// A witness that does not answer delays one look in a minute by three seconds.
func TestSilentWitness(t *testing.T) {
	w := newWorld(t, 4, 0, 10)
	synctest.Test(t, func(t *testing.T) {
		asleep := &sleeper{Source: w}
		c := w.client(t, w, asleep, w)
		for range 3 {
			begun := time.Now()
			_, err := c.Advance(t.Context())
			require.NoError(t, err)
			require.Equal(t, 1, c.Agreed())
			require.LessOrEqual(t, time.Since(begun), 3*time.Second)
		}
		require.Equal(t, 1, asleep.asked)
		w.grow(13) // 65 seconds
		_, err := c.Advance(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, asleep.asked)
	})
}

// Two signed headers of one height end the trust, over restarts too, until there is a new trust root.
func TestForkIsFinal(t *testing.T) {
	for name, hidden := range map[string]bool{"witness": false, "the node itself": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 4, 0, 10)
			var fork *lighttest.Chain
			c := w.client(t, w)
			if hidden {
				_, err := c.Advance(t.Context())
				require.NoError(t, err)
				fork = w.Fork(9)
				c = w.client(t, w)
				_, err = c.Advance(t.Context())
				require.NoError(t, err)
				w.Chain = fork // what the node shows now
				both := w.client(t, fork)
				_, err = both.Advance(t.Context())
				require.NoError(t, err, "from the root both are right")
			} else {
				fork = w.Fork(7)
				c = w.client(t, w, fork)
				_, err := c.Advance(t.Context())
				require.ErrorIs(t, err, light.ErrConflict)
				_, err = c.Advance(t.Context())
				require.ErrorIs(t, err, light.ErrConflict, "final")
				_, err = w.client(t, w).Advance(t.Context())
				require.ErrorIs(t, err, light.ErrConflict, "over a restart")
				kept, err := os.ReadFile(filepath.Join(w.folder, "conflict.json"))
				require.NoError(t, err)
				var headers struct{ Headers [][]byte }
				require.NoError(t, json.Unmarshal(kept, &headers))
				require.Len(t, headers.Headers, 2)
				for i, chain := range []*lighttest.Chain{w.Chain, fork} {
					b, err := light.DecodeBlock(headers.Headers[i])
					require.NoError(t, err)
					require.Equal(t, chain.Root(10), light.Root{Height: 10, Hash: b.Header.Hash()})
				}
				w.Chain = fork
				root := fork.Root(9)
				again, err := light.New(light.Config{
					ChainID: w.ID, Root: root, Rules: light.DefaultRules, Node: fork, Store: light.NewStore(w.folder), Now: func() time.Time { return w.now },
				})
				require.NoError(t, err)
				_, err = again.Advance(t.Context())
				require.NoError(t, err, "a new root")
			}
		})
	}

	// A node that shows another header of the trusted height.
	w := newWorld(t, 4, 0, 10)
	node := &liar{Source: w}
	c := w.client(t, node)
	_, err := c.Advance(t.Context())
	require.NoError(t, err)
	node.Source = w.Fork(8)
	_, err = c.Advance(t.Context())
	require.ErrorIs(t, err, light.ErrConflict)
}

func TestStaleAndExpired(t *testing.T) {
	w := newWorld(t, 4, 0, 10)
	c := w.client(t, w)
	_, err := c.Advance(t.Context())
	require.NoError(t, err)
	w.now = w.now.Add(61 * time.Second)
	_, err = c.Advance(t.Context())
	require.ErrorIs(t, err, light.ErrStale, "the chain stands")
	w.now = w.now.Add(-2 * time.Minute)
	_, err = c.Advance(t.Context())
	require.ErrorIs(t, err, light.ErrClock)
	w.now = w.now.Add(15 * 24 * time.Hour)
	_, err = c.Advance(t.Context())
	require.ErrorIs(t, err, light.ErrExpired)
	_, err = w.client(t, w).Advance(t.Context())
	require.ErrorIs(t, err, light.ErrExpired, "over a restart")

	// A header from the future, a clock that is behind.
	w = newWorld(t, 4, 0, 10)
	c = w.client(t, w)
	w.now = w.now.Add(-11 * time.Second)
	_, err = c.Advance(t.Context())
	require.ErrorIs(t, err, light.ErrClock)

	// A node behind the one before it at the same address is not believed, and harms nothing.
	w = newWorld(t, 4, 0, 10)
	node := &liar{Source: w}
	c = w.client(t, node)
	_, err = c.Advance(t.Context())
	require.NoError(t, err)
	node.block = func(b *light.Block) {
		old, err := w.Block(t.Context(), 8, nil)
		require.NoError(t, err)
		*b = old
	}
	s, err := c.Advance(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 9, s.Height)
}

// A restart goes on from the header on the disk, so that the root may be old.
func TestRestart(t *testing.T) {
	w := newWorld(t, 4, 0, 200) // a thousand seconds
	c := w.client(t, w)
	_, err := c.Advance(t.Context())
	require.NoError(t, err)
	rootless := &liar{Source: w, block: func(b *light.Block) { require.Greater(t, b.Header.Height, int64(1)) }}
	_, err = w.client(t, rootless).Advance(t.Context())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(w.folder, "trusted.json"), []byte("{"), 0o600))
	_, err = w.client(t, w).Advance(t.Context())
	require.ErrorIs(t, err, light.ErrStore)
}

func TestRootOfAnotherChain(t *testing.T) {
	w := newWorld(t, 4, 0, 10)
	c, err := light.New(light.Config{
		ChainID: w.ID, Root: light.Root{Height: 3, Hash: make([]byte, 32)}, Rules: light.DefaultRules, Node: w, Now: func() time.Time { return w.now },
	})
	require.NoError(t, err)
	_, err = c.Advance(t.Context())
	require.ErrorIs(t, err, light.ErrRoot)
	_, err = light.New(light.Config{})
	require.ErrorIs(t, err, light.ErrRoot)
}

// After weeks a few headers lead to the newest one, with 100 validators of whom every 1,000th block replaces one.
func TestAfterWeeks(t *testing.T) {
	for _, tc := range []struct{ days, steps int64 }{{1, 1}, {7, 4}, {13, 8}} {
		w := &weeks{now: start}
		c, err := light.New(light.Config{
			ChainID: "test", Root: w.root(t), Rules: light.DefaultRules, Node: w, Now: func() time.Time { return w.now },
		})
		require.NoError(t, err)
		w.top = tc.days * 17280
		w.now = start.Add(time.Duration(w.top) * 5 * time.Second)
		_, err = c.Advance(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, w.top, c.Trusted().Height)
		require.EqualValues(t, tc.steps, c.Steps(), "%d days", tc.days)
	}
}

// weeks is a long chain of which only the blocks that are asked for are made.
type weeks struct {
	top int64
	now time.Time
}

func (w *weeks) root(t *testing.T) light.Root {
	w.top = 1
	b, err := w.Block(t.Context(), 1, nil)
	require.NoError(t, err)
	return light.Root{Height: 1, Hash: b.Header.Hash()}
}

func (w *weeks) Block(ctx context.Context, height int64, _ []byte) (light.Block, error) {
	if height == 0 {
		height = w.top
	}
	return lighttest.New("test", 100, 1000, height, start.Add(time.Duration(height)*5*time.Second)).Block(ctx, 0, nil)
}

func (w *weeks) Prove(context.Context, string, []byte, int64) ([]light.Layer, error) {
	return nil, lighttest.ErrNoBlock
}

func TestFindRoot(t *testing.T) {
	w := newWorld(t, 4, 0, 10)
	root, agreed, err := light.FindRoot(t.Context(), w.ID, 0, w, w)
	require.NoError(t, err)
	require.Equal(t, w.Root(8), root)
	require.Equal(t, 1, agreed)
	root, agreed, err = light.FindRoot(t.Context(), w.ID, 3, w)
	require.NoError(t, err)
	require.Equal(t, w.Root(3), root)
	require.Zero(t, agreed)
	_, _, err = light.FindRoot(t.Context(), w.ID, 0, w, w.Fork(5))
	require.ErrorIs(t, err, light.ErrConflict)
	_, _, err = light.FindRoot(t.Context(), "another", 0, w)
	require.ErrorIs(t, err, light.ErrForged)
	_, _, err = light.FindRoot(t.Context(), w.ID, 0, w, liar{Source: w, err: errors.New("down")})
	require.ErrorContains(t, err, "witness 1: down")
}
