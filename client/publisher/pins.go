package publisher

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/alita-network/alita/x/metadata/types"
)

// ErrWorkerKey means that a node shows another key of a worker than it did before.
var ErrWorkerKey = errors.New("key of the worker")

// Pins is a file with the keys of the workers that locations were sealed to. A worker's key never changes, so a node that names
// another one, to read the location in the transaction, is refused before anything is sealed. The first key is the node's word:
// compare it with "alita-worker key". The zero value remembers nothing.
type Pins struct {
	File string
	// Known are keys from the workers' own files, by account: they count before the ones in File.
	Known map[string][]byte
}

// Check compares workers with the file, and adds those that it does not have. fresh are their accounts. The error is ErrWorkerKey if
// one of them has another key.
func (p Pins) Check(workers []types.Worker) (fresh []string, err error) {
	for _, w := range workers {
		if key, ok := p.Known[w.Address]; ok && !bytes.Equal(key, w.PublicKey) {
			return nil, fmt.Errorf("%w %s: expected the one of the worker's own file, got another one of the node: ask another node", ErrWorkerKey, w.Address)
		}
	}
	if p.File == "" {
		return nil, nil
	}
	known := map[string][]byte{}
	data, err := os.ReadFile(p.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		if err := json.Unmarshal(data, &known); err != nil {
			return nil, fmt.Errorf("%s: %w", p.File, err)
		}
	}
	changed := false
	for _, w := range workers {
		key, ok := known[w.Address]
		_, own := p.Known[w.Address]
		switch {
		case !ok || own && !bytes.Equal(key, w.PublicKey):
			known[w.Address], changed = w.PublicKey, true
			if !own {
				fresh = append(fresh, w.Address)
			}
		case !bytes.Equal(key, w.PublicKey):
			return nil, fmt.Errorf("%w %s: expected the one that %s has, got another one of the node: compare both with `alita-worker key`; "+
				"if the node is right, remove the worker from the file", ErrWorkerKey, w.Address, p.File)
		}
	}
	if !changed {
		return nil, nil
	}
	return fresh, p.write(known)
}

// write replaces the file, entirely or not at all.
func (p Pins) write(known map[string][]byte) error {
	data, err := json.MarshalIndent(known, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(p.File), 0o700)
	}
	if err == nil {
		err = os.WriteFile(p.File+".new", data, 0o600)
	}
	if err != nil {
		return err
	}
	return os.Rename(p.File+".new", p.File)
}
