package privacy_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/terms"
)

// microRho is what the adversary's questions with noise disclose of a row, in millionths of rho: what is asked for if nobody says otherwise.
const microRho = 100_000

// oracles are the secrets that once told, or could tell, whether and when an owner contributes.
var oracles = []secret{
	{column: "range", cells: [2]string{"500", "2000"}}, // 10 bits are asked for
	{column: "decimals", cells: [2]string{"5", "5.0625"}},
	{column: "text", cells: [2]string{"5", "yes"}},
	{column: "trap", cells: [2]string{"5", "666"}},
	{column: "loop", cells: [2]string{"5", "667"}},
	{column: "wide", cells: [2]string{"5", "668"}},
	{column: "pace", cells: [2]string{"5", "5"}, slow: true},
	{column: "gone", cells: [2]string{"5", "5"}, gone: true},
	{column: "limit", cells: [2]string{"5", "5"}, limit: true},
	{column: "crash", cells: [2]string{"5", "5"}, crash: true},
}

// inPanels is how many of the oracles are played over panels: what becomes of a machine does show there.
const inPanels = 7

// answers are the secrets for which the noise has to stand.
var answers = []secret{
	{column: "sybils", cells: [2]string{"NA", "7"}},
	{column: "slots", cells: [2]string{"NA", "7"}},
	{column: "peek", cells: [2]string{"NA", "7"}},
}

// bare is a slot without noise; one and many are the ranges of a slot with as little noise as rho allows, and of sixteen slots with the noise for one.
var (
	bare = terms.Ranges{{Count: 1, High: 1}, {Count: 1, High: 1}}
	one  = terms.Ranges{{Count: 1, High: 1, Variance: 200}, {Count: 1, High: 1, Variance: 6}}
	many = terms.Ranges{{Count: 1, High: 1, Variance: 6}, {Count: 16, High: 1, Variance: 6}}
)

// learner guesses a bit from what was seen, by what it has seen of owners whose bits it knows (naive Bayes).
type learner struct {
	counts map[string][2]float64
	random *rand.Rand
}

func newLearner(seed uint64) *learner {
	return &learner{counts: map[string][2]float64{}, random: rand.New(rand.NewPCG(seed, 11))}
}

func (l *learner) learn(seen map[string]string, bit int) {
	for name, value := range seen {
		c := l.counts[name+"="+value]
		c[bit]++
		l.counts[name+"="+value] = c
	}
}

func (l *learner) guess(seen map[string]string) int {
	odds := 0.0
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		c := l.counts[name+"="+seen[name]]
		odds += math.Log((c[1] + 0.5) / (c[0] + 0.5))
	}
	switch {
	case odds > 1e-9:
		return 1
	case odds < -1e-9:
		return 0
	}
	return l.random.IntN(2)
}

// old is what an owner showed by the rules of commit 28b8f7c: one whose cells do not fit, or whose run fails, takes no part; a message leaves when it is
// ready.
func old(s secret, bit int) map[string]string {
	height := 1
	if bit == 1 {
		if !s.slow {
			return map[string]string{"contributed": "false"}
		}
		height += 2
	}
	return map[string]string{"contributed": "true", "height": fmt.Sprint(height)}
}

// worlds is how many worlds give the trials.
func worlds() int { return (trials() + victims - 1) / victims }

// liveAttack is an attack on live owners.
type liveAttack struct {
	number      int
	name        string
	now, before score
	most        float64
}

func (a *liveAttack) note() {
	note(row{number: a.number, attack: a.name, before: a.before.String(), after: a.now.String(), most: most(a.most)})
}

// judge fails if the attack was right more often than is promised, or does not work against an owner by the rules of old.
func (a *liveAttack) judge(t *testing.T, least float64) {
	t.Run(a.name, func(t *testing.T) {
		a.note()
		requireBroken(t, least, a.before)
		requireAtMost(t, a.most, a.now)
	})
}

// oracleNames are the attacks of the oracles in words.
var oracleNames = []string{
	"a value out of the range that is asked for", "a value with more decimals than are asked for", "a cell that is no number", "a program that traps on a value",
	"a program that never ends on a value", "a program that leaves its range on a value", "a run that takes longer", "a file that is missing",
	"a run that takes longer than its owner allows", "a run that takes the engine down",
}

// oracleAttacks are attacks by the oracles, with learners.
type oracleAttacks struct {
	attacks     []*liveAttack
	now, before []*learner
}

func newOracleAttacks(number int, how string, oracles []secret) *oracleAttacks {
	a := &oracleAttacks{}
	for i := range oracles {
		a.attacks = append(a.attacks, &liveAttack{number: number + i, name: how + oracleNames[i], most: 0.5})
		a.now, a.before = append(a.now, newLearner(uint64(i))), append(a.before, newLearner(uint64(i)))
	}
	return a
}

// play learns from the adversary's own owners in a world, and guesses the bits of the victims.
func (a *oracleAttacks) play(t *testing.T, l *live, oracles []secret) {
	for i, s := range oracles {
		for _, o := range l.owners[victims:] {
			a.now[i].learn(o.viewOf(l.jobs[s.column]).all(), o.bits[s.column])
			a.before[i].learn(old(s, o.bits[s.column]), o.bits[s.column])
		}
		for _, o := range l.owners[:victims] {
			require.NotNil(t, o.viewOf(l.jobs[s.column]).message, "%s of bit %d contributes", s.column, o.bits[s.column])
			a.attacks[i].now.add(a.now[i].guess(o.viewOf(l.jobs[s.column]).all()) == o.bits[s.column])
			a.attacks[i].before.add(a.before[i].guess(old(s, o.bits[s.column])) == o.bits[s.column])
		}
	}
}

// TestAttackLivePanels plays the attacks on what live owners show in exact sums over a panel.
func TestAttackLivePanels(t *testing.T) {
	played := oracles[:inPanels]
	attacks := newOracleAttacks(20, "over a panel: ", played)
	for world := range worlds() {
		t.Run(fmt.Sprint("world ", world), func(t *testing.T) {
			l := newLive(t, uint64(5_000+world), played, victims+known, true)
			for _, s := range played {
				l.overPanel(s.column)
			}
			l.play()
			attacks.play(t, l, played)
		})
	}
	for _, a := range attacks.attacks {
		a.judge(t, 0.85)
	}
}

// TestAttackLiveOwners plays the attacks on what live owners show in sums with noise, on the answers that they give to an adversary who owns the rest of
// the cohort, and by thieves of their key files.
func TestAttackLiveOwners(t *testing.T) {
	attacks := newOracleAttacks(1, "", oracles)
	rho := float64(microRho) / 1e6
	sybils := &liveAttack{number: 11, name: "all of the cohort but one are the adversary's", most: noised(rho)}
	peek := &liveAttack{number: 13, name: "a program that nobody has named copies a cell into a sum without noise", most: 0.5}
	slots := &liveAttack{number: 12, name: "a program that copies a cell into 16 slots, noise for one", most: noised(rho)}
	byKey := &liveAttack{number: 44, name: "the worker's key file and all blocks", most: 0.5}
	secrets := append(slices.Clone(oracles), answers...)
	play := func(t *testing.T, world int) {
		random := rand.New(rand.NewPCG(uint64(world), 17))
		l := newLive(t, uint64(world), secrets, victims+known, false)
		for _, s := range oracles {
			l.question(s.column, one)
		}
		l.question("sybils", one)
		l.question("slots", many)
		if err := l.try("peek", bare); err != nil {
			t.Logf("the chain refuses: %s", err)
		}
		l.play()
		attacks.play(t, l, oracles)
		for _, o := range l.owners[:victims] {
			bit := o.bits["sybils"]
			sybils.now.add(likelier(o.revealed(l.jobs["sybils"]), []float64{fileRows, 0}, []float64{fileRows, 1}, one) == bit)
			sybils.before.add(likelier([]int64{fileRows, int64(bit)}, []float64{fileRows, 0}, []float64{fileRows, 1}, one) == bit) // an exact sum
			copied := make([]float64, 17)
			copied[0] = fileRows - 1 // the host leaves the row out
			slots.now.add(likelier(o.revealed(l.jobs["slots"]), append([]float64{fileRows}, make([]float64, 16)...), copied, many) == o.bits["slots"])
			slots.before.add(likelier(trusted(random, o.bits["slots"]), make([]float64, 16), ones(16), many[1:]) == o.bits["slots"])
			if o.viewOf(l.jobs["peek"]).message != nil {
				peek.now.add(likelier(o.revealed(l.jobs["peek"]), []float64{fileRows, 0}, []float64{fileRows, 1}, one) == o.bits["peek"])
			} else {
				peek.now.add(random.IntN(2) == o.bits["peek"])
			}
			peek.before.add(likelier([]int64{fileRows, int64(bit)}, []float64{fileRows, 0}, []float64{fileRows, 1}, one) == bit)
			for _, withJournal := range []bool{false, true} {
				guess, known := o.guessByKey(t, l.jobs["sybils"], o.secrets["sybils"], withJournal)
				switch {
				case withJournal:
					require.True(t, known)
					byKey.before.add(guess == bit)
				case known:
					byKey.now.add(guess == bit)
				default:
					byKey.now.add(random.IntN(2) == bit)
				}
			}
		}
	}
	for world := range worlds() {
		t.Run(fmt.Sprint("world ", world), func(t *testing.T) { play(t, world) })
	}
	for _, a := range attacks.attacks {
		a.judge(t, 0.85)
	}
	sybils.judge(t, 0.85)
	slots.judge(t, 0.55)
	peek.judge(t, 0.85)
	byKey.judge(t, 0.85)
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// trusted is what the program gave when the noise was as much as its author said one row needs, and nobody measured the row.
func trusted(random *rand.Rand, bit int) []int64 {
	out := make([]int64, 16)
	for i := range out {
		out[i] = int64(bit) + int64(math.Round(random.NormFloat64()*math.Sqrt(float64(many[1].Variance))))
	}
	return out
}

// likelier is the bit that makes an answer likelier, if all rows but the secret one are known, and so the means for both bits.
func likelier(answer []int64, zero, one []float64, ranges terms.Ranges) int {
	at, odds := 0, 0.0
	for _, r := range ranges {
		for range r.Count {
			a, b := float64(answer[at])-zero[at], float64(answer[at])-one[at]
			odds += (a*a - b*b) / float64(r.Variance)
			at++
		}
	}
	if odds > 0 {
		return 1
	}
	return 0
}
