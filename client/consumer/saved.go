package consumer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
)

// Saved is a run that is kept on this machine, without its keys.
type Saved struct {
	ChainID string `json:"chain_id"`
	JobID   string `json:"job_id"`
	// From is the name of the consumer's key: KeyName of the client that opened it.
	From     string   `json:"from"`
	Question Question `json:"question"`
	// CheckNodes are the names of the second nodes.
	CheckNodes []string `json:"check_nodes,omitempty"`
	// Plot is for the caller: the file that the answer is drawn to; empty for none.
	Plot string `json:"plot,omitempty"`
}

// ReadSaved returns what is known of a run that a home keeps.
func ReadSaved(home, jobID string) (Saved, error) {
	r, err := loadRun(home, jobID)
	return r.Saved, err
}

// savedRun is a run as it is kept until its answer is open: the keys that only the
// reader has, and the bills of the rounds that are over, which the chain forgets.
// The state of the session is not kept: it follows from the question and the sums
// of the rounds, which the chain has.
type savedRun struct {
	Saved
	// ReaderKeys are made for this job, the last one for what is sealed from now on.
	ReaderKeys [][]byte `json:"reader_keys"`
	// Timeout is the last block that can open the job; 0 if there is none, or if that is not known.
	Timeout uint64      `json:"timeout_height,omitempty"`
	Rounds  []roundBill `json:"rounds,omitempty"`
}

// runFile is the file of a run. Only its user can read it.
func runFile(home, jobID string) string { return filepath.Join(home, "compute", jobID+".json") }

// asideFile is the file of a run that a node says it has refused.
func asideFile(home, jobID string) string { return runFile(home, jobID) + ".old" }

// create writes the run before its job is opened, so that no crash loses the key.
func (r savedRun) create(home string) error {
	file := runFile(home, r.JobID)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return r.write(file, os.O_EXCL)
}

// save replaces the file, entirely or not at all.
func (r savedRun) save(home string) error {
	file := runFile(home, r.JobID)
	if err := r.write(file+".new", os.O_TRUNC); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func (r savedRun) write(file string, mode int) error {
	bz, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|mode, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(bz); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(file))
}

// syncFolder makes sure that a new name outlives a loss of power.
func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// loadRun reads a run with its keys, also one that was set aside.
func loadRun(home, jobID string) (savedRun, error) {
	if err := types.ValidateJobID(jobID); err != nil {
		return savedRun{}, err
	}
	file := runFile(home, jobID)
	bz, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		bz, err = os.ReadFile(asideFile(home, jobID))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return savedRun{}, fmt.Errorf("key of job %s: not found in %s: only the home that opened a job can read its answer, and the key is deleted once the answer was shown",
			jobID, filepath.Dir(file))
	}
	if err != nil {
		return savedRun{}, err
	}
	var run savedRun
	if err := json.Unmarshal(bz, &run); err != nil || run.JobID != jobID || len(run.ReaderKeys) == 0 {
		return savedRun{}, fmt.Errorf("%s: expected the saved run of job %s, got a damaged file", file, jobID)
	}
	for _, seed := range run.ReaderKeys {
		if _, err := seal.ParsePrivateKey(seed); err != nil {
			return savedRun{}, fmt.Errorf("%s: %w", file, err)
		}
	}
	return run, nil
}

// setAsideRun keeps the keys of a run that a node says it has refused, or that is over. Nothing
// deletes the file but forgetRun.
func setAsideRun(home, jobID string) error {
	err := os.Rename(runFile(home, jobID), asideFile(home, jobID))
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Stat(asideFile(home, jobID)) // it was resumed from there
	}
	return err
}

// asideRuns are the jobs of the runs that were set aside.
func asideRuns(home string) ([]string, error) {
	files, err := filepath.Glob(asideFile(home, "*"))
	var jobs []string
	for _, file := range files {
		if id := strings.TrimSuffix(filepath.Base(file), filepath.Base(asideFile(home, ""))); types.ValidateJobID(id) == nil {
			jobs = append(jobs, id)
		}
	}
	return jobs, err
}

// forgetRun deletes the keys of a run.
func forgetRun(home, jobID string) error {
	err, aside := os.Remove(runFile(home, jobID)), os.Remove(asideFile(home, jobID))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return aside
	case errors.Is(aside, fs.ErrNotExist):
		return err
	}
	return errors.Join(err, aside)
}

// addKey makes a new reader's key, which is the last one from now on.
func (r *savedRun) addKey() (seal.PrivateKey, error) {
	key, err := seal.GenerateKey()
	if err != nil {
		return seal.PrivateKey{}, err
	}
	seed, err := key.Bytes()
	if err != nil {
		return seal.PrivateKey{}, err
	}
	r.ReaderKeys = append(r.ReaderKeys, seed)
	return key, nil
}

// freshKey returns the public key of the last reader's key, or of a new one if the
// last one is in use.
func (r *savedRun) freshKey(used []byte) (seal.PublicKey, error) {
	last, err := seal.ParsePrivateKey(r.ReaderKeys[len(r.ReaderKeys)-1])
	if err != nil {
		return seal.PublicKey{}, err
	}
	if public := last.Public(); !bytes.Equal(public.Bytes(), used) {
		return public, nil
	}
	fresh, err := r.addKey()
	return fresh.Public(), err
}

// key returns the private key of a reader's key.
func (r savedRun) key(public []byte) (seal.PrivateKey, error) {
	for _, seed := range r.ReaderKeys {
		key, err := seal.ParsePrivateKey(seed)
		if err != nil {
			return seal.PrivateKey{}, fmt.Errorf("key of job %s: %w", r.JobID, err)
		}
		own := key.Public()
		if bytes.Equal(own.Bytes(), public) {
			return key, nil
		}
	}
	return seal.PrivateKey{}, fmt.Errorf("reader's key of job %s: expected one that this home keeps, got another", r.JobID)
}
