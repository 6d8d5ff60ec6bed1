package worker_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/securesum"
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
		"another draft":        {func(c *worker.Candidate) { c.Job.Vdaf = "draft-irtf-cfrg-vdaf-18" }, "the draft of this binary, got", true},
		"no budget":            {func(c *worker.Candidate) { c.Record.PrivacyBudget = 0 }, "expected at most 0 of 0 left", false},
		"no charge":            {func(c *worker.Candidate) { c.Job.MicroRho = 0 }, "micro_rho: expected 5000", true},
		"small charge":         {func(c *worker.Candidate) { c.Job.MicroRho = 4_999 }, "the node says 4999", true},
		"batches":              {func(c *worker.Candidate) { c.Program.Row = false }, "expected neither ranges nor micro_rho for a program that takes batches", true},
		"no ranges":            {func(c *worker.Candidate) { c.Job.Spec.Secure.Ranges = nil }, "slots of all ranges: expected the length", true},
		"little noise":         {func(c *worker.Candidate) { c.Job.Spec.Secure.Ranges[0].Variance = 99 }, "or no row could be used", true},
		"slots too small":      {func(c *worker.Candidate) { c.Job.Spec.Secure.Bits = 7 }, "bits: expected at least 8 for the sum of 1 rows and its noise, got 7", true},
		// 2^8 - 1 - 2 * 96 = 63
		"too many rows": {func(c *worker.Candidate) { c.Job.Spec.Secure.Bits = 8 }, "rows of the record: invalid ranges: bits: expected at least 9 for the sum of 100 rows and its noise, got 8", true},
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

// The same contribution always has the same noise; anything else has other noise.
func TestNoiseIsOfOneContribution(t *testing.T) {
	f := newFixture(t)
	newSecureLedger(t, f)
	f.job.Spec.Length, f.job.Spec.Secure.MicroRho = 64, 50
	f.job.Spec.Secure.Ranges = terms.Ranges{{Count: 64, High: 1, Variance: 10_001}}
	c := &worker.Computer{Policy: f.policy, Key: f.keys.Reader}
	first := securesum.Contribution{Record: f.record.Id, Version: "1.0.0", Owner: []byte("owner")}
	vector := make([]uint64, 64)
	key := worker.Key{Job: f.job.Id, Record: f.record.Id, Round: 1}
	secret, err := c.NewSecret(key)
	require.NoError(t, err)
	add := func(change func(job *chain.Job, of *securesum.Contribution, vector []uint64)) []uint64 {
		job, of, v := f.job, first, append([]uint64(nil), vector...)
		secure := *job.Spec.Secure
		secure.Ranges = append(terms.Ranges(nil), secure.Ranges...)
		job.Spec.Secure = &secure
		if change != nil {
			change(&job, &of, v)
		}
		out, err := (&worker.Computer{Policy: c.Policy, Key: c.Key}).AddNoise(key, secret, job, f.program, of, v)
		require.NoError(t, err)
		return out
	}
	drawn := add(nil)
	require.Equal(t, drawn, add(nil), "starting again repeats it")
	for name, change := range map[string]func(job *chain.Job, of *securesum.Contribution, vector []uint64){
		"attempt":  func(job *chain.Job, _ *securesum.Contribution, _ []uint64) { job.Attempt++ },
		"round":    func(job *chain.Job, _ *securesum.Contribution, _ []uint64) { job.Round++ },
		"job":      func(job *chain.Job, _ *securesum.Contribution, _ []uint64) { job.Id += "0" },
		"record":   func(_ *chain.Job, of *securesum.Contribution, _ []uint64) { of.Record += "0" },
		"version":  func(_ *chain.Job, of *securesum.Contribution, _ []uint64) { of.Version = "1.0.1" },
		"owner":    func(_ *chain.Job, of *securesum.Contribution, _ []uint64) { of.Owner = []byte("other") },
		"variance": func(job *chain.Job, _ *securesum.Contribution, _ []uint64) { job.Spec.Secure.Ranges[0].Variance++ },
		"range":    func(job *chain.Job, _ *securesum.Contribution, _ []uint64) { job.Spec.Secure.Ranges[0].High++ },
		"rho":      func(job *chain.Job, _ *securesum.Contribution, _ []uint64) { job.Spec.Secure.MicroRho++ },
		"width":    func(job *chain.Job, _ *securesum.Contribution, _ []uint64) { job.Spec.Secure.Bits = 40 },
		"vector":   func(_ *chain.Job, _ *securesum.Contribution, vector []uint64) { vector[63] = 1 },
	} {
		other, same := add(change), 0
		for i := range 63 {
			if other[i] == drawn[i] {
				same++
			}
		}
		// Two draws of standard deviation 100 agree with a chance of 1 in 354.
		require.LessOrEqual(t, same, 5, "%s: other noise", name)
	}

	exact := f.job
	exact.Spec.Secure = &chain.SecureSum{Seats: 3, Rounds: 1}
	out, err := c.AddNoise(key, secret, exact, f.program, first, vector)
	require.NoError(t, err)
	require.Equal(t, vector, out, "no noise where none is asked for")
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
