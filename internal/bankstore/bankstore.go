// Package bankstore is the store service of x/bank without needless writes.
package bankstore

import (
	"bytes"
	"context"

	"cosmossdk.io/core/store"

	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// New wraps the store service of x/bank.
//
// x/bank keeps for each balance an entry (denom, address) in an index, without a
// value, and writes it again each time the balance changes, although it is there.
// A transfer thus writes twice what it has to: gas for it, and a node of the tree
// in each block. Here a write of what the index holds already is a read. Everything
// else passes through, so the state is what x/bank itself would have written, byte
// for byte; an entry of the form that old versions wrote, with one byte of zero, is
// still replaced. Gas is charged for what is done.
func New(inner store.KVStoreService) store.KVStoreService { return service{inner} }

// index is the prefix of the entries (denom, address).
var index = banktypes.DenomAddressPrefix.Bytes()

type service struct{ store.KVStoreService }

// OpenKVStore implements store.KVStoreService.
func (s service) OpenKVStore(ctx context.Context) store.KVStore {
	return kvStore{s.KVStoreService.OpenKVStore(ctx)}
}

type kvStore struct{ store.KVStore }

// Set writes a value, unless it is an entry of the index that is there already.
func (s kvStore) Set(key, value []byte) error {
	if !bytes.HasPrefix(key, index) {
		return s.KVStore.Set(key, value)
	}
	old, err := s.Get(key)
	if err != nil {
		return err
	}
	// An empty value may be read as an empty slice; nil means that there is none.
	if old != nil && bytes.Equal(old, value) {
		return nil
	}
	return s.KVStore.Set(key, value)
}
