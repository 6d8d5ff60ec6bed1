package proved

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/cosmos/cosmos-sdk/store/v2/cachekv"
	"github.com/cosmos/cosmos-sdk/store/v2/cachemulti"
	"github.com/cosmos/cosmos-sdk/store/v2/transient"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"

	"github.com/alita-network/alita/light"
)

// view is the stores of a state as one handler reads them.
type view struct {
	ctx   context.Context
	state *State
}

var _ storetypes.MultiStore = (*view)(nil)

// GetStoreType implements storetypes.Store.
func (*view) GetStoreType() storetypes.StoreType { return storetypes.StoreTypeMulti }

// CacheWrap implements storetypes.CacheWrapper.
func (v *view) CacheWrap() storetypes.CacheWrap { return v.CacheMultiStore().(storetypes.CacheWrap) }

// CacheMultiStore implements storetypes.MultiStore.
func (v *view) CacheMultiStore() storetypes.CacheMultiStore {
	return cachemulti.NewFromParent(func(key storetypes.StoreKey) storetypes.CacheWrapper {
		if _, object := key.(*storetypes.ObjectStoreKey); object {
			return v.GetObjKVStore(key)
		}
		return v.GetKVStore(key)
	})
}

// CacheMultiStoreWithVersion implements storetypes.MultiStore.
func (v *view) CacheMultiStoreWithVersion(height int64) (storetypes.CacheMultiStore, error) {
	if height != v.state.snapshot.Height {
		return nil, fmt.Errorf("height: expected %d, got %d", v.state.snapshot.Height, height)
	}
	return v.CacheMultiStore(), nil
}

// GetStore implements storetypes.MultiStore.
func (v *view) GetStore(key storetypes.StoreKey) storetypes.Store { return v.GetKVStore(key) }

// GetKVStore implements storetypes.MultiStore.
func (v *view) GetKVStore(key storetypes.StoreKey) storetypes.KVStore {
	if _, persistent := key.(*storetypes.KVStoreKey); !persistent {
		return transient.NewStore()
	}
	if err := v.state.checkVersion(v.ctx, key.Name()); err != nil {
		fail(err)
	}
	return &store{view: v, name: key.Name(), tree: v.state.tree(key.Name())}
}

// GetObjKVStore implements storetypes.MultiStore.
func (*view) GetObjKVStore(storetypes.StoreKey) storetypes.ObjKVStore { return transient.NewObjStore() }

// LatestVersion implements storetypes.MultiStore.
func (v *view) LatestVersion() int64 { return v.state.snapshot.Height }

// tree is what is proved of one store so far.
type tree struct {
	mu sync.Mutex
	// known means that the store is laid out as here.
	known bool
	found map[string][]byte
	// absent are the keys that the store does not have, with their neighbours.
	absent map[string]neighbours
	// next is the key after a key of the store; nil at its end.
	next map[string]*string
}

// neighbours are the keys to the left and to the right of an absent one; nil at the end of the store.
type neighbours struct{ left, right *string }

// learn takes in what a proof about a key says.
func (t *tree) learn(key []byte, p light.Proof) {
	keep := func(e *light.Entry) *string {
		if e == nil {
			return nil
		}
		k := string(e.Key)
		t.found[k] = e.Value
		return &k
	}
	if p.Found != nil {
		keep(p.Found)
		return
	}
	n := neighbours{keep(p.Left), keep(p.Right)}
	t.absent[string(key)] = n
	if n.left != nil {
		t.next[*n.left] = n.right
	}
}

// store reads one store by proofs.
type store struct {
	view *view
	name string
	tree *tree
}

var _ storetypes.KVStore = (*store)(nil)

var errWrite = errors.New("expected a query, which writes nothing")

// GetStoreType implements storetypes.Store.
func (*store) GetStoreType() storetypes.StoreType { return storetypes.StoreTypeIAVL }

// CacheWrap implements storetypes.CacheWrapper.
func (s *store) CacheWrap() storetypes.CacheWrap { return cachekv.NewStore(s) }

// Set implements storetypes.KVStore.
func (*store) Set([]byte, []byte) { fail(errWrite) }

// Delete implements storetypes.KVStore.
func (*store) Delete([]byte) { fail(errWrite) }

// Has implements storetypes.KVStore.
func (s *store) Has(key []byte) bool { return s.Get(key) != nil }

// Get implements storetypes.KVStore.
func (s *store) Get(key []byte) []byte {
	storetypes.AssertValidKey(key)
	s.prove(key)
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	value, ok := s.tree.found[string(key)]
	if !ok {
		return nil
	}
	return append([]byte{}, value...) // an empty value is a value
}

// prove asks for a key that nothing is known of.
func (s *store) prove(key []byte) {
	s.tree.mu.Lock()
	_, found := s.tree.found[string(key)]
	_, absent := s.tree.absent[string(key)]
	s.tree.mu.Unlock()
	if found || absent {
		return
	}
	p, err := s.view.state.snapshot.Prove(s.view.ctx, s.name, key)
	if err != nil {
		fail(err)
	}
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	s.tree.learn(key, p)
}

// from returns the first key that is not below a key; nil if there is none.
func (s *store) from(key []byte) *string {
	s.prove(key)
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	if _, found := s.tree.found[string(key)]; found {
		k := string(key)
		return &k
	}
	return s.tree.absent[string(key)].right
}

// after returns the key after one of the store; nil if it is the last.
func (s *store) after(key string) *string {
	s.tree.mu.Lock()
	next, known := s.tree.next[key]
	s.tree.mu.Unlock()
	if known {
		return next
	}
	return s.from(append([]byte(key), 0))
}

// longest is a number of bytes that hardly any key goes beyond a common beginning; a longer one costs more questions.
const longest = 80

// before returns the last key that is below a key; nil if there is none. A nil key is the end of the store.
func (s *store) before(key []byte) *string {
	below := bytes.Repeat([]byte{0xff}, longest)
	if key != nil {
		switch last := len(key) - 1; {
		case last < 0:
			return nil
		case key[last] == 0:
			below = key[:last] // nothing lies between
		default:
			below = append(append(bytes.Clone(key[:last]), key[last]-1), below...)
		}
	}
	if len(below) == 0 {
		return nil // no store has the empty key
	}
	last := s.from(below)
	if next := last; next == nil || *next != string(below) {
		s.tree.mu.Lock()
		last = s.tree.absent[string(below)].left
		s.tree.mu.Unlock()
		return s.lastOf(last, next, key)
	}
	return s.lastOf(last, s.after(string(below)), key)
}

// lastOf goes from a key and the one after it to the last that is below a key. What it passes is the rare key that is longer than
// the one it began at.
func (s *store) lastOf(last, next *string, key []byte) *string {
	for ; next != nil && (key == nil || *next < string(key)); next = s.after(*next) {
		last = next
	}
	return last
}

// Iterator implements storetypes.KVStore.
func (s *store) Iterator(start, end []byte) storetypes.Iterator {
	it := &iterator{store: s, start: start, end: end}
	first := start
	if len(first) == 0 {
		first = []byte{0}
	}
	it.set(s.from(first))
	return it
}

// ReverseIterator implements storetypes.KVStore.
func (s *store) ReverseIterator(start, end []byte) storetypes.Iterator {
	it := &iterator{store: s, start: start, end: end, reverse: true}
	it.set(s.before(end))
	return it
}

// iterator walks over a store by the neighbours of its keys.
type iterator struct {
	store      *store
	start, end []byte
	reverse    bool
	at         *string // nil beyond the end
}

// set moves to a key, if it is within the domain.
func (it *iterator) set(key *string) {
	it.at = nil
	if key != nil && *key >= string(it.start) && (it.end == nil || *key < string(it.end)) {
		it.at = key
	}
}

// Domain implements storetypes.Iterator.
func (it *iterator) Domain() (start, end []byte) { return it.start, it.end }

// Valid implements storetypes.Iterator.
func (it *iterator) Valid() bool { return it.at != nil }

// Next implements storetypes.Iterator.
func (it *iterator) Next() {
	switch {
	case it.at == nil:
		fail(errors.New("iterator: expected one that is not at its end"))
	case it.reverse:
		it.set(it.store.before([]byte(*it.at)))
	default:
		it.set(it.store.after(*it.at))
	}
}

// Key implements storetypes.Iterator.
func (it *iterator) Key() []byte { return []byte(*it.at) }

// Value implements storetypes.Iterator.
func (it *iterator) Value() []byte { return it.store.Get([]byte(*it.at)) }

// Error implements storetypes.Iterator.
func (*iterator) Error() error { return nil }

// Close implements storetypes.Iterator.
func (*iterator) Close() error { return nil }
