package privacy_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/source"
	apptest "github.com/alita-network/alita/testutil/app"
)

// run is what a worker computed and shared for a job.
type run struct {
	cand    worker.Candidate
	plan    worker.Plan
	code    []byte
	job     chain.Job
	program chain.Program
	entry   worker.Entry
}

// sharer is the owner's computer, whose arguments are noted for a thief of the key file, of whom it is said which of them it has.
type sharer struct {
	*worker.Computer
	o *owner
}

// Share implements worker.Sharer.
func (s sharer) Share(job chain.Job, program chain.Program, e worker.Entry) (securesum.Shared, error) {
	s.o.runsLock.Lock()
	defer s.o.runsLock.Unlock()
	r := s.o.runs[job.Id]
	r.job, r.program, r.entry = job, program, e
	s.o.runs[job.Id] = r
	return s.Computer.Share(job, program, e)
}

// zeros is randomness that a thief of the key file tries for what it does not have.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// guessByKey is the bit for which the owner's key file, all that is in blocks, and all rows but the secret one give the message that the owner has sent;
// known is false if it is none. With the secret of the round, which is in the journal until the round is over, the bit is found.
func (o *owner) guessByKey(t *testing.T, job string, s secret, withJournal bool) (bit int, known bool) {
	t.Helper()
	r, sent := o.runs[job], o.viewOf(job).message
	thief := &worker.Computer{Policy: o.computer.Policy, Key: o.key, Sandbox: o.computer.Sandbox, Random: zeros{}}
	folder := t.TempDir()
	thief.Policy.DataDirs = []string{folder}
	for bit := range 2 {
		path := filepath.Join(folder, "rows.csv")
		require.NoError(t, os.WriteFile(path, []byte(o.text(s.column, bit)), 0o600))
		cand := r.cand
		seed := [source.SeedSize]byte{1}
		c, err := source.Commit(path, source.CSV, seed)
		require.NoError(t, err)
		location, err := source.Location{Path: path, Format: source.CSV, Seed: seed}.Marshal()
		require.NoError(t, err)
		sealed, err := seal.Seal(seal.RecordLabel(apptest.ChainID, o.record, o.account.Address()), location, []seal.PublicKey{o.key.Public()})
		require.NoError(t, err)
		cand.Version.Content.Commitment.Root = c.Root[:]
		cand.Version.Content.Location = chain.SealedLocation{Body: sealed.Body, Commitment: sealed.Commitment}
		for _, st := range sealed.Stanzas {
			cand.Version.Content.Location.Stanzas = append(cand.Version.Content.Location.Stanzas, chain.Stanza{KeyId: st.KeyID, Enc: st.Enc, Ciphertext: st.Ciphertext})
		}
		out, err := thief.Compute(t.Context(), cand, r.plan, r.code)
		require.NoError(t, err)
		require.NoError(t, out.Trouble)
		e := r.entry
		e.Enc, e.Ciphertext = out.Sealed.Enc, out.Sealed.Ciphertext
		if !withJournal {
			e.Secret, err = thief.NewSecret(e.Key)
			require.NoError(t, err)
		}
		shared, err := thief.Share(r.job, r.program, e)
		require.NoError(t, err)
		if proto.Equal(chain.SharedVector(shared, r.job.Attempt), sent.Shared) {
			return bit, true
		}
	}
	return 0, false
}
