package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Home is a worker's folder.
type Home string

// Files of a home.
func (h Home) KeyFile() string    { return filepath.Join(string(h), "worker.key") }
func (h Home) PublicKey() string  { return filepath.Join(string(h), "worker.pub") }
func (h Home) PolicyFile() string { return filepath.Join(string(h), "policy.yaml") }
func (h Home) Journal() string    { return filepath.Join(string(h), "journal") }
func (h Home) Cache() string      { return filepath.Join(string(h), "cache") }

// ErrHome is returned for a folder that others can enter.
var ErrHome = errors.New("worker home")

// Create makes the folder with mode 0700, or checks the one that is there.
func (h Home) Create() error {
	if err := os.MkdirAll(string(h), 0o700); err != nil {
		return fmt.Errorf("%w: %w", ErrHome, err)
	}
	return h.Check()
}

// Check refuses a folder in which others could read the policy or replace the compiled programs.
func (h Home) Check() error {
	info, err := os.Stat(string(h))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrHome, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("%w: %s is not a folder", ErrHome, h)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("%w: %s has mode %04o and is open to others; run chmod 700", ErrHome, h, mode)
	}
	return nil
}
