package worker

import (
	"errors"
	"os"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/home"
)

// Endpoints are the nodes of the policy, even if its trust is missing or wrong.
func (h Home) Endpoints() (chain.Endpoints, error) {
	data, err := os.ReadFile(h.PolicyFile())
	if err != nil {
		return chain.Endpoints{}, err
	}
	p, err := ParsePolicy(data)
	if err != nil && !errors.Is(err, chain.ErrTrust) {
		return chain.Endpoints{}, err
	}
	return p.Endpoints(h.Light()), nil
}

// SetTrust writes a trust into the policy. The rest of the file stays as it is.
func (h Home) SetTrust(t chain.Trust) error { return home.SetMember(h.PolicyFile(), "trust", t.YAML()) }
