package mempool_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"

	"github.com/alita-network/alita/app/mempool"
)

// fake is a transaction as far as the pool looks at one.
type fake struct {
	authsigning.Tx

	name     string
	sender   int
	sequence uint64
	timeout  int64 // unordered if it is not 0
	price    int64
	lane     mempool.Lane
	others   []int // sign as well
}

func (f fake) GetSignaturesV2() ([]signing.SignatureV2, error) {
	return []signing.SignatureV2{{Sequence: f.sequence}}, nil // the accounts have the keys
}

func (f fake) GetSigners() ([][]byte, error) {
	signers := [][]byte{{byte(f.sender)}}
	for _, other := range f.others {
		signers = append(signers, []byte{byte(other)})
	}
	return signers, nil
}

func (f fake) GetGas() uint64 { return 1 }

func (f fake) GetUnordered() bool { return f.timeout != 0 }

func (f fake) GetTimeoutTimeStamp() time.Time { return time.Unix(0, f.timeout) }

func (f fake) bytes() []byte {
	return fmt.Appendf(nil, "%s/%d/%d/%d/%d", f.name, f.sender, f.sequence, f.timeout, f.price)
}

// named is a transaction of which the name is known.
func named(bz []byte) string {
	name, _, _ := strings.Cut(string(bz), "/")
	return name
}

func decode(bz []byte) (sdk.Tx, error) { return fake{name: named(bz)}, nil }

func ctx(f fake) context.Context {
	return sdk.Context{}.WithContext(context.Background()).WithTxBytes(f.bytes()).WithPriority(f.price)
}

func newPool(places ...int) *mempool.Pool {
	var limits [3]mempool.Limits
	for i, n := range places {
		limits[i] = mempool.Limits{Txs: n, Bytes: 1 << 20}
	}
	return mempool.New(limits, decode, func(_ sdk.Context, tx sdk.Tx) mempool.Lane { return tx.(fake).lane })
}

func insert(p *mempool.Pool, f fake) error {
	return p.Insert(ctx(f), f, sdkmempool.InsertOption{GasWanted: 1})
}

// proposed lists what the pool offers if everything is taken, but for the names in refused.
func proposed(p *mempool.Pool, refused ...string) []string {
	names := []string{}
	p.Propose(func(t *mempool.Tx, _ mempool.Lane) mempool.Verdict {
		name := named(t.Bytes)
		names = append(names, name)
		if slices.Contains(refused, name) {
			return mempool.Refused
		}
		return mempool.Taken
	})
	return names
}

func general(name string, sender int, sequence uint64, price int64) fake {
	return fake{name: name, sender: sender, sequence: sequence, price: price, lane: mempool.General}
}

func TestOrder(t *testing.T) {
	p := newPool(10, 10, 10)
	for _, f := range []fake{
		general("a0", 1, 0, 5), general("a1", 1, 1, 50), general("b0", 2, 7, 10), general("c0", 3, 0, 5),
		{name: "d", sender: 4, timeout: 9, price: 20, lane: mempool.General},
		{name: "e", sender: 4, timeout: 8, price: 1, lane: mempool.Contributions},
		{name: "f", sender: 5, timeout: 8, price: 1, lane: mempool.Seats},
	} {
		require.NoError(t, insert(p, f))
	}
	// Lanes first, then prices, then arrival; a1 cannot come before a0.
	require.Equal(t, []string{"f", "e", "d", "b0", "a0", "a1", "c0"}, proposed(p))
	require.Equal(t, []string{"f", "e", "d", "b0", "a0", "c0"}, proposed(p, "a0"), "nothing of an account comes after what was not taken")
	var selected []string
	for it := p.Select(t.Context(), nil); it != nil; it = it.Next() {
		selected = append(selected, it.Tx().Tx.(fake).name)
	}
	require.Equal(t, proposed(p), selected)
	var two []string
	p.SelectBy(t.Context(), nil, func(tx sdkmempool.PooledTx) bool {
		two = append(two, tx.Tx.(fake).name)
		return len(two) < 2
	})
	require.Equal(t, []string{"f", "e"}, two)
	require.Nil(t, newPool(1, 1, 1).Select(t.Context(), nil))

	// What finds its lane full comes once more among the general ones, where it pays too little.
	var offered []string
	p.Propose(func(tx *mempool.Tx, lane mempool.Lane) mempool.Verdict {
		offered = append(offered, named(tx.Bytes)+" "+lane.String())
		if lane == mempool.Contributions {
			return mempool.Later
		}
		return mempool.Taken
	})
	require.Equal(t, []string{"f seats", "e contributions", "d general", "b0 general", "a0 general", "a1 general", "c0 general", "e general"}, offered)
}

// TestFull: a dearer transaction takes the place of the cheapest of its lane, the last of an account first.
func TestFull(t *testing.T) {
	p := newPool(1, 2, 4)
	for _, f := range []fake{general("a0", 1, 0, 5), general("a1", 1, 1, 9), general("b0", 2, 0, 7), general("c0", 3, 0, 8)} {
		require.NoError(t, insert(p, f))
	}
	require.ErrorIs(t, insert(p, general("d0", 4, 0, 5)), sdkerrors.ErrMempoolIsFull, "as cheap as the cheapest")
	require.NoError(t, insert(p, general("d0", 4, 0, 6)))
	// a1 offers 9, but is worth 5: it cannot come before a0.
	require.Equal(t, []string{"c0", "b0", "d0", "a0"}, proposed(p))
	require.ErrorIs(t, insert(p, general("a1", 1, 1, 100)), sdkerrors.ErrMempoolIsFull, "it would take the place of what it needs")
	require.NoError(t, insert(p, general("e0", 5, 0, 6)))
	require.Equal(t, []string{"c0", "b0", "d0", "e0"}, proposed(p))
	require.NoError(t, insert(p, general("f0", 6, 0, 7)))
	require.Equal(t, []string{"c0", "b0", "f0", "d0"}, proposed(p), "of two that pay the same the later one goes")

	// Other lanes have places of their own.
	require.NoError(t, insert(p, fake{name: "s", sender: 7, timeout: 1, price: 1, lane: mempool.Seats}))
	require.ErrorIs(t, insert(p, fake{name: "s2", sender: 7, timeout: 2, price: 1, lane: mempool.Seats}), sdkerrors.ErrMempoolIsFull)
	require.NoError(t, insert(p, fake{name: "c", sender: 8, sequence: 4, price: 1, lane: mempool.Contributions}))
	require.NoError(t, insert(p, fake{name: "g", sender: 8, sequence: 5, price: 9, lane: mempool.Contributions}))
	require.Equal(t, 7, p.CountTx())
	// What needs a general transaction before it is general itself.
	require.NoError(t, insert(p, fake{name: "c1", sender: 3, sequence: 1, price: 9, lane: mempool.Contributions}))
	require.Equal(t, []string{"s", "c", "g", "c0", "c1", "b0", "f0"}, proposed(p))
}

// TestBytes: one large transaction that pays more takes the places of several, or of none.
func TestBytes(t *testing.T) {
	p := mempool.New([3]mempool.Limits{{}, {}, {Txs: 10, Bytes: 40}}, decode, func(sdk.Context, sdk.Tx) mempool.Lane { return mempool.General })
	for i := range 4 {
		require.NoError(t, insert(p, general("a", i, 0, int64(10*i)))) // 9 or 10 bytes
	}
	require.ErrorIs(t, insert(p, general("aaaaaaaaaaaaaaa", 9, 0, 15)), sdkerrors.ErrMempoolIsFull)
	require.Equal(t, 4, p.CountTx(), "the cheaper ones are back")
	require.Len(t, proposed(p), 4)
	require.NoError(t, insert(p, general("aaaaaaaaaaaaaaa", 9, 0, 25)))
	require.Equal(t, []string{"a", "aaaaaaaaaaaaaaa"}, proposed(p))
	require.ErrorIs(t, insert(p, general(fmt.Sprintf("%050d", 0), 8, 0, 99)), sdkerrors.ErrTxTooLarge)
}

func TestOfSender(t *testing.T) {
	p := newPool(0, 0, 1000)
	for i := range uint64(mempool.MaxOfSender) {
		require.NoError(t, insert(p, general("a", 1, i, 5)))
	}
	require.ErrorIs(t, insert(p, general("a", 1, 64, 500)), sdkerrors.ErrMempoolIsFull)
	require.ErrorIs(t, insert(p, fake{name: "u", sender: 1, timeout: 3, price: 500, lane: mempool.General}), sdkerrors.ErrMempoolIsFull)
	require.NoError(t, insert(p, general("b", 2, 64, 5)))
	require.NoError(t, insert(p, general("again", 1, 3, 5)), "in place of the one with this sequence")
	require.Equal(t, 65, p.CountTx())
	require.Contains(t, proposed(p), "again")
}

// TestAttackCoSigners: what could only be executed after something of another queue, or after what was given up, is refused.
func TestAttackCoSigners(t *testing.T) {
	both := func(name string, first int, sequence uint64, others ...int) fake {
		return fake{name: name, sender: first, sequence: sequence, price: 9, lane: mempool.General, others: others}
	}
	p := newPool(0, 0, 6)
	require.NoError(t, insert(p, both("a0", 1, 0, 2, 3)))
	require.NoError(t, insert(p, both("a1", 1, 1, 2)), "the same queue, in its order")
	for _, f := range []fake{both("b", 4, 0, 2), both("c", 2, 2), both("d", 2, 2, 1), both("e", 3, 1, 2), both("f", 5, 0, 1)} {
		require.ErrorIs(t, insert(p, f), sdkerrors.ErrMempoolIsFull, f.name)
	}
	require.NoError(t, insert(p, fake{name: "u", sender: 2, timeout: 1, price: 8, lane: mempool.General, others: []int{1}}), "without sequences there is no order")
	require.NoError(t, insert(p, both("g", 1, 2)), "its own")
	require.Equal(t, []string{"a0", "a1", "g", "u"}, proposed(p))
	commit := func(f fake) {
		p.Execute(1, [][]byte{f.bytes()})
		p.Commit()
	}
	commit(both("a0", 1, 0, 2, 3))
	require.NoError(t, insert(p, both("c", 3, 1)), "nothing with its signature waits any more")
	require.ErrorIs(t, insert(p, both("c", 2, 2)), sdkerrors.ErrMempoolIsFull, "of this one there is another")
	commit(both("a1", 1, 1, 2))
	require.NoError(t, insert(p, both("c", 2, 2)))

	// What is given up leaves a gap until the next block.
	p = newPool(0, 0, 2)
	require.NoError(t, insert(p, general("a", 1, 0, 5)))
	cheap := both("b", 2, 0, 3)
	cheap.price = 1
	require.NoError(t, insert(p, cheap))
	require.NoError(t, insert(p, general("c", 4, 0, 5)))
	require.Equal(t, []string{"a", "c"}, proposed(p))
	for _, sender := range []int{2, 3} {
		require.ErrorIs(t, insert(p, general("d", sender, 1, 100)), sdkerrors.ErrMempoolIsFull)
	}
	commit(general("a", 1, 0, 5))
	require.NoError(t, insert(p, general("d", 3, 0, 100)))
	p.Propose(func(tx *mempool.Tx, _ mempool.Lane) mempool.Verdict {
		p.Drop(tx)
		p.Drop(tx)
		return mempool.Refused
	})
	require.Zero(t, p.CountTx())
	require.ErrorIs(t, insert(p, general("d", 3, 1, 100)), sdkerrors.ErrMempoolIsFull)
}

// TestAttackSeatFillsTheSeatsPlaces: one account takes few places and bytes of the seats' lane, and what finds its lane full
// competes for the general ones.
func TestAttackSeatFillsTheSeatsPlaces(t *testing.T) {
	answer := func(name string, sender int, timeout, price int64) fake {
		return fake{name: name, sender: sender, timeout: timeout, price: price, lane: mempool.Seats}
	}
	p := newPool(5, 0, 3)
	for i := range int64(6) {
		require.NoError(t, insert(p, answer(fmt.Sprint("many", i), 1, i+1, 9)))
	}
	require.NoError(t, insert(p, answer("honest", 2, 1, 1)), "as cheap as can be")
	require.NoError(t, insert(p, answer("other", 3, 1, 1)), "a general place")
	require.ErrorIs(t, insert(p, answer("late", 4, 1, 1)), sdkerrors.ErrMempoolIsFull, "those are taken as well")
	require.NoError(t, insert(p, answer("dear", 4, 1, 2)), "the place of the cheapest")
	require.Equal(t, []string{"many0", "many1", "many2", "many3", "dear", "many4", "many5", "other"}, proposed(p))

	p = mempool.New(mempool.DefaultLimits(), decode, func(_ sdk.Context, tx sdk.Tx) mempool.Lane { return tx.(fake).lane })
	for i := range int64(3) {
		require.NoError(t, insert(p, answer(strings.Repeat("x", 500_000), 1, i+1, 9)))
	}
	var offered []mempool.Lane
	p.Propose(func(_ *mempool.Tx, lane mempool.Lane) mempool.Verdict {
		offered = append(offered, lane)
		return mempool.Taken
	})
	require.Equal(t, []mempool.Lane{mempool.Seats, mempool.Seats, mempool.General}, offered)
}

// TestAttackDecodedTransactions: the pool keeps bytes, of which it bounds the sum, and not what they are decoded to, which
// can be ten times as much.
func TestAttackDecodedTransactions(t *testing.T) {
	type large struct {
		fake
		_ [1 << 10]byte // messages
	}
	p := mempool.New(mempool.DefaultLimits(), decode, func(sdk.Context, sdk.Tx) mempool.Lane { return mempool.General })
	arrive := func() weak.Pointer[large] {
		tx := &large{fake: general("a", 1, 0, 5)}
		require.NoError(t, p.Insert(ctx(tx.fake), tx, sdkmempool.InsertOption{}))
		return weak.Make(tx)
	}
	held := arrive()
	runtime.GC()
	require.Nil(t, held.Value())
	require.Equal(t, 1, p.CountTx())
}

// TestCommit: transactions are removed when a block is committed, and not when one is executed.
func TestCommit(t *testing.T) {
	p := newPool(0, 0, 10)
	a, b := general("a", 1, 0, 5), general("b", 2, 0, 5)
	require.NoError(t, insert(p, a))
	require.NoError(t, insert(p, a), "again")
	require.NoError(t, insert(p, b))
	p.Execute(5, [][]byte{a.bytes()})
	require.NoError(t, p.RemoveWithReason(ctx(a), a, sdkmempool.RemoveReason{Caller: sdkmempool.CallerRunTxFinalize}))
	require.Equal(t, 2, p.CountTx())
	p.Execute(5, [][]byte{b.bytes(), []byte("another's")})
	p.Commit()
	require.Equal(t, []string{"a"}, proposed(p))
	require.True(t, p.Recheck(a.bytes()))
	require.False(t, p.Recheck(b.bytes()))
	require.NoError(t, p.RemoveWithReason(ctx(a), a, sdkmempool.RemoveReason{Caller: sdkmempool.CallerRunTxRecheck}))
	require.Zero(t, p.CountTx())
	require.ErrorIs(t, p.Remove(a), sdkmempool.ErrTxNotFound)
}

// TestForgotten: what CometBFT does not check again it holds no more.
func TestForgotten(t *testing.T) {
	p := newPool(0, 0, 10)
	a, b := general("a", 1, 0, 5), general("b", 2, 0, 5)
	require.NoError(t, insert(p, a))
	require.NoError(t, insert(p, b))
	for height := range int64(102) {
		p.Execute(height, nil)
		p.Commit()
		p.Recheck(a.bytes())
	}
	require.Equal(t, []string{"a"}, proposed(p))
}

// TestPool: whatever comes and goes, the pool holds no more than its limits, what was taken and not given up for something
// dearer is there, and each account's transactions come in their order.
func TestPool(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := []int{rapid.IntRange(1, 5).Draw(t, "seats"), rapid.IntRange(1, 5).Draw(t, "contributions"), rapid.IntRange(1, 8).Draw(t, "general")}
		p := newPool(places...)
		next := map[int]uint64{}
		held := map[string]fake{}
		for i := range rapid.IntRange(1, 60).Draw(t, "steps") {
			f := fake{
				name: fmt.Sprint(i), sender: rapid.IntRange(0, 4).Draw(t, "sender"), price: rapid.Int64Range(0, 20).Draw(t, "price"),
				lane: mempool.Lane(rapid.IntRange(0, 2).Draw(t, "lane")),
			}
			if rapid.Bool().Draw(t, "unordered") {
				f.timeout = int64(i + 1)
			} else {
				f.sequence = next[f.sender]
			}
			if insert(p, f) == nil {
				held[f.name] = f
				if f.timeout == 0 {
					next[f.sender]++
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "commit") == 0 {
				names := proposed(p)
				names = names[:rapid.IntRange(0, len(names)).Draw(t, "taken")]
				var block [][]byte
				for _, name := range names {
					block = append(block, held[name].bytes())
					delete(held, name)
				}
				p.Execute(int64(i), block)
				p.Commit()
			}
			names := proposed(p)
			require.Equal(t, len(names), p.CountTx())
			require.LessOrEqual(t, len(names), places[0]+places[1]+places[2])
			last := map[int]uint64{}
			for _, name := range names {
				f, ok := held[name]
				require.True(t, ok, "%s was committed", name)
				if f.timeout == 0 {
					require.GreaterOrEqual(t, f.sequence, last[f.sender])
					last[f.sender] = f.sequence
				}
			}
			for name := range held {
				if !slices.Contains(names, name) {
					delete(held, name) // given up
				}
			}
		}
		for _, f := range held {
			require.NoError(t, p.Remove(f))
		}
		require.Zero(t, p.CountTx())
		for lane, n := range places { // nothing is still counted
			for i := range n {
				require.NoError(t, insert(p, fake{name: "again", sender: 100 + i, timeout: int64(lane + 1), price: 0, lane: mempool.Lane(lane)}))
			}
		}
	})
}
