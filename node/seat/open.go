package seat

import (
	"errors"
	"io"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/home"
)

// Open sets up a seat by what its home holds, and keeps a second process out of it. The caller adds Log and the durations,
// and closes what was opened when the seat has ended.
func Open(h Home, passphrase string) (cfg Config, opened io.Closer, err error) {
	var closers home.Closers
	defer func() {
		if err != nil {
			err = errors.Join(err, closers.Close())
		}
	}()
	if err := h.Check(); err != nil {
		return Config{}, nil, err
	}
	settings, err := ReadSettings(h.ConfigFile())
	if err != nil {
		return Config{}, nil, err
	}
	lock, err := h.Lock()
	if err != nil {
		return Config{}, nil, err
	}
	closers = append(closers, lock.Close)
	account, err := home.OpenAccount(h.KeyFile(), passphrase)
	if err != nil {
		return Config{}, nil, err
	}
	connection, err := chain.Connect(settings.Endpoints(h.Light()))
	if err != nil {
		return Config{}, nil, err
	}
	closers = append(closers, connection.Close)
	address := account.Signer.Address()
	journal, err := OpenJournal(h.Journal(), account.Keys.Reader, settings.ChainID, address)
	if err != nil {
		return Config{}, nil, err
	}
	closers = append(closers, journal.Close)
	return Config{
		ChainID: settings.ChainID, Address: address, Journal: journal, Chain: connection.State,
		Sender: &chain.Sender{
			Client: connection.Client, Signer: account.Signer, ChainID: settings.ChainID, FeeGranter: settings.FeeGranter, GasPrice: settings.GasPrice,
			MaxFee: settings.MaxFee,
		},
		CPUs: settings.CPUs,
	}, closers, nil
}
