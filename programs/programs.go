// Package programs is the catalogue of the programs that ship with the network: for each its module, the terms that the chain stores about
// it, and the limits that the module checks.
//
// The sources are in src, the modules built from them in wasm; see README.md for the build, the inputs and the vectors. Package analysis makes
// the inputs and reads the vectors.
package programs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alita-network/alita/terms"
)

var (
	// ErrShape means that a program does not accept the shape of a job.
	ErrShape = errors.New("shape not accepted")
	// ErrUnknown means that no program of that name ships here.
	ErrUnknown = errors.New("unknown program")
)

// Program is a program that ships here.
type Program struct {
	// Name is its name for users.
	Name string
	// Description describes it for people.
	Description string
	// Code is the WebAssembly module.
	Code []byte
	// Hash is the SHA-256 of Code in lower-case hexadecimal: the program's id.
	Hash string
	// Row reports whether it is a row program: the host adds its rows up, and slot 0 of its vector counts the rows used.
	Row bool
	// Kind is the kind of its vector.
	Kind terms.VectorKind
	// Bits bounds the slots of a contribution: below 2^Bits. A job may need fewer (see Session).
	Bits int
	// Binned reports whether it sorts the values of its columns into bins.
	Binned bool
	// Shape says which jobs it accepts.
	Shape ShapeRule
	// Cost gives its operations exactly. They do not depend on the data.
	Cost terms.CostModel
}

// All returns the programs that ship here and take batches. Rows returns the others.
func All() []Program {
	return []Program{Moments(), Histogram(), Choice(), Quantiles(), Contingency(), Linear(), Logistic(), KMeans()}
}

// ByName returns the program of the given name, among All and Rows.
func ByName(name string) (Program, error) {
	var names []string
	for _, p := range slices.Concat(All(), Rows()) {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Program{}, fmt.Errorf("%w: expected one of %s, got %q", ErrUnknown, strings.Join(names, ", "), name)
}

// NameOf is the name of a program that ships, by its id, or the id itself.
func NameOf(id string) string {
	for _, p := range slices.Concat(All(), Rows()) {
		if p.Hash == id {
			return p.Name
		}
	}
	return id
}
