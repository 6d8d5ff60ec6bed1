// Package trust says whom alitad believes of what decides over money, secrets and keys: the chain, from a header that is kept in
// the home, or a node of one's own.
package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/alita-network/alita/light"
)

// settings are the content of a file, in the form that alita-worker has as well.
type settings struct {
	Trust     light.Trust `yaml:"trust"`
	Witnesses []string    `yaml:"witnesses"`
}

// folder holds the file, and the newest trusted header, of a chain whose name is checked.
func folder(home, chainID string) string {
	return filepath.Join(home, "trust", chainID)
}

func file(home, chainID string) string { return filepath.Join(folder(home, chainID), "trust.yaml") }

// read returns the settings of a chain; nil if there are none yet.
func read(home, chainID string) (*settings, error) {
	name := file(home, chainID)
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var s settings
	if err = yaml.Unmarshal(data, &s); err == nil {
		err = s.Trust.Check()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &s, nil
}

// write replaces the settings of a chain, entirely or not at all.
func write(home, chainID string, s settings) error {
	name := file(home, chainID)
	witnesses, err := yaml.Marshal(struct {
		Witnesses []string `yaml:"witnesses"`
	}{s.Witnesses})
	if err != nil {
		return err
	}
	text := "# Whom alitad believes of the chain " + chainID + ": a header of it, or the word node. See `alitad trust --help`.\n" +
		"trust: " + s.Trust.YAML() + "\n" + string(witnesses)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(name+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}
