package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
)

// savedRun is what a run keeps on this machine until its answer is open: the
// one-time key that only the reader has.
type savedRun struct {
	ChainID   string `json:"chain_id"`
	JobID     string `json:"job_id"`
	ReaderKey []byte `json:"reader_key"`
}

// runFile is where a run is kept: readable by its user alone.
func runFile(home, jobID string) string {
	return filepath.Join(home, "compute", jobID+".json")
}

// save writes the run before its job is opened, so that no crash loses the key.
func (r savedRun) save(home string) error {
	file := runFile(home, r.JobID)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	bz, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(bz); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(f.Sync(), f.Close())
}

// loadRun reads a run with its key.
func loadRun(home, jobID string) (savedRun, seal.PrivateKey, error) {
	if err := types.ValidateJobID(jobID); err != nil {
		return savedRun{}, seal.PrivateKey{}, err
	}
	file := runFile(home, jobID)
	bz, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return savedRun{}, seal.PrivateKey{}, fmt.Errorf("no key for job %s in %s: only the home that opened a job can read its answer, and the key is deleted once the answer was shown", jobID, filepath.Dir(file))
	}
	if err != nil {
		return savedRun{}, seal.PrivateKey{}, err
	}
	var run savedRun
	if err := json.Unmarshal(bz, &run); err != nil || run.JobID != jobID {
		return savedRun{}, seal.PrivateKey{}, fmt.Errorf("%s is damaged", file)
	}
	key, err := seal.ParsePrivateKey(run.ReaderKey)
	if err != nil {
		return savedRun{}, seal.PrivateKey{}, fmt.Errorf("%s: %w", file, err)
	}
	return run, key, nil
}

// forgetRun deletes the key of a run.
func forgetRun(home, jobID string) error {
	return os.Remove(runFile(home, jobID))
}
