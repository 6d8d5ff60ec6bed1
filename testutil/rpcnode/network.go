// Package rpcnode serves an application in process by the RPC of a node, which may lie: for tests of what believes no node.
// Headers are signed by validators of a test, the state and its proofs are the application's.
package rpcnode

import (
	"context"
	"sync"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/lighttest"
	apptest "github.com/alita-network/alita/testutil/app"
)

// Network is a chain of one application, and its headers. A block is made whenever somebody asks for the newest header, so
// nobody waits for one. It may be used by several goroutines.
type Network struct {
	// Pace is how many blocks are made at a time once a transaction is in a block, until Sent is called; 1 if zero.
	Pace int

	t       testing.TB
	app     *apptest.Chain
	headers *lighttest.Chain

	mu      sync.Mutex
	last    time.Time
	results map[string]included // by the hash of a transaction
	sent    [][]byte
	fast    bool
	players *players
	next    [][]byte // what the players have signed for the next block
}

// included is a transaction in a block.
type included struct {
	height int64
	result *abci.ExecTxResult
}

// New puts headers before an application. Its clock goes to the present.
func New(t testing.TB, app *apptest.Chain) *Network {
	t.Helper()
	at := time.Now().Add(-time.Second)
	n := &Network{t: t, app: app, headers: lighttest.New(apptest.ChainID, 4, 0, app.Height()-1, at), last: at, results: map[string]included{}}
	n.Blocks(4)
	return n
}

// Blocks makes empty blocks.
func (n *Network) Blocks(count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for range count {
		n.block()
	}
}

// block makes a block. Its time is the machine's: light clients compare it.
func (n *Network) block(txs ...[]byte) *abci.ResponseFinalizeBlock {
	at := time.Now()
	if !at.After(n.last) {
		at = n.last.Add(time.Millisecond)
	}
	n.last = at
	n.app.Advance(at.Sub(n.app.Time()))
	res := n.app.NextBlock(append(txs, n.next...)...)
	for _, played := range res.TxResults[len(txs):] {
		require.Zero(n.t, played.Code, played.Log)
	}
	if n.next = nil; n.players != nil {
		n.next = n.players.play(n.app)
	}
	height := n.app.Height() - 1
	n.headers.Add(at, tree{app: n.app, height: height, root: n.app.App.LastCommitID().Hash})
	return res
}

// grow makes the blocks until somebody asks again.
func (n *Network) grow() {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := 1
	if n.fast {
		count = max(1, n.Pace)
	}
	for range count {
		n.block()
	}
}

// Sent returns the transactions that came to any node since the last call, also those that are in no block.
func (n *Network) Sent() [][]byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	sent := n.sent
	n.sent, n.fast = nil, false
	return sent
}

// Do looks at the application between two blocks, or signs for the next one.
func (n *Network) Do(f func(app *apptest.Chain)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f(n.app)
}

// Root is a trust root of the chain.
func (n *Network) Root() light.Root { return n.headers.Root(n.headers.Height() - 1) }

// tree is the state of the application at the end of a block.
type tree struct {
	app    *apptest.Chain
	height int64
	root   []byte
}

// Root implements lighttest.Tree.
func (s tree) Root() []byte { return s.root }

// Prove implements lighttest.Tree.
func (s tree) Prove(store string, key []byte) ([]light.Layer, error) {
	res, err := s.app.App.Query(context.Background(), &abci.RequestQuery{Path: "/store/" + store + "/key", Data: key, Height: s.height, Prove: true})
	if err != nil {
		return nil, err
	}
	var layers []light.Layer
	for _, op := range res.GetProofOps().GetOps() {
		layers = append(layers, light.Layer{Type: op.Type, Data: op.Data})
	}
	return layers, nil
}
