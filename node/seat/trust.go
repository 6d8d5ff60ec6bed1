package seat

import (
	"errors"
	"os"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/home"
)

// Endpoints are the nodes of the configuration, even if its trust is missing or wrong.
func (h Home) Endpoints() (chain.Endpoints, error) {
	data, err := os.ReadFile(h.ConfigFile())
	if err != nil {
		return chain.Endpoints{}, err
	}
	s, err := ParseSettings(data)
	if err != nil && !errors.Is(err, chain.ErrTrust) {
		return chain.Endpoints{}, err
	}
	return s.Endpoints(h.Light()), nil
}

// SetTrust writes a trust into the configuration. The rest of the file stays as it is.
func (h Home) SetTrust(t chain.Trust) error { return home.SetMember(h.ConfigFile(), "trust", t.YAML()) }
