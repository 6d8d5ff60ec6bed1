// Package lighttest is a chain without a network, for tests of what believes package light: headers that validators sign, and
// a state with proofs about it.
package lighttest

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/alita-network/alita/light"
)

// ErrNoBlock is returned for a height that the chain does not have.
var ErrNoBlock = errors.New("height: expected one of the chain, got another one")

// Chain is a chain and its only, honest node: a light.Source. It may be used by several goroutines.
type Chain struct {
	ID string

	mu     sync.Mutex
	keys   []ed25519.PrivateKey // of all that ever validate
	size   int                  // of a validator set
	every  int64                // heights until one validator leaves and another one comes; 0: never
	first  int64
	blocks []light.Block
	states []Tree
}

// Tree is a state that proves what it holds.
type Tree interface {
	// Root is the app hash.
	Root() []byte
	// Prove returns the layers of a proof about a key.
	Prove(store string, key []byte) ([]light.Layer, error)
}

// Key is a validator's key.
func Key(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("lighttest/" + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// New returns a chain whose first block is at a height and a time. Every so many blocks, one of its validators leaves and
// another one comes; 0 leaves them as they are.
func New(id string, validators int, every, height int64, at time.Time) *Chain {
	c := &Chain{ID: id, size: validators, every: every, first: height}
	c.Add(at, State{})
	return c
}

func (c *Chain) key(i int) ed25519.PrivateKey {
	for len(c.keys) <= i {
		c.keys = append(c.keys, Key(fmt.Sprint("validator ", len(c.keys))))
	}
	return c.keys[i]
}

// set is the validators of a height and their keys, all of nearly the same power.
func (c *Chain) set(height int64) (set []light.Validator, keys []ed25519.PrivateKey) {
	from := 0
	if c.every > 0 {
		from = int(height / c.every)
	}
	for i := from; i < from+c.size; i++ {
		key := c.key(i)
		keys = append(keys, key)
		set = append(set, light.Validator{Key: key.Public().(ed25519.PublicKey), Power: int64(1000 + i%c.size)})
	}
	return set, keys
}

// Add adds a block at a time. state is the state at its end: the header after it holds its root.
func (c *Chain) Add(at time.Time, state Tree) {
	c.mu.Lock()
	defer c.mu.Unlock()
	height := c.first + int64(len(c.blocks))
	var before Tree = State{}
	var last light.BlockID
	if n := len(c.blocks); n > 0 {
		before, last = c.states[n-1], c.blocks[n-1].Commit.Block
	}
	set, keys := c.set(height)
	next, _ := c.set(height + 1)
	h := light.Header{
		BlockVersion: 11, ChainID: c.ID, Height: height, Time: at.UTC(), Last: last, ValidatorsHash: light.ValidatorsHash(set),
		NextValidatorsHash: light.ValidatorsHash(next), AppHash: before.Root(), Proposer: set[0].Address(),
	}
	c.blocks = append(c.blocks, Sign(h, set, keys))
	c.states = append(c.states, state)
}

// Sign makes a block of a header that all validators of a set sign.
func Sign(h light.Header, set []light.Validator, keys []ed25519.PrivateKey) light.Block {
	b := light.Block{Header: h, Validators: set, Commit: light.Commit{
		Height: h.Height, Block: light.BlockID{Hash: h.Hash(), Parts: 1, PartsHash: make([]byte, sha256.Size)},
	}}
	for i, key := range keys {
		at := h.Time.Add(time.Second)
		b.Commit.Signatures = append(b.Commit.Signatures, light.Signature{
			ForBlock: true, Address: set[i].Address(), Time: at, Signature: ed25519.Sign(key, b.Commit.SignBytes(h.ChainID, at)),
		})
	}
	return b
}

// Fork returns a chain with the same blocks up to a height, and with others, signed by the same validators, after it.
func (c *Chain) Fork(height int64) *Chain {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := &Chain{ID: c.ID, size: c.size, every: c.every, first: c.first}
	n := int(height - c.first + 1)
	f.blocks, f.states = append(f.blocks, c.blocks[:n]...), append(f.states, c.states[:n]...)
	for i, b := range c.blocks[n:] {
		h := b.Header
		h.DataHash = make([]byte, sha256.Size)
		h.Last = f.blocks[n+i-1].Commit.Block
		set, keys := c.set(h.Height)
		f.blocks = append(f.blocks, Sign(h, set, keys))
		f.states = append(f.states, c.states[n+i])
	}
	return f
}

// Height is the newest block's.
func (c *Chain) Height() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first + int64(len(c.blocks)) - 1
}

// Root is the trust root of a height.
func (c *Chain) Root(height int64) light.Root {
	b, err := c.Block(context.Background(), height, nil)
	if err != nil {
		panic(err)
	}
	return light.Root{Height: height, Hash: b.Header.Hash()}
}

// Block implements light.Source.
func (c *Chain) Block(_ context.Context, height int64, known []byte) (light.Block, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if height == 0 {
		height = c.first + int64(len(c.blocks)) - 1
	}
	i := height - c.first
	if i < 0 || i >= int64(len(c.blocks)) {
		return light.Block{}, fmt.Errorf("%w: %d", ErrNoBlock, height)
	}
	b := c.blocks[i]
	if string(b.Header.ValidatorsHash) == string(known) {
		b.Validators = nil
	}
	return b, nil
}

// Prove implements light.Source.
func (c *Chain) Prove(_ context.Context, store string, key []byte, height int64) ([]light.Layer, error) {
	c.mu.Lock()
	i := height - c.first
	if i < 0 || i >= int64(len(c.states)) {
		c.mu.Unlock()
		return nil, fmt.Errorf("%w: %d", ErrNoBlock, height)
	}
	state := c.states[i]
	c.mu.Unlock()
	return state.Prove(store, key)
}
