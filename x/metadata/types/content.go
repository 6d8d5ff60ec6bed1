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
			"dataset: expected at most %d bytes encoded, got %d; keep the richer document off chain and bind it by its hash", maxDatasetBytes, size)
	}
	if err := ValidateDataset(c.Dataset); err != nil {
		return err
	}
	if err := validateCommitment(c.Commitment); err != nil {
		return err
	}
	if n := len(c.DocumentHash); n != 0 && n != DocumentHashSize {
		return errorsmod.Wrapf(ErrInvalidDocument, "document_hash: expected %d bytes or none, got %d", DocumentHashSize, n)
	}
	return ValidateLocation(c.Location)
}

func validateCommitment(c RowCommitment) error {
	if c.Rows == 0 || c.Rows > MaxRows {
		return errorsmod.Wrapf(ErrInvalidCommitment, "rows: expected 1 to 2^48, got %d", c.Rows)
	}
	if len(c.Root) != RowRootSize {
		return errorsmod.Wrapf(ErrInvalidCommitment, "root: expected %d bytes, got %d", RowRootSize, len(c.Root))
	}
	return nil
}

// CheckRequirements reports whether a version has the columns and rows that a pool requires.
func CheckRequirements(c VersionContent, r datapooltypes.Requirements) error {
	if c.Commitment.Rows < r.MinRows {
		return errorsmod.Wrapf(ErrRequirements, "rows: expected at least %d, got %d", r.MinRows, c.Commitment.Rows)
	}
	for _, want := range r.Columns {
		got, found := columnType(c.Dataset.Columns, want.Name)
		if !found {
			return errorsmod.Wrapf(ErrRequirements, "columns: expected one with the exact name %s, in the data and in the document, got none", quote(want.Name))
		}
		if want.Type != datapooltypes.COLUMN_TYPE_UNSPECIFIED && got != want.Type {
			return errorsmod.Wrapf(ErrRequirements, "column %s: expected the type %s, got %s", quote(want.Name), want.Type, got)
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
