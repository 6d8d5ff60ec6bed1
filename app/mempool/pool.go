// Package mempool holds the transactions that wait for a block, ordered by what they pay for a unit of gas.
//
// The SDK's own pools cannot be used here. They remove a transaction when it is executed, also in the optimistic execution
// of a proposal that is never decided, so that a proposer whose round fails empties the others' pools; and they refuse
// whatever comes when they are full, so that who comes first keeps the others out. This pool removes the transactions of a
// block when the block is committed, and gives up the cheapest one for one that pays more.
package mempool

import (
	"container/heap"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
)

var _ sdkmempool.ExtMempool = (*Pool)(nil)

// MaxOfSender bounds the transactions of one account that wait.
const MaxOfSender = 64

// maxOfSeat bounds the places and bytes of one account in the lane of the seats. What comes beyond is in the general one.
var maxOfSeat = Limits{Txs: 4, Bytes: 1 << 20}

// forgottenAfter is after how many blocks a transaction is dropped that CometBFT has not checked again. CometBFT checks
// all that it holds after each block, so it holds this one no more.
const forgottenAfter = 100

// Limits bound a lane's part of the pool.
type Limits struct {
	Txs   int
	Bytes int
}

// DefaultLimits are the limits of a node, by lane. CometBFT's list, which comes first, has to hold more.
func DefaultLimits() [3]Limits {
	return [3]Limits{
		Seats:         {Txs: 500, Bytes: 16 << 20},
		Contributions: {Txs: 1_500, Bytes: 48 << 20},
		General:       {Txs: 8_000, Bytes: 128 << 20},
	}
}

// Hash is the SHA-256 of an encoded transaction.
type Hash = [sha256.Size]byte

// Tx is a transaction that waits. It is kept encoded: decoded it can be ten times as large.
type Tx struct {
	Bytes []byte
	Gas   uint64 // the gas limit
	Price int64  // what a unit of fee gas pays, in billionths of a ualita
	Lane  Lane

	hash    Hash
	sender  string
	nonce   uint64
	others  []string // the other signers of one with sequences
	arrival uint64
	checked int64 // the height at which CometBFT was last known to hold it
	in      *queue
	// price and lane are the least and the last of this transaction's and of all before it that have to go first.
	price int64
	lane  Lane
}

// Pool is the node's pool. It is safe for use by several goroutines.
type Pool struct {
	classify func(sdk.Context, sdk.Tx) Lane
	decode   sdk.TxDecoder
	limits   [lanes]Limits

	mu        sync.Mutex
	byHash    map[Hash]*Tx
	ordered   map[string]*queue // by sender
	unordered map[string]*queue // by sender and timeout
	cosigned  map[string]*queue // by an account that is another signer of something in the queue
	senders   map[string]int
	seats     map[string]Limits   // what each account uses of the lane of the seats
	gaps      map[string]struct{} // the signers of what was given up since the last block
	cheapest  [lanes]cheapest
	used      [lanes]Limits
	arrivals  uint64
	height    int64
	executing []Hash
}

// New returns an empty pool. Classify says which lane a transaction belongs to.
func New(limits [3]Limits, decode sdk.TxDecoder, classify func(sdk.Context, sdk.Tx) Lane) *Pool {
	return &Pool{
		classify: classify, decode: decode, limits: limits,
		byHash: map[Hash]*Tx{}, ordered: map[string]*queue{}, unordered: map[string]*queue{}, cosigned: map[string]*queue{},
		senders: map[string]int{}, seats: map[string]Limits{}, gaps: map[string]struct{}{},
	}
}

// Insert implements mempool.Mempool: it takes a transaction that has passed its checks, or refuses it if its lane is full
// of dearer ones. It is the last of the checks: a transaction that is refused has to change nothing over which later ones
// are checked, else they would wait for one that is not there.
func (p *Pool) Insert(ctx context.Context, tx sdk.Tx, option sdkmempool.InsertOption) error {
	sdkCtx := sdk.UnwrapSDKContext(ctx)
	id, err := identify(tx)
	if err != nil {
		return err
	}
	bz := sdkCtx.TxBytes()
	t := &Tx{
		Bytes: bz, Gas: gasLimit(tx, option), Price: sdkCtx.Priority(), Lane: p.classify(sdkCtx, tx),
		hash: sha256.Sum256(bz), sender: id.sender, nonce: id.nonce, others: id.others, checked: sdkCtx.BlockHeight(),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byHash[t.hash] != nil {
		return nil
	}
	// The newer of two that exclude each other has passed its checks now.
	if before := p.find(id); before != nil {
		p.remove(before)
	}
	if n := p.senders[t.sender]; n >= MaxOfSender {
		return errorsmod.Wrapf(sdkerrors.ErrMempoolIsFull, "transactions of an account that wait: expected at most %d, got one more", MaxOfSender)
	}
	if err := p.checkSigners(id); err != nil {
		return err
	}
	t.in = p.queueOf(id)
	if u := p.seats[t.sender]; t.Lane == Seats && (u.Txs >= maxOfSeat.Txs || u.Bytes+len(bz) > maxOfSeat.Bytes) {
		t.Lane = General
	}
	t.price, t.lane = t.in.worth(t)
	if err := p.makeRoom(t); err != nil {
		if t.lane == General {
			return err
		}
		t.Lane, t.lane = General, General // its lane is full: it competes with all others
		if err := p.makeRoom(t); err != nil {
			return err
		}
	}
	t.arrival = p.arrivals
	p.arrivals++
	p.add(t)
	return nil
}

// checkSigners refuses a transaction with sequences if it could only be executed after one of another queue, or after one
// that was given up. Queues are proposed by price, so it would hold a place for whatever it offers and pay nothing.
func (p *Pool) checkSigners(id identity) error {
	if id.unordered {
		return nil
	}
	wait := func(what string) error {
		return errorsmod.Wrapf(sdkerrors.ErrMempoolIsFull, "signers: expected none of whom %s, got one; send it again after the next block", what)
	}
	for i, signer := range append([]string{id.sender}, id.others...) {
		if _, gap := p.gaps[signer]; gap {
			return wait("an earlier transaction was given up for dearer ones")
		}
		switch q := p.cosigned[signer]; {
		case q != nil && q != p.ordered[id.sender]:
			return wait("another account's transaction with both signatures waits")
		case i > 0 && p.ordered[signer] != nil:
			return wait("a transaction of its own waits")
		}
	}
	return nil
}

// gasLimit is what a transaction asks for. Before the first block after a start the checks report none.
func gasLimit(tx sdk.Tx, option sdkmempool.InsertOption) uint64 {
	if g, ok := tx.(sdk.GasTx); ok {
		return g.GetGas()
	}
	return option.GasWanted
}

// Recheck reports whether the pool holds a transaction, which CometBFT holds as well.
func (p *Pool) Recheck(bz []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.byHash[sha256.Sum256(bz)]
	if t == nil {
		return false
	}
	t.checked = p.height
	return true
}

// CountTx implements mempool.Mempool.
func (p *Pool) CountTx() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.byHash)
}

// Remove implements mempool.Mempool.
func (p *Pool) Remove(tx sdk.Tx) error {
	id, err := identify(tx)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.find(id)
	if t == nil {
		return sdkmempool.ErrTxNotFound
	}
	p.remove(t)
	return nil
}

// RemoveWithReason implements mempool.ExtMempool. An execution removes nothing: it may be one of a proposal that is never
// decided.
func (p *Pool) RemoveWithReason(ctx context.Context, tx sdk.Tx, reason sdkmempool.RemoveReason) error {
	if reason.Caller == sdkmempool.CallerRunTxFinalize {
		return nil
	}
	bz := sdk.UnwrapSDKContext(ctx).TxBytes()
	if len(bz) == 0 {
		return p.Remove(tx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.byHash[sha256.Sum256(bz)]; t != nil {
		p.remove(t)
	}
	return nil
}

// Execute notes the block that is being executed, in place of one that was executed before and not committed.
func (p *Pool) Execute(height int64, txs [][]byte) {
	hashes := make([]Hash, len(txs))
	for i, bz := range txs {
		hashes[i] = sha256.Sum256(bz)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.height, p.executing = height, hashes
}

// Commit removes the transactions of the block that was executed last, and what CometBFT holds no more.
func (p *Pool) Commit() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, hash := range p.executing {
		if t := p.byHash[hash]; t != nil {
			p.remove(t)
		}
	}
	p.executing = nil
	clear(p.gaps) // what still waits is checked again, from the sequences of the new state
	for _, t := range p.byHash {
		if t.checked+forgottenAfter < p.height {
			p.remove(t)
		}
	}
}

// Drop gives up a transaction that has failed its checks in a proposal.
func (p *Pool) Drop(t *Tx) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byHash[t.hash] == t {
		p.remove(t)
		p.leaveGap(t)
	}
}

// leaveGap has the signers of a transaction that was given up wait for the next block: what they sign now comes after it.
func (p *Pool) leaveGap(t *Tx) {
	if t.in.id.unordered {
		return
	}
	p.gaps[t.sender] = struct{}{}
	for _, signer := range t.others {
		p.gaps[signer] = struct{}{}
	}
}

// makeRoom drops cheaper transactions until t fits in its lane. If it cannot, it drops none.
func (p *Pool) makeRoom(t *Tx) error {
	limit := p.limits[t.lane]
	if len(t.Bytes) > limit.Bytes {
		return errorsmod.Wrapf(sdkerrors.ErrTxTooLarge, "transaction: expected at most %d bytes, got %d", limit.Bytes, len(t.Bytes))
	}
	var dropped []*Tx
	for p.used[t.lane].Txs+1 > limit.Txs || p.used[t.lane].Bytes+len(t.Bytes) > limit.Bytes {
		last := p.cheapest[t.lane].last()
		if last == nil || last.price >= t.price || last.in == t.in {
			for _, d := range slices.Backward(dropped) {
				p.add(d)
			}
			return errorsmod.Wrapf(sdkerrors.ErrMempoolIsFull, "fee: expected more than the cheapest of %d waiting transactions (%s) pays, got %d billionths of a ualita for a unit of gas",
				p.used[t.lane].Txs, t.lane, t.price)
		}
		p.remove(last)
		dropped = append(dropped, last)
	}
	for _, d := range dropped {
		p.leaveGap(d)
	}
	return nil
}

// add puts a transaction into its queue.
func (p *Pool) add(t *Tx) {
	q := t.in
	p.recount(q, func() { q.insert(t) })
	p.byHash[t.hash] = t
	p.senders[t.sender]++
	for _, signer := range t.others {
		p.cosigned[signer] = q
	}
	if q.id.unordered {
		p.unordered[q.id.key()] = q
	} else {
		p.ordered[q.id.sender] = q
	}
}

// remove takes a transaction out of its queue. What comes after it stays.
func (p *Pool) remove(t *Tx) {
	q := t.in
	p.recount(q, func() { q.remove(t) })
	delete(p.byHash, t.hash)
	if p.senders[t.sender]--; p.senders[t.sender] == 0 {
		delete(p.senders, t.sender)
	}
	for _, signer := range t.others {
		if !slices.ContainsFunc(q.txs, func(o *Tx) bool { return slices.Contains(o.others, signer) }) {
			delete(p.cosigned, signer)
		}
	}
	switch {
	case len(q.txs) > 0:
	case q.id.unordered:
		delete(p.unordered, q.id.key())
	default:
		delete(p.ordered, q.id.sender)
	}
}

// recount changes a queue, and what its transactions use of their lanes. A queue stands in the lane of its last
// transaction, which is the one of it that can be dropped.
func (p *Pool) recount(q *queue, change func()) {
	if q.index >= 0 {
		heap.Remove(&p.cheapest[q.lane], q.index)
	}
	for _, t := range q.txs {
		p.count(t, -1)
	}
	change()
	for _, t := range q.txs {
		p.count(t, 1)
	}
	if n := len(q.txs); n > 0 {
		q.lane = q.txs[n-1].lane
		heap.Push(&p.cheapest[q.lane], q)
	}
}

// count adds n times what a transaction uses.
func (p *Pool) count(t *Tx, n int) {
	p.used[t.lane].add(t, n)
	if t.Lane != Seats {
		return
	}
	u := p.seats[t.sender]
	if u.add(t, n); u.Txs > 0 {
		p.seats[t.sender] = u
	} else {
		delete(p.seats, t.sender)
	}
}

func (l *Limits) add(t *Tx, n int) {
	l.Txs += n
	l.Bytes += n * len(t.Bytes)
}

func (p *Pool) queueOf(id identity) *queue {
	if q := p.ordered[id.sender]; q != nil && !id.unordered {
		return q
	}
	return &queue{id: id, index: -1}
}

// find returns the transaction with an identity, or nil.
func (p *Pool) find(id identity) *Tx {
	q := p.ordered[id.sender]
	if id.unordered {
		q = p.unordered[id.key()]
	}
	if q == nil {
		return nil
	}
	for _, t := range q.txs {
		if t.nonce == id.nonce {
			return t
		}
	}
	return nil
}

// identity is what no two transactions of a block share: the first signer, and its sequence or the timeout of an unordered
// transaction.
type identity struct {
	sender    string
	nonce     uint64
	unordered bool
	others    []string // the other signers of one with sequences
}

func (id identity) key() string { return fmt.Sprintf("%s/%d", id.sender, id.nonce) }

// identify does not read public keys: a signature may leave out one that the account has.
func identify(tx sdk.Tx) (identity, error) {
	signed, ok := tx.(authsigning.SigVerifiableTx)
	if !ok {
		return identity{}, errorsmod.Wrapf(sdkerrors.ErrTxDecode, "transaction: expected one with signatures, got %T", tx)
	}
	signers, err := signed.GetSigners()
	if err != nil {
		return identity{}, err
	}
	signatures, err := signed.GetSignaturesV2()
	if err != nil {
		return identity{}, err
	}
	if len(signers) == 0 || len(signatures) == 0 {
		return identity{}, errorsmod.Wrap(sdkerrors.ErrNoSignatures, "signatures: expected at least one, got none")
	}
	nonce, err := sdkmempool.ChooseNonce(signatures[0].Sequence, tx)
	if err != nil {
		return identity{}, err
	}
	id := identity{sender: string(signers[0]), nonce: nonce}
	if u, ok := tx.(sdk.TxWithUnordered); ok && u.GetUnordered() {
		id.unordered = true
		return id, nil
	}
	for _, signer := range signers[1:] {
		id.others = append(id.others, string(signer))
	}
	return id, nil
}
