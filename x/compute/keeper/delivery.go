package keeper

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// delivery is how the vectors of a job reach its reader.
type delivery interface {
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
		return nil, errorsmod.Wrapf(types.ErrInvalidDelivery, "delivery: expected %s or %s, got %s", types.DELIVERY_DIRECT, types.DELIVERY_SECURE_SUM, kind)
	}
}

// directDelivery posts each vector, sealed to the reader.
type directDelivery struct{}

// secureSum shares each vector among seats; nothing is delivered later.
type secureSum struct{}

func (secureSum) check(types.JobSpec, types.Attestation, types.SealedVector) error {
	return errorsmod.Wrap(types.ErrInvalidDelivery, "sealed: expected none in a secure sum, got one")
}

func (directDelivery) check(spec types.JobSpec, attestation types.Attestation, sealed types.SealedVector) error {
	if len(sealed.Enc) != seal.EncSize {
		return errorsmod.Wrapf(types.ErrInvalidSealedVector, "enc: expected %d bytes, got %d", seal.EncSize, len(sealed.Enc))
	}
	if want := terms.SealedVectorSize(spec.Length); len(sealed.Ciphertext) != want {
		return errorsmod.Wrapf(types.ErrInvalidSealedVector, "ciphertext: expected %d bytes for %d slots, got %d",
			want, spec.Length, len(sealed.Ciphertext))
	}
	if got := terms.SealedVectorHash(sealed.Enc, sealed.Ciphertext); string(got) != string(attestation.ResultCommitment) {
		return errorsmod.Wrapf(types.ErrCommitmentMismatch, "hash of sealed: expected result_commitment, %x, got %x", attestation.ResultCommitment, got)
	}
	return nil
}
