// Package keyfile keeps the two keys of a worker or a seat in one file: the secp256k1 key of its account and an HPKE key,
// to which the locations of a worker's records are sealed. The file is encrypted with a passphrase (age, scrypt) and readable by its
// owner only.
package keyfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/alita-network/alita/crypto/seal"
)

// Errors of this package, matched with errors.Is. None of them carries anything secret.
var (
	ErrExists      = errors.New("key file exists already")
	ErrPermissions = errors.New("key file is open to others")
	ErrPassphrase  = errors.New("wrong passphrase, or not a key file")
	ErrContent     = errors.New("unreadable key file")
	ErrEmpty       = errors.New("passphrase: expected one, got an empty one")
)

// maxFileSize bounds what is read; a key file has less than 1 KiB.
const maxFileSize = 64 << 10

// workFactor is the base-2 logarithm of scrypt's cost: about a second and 256 MiB. maxWorkFactor bounds what a
// file may ask for.
const (
	workFactor    = 18
	maxWorkFactor = 20
)

// Keys are the keys of a worker or a seat. They print as "(secret)" in every format.
type Keys struct {
	Account *secp256k1.PrivateKey // signs transactions
	Reader  seal.PrivateKey       // a worker opens sealed locations with it; a seat derives its journal's key from it
}

// Format keeps the keys out of logs whatever the verb.
func (Keys) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("(secret)")) }

// Generate makes fresh keys.
func Generate() (Keys, error) {
	account, err := secp256k1.GeneratePrivateKey()
	if err != nil {
		return Keys{}, err
	}
	reader, err := seal.GenerateKey()
	if err != nil {
		return Keys{}, err
	}
	return Keys{Account: account, Reader: reader}, nil
}

// contents is the plaintext of the file.
type contents struct {
	Version int    `json:"v"`
	Account []byte `json:"account"` // secp256k1, 32 bytes big-endian
	Reader  []byte `json:"reader"`  // seed of the MLKEM768-X25519 key, 32 bytes
}

// Write creates the file with mode 0600. It never replaces one (ErrExists): if keys are lost, all records sealed to them have
// to be sealed again.
func Write(path string, keys Keys, passphrase string) error {
	return write(path, keys, passphrase, workFactor)
}

func write(path string, keys Keys, passphrase string, logN int) error {
	data, err := encrypt(keys, passphrase, logN)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".keyfile-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	// A link, unlike a rename, fails if the name is taken.
	if err := os.Link(tmp.Name(), path); errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%w: %s", ErrExists, path)
	} else if err != nil {
		return err
	}
	return nil
}

// Read opens the file. It refuses one that is not a regular file or that group or others can touch
// (ErrPermissions), a wrong passphrase (ErrPassphrase) and unknown content (ErrContent).
func Read(path, passphrase string) (Keys, error) {
	data, err := readPrivate(path)
	if err != nil {
		return Keys{}, err
	}
	return decrypt(data, passphrase)
}

// CheckPermissions returns the error of Read about the file's type and mode, or nil.
func CheckPermissions(path string) error {
	_, err := readPrivate(path)
	return err
}

func readPrivate(path string) ([]byte, error) {
	before, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	// Lstat does not follow links, so this refuses a link as well as a file swapped in between.
	if !before.Mode().IsRegular() || !os.SameFile(before, info) {
		return nil, fmt.Errorf("%w: %s: expected a regular file, got a link, a folder or a device", ErrPermissions, path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("%w: mode of %s: expected 0600, got %04o; run chmod 600", ErrPermissions, path, mode)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFileSize {
		return nil, fmt.Errorf("%w: size: expected at most %d bytes, got more", ErrContent, maxFileSize)
	}
	return data, nil
}

func encrypt(keys Keys, passphrase string, logN int) ([]byte, error) {
	if passphrase == "" {
		return nil, ErrEmpty
	}
	reader, err := keys.Reader.Bytes()
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(contents{1, keys.Account.Serialize(), reader})
	if err != nil {
		return nil, err
	}
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(logN)
	var out bytes.Buffer
	w, err := age.Encrypt(&out, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func decrypt(data []byte, passphrase string) (Keys, error) {
	if passphrase == "" {
		return Keys{}, ErrEmpty
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return Keys{}, err
	}
	identity.SetMaxWorkFactor(maxWorkFactor)
	r, err := age.Decrypt(bytes.NewReader(data), identity)
	if err != nil {
		return Keys{}, ErrPassphrase
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxFileSize))
	if err != nil {
		return Keys{}, ErrPassphrase
	}
	var c contents
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields()
	// The decoder's errors can quote its input, so they go no further.
	if err := d.Decode(&c); err != nil || c.Version != 1 {
		return Keys{}, fmt.Errorf("%w: expected version 1, got something else", ErrContent)
	}
	var scalar secp256k1.ModNScalar
	if len(c.Account) != secp256k1.PrivKeyBytesLen || scalar.SetByteSlice(c.Account) || scalar.IsZero() {
		return Keys{}, fmt.Errorf("%w: account: expected a secp256k1 key, got something else", ErrContent)
	}
	reader, err := seal.ParsePrivateKey(c.Reader)
	if err != nil {
		return Keys{}, fmt.Errorf("%w: %w", ErrContent, err)
	}
	return Keys{Account: secp256k1.NewPrivateKey(&scalar), Reader: reader}, nil
}
