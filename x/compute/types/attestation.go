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
		return errorsmod.Wrapf(ErrInvalidAttestation, "row_root of %d bytes: expected %d", len(a.RowRoot), sha256.Size)
	}
	if len(a.ResultCommitment) != sha256.Size {
		return errorsmod.Wrapf(ErrInvalidAttestation, "result_commitment of %d bytes: expected %d", len(a.ResultCommitment), sha256.Size)
	}
	return nil
}
