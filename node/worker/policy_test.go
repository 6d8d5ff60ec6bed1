package worker_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
)

func TestPolicyFileReadsBack(t *testing.T) {
	f := newFixture(t)
	text := rapid.StringMatching(`[ -~äß€:#'"{}\[\]&*!|>%@-]{0,30}`)
	hex := func(n int) *rapid.Generator[[]string] {
		return rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("0123456789abcdef")), n, n, n), 0, 3)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := worker.Policy{
			ChainID: "c" + text.Draw(t, "chain"), Node: "n" + text.Draw(t, "node"), Owner: f.owner, Trust: f.policy.Trust,
			Witnesses: rapid.SliceOfN(text, 0, 3).Draw(t, "witnesses"),
			Fees:      worker.FeePolicy{Payer: rapid.SampledFrom([]string{"owner", "worker"}).Draw(t, "payer"), GasPrice: rapid.SampledFrom([]string{"", "0.0025ualita"}).Draw(t, "price")},
			Records:   hex(32).Draw(t, "records"),
			Programs:  hex(64).Draw(t, "programs"), Authors: []string{f.author}, Consumers: []string{f.consumer},
			Purposes:       rapid.SliceOfN(text, 0, 3).Draw(t, "purposes"),
			MinPricePerMop: rapid.Uint64().Draw(t, "price"), MinCohort: rapid.Uint32().Draw(t, "cohort"),
			MaxOperations: rapid.Uint64().Draw(t, "operations"), IndividualResults: rapid.Bool().Draw(t, "individual"),
			Panels: worker.PanelPolicy{
				IDs: hex(64).Draw(t, "panels"), MinThreshold: rapid.Uint32().Draw(t, "threshold"),
				Class: rapid.SampledFrom([]string{worker.ClassFixed, worker.ClassNamed}).Draw(t, "class"),
			},
		}
		for range rapid.IntRange(0, 3).Draw(t, "dirs") {
			p.DataDirs = append(p.DataDirs, filepath.Clean("/data/"+strings.Trim(text.Draw(t, "dir"), " ")))
		}
		file, err := worker.PolicyFile(p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := worker.ParsePolicy(file)
		if err != nil {
			t.Fatalf("%v\n%s", err, file)
		}
		again, err := worker.PolicyFile(got)
		if err != nil || string(again) != string(file) {
			t.Fatalf("%v\n%s\n%s", err, file, again)
		}
		if got.ChainID != p.ChainID || got.MinPricePerMop != p.MinPricePerMop || strings.Join(got.Purposes, "\x00") != strings.Join(p.Purposes, "\x00") {
			t.Fatalf("%+v became %+v", p, got)
		}
	})
}

// A policy that says nothing of seats asks for three. Zero is zero.
func TestDefaultMinSeats(t *testing.T) {
	f := newFixture(t)
	f.policy.MinSeats = 2
	file, err := worker.PolicyFile(f.policy)
	require.NoError(t, err)
	for member, want := range map[string]uint32{"": 3, "min_seats: 0": 0, "min_seats: 2": 2, "min_seats: 5": 5} {
		policy, err := worker.ParsePolicy([]byte(strings.Replace(string(file), "min_seats: 2", member, 1)))
		require.NoError(t, err)
		require.Equal(t, want, policy.MinSeats, member)
	}
}

// A policy that says nothing of panels answers signed questions only, in panels of a threshold of at least three.
func TestDefaultPanels(t *testing.T) {
	f := newFixture(t)
	file, err := worker.PolicyFile(f.policy)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(file), "panels:\n")
	require.True(t, found)
	_, after, found := strings.Cut(rest, "\n\n")
	require.True(t, found)
	policy, err := worker.ParsePolicy([]byte(before + after))
	require.NoError(t, err)
	require.Equal(t, worker.PanelPolicy{MinThreshold: 3, Class: worker.ClassFixed}, policy.Panels)
}

func TestUnusablePolicies(t *testing.T) {
	f := newFixture(t)
	good, err := worker.PolicyFile(f.policy)
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		from, to, says string
	}{
		"misspelt member":    {"min_cohort: 2", "min_cohorts: 2", "min_cohorts"},
		"no chain":           {"chain_id: " + testChain, "chain_id: ''", "chain_id: expected the id of a chain, got none"},
		"no node":            {"node: 127.0.0.1:1", "node: ''", "node: expected host:port"},
		"no trust":           {"trust: " + f.policy.Trust.YAML(), "", "trust: expected"},
		"wrong trust":        {"trust: " + f.policy.Trust.YAML(), "trust: everybody", `the word node, got "everybody"`},
		"short hash":         {"trust: " + f.policy.Trust.YAML(), "trust: {height: 5, hash: AB}", "trust: expected"},
		"no height":          {"trust: {height: 1,", "trust: {height: 0,", "trust: expected"},
		"foreign owner":      {"owner: " + f.owner, "owner: cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a", "owner"},
		"payer":              {"payer: owner", "payer: nobody", "fees.payer"},
		"gas price":          {`gas_price: ""`, `gas_price: "cheap"`, "gas_price"},
		"relative folder":    {"- " + f.dir, "- data", "data_dirs"},
		"unclean folder":     {"- " + f.dir, "- /data/../etc", "data_dirs"},
		"short record":       {"records: []", "records: [abc]", "records"},
		"upper-case program": {"programs: []", "programs: [" + strings.Repeat("A", 64) + "]", "programs"},
		"bad author":         {"- " + f.author, "- someone", "authors"},
		"negative price":     {"min_price_per_mop: 100", "min_price_per_mop: -1", "cannot unmarshal"},
		"a class of panels":  {"\n  class: fixed", "\n  class: any", `panels.class: expected "fixed" or "named", got "any"`},
		"a short panel":      {"ids: []", "ids: [abc]", "panels.ids"},
		"exact sums":         {"\npurposes:", "\nexact_sums: false\npurposes:", "exact_sums: expected none, got false; delete the line: exact sums are over panels alone"},
		"two documents":      {"individual_results: true", "individual_results: true\n---\nx: 1", "expected one document, got more"},
		"not yaml":           {"chain_id:", "\tchain_id", "yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			text := string(good)
			require.Contains(t, text, tc.from)
			_, err := worker.ParsePolicy([]byte(strings.Replace(text, tc.from, tc.to, 1)))
			require.ErrorIs(t, err, worker.ErrPolicy)
			require.ErrorContains(t, err, tc.says)
		})
	}
	_, err = worker.ParsePolicy(nil)
	require.ErrorIs(t, err, worker.ErrPolicy)
	_, err = worker.ReadPolicy(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestHints(t *testing.T) {
	f := newFixture(t)
	f.policy.IndividualResults, f.policy.MinSeats = false, worker.DefaultMinSeats
	require.Empty(t, f.policy.Hints(), "what init makes by default")
	for name, change := range map[string]func(p *worker.Policy){
		"data_dirs":          func(p *worker.Policy) { p.DataDirs = nil },
		"programs":           func(p *worker.Policy) { p.Programs, p.Authors = nil, nil },
		"any_program":        func(p *worker.Policy) { p.AnyProgram = true },
		"individual_results": func(p *worker.Policy) { p.IndividualResults = true },
		"panels.class":       func(p *worker.Policy) { p.Panels.Class = worker.ClassNamed },
		"min_seats":          func(p *worker.Policy) { p.MinSeats = 2 },
		"trust":              func(p *worker.Policy) { p.Trust = chain.Trust{Node: true} },
		"witnesses":          func(p *worker.Policy) { p.Witnesses = nil },
	} {
		p := f.policy
		change(&p)
		require.Len(t, p.Hints(), 1, name)
		require.True(t, strings.HasPrefix(p.Hints()[0], name), p.Hints()[0])
	}
}

func TestAllowsFile(t *testing.T) {
	root := t.TempDir()
	in, out := filepath.Join(root, "data"), filepath.Join(root, "data-other")
	require.NoError(t, os.MkdirAll(filepath.Join(in, "deep"), 0o700))
	require.NoError(t, os.MkdirAll(out, 0o700))
	for _, file := range []string{filepath.Join(in, "deep", "a.csv"), filepath.Join(out, "b.csv")} {
		require.NoError(t, os.WriteFile(file, nil, 0o600))
	}
	require.NoError(t, os.Symlink(filepath.Join(out, "b.csv"), filepath.Join(in, "link.csv")))
	require.NoError(t, os.Symlink(in, filepath.Join(root, "alias")))

	p := worker.Policy{DataDirs: []string{in}}
	require.True(t, p.AllowsFile(filepath.Join(in, "deep", "a.csv")))
	require.True(t, p.AllowsFile(filepath.Join(root, "alias", "deep", "a.csv")))
	require.False(t, p.AllowsFile(filepath.Join(out, "b.csv")), "a folder whose name only begins alike")
	require.False(t, p.AllowsFile(filepath.Join(in, "..", "data-other", "b.csv")))
	require.False(t, p.AllowsFile(filepath.Join(in, "link.csv")), "a link that leads out")
	require.False(t, p.AllowsFile(filepath.Join(in, "none.csv")))
	require.False(t, (&worker.Policy{}).AllowsFile(filepath.Join(in, "deep", "a.csv")))
	p.DataDirs = []string{filepath.Join(root, "alias")}
	require.True(t, p.AllowsFile(filepath.Join(in, "deep", "a.csv")), "a folder named by a link")
}

func FuzzParsePolicy(f *testing.F) {
	fx := newFixture(f)
	good, err := worker.PolicyFile(fx.policy)
	require.NoError(f, err)
	f.Add(good)
	f.Add([]byte("chain_id: x"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := worker.ParsePolicy(data)
		if err != nil {
			return
		}
		_, err = worker.PolicyFile(p)
		require.NoError(t, err)
	})
}
