package worker

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/node/journal"
)

// NewSecret implements Sharer.
func (c *Computer) NewSecret(k Key) ([]byte, error) {
	random := c.Random
	if random == nil {
		random = rand.Reader
	}
	fresh := make([]byte, 32)
	if _, err := io.ReadFull(random, fresh); err != nil {
		return nil, err
	}
	box, _, err := c.box()
	if err != nil {
		return nil, err
	}
	return box.Seal(random, fresh, c.boundTo(k))
}

// Draw implements Sharer.
func (c *Computer) Draw(k Key, secret []byte, attempt uint32, n uint64) (uint64, error) {
	root, err := c.secret(k, secret)
	if err != nil {
		return 0, err
	}
	mac := hmac.New(sha256.New, root)
	mac.Write([]byte("alita/worker/height/v1"))
	mac.Write(binary.BigEndian.AppendUint32(nil, attempt))
	return binary.BigEndian.Uint64(mac.Sum(nil)) % n, nil
}

// secret is the root of the randomness of a record in a job and round: of its shares, its noise and its heights. It depends on the key
// file and on the random secret in the journal, so that neither of them alone opens what was sent.
func (c *Computer) secret(k Key, sealed []byte) ([]byte, error) {
	box, seed, err := c.box()
	if err != nil {
		return nil, err
	}
	fresh, err := box.Open(sealed, c.boundTo(k))
	if err != nil {
		return nil, fmt.Errorf("secret of the round: %w", err)
	}
	root := label.Hash("alita/worker/round/v1", seed, fresh, c.boundTo(k))
	return root[:], nil
}

// box encrypts the secrets of the journal.
func (c *Computer) box() (box journal.Box, seed []byte, err error) {
	if seed, err = c.Key.Bytes(); err != nil {
		return journal.Box{}, nil, errors.New("key: expected the key file's, got none")
	}
	box, err = journal.NewBox(seed, "alita/worker/journal/v1")
	return box, seed, err
}

func (c *Computer) boundTo(k Key) []byte {
	hash := label.Hash("alita/worker/journal-secret/v1", []byte(c.Policy.ChainID), []byte(k.Job), []byte(k.Record), label.Uint64(uint64(k.Round)))
	return hash[:]
}
