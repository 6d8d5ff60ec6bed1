package types

import (
	"math/big"
	"sort"

	"cosmossdk.io/math"
)

// MaxLargest is the number of largest holders that a Concentration names.
const MaxLargest = 10

// maxHHI is the Herfindahl-Hirschman index of a supply with one holder.
const maxHHI = 10_000

// Tally sums up the holdings of a supply, one account at a time. Its zero value has
// counted none. Each account may be added once only.
type Tally struct {
	holders       uint64
	held, squares big.Int
	largest       []holding
}

type holding struct {
	address string
	amount  math.Int
}

// before reports whether a holder comes before another: by amount, then by address as text.
func (h holding) before(other holding) bool {
	if h.amount.Equal(other.amount) {
		return h.address < other.address
	}
	return h.amount.GT(other.amount)
}

// Add counts an account and what it holds, in base units. An account that holds nothing
// is no holder.
func (t *Tally) Add(address string, amount math.Int) {
	if !amount.IsPositive() {
		return
	}
	t.holders++
	v := amount.BigInt()
	t.held.Add(&t.held, v)
	t.squares.Add(&t.squares, v.Mul(v, v))

	h := holding{address, amount}
	at := sort.Search(len(t.largest), func(i int) bool { return h.before(t.largest[i]) })
	if at == MaxLargest {
		return
	}
	t.largest = append(t.largest, holding{})
	copy(t.largest[at+1:], t.largest[at:])
	t.largest[at] = h
	t.largest = t.largest[:min(len(t.largest), MaxLargest)]
}

// Holders is the number of accounts that were counted.
func (t *Tally) Holders() uint64 { return t.holders }

// Concentration returns the sums so far; complete says that all holders were counted.
// Amounts have the given number of decimals. The index is the sum of the squared parts,
//
//	hhi = 10,000 * sum(amount^2) / (sum(amount))^2
//
// rounded to the nearest whole number, half up, and 0 if nobody holds anything.
// Percentages are rounded as FormatPart does.
func (t *Tally) Concentration(decimals int, complete bool) Concentration {
	c := Concentration{Holders: t.holders, Held: formatBig(&t.held, decimals), Complete: complete}
	if t.holders == 0 {
		return c
	}
	var square big.Int
	square.Mul(&t.held, &t.held)
	c.Hhi = uint32(nearest(&t.squares, &square, maxHHI).Uint64()) // at most maxHHI
	for _, h := range t.largest {
		c.Largest = append(c.Largest, Holder{
			Address: h.address,
			Amount:  FormatUnits(h.amount, decimals),
			Percent: formatPart(h.amount.BigIntMut(), &t.held),
		})
	}
	return c
}

// nearest returns scale*num/den, rounded half up, for den above zero.
func nearest(num, den *big.Int, scale int64) *big.Int {
	z := new(big.Int).Mul(num, big.NewInt(2*scale))
	z.Add(z, den)
	return z.Quo(z, new(big.Int).Lsh(den, 1))
}
