package types

import (
	"fmt"
	"strings"
)

// Severity says whether a finding refuses the record.
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
	// Path is the JSON path of the value, such as $.files[0].sha256.
	Path string `json:"path"`
	// Severity says whether it refuses the record.
	Severity Severity `json:"severity"`
	// Message says what was found and what would be right.
	Message string `json:"message"`
}

// String is the finding in one line.
func (f Finding) String() string { return f.Path + ": " + f.Message }

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
