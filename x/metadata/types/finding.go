package types

import (
	"fmt"
	"strings"
)

// Severity tells findings that refuse a record from those that do not.
type Severity string

// The severities of a finding.
const (
	// SeverityError refuses the record.
	SeverityError Severity = "error"
	// SeverityWarning leaves it acceptable.
	SeverityWarning Severity = "warning"
)

// Finding is one thing that a check found in a document or in a typed core.
type Finding struct {
	// Path is where it was found, as a JSON path such as $.files[0].sha256.
	Path string `json:"path"`
	// Severity reports whether it refuses the record.
	Severity Severity `json:"severity"`
	// Message says what was found and what would be right.
	Message string `json:"message"`
	// Fix is the flag that supplies what is missing or wrong, such as --license; empty where the document itself must change.
	Fix string `json:"fix,omitempty"`
}

// String is the finding in one line.
func (f Finding) String() string {
	s := fmt.Sprintf("%s: %s", f.Path, f.Message)
	if f.Fix != "" {
		s += fmt.Sprintf(" (supply it with %s)", f.Fix)
	}
	return s
}

// HasErrors reports whether any of the findings refuses the record.
func HasErrors(findings []Finding) bool {
	for _, f := range findings {
		if f.Severity == SeverityError {
			return true
		}
	}
	return false
}

// maxReported bounds how many findings an error names, so that its text stays readable.
const maxReported = 8

// findingsError is nil, or the typed error of the first finding that refuses, with the text of the first ones.
func findingsError(findings []Finding) error {
	var lines []string
	var cause error
	errs := 0
	for _, f := range findings {
		if f.Severity != SeverityError {
			continue
		}
		if cause == nil {
			cause = causeOf(f.Path)
		}
		if errs++; errs <= maxReported {
			lines = append(lines, f.String())
		}
	}
	if cause == nil {
		return nil
	}
	if errs > maxReported {
		lines = append(lines, fmt.Sprintf("and %d more", errs-maxReported))
	}
	return wrapCause(cause, strings.Join(lines, "; "))
}
