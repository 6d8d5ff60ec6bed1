package seat

import (
	"errors"
	"fmt"
	"os"

	"github.com/alita-network/alita/node/home"
)

// messages are the types of the messages that a seat sends.
const messages = "/alita.compute.v1.MsgTakeSeat,/alita.compute.v1.MsgAddNoise,/alita.compute.v1.MsgPrepare,/alita.compute.v1.MsgAccuseSeat,/alita.compute.v1.MsgOpenSum"

// Initialized is what Init has made, with the commands that the validator's operator runs next.
type Initialized struct {
	Seat       string   `json:"seat"`
	KeyFile    string   `json:"key_file"`
	ConfigFile string   `json:"config_file"`
	Commands   []string `json:"commands"`
}

// Init makes a home with a configuration file and fresh keys. bond, a coin, and fee, in ualita for a contribution, stand in
// the command that registers the seat.
func Init(h Home, s Settings, passphrase, bond, fee string) (Initialized, error) {
	file, err := s.File()
	if err != nil {
		return Initialized{}, err
	}
	if err := h.Create(); err != nil {
		return Initialized{}, err
	}
	if _, err := os.Lstat(h.ConfigFile()); !errors.Is(err, os.ErrNotExist) {
		return Initialized{}, fmt.Errorf("%s: exists already; give another --home", h.ConfigFile())
	}
	account, err := home.CreateAccount(h.KeyFile(), passphrase)
	if err != nil {
		return Initialized{}, err
	}
	if err := os.WriteFile(h.ConfigFile(), file, 0o600); err != nil {
		return Initialized{}, err
	}
	address := account.Signer.Address()
	return Initialized{Seat: address, KeyFile: h.KeyFile(), ConfigFile: h.ConfigFile(), Commands: []string{
		s.feeCommand(address),
		fmt.Sprintf("alitad tx compute register-seat %s %s %s --from OPERATOR --chain-id %s", address, bond, fee, s.ChainID),
	}}, nil
}

// feeCommand is the command that pays for the seat's transactions: a grant of the fee granter, or coins.
func (s Settings) feeCommand(address string) string {
	if s.FeeGranter == "" {
		return fmt.Sprintf("alitad tx bank send OPERATOR %s %s --chain-id %s", address, home.FeeAllowance, s.ChainID)
	}
	return fmt.Sprintf("alitad tx feegrant grant %s %s --spend-limit %s --allowed-messages %s --from %s --chain-id %s",
		s.FeeGranter, address, home.FeeAllowance, messages, s.FeeGranter, s.ChainID)
}
