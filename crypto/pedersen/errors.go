package pedersen

import "errors"

// Errors of this package, matched with errors.Is. None of them carries anything secret.
var (
	ErrLength     = errors.New("invalid length")
	ErrShare      = errors.New("invalid share")
	ErrBlinding   = errors.New("invalid blinding")
	ErrCommitment = errors.New("invalid commitment")
	ErrOpening    = errors.New("invalid opening")
	ErrCount      = errors.New("invalid number of shares")
	// ErrProof is a range proof that proves nothing.
	ErrProof = errors.New("invalid range proof")
	// ErrMismatch means that well-formed values do not open the commitment.
	ErrMismatch = errors.New("commitment does not open to these values")
)
