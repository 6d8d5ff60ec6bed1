package worker_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
)

// Who gets the key file and what is left of the home after a round, and has the blocks, cannot check a guess of what was sent: the secret
// of the round is erased. With the journal of the round's time a guess can be checked, so the attack is the right one.
func TestAttackLeakedWorkerKey(t *testing.T) {
	f := newFixture(t)
	s := newSecureLedger(t, f)
	path := filepath.Join(t.TempDir(), "journal")
	key := worker.Key{Job: f.job.Id, Record: f.record.Id, Round: 1}
	log := &logLines{}
	p := startWorker(t, s.ledger, computer(t, f).Compute, path, log)
	s.awaitContribution(t, 1)
	eventually(t, s.ledger, "note of it", func() bool { return len(log.find(t, "contributed")) == 1 })
	then, ok := p.journal.State(key)
	require.True(t, ok)
	require.Equal(t, worker.StageContributed, then.Stage)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	sent := securesum.Hash(s.shared.Proto())
	var job chain.Job
	s.with(func() {
		job = s.job
		s.judge(nil)
		s.job.Status, s.contribution.Status = chain.JobSettled, chain.ContributionPaid
	})
	eventually(t, s.ledger, "payment", func() bool { return len(log.find(t, "paid")) == 1 })
	p.stop(t)

	attacker := &worker.Computer{Policy: f.policy, Key: f.keys.Reader} // the key file
	shared, err := attacker.Share(job, f.program, then)
	require.NoError(t, err)
	require.Equal(t, sent, securesum.Hash(shared), "with the journal of that time the guess is confirmed")

	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(before), `"secret":`)
	require.NotContains(t, string(after), `"secret":`)
	require.NotContains(t, string(after), `"ciphertext":`)
	for range 3 {
		guess := then // the attacker even knows the vector
		guess.Secret, err = attacker.NewSecret(key)
		require.NoError(t, err)
		shared, err := attacker.Share(job, f.program, guess)
		require.NoError(t, err)
		require.NotEqual(t, sent, securesum.Hash(shared))
	}
	guess := then
	guess.Secret = nil
	_, err = attacker.Share(job, f.program, guess)
	require.ErrorIs(t, err, worker.ErrJournal, "without a secret there are no shares")
}
