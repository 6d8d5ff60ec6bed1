package light_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/lighttest"
)

// recorded is testdata/localnet.json; testdata/README.md says where it is from.
type recorded struct {
	Blocks  []light.Block
	Job     string
	Answers []struct {
		Key    []byte
		Layers []light.Layer
	}
}

func record(t testing.TB) (r recorded) {
	t.Helper()
	b, err := os.ReadFile("testdata/localnet.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &r))
	require.Len(t, r.Blocks, 3)
	require.Len(t, r.Answers, 16)
	for _, b := range r.Blocks {
		for i, s := range b.Commit.Signatures {
			if len(s.Address) == 0 {
				b.Commit.Signatures[i].Address = nil // JSON has no other way to say so
			}
		}
	}
	return r
}

var testRules = light.Rules{Period: time.Hour, Ahead: time.Second, Behind: time.Minute}

func TestRecordedHeaders(t *testing.T) {
	r := record(t)
	now := r.Blocks[2].Header.Time.Add(time.Second)
	for _, pair := range [][2]int{{0, 1}, {1, 2}, {0, 2}} {
		a, b := r.Blocks[pair[0]], r.Blocks[pair[1]]
		require.NoError(t, light.Verify(a, b, testRules, now))
		require.ErrorIs(t, light.Verify(a, b, testRules, now.Add(2*time.Hour)), light.ErrExpired)
		require.ErrorIs(t, light.Verify(a, b, testRules, b.Header.Time.Add(-2*time.Second)), light.ErrClock)
		require.ErrorIs(t, light.Verify(a, b, testRules, now.Add(-time.Hour)), light.ErrClock)
		require.ErrorIs(t, light.Verify(b, a, testRules, now), light.ErrForged)
		require.ErrorIs(t, light.Verify(b, b, testRules, now), light.ErrForged)
		for name, lie := range map[string]func(*light.Block){
			"app hash": func(b *light.Block) { b.Header.AppHash = bytes.Repeat([]byte{7}, 32) },
			"app hash and commit": func(b *light.Block) {
				b.Header.AppHash = bytes.Repeat([]byte{7}, 32)
				b.Commit.Block.Hash = b.Header.Hash()
			},
			"no app hash": func(b *light.Block) {
				b.Header.AppHash = nil
				b.Commit.Block.Hash = b.Header.Hash()
			},
			"power": func(b *light.Block) { b.Validators[0].Power *= 100 },
			"half signed": func(b *light.Block) {
				b.Commit.Signatures[0].ForBlock, b.Commit.Signatures[1].ForBlock = false, false
			},
			"one signs twice": func(b *light.Block) {
				b.Commit.Signatures[1], b.Commit.Signatures[2] = b.Commit.Signatures[0], b.Commit.Signatures[0]
			},
			"round":           func(b *light.Block) { b.Commit.Round++ },
			"chain":           func(b *light.Block) { b.Header.ChainID = "another" },
			"height":          func(b *light.Block) { b.Header.Height++ },
			"no validators":   func(b *light.Block) { b.Validators = nil },
			"one less":        func(b *light.Block) { b.Validators = b.Validators[1:] },
			"fewer":           func(b *light.Block) { b.Commit.Signatures = b.Commit.Signatures[:3] },
			"time of a vote":  func(b *light.Block) { moveAll(b, time.Nanosecond) },
			"wrong signature": func(b *light.Block) { b.Commit.Signatures[0].Signature, b.Commit.Signatures[1].Signature = nil, nil },
		} {
			c := b
			c.Validators, c.Commit.Signatures = slices.Clone(b.Validators), slices.Clone(b.Commit.Signatures)
			lie(&c)
			require.ErrorIs(t, light.Verify(a, c, testRules, now), light.ErrForged, name)
		}
	}
}

func moveAll(b *light.Block, d time.Duration) {
	for i := range b.Commit.Signatures {
		b.Commit.Signatures[i].Time = b.Commit.Signatures[i].Time.Add(d)
	}
}

func TestBlockEncoding(t *testing.T) {
	r := record(t)
	for _, b := range r.Blocks {
		wire := b.Encode()
		got, err := light.DecodeBlock(wire)
		require.NoError(t, err)
		require.Equal(t, b, got)
		require.Equal(t, wire, got.Encode())
		for i := range wire {
			if cut, err := light.DecodeBlock(wire[:i]); err == nil {
				require.ErrorIs(t, light.Verify(r.Blocks[0], cut, testRules, b.Header.Time), light.ErrForged)
			} else {
				require.ErrorIs(t, err, light.ErrMalformed)
			}
		}
	}
	big := r.Blocks[0]
	for len(big.Commit.Signatures) <= light.MaxValidators {
		big.Commit.Signatures = append(big.Commit.Signatures, big.Commit.Signatures[0])
	}
	_, err := light.DecodeBlock(big.Encode())
	require.ErrorIs(t, err, light.ErrMalformed)
	_, err = light.DecodeBlock(make([]byte, light.MaxAnswerBytes+1))
	require.ErrorIs(t, err, light.ErrMalformed)
}

// Whatever bit of a block a node changes, it does not verify.
func TestChangedBitsOfABlock(t *testing.T) {
	r := record(t)
	a, b := r.Blocks[0], r.Blocks[2]
	wire := b.Encode()
	same := 0
	for i := range wire {
		for _, bit := range []byte{1, 16, 128} {
			changed := bytes.Clone(wire)
			changed[i] ^= bit
			got, err := light.DecodeBlock(changed)
			if err != nil || light.Verify(a, got, testRules, b.Header.Time) != nil {
				continue
			}
			same++ // a signature that is not needed, or what the commit does not cover
			require.Equal(t, b.Header, got.Header)
			require.Equal(t, b.Validators, got.Validators)
		}
	}
	t.Logf("%d of %d changed blocks verify with the same header", same, 3*len(wire))
}

func TestRootText(t *testing.T) {
	r := record(t).Blocks[0].Header
	root := light.Root{Height: r.Height, Hash: r.Hash()}
	got, err := light.ParseRoot(root.String())
	require.NoError(t, err)
	require.True(t, got.Equal(root))
	for _, bad := range []string{"", "1", "1:", ":" + root.String(), "0" + root.String()[3:], "-1" + root.String()[3:], root.String() + "00", "1:zz"} {
		_, err := light.ParseRoot(bad)
		require.ErrorIs(t, err, light.ErrRoot, bad)
	}
}

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

func BenchmarkVerify(b *testing.B) {
	for _, n := range []int{4, 100} {
		c := lighttest.New("test", n, 0, 1, start)
		for i := range 20 {
			c.Add(start.Add(time.Duration(i+1)*time.Minute), lighttest.State{})
		}
		first, err := c.Block(b.Context(), 1, nil)
		require.NoError(b, err)
		last, err := c.Block(b.Context(), 20, nil)
		require.NoError(b, err)
		b.Run(map[int]string{4: "4 validators", 100: "100 validators"}[n], func(b *testing.B) {
			b.ReportMetric(float64(len(last.Encode())), "B/block")
			for b.Loop() {
				require.NoError(b, light.Verify(first, last, light.DefaultRules, start.Add(time.Hour)))
			}
		})
	}
}
