package home

import (
	"errors"
	"fmt"
	"os"
)

// ErrHome is wrapped by every error about a folder.
var ErrHome = errors.New("home")

// Create makes a folder with mode 0700, or checks the one that is there.
func Create(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("%w: %w", ErrHome, err)
	}
	return Check(path)
}

// Check refuses a folder that others than its owner can enter: they could read its files, or replace them.
func Check(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrHome, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("%w: %s: expected a folder, got a file", ErrHome, path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("%w: mode of %s: expected 0700, got %04o, which lets others enter; run chmod 700", ErrHome, path, mode)
	}
	return nil
}
