package light

import "errors"

// Errors of the package. All others are of the Source.
var (
	// ErrMalformed means that an answer cannot be read, or is larger than the bounds of this package.
	ErrMalformed = errors.New("malformed answer")
	// ErrForged means that a header does not follow from the trusted one: something in it, in its commit or in its
	// validators does not fit the rest, or its signatures do not suffice.
	ErrForged = errors.New("forged header")
	// ErrProof means that a proof does not lead from the key that was asked for to the header's app hash.
	ErrProof = errors.New("wrong proof")
	// ErrStale means that the newest header of every node is too old: the chain stands, or the nodes withhold it.
	ErrStale = errors.New("stale header")
	// ErrClock means that this machine's clock is behind the headers.
	ErrClock = errors.New("clock")
	// ErrExpired means that the trusted header is older than the trust period. Only a new trust root helps.
	ErrExpired = errors.New("trust expired")
	// ErrRoot means that the chain's header is not the one of the trust root.
	ErrRoot = errors.New("trust root")
	// ErrConflict means that two headers of one height are both signed. Only a new trust root helps.
	ErrConflict = errors.New("conflicting headers")
	// ErrStore means that the file with the trusted header cannot be read or written.
	ErrStore = errors.New("trusted header on disk")

	// errTooFar means that too few of the trusted validators have signed. Headers between mend it.
	errTooFar = errors.New("trusted validators: expected more than two thirds of their power behind the header, got less")
)
