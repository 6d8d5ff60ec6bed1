package iri

import "fmt"

// Reason says why an IRI is refused. The vectors in testdata/text use the same values.
type Reason string

// The reasons.
const (
	ReasonLength    Reason = "length"    // empty or too long
	ReasonRelative  Reason = "relative"  // without a scheme, or nothing after it
	ReasonScheme    Reason = "scheme"    // not a scheme of this use
	ReasonCharacter Reason = "character" // a character that stands in no IRI, or not there
	ReasonUser      Reason = "user"      // user information before the host
	ReasonHost      Reason = "host"      // no host, or not one
	ReasonPort      Reason = "port"      // not a number from 1 to 65535
	ReasonForm      Reason = "form"      // not of the form of its scheme
)

// Error says why an IRI is refused.
type Error struct {
	Reason Reason
	text   string
}

// Error is the sentence "expected ..., got ..."; the caller puts what was looked at before it.
func (e *Error) Error() string { return e.text }

func refuse(reason Reason, format string, args ...any) error {
	return &Error{Reason: reason, text: fmt.Sprintf(format, args...)}
}
