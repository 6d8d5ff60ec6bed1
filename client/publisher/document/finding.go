package document

import (
	"fmt"
	"strings"

	"github.com/alita-network/alita/x/metadata/types"
)

// Finding is one thing that an import found in a document, or in the core that it made of it. Its path is the value's
// path in the document.
type Finding struct {
	types.Finding
	// Fix is the flag of the command that supplies what is missing or wrong, such as --license. It is empty if the
	// document itself must change.
	Fix string `json:"fix,omitempty"`
}

// String is the finding in one line.
func (f Finding) String() string {
	if f.Fix == "" {
		return f.Finding.String()
	}
	return fmt.Sprintf("%s (supply it with %s)", f.Finding, f.Fix)
}

// Flags of the commands that supply what a document lacks.
const (
	flagVersion = "--record-version"
	flagFile    = "--file"
)

// coreFlags are the flags that supply the fields of the core.
var coreFlags = map[string]string{
	"names": "--name", "descriptions": "--description", "license": "--license", "creators": "--creator",
	"keywords": "--keyword", "columns": flagFile, "files": flagFile, "version": flagVersion,
}

// fixOf returns the flag that supplies the value at a path of the core, or "" if no flag does.
func fixOf(corePath string) string {
	for _, end := range [...]string{".language", ".unit", ".description"} {
		if strings.HasSuffix(corePath, end) {
			return ""
		}
	}
	field, _, _ := strings.Cut(strings.TrimPrefix(corePath, "$."), "[")
	return coreFlags[field]
}
