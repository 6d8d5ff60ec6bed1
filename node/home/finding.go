package home

import (
	"fmt"
	"slices"
)

// Finding is one line of a check.
type Finding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Good is the finding that something is right.
func Good(what, format string, args ...any) Finding {
	return Finding{What: what, OK: true, Detail: fmt.Sprintf(format, args...)}
}

// Bad is the finding that something is not right, with what to do.
func Bad(what, format string, args ...any) Finding {
	return Finding{What: what, Detail: fmt.Sprintf(format, args...)}
}

// AllOK reports whether all findings are good.
func AllOK(findings []Finding) bool {
	return !slices.ContainsFunc(findings, func(f Finding) bool { return !f.OK })
}
