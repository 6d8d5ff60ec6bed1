package worker

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/alita-network/alita/node/home"
)

// messages are the types of the messages that a worker sends.
const messages = "/alita.compute.v1.MsgContribute,/alita.compute.v1.MsgDeliver,/alita.compute.v1.MsgAccuseSeat"

// Initialized is what Init has made, with the commands that the owner runs next.
type Initialized struct {
	Worker        string   `json:"worker"`
	Owner         string   `json:"owner"`
	PublicKey     string   `json:"public_key"` // base64
	PublicKeyFile string   `json:"public_key_file"`
	KeyFile       string   `json:"key_file"`
	PolicyFile    string   `json:"policy_file"`
	Commands      []string `json:"commands"`
	Hints         []string `json:"hints"`
}

// Init makes a home with a policy and fresh keys. name is the worker's name for people.
func Init(h Home, p Policy, passphrase, name string) (Initialized, error) {
	policy, err := PolicyFile(p)
	if err != nil {
		return Initialized{}, err
	}
	if err := h.Create(); err != nil {
		return Initialized{}, err
	}
	if _, err := os.Lstat(h.PolicyFile()); !errors.Is(err, os.ErrNotExist) {
		return Initialized{}, fmt.Errorf("%s: exists already; give another --home", h.PolicyFile())
	}
	account, err := home.CreateAccount(h.KeyFile(), passphrase)
	if err != nil {
		return Initialized{}, err
	}
	public := account.Keys.Reader.Public().Bytes()
	if err := os.WriteFile(h.PublicKey(), public, 0o600); err != nil {
		return Initialized{}, err
	}
	if err := os.WriteFile(h.PolicyFile(), policy, 0o600); err != nil {
		return Initialized{}, err
	}
	file, err := filepath.Abs(h.PublicKey())
	if err != nil {
		return Initialized{}, err
	}
	address := account.Signer.Address()
	return Initialized{
		Worker: address, Owner: p.Owner, PublicKey: base64.StdEncoding.EncodeToString(public),
		PublicKeyFile: file, KeyFile: h.KeyFile(), PolicyFile: h.PolicyFile(), Hints: p.Hints(),
		Commands: ownersCommands(p, address, file, name),
	}, nil
}

// ownersCommands are the commands that register the worker and pay for its transactions.
func ownersCommands(p Policy, address, publicKeyFile, name string) []string {
	register := fmt.Sprintf("alitad tx metadata register-worker %s %s --name %q --from %s --chain-id %s",
		address, publicKeyFile, name, p.Owner, p.ChainID)
	fees := fmt.Sprintf("alitad tx bank send %s %s %s --from %s --chain-id %s", p.Owner, address, home.FeeAllowance, p.Owner, p.ChainID)
	if p.FeeGranter() != "" {
		fees = fmt.Sprintf("alitad tx feegrant grant %s %s --spend-limit %s --allowed-messages %s --from %s --chain-id %s",
			p.Owner, address, home.FeeAllowance, messages, p.Owner, p.ChainID)
	}
	return []string{register, fees}
}
