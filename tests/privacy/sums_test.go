package privacy_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// target is what the adversary wants: a combination of contents, whose lowest bits are the secrets.
type target map[string]int64

// exactAttack is an attack on exact sums.
type exactAttack struct {
	number  int
	name    string
	members int
	// own is how many of the members, the last ones, are the adversary's.
	own int
	// play plays it on the chain and returns the sums that were read.
	play func(m *market, of []*paper) []sum
	// old are the sums that could be read by the rules of commit 28b8f7c.
	old func(of []*paper) [][]string
	// wanted is what it is after; the first member's content if nil.
	wanted func(of []*paper) target
	// most is how often it may be right.
	most float64
}

// add adds a sum, if it could be read.
func add(into *[]sum, s sum, ok bool) {
	if ok {
		*into = append(*into, s)
	}
}

func contents(of []*paper, version string) (out []string) {
	for _, p := range of {
		out = append(out, p.Name+" "+version)
	}
	return out
}

// allAndOthers are all owners, and all but the first.
func allAndOthers(of []*paper) [][]string {
	return [][]string{contents(of, first), contents(of[1:], first)}
}

const second = "2.0.0"

var exactAttacks = []exactAttack{
	{
		number: 30, name: "another byte of input, over the others", members: 5, old: allAndOthers,
		play: func(m *market, of []*paper) (sums []sum) {
			q := m.question(0, "q", "x")
			panel := m.found(of, signed(q))
			require.NotEmpty(m.t, panel)
			s, ok := m.read(q, panel, of...)
			require.True(m.t, ok, "the panel answers")
			add(&sums, s, ok)
			for _, input := range []string{"q", "q "} {
				again := m.question(0, input, "x")
				s, ok = m.read(again, panel, of...)
				add(&sums, s, ok)
				s, ok = m.read(again, panel, of[1:]...)
				add(&sums, s, ok)
				s, ok = m.read(again, "", of[1:]...)
				add(&sums, s, ok)
			}
			return sums
		},
	},
	{
		number: 31, name: "other columns, in another order, over the others", members: 5, old: allAndOthers,
		play: func(m *market, of []*paper) (sums []sum) {
			panel := m.found(of)
			require.NotEmpty(m.t, panel)
			for _, columns := range [][]string{{"x", "y"}, {"y", "x"}, {"x"}} {
				s, ok := m.read(m.question(0, "q", columns...), panel, of...)
				add(&sums, s, ok)
				s, ok = m.read(m.question(0, "q", columns...), "", of[1:]...)
				add(&sums, s, ok)
			}
			require.GreaterOrEqual(m.t, len(sums), 3)
			return sums
		},
	},
	{
		number: 32, name: "another program with the same answer, over the others", members: 5, old: allAndOthers,
		play: func(m *market, of []*paper) (sums []sum) {
			panel := m.found(of)
			for program := range 2 {
				s, ok := m.read(m.question(program, "q", "x"), panel, of...)
				require.True(m.t, ok)
				add(&sums, s, ok)
				s, ok = m.read(m.question(program, "q", "x"), panel, of[1:]...)
				add(&sums, s, ok)
				s, ok = m.read(m.question(program, "q", "x"), "", of[1:]...)
				add(&sums, s, ok)
			}
			return sums
		},
	},
	{
		number: 33, name: "editions: one member changes, then two more, one of them the adversary's", members: 5, own: 1,
		play: func(m *market, of []*paper) (sums []sum) {
			panel := m.found(of)
			s, ok := m.read(m.question(0, "q", "x"), panel, of...)
			require.True(m.t, ok)
			add(&sums, s, ok)
			for i, p := range []*paper{of[0], of[4], of[3]} {
				require.True(m.t, m.renew(p, second))
				s, ok = m.read(m.question(0, fmt.Sprint("q", i), "x"), panel, of...)
				require.True(m.t, ok)
				add(&sums, s, ok)
			}
			return sums
		},
		old: func(of []*paper) [][]string {
			return [][]string{contents(of, first), append(contents(of[1:], first), of[0].Name+" "+second)}
		},
		wanted: func(of []*paper) target { return target{of[0].Name + " " + second: 1, of[0].Name + " " + first: -1} },
	},
	{
		number: 34, name: "a member leaves, and the others go on", members: 5, old: allAndOthers,
		play: func(m *market, of []*paper) (sums []sum) {
			panel := m.found(of)
			s, ok := m.read(m.question(0, "q", "x"), panel, of...)
			require.True(m.t, ok)
			add(&sums, s, ok)
			m.Must(of[0].Account, &metadatatypes.MsgLeavePanel{Owner: of[0].String(), PanelId: panel})
			s, ok = m.read(m.question(0, "q", "x"), panel, of[1:]...)
			add(&sums, s, ok)
			s, ok = m.read(m.question(0, "q", "x"), "", of[1:]...)
			add(&sums, s, ok)
			if again := m.found(of[1:]); again != "" {
				s, ok = m.read(m.question(0, "q", "x"), again, of[1:]...)
				add(&sums, s, ok)
			}
			return sums
		},
	},
	{
		number: 35, name: "an owner joins those who have answered", members: 5,
		play: func(m *market, of []*paper) (sums []sum) {
			panel := m.found(of[1:])
			s, ok := m.read(m.question(0, "q", "x"), panel, of[1:]...)
			require.True(m.t, ok)
			add(&sums, s, ok)
			s, ok = m.read(m.question(0, "q", "x"), panel, of...)
			add(&sums, s, ok)
			s, ok = m.read(m.question(0, "q", "x"), "", of...)
			add(&sums, s, ok)
			if again := m.found(of); again != "" {
				s, ok = m.read(m.question(0, "q", "x"), again, of...)
				add(&sums, s, ok)
			}
			return sums
		},
		old: allAndOthers,
	},
	{
		number: 36, name: "a member is silent, or one message is held back", members: 5, old: allAndOthers,
		play: func(m *market, of []*paper) (sums []sum) {
			panel := m.found(of)
			s, ok := m.read(m.question(0, "q", "x"), panel, of...)
			require.True(m.t, ok)
			add(&sums, s, ok)
			of[0].silent = true
			s, ok = m.read(m.question(0, "q2", "x"), panel, of...)
			add(&sums, s, ok)
			return sums
		},
	},
	{
		number: 37, name: "two groups in no panel, one of them without the victim", members: 5, old: allAndOthers,
		play: func(m *market, of []*paper) (sums []sum) {
			s, ok := m.read(m.question(0, "q", "x"), "", of...)
			add(&sums, s, ok)
			s, ok = m.read(m.question(0, "q ", "x"), "", of[1:]...)
			add(&sums, s, ok)
			return sums
		},
	},
	{
		number: 38, name: "in no panel, all of the cohort but one are the adversary's", members: 4, own: 3,
		play: func(m *market, of []*paper) (sums []sum) {
			s, ok := m.read(m.question(0, "q", "x"), "", of...)
			add(&sums, s, ok)
			return sums
		},
		old: func(of []*paper) [][]string { return [][]string{contents(of, first)} },
	},
}

// fromSums is what the sums and the adversary's own contents tell of a target: its slots, if they are a combination of both.
func fromSums(m *market, sums []sum, own map[string]bool, want target) (found []*big.Int, ok bool) {
	columns := map[string]int{}
	column := func(content string) int {
		if _, known := columns[content]; !known {
			columns[content] = len(columns)
		}
		return columns[content]
	}
	for content := range want {
		column(content)
	}
	for _, s := range sums {
		for _, content := range s.contents {
			column(content)
		}
	}
	width := len(columns)
	line := func() []*big.Rat {
		l := make([]*big.Rat, width+slots)
		for i := range l {
			l[i] = new(big.Rat)
		}
		return l
	}
	var lines [][]*big.Rat
	for _, s := range sums {
		l := line()
		for _, content := range s.contents {
			l[column(content)].Add(l[column(content)], big.NewRat(1, 1))
		}
		for i, v := range s.slots {
			l[width+i].SetInt64(v)
		}
		lines = append(lines, l)
	}
	for content := range own {
		l := line()
		l[column(content)].SetInt64(1)
		for i, v := range m.vector(content) {
			l[width+i].SetInt64(int64(v))
		}
		lines = append(lines, l)
	}
	wanted := line()
	for content, factor := range want {
		wanted[column(content)].SetInt64(factor)
	}
	reduce(lines, wanted, width)
	for _, x := range wanted[:width] {
		if x.Sign() != 0 {
			return nil, false
		}
	}
	for _, x := range wanted[width:] {
		if !x.IsInt() {
			return nil, false
		}
		found = append(found, new(big.Int).Neg(x.Num()))
	}
	return found, true
}

// reduce takes from a line what the others add up to, by Gauss's elimination of the first columns.
func reduce(lines [][]*big.Rat, wanted []*big.Rat, width int) {
	take := func(from, l []*big.Rat, c int) {
		factor := new(big.Rat).Quo(from[c], l[c])
		for i := range from {
			from[i].Sub(from[i], new(big.Rat).Mul(factor, l[i]))
		}
	}
	done := 0
	for c := 0; c < width && done < len(lines); c++ {
		pivot := done
		for pivot < len(lines) && lines[pivot][c].Sign() == 0 {
			pivot++
		}
		if pivot == len(lines) {
			continue
		}
		lines[done], lines[pivot] = lines[pivot], lines[done]
		for _, l := range lines[done+1:] {
			take(l, lines[done], c)
		}
		take(wanted, lines[done], c)
		done++
	}
}

// bits are the adversary's guesses: what the sums tell, or, if they tell nothing, the lowest bits of the last of them.
func bits(m *market, sums []sum, own map[string]bool, want target, random *rand.Rand) (out [slots]int) {
	if found, ok := fromSums(m, sums, own, want); ok {
		for i, v := range found {
			out[i] = int(v.Bit(0))
		}
		return out
	}
	for i := range out {
		if len(sums) > 0 {
			out[i] = int(sums[len(sums)-1].slots[i] & 1)
		} else {
			out[i] = random.IntN(2)
		}
	}
	return out
}

// TestAttackExactSums plays the attacks on exact sums.
func TestAttackExactSums(t *testing.T) {
	now, before := make([]score, len(exactAttacks)), make([]score, len(exactAttacks))
	play := func(t *testing.T, seed uint64) {
		var accounts []string
		groups := make([][]string, len(exactAttacks))
		for i, a := range exactAttacks {
			groups[i] = names(fmt.Sprint("attack ", a.number), a.members, seed)
			accounts = append(accounts, groups[i]...)
		}
		m := newMarket(newExchange(t, accounts...), seed)
		random := rand.New(rand.NewPCG(seed, 13))
		for i, a := range exactAttacks {
			of := m.list(groups[i]...)
			want := target{contents(of[:1], first)[0]: 1}
			if a.wanted != nil {
				want = a.wanted(of)
			}
			own := map[string]bool{}
			for _, p := range of[a.members-a.own:] {
				own[p.Name+" "+first], own[p.Name+" "+second] = true, true
			}
			truth := [slots]int{}
			for content := range want {
				for slot, v := range m.vector(content) {
					truth[slot] ^= int(v & 1)
				}
			}
			var old []sum
			for _, set := range a.old(of) {
				old = append(old, m.plain(set))
			}
			for _, c := range []struct {
				sums []sum
				into *score
			}{{a.play(m, of), &now[i]}, {old, &before[i]}} {
				for slot, guess := range bits(m, c.sums, own, want, random) {
					c.into.add(guess == truth[slot])
				}
			}
		}
	}
	for seed := range (trials() + slots - 1) / slots {
		t.Run(fmt.Sprint("world ", seed), func(t *testing.T) { play(t, uint64(seed)) })
	}
	for i, a := range exactAttacks {
		t.Run(a.name, func(t *testing.T) {
			requireBroken(t, 0.85, before[i])
			promised := a.most
			if promised == 0 {
				promised = 0.5
			}
			requireAtMost(t, promised, now[i])
			note(row{number: a.number, attack: a.name, before: before[i].String(), after: now[i].String(), most: most(promised)})
		})
	}
}

// plain is the sum of contents, whoever may read it.
func (m *market) plain(set []string) sum {
	s := sum{contents: set, slots: make([]int64, slots)}
	for _, content := range set {
		for i, v := range m.vector(content) {
			s.slots[i] += int64(v)
		}
	}
	return s
}

// highest is the highest bit of a slot of an owner on paper.
func highest(v int64) int {
	if v >= 1<<15 {
		return 1
	}
	return 0
}

// TestAttackNoiseBesideExact takes a sum with noise over the others of a panel away from the panel's exact one: noise that hides a row does not hide an
// owner's total. A panel whose members chose owner_unit keeps sums with noise whole, too.
func TestAttackNoiseBesideExact(t *testing.T) {
	var now, before score
	play := func(t *testing.T, seed uint64) {
		groups := map[bool][]string{false: names("shown", 5, seed), true: names("kept", 5, seed)}
		m := newMarket(newExchange(t, append(slices.Clone(groups[false]), groups[true]...)...), seed)
		random := rand.New(rand.NewPCG(seed, 23))
		for _, unit := range []bool{false, true} {
			s := &before
			if unit {
				s = &now
			}
			of := m.list(groups[unit]...)
			m.ownerUnit = unit
			all, ok := m.read(m.question(0, "q", "x"), m.found(of), of...)
			require.True(t, ok)
			others, ok := m.read(m.hidden(), "", of[1:]...)
			require.NotEqual(t, unit, ok, "with owner_unit the panel stays whole")
			for slot, v := range m.vector(of[0].content())[1:] {
				guess := random.IntN(2)
				if ok {
					guess = highest(all.slots[slot+1] - others.slots[slot+1])
				}
				s.add(guess == highest(int64(v)))
			}
		}
	}
	for seed := range (trials() + slots - 2) / (slots - 1) {
		t.Run(fmt.Sprint("world ", seed), func(t *testing.T) { play(t, uint64(6_000+seed)) })
	}
	note(row{
		number: 39, attack: "an exact sum over a panel and one with noise over the others: the victim's total, with `owner_unit`", before: before.String() + " without it",
		after: now.String(), most: most(0.5),
	})
	requireBroken(t, 0.85, before)
	requireAtMost(t, 0.5, now)
}

// TestFromSums checks the linear algebra: a difference of sums, a multiple, and what no combination tells.
func TestFromSums(t *testing.T) {
	m := &market{vectors: map[string][]uint64{}}
	full := m.plain([]string{"a", "b", "c"})
	for name, tc := range map[string]struct {
		sums []sum
		own  map[string]bool
		ok   bool
	}{
		"difference":       {[]sum{full, m.plain([]string{"b", "c"})}, nil, true},
		"two of one":       {[]sum{m.plain([]string{"a", "b"}), m.plain([]string{"a", "c"}), m.plain([]string{"b", "c"})}, nil, true},
		"own members":      {[]sum{full}, map[string]bool{"b": true, "c": true}, true},
		"one is not known": {[]sum{full, m.plain([]string{"a", "b"})}, map[string]bool{"c": true}, false},
		"nothing":          {nil, nil, false},
	} {
		found, ok := fromSums(m, tc.sums, tc.own, target{"a": 1})
		require.Equal(t, tc.ok, ok, name)
		if ok {
			for i, v := range m.vector("a") {
				require.Equal(t, fmt.Sprint(v), found[i].String(), name)
			}
		}
	}
}
