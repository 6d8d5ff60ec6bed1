package worker

import (
	"path/filepath"

	"github.com/alita-network/alita/node/home"
)

// Home is a worker's folder.
type Home string

// Files of a home.
func (h Home) KeyFile() string    { return filepath.Join(string(h), "worker.key") }
func (h Home) PublicKey() string  { return filepath.Join(string(h), "worker.pub") }
func (h Home) PolicyFile() string { return filepath.Join(string(h), "policy.yaml") }
func (h Home) Journal() string    { return filepath.Join(string(h), "journal") }
func (h Home) Light() string      { return filepath.Join(string(h), "light") }
func (h Home) Speed() string      { return filepath.Join(string(h), "speed.json") }
func (h Home) Details() string    { return filepath.Join(string(h), "details.log") }
func (h Home) Cache() string      { return filepath.Join(string(h), "cache") }
func (h Home) Editions() string   { return filepath.Join(string(h), "editions") }

// Create makes the folder with mode 0700, or checks the one that is there.
func (h Home) Create() error { return home.Create(string(h)) }

// Check refuses a folder in which others could read the policy or replace the compiled programs.
func (h Home) Check() error { return home.Check(string(h)) }
