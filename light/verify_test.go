package light_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"
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
