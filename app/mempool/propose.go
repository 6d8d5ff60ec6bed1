package mempool

import (
	"cmp"
	"container/heap"
	"context"
	"slices"

	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"
)

// Propose offers the transactions for a block: lane by lane, by price, each account's in the order of their sequences.
// Take reports whether a transaction was taken; if not, the ones that can only come after it are not offered.
func (p *Pool) Propose(take func(*Tx) bool) {
	offers := p.offers()
	for len(offers) > 0 {
		first := offers[0]
		if take(first[0]) && len(first) > 1 {
			offers[0] = first[1:]
			heap.Fix(&offers, 0)
			continue
		}
		heap.Pop(&offers)
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
			all = append(all, slices.Clone(q.txs))
		}
	}
	heap.Init(&all)
	return all
}

// Select implements mempool.Mempool.
func (p *Pool) Select(context.Context, [][]byte) sdkmempool.Iterator {
	var all iterator
	p.Propose(func(t *Tx) bool {
		all = append(all, t)
		return true
	})
	return all.orNil()
}

// SelectBy implements mempool.ExtMempool.
func (p *Pool) SelectBy(_ context.Context, _ [][]byte, take func(sdkmempool.PooledTx) bool) {
	goOn := true
	p.Propose(func(t *Tx) bool {
		goOn = goOn && take(t.pooled())
		return goOn
	})
}

func (t *Tx) pooled() sdkmempool.PooledTx { return sdkmempool.NewPooledTx(t.Tx, t.Gas) }

type iterator []*Tx

func (i iterator) orNil() sdkmempool.Iterator {
	if len(i) == 0 {
		return nil
	}
	return i
}

// Next implements mempool.Iterator.
func (i iterator) Next() sdkmempool.Iterator { return i[1:].orNil() }

// Tx implements mempool.Iterator.
func (i iterator) Tx() sdkmempool.PooledTx { return i[0].pooled() }

// offers is a heap of queues, by what the first transaction of each pays.
type offers [][]*Tx

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (o offers) Len() int { return len(o) }

func (o offers) Less(i, j int) bool {
	a, b := o[i][0], o[j][0]
	return cmp.Or(cmp.Compare(a.Lane, b.Lane), cmp.Compare(b.Price, a.Price), cmp.Compare(a.arrival, b.arrival)) < 0
}

func (o offers) Swap(i, j int) { o[i], o[j] = o[j], o[i] }

func (o *offers) Push(x any) { *o = append(*o, x.([]*Tx)) }

func (o *offers) Pop() any {
	last := (*o)[len(*o)-1]
	*o = (*o)[:len(*o)-1]
	return last
}
