package light_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/cosmos/iavl"
	idb "github.com/cosmos/iavl/db"
	ics23 "github.com/cosmos/ics23/go"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/light"
)

// recorded is the test data of package light.
type recorded struct {
	Blocks  []light.Block
	Answers []struct {
		Key    []byte
		Layers []light.Layer
	}
}

func record(t testing.TB) (r recorded) {
	b, err := os.ReadFile("../../../light/testdata/localnet.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &r))
	return r
}

// byICS23 is what the library says of an answer.
func byICS23(app []byte, store string, key []byte, layers []light.Layer) (found, absent bool) {
	defer func() { _ = recover() }() // some malformed proofs end it
	var p, s ics23.CommitmentProof
	if len(layers) != 2 || p.Unmarshal(layers[0].Data) != nil || s.Unmarshal(layers[1].Data) != nil || s.GetExist() == nil {
		return false, false
	}
	root := s.GetExist().Value
	if !ics23.VerifyMembership(ics23.TendermintSpec, app, &s, []byte(store), root) {
		return false, false
	}
	if e := p.GetExist(); e != nil {
		return ics23.VerifyMembership(ics23.IavlSpec, root, &p, key, e.Value), false
	}
	return false, ics23.VerifyNonMembership(ics23.IavlSpec, root, &p, key)
}

// hasEmpty reports whether a proof needs an entry without a value, which the library does not take.
func hasEmpty(p light.Proof) bool {
	for _, e := range []*light.Entry{p.Found, p.Left, p.Right} {
		if e != nil && len(e.Value) == 0 {
			return true
		}
	}
	return false
}

// TestAnswersAsICS23: both take the recorded answers, but for those about indexes, and no changed one differently.
func TestAnswersAsICS23(t *testing.T) {
	r := record(t)
	app := r.Blocks[2].Header.AppHash
	indexes, changed := 0, 0
	compare := func(key []byte, layers []light.Layer) {
		p, err := light.CheckProof(app, "compute", key, layers)
		found, absent := byICS23(app, "compute", key, layers)
		switch {
		case err == nil && hasEmpty(p) && !found && !absent:
			indexes++
		case err == nil:
			require.Equal(t, p.Found != nil, found, "%q", key)
			require.Equal(t, p.Found == nil, absent, "%q", key)
		default:
			// The library takes more than the two trees have, such as padding of a path; it never proves another state.
			if found || absent {
				changed++
			}
		}
	}
	for _, a := range r.Answers {
		compare(a.Key, a.Layers)
		for layer := range a.Layers {
			for at := 0; at < len(a.Layers[layer].Data); at += len(a.Layers[layer].Data)/200 + 1 {
				layers := []light.Layer{a.Layers[0], a.Layers[1]}
				layers[layer].Data = bytes.Clone(layers[layer].Data)
				layers[layer].Data[at] ^= 4
				compare(a.Key, layers)
			}
		}
	}
	t.Logf("%d answers about indexes that the library does not prove, %d changed ones that only it takes", indexes, changed)
	require.GreaterOrEqual(t, indexes, 2)
}

// TestEveryPairOfLeaves: in IAVL trees of up to 40 leaves, with and without values, two leaves prove that nothing lies between them if
// and only if they are neighbours, and one leaf that nothing lies beyond it if and only if it is at that end.
func TestEveryPairOfLeaves(t *testing.T) {
	pairs := 0
	for n := 1; n <= 40; n++ {
		tree := iavl.NewMutableTree(idb.NewMemDB(), 100, false, iavl.NewNopLogger())
		for i := range n {
			value := []byte{}
			if i%3 > 0 {
				value = bytes.Repeat([]byte{byte(i)}, i)
			}
			_, err := tree.Set(fmt.Appendf(nil, "key %02d", i*7%n), value)
			require.NoError(t, err)
			if i%5 == 4 { // nodes of several versions
				_, _, err := tree.SaveVersion()
				require.NoError(t, err)
			}
		}
		root, _, err := tree.SaveVersion()
		require.NoError(t, err)
		app, stores := storesOf(t, root)
		var keys [][]byte
		var leaves []*ics23.ExistenceProof
		_, err = tree.Iterate(func(k, _ []byte) bool { keys = append(keys, bytes.Clone(k)); return false })
		require.NoError(t, err)
		for _, k := range keys {
			p, err := tree.GetMembershipProof(k)
			require.NoError(t, err)
			leaves = append(leaves, p.GetExist())
			wire, err := p.Marshal()
			require.NoError(t, err)
			got, err := light.CheckProof(app, "s", k, []light.Layer{{Type: "ics23:iavl", Data: wire}, stores})
			require.NoError(t, err)
			require.NotNil(t, got.Found)
		}
		proves := func(l, r int) bool {
			absent := &ics23.NonExistenceProof{}
			key := []byte("a")
			if l >= 0 {
				absent.Left, key = leaves[l], append(bytes.Clone(keys[l]), 0)
			}
			if r < len(leaves) {
				absent.Right = leaves[r]
			}
			wire, err := (&ics23.CommitmentProof{Proof: &ics23.CommitmentProof_Nonexist{Nonexist: absent}}).Marshal()
			require.NoError(t, err)
			_, err = light.CheckProof(app, "s", key, []light.Layer{{Type: "ics23:iavl", Data: wire}, stores})
			pairs++
			return err == nil
		}
		for l := -1; l < len(leaves); l++ {
			for r := l + 1; r <= len(leaves); r++ {
				if l == -1 && r == len(leaves) {
					continue
				}
				require.Equal(t, r == l+1, proves(l, r), "%d leaves: %d and %d", n, l, r)
			}
		}
	}
	t.Logf("%d pairs", pairs)
}

// storesOf is a tree of stores with one store, and the layer that proves it.
func storesOf(t *testing.T, root []byte) (app []byte, layer light.Layer) {
	exist := &ics23.ExistenceProof{Key: []byte("s"), Value: root, Leaf: ics23.TendermintSpec.LeafSpec}
	app, err := exist.Calculate()
	require.NoError(t, err)
	wire, err := (&ics23.CommitmentProof{Proof: &ics23.CommitmentProof_Exist{Exist: exist}}).Marshal()
	require.NoError(t, err)
	return app, light.Layer{Type: "ics23:simple", Data: wire}
}

func FuzzAsICS23(f *testing.F) {
	r := record(f)
	app := r.Blocks[2].Header.AppHash
	for _, a := range r.Answers {
		f.Add(a.Key, a.Layers[0].Data, a.Layers[1].Data)
	}
	f.Fuzz(func(t *testing.T, key, store, stores []byte) {
		layers := []light.Layer{{Type: "ics23:iavl", Data: store}, {Type: "ics23:simple", Data: stores}}
		p, err := light.CheckProof(app, "compute", key, layers)
		if err != nil || hasEmpty(p) {
			return
		}
		if found, absent := byICS23(app, "compute", key, layers); found != (p.Found != nil) || absent != (p.Found == nil) {
			t.Errorf("%q: the library says %t %t", key, found, absent)
		}
	})
}
