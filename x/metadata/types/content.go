package types

import (
	errorsmod "cosmossdk.io/errors"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

const (
	// MaxRows bounds the rows of a version, so that no cost can overflow.
	MaxRows = 1 << 48
	// RowRootSize is the length in bytes of the Merkle root over the salted rows.
	RowRootSize = 32
	// DocumentHashSize is the length in bytes of the hash of a document that is kept off chain.
	DocumentHashSize = 32
)

// ValidateContent checks all that a version states on its own: version, typed core, its encoded size in bytes,
// row commitment, sealed location and document hash.
func ValidateContent(c VersionContent, maxDatasetBytes uint32) error {
	if _, err := ParseSemVer(c.Version); err != nil {
		return errorsmod.Wrap(ErrInvalidVersion, err.Error())
	}
	// The size comes first: it bounds the work of all other checks.
	if size := c.Dataset.Size(); uint64(size) > uint64(maxDatasetBytes) {
		return errorsmod.Wrapf(ErrDatasetTooLarge,
			"%d bytes encoded, expected at most %d; keep the richer document off chain and bind it by its hash", size, maxDatasetBytes)
	}
	if err := ValidateDataset(c.Dataset); err != nil {
		return err
	}
	if err := validateCommitment(c.Commitment); err != nil {
		return err
	}
	if n := len(c.DocumentHash); n != 0 && n != DocumentHashSize {
		return errorsmod.Wrapf(ErrInvalidDocument, "%d bytes, expected %d or none", n, DocumentHashSize)
	}
	return ValidateLocation(c.Location)
}

func validateCommitment(c RowCommitment) error {
	if c.Rows == 0 || c.Rows > MaxRows {
		return errorsmod.Wrapf(ErrInvalidCommitment, "%d rows, expected 1 to 2^48; compute the commitment with %s", c.Rows, FlagFile)
	}
	if len(c.Root) != RowRootSize {
		return errorsmod.Wrapf(ErrInvalidCommitment, "root of %d bytes, expected %d; compute the commitment with %s", len(c.Root), RowRootSize, FlagFile)
	}
	return nil
}

// CheckRequirements reports whether a version has the columns and rows that a pool requires.
func CheckRequirements(c VersionContent, r datapooltypes.Requirements) error {
	if c.Commitment.Rows < r.MinRows {
		return errorsmod.Wrapf(ErrRequirements, "%d rows, expected at least %d", c.Commitment.Rows, r.MinRows)
	}
	for _, want := range r.Columns {
		got, found := columnType(c.Dataset.Columns, want.Name)
		if !found {
			return errorsmod.Wrapf(ErrRequirements, "column %s is missing; expected the exact name in the data and in the document", quote(want.Name))
		}
		if want.Type != datapooltypes.COLUMN_TYPE_UNSPECIFIED && got != want.Type {
			return errorsmod.Wrapf(ErrRequirements, "column %s has type %s, expected %s", quote(want.Name), got, want.Type)
		}
	}
	return nil
}

func columnType(columns []Column, name string) (datapooltypes.ColumnType, bool) {
	for _, c := range columns {
		if c.Name == name {
			return c.Type, true
		}
	}
	return datapooltypes.COLUMN_TYPE_UNSPECIFIED, false
}
