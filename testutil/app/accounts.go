package apptest

import (
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
)

// Tests write addresses into variables of their packages.
func init() { app.Configure() }

// Account is a named account with its key.
type Account struct {
	Name string
	Key  cryptotypes.PrivKey
}

// NamedAccount returns the account of a name: the same one in every test.
func NamedAccount(name string) Account {
	return Account{Name: name, Key: secp256k1.GenPrivKeyFromSecret([]byte("alita test account " + name))}
}

// Address returns the account's address.
func (a Account) Address() sdk.AccAddress { return sdk.AccAddress(a.Key.PubKey().Address()) }

// String returns the account's address in bech32, as messages carry it.
func (a Account) String() string { return a.Address().String() }
