package metadata

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/x/metadata/types"
)

// ErrRefused is the error of a record that would be, or was, refused; the findings say why.
var ErrRefused = errors.New("the record is refused")

// verdict is what a check says in JSON.
type verdict struct {
	// Accepted reports whether the record would be accepted.
	Accepted bool `json:"accepted"`
	// Error tells why the document could not be read at all.
	Error string `json:"error,omitempty"`
	// Version is the version that would be registered.
	Version string `json:"version,omitempty"`
	// Findings are all findings, the errors first.
	Findings []types.Finding `json:"findings"`
}

func newVerdict(imported document.Imported, err error) verdict {
	v := verdict{Version: imported.Version, Findings: imported.Findings}
	if v.Findings == nil {
		v.Findings = []types.Finding{}
	}
	if err != nil {
		v.Error, v.Version = err.Error(), ""
		return v
	}
	v.Accepted = imported.Accepted()
	return v
}

// refusal is nil for an accepted record, else ErrRefused.
func (v verdict) refusal() error {
	if v.Accepted {
		return nil
	}
	if v.Error != "" {
		return fmt.Errorf("%w: %s", ErrRefused, v.Error)
	}
	n := 0
	for _, f := range v.Findings {
		if f.Severity == types.SeverityError {
			n++
		}
	}
	return fmt.Errorf("%w: %d of the findings say why", ErrRefused, n)
}

func (v verdict) printJSON(w io.Writer) error {
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", out)
	return err
}

// printFindings writes one finding per line.
func printFindings(w io.Writer, findings []types.Finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%-7s  %s\n", f.Severity, f); err != nil {
			return err
		}
	}
	return nil
}
