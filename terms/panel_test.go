package terms_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
)

var question = terms.PanelQuestion{
	ProgramID: strings.Repeat("a", 64), Columns: []string{"speed", "day"}, Length: 6, Input: []byte{1, 2},
	Ranges: []terms.PanelRange{{Count: 6, Low: -1, High: 9}},
}

// questions are what differs from question in one thing each.
func questions() map[string]terms.PanelQuestion {
	all := map[string]terms.PanelQuestion{}
	for name, change := range map[string]func(*terms.PanelQuestion){
		"another program": func(q *terms.PanelQuestion) { q.ProgramID = strings.Repeat("b", 64) },
		"another order":   func(q *terms.PanelQuestion) { q.Columns = []string{"day", "speed"} },
		"fewer columns":   func(q *terms.PanelQuestion) { q.Columns = q.Columns[:1] },
		"columns in one":  func(q *terms.PanelQuestion) { q.Columns = []string{"speedday"} },
		"another length":  func(q *terms.PanelQuestion) { q.Length++ },
		"a byte of input": func(q *terms.PanelQuestion) { q.Input = []byte{1, 3} },
		"no input":        func(q *terms.PanelQuestion) { q.Input = nil },
		"a greater range": func(q *terms.PanelQuestion) { q.Ranges = []terms.PanelRange{{Count: 6, Low: -1, High: 10}} },
		"a split range": func(q *terms.PanelQuestion) {
			q.Ranges = append([]terms.PanelRange{{Count: 3, Low: -1, High: 9}}, q.Ranges...)
		},
		"no range":          func(q *terms.PanelQuestion) { q.Ranges = nil },
		"input as a column": func(q *terms.PanelQuestion) { q.Columns, q.Input = append(q.Columns, "\x01\x02"), nil },
	} {
		q := question
		q.Columns = append([]string(nil), question.Columns...)
		change(&q)
		all[name] = q
	}
	return all
}

func TestPanelTerms(t *testing.T) {
	fixed := terms.PanelTerms{
		Class: terms.PanelFixed, Purposes: []string{"research"}, MinPricePerMop: math.NewInt(5), Questions: []terms.PanelQuestion{question},
	}
	req := terms.PanelRequest{Question: question, Purpose: "research", PricePerMop: math.NewInt(5), Rounds: 1}
	require.Empty(t, fixed.Lacks(req))
	named := fixed
	named.Class, named.Questions, named.Programs = terms.PanelNamed, nil, []string{question.ProgramID}
	for name, q := range questions() {
		r := req
		r.Question = q
		require.Contains(t, fixed.Lacks(r), "does not list the question", name)
		if name != "another program" {
			require.Empty(t, named.Lacks(r), name)
		}
	}
	for _, c := range []struct {
		name   string
		terms  terms.PanelTerms
		change func(*terms.PanelRequest)
		want   string
	}{
		{"two rounds of signed questions", fixed, func(r *terms.PanelRequest) { r.Rounds = 2 }, "one round only"},
		{"two rounds of a named program", named, func(r *terms.PanelRequest) { r.Rounds = 2 }, ""},
		{"another program", named, func(r *terms.PanelRequest) { r.Question.ProgramID = strings.Repeat("b", 64) }, "does not list the program"},
		{"another purpose", named, func(r *terms.PanelRequest) { r.Purpose = "sales" }, `does not list the purpose "sales"`},
		{"no purpose", fixed, func(r *terms.PanelRequest) { r.Purpose = "" }, `does not list the purpose ""`},
		{"a low price", fixed, func(r *terms.PanelRequest) { r.PricePerMop = math.NewInt(4) }, "asks at least 5 ualita"},
		{"no price", fixed, func(r *terms.PanelRequest) { r.PricePerMop = math.Int{} }, "asks at least 5 ualita"},
		{"no class", terms.PanelTerms{}, func(*terms.PanelRequest) {}, "has no class"},
	} {
		r := req
		c.change(&r)
		if got := c.terms.Lacks(r); c.want == "" {
			require.Empty(t, got, c.name)
		} else {
			require.Contains(t, got, c.want, c.name)
		}
	}
}

// TestPanelHashes changes everything that an id and a question are made of, one by one: no two hashes are the same.
func TestPanelHashes(t *testing.T) {
	base := terms.PanelTerms{
		Class: terms.PanelFixed, Purposes: []string{"research"}, MinPricePerMop: math.NewInt(5), Threshold: 3, Questions: []terms.PanelQuestion{question},
	}
	records := []string{"r1", "r2", "r3"}
	ids := map[string]string{}
	add := func(name, id string) {
		require.Len(t, id, 64)
		require.Empty(t, ids[id], name)
		ids[id] = name
	}
	add("the first", terms.PanelID([]byte("p"), []byte("s"), 1, records, base))
	add("another proposer", terms.PanelID([]byte("q"), []byte("s"), 1, records, base))
	add("another salt", terms.PanelID([]byte("p"), []byte("t"), 1, records, base))
	add("proposer and salt cut elsewhere", terms.PanelID([]byte("ps"), nil, 1, records, base))
	add("another pool", terms.PanelID([]byte("p"), []byte("s"), 2, records, base))
	add("fewer records", terms.PanelID([]byte("p"), []byte("s"), 1, records[:2], base))
	for name, change := range map[string]func(*terms.PanelTerms){
		"another class":          func(x *terms.PanelTerms) { x.Class = terms.PanelNamed },
		"no purposes":            func(x *terms.PanelTerms) { x.Purposes = nil },
		"a purpose as a program": func(x *terms.PanelTerms) { x.Purposes, x.Programs = nil, []string{"research"} },
		"another price":          func(x *terms.PanelTerms) { x.MinPricePerMop = math.NewInt(6) },
		"another threshold":      func(x *terms.PanelTerms) { x.Threshold = 4 },
		"owner unit":             func(x *terms.PanelTerms) { x.OwnerUnit = true },
		"no question":            func(x *terms.PanelTerms) { x.Questions = nil },
	} {
		changed := base
		change(&changed)
		add(name, terms.PanelID([]byte("p"), []byte("s"), 1, records, changed))
	}
	for name, q := range questions() {
		changed := base
		changed.Questions = []terms.PanelQuestion{q}
		add(name, terms.PanelID([]byte("p"), []byte("s"), 1, records, changed))
	}
	free := base
	free.MinPricePerMop = math.Int{}
	none := base
	none.MinPricePerMop = math.ZeroInt()
	require.Equal(t, terms.PanelID(nil, nil, 1, nil, free), terms.PanelID(nil, nil, 1, nil, none), "no price and a price of nothing are one")

	hashes := map[[32]byte]string{}
	count := func(name string, h [32]byte) {
		require.Empty(t, hashes[h], name)
		hashes[h] = name
	}
	edition := []terms.PanelEdition{{ID: "a", Edition: 1}}
	count("the first", question.Hash(1, edition))
	count("another pool", question.Hash(2, edition))
	count("another edition", question.Hash(1, []terms.PanelEdition{{ID: "a", Edition: 2}}))
	count("another panel", question.Hash(1, []terms.PanelEdition{{ID: "b", Edition: 1}}))
	count("two panels", question.Hash(1, append(edition, terms.PanelEdition{ID: "b", Edition: 1})))
	for name, q := range questions() {
		count(name, q.Hash(1, edition))
	}
}

func TestPanelSlots(t *testing.T) {
	for _, c := range []struct {
		cells uint64
		ppm   uint32
		want  uint64
	}{
		{200, 100_000, 20},
		{19, 100_000, 1},
		{9, 100_000, 0},
		{0, 1_000_000, 0},
		{100, 1_000_000, 100},
		{100, 2_000_000, 100},
		{1 << 57, 1_000_000, 1 << 57},
		{1<<64 - 1, 1_000_000, 1<<64 - 1},
	} {
		require.Equal(t, c.want, terms.PanelSlots(c.cells, c.ppm), c)
	}
	require.NoError(t, terms.PanelSlotsLeft(17, 20, 3))
	require.NoError(t, terms.PanelSlotsLeft(30, 20, 0))
	require.EqualError(t, terms.PanelSlotsLeft(17, 20, 4), "panel does not answer the job: slots: expected at most 3 of 20 left in this edition, got 4")
	require.ErrorIs(t, terms.PanelSlotsLeft(30, 20, 1), terms.ErrPanel)
}
