package types

import (
	"crypto/sha256"

	errorsmod "cosmossdk.io/errors"
)

// Validate checks the form of an attestation; what it states is checked against the state.
func (a Attestation) Validate() error {
	if err := ValidateJobID(a.JobId); err != nil {
		return err
	}
	if err := ValidateRecordID(a.RecordId); err != nil {
		return err
	}
	if err := versionRule.Check(a.Version); err != nil {
		return errorsmod.Wrapf(ErrInvalidAttestation, "version: %s", err)
	}
	if len(a.RowRoot) != sha256.Size {
		return errorsmod.Wrapf(ErrInvalidAttestation, "row_root: expected %d bytes, got %d", sha256.Size, len(a.RowRoot))
	}
	if len(a.ResultCommitment) != sha256.Size {
		return errorsmod.Wrapf(ErrInvalidAttestation, "result_commitment: expected %d bytes, got %d", sha256.Size, len(a.ResultCommitment))
	}
	return nil
}
