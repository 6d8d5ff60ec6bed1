package worker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/terms"
)

func TestDecideAccepts(t *testing.T) {
	f := newFixture(t)
	plan, decline := f.policy.Decide(f.candidate())
	require.Nil(t, decline)
	// One column, three slots, 100 rows in one batch: 1,312 + (269 + 6,437) + 43*100.
	require.EqualValues(t, 12318, plan.Operations)
	// A million ualita for a million operations; one Data Token unit for each ualita.
	require.Equal(t, terms.NewFunds(12318, 12318), plan.Fee)
	require.Len(t, plan.Columns, 1)
}

func TestDecideDeclines(t *testing.T) {
	f := newFixture(t)
	stranger, _ := address(t)
	later, earlier := testTime.Add(time.Hour), testTime.Add(-time.Hour)
	for name, tc := range map[string]struct {
		policy func(*worker.Policy)
		change func(*worker.Candidate)
		reason string
		final  bool
	}{
		"record not in policy":    {policy: func(p *worker.Policy) { p.Records = []string{"ffffffffffffffffffffffffffffffff"} }, reason: "policy: records: expected a listed one, got " + f.record.Id, final: true},
		"record of another owner": {change: func(c *worker.Candidate) { c.Record.Owner = stranger }, reason: "as in the policy, got " + stranger, final: true},
		"consumer":                {policy: func(p *worker.Policy) { p.Consumers = []string{stranger} }, reason: "policy: consumers: expected a listed one, got " + f.consumer, final: true},
		"purpose":                 {policy: func(p *worker.Policy) { p.Purposes = []string{"health"} }, reason: `policy: purposes: expected a listed one, got "science"`, final: true},
		"price":                   {policy: func(p *worker.Policy) { p.MinPricePerMop = 1_000_001 }, reason: "min_price_per_mop: expected at least 1000001 ualita, got 1000000", final: true},
		"cohort":                  {policy: func(p *worker.Policy) { p.MinCohort = 3 }, reason: "min_cohort: expected at least 3 owners, got 2", final: true},
		"unknown delivery":        {change: func(c *worker.Candidate) { c.Job.Spec.Delivery = 99 }, reason: "delivery: expected DELIVERY_DIRECT or DELIVERY_SECURE_SUM, got 99", final: true},
		"individual results":      {policy: func(p *worker.Policy) { p.IndividualResults = false }, reason: "individual_results: expected true", final: true},
		"program":                 {policy: func(p *worker.Policy) { p.Authors = []string{stranger} }, reason: "programs, authors: expected a listed program or author", final: true},
		"other program answered":  {change: func(c *worker.Candidate) { c.Program.Id = "00" }, reason: "from the node, got 00", final: true},
		"cost table":              {change: func(c *worker.Candidate) { c.Program.MeteringVersion++ }, reason: "cost table", final: true},
		"shape":                   {change: func(c *worker.Candidate) { c.Job.Spec.Length = 4 }, reason: "job for program " + f.program.Id, final: true},
		"other pool":              {change: func(c *worker.Candidate) { c.Job.Spec.PoolId = 8 }, reason: "pool of the record: expected 8, as in the job", final: true},
		"retired":                 {change: func(c *worker.Candidate) { c.Record.Status = chain.RecordRetired }, reason: "RETIRED"},
		"version not admitted":    {change: func(c *worker.Candidate) { c.Version.Status = chain.VersionPending }, reason: "PENDING"},
		"column":                  {change: func(c *worker.Candidate) { c.Job.Spec.Columns = []string{"age"} }, reason: `columns of the record: expected "age" among them`, final: true},
		"one-hot of many rows":    {change: func(c *worker.Candidate) { c.Program.Kind = terms.VectorOneHot }, reason: "wrong number of rows: expected 1 for a program of one_hot, got 100"},
		"no grant":                {change: func(c *worker.Candidate) { c.Grants = nil }, reason: "grants of the record: expected one that allows the job, got none"},
		"grant for another":       {change: func(c *worker.Candidate) { c.Grants[0].Terms.Grantee = stranger }, reason: "grant 1 is for " + stranger},
		"grant for other program": {change: func(c *worker.Candidate) { c.Grants[0].Terms.Programs = []string{strings.Repeat("0", 64)} }, reason: "does not list the program"},
		"grant for noised sums":   {change: func(c *worker.Candidate) { c.Grants[0].Terms.Programs, c.Grants[0].Terms.AnyProgram = nil, true }, reason: "allows any program, and so only sums with noise"},
		"grant ended":             {change: func(c *worker.Candidate) { c.Grants[0].Terms.NotAfter = &earlier }, reason: "ended at"},
		"grant not begun":         {change: func(c *worker.Candidate) { c.Grants[0].Terms.NotBefore = &later }, reason: "begins at"},
		"grant used up":           {change: func(c *worker.Candidate) { c.Grants[0].Terms.MaxUses, c.Grants[0].Uses = 2, 2 }, reason: "used up"},
		"data fee":                {policy: func(p *worker.Policy) { p.MinDataFee = 1 << 63 }, reason: "min_data_fee: expected at least 9223372036854775808 units for a million operations", final: true},
		"grant data fee":          {change: func(c *worker.Candidate) { c.Grants[0].Terms.MinDataFee = math.NewInt(1 << 62) }, reason: "at least 4611686018427387904 units of the Data Token"},
		"grant price":             {change: func(c *worker.Candidate) { c.Grants[0].Terms.MinPricePerMop = math.NewInt(2_000_000) }, reason: "at least 2000000"},
		"grant cohort":            {change: func(c *worker.Candidate) { c.Grants[0].Terms.MinCohort = 5 }, reason: "cohort of at least 5"},
		"grant only sums":         {change: func(c *worker.Candidate) { c.Grants[0].Terms.IndividualResults = false }, reason: "individual results"},
		"phase":                   {change: func(c *worker.Candidate) { c.Job.Status = chain.JobDelivering }, reason: "DELIVERING", final: true},
		"deadline":                {change: func(c *worker.Candidate) { c.Height = 40 }, reason: "window for contributions: expected a block before 40, got 40", final: true},
		"full":                    {change: func(c *worker.Candidate) { c.Job.Owners = 10 }, reason: "cohort: expected fewer than 10 owners, got 10", final: true},
		"model overflows":         {change: func(c *worker.Candidate) { c.Program.Cost.PerRow.Constant = 1 << 63 }, reason: "cost model", final: true},
		"too many operations":     {policy: func(p *worker.Policy) { p.MaxOperations = 12317 }, reason: "max_operations: expected at most 12317, got 12318", final: true},
		"budget":                  {change: func(c *worker.Candidate) { c.Job.Reserved = terms.NewFunds(987_683, 0) }, reason: "12317 ualita", final: true},
		"budget of data":          {change: func(c *worker.Candidate) { c.Job.Reserved = terms.NewFunds(0, 987_683) }, reason: "12317 Data Token", final: true},
		"input":                   {change: func(c *worker.Candidate) { c.Job.Spec.Input = nil }, reason: "input of the job", final: true},
		"input of other shape": {change: func(c *worker.Candidate) {
			c.Job.Spec.Columns, c.Job.Spec.Length = []string{"speed_km_s", "run"}, 6
		}, reason: "input of the job: expected 2 columns, got 1", final: true},
	} {
		t.Run(name, func(t *testing.T) {
			p, c := f.policy, f.candidate()
			if tc.policy != nil {
				tc.policy(&p)
			}
			if tc.change != nil {
				tc.change(&c)
			}
			plan, decline := p.Decide(c)
			require.NotNil(t, decline)
			require.Zero(t, plan)
			require.Contains(t, decline.Reason, tc.reason)
			require.Equal(t, tc.final, decline.Final)
		})
	}
}

func TestDecideAcceptsOneHotOfOneRow(t *testing.T) {
	f := newFixture(t)
	c := f.candidate()
	c.Program.Kind, c.Program.Bits, c.Version.Content.Commitment.Rows = terms.VectorOneHot, 1, 1
	_, decline := f.policy.Decide(c)
	require.Nil(t, decline)
}

func TestDecideAcceptsAtTheLimits(t *testing.T) {
	f := newFixture(t)
	p, c := f.policy, f.candidate()
	p.MinPricePerMop, p.MinCohort, p.MaxOperations = 1_000_000, 2, 12318
	p.Authors, p.Programs = nil, []string{f.program.Id}
	p.Records, p.Consumers, p.Purposes = []string{f.record.Id}, []string{f.consumer}, []string{"science"}
	c.Height, c.Job.Owners = 39, 9
	c.Job.Reserved = terms.NewFunds(987_682, 987_682)
	// One of several grants is enough.
	c.Grants = append([]chain.Grant{{Id: 0, Terms: terms.GrantTerms{MinPricePerMop: math.ZeroInt()}}}, c.Grants...)
	_, decline := p.Decide(c)
	require.Nil(t, decline)
}
