// Package nodetest has what the tests of workers and seats have in common.
package nodetest

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/keyfile"
)

// Chain is the id of the chain in tests.
const Chain = "alita-test-1"

// ErrNetwork is the error of a call without an answer.
var ErrNetwork = errors.New("connection lost")

// Key is a key that follows from a name.
func Key(name string) seal.PrivateKey {
	seed := label.Hash("test/key", []byte(name))
	key, err := seal.ParsePrivateKey(seed[:])
	if err != nil {
		panic(err) // every 32 bytes are a seed
	}
	return key
}

var accounts atomic.Uint64

// Keys are keys that were not used before in this process.
func Keys() keyfile.Keys {
	n := accounts.Add(1)
	seed := label.Hash("test/account", label.Uint64(n))
	reader := label.Hash("test/reader", label.Uint64(n))
	return keyfile.Keys{Account: secp256k1.PrivKeyFromBytes(seed[:]), Reader: Key(string(reader[:]))}
}

// Address is an account that was not used before in this process.
func Address(t testing.TB) string {
	t.Helper()
	s, err := chain.NewSigner(Keys().Account)
	require.NoError(t, err)
	return s.Address()
}

// Fates decides what becomes of calls, messages and processes, one number after the other. When they are used up, all is
// well.
type Fates struct{ left []int }

// DrawFates draws fates.
func DrawFates(t *rapid.T) *Fates {
	return &Fates{left: rapid.SliceOfN(rapid.IntRange(0, 9), 20, 60).Draw(t, "fates")}
}

// Next is a number from 0 to 9; 9 is always good.
func (f *Fates) Next() int {
	if len(f.left) == 0 {
		return 9
	}
	n := f.left[0]
	f.left = f.left[1:]
	return n
}

// Call loses one call in ten.
func (f *Fates) Call(string) error {
	if f.Next() == 0 {
		return ErrNetwork
	}
	return nil
}

// Answer loses four in ten of the answers to messages that took effect.
func (f *Fates) Answer() error {
	if f.Next() < 4 {
		return ErrNetwork
	}
	return nil
}
