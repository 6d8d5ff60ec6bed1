package light_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/lighttest"
)

func TestRecordedAnswers(t *testing.T) {
	r := record(t)
	app := r.Blocks[2].Header.AppHash
	var present, absent int
	for _, a := range r.Answers {
		p, err := light.CheckProof(app, "compute", a.Key, a.Layers)
		require.NoError(t, err, "%q", a.Key)
		if p.Found != nil {
			present++
			require.Equal(t, a.Key, p.Found.Key)
		} else {
			absent++
		}
		_, err = light.CheckProof(r.Blocks[1].Header.AppHash, "compute", a.Key, a.Layers)
		require.ErrorIs(t, err, light.ErrProof, "of an older state")
		_, err = light.CheckProof(app, "metadata", a.Key, a.Layers)
		require.ErrorIs(t, err, light.ErrProof, "of another store")
		for _, b := range r.Answers {
			q, err := light.CheckProof(app, "compute", b.Key, a.Layers)
			if err == nil && !bytes.Equal(a.Key, b.Key) {
				require.Nil(t, q.Found, "%q: a proof of %q as well", a.Key, b.Key)
				require.Nil(t, p.Found)
			}
		}
	}
	require.Equal(t, 9, present)
	require.Equal(t, 7, absent)
	key, err := light.CheckProof(app, "compute", r.Answers[4].Key, r.Answers[4].Layers)
	require.NoError(t, err)
	require.Len(t, key.Found.Value, 1216, "the HPKE key of a seat")
}

func entries(p light.Proof) (out []light.Entry) {
	for _, e := range []*light.Entry{p.Found, p.Left, p.Right} {
		if e != nil {
			out = append(out, *e)
		}
	}
	return out
}

// Whatever bit of a proof a node changes, it proves the same or nothing.
func TestChangedBitsOfAProof(t *testing.T) {
	r := record(t)
	app := r.Blocks[2].Header.AppHash
	tried, same := 0, 0
	for _, a := range r.Answers {
		want, err := light.CheckProof(app, "compute", a.Key, a.Layers)
		require.NoError(t, err)
		for layer := range a.Layers {
			data := a.Layers[layer].Data
			for at := 0; at < len(data); at += len(data)/400 + 1 {
				for _, bit := range []byte{1, 2, 8, 128} {
					layers := slices.Clone(a.Layers)
					layers[layer].Data = bytes.Clone(data)
					layers[layer].Data[at] ^= bit
					tried++
					got, err := light.CheckProof(app, "compute", a.Key, layers)
					if err != nil {
						continue
					}
					same++
					require.Equal(t, entries(want), entries(got), "%q: byte %d of layer %d", a.Key, at, layer)
				}
			}
			for cut := range min(len(data), 64) {
				layers := slices.Clone(a.Layers)
				layers[layer].Data = data[:len(data)-1-cut]
				_, err := light.CheckProof(app, "compute", a.Key, layers)
				require.Error(t, err, "%q: %d bytes less", a.Key, cut+1)
			}
		}
	}
	t.Logf("%d changed proofs, %d of them prove the same", tried, same)
	require.Greater(t, tried, 30_000)
}

// In trees of every size each key proves, and what lies between two keys proves absent.
func TestEveryTree(t *testing.T) {
	for n := 1; n <= 40; n++ {
		state := lighttest.State{}
		state.Set("other", []byte("k"), []byte("v"))
		for i := range n {
			state.Set("s", fmt.Appendf(nil, "%03d", 2*i), bytes.Repeat([]byte{1}, i%3))
		}
		for i := -1; i <= 2*n; i++ {
			key := fmt.Appendf(nil, "%03d", max(i, 0))
			if i < 0 {
				key = []byte("!")
			}
			layers, err := state.Prove("s", key)
			require.NoError(t, err)
			p, err := light.CheckProof(state.Root(), "s", key, layers)
			require.NoError(t, err, "%d leaves, key %s", n, key)
			require.Equal(t, i >= 0 && i%2 == 0 && i < 2*n, p.Found != nil)
		}
	}
}

func TestWrongLayers(t *testing.T) {
	r := record(t)
	app, a := r.Blocks[2].Header.AppHash, r.Answers[0]
	for name, layers := range map[string][]light.Layer{
		"none":     nil,
		"one":      a.Layers[:1],
		"three":    append(slices.Clone(a.Layers), a.Layers[1]),
		"swapped":  {a.Layers[1], a.Layers[0]},
		"type":     {{Type: "ics23:smt", Data: a.Layers[0].Data}, a.Layers[1]},
		"too long": {{Type: a.Layers[0].Type, Data: make([]byte, light.MaxAnswerBytes)}, a.Layers[1]},
	} {
		_, err := light.CheckProof(app, "compute", a.Key, layers)
		require.Error(t, err, name)
	}
}

func FuzzCheckProof(f *testing.F) {
	r := record(f)
	app := r.Blocks[2].Header.AppHash
	for _, a := range r.Answers {
		f.Add(a.Key, a.Layers[0].Data, a.Layers[1].Data)
	}
	f.Fuzz(func(t *testing.T, key, store, stores []byte) {
		layers := []light.Layer{{Type: "ics23:iavl", Data: store}, {Type: "ics23:simple", Data: stores}}
		p, err := light.CheckProof(app, "compute", key, layers)
		if err != nil {
			return
		}
		// What proves is one of the answers of the chain, or absent between two of them.
		for _, e := range entries(p) {
			known := slices.ContainsFunc(r.Answers, func(a struct {
				Key    []byte
				Layers []light.Layer
			},
			) bool {
				q, err := light.CheckProof(app, "compute", a.Key, a.Layers)
				return err == nil && slices.ContainsFunc(entries(q), func(o light.Entry) bool { return bytes.Equal(o.Key, e.Key) && bytes.Equal(o.Value, e.Value) })
			})
			if !known {
				t.Fatalf("%q is proved and not in the recorded state", e.Key)
			}
		}
	})
}

func FuzzDecodeBlock(f *testing.F) {
	r := record(f)
	for _, b := range r.Blocks {
		f.Add(b.Encode())
	}
	trusted := r.Blocks[0]
	f.Fuzz(func(t *testing.T, wire []byte) {
		b, err := light.DecodeBlock(wire)
		if err != nil {
			return
		}
		again, err := light.DecodeBlock(b.Encode())
		if err != nil || !bytes.Equal(again.Encode(), b.Encode()) {
			t.Fatalf("what was read is not what is written: %v", err)
		}
		if light.Verify(trusted, b, testRules, r.Blocks[2].Header.Time) == nil &&
			!slices.ContainsFunc(r.Blocks, func(k light.Block) bool { return bytes.Equal(k.Header.Hash(), b.Header.Hash()) }) {
			t.Fatal("a header verifies that the chain does not have")
		}
	})
}

func BenchmarkCheckProof(b *testing.B) {
	r := record(b)
	app := r.Blocks[2].Header.AppHash
	for name, i := range map[string]int{"present": 1, "absent": 10} {
		a := r.Answers[i]
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := light.CheckProof(app, "compute", a.Key, a.Layers)
				require.NoError(b, err)
			}
		})
	}
}
