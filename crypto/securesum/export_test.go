package securesum

import (
	"github.com/alita-network/alita/crypto/seal"
)

// OpenShare opens what was sealed to a seat.
func (p Protocol) OpenShare(c Contribution, shared Shared, seat int, key seal.PrivateKey) ([]byte, error) {
	return seal.OpenFrom(key, shareInfo(), p.shareAAD(c, seat, key.Public(), shared), shared.Sealed[seat].bytes())
}

// SealShare seals anything to a seat, as an owner can that keeps to nothing.
func (p Protocol) SealShare(c Contribution, shared *Shared, seat int, key seal.PublicKey, randomness, plaintext []byte) error {
	sealed, err := seal.SealWith(randomness, key, shareInfo(), p.shareAAD(c, seat, key, *shared), plaintext)
	if err == nil {
		shared.Sealed[seat] = Sealed{Enc: sealed[:seal.EncSize], Ciphertext: sealed[seal.EncSize:]}
	}
	return err
}

// InputShareSize is the size of a seat's input share; its blinding follows it.
func (p Protocol) InputShareSize(seat int) int { return p.inputSize(seat) }

// WeightsOf and BitsOf are how bits make the slots of noise.
var (
	WeightsOf = weightsOf
	BitsOf    = bitsOf
)

// Check is the check that contributions need, or noise.
func (p Protocol) Check(c Contribution, shared Shared) error { return p.check(c, shared) }
