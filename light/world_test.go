package light_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/lighttest"
)

// world is a chain, its client and a clock.
type world struct {
	*lighttest.Chain
	now    time.Time
	folder string
}

var start = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// newWorld makes a chain of a number of heights, a block every five seconds.
func newWorld(t *testing.T, validators int, every, heights int64) *world {
	w := &world{Chain: lighttest.New("test", validators, every, 1, start), now: start, folder: filepath.Join(t.TempDir(), "light")}
	w.grow(heights - 1)
	return w
}

func (w *world) grow(n int64) {
	for range n {
		w.now = w.now.Add(5 * time.Second)
		state := lighttest.State{}
		state.Set("s", []byte("height"), []byte{byte(w.Height() + 1)})
		state.Set("s", []byte("index"), nil)
		w.Add(w.now, state)
	}
}

func (w *world) client(t *testing.T, node light.Source, witnesses ...light.Source) *light.Client {
	c, err := light.New(light.Config{
		ChainID: w.ID, Root: w.Root(1), Rules: light.DefaultRules, Node: node, Witnesses: witnesses,
		Store: light.NewStore(w.folder), Now: func() time.Time { return w.now },
	})
	require.NoError(t, err)
	return c
}

// liar changes what a node answers.
type liar struct {
	light.Source
	block func(*light.Block)
	proof func([]light.Layer)
	err   error
}

func (l liar) Block(ctx context.Context, height int64, known []byte) (light.Block, error) {
	b, err := l.Source.Block(ctx, height, known)
	b.Commit.Signatures = slices.Clone(b.Commit.Signatures)
	if l.block != nil && err == nil {
		l.block(&b)
	}
	return b, errors.Join(err, l.err)
}

func (l liar) Prove(ctx context.Context, store string, key []byte, height int64) ([]light.Layer, error) {
	layers, err := l.Source.Prove(ctx, store, key, height)
	if l.proof != nil && err == nil {
		l.proof(layers)
	}
	return layers, errors.Join(err, l.err)
}

// sleeper answers nothing until it is given up.
type sleeper struct {
	light.Source
	asked int
}

func (s *sleeper) Block(ctx context.Context, _ int64, _ []byte) (light.Block, error) {
	s.asked++
	<-ctx.Done()
	return light.Block{}, ctx.Err()
}
