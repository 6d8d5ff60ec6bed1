package keeper

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// delivery is how the vectors of a job reach its reader.
type delivery interface {
	// individual reports whether the reader learns single vectors, which every grant must allow.
	individual() bool
	// check refuses what an honest contributor could not have sent for this job and attestation.
	check(spec types.JobSpec, attestation types.Attestation, sealed types.SealedVector) error
}

// deliveryOf returns the delivery that a job asks for, or ErrInvalidDelivery.
func deliveryOf(kind types.Delivery) (delivery, error) {
	switch kind {
	case types.DELIVERY_DIRECT:
		return directDelivery{}, nil
	case types.DELIVERY_SECURE_SUM:
		return secureSum{}, nil
	default:
		return nil, errorsmod.Wrapf(types.ErrInvalidDelivery, "%s: expected %s or %s", kind, types.DELIVERY_DIRECT, types.DELIVERY_SECURE_SUM)
	}
}

// directDelivery posts each vector, sealed to the reader.
type directDelivery struct{}

func (directDelivery) individual() bool { return true }

// secureSum shares each vector among seats; nothing is delivered later.
type secureSum struct{}

func (secureSum) individual() bool { return false }

func (secureSum) check(types.JobSpec, types.Attestation, types.SealedVector) error {
	return errorsmod.Wrap(types.ErrInvalidDelivery, "a secure sum has no vectors of its own: expected none")
}

func (directDelivery) check(spec types.JobSpec, attestation types.Attestation, sealed types.SealedVector) error {
	if len(sealed.Enc) != seal.EncSize {
		return errorsmod.Wrapf(types.ErrInvalidSealedVector, "enc of %d bytes: expected %d", len(sealed.Enc), seal.EncSize)
	}
	if want := terms.SealedVectorSize(spec.Length); len(sealed.Ciphertext) != want {
		return errorsmod.Wrapf(types.ErrInvalidSealedVector, "ciphertext of %d bytes: expected %d for %d slots",
			len(sealed.Ciphertext), want, spec.Length)
	}
	if got := terms.SealedVectorHash(sealed.Enc, sealed.Ciphertext); string(got) != string(attestation.ResultCommitment) {
		return errorsmod.Wrapf(types.ErrCommitmentMismatch, "hash %x: expected %x", got, attestation.ResultCommitment)
	}
	return nil
}
