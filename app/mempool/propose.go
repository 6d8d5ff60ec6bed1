package mempool

import (
	"cmp"
	"container/heap"
	"context"
	"slices"

	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"
)

// Verdict is what becomes of a transaction that was offered for a block.
type Verdict int

const (
	// Refused leaves it out, and what can only come after it.
	Refused Verdict = iota
	// Taken offers the next of its account.
	Taken
	// Later offers it once more among the general ones.
	Later
)

// Propose offers the transactions for a block: lane by lane, by price, each account's in the order of their sequences. Take
// is called with each and the lane in whose order it comes.
func (p *Pool) Propose(take func(*Tx, Lane) Verdict) {
	offers := p.offers()
	for len(offers) > 0 {
		first := &offers[0]
		verdict := take(first.txs[0], first.lane)
		switch {
		case verdict == Taken && len(first.txs) > 1:
			first.txs = first.txs[1:]
			first.lane = first.txs[0].Lane
		case verdict == Later && first.lane != General:
			first.lane = General
		default:
			heap.Pop(&offers)
			continue
		}
		heap.Fix(&offers, 0)
	}
}

// offers returns what can be proposed. Transactions are not changed once they are in the pool but for the fields that only
// the pool reads.
func (p *Pool) offers() offers {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make(offers, 0, len(p.ordered)+len(p.unordered))
	for _, queues := range []map[string]*queue{p.ordered, p.unordered} {
		for _, q := range queues {
			all = append(all, offer{slices.Clone(q.txs), q.txs[0].Lane})
		}
	}
	heap.Init(&all)
	return all
}

// Select implements mempool.Mempool.
func (p *Pool) Select(context.Context, [][]byte) sdkmempool.Iterator {
	all := iterator{pool: p}
	p.Propose(func(t *Tx, _ Lane) Verdict {
		all.txs = append(all.txs, t)
		return Taken
	})
	return all.orNil()
}

// SelectBy implements mempool.ExtMempool.
func (p *Pool) SelectBy(_ context.Context, _ [][]byte, take func(sdkmempool.PooledTx) bool) {
	goOn := true
	p.Propose(func(t *Tx, _ Lane) Verdict {
		if goOn = goOn && take(p.pooled(t)); goOn {
			return Taken
		}
		return Refused
	})
}

func (p *Pool) pooled(t *Tx) sdkmempool.PooledTx {
	tx, err := p.decode(t.Bytes)
	if err != nil { // it was decoded when it arrived
		panic(err)
	}
	return sdkmempool.NewPooledTx(tx, t.Gas)
}

type iterator struct {
	pool *Pool
	txs  []*Tx
}

func (i iterator) orNil() sdkmempool.Iterator {
	if len(i.txs) == 0 {
		return nil
	}
	return i
}

// Next implements mempool.Iterator.
func (i iterator) Next() sdkmempool.Iterator { return iterator{i.pool, i.txs[1:]}.orNil() }

// Tx implements mempool.Iterator.
func (i iterator) Tx() sdkmempool.PooledTx { return i.pool.pooled(i.txs[0]) }

// offer is a queue of which the first transaction can be taken, in the order of a lane.
type offer struct {
	txs  []*Tx
	lane Lane
}

// offers is a heap of queues, by what the first transaction of each pays.
type offers []offer

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (o offers) Len() int { return len(o) }

func (o offers) Less(i, j int) bool {
	a, b := o[i].txs[0], o[j].txs[0]
	return cmp.Or(cmp.Compare(o[i].lane, o[j].lane), cmp.Compare(b.Price, a.Price), cmp.Compare(a.arrival, b.arrival)) < 0
}

func (o offers) Swap(i, j int) { o[i], o[j] = o[j], o[i] }

func (o *offers) Push(x any) { *o = append(*o, x.(offer)) }

func (o *offers) Pop() any {
	last := (*o)[len(*o)-1]
	*o = (*o)[:len(*o)-1]
	return last
}
