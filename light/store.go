package light

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Store keeps the trusted header in a folder, so that a restart goes on from it, however old the trust root is by then. It
// also keeps both headers of a conflict. A file that was changed by somebody else is that one's word: the folder is the
// owner's alone.
type Store struct{ folder string }

// NewStore returns the store in a folder, which is made when it is first written to.
func NewStore(folder string) *Store { return &Store{folder} }

// File names of a store. Headers are encoded as tendermint.types.LightBlock.
const (
	trustedFile  = "trusted.json"
	conflictFile = "conflict.json"
)

// kept is the content of a file.
type kept struct {
	// Root is the trust root under which this was found, as HEIGHT:HASH. Under another one it counts no more.
	Root    string `json:"root"`
	Trusted []byte `json:"trusted"`
	// Headers are the two of a conflict.
	Headers [][]byte `json:"headers,omitempty"`
}

// load returns the trusted header that was kept under a root, nil if there is none. The error is ErrConflict if there was a
// conflict under this root.
func (s *Store) load(chainID string, root Root) (*Block, error) {
	if k, err := s.read(conflictFile); err != nil || k != nil && k.Root == root.String() {
		if err == nil {
			err = fmt.Errorf("%w: %s holds both: find out which one is right and give a new trust root",
				ErrConflict, filepath.Join(s.folder, conflictFile))
		}
		return nil, err
	}
	k, err := s.read(trustedFile)
	if err != nil || k == nil || k.Root != root.String() {
		return nil, err
	}
	b, err := DecodeBlock(k.Trusted)
	if err == nil {
		err = b.check(chainID)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w; remove the file to begin from the trust root", ErrStore, filepath.Join(s.folder, trustedFile), err)
	}
	return &b, nil
}

func (s *Store) read(name string) (*kept, error) {
	path := filepath.Join(s.folder, name)
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStore, err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, 8*MaxAnswerBytes))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStore, err)
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, fmt.Errorf("%w: %s: %w; remove the file to begin from the trust root", ErrStore, path, err)
	}
	return &k, nil
}

func (s *Store) save(root Root, trusted Block) error {
	return s.write(trustedFile, kept{Root: root.String(), Trusted: trusted.Encode()})
}

func (s *Store) saveConflict(root Root, trusted, a, b Block) error {
	return s.write(conflictFile, kept{Root: root.String(), Trusted: trusted.Encode(), Headers: [][]byte{a.Encode(), b.Encode()}})
}

// write replaces a file as a whole: after a crash it is the one before or the new one.
func (s *Store) write(name string, k kept) error {
	data, err := json.Marshal(k)
	if err == nil {
		err = os.MkdirAll(s.folder, 0o700)
	}
	if err == nil {
		err = replaceFile(filepath.Join(s.folder, name), data)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrStore, err)
	}
	return nil
}

func replaceFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
