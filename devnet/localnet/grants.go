package localnet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alita-network/alita/programs"
)

// NamedPrograms returns the member "programs" of a grant that allows the programs that ship, as JSON.
func NamedPrograms() string {
	var ids []string
	for _, p := range shipped() {
		ids = append(ids, fmt.Sprintf("%q", p.Hash))
	}
	return `"programs":[` + strings.Join(ids, ",") + `]`
}

// ProgramFlags returns the flags by which alita-worker init lets the programs that ship run.
func ProgramFlags() []string {
	var flags []string
	for _, p := range shipped() {
		flags = append(flags, "--program", p.Hash)
	}
	return flags
}

// shipped are the programs that ship, for exact sums and for those with noise.
func shipped() []programs.Program { return slices.Concat(programs.All(), programs.Rows()) }
