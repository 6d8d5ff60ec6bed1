package metadata

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/client/publisher/document"
)

// verdict is the result of a check as JSON.
type verdict struct {
	// Accepted reports whether the record would be accepted.
	Accepted bool `json:"accepted"`
	// Error says why the document could not be read at all.
	Error string `json:"error,omitempty"`
	// Version is the version that would be registered.
	Version string `json:"version,omitempty"`
	// Findings are all findings, the errors first.
	Findings []document.Finding `json:"findings"`

	refusal error // nil if it is accepted
}

// newVerdict is the verdict on what publisher.Check returned.
func newVerdict(d publisher.Draft, err error) verdict {
	v := verdict{Version: d.Version, Findings: d.Findings, refusal: d.Refusal()}
	if v.Findings == nil {
		v.Findings = []document.Finding{}
	}
	if err != nil {
		v.Error, v.refusal = err.Error(), fmt.Errorf("%w: %w", publisher.ErrRefused, err)
	}
	v.Accepted = v.refusal == nil
	return v
}

func (v verdict) printJSON(w io.Writer) error {
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", out)
	return err
}

// printColumns writes what stands in each column of the local file.
func printColumns(w io.Writer, f *publisher.File) error {
	for _, c := range f.Profiles() {
		if _, err := fmt.Fprintf(w, "%-7s  %s\n", "column", c); err != nil {
			return err
		}
	}
	return nil
}

// printFindings writes one finding per line.
func printFindings(w io.Writer, findings []document.Finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%-7s  %s\n", f.Severity, f); err != nil {
			return err
		}
	}
	return nil
}
