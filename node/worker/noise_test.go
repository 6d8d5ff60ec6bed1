package worker_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/terms"
)

// noisedSum is a sum of counts with noise of variance 101 in each slot, at most 96: a row discloses at most 5,000 millionths of rho.
func noisedSum(length uint32) *chain.SecureSum {
	return &chain.SecureSum{Seats: 3, Rounds: 1, MicroRho: 5_000, Ranges: terms.Ranges{{Count: length, High: 1, Variance: 101}}}
}

// noised is a candidate of a secure sum with that noise.
func noised(t *testing.T) (worker.Policy, worker.Candidate) {
	t.Helper()
	f := newFixture(t)
	f.job.Spec.Delivery = chain.DeliverySecureSum
	newSeatedLedger(t, f)
	c := f.candidate()
	c.MaxShared = 128 << 10
	c.Job.Spec.Secure, c.Job.MicroRho, c.Program.Row = noisedSum(c.Job.Spec.Length), 5_000, true
	c.Record.PrivacyBudget, c.Record.PrivacySpent = 20_000, 15_000
	return f.policy, c
}

func TestDecideNoise(t *testing.T) {
	p, c := noised(t)
	_, decline := p.Decide(c)
	require.Nil(t, decline, "5,000 are left")
	again := c
	again.Record.PrivacyReserved, again.Job.Attempt = 5_000, 2
	_, decline = p.Decide(again)
	require.Nil(t, decline, "an attempt that was not opened gives back what it has set aside")
	rows := c.Version.Content.Commitment.Rows
	require.EqualValues(t, 100, rows)
	for name, tc := range map[string]struct {
		change func(*worker.Candidate)
		reason string
		final  bool
	}{
		"exact": {func(c *worker.Candidate) {
			c.Job.Spec.Secure.Ranges[0].Variance, c.Job.Spec.Secure.MicroRho, c.Job.MicroRho = 0, 0, 0
		}, "panels of the job: expected at least one in a sum without noise, got none", true},
		"budget spent":     {func(c *worker.Candidate) { c.Record.PrivacySpent = 15_001 }, "expected at most 4999 of 20000 left, got 5000", false},
		"budget set aside": {func(c *worker.Candidate) { c.Record.PrivacyReserved = 1 }, "expected at most 4999 of 20000 left, got 5000", false},
		"set aside for another attempt, and charged": {func(c *worker.Candidate) {
			c.Record.PrivacyReserved, c.Job.Attempt, c.Job.OpenedAttempts = 5_000, 2, 1
		}, "expected at most 0 of 20000 left, got 5000", false},
		"uses set aside":       {func(c *worker.Candidate) { c.Grants[0].Terms.MaxUses, c.Grants[0].Reserved = 1, 1 }, "used up (1 of 1 uses)", false},
		"rows above the job's": {func(c *worker.Candidate) { c.Job.Spec.MaxRows = 99 }, "max_rows of the job: expected a record of at most 99, got 100", true},
		"fee above the job's":  {func(c *worker.Candidate) { c.Job.Spec.MaxFee = 1 }, "max_fee of the job: expected a contribution of at most 1 ualita, got ", true},
		// Seats that speak it would open a sum to which nobody has added noise.
		"draft in which owners add the noise": {func(c *worker.Candidate) { c.Job.Vdaf = "draft-irtf-cfrg-vdaf-14" }, "vdaf: expected draft-irtf-cfrg-vdaf-14+alita.2, the draft of this binary, got", true},
		"another draft":                       {func(c *worker.Candidate) { c.Job.Vdaf = "draft-irtf-cfrg-vdaf-18" }, "the draft of this binary, got", true},
		"no budget":                           {func(c *worker.Candidate) { c.Record.PrivacyBudget = 0 }, "expected at most 0 of 0 left", false},
		"no charge":                           {func(c *worker.Candidate) { c.Job.MicroRho = 0 }, "micro_rho: expected 5000", true},
		"small charge":                        {func(c *worker.Candidate) { c.Job.MicroRho = 4_999 }, "the node says 4999", true},
		"batches":                             {func(c *worker.Candidate) { c.Program.Row = false }, "expected neither ranges nor micro_rho for a program that takes batches", true},
		"no ranges":                           {func(c *worker.Candidate) { c.Job.Spec.Secure.Ranges = nil }, "slots of all ranges: expected the length", true},
		"little noise":                        {func(c *worker.Candidate) { c.Job.Spec.Secure.Ranges[0].Variance = 99 }, "or no row could be used", true},
		"too many rows":                       {func(c *worker.Candidate) { c.Job.Spec.Secure.Bits = 6 }, "rows of the record: invalid ranges: bits: expected at least 7 for the sum of 100 rows, got 6", true},
	} {
		t.Run(name, func(t *testing.T) {
			p, c := noised(t)
			tc.change(&c)
			_, decline := p.Decide(c)
			require.NotNil(t, decline)
			require.Contains(t, decline.Reason, tc.reason)
			require.Equal(t, tc.final, decline.Final)
		})
	}
}

// A row program has no direct delivery: there its rows would have no ranges.
func TestDecideDirectRows(t *testing.T) {
	p, c := noised(t)
	p.IndividualResults, c.Grants[0].Terms.IndividualResults = true, true
	c.Job.Spec.Delivery, c.Job.Spec.Secure, c.Job.MicroRho = chain.DeliveryDirect, nil, 0
	_, decline := p.Decide(c)
	require.NotNil(t, decline)
	require.Contains(t, decline.Reason, "delivery of a row program: expected")
}

// A budget that its owner sets while the worker runs counts from then on.
func TestBudgetOfARunningWorker(t *testing.T) {
	f := newFixture(t)
	l := newNoisedLedger(t, f)
	f.record.PrivacyBudget = 0
	log := &logLines{}
	none := func(context.Context, worker.Candidate, worker.Plan, []byte) (worker.Outcome, error) {
		return worker.Outcome{}, errors.New("no answer")
	}
	p := startWorker(t, l.ledger, none, filepath.Join(t.TempDir(), "journal"), log)
	defer p.stop(t)
	eventually(t, l.ledger, "a refusal", func() bool { return len(log.find(t, "declined")) == 1 })
	require.Contains(t, log.find(t, "declined")[0]["reason"], "0 of 0 left")
	l.with(func() { f.record.PrivacyBudget = l.job.MicroRho })
	eventually(t, l.ledger, "a run", func() bool { return len(log.find(t, "accepted")) == 1 })
}

// A node that says that a program which takes batches is a row program, so that noise seems to hide a row, is found out by the code.
func TestAttackBatchesSaidToBeRows(t *testing.T) {
	f := newFixture(t)
	plan, decline := f.policy.Decide(f.candidate())
	require.Nil(t, decline)
	c := f.candidate()
	c.Program.Row = true
	_, err := computer(t, f).Compute(t.Context(), c, plan, f.code)
	require.ErrorContains(t, err, "row: expected false, as the code is, the node says true")
}
