package mempool

import (
	"cmp"
	"slices"
)

// queue holds transactions that can only be executed one after the other: those of an account by their sequences, or a
// single unordered one.
type queue struct {
	id    identity
	txs   []*Tx
	index int  // in the heap of lane, -1 in none
	lane  Lane // of the last transaction
}

func (q *queue) insert(t *Tx) {
	i, _ := slices.BinarySearchFunc(q.txs, t.nonce, func(t *Tx, nonce uint64) int { return cmp.Compare(t.nonce, nonce) })
	q.txs = slices.Insert(q.txs, i, t)
	q.weigh()
}

func (q *queue) remove(t *Tx) {
	q.txs = slices.DeleteFunc(q.txs, func(other *Tx) bool { return other == t })
	q.weigh()
}

// weigh sets what each transaction is worth.
func (q *queue) weigh() {
	for _, t := range q.txs {
		t.price, t.lane = q.worth(t)
	}
}

// worth is the price and the lane that a transaction has in the pool: those of the worst one up to it, since it cannot be
// executed without the ones before it. Else a cheap one that is never taken would hold places for dear ones that are never
// paid.
func (q *queue) worth(t *Tx) (price int64, lane Lane) {
	price, lane = t.Price, t.Lane
	for _, before := range q.txs {
		if before.nonce >= t.nonce {
			break
		}
		price, lane = min(price, before.Price), max(lane, before.Lane)
	}
	return price, lane
}

// cheapest is a heap of queues: the one whose last transaction pays the least, and among equals came last, comes first.
type cheapest []*queue

// last is the transaction that is dropped first, nil if there is none.
func (c cheapest) last() *Tx {
	if len(c) == 0 {
		return nil
	}
	return c[0].txs[len(c[0].txs)-1]
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (c cheapest) Len() int { return len(c) }

func (c cheapest) Less(i, j int) bool {
	a, b := c[i:i+1].last(), c[j:j+1].last()
	if a.price != b.price {
		return a.price < b.price
	}
	return a.arrival > b.arrival
}

func (c cheapest) Swap(i, j int) {
	c[i], c[j] = c[j], c[i]
	c[i].index, c[j].index = i, j
}

func (c *cheapest) Push(x any) {
	q := x.(*queue)
	q.index = len(*c)
	*c = append(*c, q)
}

func (c *cheapest) Pop() any {
	last := len(*c) - 1
	q := (*c)[last]
	(*c)[last] = nil
	*c = (*c)[:last]
	q.index = -1
	return q
}
