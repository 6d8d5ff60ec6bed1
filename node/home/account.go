// Package home has what workers and seats do alike with their folders: make and check the folder, make and open the account
// that signs for them, report what a check found, and close what they have opened.
package home

import (
	"errors"
	"runtime/debug"
	"slices"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/keyfile"
)

// FeeAllowance is the amount for transaction fees in the commands that init prints.
const FeeAllowance = "10000000ualita"

// Account is a key file's content, with the signer of its account.
type Account struct {
	Keys   keyfile.Keys
	Signer *chain.Signer
}

// CreateAccount makes fresh keys and writes them to a key file. The error is keyfile.ErrExists if there is one.
func CreateAccount(path, passphrase string) (Account, error) {
	keys, err := keyfile.Generate()
	if err != nil {
		return Account{}, err
	}
	signer, err := chain.NewSigner(keys.Account)
	if err != nil {
		return Account{}, err
	}
	return Account{keys, signer}, keyfile.Write(path, keys, passphrase)
}

// OpenAccount reads a key file. The errors are the errors of keyfile.Read.
func OpenAccount(path, passphrase string) (Account, error) {
	keys, err := keyfile.Read(path, passphrase)
	if err != nil {
		return Account{}, err
	}
	debug.FreeOSMemory() // scrypt has used 256 MiB, more than a worker or a seat ever does
	signer, err := chain.NewSigner(keys.Account)
	return Account{keys, signer}, err
}

// Closers are functions that close what was opened.
type Closers []func() error

// Close calls them, the last one first, and returns all their errors.
func (c Closers) Close() error {
	var errs []error
	for _, f := range slices.Backward(c) {
		errs = append(errs, f())
	}
	return errors.Join(errs...)
}
